//! The stream: (configuration, seed, start, shard) -> an endless ordered sequence of hits. It is a pure
//! function: no thread, no I/O and no clock may enter here. A live run only waits for the times that the
//! stream names.

pub mod address;
pub mod admission;
pub mod agenda;
pub mod bucket;
pub mod calendar;
pub mod country;
pub mod curve;
pub mod failure;
mod hit;
pub mod noise;
pub mod pattern;
pub mod random;
pub mod sample;
pub mod session;
pub mod site;
pub mod timing;
pub mod visitor;
pub mod wire;

use admission::{Admission, Situation};
use agenda::Agenda;
use bucket::Bucket;
use calendar::Calendar;
pub use hit::{Hit, Method, Referrer, ReferrerKind};
use pattern::Pattern;
use random::{Random, mix};
use sample::Sample;
use session::Session;
pub use session::Walk;
use site::{Outcome, Site};

use crate::config::Config;
use crate::shard::Shard;
pub use crate::time::{SECOND, Time, seconds};

/// By chance alone, hits pile up by a few standard deviations of their number in one think time. The
/// queue holds as many of them as the bucket cannot; this is how many deviations that covers.
const SIGMAS: f64 = 4.0;

/// The seed of a shard's stream. A shard that is the whole site has the seed of the site.
fn own_seed(seed: u64, shard: Shard) -> u64 {
    if shard.is_part() {
        mix(seed ^ mix(u64::from(shard.count) << 32 | u64::from(shard.index)))
    } else {
        seed
    }
}

/// The state in which a stream begins.
struct StreamOpening {
    sample: Sample,
    bucket: Bucket,
    admission: Admission,
    calendar: Calendar<Session>,
    seeds: Random,
    queue_limit: usize,
}

impl StreamOpening {
    fn new(walk: &Walk, config: &Config, seed: u64, start: Time, shard: Shard) -> Self {
        let output = &config.output;
        let rate = shard.part_of(output.rate);
        let pattern = Pattern::new(config.traffic_pattern.clone(), output.timezone.clone(), seed);
        let seed = own_seed(seed, shard);
        let sample = Sample::new(walk, seed);
        let bucket = Bucket::new(pattern, rate, output.burst_seconds, shard.phase(), start);
        let chance = SIGMAS * libm::sqrt(rate * sample.mean_think());
        let queue_limit = (chance - bucket.burst()).max(0.0) as usize;
        Self {
            admission: Admission::new(seed, start, &bucket, queue_limit, &sample),
            calendar: Calendar::new(start, walk.longest_think(), seconds(1.0 / rate)),
            seeds: Random::for_purpose(seed, 1),
            sample,
            bucket,
            queue_limit,
        }
    }
}

/// The endless sequence of hits of one configuration, seed, start and shard.
#[derive(Debug)]
pub struct Stream {
    walk: Walk,
    sample: Sample,
    bucket: Bucket,
    admission: Admission,
    seeds: Random,
    calendar: Calendar<Session>,
    /// Sessions whose hit is due but found no token, ordered by when their patience ends.
    queue: Agenda<Session>,
    queue_limit: usize,
    now: Time,
    /// The next hit: made already, but not given out.
    next: Hit,
}

impl Stream {
    /// The stream of the whole site from `start` on.
    pub fn new(config: &Config, seed: u64, start: Time) -> Self {
        Self::of_shard(config, seed, start, Shard::WHOLE)
    }

    /// The stream of one shard of the site from `start` on: its share of the rate, made by visitors of its own.
    pub fn of_shard(config: &Config, seed: u64, start: Time, shard: Shard) -> Self {
        Self::over(Walk::new(config), config, seed, start, shard)
    }

    /// [`Stream::of_shard`] over a walk made earlier from the same configuration. For a site with a
    /// million products, making the walk takes seconds; a caller that does so before it picks `start`
    /// misses no hits meanwhile.
    pub fn over(walk: Walk, config: &Config, seed: u64, start: Time, shard: Shard) -> Self {
        let StreamOpening { sample, bucket, admission, calendar, seeds, queue_limit } =
            StreamOpening::new(&walk, config, seed, start, shard);
        let mut stream = Self {
            walk,
            sample,
            bucket,
            admission,
            calendar,
            seeds,
            queue: Agenda::default(),
            queue_limit,
            now: start,
            next: Hit {
                time: start,
                visitor: 0,
                url: 0,
                referrer: Referrer::NONE,
                method: Method::Get,
                outcome: Outcome::Success,
                logged_in: false,
                connection: 0,
                on_connection: 1,
            },
        };
        stream.open();
        stream
    }

    /// Restarts the stream with another seed at `start`, for the same configuration and shard. The
    /// result is that of [`Stream::of_shard`], without building the site again.
    pub fn begin_anew(&mut self, config: &Config, seed: u64, start: Time, shard: Shard) {
        let opening = StreamOpening::new(&self.walk, config, seed, start, shard);
        let StreamOpening { sample, bucket, admission, calendar, seeds, queue_limit } = opening;
        self.sample = sample;
        self.bucket = bucket;
        self.admission = admission;
        self.calendar = calendar;
        self.seeds = seeds;
        self.queue = Agenda::default();
        self.queue_limit = queue_limit;
        self.now = start;
        self.open();
    }

    fn open(&mut self) {
        self.steer();
        self.next = self.make();
    }

    /// The site that the visitors walk.
    pub fn site(&self) -> &Site {
        self.walk.site()
    }

    /// The time of the next hit.
    pub fn next_time(&self) -> Time {
        self.next.time
    }

    /// How many sessions are between two hits.
    pub fn live_sessions(&self) -> usize {
        self.calendar.len() + self.queue.len()
    }

    /// Appends the hits up to and including `until` to `hits`, at most `limit` of them.
    pub fn fill(&mut self, until: Time, limit: usize, hits: &mut Vec<Hit>) {
        for _ in 0..limit {
            if self.next.time > until {
                return;
            }
            hits.push(self.next_hit());
        }
    }

    /// Leaves out the hits up to and including `until`, at most `limit` of them, and returns how many.
    pub fn skip(&mut self, until: Time, limit: u64) -> u64 {
        let mut skipped = 0;
        while self.next.time <= until && skipped < limit {
            self.next_hit();
            skipped += 1;
        }
        skipped
    }

    /// Takes the next hit.
    #[inline]
    pub fn next_hit(&mut self) -> Hit {
        let next = self.make();
        std::mem::replace(&mut self.next, next)
    }

    /// Runs the simulation until it yields a hit.
    #[inline]
    fn make(&mut self) -> Hit {
        loop {
            let ready = self.bucket.ready();
            let queued = if self.queue.is_empty() { Time::MAX } else { ready.max(self.now) };
            let arrival = self.admission.next();
            let opening = self.admission.next_opening();
            let forced = self.bucket.overdue();
            let turn = self.bucket.stretch_end();
            let other = queued.min(arrival).min(opening).min(forced).min(turn);
            if let Some(due) = self.calendar.next_due(other)
                && due < queued
                && due < turn
            {
                self.now = due;
                let session = self.calendar.take();
                if due >= ready {
                    return self.hit(session);
                }
                if self.queue.len() < self.queue_limit {
                    self.queue.add(session.due + session.patience(), session);
                }
                continue;
            }
            self.now = other.max(self.now);
            if other == turn {
                self.bucket.turn();
                self.steer();
            } else if other == queued {
                if let Some((patience_ends, session)) = self.queue.take()
                    && patience_ends >= self.now
                {
                    return self.hit(session);
                }
            } else if other == forced {
                let like = self.admission.under_way(self.now, &self.sample);
                return self.start(like);
            } else if other == opening {
                if let Some(like) = self.admission.open(self.now, &self.sample)
                    && self.now >= ready
                {
                    return self.start(Some(like));
                }
            } else {
                self.admission.arrived(self.now);
                if self.now >= ready {
                    return self.start(None);
                }
            }
        }
    }

    /// Starts a session with a hit: a copy of the session `like` of the sample, or a new one.
    fn start(&mut self, like: Option<usize>) -> Hit {
        let session = match like {
            Some(moment) => {
                self.walk.someone_like(self.sample.session(moment), self.now, &mut self.seeds)
            }
            None => self.walk.start(self.now, &mut self.seeds),
        };
        let hit = self.hit(session);
        self.steer();
        hit
    }

    #[inline]
    fn hit(&mut self, mut session: Session) -> Hit {
        let (hit, goes_on) = self.walk.hit(&mut session, self.now);
        self.bucket.take();
        if goes_on {
            self.calendar.add(session);
        }
        if self.admission.wants_steering(self.now) {
            self.steer();
        }
        hit
    }

    fn steer(&mut self) {
        let situation = Situation {
            target: self.bucket.target(self.now),
            deficit: self.bucket.deficit(self.now),
            queued: self.queue.len(),
            thinking: self.calendar.len(),
        };
        self.admission.steer(self.now, situation, &self.sample);
    }
}
