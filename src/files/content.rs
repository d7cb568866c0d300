//! What the files of a log consist of, as far as the files have to know: whole units, the lines that each file begins with,
//! and where a line shows its time.

use jiff::tz::TimeZone;

use super::lines::Unit;
use crate::codec::Codec;
use crate::config::Output;
use crate::log_format::FileHeader;
use crate::log_format::stamp::{self, Stamp};
use crate::log_id::LogId;
use crate::pack::header::Header;
use crate::time::Time;

/// What the files of a log consist of.
#[derive(Clone, Debug, Default)]
pub struct FileContent {
    /// What is never torn.
    pub unit: Unit,
    /// The lines that each file begins with.
    pub header: Option<FileHeader>,
    /// Where a line shows its time; without it, one of the usual forms is tried.
    pub stamp: Option<Stamp>,
}

impl From<Unit> for FileContent {
    fn from(unit: Unit) -> Self {
        Self { unit, ..Self::default() }
    }
}

impl FileContent {
    /// That of a log of a run. With a `codec`, the logs of hits consist of members in this form.
    pub fn of(output: &Output, log: LogId, codec: Option<Codec>) -> Self {
        let content = Self::from(Unit::of(codec.filter(|_| log != LogId::SYSTEM)));
        match output.format_of(log) {
            Some(format) => {
                Self { header: format.file_header().cloned(), stamp: format.stamp(), ..content }
            }
            None if log == LogId::ERROR => {
                Self { stamp: Stamp::of(&output.error_format.elements()), ..content }
            }
            None => content,
        }
    }

    /// The time of the first line of a file that begins with these bytes; `None` if it shows none.
    pub fn first_time(&self, start: &[u8], zone: &TimeZone) -> Option<Time> {
        if let Unit::Member(codec) = self.unit {
            return Header::read(codec, start).map(|header| header.first);
        }
        let mut lines = start.split(|byte| *byte == b'\n');
        let first = lines.find(|line| self.header.is_none() || !FileHeader::has(line))?;
        let of_format = self.stamp.as_ref().and_then(|stamp| stamp.read(first, zone));
        of_format.or_else(|| stamp::read_any(first, zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::time::SECOND;

    #[test]
    fn a_file_begins_at_the_time_of_its_first_line_in_the_form_that_its_format_has() {
        let new_york = jiff::tz::TimeZoneDatabase::bundled().get("America/New_York").unwrap();
        let first_time = |log, keys: &str, start: &str| {
            let config = Config::from_yaml(&format!("output: {{{keys}}}")).unwrap();
            let content = FileContent::of(&config.output, log, None);
            content.first_time(start.as_bytes(), &new_york)
        };
        for (log, keys, start) in [
            (
                LogId::ACCESS,
                "format: w3c",
                "#Date: 2020-01-01 00:00:00\n#Fields: a\n2024-10-10 13:55:36 a\n",
            ),
            (LogId::ACCESS, "format: cloudfront", "#Version: 1.0\n2024-10-10\t13:55:36\ta\n"),
            (LogId::ACCESS, "format: json", "{\"time\":\"2024-10-10T09:55:36.999-04:00\""),
            (
                LogId::ACCESS,
                "format: json",
                "a - - [10/Oct/2024:09:55:36 -0400] of another format\n",
            ),
            (LogId::ERROR, "error_format: nginx", "2024/10/10 09:55:36 [error]\n"),
            (LogId::ERROR, "error_format: plain", "2024-10-10 09:55:36 - ERROR\n"),
            (
                LogId::further(0),
                "logs: [{file: a.log, format: json}]",
                "{\"time\":\"2024-10-10T09:55:36-04:00\"",
            ),
            (
                LogId::further(1),
                "logs: [{file: a.log}, {file: b.log, format: w3c}]",
                "#Fields: a\n2024-10-10 13:55:36 a\n",
            ),
            (LogId::SYSTEM, "format: w3c", "2024-10-10 09:55:36 - INFO\n"),
        ] {
            assert_eq!(
                first_time(log, keys, start),
                Some(1_728_568_536 * SECOND),
                "{keys}: {start}"
            );
        }
        assert_eq!(first_time(LogId::ACCESS, "format: w3c", "#Fields: a\n"), None);
    }
}
