//! The notifier thread: tells the service manager that started the process how the run is doing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use log::warn;

use crate::service_manager::{Notices, STOPPING, ServiceManager, ServiceSeen};
use crate::status::Status;

/// How often the status is looked at until the run is ready, and from then on.
const UNTIL_READY: Duration = Duration::from_millis(50);
const FROM_THEN_ON: Duration = Duration::from_secs(1);

/// What the notifier works with.
pub struct NotifierThread {
    /// Who is told.
    pub manager: ServiceManager,
    /// Of what.
    pub status: Arc<Status>,
    /// Closes at the end of the run.
    pub end: Receiver<()>,
}

impl NotifierThread {
    /// Tells until the run has ended. The first time that it does not work is said.
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
        // Whoever is not there does not wait for it.
        let _ = self.manager.tell(STOPPING);
    }
}
