//! The signal thread, `signals`. The first SIGINT or SIGTERM asks for the stop, and the second ends the process. SIGHUP has the
//! configuration read again; where it can only mean that a terminal was closed, or where the run cannot be steered, it asks for the
//! stop as well. SIGUSR1 makes the writer reopen the files. SIGUSR2 is ignored with a message.
//!
//! ctrlc serves SIGINT, in a thread of its own that ends with the process. Its feature `termination`
//! would take SIGTERM and SIGHUP as well, but it cannot say which signal came, and it would catch a
//! SIGHUP that nohup(1) has set to be ignored. So signal-hook serves these two and all others.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use log::info;
use parking_lot::Mutex;
use signal_hook::consts::{SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ};
pub use signal_hook::iterator::Handle;
use signal_hook::iterator::Signals;
use signal_hook::low_level::signal_name;

use super::FileRequest;
use crate::error::{Error, Result};
use crate::exit_status;
use crate::os;
use crate::output;
use crate::status::Status;
use crate::stop::Stop;

/// The signals that this thread catches, SIGHUP last. SIGXFSZ comes with a write beyond the limit on a
/// file's size and would end the process in the middle of a line; if it is caught, the write returns an
/// error instead.
const CAUGHT: [i32; 5] = [SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ, SIGHUP];
/// Signals this close together count as one: timeout(1) signals its child, and then the child's group.
const ONE_SIGNAL: Duration = Duration::from_millis(200);

/// The body of the thread `signals`.
pub struct SignalsThread {
    signals: Signals,
    ending: Arc<Ending>,
}

impl SignalsThread {
    /// Catches signals from now on. A SIGINT asks for the stop at once; the other signals wait for the
    /// thread. A SIGHUP that is ignored at this time stays ignored, as nohup(1) intends.
    ///
    /// # Errors
    /// The system refuses the handlers, or this was called before.
    pub fn catch(stop: Stop) -> Result<Self> {
        let ending = Arc::new(Ending { stop, status: OnceLock::new(), first: Mutex::new(None) });
        let others = CAUGHT.len() - 1;
        let caught = if os::ignores(SIGHUP) { &CAUGHT[..others] } else { &CAUGHT[..] };
        let signals = Signals::new(caught)
            .map_err(|cause| Error::new("catch", "SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2", cause))?;
        let by_ctrlc = Arc::clone(&ending);
        ctrlc::set_handler(move || by_ctrlc.asked_by("SIGINT"))
            .map_err(|cause| Error::new("catch", "SIGINT", cause))?;
        Ok(Self { signals, ending })
    }

    /// A handle that ends [`SignalsThread::run`].
    pub fn handle(&self) -> Handle {
        self.signals.handle()
    }

    /// Waits for signals until the handle is closed. A stop shows in `status` at once, whatever the
    /// other threads wait for. `files` asks the writer to reopen them, and `reload`, if SIGHUP means that, to read the
    /// configuration again.
    pub fn run(
        mut self,
        status: &Arc<Status>,
        files: &Sender<FileRequest>,
        reload: Option<&Sender<()>>,
    ) {
        self.ending.show_in(status);
        for signal in self.signals.forever() {
            match signal {
                SIGXFSZ => {}
                // If a request is waiting already, another is not needed.
                SIGUSR1 => drop(files.try_send(FileRequest::Reopen)),
                SIGHUP if reload.is_some() => {
                    let _ = reload.map(|reload| reload.try_send(()));
                }
                SIGUSR2 => info!(
                    "SIGUSR2 ignored: SIGUSR1 reopens the log files, SIGTERM and SIGINT stop the run"
                ),
                other => self.ending.asked_by(signal_name(other).unwrap_or("A signal")),
            }
        }
    }
}

/// The end of the run, as requested by signals. Two threads share it.
struct Ending {
    stop: Stop,
    status: OnceLock<Arc<Status>>,
    /// When the first signal came.
    first: Mutex<Option<Instant>>,
}

impl Ending {
    /// Shows the end in `status`, even if it was requested before this call.
    fn show_in(&self, status: &Arc<Status>) {
        let status = self.status.get_or_init(|| Arc::clone(status));
        if self.first.lock().is_some() {
            status.set_stopping();
        }
    }

    /// Stops the run at the first signal, and ends the process at the second.
    fn asked_by(&self, signal: &str) {
        match order(&mut self.first.lock(), Instant::now()) {
            SignalMeaning::Stop => {
                self.stop.request();
                if let Some(status) = self.status.get() {
                    status.set_stopping();
                }
                info!(
                    "{signal}: stopping once what is due is written; a second signal stops at once"
                );
            }
            SignalMeaning::Nothing => {}
            SignalMeaning::EndAtOnce => {
                output::mention(format_args!(
                    "{signal} is the second signal: ended at once. The last lines may be missing or \
                     torn; the next start cuts off what is torn."
                ));
                std::process::exit(exit_status::INTERRUPTED.into());
            }
        }
    }
}

/// What a signal means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignalMeaning {
    Stop,
    Nothing,
    EndAtOnce,
}

/// What a signal at `now` means, given when the `first` one came.
fn order(first: &mut Option<Instant>, now: Instant) -> SignalMeaning {
    match *first {
        None => {
            *first = Some(now);
            SignalMeaning::Stop
        }
        Some(first) if now.saturating_duration_since(first) < ONE_SIGNAL => SignalMeaning::Nothing,
        Some(_) => SignalMeaning::EndAtOnce,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_signal_stops_its_echo_does_nothing_and_the_second_ends() {
        let (mut first, now) = (None, Instant::now());
        assert_eq!(order(&mut first, now), SignalMeaning::Stop);
        assert_eq!(order(&mut first, now + ONE_SIGNAL / 2), SignalMeaning::Nothing);
        assert_eq!(order(&mut first, now + ONE_SIGNAL), SignalMeaning::EndAtOnce);
    }
}
