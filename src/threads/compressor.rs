//! The compressor thread, `compressor`, owns the rotated files. It syncs those that the writer has let
//! go of, deletes those that are too old to keep, and compresses the rest. The writer never waits for
//! it: what it has no time for stays in the directory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use log::{debug, info, warn};

use crate::error::{Error, Result};
use crate::files::Change;
use crate::files::compression::CompressionEnd;
use crate::files::disk::{Disk, DiskFile};
use crate::files::keeper::Keeper;
use crate::files::lock::Lock;
use crate::files::series::RotatedFile;
use crate::files::storage::StoredFile;
use crate::status::Status;
use crate::stop::Stop;

/// How long a file waits that could not be compressed until it is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(60);
/// How long the thread goes on compressing after the stop: long enough to finish a file of some hundred
/// MB, and shorter than service managers and container engines wait.
pub const AFTER_THE_STOP: Duration = Duration::from_secs(3);
/// The niceness of this thread, the lowest priority: lines come before archives. See nice(2).
const NICE: i32 = 19;

/// The state of the compressor thread.
pub struct CompressorThread {
    /// Decides which files to keep, and compresses them.
    pub keeper: Keeper<Disk>,
    /// Files that are no longer written to. When this channel closes, the thread finishes its work and ends.
    pub left_files: Receiver<Change<DiskFile>>,
    /// Counts deleted and compressed files.
    pub status: Arc<Status>,
    /// The stop signal. A compression ends soon after it.
    pub stop: Stop,
    /// How long after the stop the thread goes on: [`AFTER_THE_STOP`], or less in tests.
    pub after_the_stop: Duration,
    /// The lock on the directory, held until the last archive has its name.
    pub lock: Lock,
    /// Closes when this thread has ended and its counts are final. Nothing is sent.
    pub ended: Sender<()>,
}

impl CompressorThread {
    /// Works until no more files come and all that came are compressed, or until the time after the stop
    /// is over. The next start compresses what is left.
    pub fn run(mut self) {
        // If the system does not allow it, the thread works with normal priority.
        let _ = rustix::process::nice(NICE);
        self.clean_up();
        self.delete_surplus();
        let mut tried = Instant::now();
        loop {
            if tried.elapsed() >= TRY_AGAIN {
                self.keeper.try_again();
                tried = Instant::now();
            }
            if self.has_time() && self.compress_next() {
                continue;
            }
            match self.left_files.recv_timeout(TRY_AGAIN) {
                Ok(file) => {
                    sync(file);
                    for file in self.left_files.try_iter() {
                        sync(file);
                    }
                    self.after_rotation();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.delete_surplus();
        if !self.has_time() && matches!(self.keeper.next(), Ok(Some(_))) {
            info!(
                "Rotated files are left that are not compressed yet; the next start compresses them"
            );
        }
        drop((self.lock, self.ended));
    }

    /// Whether there is time for another compression, or for more of the current one.
    fn has_time(&self) -> bool {
        self.stop.age().is_none_or(|age| age < self.after_the_stop)
    }

    fn clean_up(&self) {
        for settled in self.keeper.clean_up(&mut || self.go_on()) {
            match settled {
                Ok(leftover) => info!("{leftover}"),
                Err(error) => warn!("{error}"),
            }
        }
    }

    /// Compresses the next file. Returns whether there was one.
    fn compress_next(&mut self) -> bool {
        let file = match self.keeper.next() {
            Ok(Some(file)) => file,
            Ok(None) => return false,
            Err(error) => {
                warn!("{error}");
                return false;
            }
        };
        match self.compress(&file) {
            Ok(CompressionEnd::Compressed { from, to }) => {
                self.status.compressed();
                debug!("Compressed: {}, {from} bytes to {to}", file.file_name());
            }
            Ok(CompressionEnd::Stopped | CompressionEnd::Gone) => {}
            Err(error) => {
                self.keeper.put_off(&file);
                warn!("{error}; it is tried again in {} s", TRY_AGAIN.as_secs());
            }
        }
        true
    }

    /// Compresses a file. Between its blocks it handles what the writer has let go of, because the file
    /// may be large and files due for deletion must not wait for it.
    fn compress(&self, file: &RotatedFile) -> Result<CompressionEnd> {
        self.keeper.compress(file, &mut || self.go_on())
    }

    /// Called between two blocks of a long job: returns whether to go on.
    fn go_on(&self) -> bool {
        let mut any = false;
        for file in self.left_files.try_iter() {
            sync(file);
            any = true;
        }
        if any {
            self.after_rotation();
        }
        self.has_time()
    }

    fn after_rotation(&self) {
        if let Err(error) = self.keeper.sync_names() {
            warn!("{error}");
        }
        self.delete_surplus();
    }

    fn delete_surplus(&self) {
        for deleted in self.keeper.delete_surplus() {
            match deleted {
                Ok(path) => {
                    self.status.deleted(1);
                    debug!("Deleted: {}, more are not kept", path.display());
                }
                Err(error) => warn!("{error}"),
            }
        }
    }
}

/// Syncs a file's lines to the disk and closes it.
fn sync(change: Change<DiskFile>) {
    match change {
        Change::Rotated { to: path, mut file, .. } | Change::Replaced { path, mut file, .. } => {
            if let Err(cause) = file.sync() {
                warn!("{}", Error::io("sync", &path)(cause));
            }
        }
        Change::Recovered(_) | Change::Pinned(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crossbeam_channel::bounded;

    use super::*;
    use crate::config::{Config, LogRotation};
    use crate::log_id::LogNames;
    use crate::shard::Shard;
    use crate::status::RunFacts;

    /// A directory with rotated files, and what is in it when a compressor has been there that has so long
    /// after a stop which came before it.
    fn names_after_a_stop(after_the_stop: Duration) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for name in ["access.log-20241010T120000", "error.log-20241010T120000"] {
            fs::write(root.path().join(name), "a line\n").unwrap();
        }
        let (left_files, received) = bounded(1);
        drop(left_files);
        let run = RunFacts::new(
            &Config::default(),
            7,
            "2026-11-01T00:00:00Z".parse().unwrap(),
            Shard::WHOLE,
        );
        let rotation = LogRotation { compress: true, ..LogRotation::default() };
        let (ended, all_kept) = bounded(0);
        let compressor = CompressorThread {
            ended,
            keeper: Keeper::new(Disk, root.path().to_owned(), LogNames::default(), &rotation),
            left_files: received,
            status: Arc::new(Status::new(run)),
            stop: Stop::default(),
            after_the_stop,
            lock: Lock::take(root.path()).unwrap(),
        };
        compressor.stop.request();
        compressor.run();
        assert!(all_kept.recv().is_err(), "it has not said that it ended");
        rotated_names(root.path())
    }

    fn rotated_names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }

    #[test]
    fn rotated_files_that_a_stop_leaves_are_compressed_while_there_is_time() {
        let names = names_after_a_stop(Duration::from_secs(3600));
        assert_eq!(names, ["access.log-20241010T120000.gz", "error.log-20241010T120000.gz"]);
    }

    #[test]
    fn rotated_files_that_there_is_no_time_for_stay_as_they_are_for_the_next_start() {
        let names = names_after_a_stop(Duration::ZERO);
        assert_eq!(names, ["access.log-20241010T120000", "error.log-20241010T120000"]);
    }
}
