//! Which rotated files may be deleted: pure decisions about names and sizes. They receive only names
//! that were parsed, so they can never return a file that is not ours.

use super::rotated_name::RotatedName;
use super::series::RotatedFile;

/// The rotated files of one log to delete so that only the newest `keep` stay, oldest first. A file and
/// its archive, which exist together for a moment, count as one and go together.
pub fn to_delete(names: &[RotatedName], keep: u32) -> Vec<RotatedName> {
    let mut names = names.to_owned();
    names.sort_unstable();
    let mut files: Vec<_> = names.iter().map(|name| name.original()).collect();
    files.dedup();
    let surplus = files.len().saturating_sub(keep as usize);
    let Some(newest) = files[..surplus].last() else { return Vec::new() };
    names.retain(|name| name.original() <= *newest);
    names
}

/// The rotated files to delete in order to free at least `missing` bytes: of all logs together, oldest
/// first, and no more than it takes. If all of them do not suffice, all of them.
pub fn to_free(mut files: Vec<RotatedFile>, missing: u64) -> Vec<RotatedFile> {
    files.sort_unstable();
    let mut freed = 0u64;
    let enough = files.iter().position(|file| {
        let enough = freed >= missing;
        freed = freed.saturating_add(file.size);
        enough
    });
    files.truncate(enough.unwrap_or(files.len()));
    files
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec::Codec;
    use crate::log_id::{ACCESS_LOG, ERROR_LOG, SYSTEM_LOG};

    fn name(text: &str) -> RotatedName {
        RotatedName::parse("", &format!("-20241010T{text}")).unwrap()
    }

    fn deleted(names: &[&str], keep: u32) -> Vec<String> {
        let names: Vec<_> = names.iter().map(|text| name(text)).collect();
        let strip = |name: RotatedName| name.file_name("").replace("-20241010T", "");
        to_delete(&names, keep).into_iter().map(strip).collect()
    }

    #[test]
    fn the_newest_are_kept_in_whatever_order_they_are_listed() {
        let names = ["140000", "120000.gz", "130000.001", "110000.gz", "130000.gz"];
        assert_eq!(deleted(&names, 3), ["110000.gz", "120000.gz"]);
        assert_eq!(deleted(&names, 5), [""; 0]);
        assert_eq!(deleted(&names, 6), [""; 0]);
        assert_eq!(deleted(&[], 0), [""; 0]);
    }

    #[test]
    fn none_is_kept_where_none_is_to_be_kept() {
        assert_eq!(deleted(&["130000", "120000.gz"], 0), ["120000.gz", "130000"]);
    }

    #[test]
    fn a_file_and_its_archive_count_as_one_and_go_together() {
        let names = ["120000.gz", "120000", "130000", "130000.gz", "140000"];
        assert_eq!(deleted(&names, 2), ["120000", "120000.gz"]);
        assert_eq!(deleted(&names, 3), [""; 0]);
    }

    fn file(log: &str, text: &str, size: u64) -> RotatedFile {
        RotatedFile { log: log.into(), name: name(text), size }
    }

    fn freed(missing: u64) -> Vec<String> {
        let files = vec![
            file(ACCESS_LOG, "130000", 50),
            file(ACCESS_LOG, "110000.gz", 10),
            file(SYSTEM_LOG, "110000", 2),
            file(ERROR_LOG, "120000.gz", 3),
            file(ACCESS_LOG, "120000.gz", 20),
        ];
        to_free(files, missing).iter().map(RotatedFile::file_name).collect()
    }

    #[test]
    fn the_oldest_of_all_logs_go_until_it_suffices() {
        let by_age = [
            "system.log-20241010T110000",
            "access.log-20241010T110000.gz",
            "access.log-20241010T120000.gz",
            "error.log-20241010T120000.gz",
            "access.log-20241010T130000",
        ];
        for (missing, count) in
            [(0, 0), (1, 1), (2, 1), (3, 2), (12, 2), (13, 3), (32, 3), (33, 4), (35, 4), (36, 5)]
        {
            assert_eq!(freed(missing), by_age[..count], "{missing}");
        }
    }

    #[test]
    fn all_of_them_go_where_that_does_not_suffice() {
        assert_eq!(freed(86).len(), 5);
        assert_eq!(freed(u64::MAX).len(), 5);
    }

    #[test]
    fn of_a_file_and_its_archive_the_file_goes_first_and_its_lines_stay() {
        let pair = vec![file(ACCESS_LOG, "130000.gz", 5), file(ACCESS_LOG, "130000", 50)];
        assert_eq!(to_free(pair, 1), [file(ACCESS_LOG, "130000", 50)]);
    }

    proptest! {
        #[test]
        fn what_stays_is_newer_than_what_goes_and_exactly_as_many_as_asked_for(
            names in proptest::collection::vec((0u32..9, any::<bool>()), 0..20),
            keep in 0u32..12,
        ) {
            let names: Vec<_> = names
                .into_iter()
                .map(|(number, packed)| {
                    let compressed = packed.then_some(Codec::Gzip);
                    RotatedName { number, compressed, ..name("130000") }
                })
                .collect();
            let gone = to_delete(&names, keep);
            let files = |names: &[RotatedName]| {
                let mut numbers: Vec<_> = names.iter().map(|name| name.number).collect();
                numbers.sort_unstable();
                numbers.dedup();
                numbers
            };
            let stays: Vec<_> = names.iter().copied().filter(|name| !gone.contains(name)).collect();
            prop_assert_eq!(files(&stays).len(), files(&names).len().min(keep as usize));
            prop_assert!(files(&gone).iter().all(|old| files(&stays).iter().all(|new| old < new)));
        }
    }
}
