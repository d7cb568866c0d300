//! Recovery at the start: a crash during a write leaves a torn last line, and the next line would be
//! glued to it; or a torn last member, and no reader would get beyond it. It is cut off before anything
//! is appended.

mod member;

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::content::FileContent;
use super::lines::Unit;
use super::storage::StoredFile;
use crate::log_format::FileHeader;

/// How much is read at a time while searching backwards for the end of the last line, bytes. Lines are
/// far shorter, so one block nearly always suffices, however long the file is.
const BLOCK: usize = 64 * 1024;
/// No header of a file is longer, bytes.
const LONGEST_HEADER: u64 = 4096;

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

/// Cuts off what follows the last whole unit of a log file, and returns how many bytes that was. A header belongs to the line
/// behind it: if no line is whole, nothing is left. A file that is not ours (a pipe, a device) is left alone.
///
/// # Errors
/// The file cannot be read or cut, or ends with something that is not a member of this program.
pub fn cut_torn(file: &mut impl StoredFile, content: &FileContent) -> io::Result<u64> {
    if !file.is_ours() {
        return Ok(0);
    }
    let len = file.size()?;
    let mut whole = match content.unit {
        Unit::Line => end_of_last_line(file, len)?,
        Unit::Member(codec) => member::end_of_last(file, codec, len)?,
    };
    if content.header.is_some() && is_header_alone(file, content.unit, whole)? {
        whole = 0;
    }
    if whole < len {
        file.truncate(whole)?;
    }
    Ok(len - whole)
}

/// Whether the first `len` bytes of a file are a header, or the beginning of one, and nothing else.
fn is_header_alone(file: &impl StoredFile, unit: Unit, len: u64) -> io::Result<bool> {
    if len == 0 || len > LONGEST_HEADER {
        return Ok(false);
    }
    let mut bytes = vec![0; len as usize];
    file.read_exact_at(&mut bytes, 0)?;
    if let Some(codec) = unit.codec() {
        bytes = member::unpacked(&bytes, codec)?;
    }
    let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    Ok(text.split(|byte| *byte == b'\n').all(FileHeader::has))
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
        cut_of(&Unit::Line.into(), content)
    }

    fn cut_of(content: &FileContent, bytes: &[u8]) -> (u64, Vec<u8>) {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("access.log");
        fs::write(&path, bytes).unwrap();
        let bytes = cut_torn(&mut Disk.open(&path).unwrap(), content).unwrap();
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
    fn a_header_is_cut_off_with_a_torn_line_behind_it_unless_another_line_is_whole() {
        let header = FileHeader::of("#Fields: a\n#b\n");
        let with_header = FileContent { header, ..FileContent::default() };
        for torn in
            ["#Fie", "#Fields: a\n", "#Fields: a\n#", "#Fields: a\n#b\n", "#Fields: a\n#b\n1"]
        {
            let bytes = torn.as_bytes();
            assert_eq!(cut_of(&with_header, bytes), (bytes.len() as u64, vec![]), "{torn:?}");
        }
        let whole = b"#Fields: a\n#b\n1\n";
        assert_eq!(cut_of(&with_header, whole), (0, whole.to_vec()));
        assert_eq!(cut_of(&with_header, &[whole, &b"#"[..]].concat()), (1, whole.to_vec()));
        // In a format without a header, such a line is a hit.
        assert_eq!(cut(b"#a\nb"), (1, b"#a\n".to_vec()));
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
        cut_torn(&mut storage.open("/long.log".as_ref()).unwrap(), &Unit::Line.into()).unwrap();
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
        assert_eq!(cut_torn(&mut Disk.open(&link).unwrap(), &Unit::Line.into()).unwrap(), 0);
        assert_eq!(fs::read_to_string(&output).unwrap(), "what the shell wrote");
    }

    #[test]
    fn a_link_to_a_log_elsewhere_is_followed() {
        let root = tempfile::tempdir().unwrap();
        let elsewhere = root.path().join("elsewhere");
        fs::write(&elsewhere, "whole\ntorn").unwrap();
        let link = root.path().join("access.log");
        symlink(&elsewhere, &link).unwrap();
        assert_eq!(cut_torn(&mut Disk.open(&link).unwrap(), &Unit::Line.into()).unwrap(), 4);
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "whole\n");
    }

    #[test]
    fn a_device_is_left_alone() {
        let mut device = Disk.open("/dev/null".as_ref()).unwrap();
        assert_eq!(cut_torn(&mut device, &Unit::Line.into()).unwrap(), 0);
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
