//! Runs whose log a scenario spoils, as users have them: `verify` finds all there and names what is spoilt, a repeat has the same
//! bytes, and the truth says which lines it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use access_log_generator::settings::scenario::{EventClass, KINDS};
use serde_json::Value;

use crate::binary;
use crate::verify::{access_logs, faults, log, report, verify};

/// The kinds that spoil lines.
fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(|row| row.class == EventClass::Log).map(|row| row.name)
}

fn event(kind: &str) -> String {
    let own = match kind {
        "clock_skew" => ", offset: -3000",
        "long_lines" => ", length: 8000",
        "format_change" => ", share: 0.5",
        _ => "",
    };
    format!("{{kind: {kind}, at: +5m, for: 10m{own}}}")
}

fn run(directory: &Path, output: &str, events: &[String], arguments: &[&str]) -> Command {
    let events = events.join(", ");
    let yaml = format!(
        "{{profile: shop, output: {{directory: logs, rate: 20, {output}}}, scenario: [{events}]}}"
    );
    let mut run = binary::generator(directory, "");
    run.env("LOG_GENERATOR_CONFIG_YAML", yaml);
    run.args(["--quiet", "--no-wait", "--seed", "7", "--from", "2026-03-01T09:00:00Z"]);
    run.args(["--duration", "20m"]).args(arguments);
    run
}

fn write(directory: &Path, output: &str, events: &[String], arguments: &[&str]) {
    let output = run(directory, output, events, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// How many lines are spoilt, how many of these are missing and how many altered, by kind.
fn spoilt(found: &Value) -> BTreeMap<String, [u64; 3]> {
    let of = |spoilt: &Value| {
        let numbers = ["lines", "missing", "altered"].map(|key| spoilt[key].as_u64().unwrap());
        (spoilt["kind"].as_str().unwrap().to_owned(), numbers)
    };
    found["spoilt"].as_array().unwrap().iter().map(of).collect()
}

/// The records that `truth` has of lines.
fn truth(directory: &Path) -> Vec<Value> {
    let output = binary::command(directory, "truth", &["logs/run.json"], b"");
    let text = String::from_utf8(output.stdout).unwrap();
    let records = text.lines().map(|line| serde_json::from_str(line).unwrap());
    records.filter(|record: &Value| record["record"] == "line").collect()
}

#[test]
fn with_each_kind_the_log_is_all_there_and_the_spoilt_lines_are_counted_by_name() {
    for kind in kinds() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "", &[event(kind)], &[]);
        let (status, report) = report(root.path(), &["logs/access.log"], b"");
        let found = &report["runs"][0]["found"];
        assert_eq!((status, &report["all_there"]), (0, &true.into()), "{kind}: {report}");
        let lines = fs::read(log(root.path())).unwrap();
        let lines = lines.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(found["expected"], lines, "{kind}");
        let of_truth: Vec<Value> =
            truth(root.path()).into_iter().filter(|line| line.get("spoilt").is_some()).collect();
        assert!(of_truth.len() > 40, "{kind}: {}", of_truth.len());
        assert_eq!(spoilt(found), [(kind.to_owned(), [of_truth.len() as u64, 0, 0])].into());
        assert!(of_truth.iter().all(|line| line["spoilt"] == format!("{kind}.0")));
    }
}

/// All kinds at once, so that most lines are spoilt by one or another.
fn all() -> Vec<String> {
    kinds().map(|kind| event(kind).replace("share: 0.5", "share: 0.2")).collect()
}

#[test]
fn a_repeat_has_the_same_bytes_whatever_the_workers_the_rotation_and_the_form_of_the_log() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "", &all(), &["--workers", "1"]);
    let bytes = fs::read(log(root.path())).unwrap();
    assert!(bytes.len() > 3_000_000, "{}", bytes.len());
    let again = tempfile::tempdir().unwrap();
    let record = root.path().join("logs/run.json");
    let mut repeat = binary::generator(again.path(), "");
    repeat.env_remove("LOG_GENERATOR_CONFIG_YAML").args(["--quiet", "--repeat"]).arg(&record);
    let output = repeat.args(["--workers", "3", "--log-dir-override", "logs"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read(log(again.path())).unwrap() == bytes);
    let stdout = tempfile::tempdir().unwrap();
    let output = run(stdout.path(), "", &all(), &["--stdout"]).output().unwrap();
    assert!(output.stdout == bytes);
    let rotated = tempfile::tempdir().unwrap();
    let output = "log_rotation: {max_size_mb: 1, backup_count: 50, compress: false}";
    write(rotated.path(), output, &all(), &[]);
    let mut files = access_logs(rotated.path());
    files.sort_unstable_by_key(|name| (name.ends_with(".log"), name.clone()));
    assert!(files.len() > 2, "{files:?}");
    let read = |name: &String| fs::read(rotated.path().join(name)).unwrap();
    assert!(files.iter().map(read).all(|file| file.ends_with(b"\n")));
    assert!(files.iter().flat_map(read).eq(bytes.iter().copied()));
    let names: Vec<&str> = files.iter().map(String::as_str).collect();
    let (status, said) = report(rotated.path(), &names, b"");
    assert_eq!((status, &said["all_there"]), (0, &true.into()), "{said}");
    let packed = tempfile::tempdir().unwrap();
    write(packed.path(), "", &all(), &["--compress", "gzip"]);
    let (status, said) = report(packed.path(), &["logs/access.log.gz"], b"");
    assert_eq!((status, &said["all_there"]), (0, &true.into()), "{said}");
}

#[test]
fn what_a_reader_refuses_because_it_is_spoilt_is_missing_by_its_name_and_nothing_else_is() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "", &all(), &[]);
    let records = truth(root.path());
    let log = fs::read(log(root.path())).unwrap();
    let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let numbered: Vec<&Value> =
        records.iter().filter(|record| record.get("line").is_some()).collect();
    // The truth counts the lines as they stand in the log.
    assert_eq!(numbered.len(), lines.len());
    assert!(numbered.iter().zip(1..).all(|(record, number)| record["line"] == number));
    let refused = ["lines_torn", "lines_interleaved", "nul_bytes", "field_missing", "clock_skew"];
    let is_refused = |record: &Value| {
        let spoilt = record.get("spoilt").and_then(Value::as_str);
        spoilt.is_some_and(|spoilt| refused.iter().any(|kind| spoilt == format!("{kind}.0")))
    };
    let both = lines.iter().zip(&numbered);
    let kept: Vec<u8> = both
        .filter(|(_, record)| !is_refused(record))
        .flat_map(|(line, _)| line.to_vec())
        .collect();
    let (status, report) = report(root.path(), &["-"], &kept);
    let found = &report["runs"][0]["found"];
    let missing = numbered.iter().filter(|record| is_refused(record)).count() as u64;
    assert_eq!((status, faults(found)), (1, [missing, 0, 0, 0]), "{report}");
    assert_eq!(report["foreign"]["lines"], 0);
    let counts = spoilt(found);
    assert_eq!(counts.len(), kinds().count());
    for (kind, [lines, missing, altered]) in &counts {
        let expected = if refused.contains(&kind.as_str()) { *lines } else { 0 };
        assert_eq!((*missing, *altered), (expected, 0), "{kind}");
    }
    let said = verify(root.path(), &["-"], &kept);
    let said = String::from_utf8(said.stdout).unwrap();
    let torn = counts["lines_torn"][0];
    let of_these = said.lines().find(|line| line.contains("of these spoilt on purpose: "));
    assert!(of_these.is_some_and(|line| line.contains(&format!("{torn} torn, "))), "{said}");
    let dropped = format!("{} dropped, ", counts["lines_dropped"][0]);
    assert!(said.contains(&format!("    spoilt on purpose: {dropped}")), "{said}");
}

#[test]
fn what_a_reader_repairs_or_spoils_itself_is_altered_and_known_to_be_spoilt_or_not() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "", &[event("lines_in_latin1"), event("lines_doubled")], &[]);
    let log = fs::read(log(root.path())).unwrap();
    // A reader of UTF-8 that replaces what it does not understand, and breaks one line by itself.
    let text = String::from_utf8_lossy(&log).replacen("HTTP/1.1", "HTTP/9.9", 1);
    let (status, report) = report(root.path(), &["-"], text.as_bytes());
    let found = &report["runs"][0]["found"];
    let latin1 = spoilt(found)["lines_in_latin1"];
    assert_eq!((status, faults(found)), (1, [0, 0, 0, latin1[0] + 1]), "{report}");
    assert_eq!((latin1[1], latin1[2]), (0, latin1[0]));
    assert!(latin1[0] > 40);
}

#[test]
fn a_further_log_stays_whole_and_is_judged_without_what_is_spoilt() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "logs: [{file: whole.log, format: combined}]", &all(), &[]);
    let (status, report) = report(root.path(), &["logs/whole.log"], b"");
    assert_eq!((status, &report["all_there"]), (0, &true.into()), "{report}");
    assert_eq!(report["runs"][0]["found"].get("spoilt"), None);
    let usual = tempfile::tempdir().unwrap();
    write(usual.path(), "", &[], &[]);
    let whole = fs::read(root.path().join("logs/whole.log")).unwrap();
    assert!(whole == fs::read(log(usual.path())).unwrap());
}

#[test]
fn shards_that_are_spoilt_are_all_there_together() {
    let root = tempfile::tempdir().unwrap();
    let mut arguments = vec!["--format", "json"];
    for (shard, directory) in [("0/2", "logs"), ("1/2", "more")] {
        write(root.path(), "", &all(), &["--shard", shard, "--log-dir-override", directory]);
    }
    arguments.extend(["--run", "logs/run.json", "--run", "more/run.json"]);
    arguments.extend(["logs/access.log", "more/access.log"]);
    let output = binary::command(root.path(), "verify", &arguments, b"");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &report["all_there"]), (Some(0), &true.into()), "{report}");
    assert!(report["runs"].as_array().unwrap().iter().all(|run| spoilt(&run["found"]).len() > 8));
}

#[test]
fn a_detector_of_spoilt_lines_is_graded_by_their_numbers_in_the_log() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "", &all(), &[]);
    let output = binary::command(root.path(), "truth", &["logs/run.json"], b"");
    fs::write(root.path().join("truth.jsonl"), &output.stdout).unwrap();
    let log = fs::read(log(root.path())).unwrap();
    // It finds what has NULs, and takes each long line for one that is spoilt.
    let lines = (1..).zip(log.split(|byte| *byte == b'\n'));
    let mut detected = String::new();
    for (number, line) in lines {
        if line.contains(&0) {
            detected += &format!(
                "{{\"time\":\"2026-03-01T09:10:00Z\",\"line\":{number},\"kind\":\"nul_bytes\"}}\n"
            );
        } else if line.len() >= 8_000 {
            detected += &format!(
                "{{\"time\":\"2026-03-01T09:10:00Z\",\"line\":{number},\"kind\":\"long_lines\"}}\n"
            );
        }
    }
    fs::write(root.path().join("detected.jsonl"), detected).unwrap();
    let words = ["--truth", "truth.jsonl", "--by", "lines", "--json", "detected.jsonl"];
    let output = binary::command(root.path(), "score", &words, b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds = report["kinds"].as_array().unwrap();
    let of = |kind: &str| kinds.iter().find(|of| of["kind"] == kind).unwrap();
    for kind in ["nul_bytes", "long_lines"] {
        let of = of(kind);
        assert_eq!(of["class"], "log");
        assert_eq!((&of["precision"], &of["recall"]), (&1.0.into(), &1.0.into()), "{of}");
        assert!(of["found"].as_u64().unwrap() > 40, "{of}");
    }
    assert_eq!(of("lines_torn")["recall"], 0.0);
}

#[test]
fn lines_are_found_though_all_of_them_show_another_time_or_are_torn_or_in_another_format() {
    for (event, spoilt_words) in [
        ("{kind: clock_skew, at: +0s, for: 20m, share: 1, offset: 3000}", "with a wrong clock"),
        ("{kind: clock_skew, at: +0s, for: 20m, share: 1, offset: -3000}", "with a wrong clock"),
        ("{kind: lines_out_of_order, at: +0s, for: 20m, share: 0.9, offset: 30}", "out of order"),
        ("{kind: format_change, at: +0s, for: 20m, format: json}", "in another format"),
        ("{kind: lines_torn, at: +0s, for: 20m, share: 1}", "torn"),
    ] {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "", &[event.to_owned()], &[]);
        let log = fs::read(log(root.path())).unwrap();
        let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
        let is_kept = |at: &usize| *at >= 40 && at % 1_000 > 1 && !(5_000..5_100).contains(at);
        let kept: Vec<usize> = (0..lines.len()).filter(is_kept).collect();
        let received: Vec<u8> = kept.iter().flat_map(|at| lines[*at].to_vec()).collect();
        let (_, found) = report(root.path(), &["-"], &received);
        let missing = (lines.len() - kept.len()) as u64;
        assert_eq!(faults(&found["runs"][0]["found"]), [missing, 0, 0, 0], "{event}: {found}");
        assert_eq!(found["foreign"]["lines"], 0, "{event}");
        if event.contains("torn") {
            // Of some lines so few bytes are left that others beyond the span are the same.
            continue;
        }
        let span = ["--since", "2026-03-01T09:07:00Z", "--until", "2026-03-01T09:12:00Z"];
        let said = verify(root.path(), &[&span[..], &["logs/access.log"]].concat(), b"");
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(said.starts_with("All is there: "), "{event}: {said}");
        assert!(said.contains(&format!(" {spoilt_words}\n")), "{event}: {said}");
    }
}
