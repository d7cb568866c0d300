//! Who comes in: new sessions arrive as a Poisson process whose rate is steered so that the lines
//! of all sessions together follow the target, and the run opens on sessions already under way.
//!
//! With M sessions between two hits and a mean think time T, M / T lines per second come by
//! themselves. New sessions arrive at what is missing, r - M / T, plus a share of the deficit that
//! has built up: the deficit then dies away exponentially whatever M does, and never faster than
//! chance builds it up within the bucket.

use super::bucket::Bucket;
use super::random::Random;
use super::sample::Sample;
use super::{SECOND, Time};

/// At most this often is the arrival rate set anew, while lines go.
const STEERED_EVERY: Time = SECOND / 200;
/// Standard deviations of the deficit that bucket and queue are to hold on either side.
const SIGMAS: f64 = 4.0;
/// The deficit is worked off in half a second at the fastest, in 20 s at the slowest.
const STRENGTH: std::ops::RangeInclusive<f64> = 0.05..=2.0;

/// The arrivals of a run.
#[derive(Debug)]
pub struct Admission {
    random: Random,
    /// 1 / mean think time, per second.
    per_session: f64,
    /// The part of the deficit that is worked off in a second.
    strength: f64,
    /// Arrivals per ns.
    rate: f64,
    /// Mean arrivals until the next.
    wait: f64,
    steered: Time,
    next: Time,
    opening: Option<Opening>,
}

/// The sessions under way when the run begins. Each makes its first hit of the run when the think
/// time that it began before the start is over.
#[derive(Debug)]
struct Opening {
    start: Time,
    /// Candidates per ns; a candidate comes if its think time is longer than the run is old.
    rate: f64,
    next: Time,
}

/// What the steering looks at.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The target rate, lines per second.
    pub target: f64,
    /// Lines behind the target.
    pub deficit: f64,
    /// Hits that are due and have no token.
    pub queued: usize,
    /// Sessions between two hits.
    pub thinking: usize,
}

impl Admission {
    /// Arrivals from `start` on, where `bucket` opens and `queue_limit` hits can wait for a token.
    pub fn new(
        seed: u64,
        start: Time,
        bucket: &Bucket,
        queue_limit: usize,
        sample: &Sample,
    ) -> Self {
        let mut random = Random::for_purpose(seed, 2);
        // Lines that come by chance and are worked off at `strength` a second keep a variance of
        // rate / (2 strength).
        let room = (bucket.burst() + 1.0 + queue_limit as f64) * 0.5;
        let strength = SIGMAS * SIGMAS * bucket.rate() / (2.0 * room * room);
        let rate = bucket.target() * sample.returning_share() / SECOND as f64;
        let opening = (rate > 0.0).then(|| Opening {
            start,
            rate,
            next: after(start, random.exponential() / rate),
        });
        let wait = random.exponential();
        Self {
            random,
            per_session: 1.0 / sample.mean_think(),
            strength: strength.clamp(*STRENGTH.start(), *STRENGTH.end()),
            rate: 0.0,
            wait,
            steered: start,
            next: Time::MAX,
            opening,
        }
    }

    /// The time of the next arrival as steered now.
    #[inline]
    pub fn next(&self) -> Time {
        self.next
    }

    /// The time of the next candidate of the opening.
    #[inline]
    pub fn next_opening(&self) -> Time {
        self.opening.as_ref().map_or(Time::MAX, |opening| opening.next)
    }

    /// Whether it is time to steer.
    #[inline]
    pub fn wants_steering(&self, now: Time) -> bool {
        now - self.steered >= STEERED_EVERY
    }

    /// Sets the arrival rate by the situation at `now`.
    pub fn steer(&mut self, now: Time, situation: Situation, sample: &Sample) {
        self.wait -= self.rate * (now - self.steered) as f64;
        self.steered = now;
        let to_come = self
            .opening
            .as_ref()
            .map_or(0.0, |opening| sample.thinking_beyond(now - opening.start) * opening.rate);
        let by_themselves = (situation.thinking as f64 + to_come) * self.per_session;
        let behind = situation.deficit - situation.queued as f64;
        let missing = situation.target - by_themselves + behind * self.strength;
        self.rate = missing.max(0.0) / SECOND as f64;
        self.next =
            if self.rate > 0.0 { after(now, self.wait.max(0.0) / self.rate) } else { Time::MAX };
    }

    /// The arrival at [`Admission::next`] has been dealt with.
    pub fn arrived(&mut self, now: Time) {
        self.wait = self.random.exponential();
        self.steered = now;
        self.next = after(now, self.wait / self.rate);
    }

    /// The candidate at [`Admission::next_opening`]: which session of the sample it is, if it comes.
    pub fn open(&mut self, now: Time, sample: &Sample) -> Option<usize> {
        let opening = self.opening.as_mut()?;
        opening.next = after(now, self.random.exponential() / opening.rate);
        let age = now - opening.start;
        if age >= sample.longest_think() {
            self.opening = None;
            return None;
        }
        let candidate = self.random.below(sample.len() as u64) as usize;
        (sample.think(candidate) > age).then_some(candidate)
    }

    /// For a session that must start at once because the bucket is full: like whom, if it is to be
    /// one already under way.
    pub fn under_way(&mut self, now: Time, sample: &Sample) -> Option<usize> {
        let age = now - self.opening.as_ref()?.start;
        // The two kinds of arrivals, in proportion: candidates of the opening whose think time is
        // over are nobody.
        while age < sample.longest_think() && self.random.happens(sample.returning_chance()) {
            let candidate = self.random.below(sample.len() as u64) as usize;
            if sample.think(candidate) > age {
                return Some(candidate);
            }
        }
        None
    }
}

/// `wait` ns after `now`, or never.
fn after(now: Time, wait: f64) -> Time {
    now.saturating_add(wait as Time)
}
