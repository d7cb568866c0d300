//! The forms of the summary as readers see them.

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::config::Config;
use crate::error::Error;
use crate::log_id::LogId;
use crate::pace::{Gap, LeftOut};
use crate::shard::Shard;
use crate::status::RunFacts;
use crate::time::{SECOND, Time};

const START: Time = 1_793_491_200 * SECOND;

/// The status of a run of 500 s, and the instant of the summary.
fn status() -> (Status, Instant) {
    let started = Instant::now();
    let status = Status::new(RunFacts {
        output_directory: Some("/var/log/app".into()),
        version: "v2.0.0",
        started,
        ..RunFacts::new(
            &Config::default(),
            42,
            "2026-11-01T00:00:00.5Z".parse().unwrap(),
            Shard::WHOLE,
        )
    });
    (status, started + Duration::from_secs(500))
}

/// Compares with a golden file; with `UPDATE_GOLDEN` set it writes the file instead.
fn golden(name: &str, actual: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    assert_eq!(actual, std::fs::read_to_string(&path).unwrap(), "{}", path.display());
}

#[test]
fn the_summary_is_the_golden_file_in_either_form() {
    let (status, now) = status();
    status.wrote_stamps(START + SECOND / 2, START + 7 * SECOND + 1);
    status.wrote(LogId::ACCESS, 36_000, 9_000_000);
    status.wrote(LogId::ERROR, 700, 80_000);
    status.wrote_stamps(START + 7 * SECOND + 2, START + 3_600 * SECOND + 3);
    status.wrote(LogId::ACCESS, 1_200_000, 300_000_000);
    status.left_out(LeftOut { after_line: 7, lines: 12, gap: Gap { from: 0, until: 2 * SECOND } });
    status.reached("2026-11-01T01:00:00.25Z".parse().unwrap());
    status.rotated(Duration::from_micros(15));
    status.compressed();
    status.write_failed(&Error::new("write to", "access.log", "No space left on device"));
    let summary = Summary::new(&status, now);
    golden("summary.txt", &summary.print(Form::Text));
    golden("summary.json", &summary.print(Form::Json));
}

#[test]
fn a_run_without_a_line_has_no_stamps() {
    let (status, now) = status();
    let summary = Summary::new(&status, now);
    assert_eq!(summary.messages()[0], "In access.log: 0 lines, 0 bytes");
    let json = summary.print(Form::Json);
    assert!(json.contains(r#""first_line":null,"last_line":null"#));
    assert!(json.contains(r#""reached_rate":null"#));
    assert_eq!(summary.messages()[4], "Rate asked for: 10 lines/s; no time has passed in the log");
}

#[test]
fn a_rate_that_the_pattern_makes_another_is_explained() {
    let mut config = Config::default();
    config.output.rate = 5_000.0;
    config.traffic_pattern.days.iter_mut().for_each(|hours| hours[2..6].fill(0.1));
    let start = "2026-11-01T02:00:00Z".parse().unwrap();
    let status = Status::new(RunFacts::new(&config, 42, start, Shard::WHOLE));
    status.wrote(LogId::ACCESS, 2_525, 700_000);
    status.reached("2026-11-01T02:00:05Z".parse().unwrap());
    let summary = Summary::new(&status, Instant::now());
    assert_eq!((summary.asked_rate, summary.reached_rate), (500.0, Some(505.0)));
    assert_eq!(
        summary.messages()[4],
        "Rate asked for: 5,000 x 0.1 (traffic_patterns, 2-6 UTC) = 500 lines/s; reached: 505 \
         lines/s, over 5.0 s of simulated time"
    );
}

#[test]
fn a_run_has_ended_when_its_last_line_was_there_and_not_when_it_is_asked() {
    let (status, now) = status();
    assert_eq!(Summary::new(&status, now).seconds, 500.0);
    status.set_ended(now - Duration::from_secs(100));
    assert_eq!(Summary::new(&status, now).seconds, 400.0);
}

#[test]
fn what_has_the_same_name_as_in_health_means_the_same() {
    let (status, now) = status();
    status.wrote(LogId::ACCESS, 36_000, 9_000_000);
    status.wrote(LogId::ERROR, 700, 80_000);
    let health = serde_json::to_value(status.health(now, Timestamp::UNIX_EPOCH).1).unwrap();
    let summary = serde_json::to_value(Summary::new(&status, now)).unwrap();
    let (health, summary) = (health.as_object().unwrap(), summary.as_object().unwrap());
    let shared: Vec<_> = summary.keys().filter(|key| health.contains_key(*key)).collect();
    assert_eq!(shared.len(), 17, "{shared:?}");
    assert!(shared.iter().all(|key| health[*key] == summary[*key]));
}
