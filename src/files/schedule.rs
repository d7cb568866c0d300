//! When a log is rotated by time: the instants at which periods end, as a pure function. The times are
//! those of the lines; no file and no clock may enter here.
//!
//! Periods follow the wall clock of the log's time zone, not the start of the run. They are multiples of
//! the period from 1970-01-01T00:00 local time on (for weeks, from the first such weekday on or after
//! that day). When the clocks change:
//!
//! - Seconds, minutes and hours: a period ends when the clocks reach or pass a multiple, or land on
//!   one. An hour that comes twice is rotated twice; one that is left out ends with the jump.
//! - Days and weeks: a period ends at the first instant of its last day's successor, once, be that
//!   day 23 or 25 hours long and its midnight skipped or repeated.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::{RotationPeriod, RotationUnit};
use crate::time::{SECOND, Time};

const DAY: i64 = 86_400;

/// Finds the instants at which periods end.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The length of a period, in seconds of the zone's clocks.
    length: i64,
    /// One boundary between two periods, in seconds of the zone's clocks since 1970-01-01T00:00.
    anchor: i64,
    /// Whether a boundary counts only the first time that the clocks show it.
    once: bool,
    zone: TimeZone,
}

impl Schedule {
    /// The schedule of a period in a time zone.
    pub fn new(period: RotationPeriod, zone: TimeZone) -> Self {
        let (unit, anchor) = match period.when {
            RotationUnit::Second => (1, 0),
            RotationUnit::Minute => (60, 0),
            RotationUnit::Hour => (3600, 0),
            RotationUnit::Day | RotationUnit::Midnight => (DAY, 0),
            // 1970-01-01 was a Thursday, w3.
            RotationUnit::Weekday(day) => (7 * DAY, (i64::from(day) + 4) % 7 * DAY),
        };
        let length = unit * i64::from(period.interval.max(1));
        Self { length, anchor, once: unit >= DAY, zone }
    }

    /// The end of the period that contains `time`: the first instant of the next period, always later
    /// than `time`. [`Time::MAX`] if the period does not end within the range of [`Time`].
    pub fn end_of_period(&self, time: Time) -> Time {
        let now = timestamp((time / SECOND) as i64);
        let mut offset = self.offset(now);
        let mut since = now.as_second();
        let mut reached = self.reached(now, offset);
        let mut changes = self.zone.following(now).map(|change| change.timestamp());
        loop {
            // The clocks have shown `reached` already, and from `since` on they run at `offset`.
            let instant = (self.boundary_after(reached) - offset).max(since);
            let change = changes.next().filter(|change| change.as_second() <= instant);
            let Some(change) = change else { return from_seconds(instant) };
            let last_shown = change.as_second() - 1 + offset;
            since = change.as_second();
            offset = self.offset(change);
            reached = reached.max(last_shown);
            if !self.once {
                reached = reached.min(since - 1 + offset);
            }
        }
    }

    /// The furthest that the zone's clocks have come by `now`, in their own seconds. This is more than
    /// they show if they were set back and a boundary counts only once.
    fn reached(&self, now: Timestamp, offset: i64) -> i64 {
        let shown = now.as_second() + offset;
        if !self.once {
            return shown;
        }
        let behind = timestamp(now.as_second() + 1);
        let last_shown = self.zone.preceding(behind).next().map(|change| {
            let before = change.timestamp().as_second() - 1;
            before + self.offset(timestamp(before))
        });
        last_shown.map_or(shown, |last_shown| shown.max(last_shown))
    }

    /// The first boundary after `shown`.
    fn boundary_after(&self, shown: i64) -> i64 {
        let periods = (shown - self.anchor).div_euclid(self.length) + 1;
        self.anchor + periods * self.length
    }

    /// How far the zone's clocks are ahead of UTC, in seconds.
    fn offset(&self, now: Timestamp) -> i64 {
        self.zone.to_offset(now).seconds().into()
    }
}

/// Converts seconds since the epoch to a timestamp.
fn timestamp(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("simulated time and time zones are within jiff's range")
}

/// Converts seconds since the epoch to a [`Time`].
fn from_seconds(second: i64) -> Time {
    u64::try_from(second).ok().and_then(|second| second.checked_mul(SECOND)).unwrap_or(Time::MAX)
}

#[cfg(test)]
mod tests;
