//! Events of the log itself: they spoil their share of the lines in their window, and no other byte of any log is different.

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::settings::scenario::{EventClass, KINDS};
use access_log_generator::{
    Config, Formatter, Hit, LogId, Logs, RenderedHits, SECOND, Shard, Stream, Time,
};

use crate::START;

const MINUTE: Time = 60 * SECOND;
/// From which minute to which the events are on.
const WINDOW: (u64, u64) = (10, 40);
const MINUTES: u64 = 50;

/// The kinds that spoil lines.
fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(|row| row.class == EventClass::Log).map(|row| row.name)
}

/// An event in the window.
fn event(kind: &str, keys: &str) -> String {
    let own = match kind {
        "clock_skew" if !keys.contains("offset") => ", offset: -90",
        _ => "",
    };
    format!("  - {{kind: {kind}, at: +10m, for: 30m{own}{keys}}}\n")
}

fn config(events: &str) -> Config {
    let further = "logs: [{file: whole.log, format: combined}, {file: truth.log, format: truth}]";
    let yaml = format!("profile: shop\noutput: {{rate: 20, {further}}}\nscenario:\n{events}");
    Config::from_yaml(&yaml).unwrap()
}

fn made(events: &str) -> (Config, Stream, Vec<Hit>) {
    let config = config(events);
    let mut stream = Stream::of_shard(&config, 5, START, Shard::WHOLE);
    let mut hits = Vec::new();
    stream.fill(START + MINUTES * MINUTE, usize::MAX, &mut hits);
    (config, stream, hits)
}

/// What the logs have of some hits.
fn rendered<'a>(
    config: &Config,
    stream: &Stream,
    batches: impl Iterator<Item = &'a [Hit]>,
) -> RenderedHits {
    let mut formatter = Formatter::new(Logs::new(config, stream.site()));
    let (mut all, mut rendered) = (RenderedHits::default(), RenderedHits::default());
    for (number, hits) in batches.enumerate() {
        rendered.clear();
        formatter.render(hits, &mut rendered);
        if number == 0 {
            all = rendered.clone();
            continue;
        }
        for (all, of_log) in all.logs.iter_mut().zip(&rendered.logs) {
            let left = all.bytes.len();
            all.bytes.open(left, of_log.bytes.len()).copy_from_slice(&of_log.bytes);
        }
    }
    all
}

/// What access.log has of each hit.
fn lines_of(config: &Config, stream: &Stream, hits: &[Hit]) -> Vec<Vec<u8>> {
    let mut formatter = Formatter::new(Logs::new(config, stream.site()));
    let mut rendered = RenderedHits::default();
    let line = |hit| {
        rendered.clear();
        formatter.render(std::slice::from_ref(hit), &mut rendered);
        rendered.bytes_of(LogId::ACCESS).to_vec()
    };
    hits.iter().map(line).collect()
}

fn is_in_window(hit: &Hit) -> bool {
    let minute = (hit.time - START) / MINUTE;
    (WINDOW.0..WINDOW.1).contains(&minute)
}

#[test]
fn each_kind_spoils_its_share_of_the_lines_in_its_window_and_none_outside() {
    let (_, _, usual) = made("  []");
    for kind in kinds() {
        for (share, shape) in [(0.2, "step"), (0.6, "ramp"), (1.0, "step")] {
            let length = if kind == "long_lines" { ", length: 8000" } else { "" };
            let keys = format!(", share: {share}, shape: {shape}{length}");
            let (_, _, hits) = made(&event(kind, &keys));
            assert_eq!(hits.len(), usual.len());
            let spoilt = hits.iter().filter(|hit| hit.spoilt_by() == Some(0));
            assert!(spoilt.clone().all(is_in_window), "{kind}");
            // A ramp goes in sixty even steps of half a minute.
            let chance = |hit: &Hit| {
                let step = (hit.time - START - WINDOW.0 * MINUTE) / (MINUTE / 2);
                if shape == "ramp" { share * (step as f64 + 0.5) / 60.0 } else { share }
            };
            let chances: Vec<f64> =
                hits.iter().filter(|hit| is_in_window(hit)).map(chance).collect();
            assert!(chances.len() > 10_000);
            let expected: f64 = chances.iter().sum();
            let sigma = chances.iter().map(|chance| chance * (1.0 - chance)).sum::<f64>().sqrt();
            let found = spoilt.count() as f64;
            assert!((found - expected).abs() <= 4.0 * sigma, "{kind}: {found}, {expected}");
        }
    }
}

#[test]
fn without_a_share_it_is_that_of_the_kind() {
    for kind in kinds() {
        let (_, _, hits) = made(&event(kind, ""));
        let share = match kind {
            "format_change" => 1.0,
            "clock_skew" => 0.25,
            _ => 0.01,
        };
        let all = hits.iter().filter(|hit| is_in_window(hit)).count() as f64;
        let found = hits.iter().filter(|hit| hit.spoilt_by().is_some()).count() as f64;
        let sigma = (all * share * (1.0 - share)).sqrt();
        assert!((found - all * share).abs() <= 4.0 * sigma, "{kind}: {found} of {all}");
    }
}

#[test]
fn lines_that_are_not_spoilt_and_all_other_logs_are_byte_for_byte_those_of_a_run_without() {
    let (usual_config, usual_stream, usual) = made("  []");
    let usual_lines = lines_of(&usual_config, &usual_stream, &usual);
    let whole = rendered(&usual_config, &usual_stream, std::iter::once(&usual[..]));
    for kind in kinds() {
        let (config, stream, hits) = made(&event(kind, ", share: 0.05"));
        let lines = lines_of(&config, &stream, &hits);
        let mut spoilt = 0;
        for ((line, usual), hit) in lines.iter().zip(&usual_lines).zip(&hits) {
            let is_spoilt = hit.spoilt_by().is_some();
            assert_eq!(line != usual, is_spoilt, "{kind}: {}", String::from_utf8_lossy(line));
            spoilt += usize::from(is_spoilt);
        }
        assert!(spoilt > 500, "{kind}: {spoilt}");
        let all = rendered(&config, &stream, std::iter::once(&hits[..]));
        for log in [LogId::ERROR, LogId::further(0)] {
            assert!(all.bytes_of(log) == whole.bytes_of(log), "{kind}");
        }
        assert!(all.bytes_of(LogId::ACCESS) == lines.concat(), "{kind}");
        assert_eq!(all.status_classes, whole.status_classes, "{kind}: a hit counts once");
    }
}

#[test]
fn the_bytes_are_the_same_wherever_batches_end_and_however_hits_are_taken() {
    let events: String = kinds().map(|kind| event(kind, ", share: 0.05")).collect();
    let (config, stream, hits) = made(&events);
    let whole = rendered(&config, &stream, std::iter::once(&hits[..]));
    for size in [1, 7, 64, 1_000, 4_096] {
        let again = rendered(&config, &stream, hits.chunks(size));
        for (one, other) in whole.logs.iter().zip(&again.logs) {
            assert!(*one.bytes == *other.bytes, "{size}");
        }
    }
    let mut single = Stream::of_shard(&config, 5, START, Shard::WHOLE);
    for hit in &hits[..10_000] {
        assert_eq!(single.next_hit(), *hit);
    }
    let mut later = Stream::of_shard(&config, 5, START, Shard::WHOLE);
    later.skip(Time::MAX, 9_000);
    let mut rest = Vec::new();
    later.fill(Time::MAX, 1_000, &mut rest);
    assert_eq!(rest, hits[9_000..10_000]);
}

#[test]
fn a_line_is_spoilt_by_the_first_event_that_strikes_it_and_by_one_alone() {
    let events = event("lines_torn", ", share: 0.5") + &event("nul_bytes", ", share: 0.5");
    let (_, _, hits) = made(&events);
    let count = |place| hits.iter().filter(|hit| hit.spoilt_by() == place).count() as f64;
    let all = hits.iter().filter(|hit| is_in_window(hit)).count() as f64;
    assert!((count(Some(0)) - 0.5 * all).abs() < 4.0 * (0.25 * all).sqrt());
    // Half of the rest: the two are independent.
    assert!((count(Some(1)) - 0.25 * all).abs() < 4.0 * (0.1875 * all).sqrt());
}

#[test]
fn a_line_of_an_attack_may_be_spoilt_and_still_names_its_attack() {
    let events = event("ddos", ", rate: 20") + &event("lines_torn", ", share: 0.1");
    let (config, stream, hits) = made(&events);
    let is_attack = |hit: &&Hit| hit.kind == ActorKind::Attacker;
    let (_, _, unspoilt) = made(&event("ddos", ", rate: 20"));
    let marks =
        |hits: &[Hit]| hits.iter().filter(is_attack).map(|hit| hit.event).collect::<Vec<_>>();
    assert_eq!(marks(&hits), marks(&unspoilt));
    let both = |hit: &&Hit| hit.event.0 != 0 && hit.spoilt_by() == Some(1);
    assert!(hits.iter().filter(both).count() > 1_000);
    let all = rendered(&config, &stream, std::iter::once(&hits[..]));
    let truth = String::from_utf8(all.bytes_of(LogId::further(1)).to_vec()).unwrap();
    for (line, hit) in truth.lines().zip(&hits) {
        assert_eq!(line.contains("\"event\":\"ddos\""), hit.event.0 != 0, "{line}");
        let is_torn = line.ends_with(",\"spoilt\":\"lines_torn\"}");
        assert_eq!(is_torn, hit.spoilt_by().is_some(), "{line}");
    }
}

/// The lines that an event has spoilt, with what they would be without it.
fn pairs(kind: &str, keys: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (config, stream, hits) = made(&event(kind, keys));
    let (usual_config, usual_stream, usual) = made("  []");
    let lines = lines_of(&config, &stream, &hits);
    let usual = lines_of(&usual_config, &usual_stream, &usual);
    let all = lines.into_iter().zip(usual).zip(&hits);
    all.filter(|(_, hit)| hit.spoilt_by().is_some()).map(|(pair, _)| pair).collect()
}

/// The second of a line's stamp, and the line without it.
fn stamp(line: &[u8]) -> (i64, String) {
    let text = String::from_utf8(line.to_vec()).unwrap();
    let (before, rest) = text.split_once('[').unwrap();
    let (stamp, behind) = rest.split_once(']').unwrap();
    let time = jiff::fmt::strtime::parse("%d/%b/%Y:%H:%M:%S %z", stamp).unwrap();
    (time.to_timestamp().unwrap().as_second(), format!("{before}[]{behind}"))
}

#[test]
fn a_line_is_dropped_doubled_or_torn_as_its_event_is_called() {
    assert!(pairs("lines_dropped", "").iter().all(|(line, _)| line.is_empty()));
    let doubled = pairs("lines_doubled", "");
    assert!(doubled.iter().all(|(line, usual)| *line == [&usual[..], usual].concat()));
    let torn = pairs("lines_torn", ", share: 0.2");
    let mut shares = 0.0;
    for (line, usual) in &torn {
        let (line, usual) = (line.strip_suffix(b"\n").unwrap(), usual.strip_suffix(b"\n").unwrap());
        assert!(!line.is_empty() && line.len() < usual.len() && usual.starts_with(line));
        shares += line.len() as f64 / usual.len() as f64;
    }
    // Anywhere: the mean of a uniform share is a half, with a sigma of 0.289.
    let count = torn.len() as f64;
    assert!((shares / count - 0.5).abs() < 4.0 * 0.289 / count.sqrt(), "{}", shares / count);
}

#[test]
fn the_times_of_lines_are_off_by_as_much_as_the_event_says_and_nothing_else_is() {
    for offset in [-90, 7_200] {
        for (line, usual) in pairs("clock_skew", &format!(", offset: {offset}")) {
            let ((shown, rest), (time, other)) = (stamp(&line), stamp(&usual));
            assert_eq!((shown - time, rest), (offset, other));
        }
    }
    let mut seen = [0; 4];
    for (line, usual) in pairs("lines_out_of_order", ", offset: 3, share: 0.3") {
        let ((shown, rest), (time, other)) = (stamp(&line), stamp(&usual));
        assert_eq!(rest, other);
        seen[(time - shown) as usize] += 1;
    }
    assert!(seen[0] == 0 && seen[1..].iter().all(|count| *count > 1_000), "{seen:?}");
}

#[test]
fn a_line_has_other_bytes_a_field_less_or_another_format_as_its_event_is_called() {
    for (line, _) in pairs("lines_in_latin1", "") {
        assert!(std::str::from_utf8(&line).is_err());
        assert_eq!(line.iter().filter(|byte| !byte.is_ascii()).count(), 1);
    }
    for (line, usual) in pairs("nul_bytes", "") {
        let nuls = line.iter().filter(|byte| **byte == 0).count();
        assert!(line.len() == usual.len() && nuls * 2 + 2 >= line.len(), "{nuls}");
    }
    assert!(pairs("long_lines", "").iter().all(|(line, _)| line.len() == 16_385));
    let long = pairs("long_lines", ", length: 1000000, share: 0.002");
    assert!(long.iter().all(|(line, _)| line.len() == 1_000_001));
    let words = |line: &[u8]| String::from_utf8(line.to_vec()).unwrap();
    for (line, usual) in pairs("field_missing", "") {
        let (line, usual) = (words(&line), words(&usual));
        let (before, status) = usual.split_once("\" ").unwrap();
        assert_eq!(line, format!("{before}\" {}", &status[4..]));
    }
    for (line, usual) in pairs("format_change", ", share: 0.3") {
        assert!(words(&usual).starts_with(words(&line).trim_end()));
        assert_eq!(line.iter().filter(|byte| **byte == b'"').count(), 2);
    }
    let json = pairs("format_change", ", format: json");
    assert!(json.iter().all(|(line, _)| line.starts_with(b"{\"time\":\"2026-01-01T")));
}
