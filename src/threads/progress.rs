//! The progress thread shows how far the run has come while it writes the past or does not wait for the
//! clock at all. It draws a bar on a terminal, and elsewhere logs a message every few seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use log::info;

use crate::clock::Clock;
use crate::log_id::LogId;
use crate::output::bar::Bar;
use crate::progress::{Progress, ProgressReport, ProgressSeen};
use crate::status::Status;
use crate::stop::Stop;
use crate::time::time;

/// The time between two messages.
const MESSAGES: Duration = Duration::from_secs(5);
/// The time between two drawings of the bar. A second signal, which ends the process at once, counts
/// from twice this time after the first: by then the bar is gone.
const DRAWINGS: Duration = Duration::from_millis(100);
/// Shorter work gets no bar, which would only flicker.
const SHORT_WORK: Duration = Duration::from_millis(500);

/// The way in which progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As a bar on a terminal.
    Bar,
    /// As log messages.
    Messages,
}

/// The state of the progress thread.
pub struct ProgressThread {
    /// Computes the progress, and puts it into words.
    pub progress: Progress,
    /// The way to show it.
    pub shown: Shown,
    /// Says how far the run has come.
    pub status: Arc<Status>,
    /// The wall clock; `None` if the run does not wait for it.
    pub clock: Option<Clock>,
    /// The stop signal.
    pub stop: Stop,
    /// Closes at the end of the run.
    pub end: Receiver<()>,
}

impl ProgressThread {
    /// Shows the progress until the run is live, stopped or at its end.
    pub fn run(mut self) {
        let begun = Instant::now();
        let mut bar = None;
        let interval = if self.shown == Shown::Bar { DRAWINGS } else { MESSAGES };
        while self.end.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
            if self.stop.requested() || self.status.is_ready() {
                return;
            }
            let report = self.look();
            match self.shown {
                Shown::Messages => info!("Progress: {report}"),
                Shown::Bar if begun.elapsed() < SHORT_WORK => {}
                Shown::Bar => {
                    bar.get_or_insert_with(Bar::show).draw(report.share, report.to_string());
                }
            }
        }
    }

    fn look(&mut self) -> ProgressReport {
        let at = Instant::now();
        let reached = self.status.simulated_time();
        self.progress.report(ProgressSeen {
            at,
            lines: self.status.lines(),
            access_bytes: self.status.written(LogId::ACCESS).bytes,
            bytes: self.status.bytes(),
            reached: reached.map(time),
            present: self.clock.as_ref().map(|clock| clock.at(at)),
        })
    }
}
