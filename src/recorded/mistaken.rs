//! Recognizes files named in each other's place, such as a log where a run.json should be.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::tz::TimeZone;

use crate::log_format::stamp::read_any;

/// How many bytes of a file are looked at.
const LOOKED_AT: u64 = 16 << 10;

/// What a file that was named as a run.json really is. `None` if it may be a run.json, or if that cannot
/// be told.
pub fn instead_of_record(path: &Path) -> Option<&'static str> {
    let found = path.metadata().ok()?;
    if found.is_dir() {
        return Some("it is a directory; name the run.json in it");
    }
    // Reading from a pipe would consume its data.
    if !found.is_file() {
        return None;
    }
    let mut head = Vec::new();
    File::open(path).ok()?.take(LOOKED_AT).read_to_end(&mut head).ok()?;
    let first = head.split(|byte| *byte == b'\n').next()?;
    if read_any(first, &TimeZone::UTC).is_some() {
        return Some("it looks like log lines; a run leaves its run.json beside its logs");
    }
    let packed = [&[0x1f, 0x8b][..], &[0x28, 0xb5, 0x2f, 0xfd]];
    packed.iter().any(|magic| head.starts_with(magic)).then_some("it is packed; unpack it first")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_log_an_archive_and_a_directory_are_no_run_json_and_one_that_is_broken_may_be() {
        let root = tempfile::tempdir().unwrap();
        let look = |text: &[u8]| {
            let path = root.path().join("file");
            fs::write(&path, text).unwrap();
            instead_of_record(&path)
        };
        let line =
            b"10.0.0.1 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\n";
        assert!(look(line).unwrap().contains("looks like log lines"));
        assert!(look(&[b"{\"message\":\"", &line[..60]].concat()).unwrap().contains("log lines"));
        assert!(look(&[0x1f, 0x8b, 8]).unwrap().contains("packed"));
        assert_eq!(look(b"{\n  \"version\": 1"), None);
        assert_eq!(look(b""), None);
        assert!(instead_of_record(root.path()).unwrap().contains("directory"));
        assert_eq!(instead_of_record(&root.path().join("none")), None);
    }
}
