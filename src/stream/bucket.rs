//! The token bucket that holds the stream to its rate, as a function: between which two times line
//! number n must go.
//!
//! The bucket fills at r(t) tokens per second, a line takes one, and it holds `burst` tokens beside
//! the one in hand. It starts half full. So with A(t) the integral of r since the start, line n
//! (the first is 0) may go when A reaches n + (1 - burst) / 2, and must have gone when A reaches
//! n + (1 + burst) / 2. Then |lines(t) - A(t)| <= (burst + 1) / 2 always, which is half of what is
//! promised, and over any span lines and integral differ by at most burst + 1.
//!
//! Of N shards that share a site each has its N-th of rate and burst, and its lines go `phase` lines
//! later, evenly spread over -1/2 to 1/2. Lines(t) of one shard lies between two whole numbers; summed
//! over the shards these are the two of a single bucket, for the sum of floor(x + k/N) over k < N is
//! floor(N x) (Hermite's identity). So all together keep the bounds of one.
//!
//! Arithmetic is + - * / on f64, which is the same on every machine; each stretch of the pattern
//! starts anew from what is owed, so that nothing adds up over long runs.

use super::pattern::Pattern;
use super::{SECOND, Time};

/// The bucket of a run.
#[derive(Clone, Debug)]
pub struct Bucket {
    pattern: Pattern,
    /// Lines per second at multiplier 1.0.
    rate: f64,
    /// What the bucket holds beside the token in hand.
    burst: f64,
    /// How many lines later than by itself each line goes: between those of other shards.
    phase: f64,
    /// The stretch that holds now: from, to, tokens per ns and the inverse.
    start: Time,
    end: Time,
    per_ns: f64,
    ns_per: f64,
    /// Tokens filled in minus lines gone, at `start`.
    owed: f64,
    /// Lines gone since `start`.
    gone: f64,
    ready: Time,
    overdue: Time,
}

impl Bucket {
    /// A bucket for `rate` lines per second that opens at `start`. `phase`, -0.5 to 0.5, is where its
    /// lines lie between those of the other shards of a site, and 0 without others.
    pub fn new(pattern: Pattern, rate: f64, burst_seconds: f64, phase: f64, start: Time) -> Self {
        let mut bucket = Self {
            pattern,
            rate,
            burst: rate * burst_seconds,
            phase,
            start,
            end: start,
            per_ns: 0.0,
            ns_per: 0.0,
            owed: 0.0,
            gone: 0.0,
            ready: 0,
            overdue: 0,
        };
        bucket.turn();
        bucket
    }

    /// Tokens that the bucket holds beside the one in hand.
    pub fn burst(&self) -> f64 {
        self.burst
    }

    /// The rate at multiplier 1.0, lines per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The target rate now, lines per second.
    pub fn target(&self) -> f64 {
        self.per_ns * SECOND as f64
    }

    /// Where the stretch ends that holds now.
    #[inline]
    pub fn stretch_end(&self) -> Time {
        self.end
    }

    /// The earliest time for the next line; `Time::MAX` if that is not within this stretch.
    #[inline]
    pub fn ready(&self) -> Time {
        self.ready
    }

    /// The latest time for the next line; `Time::MAX` if that is not within this stretch.
    #[inline]
    pub fn overdue(&self) -> Time {
        self.overdue
    }

    /// How many lines the stream is behind its target at `time` (below 0: ahead).
    pub fn deficit(&self, time: Time) -> f64 {
        self.owed + (time - self.start) as f64 * self.per_ns - self.gone
    }

    /// A line goes.
    #[inline]
    pub fn take(&mut self) {
        self.gone += 1.0;
        self.set_times();
    }

    /// Goes on to the next stretch, at [`Bucket::stretch_end`].
    pub fn turn(&mut self) {
        self.owed = self.deficit(self.end);
        self.start = self.end;
        self.gone = 0.0;
        let stretch = self.pattern.stretch(self.start);
        self.end = stretch.end;
        let per_second = self.rate * stretch.multiplier;
        self.per_ns = per_second / SECOND as f64;
        self.ns_per = SECOND as f64 / per_second;
        self.set_times();
    }

    #[inline]
    fn set_times(&mut self) {
        let missing = self.gone - self.owed + self.phase;
        self.ready = self.when(missing + (1.0 - self.burst) * 0.5);
        self.overdue = self.when(missing + (1.0 + self.burst) * 0.5);
    }

    /// When the bucket has been filled by `tokens` since the start of the stretch.
    #[inline]
    fn when(&self, tokens: f64) -> Time {
        if tokens <= 0.0 {
            return self.start;
        }
        // At a rate of zero this is infinite, and the conversion saturates.
        let time = self.start.saturating_add((tokens * self.ns_per) as Time);
        if time < self.end { time } else { Time::MAX }
    }
}
