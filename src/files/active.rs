//! The active file of a log, with the facts that tell when it is full.

use std::io::{self, ErrorKind};
use std::path::Path;

use jiff::tz::TimeZone;

use super::content::FileContent;
use super::recover::{self, Recovered};
use super::rotation::Rotation;
use super::storage::{Identity, Storage, StoredFile};
use crate::error::{Error, Result};
use crate::time::Time;

/// How much of a file is read to find its first stamp, bytes. At most a header and a few fields come before the stamp.
const ENOUGH: u64 = 4096;

/// An open log file.
#[derive(Debug)]
pub struct Active<F> {
    /// The open file.
    pub file: F,
    /// The device and inode of the file.
    pub identity: Identity,
    /// Its size in bytes.
    pub size: u64,
    /// The time of its first line, ns. It means nothing while the file is empty.
    pub first: Time,
    /// When the rotation period of its first line ends, ns. It means nothing while the file is empty.
    pub end_of_period: Time,
}

impl<F: StoredFile> Active<F> {
    /// Opens `path` for appending and cuts off a torn last unit. A missing file is created, with its directory.
    ///
    /// # Errors
    /// The file cannot be opened or read, or its torn unit cannot be cut.
    pub fn open<S: Storage<File = F>>(
        storage: &S,
        path: &Path,
        rotation: &Rotation,
        content: &FileContent,
    ) -> Result<(Self, Option<Recovered>)> {
        let unit = content.unit;
        let mut file = open(storage, path).map_err(Error::io("open", path))?;
        let identity = file.identity().map_err(Error::io("look at", path))?;
        let bytes =
            recover::cut_torn(&mut file, content).map_err(Error::io(unit.cutting(), path))?;
        let recovered = (bytes > 0).then(|| Recovered { path: path.to_owned(), unit, bytes });
        let mut active = Self { file, identity, size: 0, first: 0, end_of_period: 0 };
        active.measure(path, rotation, content)?;
        Ok((active, recovered))
    }

    /// Determines the file's size and when it began. It began at the time of its first line, or else
    /// when it was last written to.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn measure(
        &mut self,
        path: &Path,
        rotation: &Rotation,
        content: &FileContent,
    ) -> Result<()> {
        if self.file.is_ours() {
            let measured = measure(&self.file, rotation.zone(), content);
            let measured = measured.map_err(Error::io("read", path))?;
            self.size = measured.0;
            self.begin(measured.1, rotation);
        }
        Ok(())
    }

    /// Records that the file's first line has the time `first`.
    pub fn begin(&mut self, first: Time, rotation: &Rotation) {
        self.first = first;
        self.end_of_period = rotation.end_of_period(first);
    }
}

fn open<S: Storage>(storage: &S, path: &Path) -> io::Result<S::File> {
    match storage.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            storage.create_dir_all(path.parent().expect("a log is in a directory"))?;
            storage.open(path)
        }
        result => result,
    }
}

fn measure(
    file: &impl StoredFile,
    zone: &TimeZone,
    content: &FileContent,
) -> io::Result<(u64, Time)> {
    let size = file.size()?;
    if size == 0 {
        return Ok((0, 0));
    }
    let mut start = vec![0; size.min(ENOUGH) as usize];
    file.read_exact_at(&mut start, 0)?;
    let first = match content.first_time(&start, zone) {
        Some(first) => first,
        None => file.modified()?,
    };
    Ok((size, first))
}
