//! `score`, run as its users run it: on files of truth and of detections.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::binary::command;

/// An event with records of some of its lines, and one whose end did not come.
const TRUTH: &str = r#"{"record":"line","line":1,"time":"2026-11-02T02:59:59.000Z","remote_host":"198.51.100.7","actor":"person","visitor":"00000000000000a1"}
{"record":"event","event":"stuffing.0","kind":"credential_stuffing","class":"attack","start":"2026-11-02T03:00:00.000Z","end":"2026-11-02T03:20:00.000Z","parameters":{"pace":2}}
{"record":"line","line":2,"time":"2026-11-02T03:00:05.000Z","remote_host":"203.0.113.9","actor":"attacker","visitor":"00000000000000b1","event":"stuffing.0","stage":"log_in"}
{"record":"line","line":3,"time":"2026-11-02T03:00:06.000Z","remote_host":"198.51.100.7","actor":"person","visitor":"00000000000000a1"}
{"record":"line","line":4,"time":"2026-11-02T03:10:00.000Z","remote_host":"2001:db8::9","actor":"attacker","visitor":"00000000000000b2","event":"stuffing.0","stage":"log_in"}
{"record":"event_end","event":"stuffing.0","time":"2026-11-02T03:20:00.000Z","lines":2}
{"record":"event","event":"crowd.0","kind":"flash_crowd","class":"load","start":"2026-11-02T09:00:00.000Z","end":"2026-11-02T09:30:00.000Z","parameters":{}}
{"record":"line","line":5,"time":"2026-11-02T09:00:01.500Z","remote_host":"198.51.100.8","actor":"person","visitor":"00000000000000a2","event":"crowd.0","stage":"arrive"}
"#;

/// Detections as several tools write them: with keys of their own.
const DETECTIONS: &str = r#"{"time":"2026-11-02T03:02:30Z","kind":"credential_stuffing","remote_host":"203.0.113.9","line":2,"rule":{"id":17}}
{"time":"2026-11-02T04:10:05.250+01:00","remote_host":"2001:DB8:0::9","line":4}

{"from":1793610000,"until":1793610060.5,"kind":"flash_crowd","remote_host":"198.51.100.8","line":5}
{"time":"2026-11-02T06:00:00Z","kind":"flash-crowd","remote_host":"198.51.100.7","line":3}
{"time":"2026-11-02T12:00:00Z","remote_host":"198.51.100.7","line":1}
"#;

/// A directory with both files.
fn files() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("truth.jsonl"), TRUTH).unwrap();
    fs::write(root.path().join("alerts.jsonl"), DETECTIONS).unwrap();
    root
}

/// `score` with these arguments, given this on standard input.
fn score(directory: &Path, arguments: &[&str], input: &[u8]) -> Output {
    command(directory, "score", arguments, input)
}

/// The status and what was said on standard error.
fn refused(directory: &Path, arguments: &[&str], input: &[u8]) -> (i32, String) {
    let output = score(directory, arguments, input);
    assert_eq!(output.stdout, b"", "{arguments:?}");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn golden(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, actual).unwrap();
    }
    assert_eq!(actual, fs::read_to_string(&path).unwrap(), "{}", path.display());
}

const BASES: [&str; 4] = ["events", "windows", "addresses", "lines"];

#[test]
fn the_grades_by_every_basis_are_the_golden_files() {
    let root = files();
    let (mut text, mut json) = (String::new(), String::new());
    for by in BASES {
        let arguments = ["--truth", "truth.jsonl", "--by", by, "alerts.jsonl"];
        let output = score(root.path(), &arguments, b"");
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]), "{by}");
        text += &format!("$ access-log-generator score {}\n", arguments.join(" "));
        text += &String::from_utf8(output.stdout).unwrap();
        text.push('\n');
        let output = score(root.path(), &[&arguments[..], &["--json"]].concat(), b"");
        json += &String::from_utf8(output.stdout).unwrap();
    }
    golden("score.txt", &text);
    golden("score.jsonl", &json);
}

#[test]
fn a_silent_detector_has_a_recall_of_0_and_no_precision() {
    let root = files();
    for by in BASES {
        let output =
            score(root.path(), &["--truth", "truth.jsonl", "--by", by, "--json", "-"], b"");
        let all = serde_json::from_slice::<Value>(&output.stdout).unwrap()["all"].clone();
        assert_eq!((&all["recall"], &all["f1"]), (&0.0.into(), &0.0.into()), "{by}");
        assert!(all["precision"].is_null() && all["median_delay_seconds"].is_null(), "{by}");
        let output = score(root.path(), &["--truth", "truth.jsonl", "--by", by, "-"], b"");
        let text = String::from_utf8(output.stdout).unwrap();
        let last = text.lines().find(|line| line.starts_with("all ")).unwrap();
        let cells: Vec<&str> = last.split_whitespace().collect();
        assert_eq!(cells[4..], ["0", "-", "0.000", "0.000", "-", "-"], "{text}");
    }
}

#[test]
fn the_truth_may_be_in_rotated_and_packed_files_and_the_detections_in_several_ones() {
    let root = files();
    let one = score(root.path(), &["--truth", "truth.jsonl", "--by", "lines", "alerts.jsonl"], b"");
    let (front, back) = TRUTH.split_at(TRUTH.match_indices('\n').nth(3).unwrap().0 + 1);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(front.as_bytes()).unwrap();
    fs::write(root.path().join("old.gz"), packed.finish().unwrap()).unwrap();
    fs::write(root.path().join("new"), back).unwrap();
    let (first, others) = DETECTIONS.split_at(DETECTIONS.find('\n').unwrap() + 1);
    fs::write(root.path().join("first"), first).unwrap();
    let words = ["--truth", "old.gz", "--truth", "new", "--by", "lines", "first", "-"];
    let several = score(root.path(), &words, others.as_bytes());
    assert_eq!(several.stdout, one.stdout, "{}", String::from_utf8_lossy(&several.stderr));
    let words = ["--truth", "new", "--truth", "old.gz", "--by", "lines", "first"];
    let (status, said) = refused(root.path(), &words, b"");
    let expected = "new:1: found the event `stuffing.0`, which no record before this one begins; ";
    assert!(status == 1 && said.starts_with(expected), "{said}");
}

#[test]
fn without_records_of_lines_addresses_and_lines_are_refused_with_the_key_to_set() {
    let root = tempfile::tempdir().unwrap();
    let events = TRUTH.lines().filter(|line| !line.contains(r#""record":"line""#));
    let events: String = events.flat_map(|line| [line, "\n"]).collect();
    fs::write(root.path().join("truth.jsonl"), events).unwrap();
    for by in ["addresses", "lines"] {
        let (status, said) =
            refused(root.path(), &["--truth", "truth.jsonl", "--by", by, "-"], b"");
        let expected = format!(
            "truth.jsonl: the truth has events and no records of lines, and --by {by} needs them; make it again with \
             `truth --lines run.json`, "
        );
        assert!(status == 78 && said.starts_with(&expected), "{said}");
    }
    for by in ["events", "windows"] {
        let output = score(root.path(), &["--truth", "truth.jsonl", "--by", by, "-"], b"");
        assert_eq!(output.status.code(), Some(0), "{by}");
    }
}

#[test]
fn a_wrong_line_is_said_with_its_place_and_what_would_be_right() {
    let root = files();
    fs::write(root.path().join("access.log"), "203.0.113.9 - - [02/Nov/2026").unwrap();
    let twice = format!("{TRUTH}{TRUTH}");
    fs::write(root.path().join("twice.jsonl"), twice).unwrap();
    let truth = ["--truth", "truth.jsonl"];
    let cases: [(&[&str], &str); 9] = [
        (&["--truth", "access.log", "-"], ""),
        (&["--truth", "alerts.jsonl", "-"], ""),
        (&["--truth", "twice.jsonl", "--by", "lines", "-"], ""),
        (&["--truth", "missing.jsonl", "-"], ""),
        (&[&truth[..], &["missing.jsonl"]].concat(), ""),
        (&[&truth[..], &["access.log"]].concat(), ""),
        (&[&truth[..], &["-"]].concat(), "{\"time\":9}\n{\"at\":9}\n"),
        (&[&truth[..], &["--by", "addresses", "-"]].concat(), "\n{\"time\":9}\n"),
        (&[&truth[..], &["-"]].concat(), "{\"time\":\"2026-11-02 03:00\"}\n"),
    ];
    let mut all = String::new();
    for (arguments, input) in cases {
        let (status, said) = refused(root.path(), arguments, input.as_bytes());
        assert_eq!(status, 1, "{said}");
        all += &format!("$ access-log-generator score {}\n{said}\n", arguments.join(" "));
    }
    golden("score_refused.txt", &all);
}

#[test]
fn a_truth_that_is_still_written_is_read_without_its_torn_line() {
    let root = files();
    let torn = format!("{TRUTH}{{\"record\":\"line\",\"line\":6,\"ti");
    fs::write(root.path().join("truth.jsonl"), torn).unwrap();
    let words = ["--truth", "truth.jsonl", "--json", "alerts.jsonl"];
    let output = score(root.path(), &words, b"");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let hints = report["hints"].as_array().unwrap();
    let last = hints.last().unwrap().as_str().unwrap();
    assert_eq!(last, "truth.jsonl:9: the last line is cut off and was passed over.");
}
