use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

use super::*;
use RotationUnit::{Day, Hour, Midnight, Minute, Second, Weekday};

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

fn schedule(when: RotationUnit, interval: u32, zone_name: &str) -> Schedule {
    Schedule::new(RotationPeriod { when, interval }, zone(zone_name))
}

fn at(text: &str) -> Time {
    text.parse::<Timestamp>().unwrap().as_nanosecond() as Time
}

/// Every rotation instant after `from`, up to and including `to`.
fn instants(schedule: &Schedule, from: Time, to: Time) -> Vec<Time> {
    let next = |time: &Time| Some(schedule.end_of_period(*time));
    std::iter::successors(next(&from), next).take_while(|time| *time <= to).collect()
}

/// The same instants in the zone's local time, with the offset: `2026-11-01T01:00-04`.
fn shown(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
    instants(schedule, at(from), at(to))
        .into_iter()
        .map(|time| {
            assert_eq!(time % SECOND, 0);
            let zoned = timestamp((time / SECOND) as i64).to_zoned(schedule.zone.clone());
            zoned.strftime("%Y-%m-%dT%H:%M%:::z").to_string()
        })
        .collect()
}

#[test]
fn new_york_rotates_the_hour_that_comes_twice_twice() {
    let hourly = schedule(Hour, 1, "America/New_York");
    assert_eq!(
        shown(&hourly, "2026-10-31T23:30:00-04:00", "2026-11-01T03:00:00-05:00"),
        [
            "2026-11-01T00:00-04",
            "2026-11-01T01:00-04",
            "2026-11-01T01:00-05",
            "2026-11-01T02:00-05",
            "2026-11-01T03:00-05",
        ]
    );
}

#[test]
fn new_york_rotates_once_where_an_hour_is_left_out() {
    let hourly = schedule(Hour, 1, "America/New_York");
    assert_eq!(
        shown(&hourly, "2026-03-08T00:30:00-05:00", "2026-03-08T04:00:00-04:00"),
        ["2026-03-08T01:00-05", "2026-03-08T03:00-04", "2026-03-08T04:00-04"]
    );
}

#[test]
fn london_rotates_by_its_own_clocks() {
    let hourly = schedule(Hour, 1, "Europe/London");
    assert_eq!(
        shown(&hourly, "2026-03-28T23:30:00Z", "2026-03-29T03:00:00+01:00"),
        ["2026-03-29T00:00+00", "2026-03-29T02:00+01", "2026-03-29T03:00+01"]
    );
    assert_eq!(
        shown(&hourly, "2026-10-25T00:30:00+01:00", "2026-10-25T02:00:00Z"),
        ["2026-10-25T01:00+01", "2026-10-25T01:00+00", "2026-10-25T02:00+00"]
    );
}

#[test]
fn at_lord_howe_half_an_hour_comes_twice_or_not_at_all() {
    let hourly = schedule(Hour, 1, "Australia/Lord_Howe");
    // 02:00 goes back to 01:30, which is no full hour; 02:00 comes half an hour later.
    assert_eq!(
        shown(&hourly, "2026-04-05T00:30:00+11:00", "2026-04-05T03:00:00+10:30"),
        ["2026-04-05T01:00+11", "2026-04-05T02:00+10:30", "2026-04-05T03:00+10:30"]
    );
    // 02:00 jumps to 02:30.
    assert_eq!(
        shown(&hourly, "2026-10-04T00:30:00+10:30", "2026-10-04T04:00:00+11:00"),
        [
            "2026-10-04T01:00+10:30",
            "2026-10-04T02:30+11",
            "2026-10-04T03:00+11",
            "2026-10-04T04:00+11"
        ]
    );
    let half_hourly = schedule(Minute, 30, "Australia/Lord_Howe");
    assert_eq!(
        shown(&half_hourly, "2026-04-05T01:15:00+11:00", "2026-04-05T02:00:00+10:30"),
        ["2026-04-05T01:30+11", "2026-04-05T01:30+10:30", "2026-04-05T02:00+10:30"]
    );
}

/// The instants of a month by the day, and the length of the day of the change in minutes.
fn days_of_a_month(zone_name: &str, month: &str, change: &str) -> (Vec<String>, i64) {
    let daily = schedule(Day, 1, zone_name);
    assert_eq!(
        instants(
            &schedule(Midnight, 1, zone_name),
            at("2026-01-01T00:00:00Z"),
            at("2027-01-01T00:00:00Z")
        ),
        instants(&daily, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))
    );
    let midnight = |date: &str| {
        let zoned = format!("{date}T00:00:00[{zone_name}]").parse::<jiff::Zoned>().unwrap();
        zoned.timestamp().as_nanosecond() as Time
    };
    let first = midnight(&format!("2026-{month}-01"));
    let days = instants(&daily, first - SECOND, first + 31 * 86_400 * SECOND);
    let start = midnight(&format!("2026-{month}-{change}"));
    let length = (daily.end_of_period(start) - start) / SECOND / 60;
    let stamp = |time| {
        let zoned = timestamp((time / SECOND) as i64).to_zoned(zone(zone_name));
        zoned.strftime("%m%dT%H%M").to_string()
    };
    (days.into_iter().map(stamp).collect(), length as i64)
}

#[test]
fn a_day_of_any_length_rotates_once_at_its_own_midnight() {
    for (zone_name, month, change, minutes) in [
        ("America/New_York", "03", "08", 23 * 60),
        ("America/New_York", "11", "01", 25 * 60),
        ("Europe/London", "03", "29", 23 * 60),
        ("Europe/London", "10", "25", 25 * 60),
        ("Australia/Lord_Howe", "04", "05", 24 * 60 + 30),
        ("Australia/Lord_Howe", "10", "04", 23 * 60 + 30),
    ] {
        let (days, length) = days_of_a_month(zone_name, month, change);
        let expected: Vec<_> =
            (1..=days.len()).map(|day| format!("{month}{day:02}T0000")).collect();
        let in_month = if ["04", "11"].contains(&month) { 30 } else { 31 };
        assert_eq!(days[..in_month], expected[..in_month], "{zone_name} {month}");
        assert_eq!(length, minutes, "{zone_name} {month}-{change}");
    }
}

#[test]
fn a_week_begins_on_its_weekday() {
    assert_eq!(
        shown(
            &schedule(Weekday(6), 1, "America/New_York"),
            "2026-10-20T00:00:00Z",
            "2026-11-16T00:00:00Z"
        ),
        [
            "2026-10-25T00:00-04",
            "2026-11-01T00:00-04",
            "2026-11-08T00:00-05",
            "2026-11-15T00:00-05"
        ]
    );
    assert_eq!(
        shown(
            &schedule(Weekday(0), 2, "Europe/London"),
            "2026-03-01T00:00:00Z",
            "2026-04-14T00:00:00Z"
        ),
        [
            "2026-03-02T00:00+00",
            "2026-03-16T00:00+00",
            "2026-03-30T00:00+01",
            "2026-04-13T00:00+01"
        ]
    );
}

#[test]
fn the_first_periods_of_all_begin_where_they_are_counted_from() {
    let first = |when, interval| {
        shown(&schedule(when, interval, "UTC"), "1970-01-01T00:00:00Z", "1970-03-01T00:00:00Z")[0]
            .clone()
    };
    assert_eq!(first(Hour, 5), "1970-01-01T05:00+00");
    assert_eq!(first(Day, 3), "1970-01-04T00:00+00");
    let weekdays: Vec<_> = (0..7).map(|day| first(Weekday(day), 4)).collect();
    assert_eq!(
        weekdays,
        [
            "1970-01-05T00:00+00",
            "1970-01-06T00:00+00",
            "1970-01-07T00:00+00",
            "1970-01-29T00:00+00",
            "1970-01-02T00:00+00",
            "1970-01-03T00:00+00",
            "1970-01-04T00:00+00",
        ]
    );
}

#[test]
fn where_midnight_is_skipped_or_repeated_the_day_rotates_once() {
    let daily = |zone_name, from, to| shown(&schedule(Day, 1, zone_name), from, to);
    // At 00:00 to 01:00, and at 00:00 back to 23:00.
    assert_eq!(
        daily("America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-05T12:00:00Z"),
        ["2018-11-04T01:00-02", "2018-11-05T00:00-02"]
    );
    assert_eq!(
        daily("America/Sao_Paulo", "2018-02-17T12:00:00Z", "2018-02-19T12:00:00Z"),
        ["2018-02-18T00:00-03", "2018-02-19T00:00-03"]
    );
    // At 01:00 back to 00:00.
    assert_eq!(
        daily("America/Havana", "2023-11-04T12:00:00Z", "2023-11-06T12:00:00Z"),
        ["2023-11-05T00:00-04", "2023-11-06T00:00-05"]
    );
    // At 00:01 back to 23:01: the new day had begun.
    let st_johns = ["2006-10-29T00:00-02:30", "2006-10-30T00:00-03:30"];
    assert_eq!(daily("America/St_Johns", "2006-10-28T12:00:00Z", "2006-10-30T12:00:00Z"), st_johns);
    // Asked in the minutes of the old day that the clocks show after the new one had begun.
    assert_eq!(
        daily("America/St_Johns", "2006-10-29T02:40:00Z", "2006-10-30T12:00:00Z"),
        st_johns[1..]
    );
    // The 30th was left out, the boundary between two periods of two days.
    assert_eq!(
        shown(&schedule(Day, 2, "Pacific/Apia"), "2011-12-27T12:00:00Z", "2012-01-02T00:00:00Z"),
        ["2011-12-28T00:00-10", "2011-12-31T00:00+14", "2012-01-01T00:00+14"]
    );
}

#[test]
fn a_fraction_of_a_second_belongs_to_its_second() {
    let every_second = schedule(Second, 1, "UTC");
    assert_eq!(every_second.end_of_period(0), SECOND);
    assert_eq!(every_second.end_of_period(SECOND - 1), SECOND);
    assert_eq!(every_second.end_of_period(SECOND), 2 * SECOND);
}

#[test]
fn a_period_beyond_all_time_never_ends() {
    let longest = RotationPeriod { when: Weekday(6), interval: u32::MAX };
    for zone_name in ["UTC", "Europe/London"] {
        let schedule = Schedule::new(longest, zone(zone_name));
        // The first of them begins on the first Sunday.
        let first = schedule.end_of_period(SECOND);
        assert_eq!(first / SECOND / 86_400, if zone_name == "UTC" { 3 } else { 2 });
        assert_eq!(schedule.end_of_period(first), Time::MAX);
    }
    assert_eq!(schedule(Second, 1, "Europe/London").end_of_period(Time::MAX), Time::MAX);
}

/// What the clocks of a zone show, second by second, in their own seconds. `shown[0]` is one second
/// before `start`.
struct Clocks {
    start: i64,
    shown: Vec<i64>,
}

impl Clocks {
    fn watch(zone_name: &str, noon: &str, days: i64) -> Self {
        let zone = zone(zone_name);
        let start = noon.parse::<Timestamp>().unwrap().as_second();
        let show = |second| {
            let civil = zone.to_datetime(timestamp(second));
            civil.duration_since(jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_secs()
        };
        Self { start, shown: (start - 1..start + days * DAY).map(show).collect() }
    }

    /// The rotation instants by the wording of the rule, found by looking at every second.
    fn rotations(&self, length: i64, anchor: i64, once: bool) -> Vec<Time> {
        let period = |shown: i64| (shown - anchor).div_euclid(length);
        let mut furthest = self.shown[0];
        let mut instants = Vec::new();
        for (second, pair) in (self.start..).zip(self.shown.windows(2)) {
            let (before, now) = (if once { furthest } else { pair[0] }, pair[1]);
            let passes = period(now) > period(before);
            let lands = !once && now < before && (now - anchor) % length == 0;
            if passes || lands {
                instants.push(second as Time * SECOND);
            }
            furthest = furthest.max(now);
        }
        instants
    }
}

#[test]
fn the_instants_are_those_that_a_look_at_every_second_finds() {
    let week_from = [
        ("America/New_York", "2026-03-05T12:00:00Z"),
        ("America/New_York", "2026-10-29T12:00:00Z"),
        ("America/New_York", "2041-10-31T12:00:00Z"),
        ("Europe/London", "2026-03-26T12:00:00Z"),
        ("Europe/London", "2026-10-22T12:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-01T12:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-01T12:00:00Z"),
        ("America/Sao_Paulo", "2018-11-01T12:00:00Z"),
        ("America/Sao_Paulo", "2018-02-14T12:00:00Z"),
        ("America/Havana", "2023-11-02T12:00:00Z"),
        ("America/Havana", "2023-03-09T12:00:00Z"),
        ("America/St_Johns", "2006-10-26T12:00:00Z"),
        ("America/St_Johns", "2006-03-30T12:00:00Z"),
        ("Pacific/Apia", "2011-12-27T12:00:00Z"),
        ("Asia/Kathmandu", "1985-12-29T12:00:00Z"),
    ];
    let periods = [
        (Second, 7, 7),
        (Second, 13, 13),
        (Minute, 1, 60),
        (Minute, 45, 2_700),
        (Hour, 1, 3_600),
        (Hour, 2, 7_200),
        (Hour, 5, 18_000),
        (Hour, 24, DAY),
        (Day, 1, DAY),
        (Day, 2, 2 * DAY),
        (Weekday(6), 1, 7 * DAY),
        (Weekday(2), 1, 7 * DAY),
    ];
    for (zone_name, noon) in week_from {
        let days = 7;
        let clocks = Clocks::watch(zone_name, noon, days);
        for (when, interval, length) in periods {
            // 1970-01-04 was a Sunday, 1970-01-07 a Wednesday.
            let anchor = match when {
                Weekday(6) => 3 * DAY,
                Weekday(_) => 6 * DAY,
                _ => 0,
            };
            let once = matches!(when, Day | Weekday(_));
            let expected = clocks.rotations(length, anchor, once);
            let from = at(noon);
            let to = from + (days * DAY) as Time * SECOND - SECOND;
            let schedule = schedule(when, interval, zone_name);
            let found = instants(&schedule, from - 1, to);
            assert!(found == expected, "{zone_name} {noon} {when:?} {interval}: {found:?}");
        }
    }
}

proptest! {
    #[test]
    fn every_instant_of_a_period_has_the_same_end(
        zone_name in prop::sample::select(vec![
            "UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/St_Johns",
            "Pacific/Apia", "Africa/Casablanca",
        ]),
        when in prop::sample::select(vec![
            Second, Minute, Hour, Day, Midnight, Weekday(0), Weekday(3), Weekday(6),
        ]),
        interval in 1u32..100,
        time in 0..Time::MAX / 2,
        share in 0.0..1.0,
    ) {
        let schedule = schedule(when, interval, zone_name);
        let end = schedule.end_of_period(time);
        prop_assert!(end > time);
        let between = time + ((end - time - 1) as f64 * share) as Time;
        prop_assert_eq!(schedule.end_of_period(between.min(end - 1)), end);
        prop_assert_eq!(schedule.end_of_period(end - 1), end);
        prop_assert!(schedule.end_of_period(end) > end);
    }
}
