//! The recorder thread keeps `run.json` up to date during the run, and closes it when the run has ended.
//! After each visit to the disk it notes how much room is left and how far the run has come. It also
//! logs changes of the rate in force, and a write that does not return, because the writer cannot do so
//! while it waits.

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

/// The time between two records. The documentation promises a second.
const INTERVAL: Duration = Duration::from_millis(500);

/// The state of the recorder thread.
pub struct RecorderThread {
    /// The record to keep up to date.
    pub record: RunRecord,
    /// The file that holds it; `None` if no file is written.
    pub file: Option<RecordFile>,
    /// Says how far the run has come.
    pub status: Arc<Status>,
    /// Decides which messages about the rate are due.
    pub rate_messages: RateMessages,
    /// Requests to write the record now, before the run goes on. Each brings a channel for the reply.
    pub at_once: Receiver<Sender<()>>,
    /// Receives at the end of the run the error that ended it, if there was one.
    pub end: Receiver<Option<String>>,
    /// Whether the last record could not be written, which has been logged.
    pub failing: bool,
    /// Whether a write has not returned, which has been logged.
    pub hung: bool,
}

impl RecorderThread {
    /// Keeps the record until the run has ended.
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
        if let Some(Err(error)) = self.file.as_mut().map(|file| file.write_last(&self.record)) {
            warn!("{error}; verify does not know how far the run has come");
        }
        self.take_samples();
    }

    fn say_rate(&mut self) {
        let at = self.status.position(time(Timestamp::now()));
        let (live, lines) = (self.status.is_live(), self.status.lines());
        let seen = RateSeen { at, live, lines, target: self.status.target() };
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

    /// Writes the current record. Only the first of several errors in a row is logged; the next call
    /// tries again.
    pub fn write(&mut self, ended: bool, sync: bool) {
        self.record.update(&self.status, ended);
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write(&self.record, sync));
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
        let directory = self.status.run().output_directory.as_ref();
        if let Some(Ok(free)) = directory.map(|directory| Disk.free_bytes(directory)) {
            self.status.disk_free(free);
        }
    }
}
