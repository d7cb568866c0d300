//! When the events of an entry of a scenario are on. It keeps no state: any time can be asked for.

use jiff::civil;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::config::event_times::EventTimes;
use crate::config::scenario::EventShape;
use crate::config::{Cron, ScenarioEvent, Steered};
use crate::stream::random::{hash, mix, uniform};
use crate::stream::{SECOND, Time};
use crate::time::{time, timestamp};

const DAY: Time = 86_400 * SECOND;
/// In so many steps, each of which is even, the strength goes up and down.
const STEPS: u64 = 60;
/// How far ahead the next event is looked for, days. No cron skips more than eight years (29 February around 2100).
const HORIZON: i32 = 8 * 366;

/// The events of one entry.
#[derive(Clone, Debug)]
pub struct Timeline {
    starts: Starts,
    steered: Steered,
    length: Time,
    shape: EventShape,
}

/// When events begin.
#[derive(Clone, Debug)]
enum Starts {
    Once(Time),
    Repeated(Box<Repetition>),
    /// So many a day, drawn from a seed.
    Random(f64, u64),
    /// By hand alone.
    Never,
}

/// A repetition by the clocks of a zone.
#[derive(Clone, Debug)]
struct Repetition {
    cron: Cron,
    zone: TimeZone,
}

/// An event: from `start` to `end`, which is the first instant after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventWindow {
    /// When it begins.
    pub start: Time,
    /// The first instant after it.
    pub end: Time,
}

/// How strongly an event is on for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventStrength {
    /// When the event began that is on, if one is.
    pub began: Option<Time>,
    /// 0 to 1; 0 where no event is on.
    pub strength: f64,
    /// The first instant at which it may be different.
    pub until: Time,
}

impl EventStrength {
    /// No event is on until then.
    pub fn off_until(until: Time) -> Self {
        Self { began: None, strength: 0.0, until }
    }
}

impl Timeline {
    /// The events of an entry in a run that began at `origin`, by the clocks of `zone`. An offset counts from there, or from
    /// when the run came to have the entry.
    pub fn new(event: &ScenarioEvent, zone: &TimeZone, seed: u64, origin: Time) -> Self {
        let steered = event.steered.clone();
        let origin = origin.max(steered.from);
        let starts = match &event.at {
            EventTimes::Once { at, .. } => Starts::Once(time(at.resolve(timestamp(origin), zone))),
            EventTimes::Repeated(cron) => {
                Starts::Repeated(Box::new(Repetition { cron: cron.clone(), zone: zone.clone() }))
            }
            EventTimes::Random(a_day) => Starts::Random(*a_day, mix(seed ^ hash(&event.name))),
            EventTimes::OnDemand => Starts::Never,
        };
        let length = event.length.as_nanos() as Time;
        Self { starts, steered, length, shape: event.shape }
    }

    /// The event that is on at `now`, if one is, and when that changes.
    pub fn at(&self, now: Time) -> (Option<EventWindow>, Time) {
        let next = self.next_start(now);
        let window = |start: Time| {
            let stopped = self.steered.stop_after(start);
            EventWindow { start, end: (start + self.length).min(next).min(stopped) }
        };
        match self.latest_start(now).map(window) {
            Some(occurrence) if now < occurrence.end => (Some(occurrence), occurrence.end),
            _ => (None, next),
        }
    }

    /// The latest start at `now` or before it, if its event can still be on.
    fn latest_start(&self, now: Time) -> Option<Time> {
        let usual = self.starts.latest(now, self.length);
        let usual = usual.filter(|start| *start >= self.steered.from);
        usual.max(self.steered.latest_start(now))
    }

    /// The first start after `now`; `Time::MAX` if there is none within reach.
    fn next_start(&self, now: Time) -> Time {
        // An instant before the entry was there is none of its starts.
        let usual = self.starts.after(now.max(self.steered.from.saturating_sub(1)));
        let usual = if usual < self.steered.until { usual } else { Time::MAX };
        usual.min(self.steered.next_start(now))
    }

    /// How strongly an event is on at `now`.
    pub fn strength(&self, now: Time) -> EventStrength {
        let (occurrence, until) = self.at(now);
        let Some(EventWindow { start, end }) = occurrence else {
            return EventStrength::off_until(until);
        };
        let began = Some(start);
        if self.shape == EventShape::Step {
            return EventStrength { began, strength: 1.0, until };
        }
        // By the length that is configured, so that an event that is cut short does not hurry.
        let edge = |step: u64| {
            start + (u128::from(self.length) * u128::from(step) / u128::from(STEPS)) as Time
        };
        let step = (u128::from(now - start) * u128::from(STEPS) / u128::from(self.length)) as u64;
        let step = if now >= edge(step + 1) { step + 1 } else { step };
        let middle = (step as f64 + 0.5) / STEPS as f64;
        EventStrength {
            began,
            strength: self.shape.strength(middle),
            until: edge(step + 1).min(end).max(now + 1),
        }
    }
}

impl Starts {
    /// The latest start at `now` or before it, but no more than `length` before.
    fn latest(&self, now: Time, length: Time) -> Option<Time> {
        let is_within = |start: &Time| *start <= now && now - *start < length;
        match self {
            Self::Once(start) => Some(*start).filter(is_within),
            Self::Repeated(repetition) => {
                let mut date = repetition.date(now);
                // The day before may have begun later than the length says, if the clocks were changed.
                for _ in 0..=length / DAY + 2 {
                    if let Some(start) =
                        repetition.starts_of(date).rev().find(|start| *start <= now)
                    {
                        return Some(start).filter(is_within);
                    }
                    date = date.yesterday().ok()?;
                }
                None
            }
            Self::Random(a_day, seed) => {
                let today = now / DAY;
                let first = today.saturating_sub(length / DAY + 1);
                let starts = (first..=today)
                    .rev()
                    .flat_map(|day| random_starts(*a_day, *seed, day).into_iter().rev());
                starts.into_iter().find(|start| *start <= now).filter(is_within)
            }
            Self::Never => None,
        }
    }

    /// The first start after `now`; `Time::MAX` if there is none within reach.
    fn after(&self, now: Time) -> Time {
        match self {
            Self::Once(start) => {
                if *start > now {
                    *start
                } else {
                    Time::MAX
                }
            }
            Self::Repeated(repetition) => {
                let mut date = repetition.date(now);
                for _ in 0..HORIZON {
                    if let Some(start) = repetition.starts_of(date).find(|start| *start > now) {
                        return start;
                    }
                    let Ok(tomorrow) = date.tomorrow() else { break };
                    date = tomorrow;
                }
                Time::MAX
            }
            Self::Random(a_day, seed) => {
                let today = now / DAY;
                let days = (1.0 / a_day * 1_000.0).ceil() as u64 + 1;
                (today..today + days)
                    .find_map(|day| {
                        random_starts(*a_day, *seed, day).into_iter().find(|start| *start > now)
                    })
                    .unwrap_or(Time::MAX)
            }
            Self::Never => Time::MAX,
        }
    }
}

/// The starts of a day, counted from 1970, in order.
fn random_starts(a_day: f64, seed: u64, day: u64) -> Vec<Time> {
    let bits = mix(seed ^ mix(day));
    let count = a_day.floor() as u64 + u64::from(uniform(bits) < a_day.fract());
    let at = |number| day * DAY + (uniform(mix(bits ^ mix(number + 1))) * DAY as f64) as Time;
    let mut starts: Vec<Time> = (0..count).map(at).collect();
    starts.sort_unstable();
    starts
}

impl Repetition {
    fn date(&self, now: Time) -> Date {
        timestamp(now).to_zoned(self.zone.clone()).date()
    }

    fn starts_of(&self, date: Date) -> impl DoubleEndedIterator<Item = Time> {
        let times = self.cron.has_day(date).then(|| self.cron.times_of(date));
        let zone = self.zone.clone();
        let instant = move |local: civil::DateTime| zone.to_timestamp(local).ok().map(time);
        times.into_iter().flatten().filter_map(instant)
    }
}
