//! The log files: the only place that touches access.log, error.log and system.log.
//!
//! Batches come in as bytes with their lines' times, whole and in order, and are in the files when
//! `append_*` returns. Nothing in here knows what a line means, what time it is now or why a batch
//! was made; what takes long (syncing, compressing) is left to others than the writer.

mod active;
pub mod backoff;
pub mod compression;
pub mod disk;
#[cfg(test)]
pub(crate) mod faulty;
mod first_line;
pub mod free_space;
pub mod keeper;
mod lines;
pub mod lock;
pub mod log_file;
pub mod order;
pub mod recover;
mod refusal;
pub mod retention;
pub mod rotated_name;
mod rotation;
pub mod schedule;
pub mod series;
pub mod storage;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::config;
use crate::error::{Error, Result};
pub use lines::Lines;
use lock::Lock;
pub use log_file::Change;
use log_file::LogFile;
use recover::Recovered;
use refusal::refused;
use rotation::Rotation;
use storage::{Disk, Storage};

/// The simulated site's hits.
pub const ACCESS_LOG: &str = "access.log";
/// What failed on the simulated site.
pub const ERROR_LOG: &str = "error.log";
/// What the generator itself did.
pub const SYSTEM_LOG: &str = "system.log";
/// The name of the record of a run, which stands beside its logs.
pub const RUN_RECORD: &str = "run.json";
/// All logs.
pub const LOGS: [&str; 3] = [ACCESS_LOG, ERROR_LOG, SYSTEM_LOG];

/// The logs of a run, open for appending, and the lock on their directory. error.log and system.log
/// may be off: what is appended to them then goes nowhere.
#[derive(Debug)]
pub struct LogFiles<S: Storage = Disk> {
    access: LogFile<S>,
    error: Option<LogFile<S>>,
    system: Option<LogFile<S>>,
    storage: S,
    directory: PathBuf,
    lock: Lock,
}

impl LogFiles {
    /// Locks `output.directory` and opens the files in it; all are created where missing, the
    /// directory with its parents. A torn last line is cut off, and reported for the system log.
    ///
    /// # Errors
    /// The directory or a file cannot be made or opened, or another instance writes there.
    pub fn open(output: &config::Output) -> Result<(Self, Vec<Recovered>)> {
        Self::open_on(&Disk, output)
    }
}

impl<S: Storage> LogFiles<S> {
    /// [`LogFiles::open`] on any storage. The lock is a real one on the real directory.
    pub fn open_on(storage: &S, output: &config::Output) -> Result<(Self, Vec<Recovered>)> {
        let directory = &output.directory;
        let lock = lock(storage, directory)?;
        let mut recovered = Vec::new();
        let rotation = Rotation::new(output);
        let mut open = |name| {
            let (file, cut) = LogFile::open(storage, directory.join(name), rotation.clone())?;
            recovered.extend(cut);
            Ok(file)
        };
        let files = Self {
            access: open(ACCESS_LOG)?,
            error: output.error_log.then(|| open(ERROR_LOG)).transpose()?,
            system: output.system_log.then(|| open(SYSTEM_LOG)).transpose()?,
            storage: storage.clone(),
            directory: directory.clone(),
            lock,
        };
        Ok((files, recovered))
    }

    /// Appends a batch of whole lines to access.log. Where somebody put another file in its place, all
    /// files are [checked](LogFiles::check) first. See [`LogFile::append`] for what to do after an
    /// error.
    pub fn append_access(&mut self, lines: Lines<'_>) -> Result<()> {
        if self.access.is_taken()? {
            self.check()?;
        }
        self.access.append(lines)
    }

    /// Appends a batch of whole lines to error.log, likewise.
    pub fn append_error(&mut self, lines: Lines<'_>) -> Result<()> {
        if is_taken(&mut self.error)? {
            self.check()?;
        }
        each(&mut self.error, |log| log.append(lines))
    }

    /// Appends a batch of whole lines to system.log, likewise.
    pub fn append_system(&mut self, lines: Lines<'_>) -> Result<()> {
        if is_taken(&mut self.system)? {
            self.check()?;
        }
        each(&mut self.system, |log| log.append(lines))
    }

    /// Looks whether all files are where they should be, and opens new ones where they are not, with
    /// the directory and its lock: see [`LogFile::check`]. It costs a dozen system calls and is to be
    /// called at least twice a second. After an error it is to be called again until it works, with
    /// nothing appended in between: another instance may own the files.
    ///
    /// # Errors
    /// A file cannot be looked at or opened, or the directory was removed and another instance
    /// writes there by now. All three files are checked, whichever fails; what is wrong with
    /// system.log is left to [`LogFiles::append_system`].
    pub fn check(&mut self) -> Result<()> {
        self.hold_the_lock()?;
        let access = self.access.check();
        let error = each(&mut self.error, LogFile::check);
        // No line waits for system.log: what is wrong with it the next message meets and tells.
        let _ = each(&mut self.system, LogFile::check);
        access.and(error)
    }

    /// Opens all files anew at their paths, with the directory and its lock: see [`LogFile::reopen`].
    /// To be called between two batches, and after an error as [`LogFiles::check`].
    ///
    /// # Errors
    /// As [`LogFiles::check`].
    pub fn reopen(&mut self) -> Result<()> {
        self.hold_the_lock()?;
        let access = self.access.reopen();
        let error = each(&mut self.error, LogFile::reopen);
        let _ = each(&mut self.system, LogFile::reopen);
        access.and(error)
    }

    /// What happened to the files since the last call: rotations, and what others did. The old files
    /// are handed over open, to be synced by somebody who has the time.
    pub fn changes(&mut self) -> impl Iterator<Item = Change<S::File>> {
        let Self { access, error, system, .. } = self;
        let others = error.iter_mut().chain(system).flat_map(LogFile::changes);
        access.changes().chain(others)
    }

    /// Leaves only whole lines behind, where the rest of a batch will not be written: see
    /// [`LogFile::give_up`].
    pub fn give_up(&mut self) -> Result<()> {
        let access = self.access.give_up();
        let error = each(&mut self.error, LogFile::give_up);
        let system = each(&mut self.system, LogFile::give_up);
        access.and(error).and(system)
    }

    /// [`LogFiles::give_up`] for access.log alone: says how many bytes of the batch in hand are in it,
    /// all of them whole lines.
    pub fn give_up_access(&mut self) -> Result<usize> {
        self.access.give_up()?;
        Ok(self.access.written())
    }

    /// Waits until what was appended is on the disk. All three files are synced, whichever fails;
    /// the first error is returned.
    pub fn sync(&mut self) -> Result<()> {
        let access = self.access.sync();
        let error = each(&mut self.error, LogFile::sync);
        let system = each(&mut self.system, LogFile::sync);
        access.and(error).and(system)
    }

    /// Locks the directory again, where somebody removed it or the lock file.
    fn hold_the_lock(&mut self) -> Result<()> {
        if !self.lock.is_held(&self.directory)? {
            self.lock = lock(&self.storage, &self.directory)?;
        }
        Ok(())
    }

    /// A second hold on the directory's lock, for a thread that works there longer than these files are
    /// open.
    ///
    /// # Errors
    /// The process has too many open files.
    pub fn share_lock(&self) -> Result<Lock> {
        self.lock.share(&self.directory)
    }

    /// Whether trying again is of no use: a log leads to the program's own standard output or another of its
    /// streams, and the reader of that is gone. Nothing can take its place, as it can behind a named pipe.
    pub fn is_final(&self, error: &Error) -> bool {
        let leads_to_a_stream =
            [&self.access].into_iter().chain(&self.error).any(LogFile::is_a_stream);
        error.kind() == ErrorKind::BrokenPipe && leads_to_a_stream
    }

    /// The logs that are never rotated, because what is behind their names is not ours to rename: a
    /// link, a pipe, a device.
    pub fn never_rotated(&self) -> impl Iterator<Item = &Path> {
        let logs = [&self.access].into_iter().chain(&self.error).chain(&self.system);
        logs.filter(|log| !log.may_rotate()).map(LogFile::path)
    }

    /// Whether there is a system.log.
    pub fn has_system_log(&self) -> bool {
        self.system.is_some()
    }

    /// Where the hits go, as /health and the system log name it.
    pub fn access_path(&self) -> PathBuf {
        self.access.path().to_owned()
    }
}

/// Does something with a log that may be off.
fn each<S: Storage>(
    log: &mut Option<LogFile<S>>,
    act: impl FnOnce(&mut LogFile<S>) -> Result<()>,
) -> Result<()> {
    log.as_mut().map_or(Ok(()), act)
}

fn is_taken<S: Storage>(log: &mut Option<LogFile<S>>) -> Result<bool> {
    log.as_mut().map_or(Ok(false), LogFile::is_taken)
}

fn lock(storage: &impl Storage, directory: &Path) -> Result<Lock> {
    storage.create_dir_all(directory).map_err(refused(
        "create the directory",
        directory,
        directory,
    ))?;
    Lock::take(directory)
}

#[cfg(test)]
mod tests;
