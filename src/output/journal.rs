//! Standard error when systemd's journal reads it. The journal stamps each line itself and takes its
//! priority from a prefix (sd-daemon(3)), so a message needs neither a timestamp nor a level.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;

use log::Level;

/// Whether the journal reads standard error. This is determined once.
pub fn is_reading() -> bool {
    static READING: OnceLock<bool> = OnceLock::new();
    *READING.get_or_init(|| {
        let stream = std::env::var_os("JOURNAL_STREAM");
        stream.is_some_and(|stream| standard_error().is_ok_and(|found| names(stream, found)))
    })
}

/// Whether `JOURNAL_STREAM` names this file. A process whose standard error was redirected inherits the
/// variable all the same. So systemd.exec(5) demands a comparison with the device and the inode, in
/// decimal and separated by a colon.
fn names(stream: OsString, (device, inode): (u64, u64)) -> bool {
    stream.to_str().is_some_and(|stream| stream == format!("{device}:{inode}"))
}

fn standard_error() -> io::Result<(u64, u64)> {
    let file = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    let found = file.metadata()?;
    Ok((found.dev(), found.ino()))
}

/// `text` with the priority before each line, in the numbers of syslog(3).
pub fn with_priority(level: Level, text: &str) -> String {
    let priority = match level {
        Level::Error => "<3>",
        Level::Warn => "<4>",
        Level::Info => "<6>",
        Level::Debug | Level::Trace => "<7>",
    };
    let lines: Vec<String> = text.lines().map(|line| format!("{priority}{line}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_names_a_file_by_its_device_and_inode_in_decimal() {
        assert!(names("8:12345".into(), (8, 12_345)));
        for other in
            ["8:12346", "9:12345", "8", "8:", ":12345", "8:012345", "0x8:12345", "", "8:12345:"]
        {
            assert!(!names(other.into(), (8, 12_345)), "{other}");
        }
    }

    #[test]
    fn each_line_of_a_text_has_the_priority_of_its_level() {
        assert_eq!(with_priority(Level::Warn, "a gap"), "<4>a gap");
        assert_eq!(
            with_priority(Level::Error, "a.yaml:1: wrong\n1 error"),
            "<3>a.yaml:1: wrong\n<3>1 error"
        );
        assert_eq!(with_priority(Level::Info, "x"), "<6>x");
        assert_eq!(with_priority(Level::Debug, "x"), "<7>x");
    }
}
