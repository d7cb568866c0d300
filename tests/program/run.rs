//! The binary as a process: exit statuses, what it touches, and what it does when its files or its
//! standard output are not what it hoped for.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::process::{Child, Command, Output, Stdio};

use crate::binary::generator;
use rustix::process::{Pid, Signal};
use tempfile::TempDir;

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Sends SIGTERM.
fn terminate(process: &Child) {
    let id = Pid::from_child(process);
    rustix::process::kill_process(id, Signal::TERM).unwrap();
}

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The lines of 2026-03-01 and on, without waiting.
const HISTORY: [&str; 6] = ["--from", "2026-03-01T00:00:00Z", "--lines", "1000", "--seed", "7"];

#[test]
fn a_run_writes_its_lines_says_so_last_and_ends_well() {
    let root = directory();
    let (status, stdout, stderr) = run(generator(root.path(), "rate: 100").args(HISTORY));
    assert_eq!((status, stdout.as_str()), (0, ""), "{stderr}");
    let read = |name| fs::read_to_string(root.path().join("logs").join(name)).unwrap();
    assert_eq!(read("access.log").lines().count(), 1_000);
    let last = read("system.log").lines().last().unwrap().to_owned();
    assert!(last.contains(" - INFO - Stopped: 1,000 lines in "), "{last}");
    assert_eq!(stderr.lines().last().unwrap(), last);
}

/// The access log of a run with these arguments.
fn written(arguments: &[&str]) -> String {
    let root = directory();
    let mut run_it = generator(root.path(), "rate: 100, timezone: Europe/Berlin");
    let (status, _, stderr) = run(run_it.args(["--seed", "7"]).args(arguments));
    assert_eq!(status, 0, "{stderr}");
    fs::read_to_string(root.path().join("logs/access.log")).unwrap()
}

#[test]
fn a_run_until_a_time_ends_before_it() {
    let hour = written(&["--from", "2026-03-01T08:00:00", "--until", "2026-03-01T09:00:00+01:00"]);
    assert!(hour.lines().count() > 350_000 && hour.lines().count() < 370_000);
    assert!(hour.lines().all(|line| line.contains("[01/Mar/2026:08:")));
    let same = written(&["--from", "@1772348400", "--duration", "1h"]);
    assert!(hour == same);
}

#[test]
fn a_run_that_does_not_wait_writes_the_future_as_the_past() {
    let future = ["--from", "2400-01-01", "--no-wait", "--until", "2400-01-01T01:00:00"];
    let lines = written(&future);
    assert!(lines.lines().count() > 350_000);
    assert!(lines.lines().all(|line| line.contains("[01/Jan/2400:00:")));
    let first = written(&[&future[..3], &["--lines", "10000"]].concat());
    assert!(lines.starts_with(&first) && first.lines().count() == 10_000);
}

#[test]
fn a_run_of_so_many_bytes_ends_with_the_last_line_that_fits() {
    let long = written(&["--from", "2026-03-01", "--lines", "20000"]);
    for bytes in ["1MB", "1MiB"] {
        let short = written(&["--from", "2026-03-01", "--bytes", bytes]);
        let limit = if bytes == "1MB" { 1_000_000 } else { 1_048_576 };
        assert!(long.starts_with(&short) && short.ends_with('\n'));
        let next = long[short.len()..].find('\n').unwrap() + 1;
        assert!(short.len() <= limit && short.len() + next > limit, "{}", short.len());
    }
}

#[test]
fn an_end_that_is_not_behind_the_start_is_told_before_anything_is_touched() {
    let root = directory();
    let mut run_it = generator(root.path(), "rate: 100");
    let (status, _, stderr) = run(run_it.args(["--from", "2026-03-02", "--until", "2026-03-01"]));
    assert_eq!(status, 2);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    let expected = "cannot run until 2026-03-01T00:00:00Z: the run starts at 2026-03-02T00:00:00Z; \
                    name a later time";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn a_bad_configuration_is_78_and_nothing_is_created() {
    let root = directory();
    for flags in [
        &[][..],
        &["--check"],
        &["--print-config"],
        &["--exit"],
        &["--schema", "json"],
        &["--print-parser", "grok"],
    ] {
        let (status, stdout, stderr) = run(generator(root.path(), "rate: -1").args(flags));
        assert_eq!((status, stdout.as_str()), (78, ""), "{flags:?}: {stderr}");
        assert!(stderr.contains("output.rate: found -1"), "{stderr}");
    }
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn what_is_said_of_a_format_is_on_standard_output_alone_and_no_file_is_touched() {
    let root = directory();
    let format = ["--format", "%h %t \"%r\" %>s"];
    let ask = |words: &[&str]| {
        run(generator(root.path(), "error_format: nginx").args(words).args(format))
    };
    let (status, stdout, stderr) = ask(&["--schema", "json"]);
    assert_eq!((status, &*stderr), (0, ""));
    let schema: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let directive = |number: usize| schema["logs"][0]["fields"][number]["directive"].clone();
    assert_eq!([0, 1, 2, 3].map(directive), ["%h", "%t", "%r", "%>s"]);
    assert_eq!(schema["logs"][1]["format"], "nginx");
    for parser in ["grok", "vector", "fluent-bit", "goaccess", "clickhouse"] {
        let (status, stdout, stderr) = ask(&["--print-parser", parser]);
        assert_eq!((status, &*stderr, stdout.is_empty()), (0, "", false), "{parser}");
    }
    let (status, stdout, stderr) =
        run(generator(root.path(), "format: otel").args(["--print-parser", "goaccess"]));
    assert_eq!((status, &*stdout), (2, ""));
    assert!(
        stderr.contains("goaccess cannot read the format `otel`: ")
            && stderr.contains("clickhouse"),
        "{stderr}"
    );
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn what_is_said_of_a_further_log_is_by_its_own_format_and_name() {
    let root = directory();
    let further = "logs: [{file: slow.log, format: '%h %t \"%r\" %>s %D', slower_than: 1ms}, {file: o.log, format: otel}]";
    let ask = |words: &[&str]| run(generator(root.path(), further).args(words));
    let (status, stdout, stderr) = ask(&["--schema", "markdown"]);
    assert_eq!((status, &*stderr), (0, ""));
    let headings: Vec<_> = stdout.lines().filter(|line| line.starts_with("## ")).collect();
    let all = ["access.log", "error.log", "system.log", "slow.log", "o.log"];
    assert_eq!(headings, all.map(|file| format!("## {file}")));
    let (_, alone, _) = ask(&["--schema", "markdown", "--log", "slow.log"]);
    assert!(alone.starts_with("## slow.log\n\nThe format is `%h %t \"%r\" %>s %D`."), "{alone}");
    assert!(stdout.contains(&alone) && alone.matches("## ").count() == 1, "{alone}");

    let (status, stdout, stderr) = ask(&["--print-parser", "clickhouse", "--log", "slow.log"]);
    assert_eq!((status, &*stderr), (0, ""));
    assert!(stdout.contains("INSERT INTO slow_log\nFROM INFILE 'slow.log'"), "{stdout}");
    let (_, stdout, _) = ask(&["--print-parser", "clickhouse"]);
    assert!(stdout.contains("INSERT INTO access_log\nFROM INFILE 'access.log'"), "{stdout}");

    for (words, message) in [
        (&["--print-parser", "goaccess", "--log", "o.log"][..], "cannot read the format `otel`"),
        (
            &["--print-parser", "grok", "--log", "error.log"],
            "name one of access.log, slow.log, o.log",
        ),
        (
            &["--schema", "json", "--log", "x.log"],
            "name one of access.log, error.log, system.log, slow.log",
        ),
        (&["--log", "slow.log"], "--log names the log that --schema or --print-parser is about"),
    ] {
        let (status, stdout, stderr) = ask(words);
        assert_eq!((status, &*stdout), (2, ""), "{words:?}");
        assert!(stderr.contains(message), "{stderr}");
    }
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn a_page_of_an_event_that_the_site_does_not_have_is_a_warning_in_a_run_and_an_error_when_checked()
{
    let yaml = "{profile: personal, scenario: [{kind: path_down, at: +1h, for: 5m, page: /nowhere}, {kind: flash_crowd, at: +1h, for: 5m, \
                multiplier: 2, page: /posts/*}]}";
    let said = "found the page \"/nowhere\" of the event path_down, which this site does not have, so that it changes nothing";
    let ask = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
        run(command.env_clear().env("LOG_GENERATOR_CONFIG_YAML", yaml).args(words))
    };
    let (status, _, stderr) = ask(&["--check"]);
    assert_eq!(status, 78);
    assert!(stderr.contains(said) && !stderr.contains("flash_crowd"), "{stderr}");
    let (status, stdout, stderr) =
        ask(&["--stdout", "--no-wait", "--lines", "10", "--port", "off"]);
    assert_eq!((status, stdout.lines().count()), (0, 10));
    assert!(stderr.contains(said), "{stderr}");
}

#[test]
fn an_unknown_key_is_a_warning_in_a_run_and_an_error_when_checked() {
    let root = directory();
    let mut run_it = generator(root.path(), "rat: 5");
    let (status, _, stderr) = run(run_it.arg("--exit"));
    assert_eq!(status, 0);
    assert!(stderr.contains(" - WARNING - ") && stderr.contains("output.rat"), "{stderr}");
    let (status, _, stderr) = run(generator(root.path(), "rat: 5").arg("--check"));
    assert_eq!(status, 78);
    assert!(stderr.contains("did you mean rate") || stderr.contains("\"rate\""), "{stderr}");
}

#[test]
fn a_command_line_that_cannot_be_understood_is_2() {
    let root = directory();
    let (status, _, stderr) = run(generator(root.path(), "rate: 5").arg("--rat"));
    assert_eq!(status, 2);
    assert!(stderr.contains("did you mean `--rate`?"), "{stderr}");
    for from in ["1969-12-31T23:59:59Z", "2500-01-01"] {
        let (status, _, stderr) = run(generator(root.path(), "rate: 5").args(["--from", from]));
        assert_eq!(status, 2, "{stderr}");
        assert!(stderr.contains("1970 to 2499"), "{stderr}");
    }
}

#[test]
fn a_taken_port_is_told_before_any_file_is_touched() {
    let root = directory();
    let (_taken, port) = taken_port();
    let output = format!("health_check: {{address: 127.0.0.1, port: {port}}}");
    let (status, _, stderr) = run(generator(root.path(), &output).args(HISTORY));
    assert_eq!(status, 1);
    assert!(stderr.contains(&format!("cannot listen on 127.0.0.1:{port}: ")), "{stderr}");
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

/// A port that is taken, as long as the first of what is returned is there.
fn taken_port() -> (TcpListener, u16) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    (taken, port)
}

#[test]
fn a_taken_port_is_a_warning_in_a_run_that_never_waits() {
    let (_taken, port) = taken_port();
    let output = format!("health_check: {{address: 127.0.0.1, port: {port}}}");
    for never in [&["--no-wait", "--lines", "1000"][..], &["--from", "-2h", "--until", "-1h"]] {
        let root = directory();
        let (status, _, stderr) = run(generator(root.path(), &output).args(never));
        assert_eq!(status, 0, "{stderr}");
        let warning = format!(" - WARNING - cannot listen on 127.0.0.1:{port}: ");
        assert_eq!(stderr.matches(&warning).count(), 1, "{stderr}");
        assert!(stderr.contains("goes on without /health, /metrics and the status page"));
        assert!(!stderr.contains("Health check server started"), "{stderr}");
    }
    // The flag and the variable name a port as a file does.
    let output = "health_check: {address: 127.0.0.1}";
    let port = port.to_string();
    for wait in [["--lines", "1000"], ["--duration", "1h"]] {
        let root = directory();
        let (status, _, stderr) =
            run(generator(root.path(), output).args(["--port", &port]).args(wait));
        assert_eq!(status, 1, "{stderr}");
        let mut by_variable = generator(root.path(), output);
        let (status, _, stderr) = run(by_variable.env("PORT_OVERRIDE", &port).args(wait));
        assert_eq!(status, 1, "{stderr}");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_port_that_nobody_named_is_a_warning_when_it_is_taken() {
    // Where it cannot be taken here, another program has it.
    let _taken = TcpListener::bind("0.0.0.0:8080");
    let root = directory();
    let mut run_it = generator(root.path(), "");
    // Live, with the built-in configuration.
    run_it.env_remove("LOG_GENERATOR_CONFIG_YAML").args(["--lines", "3", "--rate", "1000"]);
    let (status, _, stderr) = run(&mut run_it);
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains(" - WARNING - cannot listen on 0.0.0.0:8080: "), "{stderr}");
    let access = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
    assert_eq!(access.lines().count(), 3);
}

#[test]
fn the_start_says_where_the_status_page_is() {
    let root = directory();
    let mut run_it = generator(root.path(), "");
    let (status, _, stderr) = run(run_it.args(["--port", "0", "--no-wait", "--lines", "10"]));
    assert_eq!(status, 0, "{stderr}");
    let started = stderr.split("Health check server started on port ").nth(1).unwrap();
    let port = started.lines().next().unwrap();
    assert!(stderr.contains(&format!("Status page: http://localhost:{port}/\n")), "{stderr}");
    let (status, _, stderr) = run(generator(root.path(), "health_check: {port: 0}").args([
        "--port",
        "off",
        "--no-wait",
        "--lines",
        "10",
    ]));
    assert_eq!(status, 0, "{stderr}");
    assert!(!stderr.contains("Health check server") && !stderr.contains("Status page"), "{stderr}");
}

#[cfg(target_os = "linux")] // for /dev/full
#[test]
fn a_reader_that_had_enough_is_no_failure_and_a_full_disk_is_one() {
    let root = directory();
    for flag in ["--help", "--version", "--print-config", "--check"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let closed = Stdio::from(OwnedFd::from(writer));
        let status = generator(root.path(), "rate: 5").arg(flag).stdout(closed).status().unwrap();
        assert_eq!(status.code(), Some(0), "{flag} into a closed pipe");

        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = generator(root.path(), "rate: 5").arg(flag).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{flag} onto a full disk");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("cannot write to standard output: No space left"), "{stderr}");
    }
}

#[cfg(target_os = "linux")] // for /dev/full
#[test]
fn a_standard_error_that_takes_nothing_changes_nothing() {
    let root = directory();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut run_it = generator(root.path(), "rate: 100");
    let status = run_it.args(HISTORY).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    let status =
        generator(root.path(), "rate: 100").arg("--bogus").stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(2));
}

#[test]
fn a_standard_error_that_nobody_reads_holds_nothing_up() {
    let root = directory();
    let (_reader, mut writer) = std::io::pipe().unwrap();
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    while writer.write(&[b'x'; 4096]).is_ok() {}
    rustix::io::ioctl_fionbio(&writer, false).unwrap();
    let stalled = Stdio::from(OwnedFd::from(writer));
    let mut run_it = generator(root.path(), "rate: 100");
    let status = run_it.args(HISTORY).stderr(stalled).status().unwrap();
    assert_eq!(status.code(), Some(0));
    let access = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
    assert_eq!(access.lines().count(), 1_000);
}

#[test]
fn a_disk_that_stays_full_leaves_only_whole_lines() {
    let root = directory();
    // What a limit on a file's size does is what a full disk does, in the middle of a line.
    let mut limited = Command::new("bash");
    let script = "ulimit -f 100; exec \"$0\" \"$@\"";
    limited.args(["-c", script, env!("CARGO_BIN_EXE_access-log-generator")]);
    limited.args(["--from", "2026-03-01T00:00:00Z", "--log-dir-override", "logs", "--port", "off"]);
    let mut process = limited.current_dir(root.path()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(process.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("cannot write to logs/access.log") {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "it has ended: {said}");
    }
    terminate(&process);
    assert_eq!(process.wait().unwrap().code(), Some(1));
    stderr.read_to_string(&mut said).unwrap();
    assert!(said.contains(" - INFO - Stopped: "), "{said}");
    let access = fs::read(root.path().join("logs/access.log")).unwrap();
    assert!(access.len() > 90_000 && access.ends_with(b"\n"), "{}", access.len());
}

#[test]
fn files_that_somebody_removes_are_made_again() {
    let root = directory();
    let logs = root.path().join("logs");
    let mut process = generator(root.path(), "rate: 1000").stderr(Stdio::null()).spawn().unwrap();
    let has_lines = || fs::metadata(logs.join("access.log")).is_ok_and(|file| file.len() > 0);
    let mut wait_for_lines = || {
        while !has_lines() {
            assert!(process.try_wait().unwrap().is_none(), "the generator has ended");
            std::thread::yield_now();
        }
    };
    wait_for_lines();
    fs::remove_dir_all(&logs).unwrap();
    wait_for_lines();
    terminate(&process);
    assert_eq!(process.wait().unwrap().code(), Some(0));
    let system = fs::read_to_string(logs.join("system.log")).unwrap();
    assert!(system.contains(" - WARNING - logs/access.log was taken away"), "{system}");
}

#[cfg(target_os = "linux")] // for /dev/full
#[test]
fn a_system_log_that_takes_nothing_does_not_hold_up_the_hits() {
    let root = directory();
    fs::create_dir(root.path().join("logs")).unwrap();
    symlink("/dev/full", root.path().join("logs/system.log")).unwrap();
    let (status, _, stderr) = run(generator(root.path(), "rate: 100").args(HISTORY));
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("system.log: No space left on device"), "{stderr}");
    let access = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
    assert_eq!(access.lines().count(), 1_000);
}

#[test]
fn a_named_pipe_that_nobody_reads_is_an_error_and_no_wait() {
    let root = directory();
    fs::create_dir(root.path().join("logs")).unwrap();
    let pipe = root.path().join("logs/access.log");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (status, _, stderr) = run(generator(root.path(), "rate: 100").args(HISTORY));
    assert_eq!(status, 1);
    assert!(stderr.contains("it is a named pipe without a reader"), "{stderr}");
}

#[test]
fn a_second_instance_is_refused_and_named() {
    let root = directory();
    let mut first = generator(root.path(), "rate: 100").stderr(Stdio::null()).spawn().unwrap();
    let lock = root.path().join("logs/.access-log-generator.lock");
    while !fs::read_to_string(&lock).is_ok_and(|pid| !pid.is_empty()) {
        assert!(first.try_wait().unwrap().is_none(), "the first instance has ended");
        std::thread::yield_now();
    }
    let (status, _, stderr) = run(generator(root.path(), "rate: 100").args(HISTORY));
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(status, 1);
    let expected = format!("another access-log-generator (pid {}) writes there", first.id());
    assert!(stderr.contains(&expected), "{stderr}");
}
