//! What both rooms share.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// The process at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Process {
    /// Time on a processor, user and system, in seconds.
    pub cpu_seconds: f64,
    /// Memory that is not swapped out, in bytes.
    pub resident_bytes: u64,
    /// Open files, sockets among them.
    pub open_fds: u64,
}

/// Renames where the file system cannot rename without replacing (NFS is one): looks first. Another program that takes
/// the name in between loses its file, but no other makes names like ours. A link to the new name would leave the file
/// with two names after a crash, and its lines twice in the series.
pub fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => fs::rename(from, to),
        Err(error) => Err(error),
    }
}
