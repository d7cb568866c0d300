//! One log: its lines, or the members that hold them, are appended to the active file by write(2) without
//! a buffer of our own, so that they are in the file when the call returns. A full file is renamed, and a new one takes its place. A
//! new one also replaces a file that was taken away.
//!
//! Every call may fail at any step and be repeated, because the state changes only after a step has succeeded.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::active::Active;
use super::change::Change;
use super::content::FileContent;
use super::due_header::DueHeader;
use super::lines::{Lines, Unit};
use super::recover::{self, Recovered};
use super::rotated_name::RotatedName;
use super::rotation::{Rotation, RotationStep};
use super::series;
use super::sink::Sink;
use super::storage::{Identity, Storage, StoredFile};
use crate::error::{Error, Result};

/// A log: its active file, open for appending, and what is needed to replace it by another.
#[derive(Debug)]
pub struct LogFile<S: Storage> {
    storage: S,
    path: PathBuf,
    content: FileContent,
    rotation: Rotation,
    active: Active<S::File>,
    /// The header of the active file, until it is there.
    header: DueHeader,
    /// Why `path` no longer leads to the active file. If set, a new file is due.
    gone: Option<Gone>,
    /// The file cannot be renamed because something is mounted on it.
    pinned: bool,
    /// At the last batch, no file was at `path`: another program may be about to put a new one there.
    missing: bool,
    newest: Option<RotatedName>,
    /// How many bytes of the current batch are in the files already.
    written: usize,
    /// How many of these bytes are the beginning of an unfinished unit.
    torn: usize,
    /// The last call failed. Nothing is known about how long that was ago, or what happened to the file since.
    failed: bool,
    changes: Vec<Change<S::File>>,
}

/// Why the active file is open although its path no longer leads to it.
#[derive(Clone, Debug)]
enum Gone {
    /// It was rotated at this instant and has this path now.
    Rotated(PathBuf, Instant),
    /// It was removed, renamed or replaced. `asked` says whether the user also asked for it to be reopened.
    Taken { asked: bool },
}

impl<S: Storage> LogFile<S> {
    /// Opens `path` for appending and cuts off a torn last unit. The path ends as the name of a file of
    /// this content does. A missing file is created, with its directory.
    ///
    /// # Errors
    /// The file cannot be opened or read, its torn unit cannot be cut, or its directory cannot be
    /// listed.
    pub fn open(
        storage: &S,
        path: PathBuf,
        rotation: Rotation,
        content: FileContent,
    ) -> Result<(Self, Option<Recovered>)> {
        let (active, recovered) = Active::open(storage, &path, &rotation, &content)?;
        let newest = newest(storage, &path, content.unit)?;
        let log_file = Self {
            storage: storage.clone(),
            path,
            header: DueHeader::of(&content),
            content,
            rotation,
            active,
            gone: None,
            pinned: false,
            missing: false,
            newest,
            written: 0,
            torn: 0,
            failed: false,
            changes: Vec::new(),
        };
        Ok((log_file, recovered))
    }

    fn look_after_it(&mut self) -> Result<()> {
        self.look_for_it(false)
    }

    /// Checks whether the path still leads to the active file. `asked` says that the user wants it reopened.
    fn look_for_it(&mut self, asked: bool) -> Result<()> {
        let is_ours = self.active.file.is_ours();
        if self.gone.is_none() && (is_ours || asked) {
            if !self.is_in_place()? {
                self.gone = Some(Gone::Taken { asked });
            } else if is_ours {
                self.measure()?;
            }
        }
        self.replace_if_gone()
    }

    /// What lies behind a link, a pipe, a terminal or a mount is not ours to rename.
    fn may_rotate(&self) -> bool {
        self.active.file.is_ours() && !self.active.file.is_linked() && !self.pinned
    }

    fn append_rest(&mut self, lines: &Lines<'_>) -> Result<()> {
        while self.written < lines.bytes.len() {
            self.replace_if_gone()?;
            match self.next_step(lines) {
                RotationStep::WriteUntil(end) => self.write(lines, end)?,
                RotationStep::Rotate => self.rename()?,
            }
        }
        self.written = 0;
        Ok(())
    }

    fn next_step(&mut self, lines: &Lines<'_>) -> RotationStep {
        if self.is_torn() {
            return RotationStep::WriteUntil(lines.end_of_unit(self.written));
        }
        let time = lines.time_at(self.written);
        if self.active.size == 0 {
            self.active.begin(time, &self.rotation);
            self.header.require();
        }
        self.header.make_for(time);
        if !self.may_rotate() {
            return RotationStep::WriteUntil(lines.bytes.len());
        }
        let Active { size, first, end_of_period, .. } = self.active;
        if size > 0 && time < first && self.rotation.end_of_period(time) <= first {
            // An earlier run has got further, so these lines belong to a period before the file's.
            return RotationStep::Rotate;
        }
        self.rotation.step(size, self.header.left(), end_of_period, lines, self.written)
    }

    /// The active file ends with the beginning of an unfinished unit, or with a header that no line follows.
    fn is_torn(&self) -> bool {
        self.torn > 0 || self.header.is_begun()
    }

    /// Writes some of what is left up to `end`, where a unit ends, with the header before it if that is due.
    fn write(&mut self, lines: &Lines<'_>, end: usize) -> Result<()> {
        let bytes = self.header.before(&lines.bytes[self.written..end]);
        match self.active.file.write(&bytes) {
            Ok(0) => {
                let cause = io::Error::new(ErrorKind::WriteZero, "no byte was accepted");
                Err(self.error("write to", cause))
            }
            Ok(count) => {
                self.active.size += count as u64;
                let from = self.written;
                let of_lines = self.header.took(count);
                self.written += of_lines;
                let whole = lines.last_end(from, self.written);
                self.torn = whole.map_or(self.torn + of_lines, |end| self.written - end);
                if whole.is_some() {
                    self.header.settle();
                }
                Ok(())
            }
            Err(cause) if cause.kind() == ErrorKind::Interrupted => Ok(()),
            Err(cause) => Err(self.error("write to", cause)),
        }
    }

    /// The first half of a rotation: renames the full file.
    fn rename(&mut self) -> Result<()> {
        if !self.is_in_place()? {
            self.gone = Some(Gone::Taken { asked: false });
            return Ok(());
        }
        let name = RotatedName::next(self.rotation.stamp(self.active.first), self.newest);
        let unit = self.content.unit;
        let name = RotatedName { compressed: unit.codec(), ..name };
        let to = self.path.with_file_name(name.file_name(log_name(&self.path, unit)));
        let began = Instant::now();
        match self.storage.rename_new(&self.path, &to) {
            Ok(()) => {
                self.newest = Some(name);
                self.gone = Some(Gone::Rotated(to, began));
            }
            // The name was taken meanwhile, so the next one is tried.
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => self.newest = Some(name),
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                self.gone = Some(Gone::Taken { asked: false });
            }
            // rename(2): "in use by the system (for example as mount point)".
            Err(cause) if cause.kind() == ErrorKind::ResourceBusy => {
                self.pinned = true;
                self.changes.push(Change::Pinned(self.path.clone()));
            }
            Err(cause) => {
                let told = format!("it would become {}: {cause}", to.display());
                return Err(self.error("rename", io::Error::new(cause.kind(), told)));
            }
        }
        Ok(())
    }

    /// The second half of a rotation, and the answer to a file that was taken away: opens a new one.
    fn replace_if_gone(&mut self) -> Result<()> {
        let Some(gone) = self.gone.clone() else { return Ok(()) };
        if self.is_torn() {
            self.cut_torn(self.content.unit.cutting_the_old())?;
            self.rewind();
        }
        let (active, recovered) =
            Active::open(&self.storage, &self.path, &self.rotation, &self.content)?;
        if let Gone::Taken { .. } = gone {
            // The directory may be a different one by now.
            self.newest = newest(&self.storage, &self.path, self.content.unit)?.max(self.newest);
        }
        let file = std::mem::replace(&mut self.active, active).file;
        self.header.settle();
        self.gone = None;
        self.pinned = false;
        self.missing = false;
        self.changes.push(match gone {
            Gone::Rotated(to, began) => Change::Rotated { to, pause: began.elapsed(), file },
            Gone::Taken { asked } => Change::Replaced { path: self.path.clone(), asked, file },
        });
        self.changes.extend(recovered.map(Change::Recovered));
        Ok(())
    }

    /// Cuts off the beginning of an unfinished unit.
    fn cut_torn(&mut self, operation: &'static str) -> Result<()> {
        let cut = recover::cut_torn(&mut self.active.file, &self.content);
        let cut = cut.map_err(|cause| self.error(operation, cause))?;
        self.active.size = self.active.size.saturating_sub(cut);
        Ok(())
    }

    /// Goes back to the beginning of the unfinished unit, so that the unit is written again.
    fn rewind(&mut self) {
        self.written -= self.torn;
        self.torn = 0;
        self.header.settle();
    }

    fn is_in_place(&self) -> Result<bool> {
        Ok(self.found()? == Some(self.active.identity))
    }

    /// The file that the path leads to now.
    fn found(&self) -> Result<Option<Identity>> {
        self.storage.identity(&self.path).map_err(Error::io("look at", &self.path))
    }

    /// Measures the file again after other programs may have changed it.
    fn measure(&mut self) -> Result<()> {
        let size = self.active.file.size().map_err(|cause| self.error("look at", cause))?;
        if size == self.active.size {
            return Ok(());
        }
        if size < self.active.size {
            // The program that truncated the file has the beginning of the unfinished unit, and the header.
            self.cut_torn(self.content.unit.cutting())?;
            self.rewind();
            self.header.require();
        }
        self.active.measure(&self.path, &self.rotation, &self.content)
    }

    fn error(&self, operation: &'static str, cause: io::Error) -> Error {
        Error::io(operation, &self.path)(cause)
    }
}

impl<S: Storage> Sink<S::File> for LogFile<S> {
    /// Appends to as many files as the sizes and times of the batch require. An interrupted write is
    /// repeated, and a short one is continued.
    fn append(&mut self, lines: Lines<'_>) -> Result<()> {
        let checked = if self.failed { self.look_after_it() } else { Ok(()) };
        let result = checked.and_then(|()| self.append_rest(&lines));
        self.failed = result.is_err();
        result
    }

    /// A reader that follows the log may leave the old file as soon as a new one exists. If none exists,
    /// the program that took the old one has until the next batch to put one there. This costs one
    /// system call.
    fn is_taken(&mut self) -> Result<bool> {
        if self.gone.is_some() || !self.active.file.is_ours() {
            return Ok(false);
        }
        let found = self.found()?;
        let was_missing = std::mem::replace(&mut self.missing, found.is_none());
        Ok(found != Some(self.active.identity) && (found.is_some() || was_missing))
    }

    /// Opens a new file if the active one was removed, renamed or replaced, or its directory was
    /// removed. If the old file has only a part of a unit, that part is cut off and the unit goes to the
    /// new file whole. Truncation and additions by other programs are noticed too.
    fn check(&mut self) -> Result<()> {
        let result = self.look_after_it();
        self.failed = result.is_err();
        result
    }

    /// Reopens at once, even a pipe or a device. A file that is still in its place stays open.
    fn reopen(&mut self) -> Result<()> {
        let result = self.look_for_it(true);
        self.failed = result.is_err();
        result
    }

    fn rotate(&mut self) -> Result<()> {
        self.check()?;
        while self.active.size > 0 && self.gone.is_none() && self.may_rotate() {
            self.rename()?;
        }
        self.replace_if_gone()
    }

    fn give_up(&mut self) -> Result<usize> {
        if self.is_torn() {
            self.cut_torn(self.content.unit.cutting())?;
            self.rewind();
        }
        Ok(self.written)
    }

    fn sync(&mut self) -> Result<()> {
        self.active.file.sync().map_err(|cause| self.error("sync", cause))
    }

    fn changes(&mut self) -> Vec<Change<S::File>> {
        std::mem::take(&mut self.changes)
    }

    fn never_rotated(&self) -> Option<&Path> {
        (!self.may_rotate()).then_some(&self.path)
    }

    fn leads_to_a_stream(&self) -> bool {
        self.active.file.is_a_stream()
    }

    /// Behind a named pipe another reader may come; a file has none.
    fn is_over(&self) -> bool {
        false
    }
}

/// The name of a log, such as `access.log`: that of its file without the ending of a packed one.
fn log_name(path: &Path, unit: Unit) -> &str {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.and_then(|name| name.strip_suffix(unit.ending()));
    name.expect("logs are named by this program")
}

/// The newest rotated file of a log, if there is one.
fn newest(storage: &impl Storage, path: &Path, unit: Unit) -> Result<Option<RotatedName>> {
    let directory = path.parent().expect("a log is in a directory");
    series::newest(storage, directory, log_name(path, unit)).map_err(Error::io("list", directory))
}

#[cfg(test)]
mod headers;
#[cfg(test)]
mod members;
#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;
