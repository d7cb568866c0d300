//! Patterns of all kinds, in zones whose clocks change.

use super::*;

fn at(text: &str) -> Time {
    text.parse::<Timestamp>().unwrap().as_nanosecond() as Time
}

fn zone(name: &str) -> TimeZone {
    jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
}

fn daily(hours: [f64; 24], zone: TimeZone) -> Pattern {
    Pattern::new(TrafficPattern::every_day(hours), zone, 7)
}

/// The pattern whose multiplier is the hour.
fn hours_in(name: &str) -> Pattern {
    daily(std::array::from_fn(|hour| hour as f64), zone(name))
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
    assert_eq!(stretch, Stretch { end: at("2026-04-04T15:00:00Z"), multiplier: 1.0, slope: 0.0 });
    let stretch = pattern.stretch(stretch.end);
    assert_eq!(stretch, Stretch { end: at("2026-04-04T15:30:00Z"), multiplier: 1.0, slope: 0.0 });
    let stretch = pattern.stretch(stretch.end);
    assert_eq!(stretch, Stretch { end: at("2026-04-04T16:30:00Z"), multiplier: 2.0, slope: 0.0 });
}

#[test]
fn the_hours_around_a_time_are_those_that_have_its_multiplier() {
    let mut hours = [0.2; 24];
    hours[2..6].fill(0.1);
    hours[6..21].fill(1.0);
    let pattern = daily(hours, TimeZone::UTC);
    let around = |hour: Time| pattern.hours_around((24 + hour) * 3600 * SECOND);
    assert_eq!([around(2), around(5)], [Some((2, 6)); 2]);
    assert_eq!([around(6), around(20)], [Some((6, 21)); 2]);
    assert_eq!([around(21), around(23), around(0), around(1)], [Some((21, 2)); 4]);
    assert_eq!(daily([0.5; 24], TimeZone::UTC).hours_around(0), None);
    hours[21..].fill(0.3);
    let pattern = daily(hours, TimeZone::UTC);
    assert_eq!(pattern.hours_around(23 * 3600 * SECOND), Some((21, 24)));
    assert_eq!(pattern.hours_around(0), Some((0, 2)));
    assert_eq!(hours_in("UTC").hours_around(0), Some((0, 1)));
}

/// Patterns of all kinds.
fn all_kinds(name: &str) -> Vec<Pattern> {
    let hours = std::array::from_fn(|hour| hour as f64 % 5.0);
    let daily = TrafficPattern::every_day(hours);
    let mut weekly = daily.clone();
    weekly.days[5..].fill([0.5; 24]);
    let smooth = |week| TrafficPattern { curve: TrafficCurve::Smooth, ..week };
    let noisy = |week| TrafficPattern { noise: 0.3, ..week };
    let kinds =
        [daily.clone(), weekly.clone(), smooth(daily.clone()), noisy(daily), smooth(noisy(weekly))];
    kinds.into_iter().map(|week| Pattern::new(week, zone(name), 7)).collect()
}

const ZONES: [&str; 4] = ["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

/// The integral over the stretches.
fn sum_of_stretches(pattern: &Pattern, from: Time, until: Time) -> f64 {
    let (mut sum, mut time) = (0.0, from);
    while time < until {
        let stretch = pattern.stretch(time);
        let end = stretch.end.min(until);
        let length = (end - time) as f64;
        sum += (stretch.multiplier + 0.5 * stretch.slope * length) * in_seconds(end - time);
        time = end;
    }
    sum
}

#[test]
fn the_sum_over_a_span_is_that_of_its_stretches_also_where_the_clocks_are_changed() {
    for pattern in ZONES.iter().flat_map(|name| all_kinds(name)) {
        let spans = [
            ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-03-08T06:59:59.5Z", "2026-03-08T07:00:00.25Z"),
            ("2026-10-31T23:17:03Z", "2026-11-01T09:44:01.001Z"),
            ("2026-04-04T14:40:00Z", "2026-04-04T15:20:00Z"),
            ("2026-04-04T14:30:00Z", "2026-04-04T14:30:00Z"),
        ];
        for (from, until) in spans.map(|(from, until)| (at(from), at(until))) {
            let expected = sum_of_stretches(&pattern, from, until);
            let sum = pattern.sum(from, until);
            assert!((sum - expected).abs() <= 1e-9 * expected, "{pattern:?}: {sum}, {expected}");
        }
    }
}

#[test]
fn an_hour_of_the_smooth_curve_has_its_multiplier_in_the_mean_and_no_step_at_its_ends() {
    for pattern in ZONES.iter().flat_map(|name| all_kinds(name)) {
        // Days with changes of the clocks among them.
        for day in ["2026-03-08T00:00:00Z", "2026-04-04T00:00:00Z", "2026-11-01T00:00:00Z"] {
            let mut time = at(day);
            time = pattern.hour(time).end;
            while time < at(day) + 48 * HOUR {
                let Stretch { end, multiplier, .. } = pattern.hour(time);
                let mean = sum_of_stretches(&pattern, time, end) / in_seconds(end - time);
                assert!((mean - multiplier).abs() < 1e-9, "{mean}, {multiplier}");
                let middle = pattern.stretch(time + (end - time) / 2).multiplier;
                let most = pattern.week.curve.highest() * multiplier;
                assert!((0.0..=most + 1e-9).contains(&middle), "{middle}, {multiplier}");
                if pattern.week.curve == TrafficCurve::Smooth {
                    let before = pattern.stretch(end - 1).multiplier;
                    let behind = pattern.stretch(end).multiplier;
                    assert!((before - behind).abs() < 1e-9, "{before}, {behind}");
                }
                time = end;
            }
        }
    }
}

#[test]
fn the_days_of_the_week_are_those_of_the_zones_clocks() {
    let mut week = TrafficPattern::every_day([1.0; 24]);
    week.days[5..].fill([0.5; 24]);
    let pattern = Pattern::new(week, zone("America/New_York"), 7);
    // 2026-01-03 is a Saturday, which begins at 5:00 UTC there.
    for (time, multiplier) in [
        ("2026-01-03T04:59:59Z", 1.0),
        ("2026-01-03T05:00:00Z", 0.5),
        ("2026-01-05T04:59:59Z", 0.5),
        ("2026-01-05T05:00:00Z", 1.0),
    ] {
        assert_eq!(pattern.stretch(at(time)).multiplier, multiplier, "{time}");
    }
    assert_eq!(pattern.day(at("2026-01-04T12:00:00Z")), [0.5; 24]);
    // The hours of the week: Saturday is 120 to 143.
    assert_eq!(pattern.hours_around(at("2026-01-03T05:00:00Z")), Some((120, 168)));
    assert_eq!(pattern.hours_around(at("2026-01-05T05:00:00Z")), Some((0, 120)));
}

#[test]
fn noise_is_a_factor_of_the_hour_that_the_seed_decides() {
    let noisy = |seed| {
        let week = TrafficPattern { noise: 0.3, ..TrafficPattern::every_day([2.0; 24]) };
        Pattern::new(week, zone("Europe/Berlin"), seed)
    };
    let time = at("2026-06-01T10:00:00Z");
    let hour = |seed, time| noisy(seed).hour(time).multiplier;
    assert_eq!(hour(7, time), hour(7, time + HOUR - 1));
    for (seed, time) in [(7, time + HOUR), (7, time - 24 * HOUR), (8, time)] {
        assert_ne!(hour(seed, time), hour(7, at("2026-06-01T10:00:00Z")));
    }
    let day = noisy(7).day(time);
    // The clocks in Berlin show 12.
    assert_eq!(day[12], hour(7, time));
    let factor =
        HourNoise::new(0.3, 7).unwrap().factor(at("2026-06-01T12:00:00Z") as i64 / HOUR as i64);
    assert_eq!(day[12], 2.0 * factor);
}

#[test]
fn stretches_follow_each_other_without_a_gap_for_a_year() {
    for pattern in ZONES.iter().flat_map(|name| all_kinds(name)) {
        let mut time = at("2026-01-01T00:00:00Z");
        while time < at("2027-01-01T00:00:00Z") {
            let stretch = pattern.stretch(time);
            assert!(stretch.end > time && stretch.end - time <= HOUR, "{pattern:?} {time}");
            time = stretch.end;
        }
    }
}
