//! Which lines of the log the events of a scenario spoil. It is decided for each hit by itself, from the hit and the event alone,
//! so that no other hit is different for it and batches may end anywhere. What becomes of the lines is the formatter's business.

use super::scheduled::ScheduledEvent;
use crate::config::Config;
use crate::config::event_kind::{EventClass, EventKind};
use crate::stream::random::{hash, mix, uniform};
use crate::stream::{Hit, Time};

/// All events that spoil lines.
#[derive(Debug)]
pub struct Spoils {
    events: Vec<Spoil>,
    /// Those that are on, with the share of the lines that they spoil.
    active: Vec<(usize, f64)>,
    /// From when and until when these are on.
    since: Time,
    until: Time,
}

/// One of them.
#[derive(Debug)]
struct Spoil {
    scheduled: ScheduledEvent,
    seed: u64,
}

impl Spoils {
    /// The events of a configuration in a stream that begins at `start`; `None` without any.
    pub fn new(config: &Config, seed: u64, start: Time) -> Option<Self> {
        let is_of_log = |kind: EventKind| kind.class() == EventClass::Log;
        let spoil = |mut scheduled: ScheduledEvent| {
            scheduled.begin(seed, start);
            Spoil { seed: mix(seed ^ hash(&scheduled.event.name)), scheduled }
        };
        let events: Vec<Spoil> =
            ScheduledEvent::among(config, is_of_log).into_iter().map(spoil).collect();
        let none = events.is_empty();
        (!none).then_some(Self { events, active: Vec::new(), since: 0, until: 0 })
    }

    /// Marks those of the hits whose lines are spoilt. Where several events strike a line, the first of the scenario has it.
    pub fn mark(&mut self, hits: &mut [Hit]) {
        for hit in hits {
            if hit.time >= self.until || hit.time < self.since {
                self.turn(hit.time);
            }
            if self.active.is_empty() {
                continue;
            }
            let of_hit = fingerprint(hit);
            let struck = self
                .active
                .iter()
                .find(|(event, share)| uniform(mix(self.events[*event].seed ^ of_hit)) < *share);
            if let Some((event, _)) = struck {
                hit.spoil(self.events[*event].scheduled.place);
            }
        }
    }

    /// Finds what is on at a time.
    #[cold]
    fn turn(&mut self, now: Time) {
        self.active.clear();
        (self.since, self.until) = (now, Time::MAX);
        for (place, spoil) in self.events.iter_mut().enumerate() {
            let on = spoil.scheduled.strength(now);
            self.until = self.until.min(on.until);
            let share = spoil.scheduled.event.share_of_lines() * on.strength;
            if share > 0.0 {
                self.active.push((place, share));
            }
        }
    }
}

/// Bits that follow from a hit alone. Two hits have the same only if one visitor asks twice for the same in the same nanosecond.
pub fn fingerprint(hit: &Hit) -> u64 {
    let request = u64::from(hit.url) << 16 | u64::from(hit.on_connection) << 8 | hit.method as u64;
    mix(hit.time ^ mix(hit.visitor ^ mix(request)))
}
