//! What keeps lines from the disk: reported by the threads that notice it, and shown by /health.

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::Status;
use crate::error::Error;

/// A write that takes longer counts as hung. Even the slowest disks need only a second or two.
const HUNG: Duration = Duration::from_secs(5);

impl Status {
    /// Sets the reason for writing no lines while a span is skipped; `None` ends it.
    pub fn passing_over(&self, reason: Option<String>) {
        *self.passing_over.lock() = reason;
    }

    /// Counts a failed write. /health gives `trouble` as a reason until [`Status::trouble_is_over`].
    pub fn write_failed(&self, trouble: &Error) {
        self.write_errors.count(trouble);
        let mut text = self.trouble.lock();
        *text = Some(trouble.to_string());
        self.troubled.store(true, Relaxed);
    }

    /// Notes that lines reach the disk again.
    pub fn trouble_is_over(&self) {
        if self.troubled.load(Relaxed) {
            let mut text = self.trouble.lock();
            *text = None;
            self.troubled.store(false, Relaxed);
        }
    }

    /// Notes that the writer makes a system call, which may take long.
    pub fn write_begins(&self) {
        let since = self.run.started.elapsed().as_micros();
        self.waiting_since.store(u64::try_from(since).unwrap_or(u64::MAX), Relaxed);
    }

    /// Notes that the system call has returned.
    pub fn write_ends(&self) {
        self.waiting_since.store(u64::MAX, Relaxed);
    }

    /// How long the writer has waited for the system by `now`; `None` if it does not wait.
    fn waits_for_the_system(&self, now: Instant) -> Option<Duration> {
        let since = Some(self.waiting_since.load(Relaxed)).filter(|since| *since != u64::MAX)?;
        let now = now.saturating_duration_since(self.run.started);
        Some(now.saturating_sub(Duration::from_micros(since)))
    }

    /// Counts a failed write to system.log, which keeps no line of the other logs from the disk.
    pub fn message_failed(&self, trouble: &Error) {
        self.write_errors.count(trouble);
    }

    /// Sets the reason why writing is paused; `None` ends the pause.
    pub fn paused(&self, reason: Option<String>) {
        *self.pause.lock() = reason;
    }

    /// All reasons why lines do not reach the disk.
    pub(super) fn reasons(&self, now: Instant) -> Vec<String> {
        let pause = self.pause.lock().clone();
        let passing_over = self.passing_over.lock().clone();
        let trouble = self.trouble.lock().clone();
        pause.into_iter().chain(passing_over).chain(trouble).chain(self.hung(now)).collect()
    }

    /// A message about a hung write, once it has taken five seconds.
    pub fn hung(&self, now: Instant) -> Option<String> {
        let length = self.waits_for_the_system(now).filter(|length| *length >= HUNG)?;
        Some(format!(
            "a write has not returned for {} s: the disk hangs, or nothing reads the pipe that a log is",
            length.as_secs()
        ))
    }
}
