//! The log files. No other module touches access.log, error.log, system.log and those of `output.logs`. A log's lines go to a
//! [`sink::Sink`]: [`log_file`] is the sink that is a file and is rotated, and [`standard_output`] the one that
//! is the program's own output.
//!
//! Batches arrive as bytes with the times of their lines, whole and in order, and are in the files when
//! `append` returns. This module knows neither what a line means, nor what time it is, nor why a batch
//! was made. It leaves slow work (syncing, compressing) to others, so that the writer does not wait.

mod active;
pub mod backoff;
mod both;
mod change;
pub mod compression;
mod content;
pub mod disk;
mod due_header;
#[cfg(test)]
pub(crate) mod faulty;
pub mod free_space;
pub mod keeper;
mod lines;
pub mod lock;
pub mod log_file;
mod names;
pub mod recover;
mod refusal;
pub mod retention;
pub mod rotated_name;
pub mod rotation;
pub mod schedule;
pub mod series;
pub mod sink;
pub mod standard_output;
pub mod storage;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::codec::Codec;
use crate::config;
use crate::error::{Error, Result};
use crate::log_id::LogId;
use both::Both;
pub use change::Change;
use content::FileContent;
use disk::Disk;
pub use lines::Lines;
use lock::Lock;
use log_file::LogFile;
pub use names::RUN_RECORD;
use recover::Recovered;
use refusal::refused;
use rotation::Rotation;
use sink::Sink;
use standard_output::StandardOutput;
use storage::Storage;

/// One log, open for appending.
#[derive(Debug)]
struct Log<S: Storage> {
    id: LogId,
    sink: Box<dyn Sink<S::File>>,
}

/// The directory of the log files, with the lock on it.
#[derive(Debug)]
struct LockedDirectory {
    path: PathBuf,
    lock: Lock,
}

/// The logs of a run, open for appending, and the lock on their directory. A log that is turned off is
/// not among them: lines appended to it are discarded.
#[derive(Debug)]
pub struct LogFiles<S: Storage = Disk> {
    logs: Vec<Log<S>>,
    storage: S,
    /// `None` if no log is a file.
    directory: Option<LockedDirectory>,
}

impl LogFiles {
    /// Locks `output.directory` and opens the files in it. Missing files, the directory and its parents
    /// are created. A torn last line or member is cut off and reported, for the system log. With a
    /// `codec`, the logs of hits take members in this form; system.log is always plain. Without a
    /// directory, nothing on the disk is touched.
    ///
    /// # Errors
    /// The directory or a file cannot be created or opened, or another instance writes there.
    pub fn open(output: &config::Output, codec: Option<Codec>) -> Result<(Self, Vec<Recovered>)> {
        Self::open_on(&Disk, output, codec)
    }
}

impl<S: Storage> LogFiles<S> {
    /// [`LogFiles::open`] on any storage. The lock is always a real one on the real directory.
    pub fn open_on(
        storage: &S,
        output: &config::Output,
        codec: Option<Codec>,
    ) -> Result<(Self, Vec<Recovered>)> {
        let locked = |path: &PathBuf| {
            let lock = lock(storage, path)?;
            Ok(LockedDirectory { path: path.clone(), lock })
        };
        let directory = output.directory.as_ref().map(locked).transpose()?;
        let rotation = Rotation::new(output);
        let (mut logs, mut recovered) = (Vec::new(), Vec::new());
        let names = output.log_names();
        for (id, name) in names.all().filter(|(id, _)| output.has(*id)) {
            let content = FileContent::of(output, id, codec);
            let mut file = None;
            if let Some(directory) = &directory
                && (id != LogId::ACCESS || output.destination.has_file())
            {
                let path = directory.path.join(format!("{name}{}", content.unit.ending()));
                let (opened, cut) =
                    LogFile::open(storage, path, rotation.clone(), content.clone())?;
                recovered.extend(cut);
                file = Some(opened);
            }
            let is_printed = id == LogId::ACCESS && output.destination.has_stdout();
            let printed = is_printed.then(|| StandardOutput::of_the_process(&content));
            let sink: Box<dyn Sink<S::File>> = match (file, printed) {
                (Some(file), Some(printed)) => Box::new(Both::new(file, printed)),
                (Some(file), None) => Box::new(file),
                (None, Some(printed)) => Box::new(printed),
                (None, None) => continue,
            };
            logs.push(Log { id, sink });
        }
        Ok((Self { logs, storage: storage.clone(), directory }, recovered))
    }

    /// Appends a batch of whole lines to a log. If another file is in its place by now, all files are
    /// [checked](LogFiles::check) first. See [`Sink::append`] for what to do after an error.
    ///
    /// # Errors
    /// As [`Sink::append`].
    pub fn append(&mut self, log: LogId, lines: Lines<'_>) -> Result<()> {
        let Some(at) = self.logs.iter().position(|open| open.id == log) else { return Ok(()) };
        if self.logs[at].sink.is_taken()? {
            self.check()?;
        }
        self.logs[at].sink.append(lines)
    }

    /// Checks that all files, the directory and its lock are where they should be, and opens new ones
    /// where they are not: see [`Sink::check`]. A call costs a dozen system calls and must be made at
    /// least twice a second. After an error it must be repeated until it works, and nothing may be
    /// appended in between, because another instance may own the files.
    ///
    /// # Errors
    /// A file cannot be looked at or opened, or the directory was removed and another instance writes
    /// there by now. All files are checked even if one fails. Errors of system.log are left to the next
    /// message.
    pub fn check(&mut self) -> Result<()> {
        self.hold_the_lock()?;
        self.each_that_holds_lines_up(|sink| sink.check())
    }

    /// Opens all files anew at their paths, with the directory and its lock: see [`Sink::reopen`]. Call
    /// it between two batches, and after an error as for [`LogFiles::check`].
    ///
    /// # Errors
    /// As [`LogFiles::check`].
    pub fn reopen(&mut self) -> Result<()> {
        self.hold_the_lock()?;
        self.each_that_holds_lines_up(|sink| sink.reopen())
    }

    /// Rotates the logs with lines, and system.log: see [`Sink::rotate`]. Call it between two batches, and after an error as for
    /// [`LogFiles::check`].
    ///
    /// # Errors
    /// As [`LogFiles::check`].
    pub fn rotate(&mut self) -> Result<()> {
        self.hold_the_lock()?;
        self.each_that_holds_lines_up(|sink| sink.rotate())
    }

    /// What happened to the files since the last call: rotations, and changes by other programs. The old
    /// files are handed over open, so that the caller can sync them when there is time.
    pub fn changes(&mut self) -> impl Iterator<Item = Change<S::File>> {
        self.logs.iter_mut().flat_map(|log| log.sink.changes())
    }

    /// Cuts every file back to whole lines, because the rest of a batch will not be written: see
    /// [`Sink::give_up`]. All files are cut even if one fails.
    ///
    /// # Errors
    /// The first error of cutting a file.
    pub fn give_up(&mut self) -> Result<()> {
        each(&mut self.logs, |sink| sink.give_up().map(|_| ()))
    }

    /// [`Sink::give_up`] for one log.
    ///
    /// # Errors
    /// The file cannot be cut.
    pub fn give_up_log(&mut self, log: LogId) -> Result<usize> {
        let open = self.logs.iter_mut().find(|open| open.id == log);
        open.map_or(Ok(0), |open| open.sink.give_up())
    }

    /// Waits until everything appended is on the disk. All files are synced even if one fails.
    ///
    /// # Errors
    /// The first error of syncing a file.
    pub fn sync(&mut self) -> Result<()> {
        each(&mut self.logs, |sink| sink.sync())
    }

    /// Applies an operation to all logs. Errors of system.log are left to the next message, because no
    /// line of another log should wait for it.
    fn each_that_holds_lines_up(
        &mut self,
        mut act: impl FnMut(&mut dyn Sink<S::File>) -> Result<()>,
    ) -> Result<()> {
        let (messages, hits): (Vec<_>, Vec<_>) =
            self.logs.iter_mut().partition(|log| log.id == LogId::SYSTEM);
        let result = each(hits, &mut act);
        let _ = each(messages, act);
        result
    }

    /// Locks the directory again if it or its lock file was removed.
    fn hold_the_lock(&mut self) -> Result<()> {
        if let Some(LockedDirectory { path, lock: held }) = &mut self.directory
            && !held.is_held(path)?
        {
            *held = lock(&self.storage, path)?;
        }
        Ok(())
    }

    /// A second hold on the directory's lock, for a thread that works in the directory after these files
    /// are closed; `None` without a directory.
    ///
    /// # Errors
    /// The process has too many open files.
    pub fn share_lock(&self) -> Result<Option<Lock>> {
        self.directory.as_ref().map(|held| held.lock.share(&held.path)).transpose()
    }

    /// Whether the reader of standard output has had enough (`| head`): the run is over, and nothing has
    /// failed.
    pub fn is_over(&self) -> bool {
        self.logs.iter().any(|log| log.sink.is_over())
    }

    /// Whether trying again is pointless: the log leads to one of the program's own streams, such as
    /// standard output, and the reader of that is gone. Unlike behind a named pipe, nothing can take the
    /// reader's place.
    pub fn is_final(&self, error: &Error) -> bool {
        let hits = self.logs.iter().filter(|log| log.id != LogId::SYSTEM);
        error.kind() == ErrorKind::BrokenPipe
            && hits.into_iter().any(|log| log.sink.leads_to_a_stream())
    }

    /// The logs that are never rotated, because what they lead to is not ours to rename: a link, a pipe
    /// or a device.
    pub fn never_rotated(&self) -> impl Iterator<Item = &Path> {
        self.logs.iter().filter_map(|log| log.sink.never_rotated())
    }

    /// Whether a log is turned on.
    pub fn has(&self, log: LogId) -> bool {
        self.logs.iter().any(|open| open.id == log)
    }
}

/// Applies an operation to all of these logs, even if one fails, and returns the first error.
fn each<'a, S: Storage + 'a>(
    logs: impl IntoIterator<Item = &'a mut Log<S>>,
    mut act: impl FnMut(&mut dyn Sink<S::File>) -> Result<()>,
) -> Result<()> {
    logs.into_iter().map(|log| act(&mut *log.sink)).fold(Ok(()), Result::and)
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
