//! The shards of a site, run as a scheduler runs them: by flags and by the environment, each in its own
//! directory, and verified as a set.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::binary;

/// So many lines of 2026-03-01 and on, in `directory`/logs.
fn shard(directory: &Path, change: impl FnOnce(&mut Command) -> &mut Command) -> Output {
    fs::create_dir_all(directory).unwrap();
    let mut run = binary::generator(directory, "rate: 600, health_check: {enabled: false}");
    run.args(["--quiet", "--from", "2026-03-01", "--seed", "7", "--lines", "2000"]);
    change(&mut run).output().unwrap()
}

fn access_log(directory: &Path) -> String {
    fs::read_to_string(directory.join("logs/access.log")).unwrap()
}

fn verify(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    command.current_dir(directory).env_clear().arg("verify").args(arguments);
    command.output().unwrap()
}

/// Three shards of a site, and their lines as one log, `merged.log`, in the order of time.
fn a_site() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    for index in 0..3 {
        let directory = root.path().join(index.to_string());
        let output = shard(&directory, |run| run.args(["--shard", &format!("{index}/3")]));
        assert!(output.status.success(), "{output:?}");
        lines.extend(access_log(&directory).lines().map(str::to_owned));
    }
    // The stamps of one day sort as text.
    lines.sort_by_key(|line| line.split_once('[').unwrap().1[..20].to_owned());
    fs::write(root.path().join("merged.log"), lines.join("\n") + "\n").unwrap();
    root
}

const RECORDS: [&str; 6] =
    ["--run", "0/logs/run.json", "--run", "1/logs/run.json", "--run", "2/logs/run.json"];

#[test]
fn what_all_shards_wrote_is_all_there_as_one_log_and_as_many() {
    let root = a_site();
    let apart = ["2/logs/access.log", "0/logs/access.log", "1/logs/access.log"];
    for received in [&["merged.log"][..], &apart] {
        let output = verify(root.path(), &[&RECORDS, received].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains("Run of seed 7, shard 1/3, from 2026-03-01T00:00:00Z"), "{text}");
        assert!(
            text.starts_with("All is there: 6,000 lines expected, 6,000 received, 0 missing, "),
            "{text}"
        );
    }
}

#[test]
fn a_missing_line_is_told_with_its_shard() {
    let root = a_site();
    let lost = access_log(&root.path().join("2")).lines().nth(1_234).unwrap().to_owned();
    let merged = fs::read_to_string(root.path().join("merged.log")).unwrap();
    let rest: Vec<_> = merged.lines().filter(|line| *line != lost).collect();
    fs::write(root.path().join("merged.log"), rest.join("\n") + "\n").unwrap();
    let output = verify(root.path(), &[&RECORDS, &["--format", "json", "merged.log"][..]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let missing = |run: usize| report["runs"][run]["found"]["missing"]["lines"].as_u64().unwrap();
    assert_eq!([missing(0), missing(1), missing(2)], [0, 0, 1], "{report}");
    assert_eq!(report["runs"][2]["shard"], serde_json::json!({"index": 2, "count": 3}));
    assert_eq!(report["runs"][2]["found"]["missing"]["first"][0]["number"], 1_235);
}

#[test]
fn a_record_that_is_named_twice_or_not_at_all_is_noticed() {
    let root = a_site();
    let twice = ["--run", "0/logs/run.json", "--run", "0/logs/run.json", "merged.log"];
    let output = verify(root.path(), &twice);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(said.contains("is in a record named before, too; name each once"), "{said}");

    // Of a shard that was started twice, in two directories, each line would be there twice.
    let again = root.path().join("again");
    assert!(
        shard(&again, |run| run.args(["--shard", "0/3", "--log-dir-override", "other"]))
            .status
            .success()
    );
    let twice = ["--run", "0/logs/run.json", "--run", "again/other/run.json", "merged.log"];
    assert_eq!(verify(root.path(), &twice).status.code(), Some(78));

    let apart = ["0/logs/access.log", "1/logs/access.log"];
    for (received, status) in [(&["merged.log"][..], 1), (&apart, 0)] {
        let output = verify(root.path(), &[&RECORDS[..4], received].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(status), "{text}");
        assert!(
            text.contains("The records of 2 of 3 shards were named, and that of shard 2 was not"),
            "{text}"
        );
    }
}

#[test]
fn a_scheduler_says_which_shard_it_is_by_the_environment() {
    let root = tempfile::tempdir().unwrap();
    let run = |name: &str, variables: &[(&str, &str)]| {
        let directory = root.path().join(name);
        let output = shard(&directory, |run| run.envs(variables.iter().copied()));
        assert!(output.status.success(), "{output:?}");
        access_log(&directory)
    };
    let logs = [
        run("shard", &[("SHARD", "5/8")]),
        run("job", &[("SHARD_COUNT", "8"), ("JOB_COMPLETION_INDEX", "5")]),
        run("index", &[("SHARD_COUNT", "8"), ("SHARD_INDEX", "5"), ("JOB_COMPLETION_INDEX", "1")]),
    ];
    assert!(logs.iter().all(|log| *log == logs[0]));
    let hosts = |log: &str| {
        log.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    let other = run("other", &[("SHARD", "6/8")]);
    assert!(hosts(&other).is_disjoint(&hosts(&logs[0])));
}

#[test]
fn a_shard_that_cannot_be_is_refused_before_anything_is_touched() {
    let root = tempfile::tempdir().unwrap();
    let output = shard(root.path(), |run| run.env("SHARD", "8/8"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(said.contains("SHARD: found \"8/8\"; write I/N"), "{said}");
    assert!(!root.path().join("logs").exists());

    let few = "{output: {directory: logs}, ip_ranges: [198.51.100.7]}";
    let output = shard(root.path(), |run| {
        run.env("LOG_GENERATOR_CONFIG_YAML", few).args(["--shard", "0/3"])
    });
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(
        said.contains("ip_ranges: found too few addresses for 3 shards, and none for"),
        "{said}"
    );
}
