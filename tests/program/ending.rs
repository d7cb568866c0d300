//! A run with an end, ends: on a disk that stays full, and where the reader of its lines is gone.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use access_log_generator::inside::run_record::RunRecord;
use access_log_generator::inside::run_record::file::read;
use serde_json::Value;

use crate::binary;

/// A generator whose access.log leads to a device that is always full.
fn full(directory: &Path, output: &str) -> Command {
    fs::create_dir(directory.join("logs")).unwrap();
    symlink("/dev/full", directory.join("logs/access.log")).unwrap();
    let mut command = binary::generator(directory, output);
    command.args(["--seed", "7", "--summary", "json"]);
    command
}

fn record(directory: &Path) -> RunRecord {
    read(&directory.join("logs/run.json")).unwrap()
}

fn summary(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_live_run_gives_up_when_its_end_has_come_and_counts_what_is_missing() {
    let root = tempfile::tempdir().unwrap();
    let mut run = full(root.path(), "rate: 1000, burst_seconds: 0, health_check: {enabled: false}");
    let output = run.args(["--duration", "1s"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Giving up: "), "{said}");
    let record = record(root.path());
    assert!(record.ended && record.failure.is_some(), "{record:?}");
    let [gap] = &record.gaps[..] else { panic!("{:?}", record.gaps) };
    assert_eq!((record.lines, gap.after_line), (0, 0));
    assert!((900..=1_100).contains(&gap.lines), "{gap:?}");
    let summary = summary(&output);
    assert_eq!((&summary["gaps"], &summary["total_logs_generated"]), (&1.into(), &0.into()));
    assert_eq!(summary["gap_lines"], gap.lines);
}

#[test]
fn a_run_that_does_not_wait_gives_up_after_the_time_that_retry_says() {
    let root = tempfile::tempdir().unwrap();
    let mut run = full(root.path(), "rate: 1000");
    let arguments = ["--no-wait", "--from", "2026-03-01", "--lines", "30000", "--retry", "50ms"];
    let output = run.args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let record = record(root.path());
    assert_eq!((record.lines, record.ended, record.gaps[0].lines), (0, true, 30_000));
    assert_eq!(summary(&output)["gap_lines"], 30_000);
}

#[test]
fn a_live_run_whose_writing_is_paused_gives_up_when_its_end_has_come() {
    let root = tempfile::tempdir().unwrap();
    let paused = "rate: 1000, burst_seconds: 0, health_check: {enabled: false}, \
                  disk_monitor: {min_free_gb: 1000000}";
    let mut run = binary::generator(root.path(), paused);
    let output = run.args(["--duration", "1s", "--summary", "json"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("there has been no room for "), "{said}");
    let summary = summary(&output);
    let left_out = summary["gap_lines"].as_u64().unwrap();
    assert!((900..=1_100).contains(&left_out), "{left_out}");
    // The run ends where it was to end, and what it reached says so.
    let seconds = summary["simulated_seconds"].as_f64().unwrap();
    assert!((0.9..=1.1).contains(&seconds), "{seconds}");
    assert_eq!(summary["reached_rate"], 0.0);
}

#[test]
fn a_log_that_leads_to_standard_output_ends_the_run_when_its_reader_is_gone() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("logs")).unwrap();
    symlink("/dev/stdout", root.path().join("logs/access.log")).unwrap();
    let mut run = binary::generator(root.path(), "rate: 2000, health_check: {enabled: false}");
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The reader takes nothing, and goes.
    drop(run.stdout.take());
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("the program that read the lines has ended, and so does the run"),
        "{said}"
    );
}
