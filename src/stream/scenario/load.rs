//! How many lines come: by which factor surges move the rate, and what attacks add to it.

use super::timeline::Timeline;
use crate::config::event_kind::{EventClass, EventKind};
use crate::config::{Config, ScenarioEvent};
use crate::stream::Time;
use crate::stream::actor_kind::ActorKind;

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

/// A number that holds for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadNow {
    /// The number; >= 0.
    pub value: f64,
    /// The first instant at which it may be different.
    pub until: Time,
}

/// By what an event multiplies all lines at full strength.
fn multiplier(event: &ScenarioEvent, config: &Config) -> f64 {
    let of_event = event.multiplier.unwrap_or(1.0);
    match event.kind {
        EventKind::BotWave => {
            1.0 + (of_event - 1.0) * share(config, |kind| ActorKind::CRAWLERS.contains(&kind))
        }
        EventKind::CertificateExpired => {
            1.0 - event.share.unwrap_or(1.0) * share(config, ActorKind::checks_certificates)
        }
        _ => of_event,
    }
}

/// The share of the lines that some kinds of visitors have.
fn share(config: &Config, is: impl Fn(ActorKind) -> bool) -> f64 {
    let shares = config.actors.shares.weights();
    let all: f64 = shares.iter().sum();
    let of = ActorKind::USUAL.into_iter().zip(shares).filter(|(kind, _)| is(*kind));
    of.map(|(_, share)| share).sum::<f64>() / all
}

impl Load {
    /// The events of a scenario in a run that began at `origin` and has this seed.
    pub fn new(config: &Config, seed: u64, origin: Time) -> Self {
        let (events, zone) = (&config.scenario, &config.output.timezone);
        let is_load = |event: &&ScenarioEvent| {
            event.kind.class() == EventClass::Load || event.kind == EventKind::CertificateExpired
        };
        let surge = |event: &ScenarioEvent| Surge {
            timeline: Timeline::new(event, zone, seed, origin),
            multiplier: multiplier(event, config),
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

    /// The factor on the rate at a time. Attacks do not touch it, nor when it may be different.
    pub fn factor(&self, now: Time) -> LoadNow {
        let mut load = LoadNow { value: 1.0, until: Time::MAX };
        for surge in &self.surges {
            let on = surge.timeline.strength(now);
            load.value *= 1.0 + (surge.multiplier - 1.0) * on.strength;
            load.until = load.until.min(on.until);
        }
        load
    }

    /// What attacks add at a time, as a multiple of the rate.
    pub fn added(&self, now: Time) -> LoadNow {
        let mut load = LoadNow { value: 0.0, until: Time::MAX };
        for attack in &self.attacks {
            let on = attack.timeline.strength(now);
            load.value += attack.multiplier * on.strength;
            load.until = load.until.min(on.until);
        }
        load
    }
}
