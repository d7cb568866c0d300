//! Time stamps, rendered once a second.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, civil};

use crate::stream::{SECOND, Time};

const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// One second in the forms of the logs.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// `[10/Oct/2024:13:55:36 +0000]`, Apache's `%t`.
    pub access: [u8; 28],
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
            from: 1,
            to: 0,
            stamp: Stamp { access: [0; 28], plain: [0; 19] },
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
        let second = time / SECOND;
        let back = time < self.from;
        (self.from, self.to) = (second * SECOND, (second + 1) * SECOND);
        let now = Timestamp::from_second(second as i64).expect("within the range of jiff");
        if back || now.as_second() >= self.offset_until {
            self.offset = self.zone.to_offset(now);
            let change = self.zone.following(now).next();
            self.offset_until = change.map_or(i64::MAX, |change| change.timestamp().as_second());
        }
        let local = self.offset.to_datetime(now);
        self.stamp = Stamp { access: access(local, self.offset), plain: plain(local) };
    }
}

fn access(local: civil::DateTime, offset: Offset) -> [u8; 28] {
    let mut out = *b"[00/Jan/0000:00:00:00 +0000]";
    two(&mut out[1..3], local.day());
    let month = 3 * (local.month() as usize - 1);
    out[4..7].copy_from_slice(&MONTHS[month..month + 3]);
    year(&mut out[8..12], local.year());
    two(&mut out[13..15], local.hour());
    two(&mut out[16..18], local.minute());
    two(&mut out[19..21], local.second());
    // Offsets with seconds (before 1972) are cut to the minute, as strftime's %z does.
    let minutes = offset.seconds() / 60;
    out[22] = if minutes < 0 { b'-' } else { b'+' };
    two(&mut out[23..25], (minutes.abs() / 60) as i8);
    two(&mut out[25..27], (minutes.abs() % 60) as i8);
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
                    String::from_utf8(stamp.access.to_vec()).unwrap(),
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
}
