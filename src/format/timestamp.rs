//! Time stamps, rendered once a second: as a rule, two digits of the last one.

use std::ops::Range;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};

use crate::stream::{SECOND, Time};

const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// One second in the forms of the logs.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// ` [10/Oct/2024:13:55:36 +0000] "`: Apache's `%t`, up to the quote before the request.
    pub access: [u8; 31],
    /// `2024-10-10 13:55:36`.
    pub plain: [u8; 19],
}

/// The stamp of the current second.
#[derive(Debug)]
pub struct Clock {
    zone: TimeZone,
    /// The offset, and the second at which it may change.
    offset: Offset,
    offset_until: i64,
    /// The minute of `stamp`, as far as the offset holds: within it only the seconds change.
    minute: Range<i64>,
    /// The second of `stamp`, from and to in ns.
    from: Time,
    to: Time,
    stamp: Stamp,
}

impl Clock {
    /// A clock for a zone.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            offset: Offset::UTC,
            offset_until: i64::MIN,
            minute: 0..0,
            from: 1,
            to: 0,
            stamp: Stamp { access: [0; 31], plain: [0; 19] },
        }
    }

    /// The stamp of a time's second, and the end of that second. Times may not go back by more than
    /// a day's worth of zone changes; the stream's never do.
    pub fn second_of(&mut self, time: Time) -> (&Stamp, Time) {
        if time < self.from || time >= self.to {
            self.set(time);
        }
        (&self.stamp, self.to)
    }

    #[cold]
    fn set(&mut self, time: Time) {
        let second = (time / SECOND) as i64;
        let back = time < self.from;
        self.from = time - time % SECOND;
        self.to = self.from + SECOND;
        if self.minute.contains(&second) {
            let seconds = (second - self.minute.start) as i8;
            two(&mut self.stamp.access[20..22], seconds);
            two(&mut self.stamp.plain[17..19], seconds);
            return;
        }
        let now = Timestamp::from_second(second).expect("within the range of jiff");
        if back || second >= self.offset_until {
            self.offset = self.zone.to_offset(now);
            let change = self.zone.following(now).next();
            self.offset_until = change.map_or(i64::MAX, |change| change.timestamp().as_second());
        }
        let local = self.offset.to_datetime(now);
        let minute = second - i64::from(local.second());
        self.minute = minute..(minute + 60).min(self.offset_until);
        self.stamp = Stamp { access: access(local, self.offset), plain: plain(local) };
    }
}

fn access(local: civil::DateTime, offset: Offset) -> [u8; 31] {
    let mut out = *b" [00/Jan/0000:00:00:00 +0000] \"";
    two(&mut out[2..4], local.day());
    let month = 3 * (local.month() as usize - 1);
    out[5..8].copy_from_slice(&MONTHS[month..month + 3]);
    year(&mut out[9..13], local.year());
    two(&mut out[14..16], local.hour());
    two(&mut out[17..19], local.minute());
    two(&mut out[20..22], local.second());
    // Offsets with seconds (before 1972) are cut to the minute, as strftime's %z does.
    let minutes = offset.seconds() / 60;
    out[23] = if minutes < 0 { b'-' } else { b'+' };
    two(&mut out[24..26], (minutes.abs() / 60) as i8);
    two(&mut out[26..28], (minutes.abs() % 60) as i8);
    out
}

fn plain(local: civil::DateTime) -> [u8; 19] {
    let mut out = *b"0000-00-00 00:00:00";
    year(&mut out[0..4], local.year());
    two(&mut out[5..7], local.month());
    two(&mut out[8..10], local.day());
    two(&mut out[11..13], local.hour());
    two(&mut out[14..16], local.minute());
    two(&mut out[17..19], local.second());
    out
}

fn year(out: &mut [u8], year: i16) {
    two(&mut out[..2], (year / 100) as i8);
    two(&mut out[2..], (year % 100) as i8);
}

fn two(out: &mut [u8], number: i8) {
    out[0] = b'0' + number as u8 / 10;
    out[1] = b'0' + number as u8 % 10;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamps(zone: &str, times: &[&str]) -> Vec<String> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap();
        let mut clock = Clock::new(zone);
        times
            .iter()
            .map(|time| {
                let time: Timestamp = time.parse().unwrap();
                let stamp = clock.second_of(time.as_nanosecond() as Time).0.clone();
                format!(
                    "{} {}",
                    String::from_utf8(stamp.access.to_vec()).unwrap().trim_matches([' ', '"']),
                    String::from_utf8(stamp.plain.to_vec()).unwrap()
                )
            })
            .collect()
    }

    #[test]
    fn a_stamp_follows_its_zone_through_the_changes_of_its_clocks() {
        assert_eq!(
            stamps(
                "America/New_York",
                &[
                    "2026-11-01T05:59:59.999Z",
                    "2026-11-01T06:00:00Z",
                    "2027-01-01T04:59:59Z",
                    "2027-03-14T07:00:00Z"
                ]
            ),
            [
                "[01/Nov/2026:01:59:59 -0400] 2026-11-01 01:59:59",
                "[01/Nov/2026:01:00:00 -0500] 2026-11-01 01:00:00",
                "[31/Dec/2026:23:59:59 -0500] 2026-12-31 23:59:59",
                "[14/Mar/2027:03:00:00 -0400] 2027-03-14 03:00:00",
            ]
        );
        assert_eq!(
            stamps("America/St_Johns", &["2024-10-10T13:55:36Z"]),
            ["[10/Oct/2024:11:25:36 -0230] 2024-10-10 11:25:36"]
        );
        assert_eq!(
            stamps("Asia/Kathmandu", &["2024-02-28T18:14:59Z", "2024-02-28T18:15:00Z"]),
            [
                "[28/Feb/2024:23:59:59 +0545] 2024-02-28 23:59:59",
                "[29/Feb/2024:00:00:00 +0545] 2024-02-29 00:00:00"
            ]
        );
    }

    #[test]
    fn a_clock_that_goes_on_shows_what_a_new_one_shows() {
        // Steps within a second, a minute and over the change of the clocks, and one back.
        let start: Timestamp = "2026-11-01T05:58:57.5Z".parse().unwrap();
        let steps = [0, 1, 600, 2_500, 59_000, 1, 58_999, 1_000, 61_000, -3_600_000, 500, 7_000];
        let zone = jiff::tz::TimeZoneDatabase::bundled().get("America/New_York").unwrap();
        let mut clock = Clock::new(zone.clone());
        let mut time = start.as_millisecond();
        for step in steps {
            time += step;
            let time = time as Time * 1_000_000;
            let mut new = Clock::new(zone.clone());
            let ((stamp, end), (expected, expected_end)) =
                (clock.second_of(time), new.second_of(time));
            assert_eq!(stamp.access, expected.access);
            assert_eq!((stamp.plain, end), (expected.plain, expected_end));
        }
    }
}
