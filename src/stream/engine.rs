//! The engine of the stream: it decides which visitor's hit comes next and when, so that the lines follow the rate. What a visit
//! consists of is the business of the [`Visits`] that it is made for. No thread, no I/O and no clock may enter here.

use super::admission::{Admission, Situation};
use super::agenda::Agenda;
use super::bucket::Bucket;
use super::calendar::{Calendar, Due};
use super::pattern::Pattern;
use super::random::{Random, mix};
use super::sample::Sample;
use super::visits::Visits;
use super::{Hit, SECOND, Time, seconds};
use crate::config::Config;
use crate::shard::Shard;

/// By chance alone, hits pile up by a few standard deviations of their number in one think time. The
/// queue holds as many of them as the bucket cannot; this is how many deviations that covers.
const SIGMAS: f64 = 4.0;
/// The furthest that a calendar reaches, ns: a day.
const LONGEST_HORIZON: Time = 86_400 * SECOND;

/// The seed of a shard's stream. A shard that is the whole site has the seed of the site.
fn own_seed(seed: u64, shard: Shard) -> u64 {
    if shard.is_part() {
        mix(seed ^ mix(u64::from(shard.count) << 32 | u64::from(shard.index)))
    } else {
        seed
    }
}

/// How many hits may wait for a token.
fn queue_limit<V: Visits>(rate: f64, sample: &Sample<V::Session>, bucket: &Bucket) -> usize {
    let chance = SIGMAS * libm::sqrt(rate * sample.mean_think());
    (chance - bucket.burst()).max(f64::from(2 * V::MOST_PARTS)) as usize
}

/// The state in which a stream begins.
struct StreamOpening<V: Visits> {
    sample: Sample<V::Session>,
    bucket: Bucket,
    admission: Admission,
    calendar: Calendar<V::Session>,
    seeds: Random,
    queue_limit: usize,
}

impl<V: Visits> StreamOpening<V> {
    fn new(visits: &mut V, config: &Config, seed: u64, start: Time, shard: Shard) -> Self {
        let output = &config.output;
        let rate = shard.part_of(output.rate);
        let pattern = Pattern::of(config, seed, start);
        let seed = own_seed(seed, shard);
        let sample = Sample::new(visits, seed);
        let bucket = Bucket::new(pattern, rate, config.burst_seconds(shard), shard.phase(), start);
        let queue_limit = queue_limit::<V>(rate, &sample, &bucket);
        Self {
            admission: Admission::new(seed, start, &bucket, queue_limit, V::LUMPS, &sample),
            calendar: Calendar::new(start, visits.longest_think(), seconds(1.0 / rate)),
            seeds: Random::for_purpose(seed, 1),
            sample,
            bucket,
            queue_limit,
        }
    }
}

/// The endless sequence of hits of one configuration, seed, start and shard, made by one kind of visits.
#[derive(Debug)]
pub struct HitEngine<V: Visits> {
    visits: V,
    sample: Sample<V::Session>,
    bucket: Bucket,
    admission: Admission,
    seeds: Random,
    calendar: Calendar<V::Session>,
    /// Sessions whose hit is due but found no token, ordered by when their patience ends.
    queue: Agenda<V::Session>,
    queue_limit: usize,
    /// How many tokens pages have reserved for hits that are to come.
    reserved: u32,
    now: Time,
    /// The next hit: made already, but not given out.
    next: Hit,
}

impl<V: Visits> HitEngine<V> {
    /// The stream of a shard's visits from `start` on.
    pub fn new(mut visits: V, config: &Config, seed: u64, start: Time, shard: Shard) -> Self {
        visits.begin_stream(seed, own_seed(seed, shard), start, shard);
        let opening = StreamOpening::new(&mut visits, config, seed, start, shard);
        let StreamOpening { sample, bucket, admission, calendar, seeds, queue_limit } = opening;
        let mut engine = Self {
            visits,
            sample,
            bucket,
            admission,
            calendar,
            seeds,
            queue: Agenda::default(),
            queue_limit,
            reserved: 0,
            now: start,
            next: Hit::at(start),
        };
        engine.open();
        engine
    }

    /// Restarts the stream with another seed at `start`, for the same configuration and shard. The
    /// result is that of [`HitEngine::new`], without building the site again.
    pub fn begin_anew(&mut self, config: &Config, seed: u64, start: Time, shard: Shard) {
        self.visits.begin_stream(seed, own_seed(seed, shard), start, shard);
        let opening = StreamOpening::new(&mut self.visits, config, seed, start, shard);
        let StreamOpening { sample, bucket, admission, calendar, seeds, queue_limit } = opening;
        self.sample = sample;
        self.bucket = bucket;
        self.admission = admission;
        self.calendar = calendar;
        self.seeds = seeds;
        self.queue = Agenda::default();
        self.queue_limit = queue_limit;
        self.reserved = 0;
        self.now = start;
        self.open();
    }

    /// Goes on from `at` with another configuration of the same site and the same visitors. Sessions under way go on. The hits
    /// before `at` must have been taken. Returns the one behind them, which was made already.
    pub fn go_on(
        &mut self,
        config: &Config,
        (seed, start): (u64, Time),
        at: Time,
        shard: Shard,
    ) -> Hit {
        self.visits.follow(config, seed, start);
        let rate = shard.part_of(config.output.rate);
        let pattern = Pattern::of(config, seed, start);
        self.bucket = self.bucket.refitted(pattern, rate, config.burst_seconds(shard), at);
        self.queue_limit = queue_limit::<V>(rate, &self.sample, &self.bucket);
        self.admission.follow(at, &self.bucket, self.queue_limit, V::LUMPS);
        self.refill_calendar(at, rate);
        self.now = at;
        let made = self.next;
        self.open();
        made
    }

    /// Makes a calendar that opens at `at`, where sessions come back at another pace.
    fn refill_calendar(&mut self, at: Time, rate: f64) {
        // The hit that was made already may be long after `at`, and sessions were put off until then.
        let horizon =
            (self.now - at).saturating_add(self.visits.longest_think()).min(LONGEST_HORIZON);
        let mut calendar = Calendar::new(at, horizon, seconds(1.0 / rate));
        while self.calendar.next_due(Time::MAX).is_some() {
            let session = self.calendar.take();
            if session.due() <= at.saturating_add(horizon) {
                calendar.add(session);
            } else {
                // It would come back after more than a day, and has left.
                self.reserved -= V::reserved(&session);
            }
        }
        self.calendar = calendar;
    }

    fn open(&mut self) {
        self.steer();
        self.make();
    }

    /// The visits that the hits belong to.
    pub fn visits(&self) -> &V {
        &self.visits
    }

    /// The same, to add to their site.
    pub fn visits_mut(&mut self) -> &mut V {
        &mut self.visits
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
            hits.push(self.next);
            self.make();
        }
    }

    /// Leaves out the hits up to and including `until`, at most `limit` of them, and returns how many.
    pub fn skip(&mut self, until: Time, limit: u64) -> u64 {
        let mut skipped = 0;
        while self.next.time <= until && skipped < limit {
            self.make();
            skipped += 1;
        }
        skipped
    }

    /// Takes the next hit.
    #[inline]
    pub fn next_hit(&mut self) -> Hit {
        let next = self.next;
        self.make();
        next
    }

    /// Runs the simulation until it yields the next hit. That is put where it stays until it is given out: a processor waits where it
    /// reads as a whole what it has just written in parts.
    #[inline]
    fn make(&mut self) {
        loop {
            let most = self.reserved + V::MOST_PARTS;
            let queued = if self.queue.is_empty() {
                Time::MAX
            } else {
                self.bucket.ready_for(most).max(self.now)
            };
            let arrival = self.admission.next();
            let opening = self.admission.next_opening();
            let turn = self.bucket.stretch_end();
            let other = queued.min(arrival).min(opening).min(turn);
            let forced = self.bucket.overdue(other);
            let other = other.min(forced);
            if let Some(due) = self.calendar.next_due(other)
                && due < queued
                && due < turn
            {
                self.now = due;
                if self.come(due, most) {
                    return;
                }
                continue;
            }
            self.now = other.max(self.now);
            if other == turn {
                self.bucket.turn();
                self.steer();
            } else if other == queued {
                if let Some((patience_ends, mut session)) = self.queue.take()
                    && patience_ends >= self.now
                {
                    V::put_off(&mut session, self.now);
                    return self.hit(session);
                }
            } else if other == forced {
                let like = self.admission.under_way(self.now, &self.sample);
                return self.start(like);
            } else if other == opening {
                if let Some(like) = self.admission.open(self.now, &self.sample)
                    && self.bucket.is_ready(self.now, most)
                {
                    return self.start(Some(like));
                }
            } else {
                self.admission.arrived(self.now);
                if self.bucket.is_ready(self.now, most) {
                    return self.start(None);
                }
            }
        }
    }

    /// Makes the hit of the session that is due, if there is a token for it and for the lines that it may bring along. If there are
    /// `most` more, that is certain. Returns whether there is a hit.
    #[inline(always)]
    fn come(&mut self, due: Time, most: u32) -> bool {
        let first = self.calendar.first();
        if V::is_part(first) {
            if self.bucket.is_ready(due, 0) {
                self.part();
                return true;
            }
            let until = self.bucket.ready_for(0).min(self.bucket.stretch_end());
            V::put_off(first, until);
            self.calendar.put_back();
            return false;
        }
        let session = self.calendar.take();
        if self.bucket.is_ready(due, most)
            || self.bucket.is_ready(due, self.reserved + self.visits.parts(&session))
        {
            self.hit(session);
            return true;
        }
        if self.queue.len() < self.queue_limit {
            self.queue.add(session.due() + V::patience(&session), session);
        }
        false
    }

    /// Starts a session with a hit: a copy of the session `like` of the sample, or a new one.
    fn start(&mut self, like: Option<usize>) {
        let session = match like {
            Some(moment) => {
                self.visits.someone_like(self.sample.session(moment), self.now, &mut self.seeds)
            }
            None => self.visits.start(self.now, &mut self.seeds),
        };
        // A session under way may be in the midst of a page.
        self.reserved += V::reserved(&session);
        self.hit(session);
        if V::LUMPS <= 1.0 {
            self.steer();
        }
    }

    /// The hit of the calendar's first session, which belongs to a page. The session stays where it is: mostly, the next part of the
    /// page is due soon.
    #[inline]
    fn part(&mut self) {
        let session = self.calendar.first();
        self.reserved -= V::reserved(session);
        let (hit, goes_on) = self.visits.hit(session, self.now);
        self.next = hit;
        self.bucket.take();
        if goes_on {
            self.reserved += V::reserved(session);
            self.calendar.put_back();
        } else {
            self.calendar.take();
        }
        if self.admission.wants_steering(self.now) {
            self.steer();
        }
    }

    #[inline]
    fn hit(&mut self, mut session: V::Session) {
        self.reserved -= V::reserved(&session);
        let (hit, goes_on) = self.visits.hit(&mut session, self.now);
        self.next = hit;
        self.bucket.take();
        if goes_on {
            self.reserved += V::reserved(&session);
            self.calendar.add(session);
        }
        if self.admission.wants_steering(self.now) {
            self.steer();
        }
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
