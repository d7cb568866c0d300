//! The stream: (configuration, seed, start, shard, acts) -> an endless ordered sequence of hits. An act is another configuration
//! that comes into force at a time. It is a pure function: no thread, no I/O and no clock may enter here. A live run only waits for the times that the
//! stream names.

pub mod actor_kind;
pub mod address;
pub mod admission;
pub mod agenda;
pub mod attack;
pub mod body;
pub mod bucket;
pub mod calendar;
pub mod connection;
pub mod country;
pub mod curve;
pub mod engine;
pub mod failure;
mod hit;
pub mod method;
pub mod noise;
mod overlay;
pub mod pattern;
pub mod quantiles;
pub mod random;
pub mod sample;
pub mod scenario;
pub mod session;
pub mod site;
pub mod timing;
pub mod traffic;
pub mod visitor;
pub mod visits;
pub mod wire;

use std::collections::VecDeque;
use std::sync::Arc;

use attack::waves::Attacks;
use engine::HitEngine;
pub use hit::{Credentials, Hit, Protocol, Referrer, ReferrerKind};
pub use method::Method;
use overlay::Overlay;
pub use scenario::marks::EventMark;
use scenario::spoils::Spoils;
use session::Walk;
use site::Site;
use traffic::Traffic;
use visits::Visits;

use crate::config::event_kind::EventClass;
use crate::config::{Config, ScenarioEvent};
use crate::shard::Shard;
pub use crate::time::{SECOND, Time, seconds};

/// The endless sequence of hits of one configuration, seed, start and shard, and of the acts that it is told.
#[derive(Debug)]
pub struct Stream {
    engine: StreamEngine,
    overlay: Overlay,
    seed: u64,
    start: Time,
    shard: Shard,
    /// The configurations that are to come into force, each with its time, in their order.
    to_come: VecDeque<(Time, Arc<Config>)>,
    /// What a scenario does to the lines of the log.
    spoils: Option<Box<Spoils>>,
}

/// The engine of a stream, by what its visits are made of.
#[derive(Debug)]
enum StreamEngine {
    /// The states of the configuration.
    Walk(Box<HitEngine<Walk>>),
    /// Visitors of all kinds.
    Traffic(Box<HitEngine<Traffic>>),
}

/// What visitors do on the site of a configuration: all that takes long to make before a stream begins.
#[derive(Debug)]
pub enum Behaviour {
    /// The states of the configuration.
    Walk(Box<Walk>),
    /// Visitors of all kinds.
    Traffic(Box<Traffic>),
}

impl Behaviour {
    /// The behaviour that a configuration describes.
    pub fn new(config: &Config) -> Self {
        match config.profile {
            None => Self::Walk(Walk::new(config).into()),
            Some(_) => Self::Traffic(Traffic::new(config).into()),
        }
    }

    /// The site that is visited.
    pub fn site(&self) -> &Site {
        match self {
            Self::Walk(walk) => walk.site(),
            Self::Traffic(traffic) => traffic.site(),
        }
    }

    /// The same behaviour for another configuration of the same site and the same visitors.
    fn follow(&mut self, config: &Config, seed: u64, start: Time) {
        match self {
            Self::Walk(walk) => walk.follow(config, seed, start),
            Self::Traffic(traffic) => traffic.follow(config, seed, start),
        }
    }
}

/// Calls the engine, of whichever type.
macro_rules! engine {
    ($stream:expr, $engine:ident => $call:expr) => {
        match &$stream.engine {
            StreamEngine::Walk($engine) => $call,
            StreamEngine::Traffic($engine) => $call,
        }
    };
    (mut $stream:expr, $engine:ident => $call:expr) => {
        match &mut $stream.engine {
            StreamEngine::Walk($engine) => $call,
            StreamEngine::Traffic($engine) => $call,
        }
    };
}

impl Stream {
    /// The stream of the whole site from `start` on.
    pub fn new(config: &Config, seed: u64, start: Time) -> Self {
        Self::of_shard(config, seed, start, Shard::WHOLE)
    }

    /// The stream of one shard of the site from `start` on: its share of the rate, made by visitors of its own.
    pub fn of_shard(config: &Config, seed: u64, start: Time, shard: Shard) -> Self {
        Self::over(Behaviour::new(config), config, seed, start, shard)
    }

    /// [`Stream::of_shard`] with a behaviour made earlier from the same configuration. For a site with a
    /// million products, making it takes seconds; a caller that does so before it picks `start`
    /// misses no hits meanwhile.
    pub fn over(
        behaviour: Behaviour,
        config: &Config,
        seed: u64,
        start: Time,
        shard: Shard,
    ) -> Self {
        let engine = match behaviour {
            Behaviour::Walk(walk) => {
                StreamEngine::Walk(HitEngine::new(*walk, config, seed, start, shard).into())
            }
            Behaviour::Traffic(traffic) => {
                StreamEngine::Traffic(HitEngine::new(*traffic, config, seed, start, shard).into())
            }
        };
        let overlay = Overlay::new(Attacks::new(config, seed, start, shard));
        let spoils = Spoils::new(config, seed, start).map(Box::new);
        Self { engine, overlay, spoils, seed, start, shard, to_come: VecDeque::new() }
    }

    /// The stream of a shard in which other configurations come into force, as [`Stream::steer`] has it: all of them are known
    /// before it begins.
    pub fn steered(
        config: &Config,
        seed: u64,
        start: Time,
        shard: Shard,
        to_come: Vec<(Time, Arc<Config>)>,
    ) -> Self {
        let Some((_, last)) = to_come.last() else {
            return Self::of_shard(config, seed, start, shard);
        };
        // The site of the last has all that those before it have, in the same places.
        let of_site = Config { scenario: last.scenario.clone(), ..config.clone() };
        let mut behaviour = Behaviour::new(&of_site);
        behaviour.follow(config, seed, start);
        let stream = Self::over(behaviour, config, seed, start, shard);
        Self { to_come: to_come.into(), ..stream }
    }

    /// Has a configuration of the same site and the same visitors come into force at `at`, when no hit from then on has been
    /// taken, and no other comes into force later. Sessions under way go on.
    pub fn steer(&mut self, at: Time, config: Arc<Config>) {
        let is_attack = |event: &&ScenarioEvent| event.kind.class() == EventClass::Attack;
        let attacks = config.scenario.iter().filter(is_attack).count();
        if self.site().has_traffic() && attacks > self.site().attacks().len() {
            let site = Site::new(&config);
            engine!(mut self, engine => *engine.visits_mut().site_mut() = site);
        }
        self.to_come.push_back((at, config));
    }

    /// When another configuration comes into force; `Time::MAX` for never.
    #[inline]
    fn next_turn(&self) -> Time {
        self.to_come.front().map_or(Time::MAX, |(at, _)| *at)
    }

    /// Goes on with the next configuration.
    fn turn(&mut self) {
        let Some((at, config)) = self.to_come.pop_front() else { return };
        let Self { seed, start, shard, .. } = *self;
        let made = engine!(mut self, engine => engine.go_on(&config, (seed, start), at, shard));
        let mut attacks = Attacks::new(&config, seed, start, shard);
        let plans = engine!(self, engine => engine.visits().site().attacks());
        if let Some(attacks) = &mut attacks {
            attacks.skip_to(at, plans);
        }
        self.overlay.go_on(attacks, made);
        // Of lines before `at`, they say the same as those before them.
        self.spoils = Spoils::new(&config, seed, start).map(Box::new);
    }

    /// Restarts the stream with another seed at `start`, for the same configuration and shard. The
    /// result is that of [`Stream::of_shard`], without building the site again.
    pub fn begin_anew(&mut self, config: &Config, seed: u64, start: Time, shard: Shard) {
        engine!(mut self, engine => engine.begin_anew(config, seed, start, shard));
        self.overlay = Overlay::new(Attacks::new(config, seed, start, shard));
        (self.seed, self.start, self.shard) = (seed, start, shard);
        self.to_come.clear();
        self.spoils = Spoils::new(config, seed, start).map(Box::new);
    }

    /// The site that is visited.
    pub fn site(&self) -> &Site {
        engine!(self, engine => engine.visits().site())
    }

    /// The time of the next hit, or when another configuration comes into force if that is first.
    pub fn next_time(&self) -> Time {
        let engine = engine!(self, engine => engine.next_time());
        engine.min(self.overlay.next_time()).min(self.next_turn())
    }

    /// Takes the next hit of the overlay.
    fn overlaid(&mut self) -> Hit {
        let plans = match &self.engine {
            StreamEngine::Walk(engine) => engine.visits().site().attacks(),
            StreamEngine::Traffic(engine) => engine.visits().site().attacks(),
        };
        self.overlay.next_hit(plans)
    }

    /// How many sessions are between two hits.
    pub fn live_sessions(&self) -> usize {
        engine!(self, engine => engine.live_sessions())
    }

    /// Appends the hits up to and including `until` to `hits`, at most `limit` of them.
    pub fn fill(&mut self, until: Time, limit: usize, hits: &mut Vec<Hit>) {
        let before = hits.len();
        self.fill_whole(until, limit, hits);
        if let Some(spoils) = &mut self.spoils {
            spoils.mark(&mut hits[before..]);
        }
    }

    /// [`Stream::fill`] before lines are spoilt.
    fn fill_whole(&mut self, until: Time, limit: usize, hits: &mut Vec<Hit>) {
        let full = hits.len().saturating_add(limit);
        loop {
            let (overlaid, turn) = (self.overlay.next_time(), self.next_turn());
            let left = full - hits.len();
            // At the same instant, the engine's hits go first.
            let end = until.min(overlaid).min(turn - 1);
            engine!(mut self, engine => engine.fill(end, left, hits));
            if hits.len() == full {
                return;
            }
            if turn <= until && turn <= overlaid {
                self.turn();
            } else if overlaid <= until {
                hits.push(self.overlaid());
            } else {
                return;
            }
        }
    }

    /// Leaves out the hits up to and including `until`, at most `limit` of them, and returns how many.
    pub fn skip(&mut self, until: Time, limit: u64) -> u64 {
        let mut skipped = 0;
        loop {
            let (overlaid, turn) = (self.overlay.next_time(), self.next_turn());
            let left = limit - skipped;
            let end = until.min(overlaid).min(turn - 1);
            skipped += engine!(mut self, engine => engine.skip(end, left));
            if skipped == limit {
                return skipped;
            }
            if turn <= until && turn <= overlaid {
                self.turn();
            } else if overlaid <= until {
                self.overlaid();
                skipped += 1;
            } else {
                return skipped;
            }
        }
    }

    /// Takes the next hit.
    pub fn next_hit(&mut self) -> Hit {
        let mut hit = self.next_whole();
        if let Some(spoils) = &mut self.spoils {
            spoils.mark(std::slice::from_mut(&mut hit));
        }
        hit
    }

    /// [`Stream::next_hit`] before lines are spoilt.
    fn next_whole(&mut self) -> Hit {
        loop {
            let engine = engine!(self, engine => engine.next_time());
            let (overlaid, turn) = (self.overlay.next_time(), self.next_turn());
            if turn <= engine && turn <= overlaid {
                self.turn();
            } else if overlaid < engine {
                return self.overlaid();
            } else {
                return engine!(mut self, engine => engine.next_hit());
            }
        }
    }
}
