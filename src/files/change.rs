//! What happened to the files of a log: rotations, and what others did.

use std::path::PathBuf;
use std::time::Duration;

use super::recover::Recovered;

/// A file that is no longer written to, or what else is worth telling.
#[derive(Debug)]
pub enum Change<F> {
    /// A file was full and is called `to` now.
    Rotated {
        /// Its new name, with the directory.
        to: PathBuf,
        /// How long nothing could be written: from before the rename until the new file was open.
        pause: Duration,
        /// The file, for syncing.
        file: F,
    },
    /// Somebody removed, renamed or replaced the active file; another was opened in its place.
    Replaced {
        /// The name of both.
        path: PathBuf,
        /// Somebody asked for that: [`Sink::reopen`](super::sink::Sink::reopen).
        asked: bool,
        /// The old file, for syncing.
        file: F,
    },
    /// Somebody put a file in the active one's place, and its last line was torn.
    Recovered(Recovered),
    /// A file of this name was full, but something is mounted on it: it is written to as it is.
    Pinned(PathBuf),
}
