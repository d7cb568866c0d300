//! `--repeat`: a run again, from what it left behind.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use access_log_generator::inside::run_record::file::read;
use rustix::process::{Pid, Signal, kill_process};

use crate::binary::generator;

/// The files of a log in `directory`, by name, with their bytes.
fn files(directory: &Path, log: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).unwrap().map(Result::unwrap);
    let mut files: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name.starts_with(log))
        .collect();
    files.sort();
    files
}

/// The run in `directory`/logs again, in `directory`/again, in an environment that asks for something else.
fn repeat(directory: &Path) -> Command {
    let mut command = generator(directory, "rate: 3, timezone: Asia/Tokyo");
    command
        .args(["--quiet", "--repeat", "logs/run.json", "--log-dir-override", "again"])
        .env("RATE_OVERRIDE", "9")
        .env("SHARD", "3/4");
    command
}

fn assert_repeated(directory: &Path) {
    assert!(repeat(directory).status().unwrap().success());
    for log in ["access.log", "error.log"] {
        let written = files(&directory.join("logs"), log);
        assert!(!written.is_empty());
        assert!(written == files(&directory.join("again"), log), "{log}");
    }
}

fn signal(run: &Child, signal: Signal) {
    kill_process(Pid::from_child(run), signal).unwrap();
}

/// Waits until `done`.
fn wait_until(mut done: impl FnMut() -> bool) {
    for _ in 0..1_000 {
        if done() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("what was waited for has not come");
}

#[test]
fn a_run_is_repeated_byte_for_byte_whatever_its_flags_and_todays_configuration() {
    let root = tempfile::tempdir().unwrap();
    let mut run =
        generator(root.path(), "rate: 50, timezone: Europe/Berlin, log_rotation: {when: m}");
    let flags = [
        "--rate",
        "200",
        "--seed",
        "7",
        "--shard",
        "1/3",
        "--from",
        "2026-03-01",
        "--bytes",
        "3MB",
    ];
    assert!(run.arg("--quiet").args(flags).status().unwrap().success());
    assert!(files(&root.path().join("logs"), "access.log").len() > 3);
    assert_repeated(root.path());
}

#[test]
fn a_run_is_repeated_with_its_gaps() {
    let root = tempfile::tempdir().unwrap();
    let mut run =
        generator(root.path(), "rate: 5000, burst_seconds: 0, health_check: {enabled: false}");
    let mut run = run.arg("--quiet").spawn().unwrap();
    let log = root.path().join("logs/access.log");
    wait_until(|| fs::metadata(&log).is_ok_and(|found| found.len() > 0));
    let record = root.path().join("logs/run.json");
    for gaps in 1..=2 {
        // A process that stands still for longer than its bucket may make up for.
        signal(&run, Signal::STOP);
        thread::sleep(Duration::from_millis(600));
        signal(&run, Signal::CONT);
        wait_until(|| read(&record).is_ok_and(|record| record.gaps.len() >= gaps));
    }
    signal(&run, Signal::TERM);
    assert!(run.wait().unwrap().success());
    assert_repeated(root.path());
    let (first, second) =
        (read(&record).unwrap(), read(&root.path().join("again/run.json")).unwrap());
    assert_eq!((first.lines, &first.gaps), (second.lines, &second.gaps));
}

#[test]
fn a_run_that_was_killed_is_repeated_as_far_as_its_record_knows() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 1000, health_check: {enabled: false}");
    let mut run = run.arg("--quiet").spawn().unwrap();
    let record = root.path().join("logs/run.json");
    wait_until(|| read(&record).is_ok_and(|record| record.lines > 0));
    run.kill().unwrap();
    run.wait().unwrap();
    let lines = read(&record).unwrap().lines as usize;
    assert!(repeat(root.path()).status().unwrap().success());
    let again = fs::read_to_string(root.path().join("again/access.log")).unwrap();
    let written = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
    assert!(again.lines().count() == lines && written.starts_with(&again));
}

#[test]
fn a_repeated_run_can_be_repeated() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 100");
    run.args(["--quiet", "--from", "2026-03-01", "--lines", "2000"]);
    assert!(run.status().unwrap().success());
    assert!(repeat(root.path()).status().unwrap().success());
    fs::rename(root.path().join("logs"), root.path().join("first")).unwrap();
    fs::rename(root.path().join("again"), root.path().join("logs")).unwrap();
    assert_repeated(root.path());
}

#[test]
fn a_run_is_never_repeated_into_its_own_directory() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 100");
    run.args(["--quiet", "--from", "2026-03-01", "--lines", "100"]);
    assert!(run.status().unwrap().success());
    let before = files(&root.path().join("logs"), "");
    let link = root.path().join("link");
    std::os::unix::fs::symlink("logs", &link).unwrap();
    for (directory, expected) in [
        (&[][..], "say where to with --log-dir-override DIR"),
        (&["--log-dir-override", "./logs"], "the lines of the run are in ./logs already"),
        (&["--log-dir-override", "link"], "the lines of the run are in link already"),
    ] {
        let mut run = generator(root.path(), "rate: 100");
        let output = run.args(["--repeat", "logs/run.json"]).args(directory).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(78), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    assert!(before == files(&root.path().join("logs"), ""));
}

#[test]
fn a_run_is_never_repeated_behind_other_lines() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 100");
    run.args(["--quiet", "--from", "2026-03-01", "--lines", "100"]);
    assert!(run.status().unwrap().success());
    assert!(repeat(root.path()).status().unwrap().success());
    let before = files(&root.path().join("again"), "");
    let output = repeat(root.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("there are lines in again/access.log already"), "{said}");
    assert!(before == files(&root.path().join("again"), ""));
}

#[test]
fn what_is_no_record_is_named() {
    let root = tempfile::tempdir().unwrap();
    let line = "192.0.2.1 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1\n";
    fs::write(root.path().join("access.log"), line).unwrap();
    let mut run = generator(root.path(), "rate: 100");
    let output =
        run.args(["--repeat", "access.log", "--log-dir-override", "again"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(
        said.contains("it looks like log lines") && !root.path().join("again").exists(),
        "{said}"
    );
}
