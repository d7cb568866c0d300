//! An entry of a scenario with its mark and, once a stream has begun, with the times of its events.

use jiff::tz::TimeZone;

use super::marks::{EventMark, EventMarks};
use super::timeline::{EventStrength, Timeline};
use crate::config::event_kind::EventKind;
use crate::config::{Config, ScenarioEvent};
use crate::stream::Time;

/// An entry of a scenario in a stream.
#[derive(Debug)]
pub struct ScheduledEvent {
    /// Its place in the scenario.
    pub place: usize,
    /// What the configuration says of it.
    pub event: ScenarioEvent,
    /// The mark of its hits; of an attack, that of the first stage.
    pub mark: EventMark,
    zone: TimeZone,
    timeline: Option<Timeline>,
    /// When the run begins. What is tried before it knows of no event.
    origin: Time,
    /// How strongly an event was on when it was asked for last, and when that was: most questions are about the same stretch.
    since: Time,
    on: EventStrength,
}

impl ScheduledEvent {
    /// The entries of a configuration whose kind is wanted, in their order.
    pub fn among(config: &Config, is_wanted: impl Fn(EventKind) -> bool) -> Vec<Self> {
        let marks = EventMarks::new(&config.scenario);
        let events = config.scenario.iter().enumerate();
        let wanted = events.filter(|(_, event)| is_wanted(event.kind));
        let scheduled = |(place, event): (usize, &ScenarioEvent)| Self {
            place,
            event: event.clone(),
            mark: marks.of(place, 0),
            zone: config.output.timezone.clone(),
            timeline: None,
            origin: 0,
            since: 0,
            on: EventStrength::off_until(0),
        };
        wanted.map(scheduled).collect()
    }

    /// Begins for a site with this seed, in a run from `origin` on.
    pub fn begin(&mut self, seed: u64, origin: Time) {
        self.timeline = Some(Timeline::new(&self.event, &self.zone, seed, origin));
        (self.origin, self.on) = (origin, EventStrength::off_until(0));
    }

    /// How strongly an event is on at `now`.
    #[inline]
    pub fn strength(&mut self, now: Time) -> EventStrength {
        if now >= self.on.until || now < self.since {
            self.since = now;
            self.on = match &self.timeline {
                Some(timeline) if now >= self.origin => timeline.strength(now),
                _ => EventStrength::off_until(self.origin.max(now + 1)),
            };
        }
        self.on
    }
}
