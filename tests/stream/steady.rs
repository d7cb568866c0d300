//! The steady start: from the first second the mix of hits is that of later minutes.

use access_log_generator::Outcome;
use access_log_generator::ReferrerKind;
use access_log_generator::inside::config::Config;
use access_log_generator::{Hit, Method, SECOND, Stream};

use crate::{START, config};

/// Shares of the hits of a minute: log-ins, entries from nowhere or elsewhere, log-outs, carts,
/// server errors, page views of those logged in.
fn mix(stream: &Stream, hits: &[Hit]) -> [f64; 6] {
    let site = stream.site();
    let count = |is: &dyn Fn(&Hit) -> bool| {
        hits.iter().filter(|hit| is(hit)).count() as f64 / hits.len() as f64
    };
    let outside = |hit: &Hit| !matches!(hit.referrer.kind(), ReferrerKind::Page(_));
    [
        count(&|hit| hit.url == site.login.url && hit.method == Method::Post),
        count(&|hit| outside(hit) && hit.method == Method::Get),
        count(&|hit| hit.url == site.logout.url && hit.method == Method::Post),
        count(&|hit| hit.url == site.cart.url),
        count(&|hit| hit.outcome == Outcome::ServerError),
        count(&|hit| hit.credentials.is_logged_in() && hit.method == Method::Get),
    ]
}

fn first_and_tenth_minute(config: &Config, seed: u64) -> ([f64; 6], [f64; 6]) {
    let mut stream = Stream::new(config, seed, START);
    let mut minutes = Vec::new();
    for minute in 1..=10 {
        let mut hits = Vec::new();
        stream.fill(START + minute * 60 * SECOND, usize::MAX, &mut hits);
        minutes.push(mix(&stream, &hits));
    }
    (minutes[0], minutes[9])
}

#[test]
fn the_mix_of_the_first_minute_is_within_15_percent_of_that_of_the_tenth() {
    for burst_seconds in [0.0, 2.0] {
        let config = config(|config| {
            config.output.rate = 2_000.0;
            config.output.burst_seconds = Some(burst_seconds);
        });
        let (first, tenth) = first_and_tenth_minute(&config, 21);
        for (first, tenth) in first.iter().zip(tenth) {
            assert!((first / tenth - 1.0).abs() < 0.15, "{first} is not about {tenth}");
        }
    }
}

#[test]
fn sessions_longer_than_the_first_minutes_are_met_half_way() {
    let config = config(|config| {
        config.output.rate = 500.0;
        config.session.min_browsing_duration = 600.0;
        config.session.max_browsing_duration = 3_600.0;
        config.session.max_page_view_interval = 60.0;
    });
    // Of a hundred hits, one begins a session. So a few too many or too few sessions under way make a large difference to how
    // many begin, and one seed tells little.
    let (mut first, mut tenth) = ([0.0; 6], [0.0; 6]);
    for seed in 0..64 {
        let minutes = first_and_tenth_minute(&config, seed);
        for what in 0..6 {
            first[what] += minutes.0[what];
            tenth[what] += minutes.1[what];
        }
    }
    for (what, (first, tenth)) in first.iter().zip(tenth).enumerate() {
        assert!((first / tenth - 1.0).abs() < 0.25, "{what}: {first} is not about {tenth}");
    }
}
