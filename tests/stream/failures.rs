//! What failures of a scenario do beside errors: in their window what was asked for, and nothing outside of it.

use std::collections::HashMap;

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::inside::stream::scenario::{EventMark, MarkEffects};
use access_log_generator::inside::stream::site::BodyKind;
use access_log_generator::inside::stream::timing::{Timings, patience};
use access_log_generator::{Config, Hit, Method, Outcome, SECOND, Stream};

use crate::START;
use crate::scenario::{during, hits, named};

const MILLISECOND: u64 = SECOND / 1_000;

/// How long the application takes with hits, as the lines show it.
fn timings(config: &Config, stream: &Stream) -> Timings {
    Timings::new(stream.site(), MarkEffects::new(config))
}

fn is_dynamic(stream: &Stream, hit: &Hit) -> bool {
    hit.method != Method::Unread && stream.site().urls().get(hit.url).body == BodyKind::Dynamic
}

#[test]
fn slow_answers_take_as_many_times_as_long_as_the_shape_says_and_no_others_do() {
    for (shape, strength) in [("step", (|_| 1.0) as fn(f64) -> f64), ("ramp", |gone| gone)] {
        let event = format!(
            "  - {{kind: slow_responses, at: +20m, for: 30m, factor: 9, shape: {shape}}}\n"
        );
        let (config, stream, found) = hits(&event, 60);
        let timings = timings(&config, &stream);
        let (mut factors, mut squares, mut expected, mut slowed) = (0.0, 0.0, 0.0, 0_u32);
        for hit in &found {
            let is_slow = named(&config, hit) == "slow_responses";
            let gone = (hit.time as f64 - START as f64) / (60 * SECOND) as f64;
            assert!(!is_slow || (20.0..50.0).contains(&gone), "{shape}: minute {gone}");
            let is_in_window = (20.0..50.0).contains(&gone) && is_dynamic(&stream, hit);
            if !is_in_window || hit.outcome.is_failure() || hit.outcome == Outcome::ClientClosed {
                continue;
            }
            // By the very hit: the same without its mark is what the answer would have taken.
            let usual = Hit { event: EventMark::NONE, ..*hit };
            let [takes, would] = [hit, &usual].map(|hit| timings.of(hit, 0).upstream as f64);
            // The sixty steps of a shape are even.
            let middle = (((gone - 20.0) / 30.0 * 60.0).floor() + 0.5) / 60.0;
            let asked = 1.0 + 8.0 * strength(middle);
            factors += takes / would;
            squares += (takes / would - asked).powi(2);
            expected += asked;
            slowed += u32::from(is_slow);
        }
        let sigma = squares.sqrt().max(1e-3 * expected / 4.0);
        assert!((factors - expected).abs() < 4.0 * sigma, "{shape}: {factors} {expected} {sigma}");
        assert!(slowed > 800, "{shape}: {slowed}");
        // Before the window, the log is that of a run without the event.
        let (_, _, usual) = hits("  []", 60);
        assert_eq!(during(&found, 0, 20), during(&usual, 0, 20));
    }
}

#[test]
fn what_would_take_longer_than_the_server_waits_is_answered_504_and_people_leave_before() {
    let event = "  - {kind: slow_responses, at: +10m, for: 40m, factor: 400, timeout: 20s}\n";
    let (config, stream, found) = hits(event, 60);
    let timings = timings(&config, &stream);
    let mut outcomes: HashMap<Outcome, usize> = HashMap::new();
    let (mut left, mut stayed) = (HashMap::new(), 0);
    for hit in &found {
        // Some regulars have the site open twice.
        let since = left.get(&hit.visitor).map(|left| hit.time - left);
        stayed += usize::from(since.is_some_and(|since| since < 5 * SECOND));
        if named(&config, hit) != "slow_responses" {
            assert!(!matches!(hit.outcome, Outcome::GatewayTimeout | Outcome::ClientClosed));
            continue;
        }
        *outcomes.entry(hit.outcome).or_default() += 1;
        let takes = timings.of(hit, 0).upstream;
        match hit.outcome {
            Outcome::GatewayTimeout => {
                assert!(takes.abs_diff(20 * SECOND) < 6 * MILLISECOND, "{takes}");
            }
            Outcome::ClientClosed => {
                assert!(matches!(hit.kind, ActorKind::Person | ActorKind::Hotlink));
                assert_eq!(takes, patience(hit.visitor));
                assert!(takes < 20 * SECOND);
            }
            _ => assert!(takes < 20 * SECOND + 6 * MILLISECOND, "{hit:?} {takes}"),
        }
        if hit.outcome == Outcome::ClientClosed {
            left.insert(hit.visitor, hit.time);
        }
    }
    let of = |outcome| outcomes.get(&outcome).copied().unwrap_or(0);
    assert!(stayed * 50 < left.len(), "{stayed} of {}", left.len());
    assert!(of(Outcome::GatewayTimeout) > 100, "{outcomes:?}");
    assert!(of(Outcome::ClientClosed) > 300, "{outcomes:?}");
    assert!(of(Outcome::Success) > 100, "{outcomes:?}");
}
