//! The stream: (configuration, seed, start, shard) -> an endless ordered sequence of hits. It is a pure
//! function: no thread, no I/O and no clock may enter here. A live run only waits for the times that the
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

use attack::waves::Attacks;
use engine::HitEngine;
pub use hit::{Credentials, Hit, Protocol, Referrer, ReferrerKind};
pub use method::Method;
pub use scenario::marks::EventMark;
use scenario::spoils::Spoils;
use session::Walk;
use site::Site;
use traffic::Traffic;
use visits::Visits;

use crate::config::Config;
use crate::shard::Shard;
pub use crate::time::{SECOND, Time, seconds};

/// The endless sequence of hits of one configuration, seed, start and shard.
#[derive(Debug)]
pub struct Stream {
    engine: StreamEngine,
    /// The attacks of a scenario, whose lines come in addition.
    attacks: Option<Box<Attacks>>,
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
        let attacks = Attacks::new(config, seed, start, shard).map(Box::new);
        let spoils = Spoils::new(config, seed, start).map(Box::new);
        Self { engine, attacks, spoils }
    }

    /// Restarts the stream with another seed at `start`, for the same configuration and shard. The
    /// result is that of [`Stream::of_shard`], without building the site again.
    pub fn begin_anew(&mut self, config: &Config, seed: u64, start: Time, shard: Shard) {
        engine!(mut self, engine => engine.begin_anew(config, seed, start, shard));
        self.attacks = Attacks::new(config, seed, start, shard).map(Box::new);
        self.spoils = Spoils::new(config, seed, start).map(Box::new);
    }

    /// The site that is visited.
    pub fn site(&self) -> &Site {
        engine!(self, engine => engine.visits().site())
    }

    /// The time of the next hit.
    pub fn next_time(&self) -> Time {
        engine!(self, engine => engine.next_time()).min(self.next_attack())
    }

    /// When the next line of an attack comes; `Time::MAX` for never.
    #[inline]
    fn next_attack(&self) -> Time {
        self.attacks.as_ref().map_or(Time::MAX, |attacks| attacks.next_time())
    }

    /// Takes the next line of an attack.
    fn attack(&mut self) -> Hit {
        let plans = match &self.engine {
            StreamEngine::Walk(engine) => engine.visits().site().attacks(),
            StreamEngine::Traffic(engine) => engine.visits().site().attacks(),
        };
        let attacks = self.attacks.as_mut().expect("there is an attack that has a next line");
        attacks.next_hit(plans)
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
            let attack = self.next_attack();
            let left = full - hits.len();
            // At the same instant, the visitors go first.
            engine!(mut self, engine => engine.fill(until.min(attack), left, hits));
            if hits.len() == full || attack > until {
                return;
            }
            hits.push(self.attack());
        }
    }

    /// Leaves out the hits up to and including `until`, at most `limit` of them, and returns how many.
    pub fn skip(&mut self, until: Time, limit: u64) -> u64 {
        let mut skipped = 0;
        loop {
            let attack = self.next_attack();
            let left = limit - skipped;
            skipped += engine!(mut self, engine => engine.skip(until.min(attack), left));
            if skipped == limit || attack > until {
                return skipped;
            }
            self.attack();
            skipped += 1;
        }
    }

    /// Takes the next hit.
    pub fn next_hit(&mut self) -> Hit {
        let is_attack = self.next_attack() < engine!(self, engine => engine.next_time());
        let mut hit =
            if is_attack { self.attack() } else { engine!(mut self, engine => engine.next_hit()) };
        if let Some(spoils) = &mut self.spoils {
            spoils.mark(std::slice::from_mut(&mut hit));
        }
        hit
    }
}
