//! Compares two sets of units: windows, addresses or lines that are true with those that were detected.

use std::collections::BTreeSet;

use super::events::{EventId, TrueEvents};
use super::grade::CountsByKind;
use super::kinds::KindId;

/// The units of the events, and the units that were detected.
#[derive(Debug)]
pub struct UnitSets<U> {
    truth: BTreeSet<(U, EventId)>,
    /// With the kind that the detection names, if it names one.
    claims: BTreeSet<(U, Option<KindId>)>,
}

impl<U> Default for UnitSets<U> {
    fn default() -> Self {
        Self { truth: BTreeSet::new(), claims: BTreeSet::new() }
    }
}

impl<U: Ord + Clone> UnitSets<U> {
    /// Notes that a unit belongs to an event.
    pub fn belongs(&mut self, unit: U, event: EventId) {
        self.truth.insert((unit, event));
    }

    /// Notes that a unit was detected, as one of that kind or of any.
    pub fn claim(&mut self, unit: U, kind: Option<KindId>) {
        self.claims.insert((unit, kind));
    }

    /// The events that a unit belongs to.
    pub fn events_of(&self, unit: &U) -> impl Iterator<Item = EventId> {
        let range = (unit.clone(), EventId::MIN)..=(unit.clone(), EventId::MAX);
        self.truth.range(range).map(|(_, event)| *event)
    }

    /// Counts each unit once in all, and once for each kind that it is of or was detected as.
    pub fn counts(&self, events: &TrueEvents, kinds: usize) -> CountsByKind {
        let mut counts = CountsByKind::new(kinds);
        let (mut truth, mut claims) = (self.truth.iter().peekable(), self.claims.iter().peekable());
        let (mut is, mut claimed) = (Vec::new(), Vec::new());
        loop {
            let (next, detected) =
                (truth.peek().map(|(unit, _)| unit), claims.peek().map(|(unit, _)| unit));
            let Some(unit) = next.into_iter().chain(detected).min() else { return counts };
            is.clear();
            claimed.clear();
            while let Some((_, event)) = truth.next_if(|(of, _)| of == unit) {
                is.push(events.get(*event).kind);
            }
            while let Some((_, kind)) = claims.next_if(|(of, _)| of == unit) {
                claimed.push(*kind);
            }
            is.sort_unstable();
            is.dedup();
            count(&mut counts, &is, &claimed);
        }
    }
}

/// Counts a unit of some kinds that was detected as some kinds. `None` stands for any kind.
fn count(counts: &mut CountsByKind, is: &[KindId], claimed: &[Option<KindId>]) {
    let mut found = false;
    for kind in is {
        let of_kind = &mut counts.kinds[*kind as usize];
        if claimed.contains(&None) || claimed.contains(&Some(*kind)) {
            of_kind.found += 1;
            found = true;
        } else {
            of_kind.missed += 1;
        }
    }
    for kind in claimed.iter().flatten().filter(|kind| !is.contains(kind)) {
        counts.kinds[*kind as usize].wrong += 1;
    }
    counts.all.found += u64::from(found);
    counts.all.missed += u64::from(!found && !is.is_empty());
    counts.all.wrong += u64::from(!found && !claimed.is_empty());
    counts.without_kind += u64::from(!found && claimed == [None]);
}

#[cfg(test)]
mod tests {
    use super::super::events::TrueEvent;
    use super::super::grade::Counts;
    use super::*;
    use crate::config::event_kind::EventClass;

    /// Two events of kind 0 and one of kind 1.
    fn events() -> TrueEvents {
        let mut events = TrueEvents::default();
        for (name, kind) in [("a.0", 0), ("a.1", 0), ("b.0", 1)] {
            let name = name.to_owned();
            let class = EventClass::Attack;
            events.begin(TrueEvent { name, kind, class, start: 0, end: 9 }).unwrap();
        }
        events
    }

    fn counts(truth: &[(u64, EventId)], claims: &[(u64, Option<KindId>)]) -> CountsByKind {
        let mut sets = UnitSets::default();
        truth.iter().for_each(|(unit, event)| sets.belongs(*unit, *event));
        claims.iter().for_each(|(unit, kind)| sets.claim(*unit, *kind));
        sets.counts(&events(), 3)
    }

    fn of(found: u64, missed: u64, wrong: u64) -> Counts {
        Counts { found, missed, wrong }
    }

    #[test]
    fn a_unit_of_two_events_of_a_kind_counts_once() {
        let counts = counts(&[(1, 0), (1, 1), (2, 1)], &[(1, None), (1, Some(0))]);
        assert_eq!(counts.kinds, [of(1, 1, 0), of(0, 0, 0), of(0, 0, 0)]);
        assert_eq!((counts.all, counts.without_kind), (of(1, 1, 0), 0));
    }

    #[test]
    fn a_detection_without_a_kind_is_true_of_each_kind_that_the_unit_is_of() {
        let counts = counts(&[(1, 0), (1, 2)], &[(1, None), (5, None)]);
        assert_eq!(counts.kinds, [of(1, 0, 0), of(1, 0, 0), of(0, 0, 0)]);
        assert_eq!((counts.all, counts.without_kind), (of(1, 0, 1), 1));
    }

    #[test]
    fn a_unit_that_was_detected_as_another_kind_is_missed_and_the_detection_false() {
        let counts = counts(&[(1, 0), (2, 2)], &[(1, Some(1)), (2, Some(1)), (2, Some(2))]);
        assert_eq!(counts.kinds, [of(0, 1, 0), of(1, 0, 1), of(0, 0, 1)]);
        // Unit 2 was also detected as what it is.
        assert_eq!((counts.all, counts.without_kind), (of(1, 1, 1), 0));
    }

    #[test]
    fn units_before_between_and_after_those_of_the_truth_are_all_counted() {
        let claims = [0, 3, 5, 9].map(|unit| (unit, Some(1)));
        let counts = counts(&[(3, 2), (4, 2), (6, 2)], &claims);
        assert_eq!((counts.all, counts.kinds[1]), (of(1, 2, 3), of(1, 2, 3)));
    }
}
