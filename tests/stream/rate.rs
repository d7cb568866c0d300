//! For every t: |lines(t) - integral of r| <= rate x burst_seconds + 1.

use access_log_generator::inside::config::{Config, Profile, TrafficCurve, TrafficPattern};
use access_log_generator::inside::stream::noise::HourNoise;
use access_log_generator::{SECOND, Shard, Stream, Time};
use jiff::tz::TimeZoneDatabase;
use jiff::{Timestamp, Zoned};
use proptest::prelude::*;

use crate::{START, config};

/// The integral of the target rate, walked along minute by minute: no change of clocks, no hour of the pattern and no
/// bend of its curve begins within a minute.
struct Target<'a> {
    config: &'a Config,
    noise: Option<HourNoise>,
    minute: Time,
    filled: f64,
    hour: Option<TargetHour>,
}

/// An hour of the clocks: its time and its multiplier at its beginning, in its middle, and at its end.
#[derive(Clone, Copy)]
struct TargetHour {
    span: (Time, Time),
    multipliers: [f64; 3],
}

const MINUTE: Time = 60 * SECOND;

impl<'a> Target<'a> {
    fn new(config: &'a Config, seed: u64, start: Time) -> Self {
        let noise = HourNoise::new(config.traffic_pattern.noise, seed);
        Self { config, noise, minute: start / MINUTE * MINUTE, filled: 0.0, hour: None }
    }

    /// The hour that the clocks show, and by how much they differ from UTC. Both together change with the multiplier.
    fn clocks(&self, time: Time) -> (i64, i32, Zoned) {
        let now = Timestamp::from_second((time / SECOND) as i64).unwrap();
        let now = now.to_zoned(self.config.output.timezone.clone());
        let offset = now.offset().seconds();
        ((now.timestamp().as_second() + i64::from(offset)).div_euclid(3600), offset, now)
    }

    fn mean(&self, time: Time) -> f64 {
        let (number, _, now) = self.clocks(time);
        let day = now.weekday().to_monday_zero_offset() as usize;
        let multiplier = self.config.traffic_pattern.days[day][now.hour() as usize];
        multiplier * self.noise.map_or(1.0, |noise| noise.factor(number))
    }

    /// The hour around a minute.
    fn hour(&mut self, minute: Time) -> TargetHour {
        if let Some(hour) = self.hour.filter(|hour| (hour.span.0..hour.span.1).contains(&minute)) {
            return hour;
        }
        let key = |time| (self.clocks(time).0, self.clocks(time).1);
        let alike = |time: &Time| key(*time) == key(minute);
        let start = (0..=60).map(|back| minute - back * MINUTE).take_while(alike).last().unwrap();
        let end = (1..).map(|on| minute + on * MINUTE).find(|time| !alike(time)).unwrap();
        let mean = self.mean(minute);
        let multipliers = match self.config.traffic_pattern.curve {
            TrafficCurve::Stepped => [mean; 3],
            TrafficCurve::Smooth => {
                let meet = |other: f64| f64::min((mean + other) / 2.0, 2.0 * mean.min(other));
                let (first, last) = (meet(self.mean(start - MINUTE)), meet(self.mean(end)));
                // The areas of the two trapeziums are those of the hour.
                [first, 2.0 * mean - (first + last) / 2.0, last]
            }
        };
        *self.hour.insert(TargetHour { span: (start, end), multipliers })
    }

    /// The mean rate of a minute's first `length`.
    fn rate(&mut self, length: Time) -> f64 {
        let TargetHour { span, multipliers: [first, middle, last] } = self.hour(self.minute);
        let centre = (self.minute - span.0) as f64 + length as f64 / 2.0;
        let at = centre / (span.1 - span.0) as f64 * 2.0;
        let multiplier = match at {
            ..1.0 => first + (middle - first) * at,
            _ => middle + (last - middle) * (at - 1.0),
        };
        self.config.output.rate * multiplier
    }

    fn filled(&mut self, until: Time) -> f64 {
        while self.minute + MINUTE <= until {
            self.filled += self.rate(MINUTE) * 60.0;
            self.minute += MINUTE;
        }
        let length = until - self.minute;
        self.filled + self.rate(length) * length as f64 / SECOND as f64
    }
}

/// The largest deviation of a simulated time span, and how many lines it had.
fn deviation(config: &Config, seed: u64, start: Time, span: Time) -> (f64, u64) {
    let mut stream = Stream::new(config, seed, start);
    deviation_of(config, seed, start, span, || {
        let time = stream.next_time();
        stream.next_hit();
        time
    })
}

/// The same of lines whose times, in order, `next` tells.
pub fn deviation_of(
    config: &Config,
    seed: u64,
    start: Time,
    span: Time,
    mut next: impl FnMut() -> Time,
) -> (f64, u64) {
    let mut target = Target::new(config, seed, start);
    let before = target.filled(start);
    let (mut worst, mut lines, mut last) = (0.0f64, 0u64, start);
    loop {
        let time = next();
        if time >= start + span {
            break;
        }
        assert!(time >= last, "time goes backwards");
        last = time;
        // The deviation is largest just before a line, or just after.
        let due = target.filled(time) - before;
        worst = worst.max((lines as f64 - due).abs());
        lines += 1;
        worst = worst.max((lines as f64 - due).abs());
    }
    let due = target.filled(start + span) - before;
    (worst.max((lines as f64 - due).abs()), lines)
}

/// Rates over four orders of magnitude, each as likely as the others.
fn rate() -> impl Strategy<Value = f64> {
    (-1.3f64..1.8).prop_map(|exponent| 10f64.powf(exponent))
}

fn pattern() -> impl Strategy<Value = TrafficPattern> {
    let week = |multiplier: BoxedStrategy<f64>| prop::collection::vec(multiplier, 7 * 24);
    let hours = prop_oneof![
        Just(vec![1.0; 7 * 24]),
        week((0.0f64..2.0).boxed()),
        week(prop_oneof![Just(0.0), Just(1.0), Just(0.01), Just(10.0)].boxed())
            .prop_filter("some traffic", |hours| hours[..24].iter().any(|&hour| hour > 0.0)),
    ];
    let curve = prop_oneof![Just(TrafficCurve::Stepped), Just(TrafficCurve::Smooth)];
    let noise = prop_oneof![3 => Just(0.0), 2 => 0.1f64..0.4, 1 => 0.0f64..=1.0];
    let parts = (hours, any::<bool>(), curve, noise);
    let pattern = parts.prop_map(|(hours, is_daily, curve, noise)| {
        let day = |day: usize| if is_daily { 0 } else { day };
        let hour = |of: usize, hour: usize| hours[24 * day(of) + hour];
        let days = std::array::from_fn(|of| std::array::from_fn(|at| hour(of, at)));
        TrafficPattern { days, curve, noise }
    });
    pattern.boxed()
}

prop_compose! {
    pub fn configuration()(
        rate in rate(),
        burst_seconds in prop_oneof![
            Just(None),
            Just(Some(0.0)),
            Just(Some(2.0)),
            (0.0f64..1.0).prop_map(Some),
            (0.0f64..60.0).prop_map(Some),
        ],
        traffic_pattern in pattern(),
        zone in prop::sample::select(vec!["UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"]),
        think in (0.001f64..30.0, prop_oneof![Just(0.0), 0.0f64..60.0]),
        browse in (0.0f64..600.0, 0.0f64..600.0),
        ends in prop_oneof![Just(0.0), 0.0f64..1.0],
        products in 1u32..60,
        profile in prop_oneof![
            4 => Just(None),
            1 => Just(Some(Profile::Shop)),
            1 => Just(Some(Profile::Api)),
        ],
    ) -> Config {
        config(|config| {
            config.profile = profile;
            if profile == Some(Profile::Api) {
                (config.actors.shares.apps, config.actors.shares.partners) = (0.6, 0.2);
            }
            config.output.rate = rate;
            config.output.burst_seconds = burst_seconds;
            config.output.timezone = TimeZoneDatabase::bundled().get(zone).unwrap();
            config.traffic_pattern = traffic_pattern;
            config.session.min_page_view_interval = think.0;
            config.session.max_page_view_interval = think.0 + think.1;
            config.session.min_browsing_duration = browse.0;
            config.session.max_browsing_duration = browse.0 + browse.1;
            // From sessions that never end to those that browse once.
            config.state_transitions.browsing.iter_mut().for_each(|(state, weight)| {
                *weight = if *state == access_log_generator::inside::config::State::Browsing { 1.0 } else { ends };
            });
            config.site.products = products;
            config.search_terms.truncate(3);
        })
    }
}

proptest! {
    // The number of cases can be raised by PROPTEST_CASES; `make check` runs 10,000.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(256),
        max_shrink_iters: 50,
        ..ProptestConfig::default()
    })]

    #[test]
    fn lines_never_leave_their_target_by_more_than_the_bucket(
        config in configuration(),
        seed in any::<u64>(),
        // Any time of a year, so that clocks change in some cases.
        start in 0u64..365 * 24 * 3600 * 1000,
    ) {
        let start = START + start * 1_000_000;
        let (worst, _) = deviation(&config, seed, start, 3600 * SECOND);
        let limit = config.output.rate * config.burst_seconds(Shard::WHOLE) + 1.0;
        prop_assert!(worst <= limit, "{worst} lines off, {limit} allowed");
    }
}

#[test]
fn the_bound_holds_at_a_million_lines_per_second() {
    for burst_seconds in [0.0, 2.0] {
        let config = config(|config| {
            config.output.rate = 1e6;
            config.output.burst_seconds = Some(burst_seconds);
        });
        let (worst, lines) = deviation(&config, 1, START, SECOND);
        assert!(worst <= 1e6 * burst_seconds + 1.0, "{worst}");
        assert!(lines.abs_diff(1_000_000) as f64 <= 1e6 * burst_seconds + 1.0, "{lines}");
    }
}

#[test]
fn a_rate_below_one_and_a_day_of_the_pattern_keep_to_the_line() {
    let config = config(|config| {
        config.output.rate = 0.1;
        let hours = std::array::from_fn(|hour| if hour < 6 { 0.0 } else { 1.0 });
        config.traffic_pattern = TrafficPattern::every_day(hours);
    });
    let (worst, lines) = deviation(&config, 3, START, 24 * 3600 * SECOND);
    assert!(worst <= 1.2, "{worst}");
    assert!(lines.abs_diff(6_480) <= 1, "{lines}");
}

#[test]
fn the_least_rate_keeps_to_the_line_up_to_the_last_instant_that_is_written() {
    /// The end of 2499 in seconds.
    const LAST: Time = 16_725_225_600 * SECOND;
    const YEAR: Time = 365 * 24 * 3600 * SECOND;
    // Burst holds nothing at such a rate, so that lines are 1/rate apart: 3.17 years.
    for burst_seconds in [0.0, 3_600.0] {
        let config = config(|config| {
            config.output.rate = 0.000_000_01;
            config.output.burst_seconds = Some(burst_seconds);
            let hours = std::array::from_fn(|hour| if hour == 3 { 24.0 } else { 0.0 });
            config.traffic_pattern = TrafficPattern::every_day(hours);
        });
        let mut stream = Stream::new(&config, 1, LAST - 16 * YEAR);
        let mut times = vec![LAST - 16 * YEAR];
        while stream.next_time() < LAST {
            times.push(stream.next_time());
            stream.next_hit();
        }
        assert_eq!(times.len(), 6, "{times:?}");
        let apart: Vec<Time> = times[1..].windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(apart.iter().all(|apart| (3 * YEAR..4 * YEAR).contains(apart)), "{apart:?}");
    }
}

#[test]
fn in_the_smooth_curve_a_second_has_about_the_lines_of_the_second_before() {
    let per_second = |curve| {
        let config = config(|config| {
            config.output.rate = 1_000.0;
            config.output.burst_seconds = Some(0.0);
            let hours = std::array::from_fn(|hour| if hour % 2 == 0 { 0.2 } else { 1.0 });
            config.traffic_pattern = TrafficPattern { curve, ..TrafficPattern::every_day(hours) };
        });
        let mut stream = Stream::new(&config, 3, START);
        (1..=7_200u64)
            .map(|second| stream.skip(START + second * SECOND - 1, u64::MAX))
            .collect::<Vec<_>>()
    };
    let steepest =
        |seconds: &[u64]| seconds.windows(2).map(|pair| pair[1].abs_diff(pair[0])).max().unwrap();
    let (stepped, smooth) = (per_second(TrafficCurve::Stepped), per_second(TrafficCurve::Smooth));
    assert!(steepest(&stepped) >= 799, "{}", steepest(&stepped));
    assert!(steepest(&smooth) <= 3, "{}", steepest(&smooth));
    // Each hour keeps its own mean.
    for hour in [0, 1] {
        let sum = |seconds: &[u64]| seconds[hour * 3_600..][..3_600].iter().sum::<u64>();
        assert!(sum(&stepped).abs_diff(sum(&smooth)) <= 1, "{hour}");
    }
}

#[test]
fn an_hour_has_its_noise_whenever_the_stream_begins_and_begins_anew() {
    const HOUR: Time = 3600 * SECOND;
    let config = config(|config| {
        config.output.rate = 10.0;
        config.output.burst_seconds = Some(0.0);
        config.traffic_pattern.days = [[1.0; 24]; 7];
        config.traffic_pattern.noise = 0.3;
    });
    // The lines of the hours 20 to 23.
    let hours = |mut stream: Stream| {
        stream.skip(START + 20 * HOUR - 1, u64::MAX);
        let ends = (21..=24).map(|hour| START + hour * HOUR - 1);
        ends.map(|end| stream.skip(end, u64::MAX)).collect::<Vec<_>>()
    };
    let from_midnight = hours(Stream::new(&config, 5, START));
    let later = hours(Stream::new(&config, 5, START + 19 * HOUR + 1_234_567));
    let mut anew = Stream::new(&config, 9, START);
    anew.begin_anew(&config, 5, START + 17 * HOUR, Shard::WHOLE);
    for other in [later, hours(anew)] {
        let differences = from_midnight.iter().zip(&other).map(|(one, other)| one.abs_diff(*other));
        assert!(differences.max() <= Some(1), "{from_midnight:?}, {other:?}");
    }
    // They are unequal, and another seed has others.
    let other = hours(Stream::new(&config, 6, START));
    for (index, lines) in from_midnight.iter().enumerate() {
        let others = from_midnight[index + 1..].iter().chain([&other[index]]);
        assert!(others.into_iter().all(|other| other.abs_diff(*lines) > 10), "{from_midnight:?}");
    }
}
