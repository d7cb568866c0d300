//! `truth`, run as its users run it: on records of runs that the binary wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::binary::generator;

/// Events of each class: once, by cron and at random, some of them at the same time.
const SCENARIO: &str = "[\
    {kind: surge, at: +10m, for: 5m, multiplier: 2},\
    {kind: flash_crowd, name: crowd, at: +20m, for: 5m, multiplier: 3, page: /products, shape: spike},\
    {kind: server_errors, name: errors, at: 200 per day, for: 2m, share: 0.3, status: 503},\
    {kind: path_down, at: '*/15 * * * *', for: 5m, page: /cart},\
    {kind: bad_deploy, at: +35m, for: 5m, share: 0.2},\
    {kind: credential_stuffing, name: stuffing, at: '55 * * * *', for: 20m},\
    {kind: web_shell, at: +30m, for: 20m, patched: false}]";

/// A run with the scenario, and a further log in which each line names its event.
fn write(directory: &Path, arguments: &[&str]) {
    let logs = "health_check: {enabled: false}, logs: [{file: truth.log, format: truth}]";
    let config = format!(
        "{{profile: shop, output: {{directory: logs, rate: 20, {logs}}}, scenario: {SCENARIO}}}"
    );
    let mut run = generator(directory, "");
    run.env("LOG_GENERATOR_CONFIG_YAML", config).args(["--quiet", "--no-wait", "--seed", "7"]);
    assert!(run.args(arguments).status().unwrap().success());
}

fn program(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    command.current_dir(directory).env_clear().args(arguments).output().unwrap()
}

/// The records that `truth` prints with these arguments.
fn truth(directory: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = program(directory, &[&["truth"], arguments].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*said), (Some(0), ""));
    objects(&String::from_utf8(output.stdout).unwrap())
}

fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(record: &'a Value, key: &str) -> Option<&'a str> {
    record.get(key).map(|value| value.as_str().unwrap())
}

/// Compares the records of lines with the further log, in order, and the counts of the events with both. Returns the counts.
fn check(records: &[Value], log: &[Value]) -> BTreeMap<String, u64> {
    let is = |kind: &'static str| move |record: &&Value| record["record"] == kind;
    let lines: Vec<&Value> = records.iter().filter(is("line")).collect();
    assert_eq!(lines.len(), log.len());
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for event in records.iter().filter(is("event")) {
        counts.insert(text(event, "event").unwrap().to_owned(), 0);
    }
    for (number, (line, shown)) in (1..).zip(lines.iter().zip(log)) {
        assert_eq!(line["line"], number);
        assert_eq!(line["time"], shown["time"].as_str().unwrap().replace("+00:00", "Z"));
        assert_eq!(line["remote_host"], shown["remote_host"]);
        assert_eq!((&line["actor"], &line["visitor"]), (&shown["actor_kind"], &shown["actor_id"]));
        let event = text(line, "event").map(|event| event.rsplit_once('.').unwrap().0);
        assert_eq!(
            (event, text(line, "stage")),
            (text(shown, "event"), text(shown, "stage")),
            "line {number}"
        );
        if let Some(event) = text(line, "event") {
            *counts.get_mut(event).expect("an event begins before its lines") += 1;
        }
    }
    let ends = records.iter().filter(is("event_end"));
    let ended: BTreeMap<String, u64> = ends
        .map(|end| (text(end, "event").unwrap().to_owned(), end["lines"].as_u64().unwrap()))
        .collect();
    assert_eq!(ended, counts);
    counts
}

#[test]
fn each_line_has_the_event_and_stage_that_it_was_made_with_and_counts_for_it() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &["--from", "2026-11-02T00:03:00Z", "--duration", "1h"]);
    let records = truth(root.path(), &["logs/run.json"]);
    let log = objects(&fs::read_to_string(root.path().join("logs/truth.log")).unwrap());
    let counts = check(&records, &log);
    let names = ["crowd.0", "errors.0", "path_down.1", "bad_deploy.0", "stuffing.1", "web_shell.0"];
    assert!(names.iter().all(|name| counts[*name] > 0), "{counts:?}");
    assert_eq!((counts["surge.0"], counts["web_shell.0"]), (0, 600));
    // 00:00, which was on when the run began, 00:15, 00:30, 00:45, 01:00; at 01:03 the run is over.
    assert!(counts.contains_key("path_down.4") && !counts.contains_key("path_down.5"));
    let find = |kind: &str, event: &str| {
        let is = |record: &&Value| record["record"] == kind && record["event"] == event;
        records.iter().position(|record| is(&record)).unwrap()
    };
    let begun = &records[find("event", "stuffing.1")];
    assert_eq!(begun["kind"], "credential_stuffing");
    assert_eq!(
        (&begun["start"], &begun["class"]),
        (&"2026-11-02T00:55:00.000Z".into(), &"attack".into())
    );
    assert_eq!(begun["end"], "2026-11-02T01:15:00.000Z");
    assert_eq!(begun["parameters"]["attack"][0], "T1110.004");
    let ended = text(&records[find("event_end", "stuffing.1")], "time").unwrap();
    assert!(("2026-11-02T01:02".."2026-11-02T01:03:00.001").contains(&ended), "{ended}");
    // All records are in the order of time; an event that was on before the run began stands first.
    let time = |record: &Value| text(record, "time").or(text(record, "start")).unwrap().to_owned();
    assert!(records.windows(2).all(|two| time(&two[0]) <= time(&two[1])));
    assert_eq!(records[0]["event"], "stuffing.0");
    let events: Vec<Value> =
        records.into_iter().filter(|record| record["record"] != "line").collect();
    assert_eq!(truth(root.path(), &["--events", "logs/run.json"]), events);
}

#[test]
fn a_detector_that_reports_the_truth_finds_all_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &["--from", "2026-11-02T00:03:00Z", "--duration", "1h"]);
    let output = program(root.path(), &["truth", "logs/run.json"]);
    fs::write(root.path().join("truth.jsonl"), &output.stdout).unwrap();
    let records = objects(&String::from_utf8(output.stdout).unwrap());
    let of = |is: fn(&Value) -> bool, kinds: bool| {
        let chosen = records.iter().filter(|record| is(record)).cloned().map(|mut record| {
            if let (true, Some(start)) = (kinds, record.get("start").cloned()) {
                record["time"] = start;
            }
            record.to_string() + "\n"
        });
        chosen.collect::<String>()
    };
    let events = of(|record| record["record"] == "event", true);
    let lines = of(|record| record["record"] == "line" && record.get("event").is_some(), false);
    for (by, detected) in [("events", &events), ("lines", &lines), ("windows", &lines)] {
        fs::write(root.path().join("detected.jsonl"), detected).unwrap();
        let words = ["score", "--truth", "truth.jsonl", "--by", by, "--json", "detected.jsonl"];
        let output = program(root.path(), &words);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let all = &report["all"];
        assert_eq!((&all["precision"], &all["recall"]), (&1.0.into(), &1.0.into()), "{by}: {all}");
        assert!(all["found"].as_u64().unwrap() > 5, "{by}: {all}");
    }
}

#[test]
fn each_run_of_a_record_counts_its_lines_and_events_from_the_start() {
    let root = tempfile::tempdir().unwrap();
    let arguments = ["--duration", "20m", "--from"];
    write(root.path(), &[&arguments[..], &["2026-11-02T00:00:00Z"]].concat());
    write(root.path(), &[&arguments[..], &["2026-11-02T06:00:00Z"]].concat());
    let records = truth(root.path(), &["logs/run.json"]);
    let log = objects(&fs::read_to_string(root.path().join("logs/truth.log")).unwrap());
    // The second run begins with its events under way, behind the last end of one in the first.
    let first_line = records.iter().rposition(|record| record["line"] == 1).unwrap();
    let is_end = |record: &Value| record["record"] == "event_end";
    let records_at = records[..first_line].iter().rposition(is_end).unwrap() + 1;
    let log_at = log.iter().position(|hit| text(hit, "time").unwrap() > "2026-11-02T06").unwrap();
    for (records, log) in
        [(&records[..records_at], &log[..log_at]), (&records[records_at..], &log[log_at..])]
    {
        let counts = check(records, log);
        assert!(counts.contains_key("path_down.0") && counts.contains_key("surge.0"), "{counts:?}");
    }
}

#[test]
fn a_reader_that_has_had_enough_ends_it_quietly() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &["--from", "2026-11-02T00:00:00Z", "--duration", "20m"]);
    let mut process = Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
        .current_dir(root.path())
        .env_clear()
        .args(["truth", "logs/run.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(process.stdout.take());
    let output = process.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
}

#[test]
fn what_is_no_record_is_said_with_what_would_be_right() {
    let root = tempfile::tempdir().unwrap();
    let line = "192.0.2.1 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1\n";
    fs::write(root.path().join("access.log"), line).unwrap();
    write(root.path(), &["--from", "2026-11-02T00:00:00Z", "--duration", "1m"]);
    let record = fs::read_to_string(root.path().join("logs/run.json")).unwrap();
    fs::write(root.path().join("changed.json"), record.replace("\"rate\":20,", "\"rate\":21,"))
        .unwrap();
    for (file, status, expected) in [
        ("access.log", 1, "access.log is not a run.json; it looks like log lines"),
        ("logs", 1, "logs is not a run.json; it is a directory; name the run.json in it"),
        ("none.json", 1, "cannot read none.json: "),
        ("changed.json", 78, "changed.json: the configuration of the run of seed 7 from "),
    ] {
        let output = program(root.path(), &["truth", file]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(status), 0), "{said}");
        assert!(said.starts_with(expected), "{said}");
    }
}
