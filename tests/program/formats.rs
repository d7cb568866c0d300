//! `--format` and `output.error_format`, by the binary as a process: what is written in any format can be verified.

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Every named format, and strings of both servers.
const FORMATS: [&str; 21] = [
    "combined",
    "common",
    "vhost_combined",
    "combined_io",
    "nginx",
    "json",
    "ecs",
    "otel",
    "logfmt",
    "w3c",
    "alb",
    "cloudfront",
    "traefik",
    "caddy",
    "haproxy",
    "rfc3164",
    "rfc5424",
    "%h %{%d.%m.%Y}t %{%H:%M:%S}t %D %{sec}t",
    "$msec $request_id $uri",
    "log_format x escape=json '{\"t\":\"$time_iso8601\",'\n '\"u\":\"$request_uri\"}';",
    "LogFormat \"%h \\\"%r\\\" %{usec}t\" short",
];

fn generator(root: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
        .current_dir(root.path())
        .env_clear()
        .env("LOG_GENERATOR_CONFIG_YAML", "output: {directory: logs, timezone: America/St_Johns}")
        .stdin(Stdio::null())
        .args(arguments)
        .output()
        .unwrap()
}

/// A run of 3,000 lines in a format.
fn run(root: &TempDir, format: &str) -> Output {
    let run =
        ["-q", "--no-wait", "--seed", "7", "--from", "2026-03-01T00:00:00Z", "--lines", "3000"];
    generator(root, &[&run[..], &["--format", format]].concat())
}

/// What `verify` says of received lines.
fn verified(root: &TempDir, received: &str) -> (Value, Output) {
    fs::write(root.path().join("received"), received).unwrap();
    let verify = ["verify", "--run", "logs/run.json", "--format", "json", "received"];
    let output = generator(root, &verify);
    (serde_json::from_slice(&output.stdout).unwrap_or_default(), output)
}

#[test]
fn a_lost_line_is_found_in_every_format_that_shows_the_second() {
    for format in FORMATS {
        let root = tempfile::tempdir().unwrap();
        let done = run(&root, format);
        assert!(done.status.success(), "{format}: {}", String::from_utf8_lossy(&done.stderr));
        let text = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), 3_000, "{format}");
        let (report, _) = verified(&root, &text);
        assert_eq!(report["all_there"], true, "{format}: {report}");
        let rest = [&lines[..1_700], &lines[1_701..]].concat().join("\n") + "\n";
        let (report, output) = verified(&root, &rest);
        assert_eq!(report["runs"][0]["found"]["missing"]["lines"], 1, "{format}: {report}");
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
}

#[test]
fn verify_says_so_if_lines_show_no_second() {
    let root = tempfile::tempdir().unwrap();
    assert!(run(&root, "%h %{%H:%M}t %r").status.success());
    let text = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
    let (_, output) = verified(&root, &text);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("show no time to the second"), "{said}");
    assert_eq!(output.status.code(), Some(78));
}

#[test]
fn a_run_is_repeated_in_the_format_that_it_had() {
    let root = tempfile::tempdir().unwrap();
    assert!(run(&root, "ecs").status.success());
    let repeat = ["-q", "--repeat", "logs/run.json", "--log-dir-override", "again"];
    assert!(generator(&root, &repeat).status.success());
    let read = |directory: &str| fs::read(root.path().join(directory).join("access.log")).unwrap();
    assert!(read("logs") == read("again"));
}

#[test]
fn a_wrong_format_is_marked_and_nothing_is_started() {
    let root = tempfile::tempdir().unwrap();
    let output = run(&root, "%h %Q");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("\n    %h %Q\n       ^^"), "{said}");
    assert_eq!(output.status.code(), Some(2));
    assert!(!root.path().join("logs").exists());
}
