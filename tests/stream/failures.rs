//! What failures of a scenario do beside errors: in their window what was asked for, and nothing outside of it.

use std::collections::HashMap;

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::inside::stream::scenario::{EventMark, MarkEffects};
use access_log_generator::inside::stream::site::BodyKind;
use access_log_generator::inside::stream::timing::{Timings, patience};
use access_log_generator::{
    Config, Formatter, Hit, Logs, Method, Outcome, RenderedHits, SECOND, Shard, Stream,
};

use crate::START;
use crate::scenario::{during, hits, hits_of, named};

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

/// The answers to which an event could happen in its window, and those to which it has; it must happen to no other.
fn struck<'a>(
    config: &Config,
    found: &'a [Hit],
    concerns: impl Fn(&Hit) -> bool,
) -> (usize, Vec<&'a Hit>) {
    let (before, window, behind) =
        (during(found, 0, 10), during(found, 10, 50), during(found, 50, 60));
    let is_struck = |hit: &&Hit| !named(config, hit).is_empty();
    assert_eq!(before.iter().chain(behind).filter(is_struck).count(), 0);
    let struck: Vec<&Hit> = window.iter().filter(is_struck).collect();
    assert!(struck.iter().all(|hit| concerns(hit)));
    (window.iter().filter(|hit| concerns(hit)).count(), struck)
}

fn assert_share(struck: usize, of: usize, share: f64) {
    let (struck, of) = (struck as f64, of as f64);
    let sigma = (of * share * (1.0 - share)).sqrt();
    assert!((struck - of * share).abs() <= 4.0 * sigma, "{struck} of {of}");
}

#[test]
fn on_a_full_disk_a_share_of_what_is_sent_is_refused_and_of_the_pages_cut_in_pieces() {
    let event = "  - {kind: disk_full, at: +10m, for: 40m, share: 0.6, status: 507}\n";
    let (config, stream, found) = hits(event, 60);
    let writes = |hit: &Hit| matches!(hit.method, Method::Post | Method::Put | Method::Patch);
    let is_read =
        |hit: &Hit| !writes(hit) && hit.outcome == Outcome::Success && is_dynamic(&stream, hit);
    let (_, all) = struck(&config, &found, |hit| writes(hit) || hit.outcome == Outcome::Success);
    let refused = all.iter().filter(|hit| writes(hit));
    assert!(refused.clone().all(|hit| hit.outcome == Outcome::InsufficientStorage));
    let sent = during(&found, 10, 50).iter().filter(|hit| writes(hit)).count();
    assert_share(refused.count(), sent, 0.6);
    let read = during(&found, 10, 50).iter().filter(|hit| is_read(hit)).count();
    assert_share(all.iter().filter(|hit| is_read(hit)).count(), read, 0.6);
    // The lines say how much was sent: whole pieces, and less than without the event.
    let sizes = |hits: &[Hit]| -> Vec<u64> {
        let logs = Logs::new(&config, stream.site());
        let mut lines = RenderedHits::default();
        Formatter::new(logs).render(hits, &mut lines);
        let text = String::from_utf8(lines.logs[0].bytes.to_vec()).unwrap();
        let size = |line: &str| line.split("\" ").nth(1)?.split(' ').nth(1)?.parse().ok();
        text.lines().map(|line| size(line).unwrap_or(0)).collect()
    };
    let cut: Vec<Hit> = all.iter().filter(|hit| is_read(hit)).map(|hit| **hit).collect();
    let whole: Vec<Hit> = cut.iter().map(|hit| Hit { event: EventMark::NONE, ..*hit }).collect();
    let (cut, whole) = (sizes(&cut), sizes(&whole));
    assert!(cut.iter().all(|size| size % 4_096 == 0));
    assert!(cut.iter().zip(&whole).all(|(cut, whole)| cut < whole || *whole == 0));
    assert!(cut.iter().filter(|size| **size > 0).count() > 50, "{cut:?}");
}

#[test]
fn an_event_for_some_visitors_strikes_them_always_and_the_others_never() {
    let event = "  - {kind: server_errors, at: +10m, for: 40m, share: 1, visitors: 0.3}\n";
    let (config, stream, found) = hits(event, 60);
    let mut visitors: HashMap<u64, bool> = HashMap::new();
    for hit in during(&found, 10, 50).iter().filter(|hit| is_dynamic(&stream, hit)) {
        let is_struck = named(&config, hit) == "server_errors";
        assert_eq!(*visitors.entry(hit.visitor).or_insert(is_struck), is_struck, "{hit:?}");
    }
    let concerned = visitors.values().filter(|is_struck| **is_struck).count();
    assert!(visitors.len() > 1_000);
    assert_share(concerned, visitors.len(), 0.3);
}

#[test]
fn an_event_of_one_server_of_the_application_strikes_its_answers_and_no_others() {
    let format = "output: {rate: 20, format: '$status $upstream_addr'}";
    for status in ["500", "502", "504"] {
        let event = format!(
            "{{kind: server_errors, at: +10m, for: 40m, share: 1, upstream: 2, status: {status}}}"
        );
        let yaml = format!(
            "profile: shop\n{format}\nfailures: {{spells_per_day: 0, deploys_per_week: 0}}\nscenario: [{event}]"
        );
        let (config, stream, found) = hits_of(&yaml, Shard::WHOLE, 60);
        let mut lines = RenderedHits::default();
        Formatter::new(Logs::new(&config, stream.site())).render(&found, &mut lines);
        let text = String::from_utf8(lines.logs[0].bytes.to_vec()).unwrap();
        let (mut of_second, mut all) = (0, 0);
        for (hit, line) in found.iter().zip(text.lines()) {
            let gone = (hit.time - START) / (60 * SECOND);
            let is_struck = !named(&config, hit).is_empty();
            if (10..50).contains(&gone) {
                // Nothing else comes from the server that is down, be it a page or a file.
                assert_eq!(is_struck, line.ends_with("10.0.1.12:8080"), "{line}");
                assert!(!is_struck || line.starts_with(status), "{line}");
                of_second += usize::from(is_struck);
                all += usize::from(hit.method != Method::Unread);
            } else {
                assert!(!is_struck, "{line}");
            }
        }
        assert_share(of_second, all, 1.0 / 3.0);
    }
}
