//! What keeps lines from the disk, as the threads that meet it say, and as /health tells it.

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::Status;
use crate::error::Error;

/// A write that takes longer does not reach the disk: the slowest of disks take a second or two.
const HUNG: Duration = Duration::from_secs(5);

impl Status {
    /// No lines are written while a span is passed over, and this says why; with `None` they are again.
    pub fn passing_over(&self, reason: Option<String>) {
        *self.passing_over.lock() = reason;
    }

    /// Counts a write that failed; `trouble` is the reason that /health gives until
    /// [`Status::trouble_is_over`].
    pub fn write_failed(&self, trouble: &Error) {
        self.write_errors.count(trouble);
        let mut text = self.trouble.lock();
        *text = Some(trouble.to_string());
        self.troubled.store(true, Relaxed);
    }

    /// Lines reach the disk again.
    pub fn trouble_is_over(&self) {
        if self.troubled.load(Relaxed) {
            let mut text = self.trouble.lock();
            *text = None;
            self.troubled.store(false, Relaxed);
        }
    }

    /// The writer asks the system for something, which may not return for long.
    pub fn write_begins(&self) {
        let since = self.run.started.elapsed().as_micros();
        self.waiting_since.store(u64::try_from(since).unwrap_or(u64::MAX), Relaxed);
    }

    /// It has returned.
    pub fn write_ends(&self) {
        self.waiting_since.store(u64::MAX, Relaxed);
    }

    /// How long the writer has waited for the system by `now`, if it is waiting.
    fn waits_for_the_system(&self, now: Instant) -> Option<Duration> {
        let since = Some(self.waiting_since.load(Relaxed)).filter(|since| *since != u64::MAX)?;
        let now = now.saturating_duration_since(self.run.started);
        Some(now.saturating_sub(Duration::from_micros(since)))
    }

    /// Counts a write to system.log that failed: lines reach the disk all the same.
    pub fn message_failed(&self, trouble: &Error) {
        self.write_errors.count(trouble);
    }

    /// Writing is paused and this is why, or, with `None`, it goes on.
    pub fn paused(&self, reason: Option<String>) {
        *self.pause.lock() = reason;
    }

    /// Why lines do not reach the disk.
    pub(super) fn reasons(&self, now: Instant) -> Vec<String> {
        let pause = self.pause.lock().clone();
        let passing_over = self.passing_over.lock().clone();
        let trouble = self.trouble.lock().clone();
        pause.into_iter().chain(passing_over).chain(trouble).chain(self.hung(now)).collect()
    }

    /// Why the writer waits for the system, once it has waited for five seconds.
    pub fn hung(&self, now: Instant) -> Option<String> {
        let length = self.waits_for_the_system(now).filter(|length| *length >= HUNG)?;
        Some(format!(
            "a write has not returned for {} s: the disk hangs, or nothing reads the pipe that a log is",
            length.as_secs()
        ))
    }
}
