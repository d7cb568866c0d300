//! The words for a rate, and the mean rate.

use super::*;
use crate::config::{TrafficCurve, TrafficPattern};

const HOUR: Time = 3600 * SECOND;

fn target(zone: &str, shard: Shard, hours: &[(std::ops::Range<usize>, f64)]) -> Target {
    let mut config = Config::default();
    config.output.rate = 5_000.0;
    config.output.timezone = jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap();
    for (hours, multiplier) in hours {
        let days = config.traffic_pattern.days.iter_mut();
        days.for_each(|day| day[hours.clone()].fill(*multiplier));
    }
    Target::new(config.into(), shard, 1, 0)
}

#[test]
fn the_words_say_how_the_rate_comes_about_and_only_what_there_is_to_say() {
    let night = [(2..6, 0.1)];
    let third = Shard::new(0, 3).unwrap();
    // 4:00 in UTC is 5:00 in Berlin in winter.
    let four = 20_424 * 24 * HOUR + 4 * HOUR;
    for (zone, shard, hours, words) in [
        ("UTC", Shard::WHOLE, &night[..], "5,000 x 0.1 (traffic_patterns, 2-6 UTC) = 500 lines/s"),
        (
            "Europe/Berlin",
            Shard::WHOLE,
            &[(4..6, 0.3), (0..4, 0.2)],
            "5,000 x 0.3 (traffic_patterns, 4-6 Europe/Berlin) = 1,500 lines/s",
        ),
        (
            "UTC",
            third,
            &night,
            "5,000 x 0.1 (traffic_patterns, 2-6 UTC) / 3 (shard 0/3) = 166.667 lines/s",
        ),
        ("UTC", Shard::WHOLE, &[], "5,000 lines/s"),
        ("UTC", third, &[], "5,000 / 3 (shard 0/3) = 1,666.67 lines/s"),
        (
            "UTC",
            Shard::WHOLE,
            &[(0..24, 2.5)],
            "5,000 x 2.5 (traffic_patterns, all day) = 12,500 lines/s",
        ),
        (
            "UTC",
            Shard::WHOLE,
            &[(0..24, 1.0), (6..7, 0.0)],
            "5,000 x 1 (traffic_patterns, 7-6 UTC) = 5,000 lines/s",
        ),
        ("UTC", Shard::WHOLE, &[(3..5, 0.0)], "5,000 x 0 (traffic_patterns, 3-5 UTC) = 0 lines/s"),
    ] {
        let target = target(zone, shard, hours);
        assert_eq!(target.in_force(four).to_string(), words);
        assert!((target.in_force(four).mean() - target.at(four)).abs() < 1e-9);
    }
}

#[test]
fn over_a_span_the_mean_is_that_of_its_time_and_the_words_name_the_bounds() {
    let target = target("UTC", Shard::WHOLE, &[(2..6, 0.1)]);
    let day = 20_424 * 24 * HOUR;
    let night = target.over(day + 2 * HOUR, day + 6 * HOUR);
    assert_eq!(night, target.in_force(day + 3 * HOUR));
    let half = target.over(day + HOUR, day + 3 * HOUR);
    assert!((half.mean() - 2_750.0).abs() < 1e-9);
    assert_eq!(
        half.to_string(),
        "5,000 x 0.1 to 1 (traffic_patterns, by the hour, UTC) = 500 to 5,000 lines/s, 2,750 in \
         the mean"
    );
    let year = target.over(day, day + 365 * 24 * HOUR);
    assert!((year.mean() - target.of_the_week().mean()).abs() < 1e-6);
    assert_eq!(target.over(day, day), target.in_force(day));
}

#[test]
fn a_figure_has_six_digits_and_no_idle_zero() {
    for (value, words) in [
        (0.0, "0"),
        (5_000.0 * 0.1, "500"),
        (3.0 * 0.1, "0.3"),
        (0.1, "0.1"),
        (1e6, "1,000,000"),
        (1_234_567.0, "1,234,567"),
        (1_234.5, "1,234.5"),
        (5_000.0 / 3.0, "1,666.67"),
        (0.000_001, "0.000001"),
        (1e-320, "1.00e-320"),
        (9_999_999.999_9, "10,000,000"),
    ] {
        assert_eq!(figure(value), words);
    }
}

#[test]
fn the_lines_of_a_span_are_the_sum_of_its_hours() {
    let mut config = Config::default();
    config.output.rate = 100.0;
    let hours = std::array::from_fn(|hour| if hour < 12 { 0.5 } else { 2.0 });
    config.traffic_pattern = TrafficPattern::every_day(hours);
    let target = Target::new(config.into(), Shard::WHOLE, 1, 0);
    let hour = 3_600 * SECOND;
    assert_eq!(target.lines(5 * hour, 5 * hour), 0);
    assert_eq!(target.lines(11 * hour, 13 * hour), 180_000 + 720_000);
    assert_eq!(target.lines(11 * hour + hour / 2, 12 * hour), 90_000);
    let day = 12 * 180_000 + 12 * 720_000;
    assert_eq!(target.lines(11 * hour, (24 * 365 + 13) * hour), 365 * day + 900_000);
}

#[test]
fn the_words_name_the_days_where_they_differ_and_what_else_the_rate_follows() {
    let mut config = Config::default();
    config.output.rate = 5_000.0;
    config.traffic_pattern = TrafficPattern::every_day([1.0; 24]);
    config.traffic_pattern.days[5][20..].fill(0.5);
    config.traffic_pattern.days[6] = [0.5; 24];
    // Day 20,424 after 1970-01-01 is a Tuesday.
    let tuesday = 20_424 * 24 * HOUR;
    let weekend = Target::new(config.clone().into(), Shard::WHOLE, 1, 0);
    for (hours, words) in [
        (0, "5,000 x 1 (traffic_patterns, mon 0 to sat 20 UTC) = 5,000 lines/s"),
        (5 * 24, "5,000 x 0.5 (traffic_patterns, sat 20 to sun 24 UTC) = 2,500 lines/s"),
    ] {
        assert_eq!(weekend.in_force(tuesday + hours * HOUR).to_string(), words);
    }
    let whole = "5,000 x 0.5 to 1 (traffic_patterns, by the hour of the week, UTC) = 2,500 to 5,000 lines/s, 4,583.33 \
                 in the mean";
    assert_eq!(weekend.of_the_week().to_string(), whole);
    assert_eq!(weekend.over(tuesday, tuesday + 7 * 24 * HOUR).to_string(), whole);
    config.traffic_pattern.days = [[1.0; 24]; 7];
    config.traffic_pattern.noise = 0.3;
    config.traffic_pattern.curve = TrafficCurve::Smooth;
    let noisy = Target::new(config.into(), Shard::WHOLE, 1, 0);
    let words = noisy.in_force(tuesday).to_string();
    assert!(words.contains(" (traffic_patterns, 0-1 UTC, smooth, with noise) = "), "{words}");
    assert_ne!(noisy.in_force(tuesday + HOUR).mean(), noisy.in_force(tuesday).mean());
    assert_ne!(noisy.of_epoch(2, 0).in_force(tuesday).mean(), noisy.in_force(tuesday).mean());
    let year = noisy.over(tuesday, tuesday + 365 * 24 * HOUR).mean();
    assert!((year / 5_000.0 - 1.0).abs() < 0.02, "{year}");
}
