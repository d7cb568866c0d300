//! What a run says of itself at its start and at its end.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::binary::generator;

/// What a command that ends by itself says on standard error, and its exit status.
fn said(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_configuration_in_use_and_those_passed_over_are_one_line() {
    let root = tempfile::tempdir().unwrap();
    let mut run_it = generator(root.path(), "");
    let (status, stderr) = said(run_it.env_remove("LOG_GENERATOR_CONFIG_YAML").arg("--exit"));
    assert_eq!(status, 0, "{stderr}");
    let lines: Vec<&str> =
        stderr.lines().filter(|line| line.contains(" - Configuration")).collect();
    let [line] = lines[..] else { panic!("{stderr}") };
    let expected = "Configuration: the built-in default; passed over: CONFIG (not given), \
                    LOG_GENERATOR_CONFIG_YAML_B64 (not set), LOG_GENERATOR_CONFIG_YAML (not set), \
                    LOG_GENERATOR_CONFIG_PATH (not set), config/config.yaml (not there)";
    assert!(line.ends_with(expected), "{line}");
}

#[test]
fn a_start_up_test_ends_on_the_message_that_it_passed() {
    let root = tempfile::tempdir().unwrap();
    let (status, stderr) = said(generator(root.path(), "").arg("--exit"));
    assert_eq!(status, 0);
    let system = fs::read_to_string(root.path().join("logs/system.log")).unwrap();
    for text in [stderr, system] {
        assert!(text.ends_with(" - INFO - The start-up test passed\n"), "{text}");
    }
    let mut other = generator(root.path(), "");
    let (_, stderr) = said(other.args(["--no-wait", "--lines", "10"]));
    assert!(!stderr.contains("start-up test"), "{stderr}");
}

#[test]
fn a_run_that_starts_in_the_future_says_that_it_waits() {
    let root = tempfile::tempdir().unwrap();
    let mut command = generator(root.path(), "");
    let mut process = command.args(["--from", "+90m"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.contains("waiting until ")).unwrap();
    assert!(line.ends_with("Z, 1h 30m from now"), "{line}");
    kill_process(Pid::from_child(&process), Signal::TERM).unwrap();
    assert!(process.wait().unwrap().success());
    for other in [&["--from", "-1h"][..], &["--from", "+1h", "--no-wait"]] {
        let mut command = generator(root.path(), "");
        let (status, stderr) = said(command.args(["--lines", "10"]).args(other));
        assert!(status == 0 && !stderr.contains("waiting until"), "{stderr}");
    }
}

#[test]
fn a_run_warns_of_each_event_of_its_scenario_that_cannot_happen_in_it_and_of_no_other() {
    let events = "profile: shop\noutput: {directory: logs, rate: 1, health_check: {enabled: false}}\nscenario:\n\
                  - {kind: surge, name: late, at: +5h, for: 1m, multiplier: 2}\n\
                  - {kind: surge, name: early, at: 2020-01-01, for: 1m, multiplier: 2}\n\
                  - {kind: nikto, name: asked, at: on demand, for: 1m}\n\
                  - {kind: nikto, name: soon, at: +10m, for: 1m}\n";
    let root = tempfile::tempdir().unwrap();
    let warned = |arguments: &[&str]| {
        let mut command = generator(root.path(), "");
        command.env("LOG_GENERATOR_CONFIG_YAML", events).args(arguments);
        let (status, stderr) = said(&mut command);
        assert_eq!(status, 0, "{stderr}");
        let of = |line: &str| {
            let (event, _) = line.split_once(" - WARNING - The event ")?.1.split_once(' ')?;
            line.contains(" does not happen: ").then(|| event.to_owned())
        };
        stderr.lines().filter_map(of).collect::<Vec<_>>()
    };
    let hour = ["--from", "2026-11-02T00:00:00Z", "--duration", "1h"];
    assert_eq!(warned(&[&hour[..], &["--no-wait"]].concat()), ["late", "early", "asked"]);
    // This one is over before it waits, but it can be steered.
    assert_eq!(warned(&hour), ["late", "early"]);
    assert_eq!(warned(&["--exit"]), Vec::<String>::new());
    let again = ["--repeat", "logs/run.json", "--log-dir-override", "again"];
    assert_eq!(warned(&again), Vec::<String>::new());
}

/// What a run says on a standard error that is a file of which `JOURNAL_STREAM` says this.
fn said_to_a_file(output: &str, stream: impl Fn(&fs::Metadata) -> String) -> (String, String) {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("stderr");
    let file = fs::File::create(&path).unwrap();
    let stream = stream(&file.metadata().unwrap());
    let mut command = generator(root.path(), output);
    command.args(["--no-wait", "--lines", "10"]).env("JOURNAL_STREAM", stream).stderr(file);
    command.status().unwrap();
    let system = fs::read_to_string(root.path().join("logs/system.log")).unwrap_or_default();
    (fs::read_to_string(path).unwrap(), system)
}

#[test]
fn a_line_in_the_journal_has_a_priority_and_no_stamp_of_its_own() {
    let this = |file: &fs::Metadata| format!("{}:{}", file.dev(), file.ino());
    let (stderr, system) = said_to_a_file("rat: 5", this);
    assert!(
        stderr.lines().all(|line| line.starts_with("<6>") || line.starts_with("<4>")),
        "{stderr}"
    );
    assert!(stderr.contains("<4>LOG_GENERATOR_CONFIG_YAML:1:"), "{stderr}");
    assert!(stderr.lines().last().unwrap().starts_with("<6>Stopped: 10 lines"), "{stderr}");
    assert!(system.lines().all(|line| line.starts_with("20") && line.contains(" - ")), "{system}");

    let (errors, _) = said_to_a_file("rate: -1, seed: x", this);
    assert!(errors.lines().all(|line| line.starts_with("<3>")), "{errors}");
    assert_eq!(errors.lines().count(), 3, "{errors}");

    // Standard error was redirected to another file than the journal's.
    let (stderr, system) = said_to_a_file("", |file| format!("{}:{}", file.dev(), file.ino() + 1));
    assert_eq!(stderr, system);
}

#[test]
fn a_directory_that_is_a_file_is_said_to_be_one() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("logs"), "").unwrap();
    for directory in ["logs", "logs/of/today"] {
        let mut command = generator(root.path(), "");
        let (status, stderr) = said(command.args(["--log-dir-override", directory]));
        assert_eq!(status, 1);
        let last = stderr.lines().last().unwrap();
        assert!(last.contains(&format!("cannot create the directory {directory}: ")), "{last}");
        assert!(last.contains("; logs is a file and no directory: remove it, or choose"), "{last}");
    }
    assert!(Path::new(&root.path().join("logs")).is_file());
}

#[test]
fn a_history_of_which_rotation_keeps_the_end_is_a_warning_whose_figures_are_true() {
    let root = tempfile::tempdir().unwrap();
    let rotation = "rate: 5, log_rotation: {when: h, backup_count: 5, compress: false}";
    let day = ["--from", "2026-03-01T00:00:00Z", "--duration", "1d"];
    let output = generator(root.path(), rotation).args(day).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("set backup_count to 23 or more"), "{said}");
    let figure = |before: &str, behind: &str| {
        let text = said.split(before).nth(1).and_then(|rest| rest.split(behind).next()).unwrap();
        text.replace(',', "").parse::<f64>().unwrap()
    };
    let lines = |directory: &str| {
        let files =
            fs::read_dir(root.path().join(directory)).unwrap().map(|file| file.unwrap().path());
        let logs = files
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("access.log"));
        logs.map(|log| fs::read_to_string(log).unwrap().lines().count()).sum::<usize>() as f64
    };
    let (all, kept) = (figure("has about ", " lines"), figure("one: about ", " lines stay"));
    assert!((all / 432_000.0 - 1.0).abs() < 0.01, "{said}");
    assert!((kept / lines("logs") - 1.0).abs() < 0.01, "{said}");
    // One that is kept whole is worth no word.
    let hours = ["--from", "2026-03-01T00:00:00Z", "--duration", "6h"];
    let output = generator(root.path(), rotation).args(hours).output().unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains("The history has"));
}
