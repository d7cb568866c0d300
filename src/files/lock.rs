//! Allows one instance per directory: two that append to the same files would mix their lines and
//! miscount them. The lock is the system's, so it ends with the process, however that ends. The lock
//! file itself stays, because after removing it two later instances could lock two files of one name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::refusal::refused;
use crate::error::{Error, Result};

/// The name of the lock file in the log directory. The file holds the process id of its owner.
pub const LOCK_FILE: &str = ".access-log-generator.lock";

/// The lock on a directory, held until it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Locks `directory` for this process.
    ///
    /// # Errors
    /// Another instance holds the lock, or the lock file cannot be opened or locked.
    pub fn take(directory: &Path) -> Result<Self> {
        let path = directory.join(LOCK_FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .custom_flags(OFlags::NOFOLLOW.bits() as i32)
            .open(&path)
            .map_err(refused("open", &path, directory))?;
        match file.try_lock() {
            Ok(()) => {
                // Only the message below needs the process id; on a full disk it may be missing.
                let _ = write_id(&mut file);
                Ok(Self { file })
            }
            Err(TryLockError::WouldBlock) => {
                let owner = read_id(&mut file).map_or(String::new(), |id| format!(" (pid {id})"));
                let cause = format!(
                    "another access-log-generator{owner} writes there; stop it, or choose another \
                     directory"
                );
                Err(Error::new("lock", directory.display(), cause))
            }
            Err(TryLockError::Error(cause)) => Err(Error::io("lock", &path)(cause)),
        }
    }

    /// A second hold on the same lock. The lock ends when both are dropped.
    ///
    /// # Errors
    /// The process has too many open files.
    pub fn share(&self, directory: &Path) -> Result<Self> {
        let path = directory.join(LOCK_FILE);
        let file = self.file.try_clone().map_err(Error::io("open", &path))?;
        Ok(Self { file })
    }

    /// Whether the lock file in `directory` is still the one that is locked. If not, it was removed, and
    /// another instance may lock a new one.
    ///
    /// # Errors
    /// The lock file cannot be looked at.
    pub fn is_held(&self, directory: &Path) -> Result<bool> {
        let path = directory.join(LOCK_FILE);
        let identity = |file: fs::Metadata| (file.dev(), file.ino());
        let ours = self.file.metadata().map(identity).map_err(Error::io("look at", &path))?;
        match fs::metadata(&path) {
            Ok(found) => Ok(identity(found) == ours),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(Error::io("look at", &path)(cause)),
        }
    }
}

fn write_id(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

fn read_id(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    // A process id has at most ten digits; anything longer is not one.
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_was_let_go_can_be_taken_again() {
        let root = tempfile::tempdir().unwrap();
        let first = Lock::take(root.path()).unwrap();
        assert!(Lock::take(root.path()).is_err());
        drop(first);
        assert!(Lock::take(root.path()).is_ok());
    }

    #[test]
    fn a_link_in_its_place_is_refused_and_what_is_behind_it_stays() {
        let root = tempfile::tempdir().unwrap();
        let outside = root.path().join("outside");
        fs::write(&outside, "theirs").unwrap();
        std::os::unix::fs::symlink(&outside, root.path().join(LOCK_FILE)).unwrap();
        assert!(Lock::take(root.path()).is_err());
        assert_eq!(fs::read_to_string(&outside).unwrap(), "theirs");
    }

    #[test]
    fn a_lock_that_is_shared_lasts_until_both_let_go() {
        let root = tempfile::tempdir().unwrap();
        let first = Lock::take(root.path()).unwrap();
        let second = first.share(root.path()).unwrap();
        drop(first);
        assert!(Lock::take(root.path()).is_err());
        drop(second);
        assert!(Lock::take(root.path()).is_ok());
    }

    #[test]
    fn a_lock_whose_file_was_removed_or_replaced_is_not_held() {
        let root = tempfile::tempdir().unwrap();
        let lock = Lock::take(root.path()).unwrap();
        assert!(lock.is_held(root.path()).unwrap());
        fs::remove_file(root.path().join(LOCK_FILE)).unwrap();
        assert!(!lock.is_held(root.path()).unwrap());
        let _other = Lock::take(root.path()).unwrap();
        assert!(!lock.is_held(root.path()).unwrap());
    }

    #[test]
    fn a_lock_file_without_an_owner_is_no_lock() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(LOCK_FILE), "4194304999\n").unwrap();
        let _lock = Lock::take(root.path()).unwrap();
        let content = fs::read_to_string(root.path().join(LOCK_FILE)).unwrap();
        assert_eq!(content, format!("{}\n", std::process::id()));
    }

    #[test]
    fn an_owner_who_left_no_id_is_named_without_one() {
        let root = tempfile::tempdir().unwrap();
        let _lock = Lock::take(root.path()).unwrap();
        for content in ["", "not a number", "\u{fffd}"] {
            fs::write(root.path().join(LOCK_FILE), content).unwrap();
            let error = Lock::take(root.path()).unwrap_err().to_string();
            let expected = "another access-log-generator writes there";
            assert!(error.contains(expected), "{content:?}: {error}");
        }
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let error = Lock::take(Path::new("/no/such/directory")).unwrap_err().to_string();
        assert_eq!(
            error,
            "cannot open /no/such/directory/.access-log-generator.lock: No such file or \
             directory (os error 2)"
        );
    }
}
