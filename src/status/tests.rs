//! The rules of /health and /ready, as their readers see them.

use std::path::PathBuf;

use super::*;
use crate::config::Config;
use crate::error::Error;
use crate::log_id::LogId;
use crate::pace::Gap;
use crate::shard::Shard;
use crate::time::SECOND;

const PRESENT: Timestamp = Timestamp::constant(1_793_494_800, 0);

fn status_at_rate(rate: f64) -> Status {
    let mut config = Config::default();
    config.output.rate = rate;
    let start = "2026-11-01T00:00:00Z".parse().unwrap();
    Status::new(RunFacts {
        output_directory: Some(PathBuf::from("/var/log/app")),
        version: "v2.0.0",
        ..RunFacts::new(&config, 42, start, Shard::WHOLE)
    })
}

/// `cannot write: ` and why.
fn failed(why: &str) -> Error {
    Error::new("write to", "access.log", why)
}

fn health_json(status: &Status) -> (u16, String) {
    let (code, health) =
        status.health(status.run().started + Duration::from_millis(3_600_999), PRESENT);
    (code, serde_json::to_string_pretty(&health).unwrap())
}

#[test]
fn the_guides_five_fields_come_first_and_then_the_rest() {
    let status = status_at_rate(10.0);
    status.wrote(LogId::ACCESS, 36_000, 9_000_000);
    status.wrote(LogId::ERROR, 700, 80_000);
    for millis in [1_500, 1_000] {
        let gap = Gap { from: SECOND, until: SECOND + millis * 1_000_000 };
        status.left_out(LeftOut { after_line: 7, lines: 12, gap });
    }
    status.reached("2026-11-01T01:00:00.25Z".parse().unwrap());
    status.rotated(Duration::from_micros(15));
    status.rotated(Duration::from_micros(15));
    status.rotated(Duration::from_millis(2));
    status.compressed();
    status.deleted(2);
    status.disk_free(5_000_000_000);
    let (code, json) = health_json(&status);
    assert_eq!(code, 200);
    assert_eq!(
        json,
        r#"{
  "status": "healthy",
  "uptime_seconds": 3600,
  "total_logs_generated": 36000,
  "output_directory": "/var/log/app",
  "rate": 10,
  "target_rate": 10,
  "multiplier": 1,
  "version": "v2.0.0",
  "seed": 42,
  "start": "2026-11-01T00:00:00Z",
  "epochs": 1,
  "shard": {
    "index": 0,
    "count": 1
  },
  "simulated_time": "2026-11-01T01:00:00.25Z",
  "bytes_written": 9080000,
  "error_lines": 700,
  "gaps": 2,
  "gap_lines": 24,
  "gap_seconds": 2.5,
  "write_errors": 0,
  "rotations": 3,
  "rotation_pause_seconds": {
    "p50": 0.000015,
    "p99": 0.002,
    "max": 0.002
  },
  "compressed_files": 1,
  "deleted_files": 2,
  "disk_free_bytes": 5000000000,
  "stopping": false
}"#
    );
}

#[test]
fn a_rate_prints_as_it_was_configured() {
    for (rate, printed) in [(10.0, "10"), (0.1, "0.1"), (1e6, "1000000"), (2.5, "2.5")] {
        let (_, json) = health_json(&status_at_rate(rate));
        assert!(json.contains(&format!("\"rate\": {printed},\n")), "{json}");
    }
}

#[test]
fn lines_that_do_not_reach_the_disk_make_it_unhealthy_until_they_do() {
    let status = status_at_rate(10.0);
    status.write_failed(&failed("No space left on device"));
    status.write_failed(&failed("Input/output error"));
    let (code, health) = status.health(Instant::now(), PRESENT);
    assert_eq!((code, health.status), (503, "unhealthy"));
    assert_eq!(health.reasons, ["cannot write to access.log: Input/output error"]);
    assert_eq!(health.write_errors, 2);

    status.wrote(LogId::ACCESS, 1, 200);
    let (code, health) = status.health(Instant::now(), PRESENT);
    assert_eq!((code, health.status), (200, "healthy"));
    assert_eq!((health.reasons.len(), health.write_errors), (0, 2));
}

#[test]
fn a_pause_is_no_write_error_and_lasts_until_it_is_over_whatever_is_written() {
    let status = status_at_rate(10.0);
    status.paused(Some("writing is paused".to_owned()));
    status.write_failed(&failed("no"));
    let (code, health) = status.health(Instant::now(), PRESENT);
    assert_eq!((code, health.write_errors), (503, 1));
    assert_eq!(health.reasons, ["writing is paused", "cannot write to access.log: no"]);
    // Lines that were under way when the pause began.
    status.wrote(LogId::ACCESS, 1, 200);
    let (code, health) = status.health(Instant::now(), PRESENT);
    assert_eq!((code, health.reasons), (503, vec!["writing is paused".to_owned()]));
    status.paused(None);
    assert_eq!(status.health(Instant::now(), PRESENT).0, 200);
}

#[test]
fn a_write_that_does_not_return_makes_it_unhealthy_until_it_does() {
    let status = status_at_rate(10.0);
    status.set_ready();
    let after = |seconds| Instant::now() + Duration::from_secs(seconds);
    status.write_begins();
    assert_eq!(status.health(after(4), PRESENT).0, 200);
    let (code, health) = status.health(after(12), PRESENT);
    assert_eq!(code, 503);
    assert!(health.reasons[0].starts_with("a write has not returned for 1"), "{health:?}");
    assert_eq!(status.ready(after(12)).0, 503);
    status.write_ends();
    assert_eq!((status.health(after(60), PRESENT).0, status.ready(after(60)).0), (200, 200));
}

#[test]
fn a_run_that_does_not_wait_for_the_clock_says_that_it_is_never_ready() {
    let run = status_at_rate(10.0).run().clone();
    let status = Status::new(RunFacts { waits: false, ..run });
    status.reached("2027-01-01T00:00:00Z".parse().unwrap());
    let (code, ready) = status.ready(Instant::now());
    let reason = "the run does not wait for the clock, and is never ready; it has reached 2027-01-01T00:00:00Z";
    assert_eq!((code, ready.reason.as_deref()), (503, Some(reason)));
}

#[test]
fn without_rotations_and_a_disk_watch_there_are_no_figures_of_them() {
    let (_, json) = health_json(&status_at_rate(10.0));
    assert!(json.contains("\"rotations\": 0,") && !json.contains("rotation_pause"), "{json}");
    assert!(json.contains("\"disk_free_bytes\": null"), "{json}");
}

#[test]
fn ready_is_said_between_the_opening_of_the_files_and_the_stop() {
    let status = status_at_rate(10.0);
    let ready = || {
        let (code, ready) = status.ready(Instant::now());
        (code, serde_json::to_string(&ready).unwrap())
    };
    let not_yet = |reason: &str| (503, format!(r#"{{"status":"not ready","reason":"{reason}"}}"#));

    assert_eq!(ready(), not_yet("the log files are not open yet"));
    status.reached("2026-10-31T06:00:00Z".parse().unwrap());
    assert_eq!(
        ready(),
        not_yet(
            "the lines before the present are being written; they have reached 2026-10-31T06:00:00Z"
        )
    );
    status.set_ready();
    assert_eq!(ready(), (200, r#"{"status":"ready"}"#.to_owned()));
    status.write_failed(&failed("no"));
    assert_eq!(ready(), not_yet("cannot write to access.log: no"));
    status.paused(Some("writing is paused".to_owned()));
    assert_eq!(ready(), not_yet("writing is paused; cannot write to access.log: no"));
    status.paused(None);
    status.trouble_is_over();
    assert_eq!(ready().0, 200);
    status.set_stopping();
    assert_eq!(ready(), not_yet("the run is ending"));
}

#[test]
fn threads_that_count_together_lose_nothing() {
    let status = status_at_rate(10.0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10_000).for_each(|_| status.wrote(LogId::ACCESS, 3, 7)));
        }
    });
    assert_eq!((status.lines(), status.bytes()), (120_000, 280_000));
}
