//! When a file's first line was written, by its own time stamp: a file that is found at start
//! belongs to the period of its first line. No I/O may enter here.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::stream::Time;

/// This much of a file is enough to find its first stamp: it follows a host, an identity and a user
/// at the most.
pub const ENOUGH: usize = 1024;

/// Reads the stamp of the first line in `start`, the beginning of a log file: Apache's
/// `[10/Oct/2024:13:55:36 +0000]` anywhere in the line, or `2024-10-10 13:55:36` in front, by the
/// clocks of `zone`; the first of two such instants where they were set back. `None` where there is
/// neither.
pub fn time(start: &[u8], zone: &TimeZone) -> Option<Time> {
    let line = start.split(|byte| *byte == b'\n').next()?;
    let found = access(line).or_else(|| plain(line, zone))?;
    Time::try_from(found.as_nanosecond()).ok()
}

fn access(line: &[u8]) -> Option<Timestamp> {
    line.split(|byte| *byte == b'[').skip(1).find_map(|rest| {
        let stamp = std::str::from_utf8(rest.split(|byte| *byte == b']').next()?).ok()?;
        strtime::parse("%d/%b/%Y:%H:%M:%S %z", stamp).ok()?.to_timestamp().ok()
    })
}

fn plain(line: &[u8], zone: &TimeZone) -> Option<Timestamp> {
    let stamp = std::str::from_utf8(line.get(..19)?).ok()?;
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", stamp).ok()?;
    zone.to_ambiguous_timestamp(time).compatible().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(zone: &str, start: &str) -> Option<String> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap();
        let time = time(start.as_bytes(), &zone)?;
        Some(crate::stream::timestamp(time).to_string())
    }

    #[test]
    fn the_stamp_of_a_hit_is_read_with_its_own_offset() {
        let line = "10.0.0.1 - [odd] [10/Oct/2024:13:55:36 -0230] \"GET /[01/Jan/2020:00:00:00 \
                    +0000] HTTP/1.1\" 200 5 \"-\" \"-\"\nnext [11/Oct/2024:13:55:36 +0000]\n";
        assert_eq!(read("America/New_York", line).unwrap(), "2024-10-10T16:25:36Z");
    }

    #[test]
    fn the_stamp_of_a_message_is_read_by_the_clocks_of_the_zone() {
        let line = "2024-10-10 13:55:36 - ERROR - [worker] failed\n";
        assert_eq!(read("America/New_York", line).unwrap(), "2024-10-10T17:55:36Z");
        assert_eq!(read("Asia/Kathmandu", line).unwrap(), "2024-10-10T08:10:36Z");
    }

    #[test]
    fn of_an_hour_that_comes_twice_the_first_is_meant() {
        let line = "2026-11-01 01:30:00 - INFO - x\n";
        assert_eq!(read("America/New_York", line).unwrap(), "2026-11-01T05:30:00Z");
    }

    #[test]
    fn a_line_without_a_stamp_has_none() {
        for line in [
            "",
            "\n2024-10-10 13:55:36 - INFO - of the second line\n",
            "10.0.0.1 - - [10/Oct/2024:13:55:36",
            "10.0.0.1 - - [31/Feb/2024:13:55:36 +0000] \"GET /\"\n",
            "2024-10-10\n13:55:36",
            "2024-10-1\u{fffd} 13:55:36",
        ] {
            assert_eq!(read("UTC", line), None, "{line:?}");
        }
    }
}
