//! The target rate and the rate reached, now and over the last minutes. The recorder takes samples; the
//! threads that count lines know nothing of them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::time::{SECOND, Time};

/// The shortest time between two samples.
const STEP: Duration = Duration::from_millis(900);
/// How many samples are kept: ten minutes' worth.
const KEPT: usize = 601;
/// The time over which the achieved rate is averaged.
const MEAN_OF: Duration = Duration::from_secs(10);

/// The counts at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
struct RateSample {
    at: Instant,
    lines: u64,
    target: f64,
}

/// The target and the achieved rate between two samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// How long ago the interval ended, in seconds.
    pub seconds_ago: f64,
    /// The target rate at the end of the interval, lines per second.
    pub target: f64,
    /// Lines of access.log per second.
    pub achieved: f64,
}

/// The rate that the run achieves now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Achieved {
    /// Lines of access.log per second.
    pub rate: f64,
    /// The time over which the rate is averaged, in seconds: about ten, or less right after the start.
    pub seconds: f64,
}

/// The samples of the last minutes.
#[derive(Debug)]
pub struct Rates {
    samples: Mutex<VecDeque<RateSample>>,
}

impl Rates {
    /// Begins with a sample of no lines, at the start of the process.
    pub fn new(at: Instant) -> Self {
        let first = RateSample { at, lines: 0, target: 0.0 };
        Self { samples: Mutex::new(VecDeque::from([first])) }
    }

    /// Takes a sample, unless the last one is too recent.
    pub fn sample(&self, at: Instant, lines: u64, target: impl FnOnce() -> f64) {
        let mut samples = self.samples.lock();
        if samples.back().is_some_and(|last| at.saturating_duration_since(last.at) < STEP) {
            return;
        }
        if samples.len() == KEPT {
            samples.pop_front();
        }
        samples.push_back(RateSample { at, lines, target: target() });
    }

    /// The mean rate of the last ten seconds, or since the start, given `lines` at `now`.
    pub fn achieved(&self, now: Instant, lines: u64) -> Achieved {
        let samples = self.samples.lock();
        let since = now.checked_sub(MEAN_OF);
        let old = since.and_then(|since| samples.iter().rfind(|sample| sample.at <= since));
        old.or(samples.front()).map_or(Achieved::default(), |old| Achieved {
            rate: rate(old.lines, lines, old.at, now),
            seconds: now.saturating_duration_since(old.at).as_secs_f64(),
        })
    }

    /// The target and achieved rates of the last minutes, the oldest first.
    pub fn recent(&self, now: Instant) -> Vec<Reached> {
        let samples = self.samples.lock();
        let pairs = samples.iter().zip(samples.iter().skip(1));
        pairs
            .map(|(before, after)| Reached {
                seconds_ago: now.saturating_duration_since(after.at).as_secs_f64(),
                target: after.target,
                achieved: rate(before.lines, after.lines, before.at, after.at),
            })
            .collect()
    }
}

fn rate(before: u64, after: u64, from: Instant, to: Instant) -> f64 {
    let seconds = to.saturating_duration_since(from).as_secs_f64();
    if seconds > 0.0 { after.saturating_sub(before) as f64 / seconds } else { 0.0 }
}

/// How many seconds the written lines are behind `present`. `reached` is the time of the last of the
/// `written` lines in the files. The scheduler has sent `emitted` lines, and the next is due at
/// `next_due`.
pub(super) fn lag(
    present: Time,
    reached: Time,
    written: u64,
    (emitted, next_due): (u64, Time),
) -> f64 {
    let next = if written < emitted { reached } else { next_due };
    present.saturating_sub(next) as f64 / SECOND as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn the_achieved_rate_is_the_mean_of_ten_seconds_or_since_the_start() {
        let start = Instant::now();
        let rates = Rates::new(start);
        assert_eq!(rates.achieved(start, 0), Achieved { rate: 0.0, seconds: 0.0 });
        let achieved = rates.achieved(seconds(start, 4), 400);
        assert_eq!(achieved, Achieved { rate: 100.0, seconds: 4.0 });
        for second in 1..=20u64 {
            // 100 a second, and from the tenth second on 50.
            let lines = 100 * second.min(10) + 50 * second.saturating_sub(10);
            rates.sample(seconds(start, second), lines, || 1.0);
        }
        let achieved = rates.achieved(seconds(start, 20), 1_500);
        assert_eq!(achieved, Achieved { rate: 50.0, seconds: 10.0 });
    }

    #[test]
    fn samples_are_a_second_apart_and_ten_minutes_are_kept() {
        let start = Instant::now();
        let rates = Rates::new(start);
        for half in 1..4_000u32 {
            rates.sample(start + half * Duration::from_millis(500), u64::from(half), || 7.0);
        }
        let recent = rates.recent(start + 3_999 * Duration::from_millis(500));
        assert_eq!(recent.len(), KEPT - 1);
        assert!(recent.iter().all(|reached| (reached.achieved, reached.target) == (2.0, 7.0)));
        assert!(recent.windows(2).all(|pair| pair[0].seconds_ago - pair[1].seconds_ago == 1.0));
    }

    #[test]
    fn what_is_written_lags_by_the_line_that_is_due_and_not_there() {
        let present = 100 * SECOND;
        // Everything that was sent is written, and the next line is due in the future, or was due 3 s ago.
        assert_eq!(lag(present, 90 * SECOND, 5, (5, 130 * SECOND)), 0.0);
        assert_eq!(lag(present, 90 * SECOND, 5, (5, 97 * SECOND)), 3.0);
        // The writer stands still.
        assert_eq!(lag(present, 90 * SECOND, 4, (5, 130 * SECOND)), 10.0);
    }
}
