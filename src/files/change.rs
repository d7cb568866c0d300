//! Changes to the files of a log: rotations, and what other programs did.

use std::path::PathBuf;
use std::time::Duration;

use super::recover::Recovered;

/// A change that is worth logging. Some of them hand over a file that is no longer written to.
#[derive(Debug)]
pub enum Change<F> {
    /// A full file was renamed to `to`.
    Rotated {
        /// The new path of the file.
        to: PathBuf,
        /// How long nothing could be written: from before the rename until the new file was open.
        pause: Duration,
        /// The full file, still to be synced.
        file: F,
    },
    /// The active file was removed, renamed or replaced by another program, and a file was opened in its place.
    Replaced {
        /// The path of both files.
        path: PathBuf,
        /// Whether the user asked for the file to be reopened:
        /// [`Sink::reopen`](super::sink::Sink::reopen).
        asked: bool,
        /// The old file, still to be synced.
        file: F,
    },
    /// The file that another program put in the active one's place had a torn last line, which was cut off.
    Recovered(Recovered),
    /// The file at this path is full, but something is mounted on it, so it is not rotated and grows on.
    Pinned(PathBuf),
}
