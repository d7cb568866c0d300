//! `--stdout` and `output.destination`: lines on standard output, alone or beside the file.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use access_log_generator::inside::run_record::file::read;
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::binary::generator;

const HISTORY: [&str; 7] = ["--from", "2026-03-01", "--seed", "7", "--no-wait", "--port", "off"];

/// The program in an empty directory, without a configuration.
fn bare(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    command.current_dir(directory).env_clear().stdin(Stdio::null()).args(HISTORY);
    command
}

/// The program with a configuration that names the directory `logs`.
fn with_directory(directory: &Path, destination: &str) -> Command {
    let mut command = generator(directory, &format!("rate: 1000, destination: {destination}"));
    command.args(HISTORY);
    command
}

fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory).unwrap().next().is_none()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Starts a run with pipes, closes its standard output after the first line, and waits for its end.
fn head(mut run: Command) -> (String, Output) {
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(run.stdout.take().unwrap()).read_line(&mut first).unwrap();
    (first, run.wait_with_output().unwrap())
}

/// What verify says of received lines.
fn verify(directory: &Path, received: &[u8]) -> Output {
    fs::write(directory.join("received.log"), received).unwrap();
    let mut verify = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    verify.current_dir(directory).args(["verify", "--run", "logs/run.json", "received.log"]);
    verify.output().unwrap()
}

#[test]
fn without_a_directory_no_file_is_written_and_no_message_names_one() {
    let root = tempfile::tempdir().unwrap();
    let output = bare(root.path()).args(["--stdout", "--lines", "10"]).output().unwrap();
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 10);
    assert!(is_empty(root.path()));
    for name in ["access.log", "error.log", "system.log", "run.json", "./logs"] {
        assert!(!said.contains(name), "{name}: {said}");
    }
    assert!(said.contains("Logs will be written to: standard output"), "{said}");
    assert!(said.contains("On standard output: 10 lines, "), "{said}");
}

#[test]
fn the_command_that_a_run_without_files_names_makes_its_lines_again() {
    let root = tempfile::tempdir().unwrap();
    let first = bare(root.path()).args(["--stdout", "--lines", "50"]).output().unwrap();
    let said = said(&first);
    let (_, command) =
        said.split_once("To repeat the run, with the same settings and end: ").unwrap();
    let words: Vec<_> = command.lines().next().unwrap().split(' ').collect();
    assert_eq!(words[..2], ["access-log-generator", "--stdout"]);
    let mut again = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    again.current_dir(root.path()).env_clear().args(&words[1..]);
    let again = again.args(["--no-wait", "--port", "off", "--lines", "50"]).output().unwrap();
    assert!(first.stdout == again.stdout);
}

#[test]
fn a_reader_that_has_had_enough_ends_the_run_with_status_0_and_without_a_complaint() {
    let root = tempfile::tempdir().unwrap();
    for destination in ["stdout", "both"] {
        let mut run = with_directory(root.path(), destination);
        run.args(["--lines", "100000000", "--quiet"]);
        let (line, output) = head(run);
        assert!(line.contains("\"GET ") || line.contains("\"POST "), "{line}");
        assert_eq!((output.status.code(), &*said(&output)), (Some(0), ""), "{destination}");
        let record = read(&root.path().join("logs/run.json")).unwrap();
        assert!(record.ended && record.failure.is_none() && record.gaps.is_empty(), "{record:?}");
        if destination == "both" {
            let file = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
            assert!(file.starts_with(&line) && file.ends_with('\n'));
            assert_eq!(record.lines as usize, file.lines().count());
        }
    }
    let mut run = bare(root.path());
    run.args(["--stdout", "--lines", "100000000"]);
    let (_, output) = head(run);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(" - INFO - The reader of standard output has had enough"), "{said}");
    assert!(!said.contains("ERROR") && !said.contains("WARNING"), "{said}");
}

#[test]
fn both_are_the_same_bytes_and_a_run_into_a_file_has_them_too() {
    let root = tempfile::tempdir().unwrap();
    let run = |destination: &str| {
        let mut run = with_directory(root.path(), destination);
        let output = run.args(["--lines", "20000"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let file = fs::read(root.path().join("logs/access.log")).unwrap_or_default();
        let names = names(&root.path().join("logs"));
        fs::remove_dir_all(root.path().join("logs")).unwrap();
        (output.stdout, file, names)
    };
    let (printed, file, _) = run("both");
    assert!(!file.is_empty() && printed == file);
    assert!(run("files").1 == file);
    let (printed, _, names) = run("stdout");
    assert!(printed == file);
    assert_eq!(names, ["error.log", "run.json", "system.log"]);
}

#[test]
fn verify_judges_what_standard_output_delivered_as_it_does_a_file() {
    let root = tempfile::tempdir().unwrap();
    let mut run = with_directory(root.path(), "stdout");
    let delivered = run.args(["--lines", "5000"]).output().unwrap().stdout;
    let whole = verify(root.path(), &delivered);
    assert_eq!(whole.status.code(), Some(0), "{}", String::from_utf8_lossy(&whole.stdout));
    let second = delivered.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let short = verify(root.path(), &delivered[second..]);
    assert_eq!(short.status.code(), Some(1), "{}", String::from_utf8_lossy(&short.stdout));
}

#[test]
fn a_recorded_run_is_repeated_to_standard_output_and_one_of_standard_output_into_files() {
    let root = tempfile::tempdir().unwrap();
    let mut run = with_directory(root.path(), "stdout");
    let delivered = run.args(["--lines", "3000"]).output().unwrap().stdout;
    let repeat = |words: &[&str]| {
        let mut repeat = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
        repeat.current_dir(root.path()).env_clear().args(["--repeat", "logs/run.json"]);
        repeat.args(words).output().unwrap()
    };
    let printed = repeat(&["--stdout"]);
    assert_eq!(printed.status.code(), Some(0), "{}", said(&printed));
    assert!(printed.stdout == delivered);
    assert_eq!(names(root.path()), ["logs"]);
    let into_files = repeat(&["--log-dir-override", "again"]);
    assert_eq!(into_files.status.code(), Some(0), "{}", said(&into_files));
    assert!(fs::read(root.path().join("again/access.log")).unwrap() == delivered);
    assert!(into_files.stdout.is_empty());
}

#[test]
fn the_environment_names_a_destination_and_a_wrong_one_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let run = |value: &str| {
        let mut run = bare(root.path());
        run.env("DESTINATION_OVERRIDE", value).args(["--lines", "5"]).output().unwrap()
    };
    assert_eq!(run("stdout").stdout.iter().filter(|byte| **byte == b'\n').count(), 5);
    let refused = run("stdin");
    assert_eq!(refused.status.code(), Some(78));
    assert!(
        said(&refused).contains(
            "DESTINATION_OVERRIDE: found \"stdin\", expected \"files\", \"stdout\" or \"both\""
        ),
        "{}",
        said(&refused)
    );
    assert!(is_empty(root.path()));
    assert_eq!(run("both").stdout, fs::read(root.path().join("logs/access.log")).unwrap());
}

#[test]
fn the_summary_is_on_standard_error_where_lines_are_on_standard_output() {
    let root = tempfile::tempdir().unwrap();
    let mut run = bare(root.path());
    let output =
        run.args(["--stdout", "--lines", "10", "-q", "--summary", "json"]).output().unwrap();
    let summary: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(summary["total_logs_generated"], 10);
    assert_eq!(
        (&summary["access_bytes"], &summary["output_directory"]),
        (&output.stdout.len().into(), &Value::Null)
    );
    assert_eq!(
        (&summary["error_lines"], &summary["bytes_written"]),
        (&0.into(), &summary["access_bytes"])
    );
}

#[test]
fn standard_output_that_was_closed_is_named_in_a_warning() {
    let root = tempfile::tempdir().unwrap();
    let run = |redirected: &str| {
        let run = bare(root.path());
        let mut shell = Command::new("sh");
        let script = format!("exec \"$0\" \"$@\" {redirected}");
        shell.args(["-c", &script]).arg(run.get_program()).args(run.get_args());
        shell.current_dir(root.path()).args(["--stdout", "-q", "--lines", "5"]).output().unwrap()
    };
    let closed = run(">&-");
    assert_eq!(closed.status.code(), Some(0));
    assert!(said(&closed).contains("Standard output was closed at the start"), "{}", said(&closed));
    assert_eq!(said(&run("> /dev/null")), "");
}

#[test]
fn a_pipe_that_does_not_block_is_waited_for() {
    let root = tempfile::tempdir().unwrap();
    let (mut reader, writer) = std::io::pipe().unwrap();
    fcntl_setfl(&writer, OFlags::NONBLOCK).unwrap();
    let mut run = bare(root.path());
    run.args(["--stdout", "-q", "--lines", "20000"]).stdout(writer);
    let mut process = run.spawn().unwrap();
    // The command holds the other end of the pipe.
    drop(run);
    let mut delivered = Vec::new();
    reader.read_to_end(&mut delivered).unwrap();
    assert!(process.wait().unwrap().success());
    assert_eq!(delivered.iter().filter(|byte| **byte == b'\n').count(), 20_000);
}

#[test]
fn a_second_signal_ends_a_run_whose_reader_stands_still() {
    let root = tempfile::tempdir().unwrap();
    let mut run = bare(root.path());
    // A batch of such lines has four megabytes.
    let long = format!("%h {}", "x".repeat(2_000));
    run.args(["--stdout", "--lines", "100000000", "--format", &long]);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut messages = BufReader::new(run.stderr.take().unwrap()).lines();
    let mut wait_for = |text: &str| {
        let found = messages.by_ref().any(|line| line.unwrap().contains(text));
        assert!(found, "{text}");
    };
    let signal = |run: &Child| kill_process(Pid::from_child(run), Signal::TERM).unwrap();
    // Once a byte is there, the rest of its batch is on the way, and that is more than the megabyte that a pipe holds.
    run.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    signal(&run);
    wait_for("SIGTERM: stopping");
    // The echo of a signal is none; what comes later is a second one.
    let status = loop {
        signal(&run);
        if let Some(status) = run.try_wait().unwrap() {
            break status;
        }
        std::thread::yield_now();
    };
    assert_eq!(status.code(), Some(130));
}

#[test]
fn a_live_line_is_there_as_soon_as_it_is_due() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 20, burst_seconds: 0, destination: stdout");
    let mut run =
        run.args(["--port", "off"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    // A buffer of a page would hold the first twenty of them back until the end, which never comes.
    for _ in 0..3 {
        assert!(!lines.next().unwrap().unwrap().is_empty());
    }
    kill_process(Pid::from_child(&run), Signal::TERM).unwrap();
    for line in lines {
        line.unwrap();
    }
    assert!(run.wait().unwrap().success());
}
