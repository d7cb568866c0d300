//! `verify`: what is received in parts, late, in archives or from pipes, and what is no log at all.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::verify::{generator, log, report, write};

/// One of several runs into the same directory, which each begin an hour behind the one before.
fn write_hour(directory: &Path, hour: u64, end: [&str; 2]) {
    let from = format!("2026-03-01T{hour:02}:00:00Z");
    let mut run = generator(directory, "rate: 1000");
    assert!(run.args(["--from", &from, "--no-wait"]).args(end).status().unwrap().success());
}

#[test]
fn the_last_lines_of_a_run_are_its_own_wherever_the_file_is_cut_for_reading() {
    for bytes in (127_000..131_000).step_by(250) {
        let root = tempfile::tempdir().unwrap();
        write_hour(root.path(), 1, ["--bytes", &bytes.to_string()]);
        write_hour(root.path(), 2, ["--lines", "300"]);
        let (status, report) = report(root.path(), &["logs/access.log"], b"");
        assert_eq!(status, 0, "{bytes}: {report}");
    }
}

#[test]
fn a_run_between_others_that_was_lost_as_a_whole_is_missing() {
    let root = tempfile::tempdir().unwrap();
    let mut hours = Vec::new();
    for hour in 1..=3 {
        write_hour(root.path(), hour, ["--lines", "100"]);
        hours.push(fs::read(log(root.path())).unwrap());
        fs::write(log(root.path()), "").unwrap();
    }
    let missing = |received: Vec<u8>, options: &[&str]| {
        let (status, report) = report(root.path(), &[options, &["-"]].concat(), &received);
        let runs = report["runs"].as_array().unwrap().iter();
        (status, runs.map(|run| run["found"]["missing"]["lines"].as_u64()).collect::<Vec<_>>())
    };
    let without = |hour: usize| {
        let others = (0..3).filter(|other| *other != hour);
        others.flat_map(|other| hours[other].clone()).collect::<Vec<u8>>()
    };
    assert_eq!(missing(without(1), &[]), (1, vec![Some(0), Some(100), Some(0)]));
    assert_eq!(missing(without(2), &[]), (1, vec![Some(0), Some(0), Some(100)]));
    // Who came late lacks the beginning, unless the span says that it does not.
    assert_eq!(missing(without(0), &[]), (0, vec![None, Some(0), Some(0)]));
    let since = ["--since", "2026-03-01T00:30:00Z"];
    assert_eq!(missing(without(0), &since), (1, vec![Some(100), Some(0), Some(0)]));
    // Nor is anything missing behind the last line of a reader that is still at work.
    assert_eq!(missing(without(2), &["--tail-open"]), (0, vec![Some(0), Some(0), None]));
}

#[test]
fn a_second_is_judged_all_or_not_at_all() {
    let root = tempfile::tempdir().unwrap();
    write_hour(root.path(), 1, ["--lines", "5000"]);
    let log = ["logs/access.log", "--since", "2026-03-01T01:00:02.5Z"];
    let (status, report) = report(root.path(), &log, b"");
    assert_eq!(status, 0, "{report}");
}

#[test]
fn a_verdict_over_nothing_says_so() {
    let root = tempfile::tempdir().unwrap();
    write_hour(root.path(), 1, ["--lines", "100"]);
    let (status, report) = report(root.path(), &["logs/access.log", "--since", "2026-03-02"], b"");
    let hints = report["hints"].to_string();
    assert!(status == 0 && hints.contains("is it the span that was meant?"), "{report}");
}

#[test]
fn kinds_that_are_ignored_are_counted_and_do_not_make_the_exit_status_1() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 100", "2000");
    let text = fs::read_to_string(log(root.path())).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.swap(100, 150);
    lines.insert(500, "nothing of ours");
    let received = lines.join("\n") + "\n";
    let status = |arguments: &[&str]| {
        let (status, report) = report(root.path(), arguments, received.as_bytes());
        assert_eq!(report["runs"][0]["found"]["out_of_order"]["lines"], 2);
        assert_eq!(
            (&report["all_there"], &report["passed"]),
            (&false.into(), &(status == 0).into())
        );
        status
    };
    assert_eq!(status(&["-"]), 1);
    assert_eq!(status(&["--ignore", "out-of-order", "-"]), 1);
    assert_eq!(status(&["--ignore", "out-of-order,foreign", "-"]), 0);
    assert_eq!(status(&["--ignore", "out-of-order", "--ignore", "foreign", "-"]), 0);
}

#[test]
fn a_log_in_the_place_of_the_run_json_is_named_as_such_and_so_is_the_other_way_round() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 100", "2000");
    let run = |record: &str, received: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
        command.current_dir(root.path()).env_clear();
        command.args(["verify", "--run", record, received]).output().unwrap()
    };
    let output = run("logs/access.log", "logs/run.json");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    let said = "logs/access.log is not a run.json; it looks like log lines";
    assert!(error.starts_with(said), "{error}");
    assert!(String::from_utf8_lossy(&run("logs", "-").stderr).contains("name the run.json in it"));
    let output = run("logs/run.json", "logs/run.json");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("What was received looks like a run.json"), "{text}");
}

#[test]
fn two_pipes_fed_one_after_the_other_are_judged_like_files() {
    let root = tempfile::tempdir().unwrap();
    // More than a pipe holds, and more than is kept of one in memory.
    write(root.path(), "rate: 5000", "300000");
    let text = fs::read_to_string(log(root.path())).unwrap();
    let third = text.len() / 3;
    let middle = third + text[third..].find('\n').unwrap() + 1;
    let parts = [&text[middle..], &text[..middle]];
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    for name in ["first", "second"] {
        rustix::fs::mkfifoat(rustix::fs::CWD, root.path().join(name), mode).unwrap();
    }
    // One who feeds the later part first, and the other pipe only when that is through.
    thread::scope(|scope| {
        let feeder = scope.spawn(|| {
            for (name, part) in ["first", "second"].iter().zip(parts) {
                fs::write(root.path().join(name), part).unwrap();
            }
        });
        let (status, report) = report(root.path(), &["first", "second"], b"");
        assert_eq!(status, 0, "{report}");
        assert_eq!(report["received"], 300_000);
        feeder.join().unwrap();
    });
    // Both ways in beside a file and standard input, which is fed while a pipe waits.
    thread::scope(|scope| {
        let feeder = scope.spawn(|| {
            thread::sleep(Duration::from_millis(100));
            fs::write(root.path().join("first"), parts[0]).unwrap();
        });
        let (status, report) = report(root.path(), &["first", "-"], parts[1].as_bytes());
        assert_eq!(status, 0, "{report}");
        feeder.join().unwrap();
    });
}

#[test]
fn an_archive_is_read_or_named_with_what_unpacks_it() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 1000", "20000");
    let text = fs::read(log(root.path())).unwrap();
    let zstd = compress_to_vec(&text[..], CompressionLevel::Fastest);
    fs::write(root.path().join("log.zst"), zstd).unwrap();
    let (status, found) = report(root.path(), &["log.zst"], b"");
    assert_eq!((status, &found["received"]), (0, &20_000.into()), "{found}");
    fs::write(root.path().join("log.xz"), [b"\xfd7zXZ\0", &text[..]].concat()).unwrap();
    let (status, found) = report(root.path(), &["log.xz"], b"");
    assert_eq!((status, &found["foreign"]["lines"]), (1, &0.into()), "{found}");
    let error = found["unreadable"][0]["error"].as_str().unwrap();
    assert!(error.contains("packed by xz") && error.contains("xz -dc FILE |"), "{error}");
}
