//! The account of a run: which events happened in it, between which lines each began and ended, and how many lines it has.
//! Pure: no thread and no I/O may enter here.

use std::collections::HashMap;
use std::sync::Arc;

use super::happening::Happening;
use super::parameters::parameters;
use crate::config::ScenarioEvent;
use crate::recorded::hits::Hits;
use crate::recorded::run::RecordedRun;
use crate::stream::scenario::marks::{EventMarks, stages};
use crate::stream::scenario::timeline::{EventWindow, Timeline};
use crate::stream::{EventMark, Hit};
use crate::time::Time;

/// How many hits are made at once.
pub const BLOCK: usize = 4096;

/// What happened in a run.
#[derive(Debug, Default)]
pub struct Account {
    /// The events, in the order in which they began.
    pub happenings: Vec<Happening>,
    /// The epochs of the run, in their order.
    pub epochs: Vec<EpochAccount>,
}

/// What happened in an epoch of a run.
#[derive(Debug, Default)]
pub struct EpochAccount {
    /// The events under way that another epoch has begun: each with the place of its entry in the scenario of this one.
    pub carried: Vec<(usize, usize)>,
    /// When events began and ended, in the order of time.
    pub moments: Vec<EventMoment>,
}

/// The beginning or the end of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventMoment {
    /// How many lines of the run come before it.
    pub after_line: u64,
    /// When it is.
    pub time: Time,
    /// Which event: an index into the happenings.
    pub happening: usize,
    /// The place of its entry in the scenario if it begins; `None` if it ends.
    pub begins: Option<usize>,
}

impl Account {
    /// The account of the epochs of a run, of which the oldest comes first. Makes all their hits.
    pub fn of(epochs: &[RecordedRun]) -> Self {
        let mut tally = Tally::default();
        if epochs.iter().all(|epoch| epoch.hits == 0) {
            return tally.account;
        }
        for epoch in epochs {
            let mut on = OnEvents::of(epoch);
            tally.enter(&mut on, epoch);
            if !on.events.is_empty() {
                let mut hits = Hits::new(epoch.stream(), &epoch.gaps, epoch.hits, BLOCK);
                while let Some(block) = hits.next_block() {
                    block.hits.iter().for_each(|hit| tally.count(&mut on, hit));
                }
            }
            tally.go_to(&mut on, epoch.facts.reached);
        }
        tally.end_all(|_| true);
        tally.account
    }
}

/// An account that is being made.
#[derive(Debug, Default)]
struct Tally {
    account: Account,
    /// How many events of each entry there were.
    numbers: HashMap<Arc<str>, u64>,
    /// How many lines there were, and the time that the run has come to.
    lines: u64,
    now: Time,
    /// The events under way.
    open: Vec<usize>,
}

/// The entries of an epoch's scenario.
#[derive(Debug)]
struct OnEvents<'a> {
    events: Vec<OnEvent<'a>>,
    /// The first instant at which one of them begins or ends.
    next: Time,
    /// For each mark of a hit, the latest event that it can mean.
    meant: Vec<Option<usize>>,
}

/// An entry of a scenario, and its event that is on.
#[derive(Debug)]
struct OnEvent<'a> {
    event: &'a ScenarioEvent,
    parameters: Arc<str>,
    timeline: Timeline,
    marks: Vec<EventMark>,
    /// When that changes.
    change: Time,
    on: Option<usize>,
}

impl<'a> OnEvents<'a> {
    fn of(epoch: &'a RecordedRun) -> Self {
        let (scenario, zone) = (&epoch.config.scenario, &epoch.config.output.timezone);
        let marks = EventMarks::new(scenario);
        let event = |(place, event): (usize, &'a ScenarioEvent)| OnEvent {
            event,
            parameters: parameters(event).into(),
            timeline: Timeline::new(event, zone, epoch.seed, epoch.facts.start),
            marks: (0..stages(event.kind).len())
                .map(|stage| marks.of(place, stage as u8))
                .collect(),
            change: epoch.facts.start,
            on: None,
        };
        Self {
            events: scenario.iter().enumerate().map(event).collect(),
            next: Time::MAX,
            meant: vec![None; marks.rows().len()],
        }
    }

    fn find_next(&mut self) {
        self.next = self.events.iter().map(|event| event.change).min().unwrap_or(Time::MAX);
    }

    fn means(&mut self, place: usize, happening: usize) {
        self.events[place].on = Some(happening);
        for mark in &self.events[place].marks {
            self.meant[usize::from(mark.0)] = Some(happening);
        }
    }
}

impl Tally {
    /// Begins with an epoch. An event that is on in it as it was in the one before goes on.
    fn enter(&mut self, on: &mut OnEvents<'_>, epoch: &RecordedRun) {
        self.account.epochs.push(EpochAccount::default());
        let start = epoch.facts.start;
        let mut begun = Vec::new();
        for place in 0..on.events.len() {
            let (occurrence, change) = on.events[place].timeline.at(start);
            on.events[place].change = change;
            let Some(occurrence) = occurrence else { continue };
            let event = on.events[place].event;
            let is_of = |open: &&usize| self.account.happenings[**open].is_of(event, occurrence);
            match self.open.iter().find(is_of).copied() {
                Some(open) => {
                    on.means(place, open);
                    self.epoch().carried.push((place, open));
                }
                None => begun.push((place, occurrence)),
            }
        }
        let carried: Vec<usize> = self.epoch().carried.iter().map(|(_, open)| *open).collect();
        self.end_all(|open| !carried.contains(&open));
        self.now = start;
        begun.sort_by_key(|(_, window): &(usize, EventWindow)| window.start);
        begun.into_iter().for_each(|(place, occurrence)| self.begin(on, place, occurrence));
        on.find_next();
    }

    /// Counts a line.
    #[inline]
    fn count(&mut self, on: &mut OnEvents<'_>, hit: &Hit) {
        if hit.time >= on.next {
            self.go_to(on, hit.time);
        }
        self.lines += 1;
        if let Some(happening) = hit.spoilt_by().and_then(|place| on.events[place].on) {
            self.account.happenings[happening].lines += 1;
        }
        if hit.event != EventMark::NONE
            && let Some(happening) = on.meant[usize::from(hit.event.0)]
        {
            self.account.happenings[happening].lines += 1;
        }
        self.now = hit.time;
    }

    /// Goes on to a time.
    fn go_to(&mut self, on: &mut OnEvents<'_>, time: Time) {
        while on.next <= time {
            self.now = on.next;
            let changed = |event: &OnEvent<'_>| event.change == self.now;
            let changed: Vec<usize> =
                (0..on.events.len()).filter(|place| changed(&on.events[*place])).collect();
            for place in &changed {
                let ended = on.events[*place].on.take();
                self.end_all(|open| Some(open) == ended);
            }
            for place in changed {
                let (occurrence, change) = on.events[place].timeline.at(self.now);
                on.events[place].change = change;
                if let Some(occurrence) = occurrence {
                    self.begin(on, place, occurrence);
                }
            }
            on.find_next();
        }
        self.now = self.now.max(time);
    }

    fn begin(&mut self, on: &mut OnEvents<'_>, place: usize, occurrence: EventWindow) {
        let OnEvent { event, parameters, .. } = &on.events[place];
        let name: Arc<str> = event.name.as_str().into();
        let number = self.numbers.entry(Arc::clone(&name)).or_default();
        self.account.happenings.push(Happening {
            name,
            number: *number,
            kind: event.kind,
            on: occurrence,
            parameters: Arc::clone(parameters),
            lines: 0,
        });
        *number += 1;
        let happening = self.account.happenings.len() - 1;
        on.means(place, happening);
        self.open.push(happening);
        self.note(happening, Some(place));
    }

    /// Ends events under way.
    fn end_all(&mut self, ends: impl Fn(usize) -> bool) {
        let (ended, open) = self.open.iter().partition(|open| ends(**open));
        self.open = open;
        let ended: Vec<usize> = ended;
        ended.into_iter().for_each(|happening| self.note(happening, None));
    }

    fn note(&mut self, happening: usize, begins: Option<usize>) {
        let (after_line, time) = (self.lines, self.now);
        self.epoch().moments.push(EventMoment { after_line, time, happening, begins });
    }

    fn epoch(&mut self) -> &mut EpochAccount {
        self.account.epochs.last_mut().expect("an epoch was entered")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::log_id::LogId;
    use crate::recorded::facts::Facts;
    use crate::shard::Shard;
    use crate::time::SECOND;

    /// 2026-11-01T00:00:00Z
    const START: Time = 1_793_491_200 * SECOND;
    const MINUTE: Time = 60 * SECOND;

    /// An epoch from one minute of the day to another, with its seed and as many lines as it has until then.
    fn epoch(scenario: &str, seed: u64, (from, until): (u64, u64)) -> RecordedRun {
        let yaml = format!("profile: shop\noutput: {{rate: 10}}\nscenario: [{scenario}]");
        let config = Config::from_yaml(&yaml).unwrap();
        let (start, reached) = (START + from * MINUTE, START + until * MINUTE);
        let mut run = RecordedRun {
            version: String::new(),
            continues: from > 0,
            began_with: config.clone(),
            acts: Vec::new(),
            config,
            seed,
            shard: Shard::WHOLE,
            gaps: Vec::new(),
            hits: 0,
            failed: false,
            log: LogId::ACCESS,
            facts: Facts {
                record: 0,
                lines: 0,
                ended: true,
                start,
                reached,
                followed: false,
                next_start: None,
                unrecorded: 0,
                spoilt: 0,
                off: 0,
            },
        };
        run.hits = run.stream().skip(reached, u64::MAX);
        run
    }

    /// The beginnings and ends, each with its name, its minute and whether it begins.
    fn told(account: &Account) -> Vec<Vec<(String, u64, bool)>> {
        let moment = |moment: &EventMoment| {
            let name = account.happenings[moment.happening].id();
            (name, (moment.time - START) / MINUTE, moment.begins.is_some())
        };
        let of_epoch = |epoch: &EpochAccount| epoch.moments.iter().map(moment).collect();
        account.epochs.iter().map(of_epoch).collect()
    }

    const PROBING: &str =
        "{kind: directory_probing, name: probing, at: '*/20 * * * *', for: 10m, rate: 2}";

    #[test]
    fn an_event_goes_on_over_the_epochs_of_a_run_and_has_the_lines_of_all() {
        let both = [epoch(PROBING, 7, (0, 25)), epoch(PROBING, 8, (26, 45))];
        let account = Account::of(&both);
        let at = |name: &str, minute, begins| (name.to_owned(), minute, begins);
        assert_eq!(
            told(&account),
            [
                vec![
                    at("probing.0", 0, true),
                    at("probing.0", 10, false),
                    at("probing.1", 20, true)
                ],
                vec![
                    at("probing.1", 30, false),
                    at("probing.2", 40, true),
                    at("probing.2", 45, false)
                ],
            ]
        );
        assert_eq!(account.epochs[1].carried, [(0, 1)]);
        let lines: Vec<u64> = account.happenings.iter().map(|event| event.lines).collect();
        // One minute of the second event is between the epochs.
        assert!(lines[0].abs_diff(1_200) <= 1 && lines[2].abs_diff(600) <= 1, "{lines:?}");
        assert!(lines[1].abs_diff(1_080) <= 2, "{lines:?}");
        assert!(account.epochs[1].moments.iter().all(|moment| moment.after_line >= both[0].hits));
    }

    #[test]
    fn an_event_that_the_next_epoch_does_not_have_is_over_with_its_own() {
        let other = PROBING.replace("name: probing", "name: other");
        let both = [epoch(PROBING, 7, (0, 5)), epoch(&other, 7, (6, 8))];
        let account = Account::of(&both);
        let at = |name: &str, minute, begins| (name.to_owned(), minute, begins);
        assert_eq!(
            told(&account),
            [
                vec![at("probing.0", 0, true)],
                vec![at("probing.0", 5, false), at("other.0", 6, true), at("other.0", 8, false)],
            ]
        );
        assert_eq!(account.epochs[1].moments[0].after_line, both[0].hits);
    }

    #[test]
    fn a_run_without_lines_has_no_events() {
        let mut run = epoch(PROBING, 7, (0, 5));
        run.hits = 0;
        assert_eq!(Account::of(&[run]).happenings, []);
    }
}
