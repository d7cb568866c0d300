//! When a file is full: by its size, by the times of its lines, or by whichever comes first. Pure
//! decisions about values; nothing is opened or renamed here.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::lines::Lines;
use super::schedule::Schedule;
use crate::config::Output;
use crate::time::{SECOND, Time, timestamp};

/// The conditions under which a log is rotated.
#[derive(Clone, Debug)]
pub struct Rotation {
    max_bytes: Option<u64>,
    schedule: Option<Schedule>,
    zone: TimeZone,
}

/// What to do with the next line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationStep {
    /// Write the line to this file, with all lines after it up to this offset.
    WriteUntil(usize),
    /// Start a new file for the line.
    Rotate,
}

impl Rotation {
    /// The rotation of `output.log_rotation` in the time zone `output.timezone`.
    pub fn new(output: &Output) -> Self {
        let rotation = output.log_rotation.as_ref();
        let zone = output.timezone.clone();
        Self {
            max_bytes: rotation.and_then(|rotation| rotation.max_bytes),
            schedule: rotation
                .and_then(|rotation| rotation.every)
                .map(|period| Schedule::new(period, zone.clone())),
            zone,
        }
    }

    /// The first instant whose lines do not belong in a file that begins at `first`.
    pub fn end_of_period(&self, first: Time) -> Time {
        self.schedule.as_ref().map_or(Time::MAX, |schedule| schedule.end_of_period(first))
    }

    /// A time as local time in the log's zone, to the second, for the name of a rotated file.
    pub fn stamp(&self, time: Time) -> DateTime {
        timestamp(time - time % SECOND).to_zoned(self.zone.clone()).datetime()
    }

    /// The time zone whose clocks the rotation follows.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Decides about the line at `offset`: whether it goes into a file of `size` bytes whose period ends
    /// at `end`, or into a new one. `before` bytes of a header come before it. A line longer than the size limit gets a
    /// file of its own. A member goes as a line does.
    pub fn step(
        &self,
        size: u64,
        before: usize,
        end: Time,
        lines: &Lines<'_>,
        offset: usize,
    ) -> RotationStep {
        if size > 0 && lines.time_at(offset) >= end {
            return RotationStep::Rotate;
        }
        let until = lines.first_from(end, offset);
        let room = self
            .max_bytes
            .map_or(u64::MAX, |max_bytes| max_bytes.saturating_sub(size + before as u64));
        if (until - offset) as u64 <= room {
            return RotationStep::WriteUntil(until);
        }
        match lines.last_end(offset, offset + room as usize) {
            Some(end) => RotationStep::WriteUntil(end),
            None if size > 0 => RotationStep::Rotate,
            None => RotationStep::WriteUntil(lines.end_of_unit(offset)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RotationStep::{Rotate, WriteUntil};
    use super::*;
    use crate::format::Mark;

    const LINES: &[u8] = b"a23\nb23\nc23\n";

    fn step(max_bytes: Option<u64>, size: u64, end: Time, offset: usize) -> RotationStep {
        let rotation = Rotation { max_bytes, schedule: None, zone: TimeZone::UTC };
        let marks = [Mark { offset: 0, time: 10 }, Mark { offset: 8, time: 20 }];
        rotation.step(size, 0, end, &Lines::plain(LINES, &marks), offset)
    }

    #[test]
    fn a_header_takes_room_but_not_that_of_the_first_line() {
        let rotation = Rotation { max_bytes: Some(100), schedule: None, zone: TimeZone::UTC };
        let marks = [Mark { offset: 0, time: 10 }];
        let step = |before| rotation.step(0, before, Time::MAX, &Lines::plain(LINES, &marks), 0);
        assert_eq!([88, 91, 97, 400].map(step), [12, 8, 4, 4].map(WriteUntil));
    }

    #[test]
    fn without_limits_all_goes_into_one_file() {
        assert_eq!(step(None, u64::MAX, Time::MAX, 0), WriteUntil(12));
    }

    #[test]
    fn a_file_is_cut_behind_the_last_line_that_fits() {
        assert_eq!(step(Some(12), 0, Time::MAX, 0), WriteUntil(12));
        assert_eq!(step(Some(11), 0, Time::MAX, 0), WriteUntil(8));
        assert_eq!(step(Some(100), 92, Time::MAX, 0), WriteUntil(8));
        assert_eq!(step(Some(100), 97, Time::MAX, 0), Rotate);
        assert_eq!(step(Some(100), 100, Time::MAX, 8), Rotate);
    }

    #[test]
    fn a_file_that_has_grown_beyond_the_limit_takes_no_line() {
        assert_eq!(step(Some(100), 4_000, Time::MAX, 0), Rotate);
    }

    #[test]
    fn a_line_longer_than_a_file_gets_one_of_its_own() {
        assert_eq!(step(Some(3), 1, Time::MAX, 4), Rotate);
        assert_eq!(step(Some(3), 0, Time::MAX, 4), WriteUntil(8));
    }

    #[test]
    fn a_line_at_the_end_of_the_period_begins_a_new_file() {
        assert_eq!(step(None, 1, 20, 0), WriteUntil(8));
        assert_eq!(step(None, 1, 20, 8), Rotate);
        assert_eq!(step(None, 1, 21, 0), WriteUntil(12));
        assert_eq!(step(None, 1, 5, 0), Rotate);
    }

    #[test]
    fn an_empty_file_is_never_rotated() {
        assert_eq!(step(None, 0, 5, 8), WriteUntil(12));
    }

    #[test]
    fn of_size_and_time_the_first_one_rotates() {
        assert_eq!(step(Some(100), 94, 20, 0), WriteUntil(4));
        assert_eq!(step(Some(100), 50, 20, 0), WriteUntil(8));
    }
}
