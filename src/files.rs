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
/// All of them.
pub const LOGS: [&str; 3] = [ACCESS_LOG, ERROR_LOG, SYSTEM_LOG];

/// The three logs of a run, open for appending, and the lock on their directory.
#[derive(Debug)]
pub struct LogFiles<S: Storage = Disk> {
    access: LogFile<S>,
    error: LogFile<S>,
    system: LogFile<S>,
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
            error: open(ERROR_LOG)?,
            system: open(SYSTEM_LOG)?,
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
        if self.error.is_taken()? {
            self.check()?;
        }
        self.error.append(lines)
    }

    /// Appends a batch of whole lines to system.log, likewise.
    pub fn append_system(&mut self, lines: Lines<'_>) -> Result<()> {
        if self.system.is_taken()? {
            self.check()?;
        }
        self.system.append(lines)
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
        let error = self.error.check();
        // No line waits for system.log: what is wrong with it the next message meets and tells.
        let _ = self.system.check();
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
        let error = self.error.reopen();
        let _ = self.system.reopen();
        access.and(error)
    }

    /// What happened to the files since the last call: rotations, and what others did. The old files
    /// are handed over open, to be synced by somebody who has the time.
    pub fn changes(&mut self) -> impl Iterator<Item = Change<S::File>> {
        let Self { access, error, system, .. } = self;
        access.changes().chain(error.changes()).chain(system.changes())
    }

    /// Leaves only whole lines behind, where the rest of a batch will not be written: see
    /// [`LogFile::give_up`].
    pub fn give_up(&mut self) -> Result<()> {
        let access = self.access.give_up();
        let error = self.error.give_up();
        let system = self.system.give_up();
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
        let error = self.error.sync();
        let system = self.system.sync();
        access.and(error).and(system)
    }

    /// Locks the directory again, where somebody removed it or the lock file.
    fn hold_the_lock(&mut self) -> Result<()> {
        if !self.lock.is_held(&self.directory)? {
            self.lock = lock(&self.storage, &self.directory)?;
        }
        Ok(())
    }

    /// A second hold on the directory's lock, for whoever works there longer than these files are
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
        let leads_to_a_stream = [&self.access, &self.error].iter().any(|log| log.is_a_stream());
        error.kind() == ErrorKind::BrokenPipe && leads_to_a_stream
    }

    /// The logs that are never rotated, because what is behind their names is not ours to rename: a
    /// link, a pipe, a device.
    pub fn never_rotated(&self) -> impl Iterator<Item = &Path> {
        let logs = [&self.access, &self.error, &self.system].into_iter();
        logs.filter(|log| !log.may_rotate()).map(LogFile::path)
    }

    /// Where the hits go, as /health and the system log name it.
    pub fn access_path(&self) -> PathBuf {
        self.access.path().to_owned()
    }
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
mod tests {
    use std::{fs, io};

    use tempfile::TempDir;

    use super::faulty::{Call, Fault, Faulty};
    use super::*;
    use crate::format::Mark;

    fn directory() -> TempDir {
        tempfile::tempdir().unwrap()
    }

    fn output(directory: &Path) -> config::Output {
        config::Output { directory: directory.to_owned(), ..config::Config::default().output }
    }

    fn open(directory: &Path) -> Result<(LogFiles, Vec<Recovered>)> {
        LogFiles::open(&output(directory))
    }

    fn lines(bytes: &[u8]) -> Lines<'_> {
        Lines { bytes, marks: &[Mark { offset: 0, time: 0 }] }
    }

    #[test]
    fn the_files_and_their_parents_are_created() {
        let root = directory();
        let logs = root.path().join("a/b");
        let (_files, recovered) = open(&logs).unwrap();
        assert!(recovered.is_empty());
        for name in [ACCESS_LOG, ERROR_LOG, SYSTEM_LOG] {
            assert_eq!(fs::read(logs.join(name)).unwrap(), b"", "{name}");
        }
    }

    #[test]
    fn each_batch_goes_to_its_own_file_after_what_is_there() {
        let root = directory();
        fs::write(root.path().join(ACCESS_LOG), "old\n").unwrap();
        let (mut files, _) = open(root.path()).unwrap();
        files.append_access(lines(b"hit\n")).unwrap();
        files.append_error(lines(b"failure\n")).unwrap();
        files.append_system(lines(b"message\n")).unwrap();
        files.sync().unwrap();
        let text = |name| fs::read_to_string(root.path().join(name)).unwrap();
        assert_eq!(text(ACCESS_LOG), "old\nhit\n");
        assert_eq!(text(ERROR_LOG), "failure\n");
        assert_eq!(text(SYSTEM_LOG), "message\n");
    }

    #[test]
    fn a_torn_last_line_is_cut_off_at_start() {
        let root = directory();
        let path = root.path().join(ERROR_LOG);
        fs::write(&path, "whole\nhal").unwrap();
        let (_files, recovered) = open(root.path()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole\n");
        assert_eq!(recovered, [Recovered { path, bytes: 3 }]);
    }

    #[test]
    fn a_second_instance_touches_nothing() {
        let root = directory();
        let (_first, _) = open(root.path()).unwrap();
        let path = root.path().join(ACCESS_LOG);
        fs::write(&path, "whole\nin flight").unwrap();
        let refusal = open(root.path()).unwrap_err().to_string();
        assert_eq!(
            refusal,
            format!(
                "cannot lock {}: another access-log-generator (pid {}) writes there; stop it, or \
                 choose another directory",
                root.path().display(),
                std::process::id()
            )
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole\nin flight");
    }

    #[test]
    fn a_sync_that_fails_does_not_keep_the_others_from_being_synced() {
        let root = directory();
        let storage = Faulty::default();
        let (mut files, _) = LogFiles::open_on(&storage, &output(root.path())).unwrap();
        storage.plan(Call::Sync, [Fault::Error(io::ErrorKind::StorageFull)]);
        let error = files.sync().unwrap_err().to_string();
        assert_eq!(
            error,
            format!("cannot sync {}/access.log: no storage space", root.path().display())
        );
        assert_eq!(storage.calls(Call::Sync), 3);
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_named() {
        let root = directory();
        fs::create_dir(root.path().join(ERROR_LOG)).unwrap();
        let error = open(root.path()).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "cannot open {}/error.log: Is a directory (os error 21)",
                root.path().display()
            )
        );
    }

    #[test]
    fn a_directory_that_was_removed_is_made_again_and_locked() {
        let root = directory();
        let logs = root.path().join("logs");
        let (mut files, _) = open(&logs).unwrap();
        files.append_access(lines(b"before\n")).unwrap();
        fs::remove_dir_all(&logs).unwrap();
        files.check().unwrap();
        files.append_access(lines(b"after\n")).unwrap();
        assert_eq!(fs::read_to_string(logs.join(ACCESS_LOG)).unwrap(), "after\n");
        assert_eq!(files.changes().count(), 3);
        let refusal = open(&logs).unwrap_err().to_string();
        assert!(refusal.contains("another access-log-generator"), "{refusal}");
    }

    #[test]
    fn a_batch_goes_to_the_file_that_somebody_has_just_put_in_the_place() {
        let root = directory();
        let path = root.path().join(ACCESS_LOG);
        let (mut files, _) = open(root.path()).unwrap();
        fs::rename(&path, root.path().join("old")).unwrap();
        fs::write(&path, "").unwrap();
        files.append_access(lines(b"line\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "line\n");
        assert_eq!(fs::read_to_string(root.path().join("old")).unwrap(), "");
    }

    #[test]
    fn whoever_takes_a_file_has_one_batch_of_time_to_put_a_new_one_there() {
        let root = directory();
        let path = root.path().join(ACCESS_LOG);
        let (mut files, _) = open(root.path()).unwrap();
        fs::rename(&path, root.path().join("old")).unwrap();
        files.append_access(lines(b"first\n")).unwrap();
        assert_eq!(fs::read_to_string(root.path().join("old")).unwrap(), "first\n");
        files.append_access(lines(b"second\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second\n");
    }

    #[test]
    fn files_that_are_reopened_are_new_ones_at_once_also_where_none_was_put() {
        let root = directory();
        let (mut files, _) = open(root.path()).unwrap();
        files.append_access(lines(b"first\n")).unwrap();
        for name in [ACCESS_LOG, SYSTEM_LOG] {
            fs::rename(root.path().join(name), root.path().join(format!("{name}.1"))).unwrap();
        }
        files.reopen().unwrap();
        let asked = |change: Change<_>| match change {
            Change::Replaced { asked, .. } => asked,
            other => panic!("{other:?}"),
        };
        assert_eq!(files.changes().map(asked).collect::<Vec<_>>(), [true, true]);
        files.append_access(lines(b"second\n")).unwrap();
        files.append_system(lines(b"message\n")).unwrap();
        let text = |name| fs::read_to_string(root.path().join(name)).unwrap();
        assert_eq!((&*text("access.log.1"), &*text(ACCESS_LOG)), ("first\n", "second\n"));
        assert_eq!((&*text("system.log.1"), &*text(SYSTEM_LOG)), ("", "message\n"));
    }

    #[test]
    fn a_pipe_is_left_for_what_stands_in_its_place_only_when_asked() {
        let root = directory();
        let path = root.path().join(ACCESS_LOG);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        // Both ends: a reader alone would wait for a writer.
        let mut pipe = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
        let (mut files, _) = open(root.path()).unwrap();
        files.append_access(lines(b"first\n")).unwrap();
        files.reopen().unwrap();
        assert_eq!(files.changes().count(), 0, "the pipe is in its place");
        fs::remove_file(&path).unwrap();
        files.check().unwrap();
        files.append_access(lines(b"second\n")).unwrap();
        files.reopen().unwrap();
        files.append_access(lines(b"third\n")).unwrap();
        let mut piped = [0; 13];
        io::Read::read_exact(&mut pipe, &mut piped).unwrap();
        assert_eq!(&piped, b"first\nsecond\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "third\n");
    }

    #[test]
    fn no_line_goes_into_the_files_of_another_instance() {
        let root = directory();
        let (mut files, _) = open(root.path()).unwrap();
        for name in [lock::LOCK_FILE, ACCESS_LOG] {
            fs::remove_file(root.path().join(name)).unwrap();
        }
        let (_other, _) = open(root.path()).unwrap();
        let error = files.append_access(lines(b"line\n")).unwrap_err().to_string();
        assert!(error.contains("another access-log-generator"), "{error}");
        assert_eq!(fs::read_to_string(root.path().join(ACCESS_LOG)).unwrap(), "");
    }

    #[test]
    fn a_directory_that_another_instance_took_over_is_left_to_it() {
        let root = directory();
        let (mut files, _) = open(root.path()).unwrap();
        fs::remove_file(root.path().join(lock::LOCK_FILE)).unwrap();
        let (other, _) = open(root.path()).unwrap();
        let error = files.check().unwrap_err().to_string();
        assert!(error.contains("another access-log-generator"), "{error}");
        drop(other);
        files.check().unwrap();
    }

    #[test]
    fn a_check_that_finds_everything_in_place_changes_nothing() {
        let root = directory();
        let (mut files, _) = open(root.path()).unwrap();
        files.append_access(lines(b"line\n")).unwrap();
        files.check().unwrap();
        assert_eq!(files.changes().count(), 0);
    }
}
