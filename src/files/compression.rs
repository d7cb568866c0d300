//! Rotated files become gzip archives, one at a time and out of the writer's way.
//!
//! An archive is written under a name that no pattern for logs or archives matches, synced, given its
//! name, and only then is the original removed: after a crash anywhere the original is there, or the whole archive, or both.
//! [`clean_up`] settles at the next start what was left. An archive that was found is believed only
//! when it has been read and holds the same bytes: people run gzip by hand, too.

mod gzip;

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::names::LOGS;
use super::rotated_name::RotatedName;
use super::storage::{Storage, StoredFile};
use crate::error::{Error, Result};
use gzip::{Decoder, Encoder};

/// How much is read at a time, and how much is done before somebody may stop it: about a
/// millisecond's work.
const BLOCK: usize = 256 * 1024;

/// Asked before each block of a long work whether to go on with it.
pub type GoOn<'a> = &'a mut dyn FnMut() -> bool;

/// How a compression ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressionEnd {
    /// The archive stands in the original's place.
    Compressed {
        /// The original's size in bytes.
        from: u64,
        /// The archive's.
        to: u64,
    },
    /// It was not to be gone on with: the original is as it was, and there is no archive.
    Stopped,
    /// Somebody removed the original meanwhile, and there is no archive.
    Gone,
}

/// What a run that ended in the middle of a compression had left. Reads as a message for the
/// system log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// An archive that was not finished; the original is there.
    Unfinished(PathBuf),
    /// An original whose archive is there.
    Original(PathBuf),
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfinished(path) => {
                write!(f, "Removed an archive that was left unfinished: {}", path.display())
            }
            Self::Original(path) => {
                write!(f, "Removed a file whose archive is complete: {}", path.display())
            }
        }
    }
}

/// Replaces a rotated file of `log` in `directory` by its archive. `level` is gzip's: 0 (stored)
/// and 1 (fast) to 9 (small). The same file and level give the same archive.
///
/// `go_on` is asked before each block and may do other things meanwhile; false stops it. After an
/// error or a stop the original is there, and the same call may be made again: it goes on from
/// whatever is found.
///
/// # Errors
/// A file cannot be read, written, renamed or removed, or the archive's name is taken by a file
/// that does not hold the original's bytes.
pub fn compress<S: Storage>(
    storage: &S,
    directory: &Path,
    log: &str,
    name: RotatedName,
    level: u32,
    go_on: GoOn<'_>,
) -> Result<CompressionEnd> {
    let work = Work::new(storage, directory, log, name);
    let found = storage.identity(&work.archive).map_err(Error::io("look at", &work.archive))?;
    let outcome = match found {
        Some(_) => work.compare(go_on)?,
        None => work.write_archive(level, go_on)?,
    };
    if matches!(outcome, CompressionEnd::Compressed { .. }) {
        work.remove_original()?;
    }
    Ok(outcome)
}

/// Removes what compressions that were cut short have left in `directory`: unfinished archives, and
/// originals whose archive is there and whole. One that cannot be settled does not keep the others
/// from being; it is reported in its place, and left as it is.
///
/// To be called before anything is compressed. Reads both files of each pair, as long as it is to
/// `go_on`.
pub fn clean_up<S: Storage>(
    storage: &S,
    directory: &Path,
    go_on: GoOn<'_>,
) -> Vec<Result<Leftover>> {
    let entries = match storage.list(directory) {
        Ok(entries) => entries,
        Err(error) => return vec![Err(Error::io("list", directory)(error))],
    };
    let names: Vec<_> =
        entries.into_iter().filter(|entry| entry.is_regular).map(|entry| entry.name).collect();
    let mut settled = Vec::new();
    for log in LOGS {
        for name in names.iter().filter(|name| RotatedName::parse_unfinished(log, name).is_some()) {
            let path = directory.join(name);
            settled.push(remove(storage, &path).map(|()| Leftover::Unfinished(path)));
        }
        let files: Vec<_> = names.iter().filter_map(|name| RotatedName::parse(log, name)).collect();
        let twice = |name: &&RotatedName| !name.compressed && files.contains(&name.archive());
        for name in files.iter().filter(twice) {
            let work = Work::new(storage, directory, log, *name);
            match work.compare(go_on) {
                Ok(CompressionEnd::Stopped) => return settled,
                Ok(CompressionEnd::Gone) => {}
                Ok(CompressionEnd::Compressed { .. }) => {
                    let removed = work.remove_original();
                    settled.push(removed.map(|()| Leftover::Original(work.original)));
                }
                Err(error) => settled.push(Err(error)),
            }
        }
    }
    settled
}

/// The three names of one file on its way.
struct Work<'a, S> {
    storage: &'a S,
    directory: &'a Path,
    original: PathBuf,
    unfinished: PathBuf,
    archive: PathBuf,
}

impl<'a, S: Storage> Work<'a, S> {
    fn new(storage: &'a S, directory: &'a Path, log: &str, name: RotatedName) -> Self {
        Self {
            storage,
            directory,
            original: directory.join(name.original().file_name(log)),
            unfinished: directory.join(name.unfinished_file_name(log)),
            archive: directory.join(name.archive().file_name(log)),
        }
    }

    fn write_archive(&self, level: u32, go_on: GoOn<'_>) -> Result<CompressionEnd> {
        let Some(original) = self.open(&self.original)? else { return Ok(CompressionEnd::Gone) };
        let create = self.storage.create(&self.unfinished);
        let mut archive = create.map_err(Error::io("create", &self.unfinished))?;
        let outcome = self.fill(&original, &mut archive, level, go_on).and_then(|outcome| {
            if matches!(outcome, CompressionEnd::Compressed { .. }) {
                archive.sync().map_err(Error::io("sync", &self.unfinished))?;
                let rename = self.storage.rename_new(&self.unfinished, &self.archive);
                rename.map_err(Error::io("give its name to", &self.unfinished))?;
            }
            Ok(outcome)
        });
        if !matches!(outcome, Ok(CompressionEnd::Compressed { .. })) {
            // Where that fails too, the next try empties it and the next start removes it.
            let _ = self.storage.remove(&self.unfinished);
        }
        outcome
    }

    /// Compresses all of `original` into `archive`.
    fn fill(
        &self,
        original: &S::File,
        archive: &mut S::File,
        level: u32,
        go_on: GoOn<'_>,
    ) -> Result<CompressionEnd> {
        let identity = original.identity().map_err(Error::io("look at", &self.original))?;
        let mut encoder = Encoder::new(level);
        let mut write = |bytes: &[u8]| {
            write_all(archive, bytes).map_err(Error::io("write to", &self.unfinished))
        };
        let mut block = Vec::with_capacity(BLOCK);
        let (mut from, mut to) = (0, 0);
        loop {
            if !go_on() {
                return Ok(CompressionEnd::Stopped);
            }
            // It was removed to make room, and an archive would take that.
            let found = self.storage.identity(&self.original);
            if found.map_err(Error::io("look at", &self.original))? != Some(identity) {
                return Ok(CompressionEnd::Gone);
            }
            read_block(original, from, &mut block).map_err(Error::io("read", &self.original))?;
            if block.is_empty() {
                break;
            }
            from += block.len() as u64;
            to += write(encoder.push(&block))?;
        }
        to += write(&encoder.finish())?;
        Ok(CompressionEnd::Compressed { from, to })
    }

    /// Finds that the archive holds the original's bytes, to the last; an error where it does not.
    fn compare(&self, go_on: GoOn<'_>) -> Result<CompressionEnd> {
        let (Some(original), Some(archive)) =
            (self.open(&self.original)?, self.open(&self.archive)?)
        else {
            return Ok(CompressionEnd::Gone);
        };
        let mut decoder = Decoder::new(&archive);
        let (mut expected, mut found) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
        let mut from = 0;
        loop {
            if !go_on() {
                return Ok(CompressionEnd::Stopped);
            }
            read_block(&original, from, &mut expected)
                .map_err(Error::io("read", &self.original))?;
            let whole =
                decoder.read_block(&mut found, BLOCK).map_err(Error::io("read", &self.archive))?;
            if !whole || found != expected {
                let cause = format!(
                    "{} is there too and does not hold the same lines; remove one of the two",
                    self.archive.display()
                );
                return Err(Error::new("replace", self.original.display(), cause));
            }
            if expected.is_empty() {
                let to = archive.size().map_err(Error::io("read", &self.archive))?;
                return Ok(CompressionEnd::Compressed { from, to });
            }
            from += expected.len() as u64;
        }
    }

    /// Removes the original, once the archive's name is sure to outlive a power cut.
    fn remove_original(&self) -> Result<()> {
        self.storage.sync_dir(self.directory).map_err(Error::io("sync", self.directory))?;
        remove(self.storage, &self.original)
    }

    /// Opens a file of the series; `None` where it is gone.
    fn open(&self, path: &Path) -> Result<Option<S::File>> {
        match self.storage.open_for_reading(path) {
            Ok(file) if file.is_ours() => Ok(Some(file)),
            Ok(_) => Err(Error::new("compress", path.display(), "not a regular file")),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::io("open", path)(cause)),
        }
    }
}

/// Removes a file; one that somebody else has removed already is as good.
fn remove(storage: &impl Storage, path: &Path) -> Result<()> {
    match storage.remove(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Fills `block` with what a file holds from `offset` on; empty at its end.
fn read_block(file: &impl StoredFile, offset: u64, block: &mut Vec<u8>) -> std::io::Result<()> {
    let left = file.size()?.saturating_sub(offset);
    block.resize(left.min(BLOCK as u64) as usize, 0);
    if block.is_empty() { Ok(()) } else { file.read_exact_at(block, offset) }
}

/// Writes all of `bytes` and says how many they were.
fn write_all(file: &mut impl StoredFile, bytes: &[u8]) -> std::io::Result<u64> {
    let mut rest = bytes;
    while !rest.is_empty() {
        match file.write(rest) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes.len() as u64)
}

#[cfg(test)]
mod tests;
