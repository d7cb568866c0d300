//! For every t: |lines(t) - integral of r| <= rate x burst_seconds + 1.

use access_log_generator::inside::config::Config;
use access_log_generator::{SECOND, Stream, Time};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

use crate::{START, config};

/// The integral of the target rate, walked along minute by minute: no change of clocks and no hour
/// of the pattern begins within a minute.
struct Target<'a> {
    config: &'a Config,
    minute: Time,
    filled: f64,
}

const MINUTE: Time = 60 * SECOND;

impl Target<'_> {
    fn rate(&self) -> f64 {
        let now = Timestamp::from_second((self.minute / SECOND) as i64).unwrap();
        let hour = now.to_zoned(self.config.output.timezone.clone()).hour();
        self.config.output.rate * self.config.traffic_pattern[hour as usize]
    }

    fn filled(&mut self, until: Time) -> f64 {
        while self.minute + MINUTE <= until {
            self.filled += self.rate() * 60.0;
            self.minute += MINUTE;
        }
        self.filled + self.rate() * (until - self.minute) as f64 / SECOND as f64
    }
}

/// The largest deviation of a simulated time span, and how many lines it had.
fn deviation(config: &Config, seed: u64, start: Time, span: Time) -> (f64, u64) {
    let mut stream = Stream::new(config, seed, start);
    deviation_of(config, start, span, || {
        let time = stream.next_time();
        stream.next_hit();
        time
    })
}

/// The same of lines whose times, in order, `next` tells.
pub fn deviation_of(
    config: &Config,
    start: Time,
    span: Time,
    mut next: impl FnMut() -> Time,
) -> (f64, u64) {
    let mut target = Target { config, minute: start / MINUTE * MINUTE, filled: 0.0 };
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

fn pattern() -> impl Strategy<Value = [f64; 24]> {
    prop_oneof![
        Just([1.0; 24]),
        prop::array::uniform24(0.0f64..2.0),
        prop::array::uniform24(prop_oneof![Just(0.0), Just(1.0), Just(0.01), Just(10.0)])
            .prop_filter("some traffic", |hours| hours.iter().any(|&hour| hour > 0.0)),
    ]
}

prop_compose! {
    pub fn configuration()(
        rate in rate(),
        burst_seconds in prop_oneof![Just(0.0), Just(2.0), 0.0f64..1.0, 0.0f64..60.0],
        traffic_pattern in pattern(),
        zone in prop::sample::select(vec!["UTC", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"]),
        think in (0.001f64..30.0, prop_oneof![Just(0.0), 0.0f64..60.0]),
        browse in (0.0f64..600.0, 0.0f64..600.0),
        ends in prop_oneof![Just(0.0), 0.0f64..1.0],
        products in 1u32..60,
    ) -> Config {
        config(|config| {
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
        let limit = config.output.rate * config.output.burst_seconds + 1.0;
        prop_assert!(worst <= limit, "{worst} lines off, {limit} allowed");
    }
}

#[test]
fn the_bound_holds_at_a_million_lines_per_second() {
    for burst_seconds in [0.0, 2.0] {
        let config = config(|config| {
            config.output.rate = 1e6;
            config.output.burst_seconds = burst_seconds;
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
        config.traffic_pattern = std::array::from_fn(|hour| if hour < 6 { 0.0 } else { 1.0 });
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
            config.output.burst_seconds = burst_seconds;
            config.traffic_pattern = std::array::from_fn(|hour| if hour == 3 { 24.0 } else { 0.0 });
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
