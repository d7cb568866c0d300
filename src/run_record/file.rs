//! `run.json` on the disk: it is always complete, whenever it is read and whenever the process dies.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::RunRecord;
use crate::error::{Error, Result};
pub use crate::files::RUN_RECORD;

/// The file to which the next record is written before it replaces the previous one.
pub const NEXT: &str = ".run.json.next";
/// A file that reserves space for the last record, in case the disk is full by then.
pub const LAST: &str = ".run.json.last";
/// How many bytes are reserved in addition to the current size of the record: some hundred gaps.
const ROOM: u64 = 64 << 10;
/// The largest possible record, bytes: the largest configuration written out, and years of gaps.
const LARGEST: u64 = 256 << 20;

/// The files that hold the record of a run.
#[derive(Debug)]
pub struct RecordFile {
    path: PathBuf,
    next: PathBuf,
    last: PathBuf,
    /// The open file at `last`, and how many bytes it reserves.
    reserve: Option<(File, u64)>,
}

impl RecordFile {
    /// The record file in `directory`.
    pub fn of(directory: &Path) -> Self {
        let [path, next, last] = [RUN_RECORD, NEXT, LAST].map(|name| directory.join(name));
        Self { path, next, last, reserve: None }
    }

    /// Reads the record; `None` if there is none.
    ///
    /// # Errors
    /// The file cannot be read, or is not the record of a run.
    pub fn read(&self) -> Result<Option<RunRecord>> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            // Opening a named pipe would wait for its writer.
            Ok(found) if !found.is_file() => {
                Err(Error::new("read", self.path.display(), "it is no regular file"))
            }
            _ => read(&self.path).map(Some),
        }
    }

    /// Replaces the record on the disk by `record`. If the directory was removed, it is created again.
    /// With `sync`, waits until the record is on the disk; otherwise, an older record may be there after
    /// a power cut.
    ///
    /// # Errors
    /// The system refuses one of the steps; the old record is still there.
    pub fn write(&mut self, record: &RunRecord, sync: bool) -> Result<()> {
        let text = text_of(record);
        let mut replaced = self.replace(&text, sync);
        if replaced.as_ref().is_err_and(is_lack_of_room)
            && self.reserve.is_none()
            && fs::remove_file(&self.last).is_ok()
        {
            // A run that was killed has left its reserved space.
            replaced = self.replace(&text, sync);
        }
        match &replaced {
            Ok(()) => self.reserve(text.len() as u64),
            // On a full disk, even this file's space is of use. If it cannot be removed, the next call
            // tries again.
            Err(_) => drop(fs::remove_file(&self.next)),
        }
        replaced
    }

    /// [`RecordFile::write`] at the end of the run, synced. If the disk is full, the reserved space is
    /// used. Afterwards it is free again.
    ///
    /// # Errors
    /// As [`RecordFile::write`].
    pub fn write_last(&mut self, record: &RunRecord) -> Result<()> {
        let text = text_of(record);
        let mut replaced = self.replace(&text, true);
        let reserve = self.reserve.take();
        if let (Err(error), Some((file, room))) = (&replaced, &reserve)
            && is_lack_of_room(error)
            && text.len() as u64 <= *room
        {
            replaced = self.use_reserve(file, &text);
        }
        for left in [&self.next, &self.last] {
            // The file is missing or cannot be removed, which is no reason to fail.
            let _ = fs::remove_file(left);
        }
        replaced
    }

    fn use_reserve(&self, file: &File, text: &[u8]) -> Result<()> {
        let written = file.write_all_at(text, 0).and_then(|()| file.set_len(text.len() as u64));
        written.and_then(|()| file.sync_all()).map_err(Error::io("write", &self.last))?;
        fs::rename(&self.last, &self.path).map_err(Error::io("replace", &self.path))
    }

    /// Reserves space for a last record that is longer than this one. If there is none now, a later call
    /// may succeed.
    fn reserve(&mut self, length: u64) {
        let found = fs::symlink_metadata(&self.last).map_or(0, |found| found.len());
        if self
            .reserve
            .as_ref()
            .is_some_and(|(_, room)| *room == found && found >= length + ROOM / 2)
        {
            return;
        }
        let reserved = |room: u64| {
            let file = create_new(&self.last).ok()?;
            // Real zeros are written, because a hole in the file would reserve nothing.
            io::copy(&mut io::repeat(0).take(room), &mut &file).ok()?;
            Some((file, room))
        };
        let ample = (length + ROOM).next_multiple_of(ROOM);
        self.reserve = reserved(ample).or_else(|| reserved(length + ROOM));
        if self.reserve.is_none() {
            let _ = fs::remove_file(&self.last);
        }
    }

    fn replace(&self, text: &[u8], sync: bool) -> Result<()> {
        let mut file = self.create_next()?;
        let written = file.write_all(text);
        let written = written.and_then(|()| if sync { file.sync_all() } else { Ok(()) });
        written.map_err(Error::io("write", &self.next))?;
        fs::rename(&self.next, &self.path).map_err(Error::io("replace", &self.path))
    }

    fn create_next(&self) -> Result<File> {
        match create_new(&self.next) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let directory = self.path.parent().expect("a record is in a directory");
                fs::create_dir_all(directory)
                    .map_err(Error::io("create the directory", directory))?;
                create_new(&self.next)
            }
            created => created,
        }
        .map_err(Error::io("create", &self.next))
    }
}

/// Creates a new file and never opens an existing one, which could be a link to elsewhere.
fn create_new(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => OpenOptions::new().write(true).create_new(true).open(path),
    }
}

fn text_of(record: &RunRecord) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(record).expect("a record has a JSON form");
    text.push(b'\n');
    text
}

fn is_lack_of_room(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// Reads the record in a file.
///
/// # Errors
/// The file cannot be read, or does not contain the record of a run.
pub fn read(path: &Path) -> Result<RunRecord> {
    let mut text = Vec::new();
    let file = File::open(path).map_err(Error::io("read", path))?;
    file.take(LARGEST + 1).read_to_end(&mut text).map_err(Error::io("read", path))?;
    if text.len() as u64 > LARGEST {
        let cause = format!("no run.json has more than {LARGEST} bytes");
        return Err(Error::new("read", path.display(), cause));
    }
    serde_json::from_slice(&text).map_err(|error| {
        let cause = format!("{error}; expected the run.json that a run keeps beside its logs");
        Error::new("understand", path.display(), cause)
    })
}
