//! What both modules share.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Measurements of the process at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Process {
    /// The processor time used, user and system, in seconds.
    pub cpu_seconds: f64,
    /// The memory that is not swapped out, bytes.
    pub resident_bytes: u64,
    /// The number of open files, including sockets.
    pub open_fds: u64,
}

/// Renames a file on file systems that cannot rename without replacing, such as NFS: checks first.
/// Another program that takes the name in between loses its file, but no other program makes names like
/// ours. Making a second link would be atomic, but a crash could leave the file with two names, and its
/// lines twice in the series.
pub fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => fs::rename(from, to),
        Err(error) => Err(error),
    }
}
