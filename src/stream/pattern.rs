//! The traffic pattern: which multiplier of the rate holds when. Hours are those of the log's time
//! zone, with its changes to and from daylight saving time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{SECOND, Time};

/// The multiplier at any time.
#[derive(Clone, Debug)]
pub struct Pattern {
    hours: [f64; 24],
    zone: TimeZone,
}

/// A time span with one multiplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The first instant behind it.
    pub end: Time,
    /// Finite, >= 0.
    pub multiplier: f64,
}

impl Pattern {
    /// The pattern of `hours` in `zone`.
    pub fn new(hours: [f64; 24], zone: TimeZone) -> Self {
        Self { hours, zone }
    }

    /// The multiplier of each hour.
    pub fn hours(&self) -> [f64; 24] {
        self.hours
    }

    /// The seconds since 1970 that the zone's clocks show at `time`.
    pub fn local_second(&self, time: Time) -> i64 {
        let now = instant(time);
        now.as_second() + i64::from(self.zone.to_offset(now).seconds())
    }

    /// The stretch that holds at `time`: to the next full hour of the zone's clocks, or to their
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

/// The second of a time.
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
