//! Compresses rotated files to gzip archives, one at a time and without holding up the writer.
//!
//! An archive is written under a name that no pattern for logs or archives matches. Then it is synced
//! and given its final name, and only then is the original removed. After a crash at any point, the
//! original or the whole archive is there, or both. The next start removes the leftovers with
//! [`clean_up`]. People run gzip by hand too, so an archive that was found counts only after it has been
//! read and holds the same bytes.

mod gzip;

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::rotated_name::RotatedName;
use super::storage::{Storage, StoredFile};
use crate::error::{Error, Result};
use crate::log_id::LogNames;
use gzip::{Decoder, Encoder};

/// How much is read at a time, and how often a compression can be stopped: a block takes about a millisecond.
const BLOCK: usize = 256 * 1024;

/// Called before each block of a long job; false stops the job.
pub type GoOn<'a> = &'a mut dyn FnMut() -> bool;

/// How a compression ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressionEnd {
    /// The archive has replaced the original.
    Compressed {
        /// The size of the original, bytes.
        from: u64,
        /// The size of the archive, bytes.
        to: u64,
    },
    /// `go_on` stopped it: the original is unchanged, and there is no archive.
    Stopped,
    /// Another program removed the original meanwhile, and there is no archive.
    Gone,
}

/// A leftover of a run that ended during a compression. Its `Display` is a message for the system log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// An unfinished archive; the original is still there.
    Unfinished(PathBuf),
    /// An original whose archive is complete.
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

/// Replaces a rotated file of `log` in `directory` by its archive. `level` is gzip's: 0 (stored), or 1
/// (fast) to 9 (small). The same file and level always give the same archive.
///
/// `go_on` is called before each block and may do other work meanwhile; if it returns false, the
/// compression stops. After an error or a stop the original is still there. The same call may then be
/// repeated, and goes on from what it finds.
///
/// # Errors
/// A file cannot be read, written, renamed or removed, or the archive's name belongs to a file that does
/// not hold the original's bytes.
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

/// Removes what interrupted compressions of these logs have left in `directory`: unfinished archives, and
/// originals whose archive is there and complete. If one cannot be removed, the error stands in its place in the
/// result, and the others are still handled.
///
/// Call it before anything is compressed. It reads both files of each pair for as long as `go_on` returns true.
pub fn clean_up<S: Storage>(
    storage: &S,
    directory: &Path,
    logs: &LogNames,
    go_on: GoOn<'_>,
) -> Vec<Result<Leftover>> {
    let entries = match storage.list(directory) {
        Ok(entries) => entries,
        Err(error) => return vec![Err(Error::io("list", directory)(error))],
    };
    let names: Vec<_> =
        entries.into_iter().filter(|entry| entry.is_regular).map(|entry| entry.name).collect();
    let mut settled = Vec::new();
    for log in logs.files() {
        for name in names.iter().filter(|name| RotatedName::parse_unfinished(log, name).is_some()) {
            let path = directory.join(name);
            settled.push(remove(storage, &path).map(|()| Leftover::Unfinished(path)));
        }
        let files: Vec<_> = names.iter().filter_map(|name| RotatedName::parse(log, name)).collect();
        let twice =
            |name: &&RotatedName| name.compressed.is_none() && files.contains(&name.archive());
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

/// The three paths that one file has during its compression.
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
            // If this fails too, the next try empties the file, or the next start removes it.
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
            // The original may have been removed to make room, and an archive would take that room again.
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

    /// Checks that the archive holds the original's bytes to the last one; it is an error if not.
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

    /// Removes the original, once the archive's name is sure to survive a power cut.
    fn remove_original(&self) -> Result<()> {
        self.storage.sync_dir(self.directory).map_err(Error::io("sync", self.directory))?;
        remove(self.storage, &self.original)
    }

    /// Opens a file for reading; `None` if it is gone.
    fn open(&self, path: &Path) -> Result<Option<S::File>> {
        match self.storage.open_for_reading(path) {
            Ok(file) if file.is_ours() => Ok(Some(file)),
            Ok(_) => Err(Error::new("compress", path.display(), "not a regular file")),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::io("open", path)(cause)),
        }
    }
}

/// Removes a file. It is no error if the file is gone already.
fn remove(storage: &impl Storage, path: &Path) -> Result<()> {
    match storage.remove(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Fills `block` with the file's bytes from `offset` on. It is empty at the end of the file.
fn read_block(file: &impl StoredFile, offset: u64, block: &mut Vec<u8>) -> std::io::Result<()> {
    let left = file.size()?.saturating_sub(offset);
    block.resize(left.min(BLOCK as u64) as usize, 0);
    if block.is_empty() { Ok(()) } else { file.read_exact_at(block, offset) }
}

/// Writes all of `bytes` and returns how many there are.
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
