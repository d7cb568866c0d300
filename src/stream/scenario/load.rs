//! How many lines come: by which factor surges move the rate, and what attacks add to it.

use super::timeline::Timeline;
use crate::config::event_kind::{EventClass, EventKind};
use crate::config::{Config, ScenarioEvent};
use crate::stream::Time;

/// All events that move the rate.
#[derive(Clone, Debug, Default)]
pub struct Load {
    surges: Vec<Surge>,
    attacks: Vec<Surge>,
}

#[derive(Clone, Debug)]
struct Surge {
    timeline: Timeline,
    multiplier: f64,
}

/// The factor on the rate for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadFactor {
    /// The factor; >= 0.
    pub factor: f64,
    /// What attacks add, as a multiple of the rate; >= 0.
    pub added: f64,
    /// The first instant at which it may be different.
    pub until: Time,
}

impl Load {
    /// The events of a scenario in a run that began at `origin` and has this seed.
    pub fn new(config: &Config, seed: u64, origin: Time) -> Self {
        let (events, zone) = (&config.scenario, &config.output.timezone);
        let is_load =
            |event: &&ScenarioEvent| matches!(event.kind, EventKind::Surge | EventKind::FlashCrowd);
        let surge = |event: &ScenarioEvent| Surge {
            timeline: Timeline::new(event, zone, seed, origin),
            multiplier: event.multiplier.unwrap_or(1.0),
        };
        let attack = |event: &ScenarioEvent| Surge {
            multiplier: event.rate() / config.output.rate,
            ..surge(event)
        };
        let is_attack = |event: &&ScenarioEvent| event.kind.class() == EventClass::Attack;
        Self {
            surges: events.iter().filter(is_load).map(surge).collect(),
            attacks: events.iter().filter(is_attack).map(attack).collect(),
        }
    }

    /// Whether the rate is never moved.
    pub fn is_none(&self) -> bool {
        self.surges.is_empty() && self.attacks.is_empty()
    }

    /// The factor at a time.
    pub fn at(&self, now: Time) -> LoadFactor {
        let mut load = LoadFactor { factor: 1.0, added: 0.0, until: Time::MAX };
        for surge in &self.surges {
            let of_surge = surge.timeline.strength(now);
            load.factor *= 1.0 + (surge.multiplier - 1.0) * of_surge.strength;
            load.until = load.until.min(of_surge.until);
        }
        for attack in &self.attacks {
            let of_attack = attack.timeline.strength(now);
            load.added += attack.multiplier * of_attack.strength;
            load.until = load.until.min(of_attack.until);
        }
        load
    }
}
