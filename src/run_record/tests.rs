//! What a record says, what it remembers, and that it is always complete.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::file::{RUN_RECORD, RecordFile, read};
use super::*;
use crate::log_id::LogId;
use crate::pace::Gap;
use crate::status::RunFacts;
use crate::time::SECOND;

fn status() -> Status {
    Status::new(RunFacts {
        output_directory: Some(PathBuf::from("/var/log/app")),
        version: "v2.0.0",
        ..RunFacts::new(
            &Config::default(),
            42,
            "2026-11-01T00:00:00.5Z".parse().unwrap(),
            Shard::WHOLE,
        )
    })
}

fn config(rate: f64) -> Config {
    let mut config = Config::default();
    config.output.rate = rate;
    config
}

/// The record of a run at `rate` that has written `lines`.
fn record(rate: f64, lines: u64, ended: bool, earlier: Option<RunRecord>) -> RunRecord {
    let status = status();
    let mut record = RunRecord::new(&config(rate), &status, earlier);
    status.wrote(LogId::ACCESS, lines, 200 * lines);
    record.update(&status, ended);
    record
}

fn gap(after_line: u64) -> LeftOut {
    LeftOut { after_line, lines: 12, gap: Gap { from: 7 * SECOND, until: 9 * SECOND } }
}

#[test]
fn a_record_says_what_the_stream_was_made_of_and_how_far_it_came() {
    let status = status();
    let mut record = RunRecord::new(&config(10.0), &status, None);
    status.wrote(LogId::ACCESS, 1_000, 200_000);
    status.left_out(gap(400));
    status.reached("2026-11-01T00:01:40Z".parse().unwrap());
    record.update(&status, true);
    record.updated = "2026-11-01T00:01:41Z".parse().unwrap();
    record.configuration = None;
    let expected = format!(
        r#"{{
  "version": "v2.0.0",
  "seed": 42,
  "start": "2026-11-01T00:00:00.5Z",
  "shard": {{
    "index": 0,
    "count": 1
  }},
  "waits": true,
  "lines": 1000,
  "simulated_time": "2026-11-01T00:01:40Z",
  "ended": true,
  "updated": "2026-11-01T00:01:41Z",
  "gaps": [
    {{
      "after_line": 400,
      "lines": 12,
      "from": "1970-01-01T00:00:07Z",
      "until": "1970-01-01T00:00:09Z"
    }}
  ],
  "configuration_digest": "{}"
}}"#,
        digest(&config(10.0))
    );
    assert_eq!(serde_json::to_string_pretty(&record).unwrap(), expected);
}

#[test]
fn each_gap_is_recorded_once() {
    let status = status();
    let mut record = RunRecord::new(&config(10.0), &status, None);
    status.left_out(gap(1));
    record.update(&status, false);
    status.left_out(gap(2));
    record.update(&status, false);
    record.update(&status, true);
    let after: Vec<u64> = record.gaps.iter().map(|gap| gap.after_line).collect();
    assert_eq!(after, [1, 2]);
}

#[test]
fn the_configuration_comes_back_as_it_was() {
    let mut config = config(0.25);
    config.output.pre_warm = Duration::from_secs(3_600);
    config.search_terms = vec!["a \"b\"\n".to_owned(), "é 日本".to_owned()];
    let record = RunRecord::new(&config, &status(), None);
    let text = serde_json::to_string(&record).unwrap();
    let back: RunRecord = serde_json::from_str(&text).unwrap();
    assert_eq!(back.config().unwrap(), config);
    assert!(back.is_of(&config));
    config.site.products += 1;
    assert!(!back.is_of(&config));
}

#[test]
fn a_configuration_that_this_version_does_not_know_is_told() {
    let text = serde_json::to_string(&record(10.0, 1, true, None)).unwrap();
    let text = text.replacen("\"products\":", "\"goods\":", 1);
    let record: RunRecord = serde_json::from_str(&text).unwrap();
    let errors = record.config().unwrap_err().to_string();
    assert!(errors.contains("the recorded configuration") && errors.contains("goods"), "{errors}");
}

#[test]
fn the_runs_before_are_remembered_with_their_configurations() {
    let first = record(1.0, 10, true, None);
    let second = record(1.0, 0, false, Some(first));
    let third = record(3.0, 30, true, Some(second));
    let fourth = record(3.0, 40, true, Some(third));
    let own = |run: &RunRecord| (run.lines, run.configuration.is_some());
    let earlier: Vec<_> = fourth.earlier.iter().map(own).collect();
    assert_eq!(earlier, [(30, false), (0, true), (10, false)]);
    let runs = fourth.into_runs();
    let rates: Vec<f64> = runs.iter().map(|run| run.config().unwrap().output.rate).collect();
    assert_eq!(rates, [3.0, 3.0, 1.0, 1.0]);
}

#[test]
fn a_run_that_ended_without_a_line_is_forgotten_and_its_configuration_handed_down() {
    let first = record(1.0, 10, true, None);
    let installation_test = record(1.0, 0, true, Some(first));
    let third = record(3.0, 30, true, Some(installation_test));
    let runs = third.into_runs();
    assert_eq!(runs.iter().map(|run| run.lines).collect::<Vec<_>>(), [30, 10]);
    assert_eq!(runs[1].config().unwrap().output.rate, 1.0);
}

#[test]
fn no_more_than_the_last_runs_are_remembered() {
    let mut last = record(1.0, 1, true, None);
    for run in 2..=20 {
        last = record(1.0, run, true, Some(last));
    }
    let earlier: Vec<u64> = last.earlier.iter().map(|run| run.lines).collect();
    assert_eq!(earlier, (10..20).rev().collect::<Vec<_>>());
}

#[test]
fn a_record_takes_the_place_of_the_one_before() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("logs");
    let mut file = RecordFile::of(&directory);
    assert!(file.read().unwrap().is_none());
    for lines in [1, 2] {
        file.write(&record(10.0, lines, false, None), true).unwrap();
        assert_eq!(file.read().unwrap().unwrap().lines, lines);
    }
    file.write_last(&record(10.0, 3, true, None)).unwrap();
    assert_eq!(file.read().unwrap().unwrap().lines, 3);
    let names: Vec<_> = fs::read_dir(&directory).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, [RUN_RECORD], "nothing else is left");
}

#[test]
fn a_record_that_cannot_be_written_leaves_the_old_one() {
    let root = tempfile::tempdir().unwrap();
    let mut file = RecordFile::of(root.path());
    file.write(&record(10.0, 1, false, None), false).unwrap();
    fs::create_dir(root.path().join(".run.json.next")).unwrap();
    let error = file.write(&record(10.0, 2, false, None), false).unwrap_err().to_string();
    assert!(error.starts_with("cannot create "), "{error}");
    assert_eq!(file.read().unwrap().unwrap().lines, 1);
}

#[test]
fn what_somebody_linked_to_is_not_written_to() {
    let root = tempfile::tempdir().unwrap();
    let precious = root.path().join("precious");
    fs::write(&precious, "precious").unwrap();
    let logs = root.path().join("logs");
    fs::create_dir(&logs).unwrap();
    for name in [RUN_RECORD, ".run.json.next", ".run.json.last"] {
        std::os::unix::fs::symlink(&precious, logs.join(name)).unwrap();
    }
    RecordFile::of(&logs).write(&record(10.0, 1, false, None), false).unwrap();
    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    assert_eq!(RecordFile::of(&logs).read().unwrap().unwrap().lines, 1);
}

#[test]
fn nobody_waits_for_a_pipe_in_the_records_place() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(RUN_RECORD);
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let mut file = RecordFile::of(root.path());
    let error = file.read().unwrap_err().to_string();
    assert_eq!(error, format!("cannot read {}: it is no regular file", path.display()));
    file.write(&record(10.0, 1, false, None), false).unwrap();
    assert_eq!(file.read().unwrap().unwrap().lines, 1);
}

#[test]
fn what_is_no_record_is_told_with_its_place() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(RUN_RECORD);
    fs::write(&path, "{\n  \"version\": 7\n}\n").unwrap();
    assert_eq!(
        read(&path).unwrap_err().to_string(),
        format!(
            "cannot understand {}: invalid type: integer `7`, expected a string at line 2 column \
             14; expected the run.json that a run keeps beside its logs",
            path.display()
        )
    );
}

#[test]
fn a_record_that_could_not_be_written_leaves_nothing_behind() {
    let root = tempfile::tempdir().unwrap();
    // What is in the record's place cannot be replaced.
    fs::create_dir_all(root.path().join(RUN_RECORD).join("x")).unwrap();
    let mut file = RecordFile::of(root.path());
    assert!(file.write(&record(10.0, 5, true, None), true).is_err());
    let names: Vec<_> =
        fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [RUN_RECORD]);
}

#[test]
fn the_room_of_a_killed_run_is_kept_by_the_next_one() {
    let root = tempfile::tempdir().unwrap();
    RecordFile::of(root.path()).write(&record(10.0, 1, false, None), false).unwrap();
    let mut next = RecordFile::of(root.path());
    next.write(&record(10.0, 2, false, None), false).unwrap();
    assert!(fs::metadata(root.path().join(".run.json.last")).unwrap().len() > 64 << 10);
    next.write_last(&record(10.0, 3, true, None)).unwrap();
    assert_eq!(next.read().unwrap().unwrap().lines, 3);
    assert!(!root.path().join(".run.json.last").exists());
}
