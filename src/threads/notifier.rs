//! The notifier thread reports to the service manager that started the process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use log::warn;

use crate::service_manager::{Notices, STOPPING, ServiceManager, ServiceSeen};
use crate::status::Status;

/// How often the status is checked: until the run is ready, and from then on.
const UNTIL_READY: Duration = Duration::from_millis(50);
const FROM_THEN_ON: Duration = Duration::from_secs(1);

/// The state of the notifier thread.
pub struct NotifierThread {
    /// The service manager to report to.
    pub manager: ServiceManager,
    /// The status to report.
    pub status: Arc<Status>,
    /// Closes at the end of the run.
    pub end: Receiver<()>,
}

impl NotifierThread {
    /// Reports until the run has ended. The first failure is logged.
    pub fn run(self) {
        let mut notices = Notices::new(self.manager.watchdog());
        let most = self.manager.watchdog().map_or(FROM_THEN_ON, |watchdog| watchdog / 4);
        let mut failing = false;
        loop {
            let ready = self.status.is_ready();
            let unhealthy = !self.status.is_healthy(Instant::now());
            let seen = ServiceSeen { ready, unhealthy, lines: self.status.lines() };
            if let Some(text) = notices.due(Instant::now(), seen) {
                let told = self.manager.tell(&text);
                if let (Err(error), false) = (&told, failing) {
                    warn!("{error}");
                }
                failing = told.is_err();
            }
            let pause = if ready { FROM_THEN_ON } else { UNTIL_READY };
            if self.end.recv_timeout(pause.min(most)) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
        // Nothing can be done if this fails: a manager that is gone does not wait for the message.
        let _ = self.manager.tell(STOPPING);
    }
}
