//! The traffic pattern: which multiplier of the rate holds when. Hours are those of the log's time zone,
//! including its changes to and from daylight saving time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{SECOND, Time};

/// The multiplier of the rate at any time.
#[derive(Clone, Debug)]
pub struct Pattern {
    hours: [f64; 24],
    zone: TimeZone,
}

/// A time span with one multiplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The first instant after the span.
    pub end: Time,
    /// The factor on the rate: finite, >= 0.
    pub multiplier: f64,
}

impl Pattern {
    /// A pattern of 24 multipliers, one for each hour of the day in `zone`.
    pub fn new(hours: [f64; 24], zone: TimeZone) -> Self {
        Self { hours, zone }
    }

    /// The multiplier of each hour.
    pub fn hours(&self) -> [f64; 24] {
        self.hours
    }

    /// The time zone of the hours.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The run of equal hours around `time`, in the way that `traffic_patterns` writes them: the first
    /// hour, and the hour after the last one (1 to 24). `None` if all hours have the same multiplier.
    pub fn hours_around(&self, time: Time) -> Option<(usize, usize)> {
        let hour = self.local_second(time).div_euclid(3600).rem_euclid(24) as usize;
        let alike = |other: usize| self.hours[other % 24] == self.hours[hour];
        let behind = (hour..hour + 24).find(|other| !alike(*other))?;
        let before = (hour + 1..hour + 24).rev().find(|other| !alike(*other))?;
        Some(((before + 1) % 24, (behind + 23) % 24 + 1))
    }

    /// The integral of the multiplier from `from` to `until`, in seconds: how long a constant multiplier
    /// of 1.0 would take for as many lines.
    pub fn sum(&self, from: Time, until: Time) -> f64 {
        let (mut sum, mut at) = (0.0, from);
        // Between two changes of the zone's offset, hours have equal length.
        while at < until {
            let changes = self.zone.following(instant(at)).next();
            let change = changes.map(|change| change.timestamp().as_second() as Time * SECOND);
            let end = change.map_or(until, |change| change.clamp(at + 1, until));
            let midnight = self.local_second(at).rem_euclid(86_400) as Time * SECOND + at % SECOND;
            sum += self.sum_since_midnight(midnight + (end - at));
            sum -= self.sum_since_midnight(midnight);
            at = end;
        }
        sum
    }

    /// [`Pattern::sum`] over `length` ns from a midnight on, with no change of the clocks in between.
    fn sum_since_midnight(&self, length: Time) -> f64 {
        let hour = 3600 * SECOND;
        let days = length / (24 * hour);
        let (whole, rest) = ((length / hour % 24) as usize, length % hour);
        let hours =
            days as f64 * self.hours.iter().sum::<f64>() + self.hours[..whole].iter().sum::<f64>();
        3600.0 * hours + self.hours[whole] * (rest as f64 / SECOND as f64)
    }

    /// The seconds since 1970 that the zone's clocks show at `time`.
    pub fn local_second(&self, time: Time) -> i64 {
        let now = instant(time);
        now.as_second() + i64::from(self.zone.to_offset(now).seconds())
    }

    /// The stretch that holds at `time`. It ends at the next full hour of the zone's clocks, or at their
    /// next change if that comes first.
    pub fn stretch(&self, time: Time) -> Stretch {
        let now = instant(time);
        let local = self.local_second(time);
        let offset = local - now.as_second();
        let hour = local.div_euclid(3600);
        let next_hour = (hour + 1) * 3600 - offset;
        let next_change = self.zone.following(now).next().map(|change| change.timestamp());
        let end = match next_change {
            Some(change) if change.as_second() < next_hour => change.as_second(),
            _ => next_hour,
        };
        Stretch { end: end as Time * SECOND, multiplier: self.hours[hour.rem_euclid(24) as usize] }
    }
}

/// The time cut to the second, as jiff wants it.
fn instant(time: Time) -> Timestamp {
    Timestamp::from_second((time / SECOND) as i64).expect("simulated time is within jiff's range")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse::<Timestamp>().unwrap().as_nanosecond() as Time
    }

    /// The pattern whose multiplier is the hour.
    fn hours_in(zone: &str) -> Pattern {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap();
        Pattern::new(std::array::from_fn(|hour| hour as f64), zone)
    }

    #[test]
    fn an_hour_that_daylight_saving_time_repeats_holds_twice() {
        let pattern = hours_in("Europe/London");
        let mut time = at("2026-10-24T23:30:00Z");
        let mut hours = Vec::new();
        for _ in 0..4 {
            let stretch = pattern.stretch(time);
            hours.push((stretch.multiplier, stretch.end - time));
            time = stretch.end;
        }
        let hour = 3600 * SECOND;
        assert_eq!(hours, [(0.0, hour / 2), (1.0, hour), (1.0, hour), (2.0, hour)]);
    }

    #[test]
    fn half_an_hour_of_daylight_saving_time_shifts_the_hours_by_half_an_hour() {
        let pattern = hours_in("Australia/Lord_Howe");
        // On 2026-04-04T15:00Z the clocks go from 02:00 back to 01:30.
        let stretch = pattern.stretch(at("2026-04-04T14:30:00Z"));
        assert_eq!(stretch, Stretch { end: at("2026-04-04T15:00:00Z"), multiplier: 1.0 });
        let stretch = pattern.stretch(stretch.end);
        assert_eq!(stretch, Stretch { end: at("2026-04-04T15:30:00Z"), multiplier: 1.0 });
        let stretch = pattern.stretch(stretch.end);
        assert_eq!(stretch, Stretch { end: at("2026-04-04T16:30:00Z"), multiplier: 2.0 });
    }

    #[test]
    fn the_hours_around_a_time_are_those_that_have_its_multiplier() {
        let mut hours = [0.2; 24];
        hours[2..6].fill(0.1);
        hours[6..21].fill(1.0);
        let pattern = Pattern::new(hours, TimeZone::UTC);
        let around = |hour: Time| pattern.hours_around((24 + hour) * 3600 * SECOND);
        assert_eq!([around(2), around(5)], [Some((2, 6)); 2]);
        assert_eq!([around(6), around(20)], [Some((6, 21)); 2]);
        assert_eq!([around(21), around(23), around(0), around(1)], [Some((21, 2)); 4]);
        assert_eq!(Pattern::new([0.5; 24], TimeZone::UTC).hours_around(0), None);
        hours[21..].fill(0.3);
        let pattern = Pattern::new(hours, TimeZone::UTC);
        assert_eq!(pattern.hours_around(23 * 3600 * SECOND), Some((21, 24)));
        assert_eq!(pattern.hours_around(0), Some((0, 2)));
        assert_eq!(hours_in("UTC").hours_around(0), Some((0, 1)));
    }

    #[test]
    fn the_sum_over_a_span_is_that_of_its_stretches_also_where_the_clocks_are_changed() {
        for zone in ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"] {
            let pattern = hours_in(zone);
            let spans = [
                ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
                ("2026-03-08T06:59:59.5Z", "2026-03-08T07:00:00.25Z"),
                ("2026-10-31T23:17:03Z", "2026-11-01T09:44:01.001Z"),
                ("2026-04-04T14:30:00Z", "2026-04-04T14:30:00Z"),
            ];
            for (from, until) in spans.map(|(from, until)| (at(from), at(until))) {
                let (mut expected, mut time) = (0.0, from);
                while time < until {
                    let stretch = pattern.stretch(time);
                    let end = stretch.end.min(until);
                    expected += stretch.multiplier * ((end - time) as f64 / SECOND as f64);
                    time = end;
                }
                let sum = pattern.sum(from, until);
                assert!((sum - expected).abs() <= 1e-9 * expected, "{zone}: {sum}, {expected}");
            }
        }
    }

    #[test]
    fn stretches_follow_each_other_without_a_gap_for_a_year() {
        for zone in ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"] {
            let pattern = hours_in(zone);
            let mut time = at("2026-01-01T00:00:00Z");
            while time < at("2027-01-01T00:00:00Z") {
                let stretch = pattern.stretch(time);
                assert!(stretch.end > time && stretch.end - time <= 3600 * SECOND, "{zone} {time}");
                time = stretch.end;
            }
        }
    }
}
