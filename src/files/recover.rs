//! Recovery at the start: a crash during a write leaves a torn last line, and the next line would be
//! glued to it; or a torn last member, and no reader would get beyond it. It is cut off before anything
//! is appended.

mod member;

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::lines::Unit;
use super::storage::StoredFile;

/// How much is read at a time while searching backwards for the end of the last line, bytes. Lines are
/// far shorter, so one block nearly always suffices, however long the file is.
const BLOCK: usize = 64 * 1024;

/// A torn last line or member that was cut off. Its `Display` is a message for the system log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The file that had the torn unit.
    pub path: PathBuf,
    /// What was torn.
    pub unit: Unit,
    /// The length of what was cut off, bytes.
    pub bytes: u64,
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, unit, bytes } = self;
        let counted = if *bytes == 1 { "byte" } else { "bytes" };
        write!(f, "Cut a torn last {} of {bytes} {counted} off {}", unit.name(), path.display())
    }
}

/// Cuts off what follows the last whole unit of a log file, and returns how many bytes that was. A file
/// that is not ours (a pipe, a device) is left alone.
///
/// # Errors
/// The file cannot be read or cut, or ends with something that is not a member of this program.
pub fn cut_torn(file: &mut impl StoredFile, unit: Unit) -> io::Result<u64> {
    if !file.is_ours() {
        return Ok(0);
    }
    let len = file.size()?;
    let whole = match unit {
        Unit::Line => end_of_last_line(file, len)?,
        Unit::Member(codec) => member::end_of_last(file, codec, len)?,
    };
    if whole < len {
        file.truncate(whole)?;
    }
    Ok(len - whole)
}

/// The offset after the last line feed of the first `len` bytes; 0 if there is none.
fn end_of_last_line(file: &impl StoredFile, len: u64) -> io::Result<u64> {
    let mut block = vec![0; BLOCK];
    let mut end = len;
    while end > 0 {
        let start = end.saturating_sub(BLOCK as u64);
        let block = &mut block[..(end - start) as usize];
        file.read_exact_at(block, start)?;
        if let Some(newline) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + newline as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::super::disk::Disk;
    use super::super::storage::Storage;
    use super::*;

    fn cut(content: &[u8]) -> (u64, Vec<u8>) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("access.log");
        fs::write(&path, content).unwrap();
        let bytes = cut_torn(&mut Disk.open(&path).unwrap(), Unit::Line).unwrap();
        (bytes, fs::read(&path).unwrap())
    }

    #[test]
    fn whole_lines_are_left_as_they_are() {
        assert_eq!(cut(b""), (0, vec![]));
        assert_eq!(cut(b"a\nb\n"), (0, b"a\nb\n".to_vec()));
    }

    #[test]
    fn what_follows_the_last_newline_is_cut_off() {
        assert_eq!(cut(b"a\nb"), (1, b"a\n".to_vec()));
        assert_eq!(cut(b"torn"), (4, vec![]));
    }

    #[test]
    fn a_torn_line_longer_than_a_block_is_cut_off_whole() {
        for torn in [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let mut content = b"whole\n".to_vec();
            content.resize(content.len() + torn, b'x');
            assert_eq!(cut(&content), (torn as u64, b"whole\n".to_vec()), "{torn}");
        }
    }

    #[test]
    fn only_the_end_of_a_long_file_is_read() {
        use super::super::faulty::{Call, Faulty};
        let storage = Faulty::default();
        storage.put("/long.log", &b"a line\n".repeat(200_000));
        cut_torn(&mut storage.open("/long.log".as_ref()).unwrap(), Unit::Line).unwrap();
        assert_eq!(storage.calls(Call::Read), 1);
    }

    #[test]
    fn a_link_to_the_programs_own_output_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("redirected");
        fs::write(&output, "what the shell wrote").unwrap();
        let stream = fs::OpenOptions::new().append(true).open(&output).unwrap();
        let link = root.path().join("access.log");
        use std::os::fd::AsRawFd;
        symlink(format!("/proc/self/fd/{}", stream.as_raw_fd()), &link).unwrap();
        assert_eq!(cut_torn(&mut Disk.open(&link).unwrap(), Unit::Line).unwrap(), 0);
        assert_eq!(fs::read_to_string(&output).unwrap(), "what the shell wrote");
    }

    #[test]
    fn a_link_to_a_log_elsewhere_is_followed() {
        let root = tempfile::tempdir().unwrap();
        let elsewhere = root.path().join("elsewhere");
        fs::write(&elsewhere, "whole\ntorn").unwrap();
        let link = root.path().join("access.log");
        symlink(&elsewhere, &link).unwrap();
        assert_eq!(cut_torn(&mut Disk.open(&link).unwrap(), Unit::Line).unwrap(), 4);
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "whole\n");
    }

    #[test]
    fn a_device_is_left_alone() {
        let mut device = Disk.open("/dev/null".as_ref()).unwrap();
        assert_eq!(cut_torn(&mut device, Unit::Line).unwrap(), 0);
        device.sync().unwrap();
    }

    #[test]
    fn what_was_cut_reads_as_a_message() {
        let unit = Unit::Line;
        let recovered =
            |bytes| Recovered { path: "/logs/error.log".into(), unit, bytes }.to_string();
        assert_eq!(recovered(1), "Cut a torn last line of 1 byte off /logs/error.log");
        assert_eq!(recovered(87), "Cut a torn last line of 87 bytes off /logs/error.log");
    }
}
