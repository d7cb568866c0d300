//! The signal thread, `signals`: the first SIGINT, SIGTERM or SIGHUP asks for the stop, the second
//! ends the process.

use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::iterator::{Handle, Signals};

use crate::error::{Error, Result};
use crate::exit_status;
use crate::output;
use crate::status::Status;
use crate::stop::Stop;

/// Signals that are caught; SIGHUP last. SIGXFSZ, which comes with a write beyond the limit on a
/// file's size, would end the process in the middle of a line; caught, the write is an error.
const CAUGHT: [i32; 4] = [SIGINT, SIGTERM, SIGXFSZ, SIGHUP];
/// Signals this close together are one: timeout(1) signals its child, then the child's group.
const ONE_SIGNAL: Duration = Duration::from_millis(200);

/// The body of the thread `signals`.
pub struct SignalsThread {
    signals: Signals,
    stop: Stop,
}

impl SignalsThread {
    /// Catches signals from here on; those that come before the thread runs are kept for it. A
    /// SIGHUP that is ignored at this time stays ignored: that is what nohup(1) is for.
    ///
    /// # Errors
    /// The system refuses the handlers.
    pub fn catch(stop: Stop) -> Result<Self> {
        let process = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let caught: &[_] = if ignores(&process, SIGHUP) { &CAUGHT[..3] } else { &CAUGHT };
        let signals = Signals::new(caught)
            .map_err(|cause| Error::new("catch", "SIGINT, SIGTERM and SIGHUP", cause))?;
        Ok(Self { signals, stop })
    }

    /// What ends [`SignalsThread::run`].
    pub fn handle(&self) -> Handle {
        self.signals.handle()
    }

    /// Waits for signals until the handle is closed. That the run is ending is shown at once, whatever the
    /// other threads wait for.
    pub fn run(mut self, status: &Status) {
        let mut first: Option<Instant> = None;
        for signal in self.signals.forever() {
            if signal == SIGXFSZ {
                continue;
            }
            if first.get_or_insert_with(Instant::now).elapsed() >= ONE_SIGNAL {
                output::mention(
                    "A second signal: ended at once. The last lines may be missing or torn; the \
                     next start cuts off what is torn.",
                );
                std::process::exit(exit_status::INTERRUPTED.into());
            }
            self.stop.request();
            status.set_stopping();
        }
    }
}

/// Whether the process whose /proc/PID/status this is ignores a signal (proc(5), `SigIgn`).
fn ignores(process: &str, signal: i32) -> bool {
    let mask = process.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hangup_that_nohup_ignores_stays_ignored() {
        let status = |mask: &str| format!("Name:\tx\nSigBlk:\tffff\nSigIgn:\t{mask}\nSigCgt:\t0\n");
        assert!(ignores(&status("0000000000000001"), SIGHUP));
        assert!(!ignores(&status("0000000000001006"), SIGHUP));
        assert!(ignores(&status("0000000000001006"), SIGINT));
        assert!(!ignores("", SIGHUP));
    }
}
