//! How far a run has come on its way to its end or to the present, how fast it is, and how long it will
//! take. Pure functions of observations; no clock and no thread may enter here.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use indicatif::HumanCount;

use crate::time::Time;

/// Speed and time left are computed over this time: long enough to be steady, and short enough to notice
/// that a disk has become slow.
const WINDOW: Duration = Duration::from_secs(15);

/// The limits of a run. The one that it reaches first ends it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Goal {
    /// The number of lines of access.log.
    pub lines: Option<u64>,
    /// The number of bytes of access.log.
    pub bytes: Option<u64>,
    /// The simulated time.
    pub until: Option<Time>,
}

/// One observation of a run.
#[derive(Clone, Copy, Debug)]
pub struct ProgressSeen {
    /// The instant of the observation.
    pub at: Instant,
    /// The number of lines in access.log.
    pub lines: u64,
    /// The number of bytes in access.log.
    pub access_bytes: u64,
    /// The number of bytes in access.log and error.log.
    pub bytes: u64,
    /// The simulated time that the stream has reached; `None` before the first line.
    pub reached: Option<Time>,
    /// The time by the wall clock, if the run will wait for it once it gets there.
    pub present: Option<Time>,
}

/// Computes the progress of a run.
#[derive(Debug)]
pub struct Progress {
    goal: Goal,
    start: Time,
    /// The observations within the window, the oldest first: (when, bytes, share).
    seen: VecDeque<(Instant, u64, Option<f64>)>,
}

impl Progress {
    /// The progress of a run that begins at `now` and whose stream starts at `start`.
    pub fn new(goal: Goal, start: Time, now: Instant) -> Self {
        Self { goal, start, seen: VecDeque::from([(now, 0, Some(0.0))]) }
    }

    /// Takes an observation, not older than the last one, and reports the progress.
    pub fn report(&mut self, seen: ProgressSeen) -> ProgressReport {
        let share = self.share(seen);
        self.seen.push_back((seen.at, seen.bytes, share));
        let age = |then: Instant| seen.at.saturating_duration_since(then);
        // The latest observation that is at least as old as the window is its beginning.
        while self.seen.get(1).is_some_and(|(then, ..)| age(*then) >= WINDOW) {
            self.seen.pop_front();
        }
        let (then, bytes, share_then) = self.seen[0];
        let seconds = age(then).as_secs_f64();
        let left = share.zip(share_then).and_then(|(now, then)| {
            let left = (1.0 - now) / (now - then) * seconds;
            // At a speed of zero, the time left is not finite.
            Duration::try_from_secs_f64(left).ok()
        });
        let bytes_per_second =
            if seconds > 0.0 { seen.bytes.saturating_sub(bytes) as f64 / seconds } else { 0.0 };
        ProgressReport { lines: seen.lines, share, bytes_per_second, left }
    }

    /// The share of the way that is done, 0 to 1; `None` if there is no end.
    fn share(&self, seen: ProgressSeen) -> Option<f64> {
        let Goal { lines, bytes, until } = self.goal;
        let until = until.into_iter().chain(seen.present).min();
        let time = until.map(|until| {
            let reached = seen.reached.unwrap_or(self.start).saturating_sub(self.start);
            share(reached, until.saturating_sub(self.start))
        });
        let lines = lines.map(|lines| share(seen.lines, lines));
        let bytes = bytes.map(|bytes| share(seen.access_bytes, bytes));
        lines.into_iter().chain(bytes).chain(time).reduce(f64::max)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if part >= whole { 1.0 } else { part as f64 / whole as f64 }
}

/// How far a run has come. Its `Display` is `12,345,678 lines, 62 %, 412.3 MB/s, 2:31 left`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProgressReport {
    /// The number of lines in access.log.
    pub lines: u64,
    /// The share of the way that is done, 0 to 1; `None` if there is no end.
    pub share: Option<f64>,
    /// Bytes of access.log and error.log per second.
    pub bytes_per_second: f64,
    /// The time left; `None` if that is unknown.
    pub left: Option<Duration>,
}

impl fmt::Display for ProgressReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} lines", HumanCount(self.lines))?;
        if let Some(share) = self.share {
            // Cut off, not rounded: 100 % means that everything is done.
            write!(f, ", {} %", (share * 100.0) as u64)?;
        }
        write!(f, ", {:.1} MB/s", self.bytes_per_second / 1e6)?;
        match self.left {
            Some(left) => write!(f, ", {} left", clock(left)),
            None => Ok(()),
        }
    }
}

/// A duration as a stopwatch shows it, rounded up to the second: `0:07`, `2:31`, `1:02:31`, `3 d 4:05:06`.
fn clock(length: Duration) -> String {
    let seconds = length.as_secs() + u64::from(length.subsec_nanos() > 0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let seconds = seconds % 60;
    match (days, hours) {
        (0, 0) => format!("{minutes}:{seconds:02}"),
        (0, _) => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{days} d {hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests;
