//! Who comes in: new sessions arrive as a Poisson process. Its rate is steered so that the lines of all
//! sessions together follow the target. A run opens with sessions that are already under way.
//!
//! With M sessions between two hits and a mean think time T, M / T lines per second come without new
//! sessions. New sessions arrive at the missing rate, r - M / T, plus a share of the deficit that has
//! built up. So the deficit decays exponentially whatever M does, and never faster than chance builds it
//! up within the bucket.

use super::bucket::Bucket;
use super::calendar::Due;
use super::random::Random;
use super::sample::Sample;
use super::{SECOND, Time, seconds};

/// The shortest time between two adjustments of the arrival rate while lines are going out.
const STEERED_EVERY: Time = SECOND / 200;
/// Where lines come in lumps, the bucket holds hundreds of them, and it is enough to steer after so many.
const LINES_UNSTEERED: f64 = 2.0;
/// In units of the time between two adjustments, how far the next arrival may be away before each hit steers: at a rate that
/// was low for a moment, sessions could die out.
const FAR_AWAY: Time = 16;
/// How many standard deviations of the deficit the bucket and the queue must hold on either side.
const SIGMAS: f64 = 4.0;
/// With a bucket for so many seconds, half of the number of sessions under way counts.
const FORESEEN: f64 = 20.0;
/// Limits of the `strength` of an [`Admission`], per second: a deficit takes from half a second to 20 s
/// to work off.
const STRENGTH: std::ops::RangeInclusive<f64> = 0.05..=2.0;
/// Where lines come in lumps, the least `strength` if each half of the bucket holds a second of lines; with n seconds, it is n^2
/// times less. A sample of visits is off the true mix by some percents, which a bucket of seconds would otherwise not work off
/// before it is empty or full.
const LEAST_IN_LUMPS: f64 = 0.3;

/// Decides when new sessions arrive during a run.
#[derive(Debug)]
pub struct Admission {
    random: Random,
    /// 1 / mean think time, per second.
    per_session: f64,
    /// The share of the deficit that is worked off in a second.
    strength: f64,
    /// How far new sessions make up for the number of those under way, 0 to 1. Where the bucket holds minutes of lines and
    /// sessions think for anything between a moment and half an hour, that number says little about the next lines.
    foresight: f64,
    /// The share of the lines that sessions under way make.
    returning: f64,
    /// Arrivals per ns.
    rate: f64,
    /// How long until the next arrival, in units of the mean time between arrivals.
    wait: f64,
    /// The shortest time between two adjustments of the rate, ns.
    steered_every: Time,
    /// If the next arrival is further away than this, ns, the rate is adjusted at once.
    far_away: Time,
    /// Until when `wait` has been counted down.
    counted: Time,
    /// When the rate was adjusted. Where lines come singly, an arrival puts the next adjustment off; where they come in lumps, it
    /// must not, or there would be none as long as arrivals are closer together than adjustments.
    steered: Time,
    in_lumps: bool,
    next: Time,
    opening: Option<Opening>,
}

/// The sessions that are under way when the run begins. Each makes its first hit of the run when the
/// think time that it began before the start is over.
#[derive(Debug)]
struct Opening {
    start: Time,
    /// Candidates per ns. A candidate becomes a session if its think time is longer than the run's age.
    rate: f64,
    next: Time,
}

/// The numbers that the steering goes by.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The target rate, lines per second.
    pub target: f64,
    /// How many lines the stream is behind its target.
    pub deficit: f64,
    /// Hits that are due and have no token.
    pub queued: usize,
    /// Sessions between two hits.
    pub thinking: usize,
}

impl Admission {
    /// Arrivals from `start` on. Lines come in lumps: see [`Visits::LUMPS`](super::visits::Visits::LUMPS). `bucket` opens then, and up to `queue_limit` hits can wait for a token.
    pub fn new<S: Due>(
        seed: u64,
        start: Time,
        bucket: &Bucket,
        queue_limit: usize,
        lumps: f64,
        sample: &Sample<S>,
    ) -> Self {
        let mut random = Random::for_purpose(seed, 2);
        let rate = bucket.target(start) * sample.returning_share() / SECOND as f64;
        let opening = (rate > 0.0).then(|| Opening {
            start,
            rate,
            next: after(start, random.exponential() / rate),
        });
        let wait = random.exponential();
        let mut admission = Self {
            random,
            per_session: 1.0 / sample.mean_think(),
            strength: 0.0,
            foresight: 1.0,
            returning: sample.returning_share(),
            rate: 0.0,
            wait,
            steered_every: STEERED_EVERY,
            far_away: Time::MAX,
            counted: start,
            steered: start,
            in_lumps: lumps > 1.0,
            next: Time::MAX,
            opening,
        };
        admission.follow(start, bucket, queue_limit, lumps);
        admission
    }

    /// Goes on from `at` with another bucket, before which up to `queue_limit` hits can wait.
    pub fn follow(&mut self, at: Time, bucket: &Bucket, queue_limit: usize, lumps: f64) {
        // Lines that come by chance and are worked off at `strength` per second have a variance of rate
        // / (2 strength).
        let room = (bucket.burst() + 1.0 + queue_limit as f64) * 0.5;
        let strength = SIGMAS * SIGMAS * bucket.rate() * lumps / (2.0 * room * room);
        let mut least = *STRENGTH.start();
        if lumps > 1.0 {
            let length = room / bucket.rate();
            least = f64::max(least / (lumps * lumps), LEAST_IN_LUMPS / (length * length));
            self.foresight = 1.0 / (1.0 + length / FORESEEN);
            self.steered_every = STEERED_EVERY.max(seconds(LINES_UNSTEERED / bucket.rate()));
            self.far_away = self.steered_every.saturating_mul(FAR_AWAY);
        }
        self.strength = strength.max(least).min(*STRENGTH.end());
        self.wait -= self.rate * at.saturating_sub(self.counted) as f64;
        (self.counted, self.steered) = (at, at);
    }

    /// The time of the next arrival at the current rate.
    #[inline]
    pub fn next(&self) -> Time {
        self.next
    }

    /// The time of the opening's next candidate.
    #[inline]
    pub fn next_opening(&self) -> Time {
        self.opening.as_ref().map_or(Time::MAX, |opening| opening.next)
    }

    /// Whether it is time to steer.
    #[inline]
    pub fn wants_steering(&self, now: Time) -> bool {
        now - self.steered >= self.steered_every || self.next.saturating_sub(now) > self.far_away
    }

    /// Adjusts the arrival rate to the situation at `now`.
    pub fn steer<S: Due>(&mut self, now: Time, situation: Situation, sample: &Sample<S>) {
        self.wait -= self.rate * (now - self.counted) as f64;
        (self.counted, self.steered) = (now, now);
        let to_come = self
            .opening
            .as_ref()
            .map_or(0.0, |opening| sample.thinking_beyond(now - opening.start) * opening.rate);
        let counted = (situation.thinking as f64 + to_come) * self.per_session;
        let usual = situation.target * self.returning;
        let by_themselves =
            if self.foresight < 1.0 { usual + self.foresight * (counted - usual) } else { counted };
        let behind = situation.deficit - situation.queued as f64;
        let missing = situation.target - by_themselves + behind * self.strength;
        self.rate = missing.max(0.0) / SECOND as f64;
        self.next =
            if self.rate > 0.0 { after(now, self.wait.max(0.0) / self.rate) } else { Time::MAX };
    }

    /// Draws the time of the next arrival. Call it once the arrival at [`Admission::next`] is dealt with.
    pub fn arrived(&mut self, now: Time) {
        self.wait = self.random.exponential();
        self.counted = now;
        if !self.in_lumps {
            self.steered = now;
        }
        self.next = after(now, self.wait / self.rate);
    }

    /// Decides about the candidate at [`Admission::next_opening`]: the index of its session in the
    /// sample, or `None` if it does not come.
    pub fn open<S: Due>(&mut self, now: Time, sample: &Sample<S>) -> Option<usize> {
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

    /// Chooses for a session that must start at once because the bucket is full: the index of a session
    /// under way in the sample that it copies, or `None` for a new session.
    pub fn under_way<S: Due>(&mut self, now: Time, sample: &Sample<S>) -> Option<usize> {
        let age = now - self.opening.as_ref()?.start;
        // Draws between the two kinds of arrivals in proportion to their rates. A candidate of the
        // opening whose think time is over does not come, and the draw is repeated.
        while age < sample.longest_think() && self.random.happens(sample.returning_chance()) {
            let candidate = self.random.below(sample.len() as u64) as usize;
            if sample.think(candidate) > age {
                return Some(candidate);
            }
        }
        None
    }
}

/// The time `wait` ns after `now`; `Time::MAX` stands for never.
fn after(now: Time, wait: f64) -> Time {
    now.saturating_add(wait as Time)
}
