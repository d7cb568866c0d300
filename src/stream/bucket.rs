//! The token bucket that holds the stream to its rate. It is a pure function: it says between which two
//! times line number n must go.
//!
//! The bucket fills at r(t) tokens per second, and each line takes one. It holds `burst` tokens beside
//! the one in hand and starts half full. Let A(t) be the integral of r since the start. Line n (the
//! first is 0) may go when A reaches n + (1 - burst) / 2, and must have gone when A reaches n + (1 +
//! burst) / 2. Therefore |lines(t) - A(t)| <= (burst + 1) / 2 always, which is half of what is promised,
//! and over any span lines and integral differ by at most burst + 1.
//!
//! When N shards share a site, each has an N-th of the rate and of the burst, and its lines go `phase`
//! lines later; the phases are spread evenly over -1/2 to 1/2. Lines(t) of one shard lies between two
//! whole numbers. Summed over the shards, these are the two bounds of a single bucket, because the sum
//! of floor(x + k/N) over k < N is floor(N x) (Hermite's identity). So the shards together keep the
//! bounds of one bucket.
//!
//! In a stretch where the rate rises or falls in a straight line, A(t) is a parabola, and the times are roots of it.
//!
//! The arithmetic is + - * / and the square root on f64, which is the same on every machine. Each stretch of the pattern
//! starts anew from the tokens owed, so rounding errors do not add up over long runs.

use super::pattern::Pattern;
use super::{SECOND, Time};

/// The token bucket of one stream.
#[derive(Clone, Debug)]
pub struct Bucket {
    pattern: Pattern,
    /// Lines per second at multiplier 1.0.
    rate: f64,
    /// How many tokens the bucket holds beside the one in hand.
    burst: f64,
    /// How many lines later each line goes than it would without other shards: -0.5 to 0.5.
    phase: f64,
    /// The current stretch: its start and end, tokens per ns at its start, and ns per token.
    start: Time,
    end: Time,
    per_ns: f64,
    ns_per: f64,
    /// What is added to `per_ns` in each ns of the stretch.
    rise: f64,
    /// Tokens filled in minus lines gone, as of `start`.
    owed: f64,
    /// Lines gone since `start`.
    gone: f64,
    /// The next line must have gone at this time or later: it was found when fewer lines had gone.
    overdue: Time,
}

/// How many tokens the bucket must hold more or fewer than are asked for so that no rounding decides: what flows in within a
/// nanosecond is far less.
const CLEAR: f64 = 0.25;

impl Bucket {
    /// A bucket for `rate` lines per second that opens at `start`. `phase`, -0.5 to 0.5, places its
    /// lines between those of the other shards of a site; without other shards it is 0.
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
            rise: 0.0,
            owed: 0.0,
            gone: 0.0,
            overdue: 0,
        };
        bucket.turn();
        bucket
    }

    /// This bucket from `at` on with another pattern, rate and capacity. It is owed as many lines as before, unless that is more
    /// than it can hold.
    pub fn refitted(&self, pattern: Pattern, rate: f64, burst_seconds: f64, at: Time) -> Self {
        let mut bucket = Self::new(pattern, rate, burst_seconds, self.phase, at);
        let most = (1.0 + bucket.burst) * 0.5;
        bucket.owed = self.owed_at(at).clamp(-most, most);
        bucket.find_overdue();
        bucket
    }

    /// [`Bucket::deficit`] at a time that may lie before the current stretch: without what has flowed in since then.
    fn owed_at(&self, time: Time) -> f64 {
        let (mut owed, mut at) = (self.deficit(time.max(self.start)), time);
        while at < self.start {
            let stretch = self.pattern.stretch(at);
            let end = stretch.end.min(self.start);
            let seconds = (end - at) as f64 / SECOND as f64;
            let mean = stretch.multiplier + 0.5 * stretch.slope * (end - at) as f64;
            owed -= self.rate * mean * seconds;
            at = end;
        }
        owed
    }

    /// How many tokens the bucket holds beside the one in hand.
    pub fn burst(&self) -> f64 {
        self.burst
    }

    /// The rate at multiplier 1.0, lines per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The target rate at `time`, which lies in the current stretch, in lines per second.
    pub fn target(&self, time: Time) -> f64 {
        (self.per_ns + (time - self.start) as f64 * self.rise).max(0.0) * SECOND as f64
    }

    /// When the current stretch ends.
    #[inline]
    pub fn stretch_end(&self) -> Time {
        self.end
    }

    /// The earliest time for the next line if `more` lines follow it at once; `Time::MAX` if that is not within this stretch.
    #[inline]
    pub fn ready_for(&self, more: u32) -> Time {
        self.when(self.needed(more))
    }

    /// Whether the next line may go at `time`, which lies in the current stretch, if `more` lines follow it at once. Most times
    /// this is clear from the tokens, which are quicker to count than the time of a token is to find.
    #[inline]
    pub fn is_ready(&self, time: Time, more: u32) -> bool {
        let beyond = self.filled(time) - self.needed(more);
        if beyond.abs() > CLEAR { beyond > 0.0 } else { time >= self.ready_for(more) }
    }

    /// The latest time for the next line, if it is `until` or before; or else `Time::MAX`.
    #[inline]
    pub fn overdue(&mut self, until: Time) -> Time {
        if self.overdue <= until {
            self.find_overdue();
        }
        if self.overdue <= until { self.overdue } else { Time::MAX }
    }

    /// How many lines the stream is behind its target at `time` (below 0: ahead).
    pub fn deficit(&self, time: Time) -> f64 {
        self.owed + self.filled(time) - self.gone
    }

    /// Takes the token for a line that goes.
    #[inline]
    pub fn take(&mut self) {
        self.gone += 1.0;
    }

    /// Moves on to the next stretch. Call it at [`Bucket::stretch_end`].
    pub fn turn(&mut self) {
        self.owed = self.deficit(self.end);
        self.start = self.end;
        self.gone = 0.0;
        let stretch = self.pattern.stretch(self.start);
        self.end = stretch.end;
        let per_second = self.rate * stretch.multiplier;
        self.per_ns = per_second / SECOND as f64;
        self.ns_per = SECOND as f64 / per_second;
        self.rise = self.rate * stretch.slope / SECOND as f64;
        self.find_overdue();
    }

    fn find_overdue(&mut self) {
        let missing = self.gone - self.owed + self.phase;
        self.overdue = self.when(missing + (1.0 + self.burst) * 0.5);
    }

    /// How many tokens have flowed in from the start of the stretch to `time`.
    #[inline]
    fn filled(&self, time: Time) -> f64 {
        let age = (time - self.start) as f64;
        age * (self.per_ns + 0.5 * age * self.rise)
    }

    /// How many tokens must flow in from the start of the stretch before the next line may go, and `more` after it.
    #[inline]
    fn needed(&self, more: u32) -> f64 {
        let missing = self.gone - self.owed + self.phase + f64::from(more);
        missing + (1.0 - self.burst) * 0.5
    }

    /// When `tokens` tokens have flowed in since the start of the stretch; `Time::MAX` if not within it.
    #[inline]
    fn when(&self, tokens: f64) -> Time {
        if tokens <= 0.0 {
            return self.start;
        }
        // At a rate of zero this is infinite, and the conversion saturates.
        let length = if self.rise == 0.0 { tokens * self.ns_per } else { self.root(tokens) };
        let time = self.start.saturating_add(length as Time);
        if time < self.end { time } else { Time::MAX }
    }

    /// After how many ns `tokens` tokens have flowed in at a rate that rises or falls; infinite if it falls to 0
    /// before. This form of the root loses no digits, whichever way the rate goes.
    fn root(&self, tokens: f64) -> f64 {
        let square = self.per_ns * self.per_ns + 2.0 * self.rise * tokens;
        if square < 0.0 {
            return f64::INFINITY;
        }
        2.0 * tokens / (self.per_ns + libm::sqrt(square))
    }
}
