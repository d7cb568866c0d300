//! Slow answers of a scenario: how long the application takes, who waits for it, and when the server gives up.

use crate::config::event_kind::EventKind;
use crate::config::{Config, ScenarioEvent};
use crate::stream::actor_kind::ActorKind;
use crate::stream::scenario::effects::MarkEffects;
use crate::stream::scenario::load::Load;
use crate::stream::scenario::slowness::{Slowness, SlownessNow, factor};
use crate::stream::site::{Outcome, Site};
use crate::stream::timing::{Timings, patience};
use crate::stream::{EventMark, Hit, Time};

/// What becomes of an answer that a failure strikes.
#[derive(Clone, Copy, Debug)]
pub struct Struck {
    /// How the request ends.
    pub outcome: Outcome,
    /// The mark of the failure.
    pub mark: EventMark,
    /// How much later than usual the visitor has the answer.
    pub later: Time,
    /// Whether the client asks again at once.
    pub asks_again: bool,
}

/// What is needed to make answers slow.
#[derive(Debug)]
pub struct SlowAnswers {
    config: Config,
    effects: MarkEffects,
    timings: Timings,
    load: Load,
}

impl SlowAnswers {
    /// What a scenario needs; `None` if none of its events makes answers slow.
    pub fn of(config: &Config, site: &Site) -> Option<Self> {
        let is_slow = |event: &ScenarioEvent| event.kind == EventKind::SlowResponses;
        let effects = MarkEffects::new(config);
        config.scenario.iter().any(is_slow).then(|| Self {
            config: config.clone(),
            timings: Timings::new(site, effects.clone()),
            effects,
            load: Load::default(),
        })
    }

    /// Begins for a site with this seed, in a run from `origin` on.
    pub fn begin(&mut self, seed: u64, origin: Time) {
        self.load = Load::new(&self.config, seed, origin);
    }

    /// How slow an event of a strength makes answers at `now`, and the first instant at which that may be different.
    pub fn at(&self, event: &ScenarioEvent, strength: f64, now: Time) -> (SlownessNow, Time) {
        let load = self.load.factor(now);
        let factor = factor(event, strength, load.value);
        (Slowness::new(event, &self.config.scenario).ready(factor), load.until)
    }

    /// What becomes of a request with the mark of a slow answer; `None` if it fails anyway.
    pub fn answer(&self, hit: &Hit, mark: EventMark) -> Option<Struck> {
        if hit.outcome.is_failure() {
            return None;
        }
        let marked = Hit { event: mark, ..*hit };
        let slow = self.effects.of(&marked).slow?;
        let takes = self.timings.of(&marked, 0).upstream;
        let usual = self.timings.of(&Hit { event: EventMark::NONE, ..*hit }, 0).upstream;
        let ends = takes.min(slow.timeout);
        let is_person = matches!(hit.kind, ActorKind::Person | ActorKind::Hotlink | ActorKind::App);
        let leaves = is_person && patience(hit.visitor) < ends;
        let outcome = match hit.outcome {
            _ if leaves => Outcome::ClientClosed,
            _ if takes >= slow.timeout => Outcome::GatewayTimeout,
            outcome => outcome,
        };
        Some(Struck { outcome, mark, later: ends.saturating_sub(usual), asks_again: false })
    }
}
