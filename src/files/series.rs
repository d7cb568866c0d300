//! Finds the rotated files of the logs, by their names, among whatever else is in the directory.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::rotated_name::RotatedName;
use super::storage::{DirectoryEntry, Storage};
use crate::log_id::LogNames;

/// A rotated file of one of the logs. Ordered by age, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RotatedFile {
    /// The part of the file name that follows the log's name.
    pub name: RotatedName,
    /// The log's name, such as `access.log`.
    pub log: Arc<str>,
    /// The size of the file, bytes.
    pub size: u64,
}

impl RotatedFile {
    /// The file name, without the directory.
    pub fn file_name(&self) -> String {
        self.name.file_name(&self.log)
    }
}

/// The rotated files of these logs in `directory`, oldest first. Foreign files, links and directories are
/// left out, whatever they are called.
pub fn rotated(
    storage: &impl Storage,
    directory: &Path,
    logs: &LogNames,
) -> io::Result<Vec<RotatedFile>> {
    let ours = regular(storage, directory)?.filter_map(|entry| {
        let parse = |log| Some((Arc::clone(log), RotatedName::parse(log, &entry.name)?));
        let (log, name) = logs.files().find_map(parse)?;
        Some(RotatedFile { name, log, size: entry.size })
    });
    let mut files: Vec<_> = ours.collect();
    files.sort_unstable();
    Ok(files)
}

/// The newest rotated file of one log in `directory`, if there is one.
pub fn newest(
    storage: &impl Storage,
    directory: &Path,
    log: &str,
) -> io::Result<Option<RotatedName>> {
    let names = regular(storage, directory)?;
    Ok(names.filter_map(|entry| RotatedName::parse(log, &entry.name)).max())
}

/// The regular files in `directory`.
fn regular(
    storage: &impl Storage,
    directory: &Path,
) -> io::Result<impl Iterator<Item = DirectoryEntry>> {
    Ok(storage.list(directory)?.into_iter().filter(|entry| entry.is_regular))
}

#[cfg(test)]
mod tests {
    use super::super::faulty::Faulty;
    use super::*;

    #[test]
    fn the_files_of_a_series_are_told_from_foreign_ones() {
        let storage = Faulty::default();
        for name in [
            "access.log-20241010T140000",
            "access.log-20241010T130000.001.gz",
            "access.log-20241010T130000.gz",
            "access.log",
            "access.log.bak",
            "access.log-notes",
            "access.log-20241010T130000.txt",
            "access.log-20241010T130000.gz.tmp",
            ".access-20241010T130000.unfinished",
            "error.log-20241010T130000",
        ] {
            storage.put(format!("/logs/{name}"), name.as_bytes());
        }
        storage.put_link("/logs/access.log-20241010T150000", b"");
        storage.put("/logs/access.log-20241010T160000/x", b"");
        let found = rotated(&storage, "/logs".as_ref(), &LogNames::default()).unwrap();
        let found: Vec<_> = found.iter().map(|file| (file.file_name(), file.size)).collect();
        let expected = [
            ("error.log-20241010T130000", 25),
            ("access.log-20241010T130000.gz", 29),
            ("access.log-20241010T130000.001.gz", 33),
            ("access.log-20241010T140000", 26),
        ];
        assert_eq!(found, expected.map(|(name, size)| (name.to_owned(), size)));
        let newest = newest(&storage, "/logs".as_ref(), "access.log").unwrap().unwrap();
        assert_eq!(newest.file_name("access.log"), "access.log-20241010T140000");
    }
}
