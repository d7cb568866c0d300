//! The recorder thread: keeps `run.json` up to date while the run goes on, and closes it when it has
//! ended. Whenever it has been at the disk, it notes how much room is left there, and how far the run has
//! come by then. It also says the rate in force when that changes, and that a write does not return, which the
//! writer cannot say while it waits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, after, never, select};
use jiff::Timestamp;
use log::{info, warn};

use crate::files::disk::Disk;
use crate::files::storage::Storage;
use crate::run_record::RunRecord;
use crate::run_record::file::RecordFile;
use crate::status::Status;
use crate::status::rate_messages::{RateMessages, RateSeen};
use crate::time::time;

/// The time between two records: a second is promised.
const INTERVAL: Duration = Duration::from_millis(500);

/// What the recorder works with.
pub struct RecorderThread {
    /// What it keeps up to date.
    pub record: RunRecord,
    /// Where.
    pub file: RecordFile,
    /// How far the run has come.
    pub status: Arc<Status>,
    /// What is to be said of its rate.
    pub rate_messages: RateMessages,
    /// Comes when something must be in the record before the run goes on; it is to be told when it is.
    pub at_once: Receiver<Sender<()>>,
    /// Says at the end of the run what it failed of, if it did.
    pub end: Receiver<Option<String>>,
    /// The last record could not be written, which was said.
    pub failing: bool,
    /// A write has not returned, which was said.
    pub hung: bool,
}

impl RecorderThread {
    /// Records until the run has ended.
    pub fn run(mut self) {
        loop {
            select! {
                recv(self.end) -> failure => return self.close(failure.ok().flatten()),
                recv(self.at_once) -> asked => match asked {
                    Ok(written) => {
                        self.write(false, false);
                        // The thread that asked may have ended meanwhile.
                        let _ = written.send(());
                    }
                    Err(_) => self.at_once = never(),
                },
                recv(after(INTERVAL)) -> _ => {
                    self.write(false, false);
                    self.say_rate();
                    self.say_hung();
                }
            }
        }
    }

    /// Writes the last record of the run.
    fn close(&mut self, failure: Option<String>) {
        self.record.failure = failure;
        self.record.update(&self.status, self.status.is_counted());
        if let Err(error) = self.file.write_last(&self.record) {
            warn!("{error}; verify does not know how far the run has come");
        }
        self.take_samples();
    }

    fn say_rate(&mut self) {
        let at = self.status.position(time(Timestamp::now()));
        let seen = RateSeen { at, live: self.status.is_live(), lines: self.status.lines() };
        for message in self.rate_messages.due(seen) {
            info!("{message}");
        }
    }

    fn say_hung(&mut self) {
        let hung = self.status.hung(Instant::now());
        if let Some(hung) = hung.as_ref().filter(|_| !self.hung) {
            warn!(
                "{hung}. No line is written until it returns, and the run cannot end; a second signal ends it at \
                 once"
            );
        }
        self.hung = hung.is_some();
    }

    /// Writes the record as of now. What goes wrong is said once, and tried again the next time.
    pub fn write(&mut self, ended: bool, sync: bool) {
        self.record.update(&self.status, ended);
        let written = self.file.write(&self.record, sync);
        if let Err(error) = &written
            && !self.failing
        {
            warn!("{error}; until that works, verify does not know how far the run has come");
        }
        self.failing = written.is_err();
        self.take_samples();
    }

    /// Notes how far the run has come, and how much room is left on the disk.
    fn take_samples(&self) {
        self.status.sample(Instant::now(), time(Timestamp::now()));
        if let Ok(free) = Disk.free_bytes(&self.status.run().output_directory) {
            self.status.disk_free(free);
        }
    }
}
