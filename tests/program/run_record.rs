//! run.json, as the binary keeps it beside its logs.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use access_log_generator::inside::run_record::RunRecord;
use access_log_generator::inside::run_record::file::read;
use sha2::{Digest, Sha256};

use crate::binary;

/// A generator that says nothing.
fn generator(directory: &Path) -> Command {
    let mut command = binary::generator(directory, "rate: 100");
    command.args(["--quiet", "--seed", "7"]);
    command
}

fn record(directory: &Path) -> RunRecord {
    read(&directory.join("logs/run.json")).unwrap()
}

#[test]
fn a_run_that_has_ended_says_so_with_its_lines() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path());
    run.args(["--from", "2026-03-01T00:00:00Z", "--lines", "1000"]);
    assert!(run.status().unwrap().success());
    let record = record(root.path());
    let text = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
    assert_eq!((record.lines, text.lines().count()), (1_000, 1_000));
    assert_eq!((record.seed, record.start.to_string().as_str()), (7, "2026-03-01T00:00:00Z"));
    assert!(record.ended && record.gaps.is_empty() && record.earlier.is_empty());
}

#[test]
fn the_record_ends_where_the_run_does() {
    for (end, reached) in [
        (&["--lines", "20"][..], "2026-03-01T00:00:00."),
        (&["--bytes", "5kB", "--no-wait"], "2026-03-01T00:00:00."),
        (&["--bytes", "5kB"], "2026-03-01T00:00:00."),
        (&["--duration", "90s"], "2026-03-01T00:01:29.999999Z"),
    ] {
        let root = tempfile::tempdir().unwrap();
        let mut run = generator(root.path());
        assert!(run.args(["--from", "2026-03-01T00:00:00Z"]).args(end).status().unwrap().success());
        let simulated = record(root.path()).simulated_time.unwrap().to_string();
        assert!(simulated.starts_with(reached), "{end:?}: {simulated}");
    }
}

#[test]
fn the_digest_is_that_of_the_printed_configuration_without_later_keys_at_their_defaults() {
    const LATER: &[&str] = &[
        "profile: none\n",
        "  pages: 200\n",
        "  popularity: 0.9\n",
        "  page_size:\n    law: lognormal\n    median: 9000\n    sigma: 1.5\n",
        "  page_variation: 0.28\n",
        "  call_size:\n    law: lognormal\n    median: 1900\n    sigma: 0.3\n",
        "  answer_time:\n    law: lognormal\n    median: 0.04\n    sigma: 0.7\n",
        "  answer_variation: 0.5\n",
        "  destination: files\n",
        "  error_format: plain\n",
        "  format: combined\n",
        "  logs: []\n",
        "traffic_curve: stepped\n",
        "traffic_noise: 0\n",
        "scenario: []\n",
        "external_referrers:\n- https://www.google.com/\n- https://www.bing.com/\n- https://duckduckgo.com/\n\
         - https://www.facebook.com/\n- https://t.co/\n- https://www.reddit.com/\n- https://search.yahoo.com/\n\
         - https://www.linkedin.com/\n- https://www.instagram.com/\n- https://www.youtube.com/\n\
         - https://news.ycombinator.com/\n- https://www.ecosia.org/\n",
    ];
    let root = tempfile::tempdir().unwrap();
    let overrides = ["--rate", "250"];
    assert!(generator(root.path()).args(overrides).arg("--exit").status().unwrap().success());
    let printed = generator(root.path()).args(overrides).arg("--print-config").output().unwrap();
    let mut printed = String::from_utf8(printed.stdout).unwrap();
    for key in LATER {
        assert!(printed.contains(key), "{key:?} is not in {printed}");
        printed = printed.replace(key, "");
    }
    let digest = Sha256::digest(printed);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(record(root.path()).configuration_digest, format!("sha256:{hex}"));
}

#[test]
fn a_run_that_was_killed_is_remembered_as_one_that_did_not_end() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path()).spawn().unwrap();
    let log = root.path().join("logs/access.log");
    while fs::metadata(&log).map_or(0, |found| found.len()) == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let killed = record(root.path());
    assert!(!killed.ended);
    assert!(generator(root.path()).args(["--lines", "10"]).status().unwrap().success());
    let next = record(root.path());
    assert!(next.ended && next.lines == 10);
    let [earlier] = &next.earlier[..] else { panic!("{:?}", next.earlier) };
    assert_eq!((earlier.ended, earlier.lines, earlier.start), (false, killed.lines, killed.start));
}

#[test]
fn a_record_of_the_run_before_that_nobody_understands_is_told_and_replaced() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("logs")).unwrap();
    fs::write(root.path().join("logs/run.json"), "{ torn").unwrap();
    let run = generator(root.path()).arg("--exit").output().unwrap();
    assert!(run.status.success());
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("WARNING - cannot understand logs/run.json: "), "{said}");
    assert!(said.contains("; what it tells of the run before is lost"), "{said}");
    assert!(record(root.path()).ended);
}

#[test]
fn logs_that_are_off_are_not_made_and_the_record_and_verify_are_right_all_the_same() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path());
    run.args(["--from", "2026-03-01T00:00:00Z", "--lines", "3000"]);
    run.env("NO_ERROR_LOG", "1").env("NO_SYSTEM_LOG", "true");
    assert!(run.status().unwrap().success());
    let logs = root.path().join("logs");
    for (name, is_there) in [("access.log", true), ("error.log", false), ("system.log", false)] {
        assert_eq!(logs.join(name).exists(), is_there, "{name}");
    }
    let record = record(root.path());
    assert!(record.ended && record.lines == 3_000);
    let config = record.config().unwrap();
    assert!(!config.output.error_log && !config.output.system_log);
    let mut verify = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    verify.arg("verify").arg("--run").arg(logs.join("run.json")).arg(logs.join("access.log"));
    assert!(verify.status().unwrap().success());
}
