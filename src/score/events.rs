//! The events that truly happened, and which of them a span of time touches.

use std::collections::HashMap;

use super::kinds::KindId;
use crate::config::event_kind::EventClass;
use crate::time::{Time, timestamp};

/// The number of an event.
pub type EventId = u32;

/// An event that truly happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrueEvent {
    /// Its name, `NAME.N`.
    pub name: String,
    /// Its kind.
    pub kind: KindId,
    /// What it does to the site.
    pub class: EventClass,
    /// When it began.
    pub start: Time,
    /// When it was to end, or ended if that was earlier.
    pub end: Time,
}

/// All events of the truth.
#[derive(Debug, Default)]
pub struct TrueEvents {
    list: Vec<TrueEvent>,
    /// The latest event of each name: a directory may have several runs with the same events.
    latest: HashMap<String, EventId>,
    /// Each event that begins a run's account, by name and start.
    known: HashMap<(String, Time), EventId>,
}

impl TrueEvents {
    /// Adds an event that begins. The same event in the truth of another shard is one with it.
    ///
    /// # Errors
    /// An event of that name and start is there with another kind or end.
    pub fn begin(&mut self, event: TrueEvent) -> Result<(), String> {
        if event.end < event.start {
            let [start, end] = [event.start, event.end].map(timestamp);
            return Err(format!(
                "found an event that ends at {end}, before its start at {start}; the end is later"
            ));
        }
        let key = (event.name.clone(), event.start);
        let id = match self.known.get(&key) {
            Some(id) => {
                let known = &self.list[*id as usize];
                if (known.kind, known.class) != (event.kind, event.class) {
                    return Err(format!(
                        "found the event `{}` a second time with another kind or class; it has one",
                        event.name
                    ));
                }
                *id
            }
            None => {
                let id = EventId::try_from(self.list.len()).expect("events are fewer than 2^32");
                self.list.push(event);
                self.known.insert(key.clone(), id);
                id
            }
        };
        self.latest.insert(key.0, id);
        Ok(())
    }

    /// Notes when an event ended.
    ///
    /// # Errors
    /// No event of that name began.
    pub fn end(&mut self, name: &str, time: Time) -> Result<(), String> {
        let id = self.named(name)?;
        let event = &mut self.list[id as usize];
        event.end = event.end.min(time).max(event.start);
        Ok(())
    }

    /// The event of that name that began last.
    ///
    /// # Errors
    /// No event of that name began.
    pub fn named(&self, name: &str) -> Result<EventId, String> {
        self.latest.get(name).copied().ok_or_else(|| {
            format!(
                "found the event `{name}`, which no record before this one begins; name all files of the \
                 truth, the oldest first, each with --truth"
            )
        })
    }

    /// An event by its number.
    pub fn get(&self, id: EventId) -> &TrueEvent {
        &self.list[id as usize]
    }

    /// All events with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (EventId, &TrueEvent)> {
        (0..).zip(&self.list)
    }

    /// How many events there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }
}

/// An index that finds the events of a time.
#[derive(Debug)]
pub struct EventIndex {
    /// Start, end with the grace, and number, in the order of the starts.
    spans: Vec<(Time, Time, EventId)>,
    /// The latest end up to each of the spans.
    latest_ends: Vec<Time>,
}

impl EventIndex {
    /// An index of these events. Each lasts for `grace` longer than it did.
    pub fn new(events: &TrueEvents, grace: Time) -> Self {
        let span =
            |(id, event): (EventId, &TrueEvent)| (event.start, event.end.saturating_add(grace), id);
        let mut spans: Vec<_> = events.iter().map(span).collect();
        spans.sort_unstable();
        let latest = spans.iter().scan(0, |latest, (_, end, _)| {
            *latest = (*latest).max(*end);
            Some(*latest)
        });
        Self { latest_ends: latest.collect(), spans }
    }

    /// The events that the time from `from` to `until` touches; both ends count.
    pub fn touching(&self, from: Time, until: Time) -> impl Iterator<Item = EventId> {
        let begun = self.spans.partition_point(|(start, ..)| *start <= until);
        let spans = self.spans[..begun].iter().zip(&self.latest_ends[..begun]).rev();
        // Before a span with an earlier latest end, none reaches that far.
        spans
            .take_while(move |(_, latest)| **latest >= from)
            .filter(move |((_, end, _), _)| *end >= from)
            .map(|((.., id), _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, start: Time, end: Time) -> TrueEvent {
        TrueEvent { name: name.to_owned(), kind: 0, class: EventClass::Attack, start, end }
    }

    fn touched(events: &TrueEvents, grace: Time, from: Time, until: Time) -> Vec<EventId> {
        let mut touched: Vec<_> = EventIndex::new(events, grace).touching(from, until).collect();
        touched.sort_unstable();
        touched
    }

    #[test]
    fn an_event_is_touched_from_its_start_to_its_end_and_the_grace_after_it() {
        let mut events = TrueEvents::default();
        // A long one, a short one within it, and one after both.
        for (name, start, end) in [("a.0", 10, 100), ("b.0", 20, 30), ("a.1", 200, 300)] {
            events.begin(event(name, start, end)).unwrap();
        }
        let cases = [
            (0, 9, 9, &[][..]),
            (0, 10, 10, &[0]),
            (0, 25, 25, &[0, 1]),
            (0, 31, 31, &[0]),
            (5, 35, 35, &[0, 1]),
            (5, 36, 36, &[0]),
            (5, 105, 105, &[0]),
            (5, 106, 199, &[]),
            (5, 0, 1_000, &[0, 1, 2]),
            (0, 300, 400, &[2]),
        ];
        for (grace, from, until, expected) in cases {
            assert_eq!(touched(&events, grace, from, until), expected, "{grace} {from} {until}");
        }
    }

    #[test]
    fn an_event_in_the_truth_of_two_shards_is_one_and_a_later_run_has_its_own() {
        let mut events = TrueEvents::default();
        events.begin(event("a.0", 10, 20)).unwrap();
        events.begin(event("a.0", 10, 20)).unwrap();
        assert_eq!((events.count(), events.named("a.0")), (1, Ok(0)));
        events.begin(event("a.0", 500, 520)).unwrap();
        assert_eq!((events.count(), events.named("a.0")), (2, Ok(1)));
        let other = TrueEvent { kind: 1, ..event("a.0", 500, 520) };
        assert!(events.begin(other).unwrap_err().contains("`a.0` a second time"));
    }

    #[test]
    fn an_event_that_was_stopped_early_ends_then_and_one_whose_last_lines_are_late_does_not() {
        let mut events = TrueEvents::default();
        events.begin(event("a.0", 10, 20)).unwrap();
        events.end("a.0", 21).unwrap();
        assert_eq!(events.get(0).end, 20);
        events.end("a.0", 15).unwrap();
        assert_eq!(events.get(0).end, 15);
        assert!(events.end("b.0", 15).unwrap_err().contains("found the event `b.0`"));
        assert!(events.begin(event("c.0", 10, 9)).unwrap_err().contains("before its start"));
    }
}
