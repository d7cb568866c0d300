//! `verify`, run as its users run it: on logs that the binary wrote, and on what became of them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::thread;
use std::time::Duration;

use access_log_generator::inside::run_record::file::read;
use flate2::Compression;
use flate2::write::GzEncoder;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::binary;

/// A generator that says nothing.
pub fn generator(directory: &Path, output: &str) -> Command {
    let mut command = binary::generator(directory, output);
    command.arg("--quiet");
    command
}

/// So many lines of 2026-03-01 and on.
pub fn write(directory: &Path, output: &str, lines: &str) {
    let mut run = generator(directory, output);
    run.args(["--from", "2026-03-01", "--seed", "7", "--lines", lines]);
    assert!(run.status().unwrap().success());
}

/// `verify` with these arguments behind `--run`, given this on standard input.
pub fn verify(directory: &Path, arguments: &[&str], input: &[u8]) -> Output {
    binary::command(directory, "verify", &[&["--run", "logs/run.json"], arguments].concat(), input)
}

/// The status and the report, as JSON.
pub fn report(directory: &Path, arguments: &[&str], input: &[u8]) -> (i32, Value) {
    let output = verify(directory, &[&["--format", "json"], arguments].concat(), input);
    let said = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_slice(&output.stdout);
    (output.status.code().unwrap(), report.unwrap_or_else(|error| panic!("{error}: {said}")))
}

/// All access logs, as names from `directory`.
pub fn access_logs(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory.join("logs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("access.log")).map(|name| format!("logs/{name}")).collect()
}

pub fn log(directory: &Path) -> PathBuf {
    directory.join("logs/access.log")
}

/// How many lines of a run, by kind, are not as they should be: missing, doubled, out of order, altered.
pub fn faults(found: &Value) -> [u64; 4] {
    ["missing", "doubled", "out_of_order", "altered"]
        .map(|kind| found[kind]["lines"].as_u64().unwrap())
}

#[test]
fn a_log_in_rotated_files_and_archives_is_all_there_however_they_are_named() {
    let root = tempfile::tempdir().unwrap();
    let rotation = "log_rotation: {max_size_mb: 0.3, when: never, backup_count: 100}";
    write(root.path(), &format!("rate: 1000, {rotation}"), "10000");
    let mut logs = access_logs(root.path());
    assert!(logs.len() > 5 && logs.iter().any(|name| name.ends_with(".gz")), "{logs:?}");
    for _ in 0..3 {
        logs.rotate_left(2);
        let names: Vec<_> = logs.iter().map(String::as_str).collect();
        let output = verify(root.path(), &names, b"");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(
            text.starts_with("All is there: 10,000 lines expected, 10,000 received, 0 missing, "),
            "{text}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_log_is_told_and_ends_with_1() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 1000", "2000");
    let text = fs::read_to_string(log(root.path())).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    lines.insert(1_500, lines[100]);
    lines.insert(700, "not ours");
    lines.remove(500);
    let received = lines.join("\n");
    let (status, report) = report(root.path(), &["-"], received.as_bytes());
    let found = &report["runs"][0]["found"];
    assert_eq!((status, faults(found)), (1, [1, 1, 0, 0]), "{report}");
    assert_eq!(
        (found["expected"].as_u64(), report["received"].as_u64()),
        (Some(2_000), Some(2_001))
    );
    let missing = &found["missing"]["first"][0];
    assert_eq!((&missing["number"], &missing["line"]), (&501.into(), &500.into()));
    assert_eq!(missing["expected"].as_str(), text.lines().nth(500));
    assert_eq!(report["foreign"]["first"][0]["line"], 700);
    assert_eq!(report["foreign"]["first"][0]["file"], "standard input");
}

#[test]
fn lines_in_json_are_read_from_the_field_that_is_named() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 1000", "1000");
    let text = fs::read_to_string(log(root.path())).unwrap();
    let json =
        |line| serde_json::json!({"stream": 1, "log": {"original": line}}).to_string() + "\n";
    let json: String = text.lines().map(json).collect();
    let (status, good) = report(root.path(), &["--field", "log.original", "-"], json.as_bytes());
    assert_eq!((status, &good["all_there"]), (0, &Value::Bool(true)), "{good}");
    let (status, bad) = report(root.path(), &["--field", "message", "-"], json.as_bytes());
    assert_eq!(status, 1);
    assert!(bad["hints"].to_string().contains("no JSON objects with a text in the field message"));
}

#[test]
fn a_part_of_a_log_is_judged_as_a_part() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 100, timezone: Europe/Berlin", "2000");
    let text = fs::read_to_string(log(root.path())).unwrap();
    let from = text.lines().position(|line| line.contains("2026:00:00:05 +0100")).unwrap();
    let until = text.lines().position(|line| line.contains("2026:00:00:10 +0100")).unwrap();
    let part = text.lines().skip(from).take(until - from).map(|line| format!("{line}\n"));
    let part: String = part.collect();
    let span = ["--since", "2026-03-01T00:00:05", "--until", "2026-03-01T00:00:10", "-"];
    let (status, found) = report(root.path(), &span, part.as_bytes());
    assert_eq!((status, &found["received"]), (0, &(until - from).into()), "{found}");
    let (status, found) = report(root.path(), &span, text.as_bytes());
    assert_eq!((status, &found["outside"]), (0, &(2_000 - until + from).into()), "{found}");
    let (status, _) =
        report(root.path(), &["--tail-open", "--since", span[1], "-"], part.as_bytes());
    assert_eq!(status, 0);
    let (status, _) = report(root.path(), &["--since", span[1], "-"], part.as_bytes());
    assert_eq!(status, 1);
}

/// Waits until the log has so many bytes.
pub fn wait_for(process: &mut Child, directory: &Path, bytes: u64) {
    while fs::metadata(log(directory)).map_or(0, |found| found.len()) < bytes {
        assert!(process.try_wait().unwrap().is_none(), "the generator has ended");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_run_that_goes_on_is_all_there_with_the_lines_behind_its_record() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 5000").spawn().unwrap();
    wait_for(&mut run, root.path(), 500_000);
    let (status, report) = report(root.path(), &["logs/access.log"], b"");
    run.kill().unwrap();
    run.wait().unwrap();
    let found = &report["runs"][0]["found"];
    // Also where the last line was read before it was whole.
    assert_eq!(status, 0, "{report}");
    assert!(found["expected"].as_u64() >= report["runs"][0]["recorded"].as_u64(), "{report}");
}

#[test]
fn after_a_kill_and_a_restart_the_runs_are_apart_and_what_the_kill_cost_is_named() {
    let root = tempfile::tempdir().unwrap();
    let mut killed = generator(root.path(), "rate: 5000").args(["--seed", "7"]).spawn().unwrap();
    wait_for(&mut killed, root.path(), 1_000_000);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let mut next = generator(root.path(), "rate: 5000");
    assert!(next.args(["--seed", "8", "--lines", "1000"]).status().unwrap().success());
    let lines = fs::read_to_string(log(root.path())).unwrap().lines().count() as u64;
    let (status, report) = report(root.path(), &["logs/access.log"], b"");
    assert_eq!(status, 0, "{report}");
    let [killed, next] = &report["runs"].as_array().unwrap()[..] else { panic!("{report}") };
    assert_eq!(next["found"]["expected"], 1_000);
    assert_eq!(killed["found"]["expected"], lines - 1_000);
    assert_eq!(killed["found"]["unwritten"]["number"], lines - 1_000 + 1);
    assert!(killed["found"]["unwritten"]["lines"].as_u64() > Some(0));
}

#[test]
fn what_a_run_has_left_out_is_not_missing() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 2000, burst_seconds: 0").spawn().unwrap();
    let id = Pid::from_child(&run);
    wait_for(&mut run, root.path(), 100_000);
    // It does not have to fall behind the first time: it tries until it has.
    let record = root.path().join("logs/run.json");
    while read(&record).unwrap().gaps.is_empty() {
        kill_process(id, Signal::STOP).unwrap();
        thread::sleep(Duration::from_millis(600));
        kill_process(id, Signal::CONT).unwrap();
        thread::sleep(Duration::from_millis(600));
    }
    kill_process(id, Signal::TERM).unwrap();
    assert!(run.wait().unwrap().success());
    let (status, report) = report(root.path(), &["logs/access.log"], b"");
    assert_eq!(status, 0, "{report}");
}

#[test]
fn what_can_be_read_is_judged_and_what_cannot_is_named() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 1000", "2000");
    let text = fs::read(log(root.path())).unwrap();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&text).unwrap();
    let archive = encoder.finish().unwrap();
    fs::write(root.path().join("torn.gz"), &archive[..archive.len() / 2]).unwrap();
    let (status, found) = report(root.path(), &["nothing.log", "torn.gz"], b"");
    assert_eq!(status, 1);
    let run = &found["runs"][0]["found"];
    let received = run["received"].as_u64().unwrap();
    assert!((500..1_900).contains(&received), "{found}");
    // The line that the archive ends in is there in part.
    assert_eq!(run["missing"]["lines"].as_u64().unwrap() + received, 2_000, "{found}");
    let unreadable = found["unreadable"].as_array().unwrap();
    assert_eq!(unreadable[0]["file"], "nothing.log");
    assert!(unreadable[0]["error"].to_string().contains("No such file"), "{found}");
    assert_eq!(unreadable[1]["file"], "torn.gz");
}

#[test]
fn two_runs_of_one_seed_and_start_are_two_runs() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 1000", "5000");
    write(root.path(), "rate: 1000", "5000");
    let (status, found) = report(root.path(), &["logs/access.log"], b"");
    assert_eq!((status, &found["runs"][1]["found"]["received"]), (0, &5_000.into()), "{found}");
    let text = fs::read_to_string(log(root.path())).unwrap();
    let (first, second) = text.split_at(text.len() / 2);
    for (name, part) in [("one", first), ("two", second)] {
        fs::write(root.path().join(name), part).unwrap();
    }
    let (status, found) = report(root.path(), &["two", "one"], b"");
    assert_eq!(status, 0, "{found}");
    let (status, found) = report(root.path(), &["one"], b"");
    let missing = &found["runs"][1]["found"]["missing"]["lines"];
    assert_eq!((status, missing), (1, &5_000.into()), "{found}");
}

/// Makes the record as it is before the first line, as if the run had been killed soon.
fn forget_progress(directory: &Path) {
    let path = directory.join("logs/run.json");
    // Not by way of a JSON tree, which would put the configuration's keys in another order.
    let record = fs::read_to_string(&path).unwrap();
    let forgotten = record.lines().map(|line| match line.split_once(':') {
        Some(("  \"lines\"", _)) => "  \"lines\": 0,",
        Some(("  \"simulated_time\"", _)) => "  \"simulated_time\": null,",
        _ => line,
    });
    fs::write(&path, forgotten.collect::<Vec<_>>().join("\n")).unwrap();
}

#[test]
fn a_run_killed_ahead_of_the_clock_takes_nothing_from_the_whole_one_behind_it() {
    let root = tempfile::tempdir().unwrap();
    let flat_out = |seed: &str| {
        let mut run = generator(root.path(), "rate: 1000");
        run.args(["--no-wait", "--seed", seed]);
        run
    };
    let mut killed = flat_out("1").spawn().unwrap();
    // More than the next one has: its last lines have later stamps than those.
    wait_for(&mut killed, root.path(), 10_000_000);
    killed.kill().unwrap();
    killed.wait().unwrap();
    forget_progress(root.path());
    assert!(flat_out("2").args(["--lines", "20000"]).status().unwrap().success());
    let lines = fs::read_to_string(log(root.path())).unwrap().lines().count();
    let output = verify(root.path(), &["logs/access.log"], b"");
    let text = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}{error}");
    assert!(text.contains("How many lines it had still to write"), "{text}");
    let (_, report) = report(root.path(), &["logs/access.log"], b"");
    let of = |run: usize| &report["runs"][run]["found"];
    assert_eq!(
        (&of(0)["expected"], &of(1)["expected"]),
        (&(lines - 20_000).into(), &20_000.into())
    );
    let unwritten = &of(0)["unwritten"];
    assert_eq!(unwritten["number"], lines - 20_000 + 1);
    assert_eq!((&unwritten["at_least"], &unwritten["until"]), (&true.into(), &Value::Null));
}

#[test]
fn a_run_that_was_killed_before_its_first_record_is_known_by_its_lines() {
    let root = tempfile::tempdir().unwrap();
    let output = "rate: 2000, pre_warm: 2h";
    let mut run = generator(root.path(), output).spawn().unwrap();
    wait_for(&mut run, root.path(), 1_000_000);
    run.kill().unwrap();
    run.wait().unwrap();
    forget_progress(root.path());
    let next = generator(root.path(), output).args(["--lines", "1000"]).status().unwrap();
    assert!(next.success());
    let (status, found) = report(root.path(), &["logs/access.log"], b"");
    assert_eq!(status, 0, "{found}");
    let lines = fs::read_to_string(log(root.path())).unwrap().lines().count();
    assert_eq!(found["received"], lines);
}

#[test]
fn who_received_nothing_has_not_all() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 1000", "100");
    assert!(generator(root.path(), "rate: 1000").arg("--exit").status().unwrap().success());
    let (status, found) = report(root.path(), &["-"], b"");
    assert_eq!((status, &found["all_there"]), (1, &Value::Bool(false)), "{found}");
    let (status, found) = report(root.path(), &["logs/access.log"], b"");
    assert_eq!(status, 0, "{found}");
}

#[test]
fn any_character_that_a_configuration_may_have_is_found_again() {
    let root = tempfile::tempdir().unwrap();
    let agents = r#""x\x7fy", "a\u0085b", "c\u2028 d", "e\uffffg""#;
    let config = format!(
        "{{output: {{directory: logs, rate: 1000}}, user_agents: {{desktop: [{agents}], mobile: []}}}}"
    );
    let run = generator(root.path(), "")
        .env("LOG_GENERATOR_CONFIG_YAML", config)
        .args(["--no-wait", "--lines", "500"])
        .status();
    assert!(run.unwrap().success());
    let (status, found) = report(root.path(), &["logs/access.log"], b"");
    assert_eq!(status, 0, "{found}");
}

#[test]
fn damage_outside_the_span_is_not_judged_even_if_it_has_no_stamp() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 100", "2000");
    let text = fs::read_to_string(log(root.path())).unwrap();
    let line = text.lines().nth(10).unwrap();
    let text = text.replacen(line, &line.replace("/2026:", "/2x26:"), 1);
    let (status, found) =
        report(root.path(), &["--since", "2026-03-01T00:00:10Z", "-"], text.as_bytes());
    assert_eq!(status, 0, "{found}");
}

#[test]
fn what_cannot_be_judged_is_no_report() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "rate: 1000", "10");
    let said = |arguments: &[&str]| {
        let output = verify(root.path(), arguments, b"");
        assert!(output.stdout.is_empty());
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (status, error) = said(&["--since", "2026-03-02", "--until", "2026-03-01", "-"]);
    assert_eq!(status, 2);
    assert!(error.contains("is not behind --since"), "{error}");

    let record = root.path().join("logs/run.json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace("\"sha256:", "\"sha256:0")).unwrap();
    let (status, error) = said(&["logs/access.log"]);
    assert_eq!(status, 78);
    assert!(error.contains("has another digest than sha256:0"), "{error}");
    fs::write(&record, text.replace("\"rate\":1000", "\"rate\":-1")).unwrap();
    let (status, error) = said(&["logs/access.log"]);
    assert_eq!(status, 78);
    assert!(error.contains("output.rate: found -1"), "{error}");
}
