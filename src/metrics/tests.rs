//! The metrics as a scraper sees them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::kind::MetricKind;
use super::metric::{Metric, PREFIX};
use super::*;
use crate::config::Config;
use crate::error::Error;
use crate::log_id::LogId;
use crate::pace::{Gap, LeftOut};
use crate::shard::Shard;
use crate::status::{Queue, RunFacts};
use crate::time::SECOND;

const PRESENT: Time = 1_793_491_200 * SECOND;

fn status() -> Status {
    let run = RunFacts::new(
        &Config::default(),
        42,
        crate::time::timestamp(PRESENT),
        Shard::new(1, 4).unwrap(),
    );
    Status::new(run)
}

fn scrape(status: &Status) -> String {
    exposition(status, status.run().started + Duration::from_secs(10), PRESENT + 3 * SECOND)
}

#[test]
fn each_metric_has_a_name_of_its_own_and_says_what_it_is() {
    let names: BTreeSet<_> = METRICS.iter().map(Metric::full_name).collect();
    assert_eq!(names.len(), METRICS.len());
    for metric in METRICS {
        let Metric { name, kind, help, .. } = metric;
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
        assert_eq!(name.ends_with("_total"), *kind == MetricKind::Counter, "{name}");
        assert!(help.ends_with('.') && help.len() > 10, "{name}");
    }
}

#[test]
fn each_log_has_series_of_its_own() {
    let yaml = "output: {logs: [{file: slow.log, slower_than: 1s}]}";
    let config = Config::from_yaml(yaml).unwrap();
    let start = crate::time::timestamp(PRESENT);
    let status = Status::new(RunFacts::new(&config, 42, start, Shard::WHOLE));
    status.wrote(LogId::further(0), 5, 600);
    status.wrote(LogId::ACCESS, 70, 9_000);
    let text = scrape(&status);
    for series in [
        "lines_written_total{log=\"slow\"} 5\n",
        "bytes_written_total{log=\"slow\"} 600\n",
        "lines_written_total{log=\"access\"} 70\n",
    ] {
        assert!(text.contains(series), "{series}: {text}");
    }
    let now = status.run().started;
    let health = serde_json::to_value(status.health(now, start).1).unwrap();
    let slow = serde_json::json!({"slow": {"lines": 5, "bytes": 600}});
    assert_eq!((&health["further_logs"], &health["bytes_written"]), (&slow, &9_600.into()));
    let view = serde_json::to_value(status.view(now, start)).unwrap();
    assert_eq!(view["lines"]["further"]["slow"], 5);
}

#[test]
fn a_scrape_has_each_series_once_each_behind_its_help_and_type() {
    let text = scrape(&status());
    let mut seen = BTreeSet::new();
    let mut helped = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            helped = rest.split(' ').next().unwrap().to_owned();
        } else if !line.starts_with('#') {
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert!(series.starts_with(&helped), "{line}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
            assert!(seen.insert(series.to_owned()), "{line} is there twice");
        }
    }
    assert!(seen.len() > 60, "{}", seen.len());
}

#[test]
fn the_values_are_those_of_the_run() {
    let status = status();
    status.wrote(LogId::ACCESS, 70, 14_000);
    status.wrote_status_classes(&[0, 60, 4, 5, 1]);
    status.wrote(LogId::ERROR, 6, 600);
    status.wrote(LogId::SYSTEM, 2, 90);
    status.left_out(LeftOut {
        after_line: 7,
        lines: 12,
        gap: Gap { from: PRESENT, until: PRESENT + 2 * SECOND },
    });
    status.write_failed(&Error::new("write to", "access.log", "why"));
    status.rotated(Duration::from_millis(3));
    status.compressed();
    status.deleted(2);
    status.disk_free(5_000);
    status.reached(crate::time::timestamp(PRESENT + SECOND));
    status.engine().scheduled(70, PRESENT + SECOND, 61);
    status.engine().waiting(Queue::Lines, 3);
    status.engine().set_capacity(Queue::Lines, 4);
    let text = scrape(&status);
    for line in [
        "configured_lines_per_second 2.5",
        "target_lines_per_second 2.5",
        "achieved_lines_per_second 7",
        "lines_written_total{log=\"access\"} 70",
        "lines_written_total{log=\"error\"} 6",
        "bytes_written_total{log=\"system\"} 90",
        "hits_total{status_class=\"2xx\"} 60",
        "hits_total{status_class=\"5xx\"} 1",
        "lag_seconds 2",
        "gaps_total 1",
        "gap_lines_total 12",
        "gap_seconds_total 2",
        "live_sessions 61",
        "queue_batches{queue=\"lines\"} 3",
        "queue_capacity_batches{queue=\"lines\"} 4",
        "rotation_pause_seconds_bucket{le=\"0.005\"} 1",
        "rotations_total 1",
        "compressed_files_total 1",
        "deleted_files_total 2",
        "write_errors_total{kind=\"other\"} 1",
        "disk_free_bytes 5000",
        "healthy 0",
        "ready 0",
        "simulated_time_seconds 1793491201",
        "shard_index 1",
        "shards 4",
    ] {
        assert!(text.contains(&format!("\n{PREFIX}{line}\n")), "{line} in {text}");
    }
}

#[test]
fn what_is_not_known_is_not_told() {
    let text = scrape(&status());
    assert!(!text.contains("disk_free_bytes") && !text.contains("simulated_time"), "{text}");
}
