//! Compares detections with the truth, one after the other.

use super::detection::{About, Detection, DetectionTimes};
use super::events::{EventId, EventIndex};
use super::grade::CountsByKind;
use super::kinds::KindId;
use super::truth::{TrueUnits, Truth, windows_of};
use crate::time::Time;

/// Grades the detections of a detector.
#[derive(Debug)]
pub struct Grader {
    /// The truth, with the kinds and the units that were detected.
    pub truth: Truth,
    /// How many detections there were.
    pub detections: u64,
    times: EventIndex,
    /// How long after its start each event was first detected, as far as a time says so.
    delays: Vec<Option<Time>>,
    /// The false detections of each kind, and those of none, where events are compared as a whole.
    wrong: Vec<u64>,
    wrong_without_kind: u64,
}

impl Grader {
    /// Grades by this truth. A detection is of an event up to `grace` after its end.
    pub fn new(truth: Truth, grace: Time) -> Self {
        Self {
            detections: 0,
            times: EventIndex::new(&truth.events, grace),
            delays: vec![None; truth.events.count()],
            wrong: Vec::new(),
            wrong_without_kind: 0,
            truth,
        }
    }

    /// Takes a detection into account.
    ///
    /// # Errors
    /// It spans too many windows.
    pub fn take(&mut self, detection: &Detection) -> Result<(), String> {
        let kind = detection.kind.as_ref().map(|kind| self.truth.kinds.id(kind));
        let mut of: Vec<EventId> = Vec::new();
        match (&mut self.truth.units, &detection.about, detection.times) {
            (TrueUnits::Windows(windows, length), _, Some(DetectionTimes { from, until, .. })) => {
                let spanned = windows_of(from, until, *length);
                for window in spanned.map_err(|what| format!("found a detection of {what}"))? {
                    windows.claim(window, kind);
                    for event in windows.events_of(&window) {
                        // An event is in many windows in a row.
                        if of.last() != Some(&event) {
                            of.push(event);
                        }
                    }
                }
            }
            (TrueUnits::Addresses(hosts), About::Host(host), times) => {
                hosts.claim(host.clone(), kind);
                // The same host may come back in a later event, which this detection may be too early for. One without
                // a time has no delay.
                if let Some(DetectionTimes { from, until, .. }) = times {
                    let touched: Vec<_> = self.times.touching(from, until).collect();
                    of.extend(hosts.events_of(host).filter(|event| touched.contains(event)));
                }
            }
            (TrueUnits::Lines(lines), About::Line(line), _) => {
                lines.claim(*line, kind);
                of.extend(lines.events_of(line));
            }
            (_, _, Some(DetectionTimes { from, until, .. })) => {
                of.extend(self.times.touching(from, until));
            }
            (_, _, None) => {}
        }
        let found = self.note_delays(&of, kind, detection.times.map(|times| times.made));
        if let TrueUnits::Events = self.truth.units
            && !found
        {
            self.note_wrong(kind);
        }
        self.detections += 1;
        Ok(())
    }

    /// Notes the detection of those events that are of its kind. Returns whether there are any.
    fn note_delays(&mut self, of: &[EventId], kind: Option<KindId>, made: Option<Time>) -> bool {
        let mut any = false;
        for id in of {
            let event = self.truth.events.get(*id);
            if kind.is_none_or(|kind| kind == event.kind) {
                any = true;
                let Some(made) = made else { continue };
                let delay = made.saturating_sub(event.start);
                let first = &mut self.delays[*id as usize];
                *first = Some(first.map_or(delay, |first| first.min(delay)));
            }
        }
        any
    }

    fn note_wrong(&mut self, kind: Option<KindId>) {
        match kind {
            Some(kind) => {
                let kind = kind as usize;
                if self.wrong.len() <= kind {
                    self.wrong.resize(kind + 1, 0);
                }
                self.wrong[kind] += 1;
            }
            None => self.wrong_without_kind += 1,
        }
    }

    /// How long after its start an event was first detected; `None` if it was not, or not with a time.
    pub fn delay(&self, event: EventId) -> Option<Time> {
        self.delays[event as usize]
    }

    /// The counts over all detections so far.
    pub fn counts(&self) -> CountsByKind {
        let kinds = self.truth.kinds.count();
        match &self.truth.units {
            TrueUnits::Events => self.counts_of_events(kinds),
            TrueUnits::Windows(sets, _) | TrueUnits::Lines(sets) => {
                sets.counts(&self.truth.events, kinds)
            }
            TrueUnits::Addresses(sets) => sets.counts(&self.truth.events, kinds),
        }
    }

    fn counts_of_events(&self, kinds: usize) -> CountsByKind {
        let mut counts = CountsByKind::new(kinds);
        for (id, event) in self.truth.events.iter() {
            let found = self.delay(id).is_some();
            for of in [&mut counts.all, &mut counts.kinds[event.kind as usize]] {
                of.found += u64::from(found);
                of.missed += u64::from(!found);
            }
        }
        for (of_kind, wrong) in counts.kinds.iter_mut().zip(&self.wrong) {
            of_kind.wrong = *wrong;
        }
        counts.without_kind = self.wrong_without_kind;
        counts.all.wrong = self.wrong.iter().sum::<u64>() + self.wrong_without_kind;
        counts
    }
}

#[cfg(test)]
mod tests;
