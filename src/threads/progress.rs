//! The progress thread: while a run writes what is past, or does not wait for the clock at all, it
//! says how far it has come, by a bar on a terminal and by a message every few seconds elsewhere.

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
/// from twice this time after the first: the bar is gone by then.
const DRAWINGS: Duration = Duration::from_millis(100);
/// A bar that is gone at once only flickers; work that is done by then has none.
const SHORT_WORK: Duration = Duration::from_millis(500);

/// Where progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As a bar.
    Bar,
    /// As messages.
    Messages,
}

/// What the progress thread works with.
pub struct ProgressThread {
    /// What it says.
    pub progress: Progress,
    /// How.
    pub shown: Shown,
    /// How far the run has come.
    pub status: Arc<Status>,
    /// The wall clock, where the run waits for it.
    pub clock: Option<Clock>,
    /// The stop signal.
    pub stop: Stop,
    /// Closes at the end of the run.
    pub end: Receiver<()>,
}

impl ProgressThread {
    /// Says how far the run is until it is live, stopped or at its end.
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
            access_bytes: self.status.written(LogId::ACCESS).1,
            bytes: self.status.bytes(),
            reached: reached.map(time),
            present: self.clock.as_ref().map(|clock| clock.at(at)),
        })
    }
}
