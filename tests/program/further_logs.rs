//! `output.logs`: further logs of the same hits, each with its own selection and format, by the binary as a process.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary;
use crate::verify::{faults, generator, report, verify, wait_for, write};

/// What a hit is selected by, in a line of each log.
const FORMAT: &str = "format: '%t %s %D %v %a %U %{X-Request-Id}o'";

fn lines(directory: &Path, log: &str) -> Vec<String> {
    let text = fs::read_to_string(directory.join("logs").join(log)).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "{log}");
    text.lines().map(str::to_owned).collect()
}

/// The names of all files of a log.
fn files_of(directory: &Path, log: &str) -> Vec<String> {
    let entries = fs::read_dir(directory.join("logs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(log)).map(|name| format!("logs/{name}")).collect()
}

fn judged(directory: &Path, files: &[String]) -> (i32, Value) {
    report(directory, &files.iter().map(String::as_str).collect::<Vec<_>>(), b"")
}

#[test]
fn each_log_has_exactly_the_hits_of_access_log_that_it_selects() {
    /// A test of status, microseconds, host, remote host and path.
    type Test = fn(u16, u64, &str, &str, &str) -> bool;
    const SELECTIONS: [(&str, Test); 12] = [
        ("", |_, _, _, _, _| true),
        ("status: errors", |status, _, _, _, _| status >= 400),
        ("status: 2xx", |status, _, _, _, _| status / 100 == 2),
        ("status: 3xx", |status, _, _, _, _| status / 100 == 3),
        ("status: 4XX", |status, _, _, _, _| status / 100 == 4),
        ("status: 5xx", |status, _, _, _, _| status / 100 == 5),
        ("status: 1xx", |_, _, _, _, _| false),
        ("host: WWW.example.com", |_, _, host, _, _| host == "www.example.com"),
        ("remote_host: 64.0.0.0/3", |_, _, _, remote, _| {
            (64..96).contains(&remote.split('.').next().unwrap().parse::<u8>().unwrap())
        }),
        ("path_prefix: /products", |_, _, _, _, path| path.starts_with("/products")),
        ("slower_than: 120ms", |_, time, _, _, _| time >= 120_000),
        ("status: 2xx, path_prefix: /pro, slower_than: 50ms", |status, time, _, _, path| {
            status / 100 == 2 && path.starts_with("/pro") && time >= 50_000
        }),
    ];
    let logs: Vec<_> = SELECTIONS
        .iter()
        .enumerate()
        .map(|(number, (conditions, _))| format!("{{file: {number}.log, {FORMAT}, {conditions}}}"))
        .collect();
    let root = tempfile::tempdir().unwrap();
    let output = format!("directory: logs, rate: 1000, {FORMAT}, logs: [{}]", logs.join(", "));
    let rates = "global_500_rate: 0.02, product_404_rate: 0.02, redirect_301: 0.05";
    let mut run = generator(root.path(), "");
    run.env(
        "LOG_GENERATOR_CONFIG_YAML",
        format!("{{output: {{{output}}}, error_rates: {{{rates}}}}}"),
    );
    run.args(["--no-wait", "--from", "2026-03-01", "--seed", "7", "--lines", "20000"]);
    assert!(run.status().unwrap().success());
    let all = lines(root.path(), "access.log");
    assert_eq!(all.len(), 20_000);
    for (number, (conditions, holds)) in SELECTIONS.iter().enumerate() {
        let is_selected = |line: &&String| {
            let fields: Vec<_> = line.split_once("] ").unwrap().1.split(' ').collect();
            let [status, time, host, remote, path, _] = fields[..] else { panic!("{line}") };
            holds(status.parse().unwrap(), time.parse().unwrap(), host, remote, path)
        };
        let expected: Vec<_> = all.iter().filter(is_selected).cloned().collect();
        assert!(lines(root.path(), &format!("{number}.log")) == expected, "{conditions}");
        if conditions.contains("1xx") {
            assert!(expected.is_empty());
        } else if !conditions.is_empty() {
            assert!(expected.len() > 20, "{conditions}: {}", expected.len());
        }
        let (status, report) = judged(root.path(), &[format!("logs/{number}.log")]);
        assert_eq!((status, &report["received"]), (0, &expected.len().into()), "{report}");
    }
}

const SEVERAL: &str = "rate: 1000, logs: [{file: errors-json.log, format: json, status: errors}, \
                       {file: slow.log, format: '%h %t \"%r\" %D', slower_than: 80ms}, {file: copy.log}]";

#[test]
fn a_lost_line_of_a_further_log_is_found_by_its_own_selection_and_format() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), SEVERAL, "20000");
    assert_eq!(lines(root.path(), "copy.log"), lines(root.path(), "access.log"));
    for log in ["errors-json.log", "slow.log", "copy.log"] {
        let mut rest = lines(root.path(), log);
        let count = rest.len();
        assert!(count > 500, "{log}: {count}");
        let lost = rest.remove(count / 2);
        let received = rest.join("\n") + "\n";
        let (status, report) = report(root.path(), &["--log", log, "-"], received.as_bytes());
        let found = &report["runs"][0]["found"];
        assert_eq!((status, faults(found)), (1, [1, 0, 0, 0]), "{report}");
        assert_eq!((&report["log"], &found["expected"]), (&log.into(), &count.into()));
        let missing = &found["missing"]["first"][0];
        assert_eq!(
            (&missing["number"], &missing["expected"]),
            (&(count / 2 + 1).into(), &lost.into())
        );
    }
    // Behind the times that are not judged, lines keep their numbers.
    let since = ["--since", "2026-03-01T00:00:10Z", "logs/slow.log"];
    let (status, found) = report(root.path(), &since, b"");
    assert_eq!(status, 0, "{found}");
    assert!(found["outside"].as_u64() > Some(100), "{found}");
    let last = &found["runs"][0]["found"]["last_number"];
    assert_eq!(last, &lines(root.path(), "slow.log").len(), "{found}");
}

#[test]
fn a_log_that_verify_cannot_judge_is_named() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "logs: [{file: untimed.log, format: '%h %r'}, {file: slow.log}]", "100");
    for (arguments, status, said) in [
        (&["logs/untimed.log"][..], 78, "the lines of untimed.log show no time to the second"),
        (&["--log", "error.log", "x"], 2, "--log error.log: verify cannot judge it"),
        (
            &["--log", "fast.log", "x"],
            2,
            "no run of the record has it; name one of access.log, untimed.log, slow.log",
        ),
        (&["logs/access.log", "logs/slow.log"], 2, "judge one log at a time"),
    ] {
        let output = verify(root.path(), arguments, b"");
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
}

#[test]
fn further_logs_are_rotated_compressed_and_deleted_as_access_log_is() {
    let root = tempfile::tempdir().unwrap();
    let rotation = "log_rotation: {max_size_mb: 0.1, when: never, backup_count: 100}";
    write(root.path(), &format!("{SEVERAL}, {rotation}"), "20000");
    for (log, least) in [("errors-json.log", 3), ("slow.log", 2), ("copy.log", 20)] {
        let files = files_of(root.path(), log);
        let archives = files.iter().filter(|name| name.ends_with(".gz")).count();
        assert!(archives >= least && archives + 1 == files.len(), "{files:?}");
        let (status, report) = judged(root.path(), &files);
        assert_eq!((status, &report["log"]), (0, &log.into()), "{report}");
    }
    let few = tempfile::tempdir().unwrap();
    let rotation = "log_rotation: {max_size_mb: 0.1, when: never, backup_count: 2}";
    write(few.path(), &format!("{SEVERAL}, {rotation}"), "20000");
    for log in ["access.log", "errors-json.log", "copy.log"] {
        assert_eq!(files_of(few.path(), log).len(), 3, "{log}");
    }
}

#[test]
fn every_file_of_a_further_log_begins_with_the_header_of_its_format() {
    let root = tempfile::tempdir().unwrap();
    let logs = "logs: [{file: errors.log, format: w3c, status: errors}]";
    let rotation =
        "log_rotation: {max_size_mb: 0.1, when: never, compress: false, backup_count: 100}";
    write(root.path(), &format!("rate: 1000, {logs}, {rotation}"), "20000");
    let files = files_of(root.path(), "errors.log");
    assert!(files.len() > 2, "{files:?}");
    for file in &files {
        let text = fs::read_to_string(root.path().join(file)).unwrap();
        assert!(text.starts_with("#Software: "), "{file}: {text}");
    }
    let (status, report) = judged(root.path(), &files);
    assert_eq!(status, 0, "{report}");
}

#[test]
fn further_logs_are_written_compressed_and_made_again_as_access_log_is() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), SEVERAL);
    run.args(["--no-wait", "--seed", "7", "--from", "2026-03-01", "--lines", "20000"]);
    assert!(run.args(["--compress", "gzip"]).status().unwrap().success());
    let (status, report) = judged(root.path(), &["logs/errors-json.log.gz".to_owned()]);
    assert_eq!((status, &report["log"]), (0, &"errors-json.log".into()), "{report}");
    let mut again = generator(root.path(), "rate: 1");
    again.args(["--repeat", "logs/run.json", "--log-dir-override", "again"]);
    assert!(again.status().unwrap().success());
    let again = fs::read_to_string(root.path().join("again/errors-json.log")).unwrap();
    let unpacked = fs::File::open(root.path().join("logs/errors-json.log.gz")).unwrap();
    let unpacked = std::io::read_to_string(flate2::read::MultiGzDecoder::new(unpacked)).unwrap();
    assert!(again == unpacked && again.lines().count() > 500);
}

#[test]
fn after_a_kill_and_a_restart_a_further_log_has_whole_lines_and_lacks_none() {
    let root = tempfile::tempdir().unwrap();
    let logs = "rate: 5000, logs: [{file: errors.log, status: errors, format: json}]";
    let mut killed = generator(root.path(), logs).args(["--seed", "7"]).spawn().unwrap();
    wait_for(&mut killed, root.path(), 1_000_000);
    let (status, live) = judged(root.path(), &["logs/errors.log".to_owned()]);
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(status, 0, "{live}");
    // As a kill within a write leaves it.
    let path = root.path().join("logs/errors.log");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.trim_end_matches('\n').to_owned() + "\n{\"time\":\"2026").unwrap();
    let mut next = generator(root.path(), logs);
    assert!(next.args(["--seed", "8", "--lines", "2000"]).status().unwrap().success());
    let count = lines(root.path(), "errors.log").len();
    let (status, report) = judged(root.path(), &["logs/errors.log".to_owned()]);
    assert_eq!((status, &report["received"]), (0, &count.into()), "{report}");
    let [killed, next] = &report["runs"].as_array().unwrap()[..] else { panic!("{report}") };
    let expected = |run: &Value| run["found"]["expected"].as_u64().unwrap();
    assert_eq!(expected(killed) + expected(next), count as u64, "{report}");
    assert!(expected(killed) > 20 && expected(next) > 20, "{report}");
}

#[test]
fn beside_standard_output_further_logs_are_files_if_there_is_a_directory() {
    let root = tempfile::tempdir().unwrap();
    let run =
        ["-q", "--stdout", "--no-wait", "--lines", "500", "--seed", "7", "--from", "2026-03-01"];
    let logs = "logs: [{file: copy.log}]";
    let mut with = binary::generator(root.path(), logs);
    let output = with.args(run).output().unwrap();
    assert!(output.status.success());
    let copy = fs::read(root.path().join("logs/copy.log")).unwrap();
    assert!(copy == output.stdout && !root.path().join("logs/access.log").exists());
    let without = tempfile::tempdir().unwrap();
    let mut command = binary::generator(without.path(), "");
    command.env("LOG_GENERATOR_CONFIG_YAML", format!("output: {{{logs}}}"));
    let output = command.args(run).output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout.split(|byte| *byte == b'\n').count(), 501);
    assert_eq!(fs::read_dir(without.path()).unwrap().count(), 0);
}

#[test]
fn a_summary_counts_what_is_in_further_logs() {
    let root = tempfile::tempdir().unwrap();
    let mut run = binary::generator(root.path(), SEVERAL);
    run.args(["-q", "--no-wait", "--lines", "5000", "--summary", "json"]);
    let summary: Value = serde_json::from_slice(&run.output().unwrap().stdout).unwrap();
    for log in ["errors-json", "slow", "copy"] {
        let text = fs::read_to_string(root.path().join(format!("logs/{log}.log"))).unwrap();
        let counted = &summary["further_logs"][log];
        assert_eq!(counted["lines"], text.lines().count(), "{summary}");
        assert_eq!(counted["bytes"], text.len(), "{summary}");
    }
}
