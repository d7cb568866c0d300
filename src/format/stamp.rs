//! Timestamps in logs: how an instant is written, and how it is read back from a line. A stamp that was
//! read is a hint at when the line was written, never a proof: lines from elsewhere may be broken in any
//! way.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::time::{SECOND, Time};

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The form in which a log writes an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampForm {
    /// `[10/Oct/2024:13:55:36 +0000]`, Apache's `%t`, anywhere in a line.
    Apache,
    /// `2024-10-10 13:55:36` by the clocks of the log's time zone, at the beginning of a line.
    Plain,
}

impl StampForm {
    /// All forms.
    pub const ALL: [Self; 2] = [Self::Apache, Self::Plain];

    /// The pattern of the form: `0` stands for a digit, `a` for a letter, `+` for a sign.
    const fn shape(self) -> &'static [u8] {
        match self {
            Self::Apache => b"[00/aaa/0000:00:00:00 +0000]",
            Self::Plain => b"0000-00-00 00:00:00",
        }
    }

    /// The length of a stamp, bytes.
    pub const fn length(self) -> usize {
        self.shape().len()
    }

    /// The offset of the two digits of the second.
    pub const fn second_at(self) -> usize {
        match self {
            Self::Apache => 19,
            Self::Plain => 17,
        }
    }

    /// The shortest time that the form can tell apart, ns.
    pub const fn resolution(self) -> Time {
        match self {
            Self::Apache | Self::Plain => SECOND,
        }
    }

    /// Appends an instant to `out`, given as local time and the zone's offset at that time.
    pub fn write(self, local: DateTime, offset: Offset, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(self.shape());
        let out = &mut out[start..];
        let clock = [local.hour(), local.minute(), local.second()];
        match self {
            Self::Apache => {
                two(&mut out[1..], local.day());
                out[4..7].copy_from_slice(MONTHS[local.month() as usize - 1]);
                year(&mut out[8..], local.year());
                clock.iter().zip([13, 16, 19]).for_each(|(&part, at)| two(&mut out[at..], part));
                // An offset with seconds (before 1972) is cut to the minute, as strftime's %z does.
                let minutes = offset.seconds() / 60;
                out[22] = if minutes < 0 { b'-' } else { b'+' };
                two(&mut out[23..], (minutes.abs() / 60) as i8);
                two(&mut out[25..], (minutes.abs() % 60) as i8);
            }
            Self::Plain => {
                year(&mut out[0..], local.year());
                two(&mut out[5..], local.month());
                two(&mut out[8..], local.day());
                clock.iter().zip([11, 14, 17]).for_each(|(&part, at)| two(&mut out[at..], part));
            }
        }
    }

    /// Reads the second of a line's stamp; `None` if the line has no stamp of this form. If the stamp
    /// leaves open which of two hours it means when the clocks of `zone` went back, the first is taken.
    pub fn read(self, line: &[u8], zone: &TimeZone) -> Option<Time> {
        match self {
            Self::Apache => {
                let stamp = |at| line.get(at..at + self.length());
                memchr::memchr_iter(b'[', line).find_map(|at| self.read_whole(stamp(at)?, zone))
            }
            Self::Plain => self.read_whole(line.get(..self.length())?, zone),
        }
    }

    fn read_whole(self, stamp: &[u8], zone: &TimeZone) -> Option<Time> {
        let fits = |(byte, form): (&u8, &u8)| match form {
            b'0' => byte.is_ascii_digit(),
            b'a' => byte.is_ascii_alphabetic(),
            b'+' => matches!(byte, b'+' | b'-'),
            other => byte == other,
        };
        if !stamp.iter().zip(self.shape()).all(fits) {
            return None;
        }
        let two = |at: usize| i16::from(stamp[at] - b'0') * 10 + i16::from(stamp[at + 1] - b'0');
        let date = |[year, month, day]: [i16; 3], [hour, minute, second]: [usize; 3]| {
            let (month, day) = (month as i8, day as i8);
            let [hour, minute, second] = [hour, minute, second].map(|at| two(at) as i8);
            DateTime::new(year, month, day, hour, minute, second, 0).ok()
        };
        let seconds = match self {
            Self::Apache => {
                let month = MONTHS.iter().position(|month| **month == stamp[4..7])? as i16 + 1;
                let local = date([two(8) * 100 + two(10), month, two(1)], [13, 16, 19])?;
                let offset = (i64::from(two(23)) * 60 + i64::from(two(25))) * 60;
                let offset = if stamp[22] == b'-' { -offset } else { offset };
                local.duration_since(EPOCH).as_secs() - offset
            }
            Self::Plain => {
                let local = date([two(0) * 100 + two(2), two(5), two(8)], [11, 14, 17])?;
                zone.to_ambiguous_timestamp(local).compatible().ok()?.as_second()
            }
        };
        // The offsets whose seconds a stamp does not show ended in 1972, with Liberia's.
        u64::try_from(seconds).ok()?.checked_mul(SECOND)
    }
}

/// Reads the second of a line's stamp, in whichever form it has one.
pub fn read_any(line: &[u8], zone: &TimeZone) -> Option<Time> {
    StampForm::ALL.into_iter().find_map(|form| form.read(line, zone))
}

fn year(out: &mut [u8], year: i16) {
    two(out, (year / 100) as i8);
    two(&mut out[2..], (year % 100) as i8);
}

/// Writes two digits.
pub fn two(out: &mut [u8], number: i8) {
    out[0] = b'0' + number as u8 / 10;
    out[1] = b'0' + number as u8 % 10;
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
    }

    fn read(form: StampForm, name: &str, line: &str) -> Option<String> {
        let time = form.read(line.as_bytes(), &zone(name))?;
        Some(crate::time::timestamp(time).to_string())
    }

    #[test]
    fn the_stamp_of_a_hit_is_found_and_read_with_its_own_offset() {
        for (line, expected) in [
            (
                "10.0.0.1 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\"",
                "2024-10-10T13:55:36Z",
            ),
            ("[x [01/Mar/2026:00:30:00 +0545]", "2026-02-28T18:45:00Z"),
            ("[29/Feb/2028:23:59:59 -0230]", "2028-03-01T02:29:59Z"),
            (
                "10.0.0.1 - [odd] [10/Oct/2024:13:55:36 -0230] \"GET /[01/Jan/2020:00:00:00 +0000] \
                 HTTP/1.1\" 200 5",
                "2024-10-10T16:25:36Z",
            ),
        ] {
            let read = read(StampForm::Apache, "America/New_York", line);
            assert_eq!(read.as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn the_stamp_of_a_message_is_read_by_the_clocks_of_the_zone() {
        let read = |zone| read(StampForm::Plain, zone, "2024-10-10 13:55:36 - ERROR - failed");
        assert_eq!(read("America/New_York").unwrap(), "2024-10-10T17:55:36Z");
        assert_eq!(read("Asia/Kathmandu").unwrap(), "2024-10-10T08:10:36Z");
    }

    #[test]
    fn of_an_hour_that_comes_twice_the_first_is_meant() {
        let found = read(StampForm::Plain, "America/New_York", "2026-11-01 01:30:00 - INFO - x");
        assert_eq!(found.unwrap(), "2026-11-01T05:30:00Z");
    }

    #[test]
    fn what_is_no_stamp_has_no_time() {
        for line in [
            "",
            "[",
            "10.0.0.1 - - [10/Oct/2024:13:55:36 +0000",
            "[10/Okt/2024:13:55:36 +0000]",
            "[31/Feb/2024:13:55:36 +0000]",
            "[10/Oct/2024:24:55:36 +0000]",
            "[31/Dec/1969:23:59:59 +0000]",
            "2024-10-1\u{fffd} 13:55:36",
            "2024-02-31 13:55:36",
            " 2024-10-10 13:55:36",
            "2024-10-10T13:55:36",
        ] {
            assert_eq!(read_any(line.as_bytes(), &TimeZone::UTC), None, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(second in 86_400_i64 * 730..16_725_225_600, at in 0..3_usize) {
            // Zones with a daylight saving time, with odd minutes, and with neither.
            let zone = zone(["Europe/Berlin", "America/St_Johns", "UTC"][at]);
            let now = Timestamp::from_second(second).unwrap();
            let offset = zone.to_offset(now);
            let local = offset.to_datetime(now);
            for form in StampForm::ALL {
                let mut out = b"before ".to_vec();
                form.write(local, offset, &mut out);
                prop_assert_eq!(out.len(), 7 + form.length());
                let digits = std::str::from_utf8(&out[7 + form.second_at()..][..2]).unwrap();
                prop_assert_eq!(digits, format!("{:02}", local.second()));
                let read = form.read(&out[7..], &zone).unwrap();
                let is_twice = zone.to_ambiguous_timestamp(local).is_ambiguous();
                if form == StampForm::Apache || !is_twice {
                    prop_assert_eq!(read, second as Time * SECOND);
                }
            }
        }
    }
}
