//! Events that move how many lines there are, and whose: in their window by what was asked for, and not outside of it.

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::inside::stream::site::BodyKind;
use access_log_generator::{Config, Hit, Method, Outcome, SECOND, Shard, Stream};

use crate::scenario::{during, hits, named};

/// The lines of a run of 80 minutes with an event from minute 30 to minute 50, and of the same run without it.
fn with_and_without(event: &str) -> (Config, Stream, Vec<Hit>, Vec<Hit>) {
    let (config, stream, found) = hits(&format!("  - {{{event}, at: +30m, for: 20m}}\n"), 80);
    (config, stream, found, hits("  []", 80).2)
}

/// At any minute, the lines are those of the integral of the rate, times `factor` in the window, but for half of the burst.
fn assert_rate(config: &Config, found: &[Hit], factor: f64) {
    let burst = config.burst_seconds(Shard::WHOLE) * 20.0;
    for minute in 0..80_u64 {
        let within = (minute.clamp(30, 50) - 30) as f64;
        let expected = 1_200.0 * (minute as f64 + within * (factor - 1.0));
        let lines = during(found, 0, minute).len() as f64;
        assert!((lines - expected).abs() <= (burst + 1.0) / 2.0, "{minute}: {lines} {expected}");
    }
}

fn share(config: &Config, is: impl Fn(ActorKind) -> bool) -> f64 {
    let shares = config.actors.shares.weights();
    let of = ActorKind::USUAL.into_iter().zip(shares).filter(|(kind, _)| is(*kind));
    of.map(|(_, share)| share).sum::<f64>() / shares.iter().sum::<f64>()
}

/// Lines come in visits of some 20, so their number varies as if each counted so many times.
fn sigma(lines: f64) -> f64 {
    (lines * 20.0).sqrt()
}

#[test]
fn a_wave_multiplies_the_lines_of_crawlers_and_no_others() {
    let (config, _, found, usual) = with_and_without("kind: bot_wave, multiplier: 8");
    let is_crawler = |kind| ActorKind::CRAWLERS.contains(&kind);
    let crawlers = share(&config, is_crawler);
    assert!(crawlers > 0.05, "{crawlers}");
    assert_rate(&config, &found, 1.0 + 7.0 * crawlers);
    let is_of_wave = |hit: &&Hit| named(&config, hit) == "bot_wave";
    assert_eq!(
        found.iter().filter(is_of_wave).count(),
        during(&found, 30, 50).iter().filter(is_of_wave).count()
    );
    let window = during(&found, 30, 50);
    assert!(window.iter().filter(is_of_wave).all(|hit| is_crawler(hit.kind)));
    let of_wave = window.iter().filter(is_of_wave).count() as f64;
    let expected = 24_000.0 * 7.0 * crawlers;
    assert!((of_wave - expected).abs() < 4.0 * sigma(expected), "{of_wave} {expected}");
    let people = |hits: &[Hit]| {
        during(hits, 30, 50).iter().filter(|hit| hit.kind == ActorKind::Person).count() as f64
    };
    let (with, without) = (people(&found), people(&usual));
    assert!((with - without).abs() < 4.0 * sigma(with + without), "{with} {without}");
    assert_eq!(during(&found, 0, 30), during(&usual, 0, 30));
}

#[test]
fn without_a_certificate_a_share_of_those_who_check_it_stays_away_and_the_others_come() {
    for (gone, bound) in [(0.9, 0.9), (1.0, 1.0)] {
        let event = format!("kind: certificate_expired, share: {gone}");
        let (config, _, found, usual) = with_and_without(&event);
        let strict = share(&config, ActorKind::checks_certificates);
        assert_rate(&config, &found, 1.0 - bound * strict);
        let count = |hits: &[Hit], is_strict: bool| {
            let is = |hit: &&Hit| hit.kind.checks_certificates() == is_strict;
            during(hits, 30, 50).iter().filter(is).count() as f64
        };
        let (with, without) = (count(&found, true), count(&usual, true));
        let expected = without * (1.0 - gone);
        assert!((with - expected).abs() <= 4.0 * sigma(expected) + 5.0, "{with} {expected}");
        let (with, without) = (count(&found, false), count(&usual, false));
        assert!((with - without).abs() < 4.0 * sigma(with + without), "{with} {without}");
        // They are there before, and back when it is renewed.
        for (from, until) in [(0, 30), (50, 80)] {
            let strict = |hits: &[Hit]| {
                let is = |hit: &&Hit| hit.kind.checks_certificates();
                during(hits, from, until).iter().filter(is).count() as f64
            };
            let (with, without) = (strict(&found), strict(&usual));
            assert!((with - without).abs() < 4.0 * sigma(with + without), "{with} {without}");
        }
    }
}

#[test]
fn in_a_storm_what_fails_is_asked_for_again_at_once_and_the_lines_grow_by_that() {
    let event = "kind: retry_storm, multiplier: 3, share: 0.5, status: 503";
    let (config, stream, found, usual) = with_and_without(event);
    assert_rate(&config, &found, 3.0);
    let is_of_storm = |hit: &&Hit| named(&config, hit) == "retry_storm";
    let storm: Vec<&Hit> = found.iter().filter(is_of_storm).collect();
    assert_eq!(storm.len(), during(&found, 30, 50).iter().filter(is_of_storm).count());
    assert!(storm.iter().all(|hit| hit.outcome == Outcome::Unavailable));
    // What fails first is the share of what the application is asked for; all others of the storm are asked for again.
    let is_askable = |hit: &&Hit| {
        let is_read = matches!(hit.method, Method::Get | Method::Head | Method::Options);
        let is_dynamic = stream.site().urls().get(hit.url).body == BodyKind::Dynamic;
        matches!(hit.kind, ActorKind::Person | ActorKind::App | ActorKind::Partner)
            && (!is_read || is_dynamic)
    };
    let first = during(&usual, 30, 50).iter().filter(is_askable).count() as f64 * 0.5;
    let expected = first + 48_000.0;
    // Each that fails is asked for again by a geometric law, whose variance is its square.
    let sigma = (2.0 * first).sqrt() * (48_000.0 / first + 1.0);
    let lines = storm.len() as f64;
    assert!((lines - expected).abs() < 4.0 * sigma, "{lines} {expected} {sigma}");
    let mut last = std::collections::HashMap::new();
    let (mut soon, mut again) = (0, 0);
    for hit in &storm {
        if let Some((url, time)) = last.insert(hit.visitor, (hit.url, hit.time))
            && url == hit.url
        {
            again += 1;
            soon += usize::from(hit.time - time < 3 * SECOND);
        }
    }
    assert!(again * 10 > storm.len() * 9 && soon * 10 > again * 9, "{soon} {again} {lines}");
    assert_eq!(during(&found, 0, 30), during(&usual, 0, 30));
}
