//! The totals that a run tells at its end are those of its files.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal};
use serde_json::{Value, json};

use crate::binary;

const HISTORY: [&str; 4] = ["--from", "2026-03-01T00:00:00Z", "--seed", "7"];

/// A generator that writes history.
fn generator(directory: &Path, output: &str) -> Command {
    let mut command = binary::generator(directory, output);
    command.args(HISTORY);
    command
}

/// All that is in the files of one log, the oldest first.
fn read_all(directory: &Path, log: &str) -> String {
    let entries = fs::read_dir(directory.join("logs")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with(log));
    // The active file has the shortest name; the names of the others have the time of their first
    // line and a number in them.
    files.sort_by_key(|path| (path.ends_with(log), path.clone()));
    files.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// `[01/Mar/2026:00:00:07 +0000]` as `2026-03-01T00:00:07Z`; all of these tests are in that month.
fn stamp(line: &str) -> String {
    let stamp = line.split(['[', ']']).nth(1).unwrap();
    let (day, time) = stamp.strip_suffix(" +0000").unwrap().split_once("/Mar/2026:").unwrap();
    format!("2026-03-{day}T{time}Z")
}

fn is_true_of_the_files(summary: &Value, directory: &Path) {
    let access = read_all(directory, "access.log");
    let error = read_all(directory, "error.log");
    assert_eq!(summary["total_logs_generated"], access.lines().count());
    assert_eq!(summary["access_bytes"], access.len());
    assert_eq!(summary["error_lines"], error.lines().count());
    assert_eq!(summary["error_bytes"], error.len());
    assert_eq!(summary["bytes_written"], access.len() + error.len());
    assert_eq!(summary["first_line"], stamp(access.lines().next().unwrap()));
    assert_eq!(summary["last_line"], stamp(access.lines().last().unwrap()));
    assert_eq!((&summary["seed"], &summary["start"]), (&json!(7), &json!("2026-03-01T00:00:00Z")));
}

#[test]
fn the_summary_as_json_is_alone_on_standard_output_and_true_of_all_files() {
    let root = tempfile::tempdir().unwrap();
    let rotation = "rate: 1000, log_rotation: \
                    {max_size_mb: 1, backup_count: 100, compress: false}";
    let mut run = generator(root.path(), rotation);
    let output = run.args(["--lines", "20000", "--summary", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["total_logs_generated"], 20_000);
    let rotated = fs::read_dir(root.path().join("logs"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().contains(".log-"));
    let rotated = rotated.count();
    assert!(rotated >= 4);
    assert_eq!(summary["rotations"], rotated);
    is_true_of_the_files(&summary, root.path());
}

#[test]
fn a_run_that_a_signal_stops_has_its_summary_too() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 100");
    run.args(["--duration", "36500d", "--no-wait", "--summary", "json"]);
    let process = run.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    while !fs::metadata(root.path().join("logs/error.log")).is_ok_and(|file| file.len() > 0) {
        std::thread::yield_now();
    }
    rustix::process::kill_process(Pid::from_child(&process), Signal::TERM).unwrap();
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    is_true_of_the_files(&serde_json::from_slice(&output.stdout).unwrap(), root.path());
}

#[test]
fn the_summary_as_text_is_what_the_last_messages_say() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 100");
    let output = run.args(["-q", "--lines", "1000", "--summary", "text"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let system = fs::read_to_string(root.path().join("logs/system.log")).unwrap();
    let messages: Vec<_> =
        system.lines().map(|line| line.split_once(" - INFO - ").unwrap().1).collect();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines, messages[messages.len() - 6..]);
    assert!(lines[0].starts_with("In access.log: 1,000 lines, "), "{text}");
}
