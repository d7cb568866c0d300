//! `run.json` on the disk: always whole, whoever reads it and whenever the process dies.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::RunRecord;
use crate::error::{Error, Result};

/// The record's name, in the directory of the logs.
pub const RUN_RECORD: &str = "run.json";
/// Where the next one is written before it takes the last one's place.
pub const NEXT: &str = ".run.json.next";
/// No record is larger, in bytes: the largest configuration, spelt out, and years of gaps.
const LARGEST: u64 = 256 << 20;

/// Where the record of a run is kept.
#[derive(Clone, Debug)]
pub struct RecordFile {
    path: PathBuf,
    next: PathBuf,
}

impl RecordFile {
    /// The one in `directory`.
    pub fn of(directory: &Path) -> Self {
        Self { path: directory.join(RUN_RECORD), next: directory.join(NEXT) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The record that is there; `None` where there is none.
    ///
    /// # Errors
    /// It cannot be read, or is no such record.
    pub fn read(&self) -> Result<Option<RunRecord>> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            // To open a named pipe would wait for its writer.
            Ok(found) if !found.is_file() => {
                Err(Error::new("read", self.path.display(), "it is no regular file"))
            }
            _ => read(&self.path).map(Some),
        }
    }

    /// Puts `record` in the place of the one that is there. A directory that was removed is made
    /// again. With `sync` it waits until the record is on the disk: without, a host that loses its
    /// power may come back with an older one.
    ///
    /// # Errors
    /// The system refuses one of the steps; the old record is there still.
    pub fn write(&self, record: &RunRecord, sync: bool) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(record).expect("a record has a JSON form");
        text.push(b'\n');
        let replaced = self.replace(&text, sync);
        if replaced.is_err() {
            // On a full disk even its room is of use. What cannot be removed, the next call removes.
            let _ = fs::remove_file(&self.next);
        }
        replaced
    }

    fn replace(&self, text: &[u8], sync: bool) -> Result<()> {
        let mut file = self.create_next()?;
        let written = file.write_all(text);
        let written = written.and_then(|()| if sync { file.sync_all() } else { Ok(()) });
        written.map_err(Error::io("write", &self.next))?;
        fs::rename(&self.next, &self.path).map_err(Error::io("replace", &self.path))
    }

    /// A new file, and never what somebody has put in its place: that may be a link to elsewhere.
    fn create_next(&self) -> Result<File> {
        match fs::remove_file(&self.next) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Error::io("remove the old", &self.next)(error));
            }
            _ => {}
        }
        let create = || OpenOptions::new().write(true).create_new(true).open(&self.next);
        match create() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let directory = self.path.parent().expect("a record is in a directory");
                fs::create_dir_all(directory)
                    .map_err(Error::io("create the directory", directory))?;
                create()
            }
            created => created,
        }
        .map_err(Error::io("create", &self.next))
    }
}

/// Reads a record.
///
/// # Errors
/// The file cannot be read, or what is in it is no record of a run.
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
