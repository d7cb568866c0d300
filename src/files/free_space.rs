//! Keeps a minimum of free space on the disk: below that floor it deletes the oldest rotated files, and
//! no other file.

use std::fmt;
use std::path::{Path, PathBuf};

use super::keeper::delete;
use super::retention;
use super::series;
use super::storage::Storage;
use crate::error::{Error, Result};
use crate::log_id::LogNames;

/// Bytes in a GiB, the unit of `min_free_gb`.
const GIB: f64 = 1_073_741_824.0;

/// Watches the free space of the file system that holds a directory.
#[derive(Debug)]
pub struct FreeSpace<S> {
    storage: S,
    directory: PathBuf,
    logs: LogNames,
    floor: Floor,
}

/// How much space must stay free.
#[derive(Clone, Copy, Debug)]
enum Floor {
    /// This many bytes.
    Bytes(u64),
    /// A floor that any volume can meet: 1 GiB, or a twentieth of the file system if that is less.
    Auto,
}

/// The result of one check of the free space.
#[derive(Debug, Default)]
pub struct Look {
    /// How much is free now, after the deletions.
    pub free: Bytes,
    /// How much should be free.
    pub floor: Bytes,
    /// Whether at least the floor is free.
    pub enough: bool,
    /// Rotated files that were deleted, oldest first.
    pub deleted: Vec<PathBuf>,
    /// The size of the deleted files.
    pub freed: Bytes,
    /// The errors of files that could not be deleted.
    pub errors: Vec<Error>,
}

impl<S: Storage> FreeSpace<S> {
    /// Watches `directory`, which holds these logs, with a floor of `min_free_gb` GiB. `None` stands for
    /// the smaller of 1 GiB and a twentieth of the file system.
    pub fn new(storage: S, directory: PathBuf, logs: LogNames, min_free_gb: Option<f64>) -> Self {
        let floor = min_free_gb.map_or(Floor::Auto, |gib| Floor::Bytes((gib * GIB) as u64));
        Self { storage, directory, logs, floor }
    }

    /// The directory whose file system is watched.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The floor. If the size of the file system changes, so does the automatic floor.
    ///
    /// # Errors
    /// The size of the file system cannot be determined.
    pub fn floor(&self) -> Result<Bytes> {
        match self.floor {
            Floor::Bytes(floor) => Ok(Bytes(floor)),
            Floor::Auto => {
                let size = self.storage.total_bytes(&self.directory);
                let size = size.map_err(Error::io("ask for the size of", &self.directory))?;
                Ok(Bytes((size / 20).min(GIB as u64)))
            }
        }
    }

    /// Checks the free space. If it is below the floor, deletes as many of the oldest rotated files as
    /// it takes, and no more. A file that another process has open keeps its space until it is closed.
    ///
    /// # Errors
    /// The free space cannot be determined, or the directory cannot be listed.
    pub fn look(&self) -> Result<Look> {
        let floor = self.floor()?;
        let mut look = Look { floor, ..Look::default() };
        let mut free = self.free()?;
        if free < floor.0 {
            let files = series::rotated(&self.storage, &self.directory, &self.logs);
            let files = files.map_err(Error::io("list", &self.directory))?;
            for file in retention::to_free(files, floor.0 - free) {
                match delete(&self.storage, self.directory.join(file.file_name())) {
                    Ok(path) => {
                        look.deleted.push(path);
                        look.freed.0 += file.size;
                    }
                    Err(error) => look.errors.push(error),
                }
            }
            free = self.free()?;
        }
        Ok(Look { free: Bytes(free), enough: free >= floor.0, ..look })
    }

    fn free(&self) -> Result<u64> {
        let free = self.storage.free_bytes(&self.directory);
        free.map_err(Error::io("ask for the free space of", &self.directory))
    }
}

impl Bytes {
    /// In GiB, rounded to four decimal places.
    pub fn gib(self) -> f64 {
        (self.0 as f64 / GIB * 1e4).round() / 1e4
    }
}

/// A number of bytes. Its `Display` is in GB, such as `1.0 GB`, with more digits for smaller numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gib = self.0 as f64 / GIB;
        let digits = if gib >= 1.0 || self.0 == 0 { 1 } else { 4 };
        write!(f, "{gib:.digits$} GB")
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::super::faulty::{Call, Fault, Faulty};
    use super::*;

    /// A directory with files of 100 bytes each, in a file system with so many free.
    fn storage(names: &[&str], free: u64) -> Faulty {
        let storage = Faulty::default();
        for name in names {
            storage.put(format!("/logs/{name}"), &[b'x'; 100]);
        }
        storage.set_free_bytes(free);
        storage
    }

    fn look(storage: &Faulty, floor: u64) -> Look {
        let floor = Floor::Bytes(floor);
        let free_space = FreeSpace {
            storage: storage.clone(),
            directory: "/logs".into(),
            logs: LogNames::default(),
            floor,
        };
        free_space.look().unwrap()
    }

    fn names(look: &Look) -> Vec<&str> {
        look.deleted.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
    }

    const FILES: [&str; 7] = [
        "access.log",
        "access.log-20241010T120000.gz",
        "access.log-20241010T130000",
        "error.log-20241010T125959.gz",
        "access.log.bak",
        "access.log-notes",
        "access.log-20241010T110000.txt",
    ];

    #[test]
    fn above_the_floor_nothing_is_deleted() {
        let storage = storage(&FILES, 1_000);
        let look = look(&storage, 1_000);
        assert!(look.enough && look.deleted.is_empty());
        assert_eq!((look.free, storage.paths().len()), (Bytes(1_000), 7));
    }

    #[test]
    fn below_it_the_oldest_rotated_files_go_and_no_more_than_it_takes() {
        let storage = storage(&FILES, 900);
        let look = look(&storage, 1_001);
        assert_eq!(names(&look), ["access.log-20241010T120000.gz", "error.log-20241010T125959.gz"]);
        assert_eq!((look.freed, look.free, look.enough), (Bytes(200), Bytes(1_100), true));
    }

    #[test]
    fn an_active_or_foreign_file_never_goes() {
        let storage = storage(&FILES, 0);
        let look = look(&storage, u64::MAX);
        assert_eq!((look.deleted.len(), look.free, look.enough), (3, Bytes(300), false));
        let left = ["", "-20241010T110000.txt", "-notes", ".bak"];
        assert_eq!(
            storage.paths(),
            left.map(|end| PathBuf::from(format!("/logs/access.log{end}")))
        );
    }

    #[test]
    fn a_file_that_cannot_be_deleted_is_told_and_the_others_go() {
        let storage = storage(&FILES, 0);
        storage.plan(Call::Remove, [Fault::Error(ErrorKind::PermissionDenied)]);
        let look = look(&storage, 1_000);
        assert_eq!(look.deleted.len(), 2);
        assert_eq!(
            look.errors[0].to_string(),
            "cannot remove /logs/access.log-20241010T120000.gz: permission denied"
        );
    }

    #[test]
    fn a_file_system_that_cannot_be_asked_is_named() {
        let storage = storage(&FILES, 0);
        storage.plan(Call::FreeBytes, [Fault::Error(ErrorKind::NotFound)]);
        let free_space =
            FreeSpace::new(storage.clone(), "/logs".into(), LogNames::default(), Some(1.0));
        let error = free_space.look().unwrap_err().to_string();
        assert_eq!(error, "cannot ask for the free space of /logs: entity not found");
        assert_eq!(storage.paths().len(), 7);
    }

    #[test]
    fn the_floor_may_be_a_fraction() {
        let storage = storage(&[], 0);
        let floor = |gb| {
            FreeSpace::new(storage.clone(), "/logs".into(), LogNames::default(), Some(gb))
                .floor()
                .unwrap()
        };
        assert_eq!(floor(0.5), Bytes(536_870_912));
        assert_eq!(floor(0.0), Bytes(0));
    }

    #[test]
    fn a_floor_that_no_one_chose_is_one_that_the_volume_can_meet() {
        let storage = storage(&FILES, 0);
        let free_space = FreeSpace::new(storage.clone(), "/logs".into(), LogNames::default(), None);
        for (size, floor) in [
            (0, 0),
            (20_000, 1_000),
            (1 << 30, (1 << 30) / 20),
            (20 << 30, 1 << 30),
            (u64::MAX, 1 << 30),
        ] {
            storage.set_total_bytes(size);
            assert_eq!(free_space.floor().unwrap(), Bytes(floor), "{size}");
        }
        storage.set_total_bytes(4_020);
        storage.set_free_bytes(50);
        let look = free_space.look().unwrap();
        assert_eq!((names(&look).len(), look.floor, look.enough), (2, Bytes(201), true));
    }

    #[test]
    fn bytes_read_as_gb() {
        let shown = [0, 1_048_576, 536_870_912, 1_073_741_824, 10_844_792_422]
            .map(|b| Bytes(b).to_string());
        assert_eq!(shown, ["0.0 GB", "0.0010 GB", "0.5000 GB", "1.0 GB", "10.1 GB"]);
    }
}
