//! The log files: the only place that touches access.log, error.log and system.log.
//!
//! Batches come in as bytes, whole and in order, and are in the file when `append_*` returns.
//! Nothing in here knows what a line means, what time it is or why a batch was made.

pub mod backoff;
#[cfg(test)]
pub(crate) mod faulty;
pub mod lock;
pub mod log_file;
pub mod order;
pub mod recover;
pub mod retention;
pub mod rotated_name;
pub mod schedule;
pub mod storage;

use std::fs;
use std::path::{Path, PathBuf};

use crate::config;
use crate::error::{Error, Result};
use lock::Lock;
use log_file::LogFile;
use recover::Recovered;
use storage::{Disk, Storage};

/// The simulated site's hits.
pub const ACCESS_LOG: &str = "access.log";
/// What failed on the simulated site.
pub const ERROR_LOG: &str = "error.log";
/// What the generator itself did.
pub const SYSTEM_LOG: &str = "system.log";

/// The three log files of a run, open for appending, and the lock on their directory.
#[derive(Debug)]
pub struct LogFiles<S: Storage = Disk> {
    access: LogFile<S>,
    error: LogFile<S>,
    system: LogFile<S>,
    _lock: Lock,
}

impl LogFiles {
    /// Locks `output.directory` and opens the files in it; all are created where missing, the
    /// directory with its parents. A torn last line is cut off, and reported for the system log.
    ///
    /// # Errors
    /// The directory or a file cannot be made or opened, or another instance writes there.
    pub fn open(output: &config::Output) -> Result<(Self, Vec<Recovered>)> {
        Self::open_on(&Disk, &output.directory)
    }
}

impl<S: Storage> LogFiles<S> {
    /// [`LogFiles::open`] on any storage. The lock is a real one on the real directory.
    pub fn open_on(storage: &S, directory: &Path) -> Result<(Self, Vec<Recovered>)> {
        fs::create_dir_all(directory).map_err(Error::io("create the directory", directory))?;
        let lock = Lock::take(directory)?;
        let mut recovered = Vec::new();
        let mut open = |name| {
            let (file, cut) = LogFile::open(storage, directory.join(name))?;
            recovered.extend(cut);
            Ok(file)
        };
        let files = Self {
            access: open(ACCESS_LOG)?,
            error: open(ERROR_LOG)?,
            system: open(SYSTEM_LOG)?,
            _lock: lock,
        };
        Ok((files, recovered))
    }

    /// Appends a batch of whole lines to access.log. See [`LogFile::append`] for what to do after
    /// an error.
    pub fn append_access(&mut self, batch: &[u8]) -> Result<()> {
        self.access.append(batch)
    }

    /// Appends a batch of whole lines to error.log, likewise.
    pub fn append_error(&mut self, batch: &[u8]) -> Result<()> {
        self.error.append(batch)
    }

    /// Appends a batch of whole lines to system.log, likewise.
    pub fn append_system(&mut self, batch: &[u8]) -> Result<()> {
        self.system.append(batch)
    }

    /// Waits until what was appended is on the disk. All three files are synced, whichever fails;
    /// the first error is returned.
    pub fn sync(&mut self) -> Result<()> {
        let access = self.access.sync();
        let error = self.error.sync();
        let system = self.system.sync();
        access.and(error).and(system)
    }

    /// Where the hits go, as /health and the system log name it.
    pub fn access_path(&self) -> PathBuf {
        self.access.path().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use tempfile::TempDir;

    use super::faulty::{Call, Fault, Faulty};
    use super::*;

    fn directory() -> TempDir {
        tempfile::tempdir().unwrap()
    }

    fn open(directory: &Path) -> Result<(LogFiles, Vec<Recovered>)> {
        LogFiles::open_on(&Disk, directory)
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
        files.append_access(b"hit\n").unwrap();
        files.append_error(b"failure\n").unwrap();
        files.append_system(b"message\n").unwrap();
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
        let (mut files, _) = LogFiles::open_on(&storage, root.path()).unwrap();
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
}
