//! Keeps rotated files: the configured number of each log stays, and they are compressed one after the
//! other, the oldest first. All state is in the directory, so a restart forgets nothing.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::PathBuf;

use super::compression::{self, CompressionEnd, GoOn, Leftover};
use super::retention;
use super::series::{self, RotatedFile};
use super::storage::Storage;
use crate::config::LogRotation;
use crate::error::{Error, Result};
use crate::log_id::LogNames;

/// Deletes and compresses the rotated files of a directory.
#[derive(Debug)]
pub struct Keeper<S> {
    storage: S,
    directory: PathBuf,
    logs: LogNames,
    backup_count: u32,
    level: Option<u32>,
    /// The files that could not be compressed. The others come first.
    failed: HashSet<String>,
}

impl<S: Storage> Keeper<S> {
    /// A keeper of the files of these logs, which follows the rules of `rotation`.
    pub fn new(storage: S, directory: PathBuf, logs: LogNames, rotation: &LogRotation) -> Self {
        let level = rotation.compress.then_some(rotation.compression_level);
        let backup_count = rotation.backup_count;
        Self { storage, directory, logs, backup_count, level, failed: HashSet::new() }
    }

    /// Removes the leftovers of an earlier run; call it first. See [`compression::clean_up`].
    pub fn clean_up(&self, go_on: GoOn<'_>) -> Vec<Result<Leftover>> {
        compression::clean_up(&self.storage, &self.directory, &self.logs, go_on)
    }

    /// Waits until the names in the directory are on the disk.
    ///
    /// # Errors
    /// The directory cannot be opened or synced.
    pub fn sync_names(&self) -> Result<()> {
        self.storage.sync_dir(&self.directory).map_err(Error::io("sync", &self.directory))
    }

    /// Deletes the rotated files beyond the number to keep. Returns each deleted path, or the error.
    pub fn delete_surplus(&self) -> Vec<Result<PathBuf>> {
        let files = match self.rotated() {
            Ok(files) => files,
            Err(error) => return vec![Err(error)],
        };
        let surplus = self.logs.files().flat_map(|log| {
            let of_log = files.iter().filter(|file| file.log == *log);
            let names: Vec<_> = of_log.map(|file| file.name).collect();
            let gone = retention::to_delete(&names, self.backup_count);
            gone.into_iter().map(move |name| name.file_name(log))
        });
        surplus.map(|name| delete(&self.storage, self.directory.join(name))).collect()
    }

    /// The file to compress next; `None` if all are compressed.
    ///
    /// # Errors
    /// The directory cannot be listed.
    pub fn next(&self) -> Result<Option<RotatedFile>> {
        if self.level.is_none() {
            return Ok(None);
        }
        let mut plain = self.rotated()?.into_iter().filter(|file| file.name.compressed.is_none());
        Ok(plain.find(|file| !self.failed.contains(&file.file_name())))
    }

    /// Compresses a file.
    ///
    /// # Errors
    /// See [`compression::compress`]. The caller should then [put the file off](Keeper::put_off).
    pub fn compress(&self, file: &RotatedFile, go_on: GoOn<'_>) -> Result<CompressionEnd> {
        let Some(level) = self.level else { return Ok(CompressionEnd::Stopped) };
        let RotatedFile { log, name, .. } = file;
        compression::compress(&self.storage, &self.directory, log, *name, level, go_on)
    }

    /// Skips a file that could not be compressed, so that the others get their turn, until
    /// [`Keeper::try_again`].
    pub fn put_off(&mut self, file: &RotatedFile) {
        self.failed.insert(file.file_name());
    }

    /// Gives the files that were put off another turn.
    pub fn try_again(&mut self) {
        self.failed.clear();
    }

    fn rotated(&self) -> Result<Vec<RotatedFile>> {
        series::rotated(&self.storage, &self.directory, &self.logs)
            .map_err(Error::io("list", &self.directory))
    }
}

/// Deletes a rotated file. It is no error if the file is gone already.
pub fn delete(storage: &impl Storage, path: PathBuf) -> Result<PathBuf> {
    match storage.remove(&path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(Error::io("remove", &path)(cause)),
        _ => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::super::faulty::{Call, Fault, Faulty};
    use super::*;

    const FOREIGN: [&str; 5] = [
        "access.log.bak",
        "access.log-notes",
        "access.log-20241010T130000.txt",
        "access.log-20241010T130000.gz.old",
        "other.log-20241010T130000",
    ];

    fn storage(names: &[&str]) -> Faulty {
        let storage = Faulty::default();
        for name in names.iter().chain(&FOREIGN) {
            storage.put(format!("/logs/{name}"), b"a line\n");
        }
        storage
    }

    fn keeper(storage: &Faulty, backup_count: u32, compress: bool) -> Keeper<Faulty> {
        let rotation = LogRotation { backup_count, compress, ..LogRotation::default() };
        Keeper::new(storage.clone(), "/logs".into(), LogNames::default(), &rotation)
    }

    fn ours(storage: &Faulty) -> Vec<String> {
        let names = storage.paths().into_iter().map(|path| {
            path.strip_prefix("/logs").unwrap().to_str().unwrap().replace("-20241010T", " ")
        });
        let foreign = FOREIGN.map(|name| name.replace("-20241010T", " "));
        let all: Vec<_> = names.collect();
        assert!(foreign.iter().all(|name| all.contains(name)), "{all:?}");
        all.into_iter().filter(|name| !foreign.contains(name)).collect()
    }

    #[test]
    fn as_many_of_each_log_stay_as_are_to_be_kept() {
        let storage = storage(&[
            "access.log",
            "access.log-20241010T110000.gz",
            "access.log-20241010T120000",
            "access.log-20241010T130000",
            "error.log",
            "error.log-20241010T110000.gz",
            "system.log",
        ]);
        let deleted = keeper(&storage, 2, true).delete_surplus();
        let deleted: Vec<_> = deleted.into_iter().map(Result::unwrap).collect();
        assert_eq!(deleted, [PathBuf::from("/logs/access.log-20241010T110000.gz")]);
        let stay = [
            "access.log",
            "access.log 120000",
            "access.log 130000",
            "error.log",
            "error.log 110000.gz",
            "system.log",
        ];
        assert_eq!(ours(&storage), stay);
        keeper(&storage, 0, true).delete_surplus();
        assert_eq!(ours(&storage), ["access.log", "error.log", "system.log"]);
    }

    #[test]
    fn a_file_that_cannot_be_deleted_does_not_keep_the_others_from_being() {
        let storage = storage(&["access.log-20241010T110000", "access.log-20241010T120000"]);
        storage.plan(Call::Remove, [Fault::Error(ErrorKind::PermissionDenied)]);
        let keeper = keeper(&storage, 0, true);
        let deleted: Vec<_> = keeper
            .delete_surplus()
            .into_iter()
            .map(|done| done.map_err(|e| e.to_string()))
            .collect();
        let refusal = "cannot remove /logs/access.log-20241010T110000: permission denied";
        assert_eq!(
            deleted,
            [Err(refusal.to_owned()), Ok("/logs/access.log-20241010T120000".into())]
        );
    }

    #[test]
    fn the_oldest_of_all_logs_is_compressed_first_and_archives_not_again() {
        let storage = storage(&[
            "access.log-20241010T110000.gz",
            "access.log-20241010T130000",
            "error.log-20241010T120000",
        ]);
        let keeper = keeper(&storage, 5, true);
        let mut order = Vec::new();
        while let Some(file) = keeper.next().unwrap() {
            order.push(file.file_name());
            keeper.compress(&file, &mut || true).unwrap();
        }
        assert_eq!(order, ["error.log-20241010T120000", "access.log-20241010T130000"]);
        let archives = ["access.log 110000.gz", "access.log 130000.gz", "error.log 120000.gz"];
        assert_eq!(ours(&storage), archives);
    }

    #[test]
    fn without_compression_nothing_is_compressed() {
        let storage = storage(&["access.log-20241010T130000"]);
        assert_eq!(keeper(&storage, 5, false).next().unwrap(), None);
    }

    #[test]
    fn a_file_that_cannot_be_compressed_lets_the_others_go_first_and_has_another_turn() {
        let storage = storage(&["access.log-20241010T120000", "access.log-20241010T130000"]);
        let mut keeper = keeper(&storage, 5, true);
        let first = keeper.next().unwrap().unwrap();
        storage.plan(Call::Create, [Fault::Error(ErrorKind::StorageFull)]);
        keeper.compress(&first, &mut || true).unwrap_err();
        keeper.put_off(&first);
        let second = keeper.next().unwrap().unwrap();
        assert_eq!(second.file_name(), "access.log-20241010T130000");
        keeper.compress(&second, &mut || true).unwrap();
        assert_eq!(keeper.next().unwrap(), None);
        keeper.try_again();
        assert_eq!(keeper.next().unwrap(), Some(first.clone()));
        keeper.compress(&first, &mut || true).unwrap();
        assert_eq!(keeper.next().unwrap(), None);
    }
}
