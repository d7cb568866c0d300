//! `--compress`: logs that are packed as they are written, by the binary as a process.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use flate2::read::MultiGzDecoder;
use tempfile::TempDir;

const LINES: &str = "20000";

/// A generator in the directory `logs`, with the configuration that follows `output:`.
fn run(root: &TempDir, output: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
        .current_dir(root.path())
        .env_clear()
        .env("LOG_GENERATOR_CONFIG_YAML", format!("output: {{directory: logs, rate: 1, {output}}}"))
        .stdin(Stdio::null())
        .args(["--seed", "7", "--from", "2026-03-01T00:00:00Z", "--lines", LINES])
        .args(arguments)
        .output()
        .unwrap()
}

/// As [`run`]; it must succeed. Returns what it said.
fn generate(root: &TempDir, output: &str, arguments: &[&str]) -> String {
    let output = run(root, output, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

fn generated(output: &str, arguments: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    generate(&root, output, arguments);
    root
}

fn content(root: &TempDir, name: &str) -> String {
    let mut text = String::new();
    let file = File::open(root.path().join("logs").join(name)).unwrap();
    if name.ends_with(".gz") {
        MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        (&file).read_to_string(&mut text).unwrap();
    }
    text
}

/// The names that begin with `prefix`, sorted.
fn names(root: &TempDir, prefix: &str) -> Vec<String> {
    let entries = fs::read_dir(root.path().join("logs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort_unstable();
    names
}

/// Whether `verify` finds all lines of the run in this file, and nothing else.
fn is_verified(root: &TempDir, name: &str) -> bool {
    let logs = root.path().join("logs");
    let verify = Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
        .arg("verify")
        .arg("--run")
        .arg(logs.join("run.json"))
        .arg(logs.join(name))
        .output()
        .unwrap();
    verify.status.success()
}

#[test]
fn a_packed_log_holds_the_lines_of_the_plain_one() {
    let plain = generated("", &["--no-wait"]);
    let packed = generated("", &["--no-wait", "--compress", "gzip"]);
    for (log, name) in [("access.log", "access.log.gz"), ("error.log", "error.log.gz")] {
        assert!(content(&packed, name) == content(&plain, log), "{log}");
    }
    assert_eq!(names(&packed, "access.log"), ["access.log.gz"]);
    assert!(content(&packed, "system.log").contains("/access.log.gz"));
    let counted = |root| {
        let messages = content(root, "system.log");
        messages.lines().find_map(|line| Some(line.split_once("In access.log: ")?.1.to_owned()))
    };
    assert!(counted(&plain).is_some());
    assert_eq!(counted(&packed), counted(&plain), "bytes are those of the lines");
}

#[test]
fn verify_reads_a_packed_log_and_tells_when_it_is_cut_off() {
    let root = generated("", &["--no-wait", "--compress", "gzip"]);
    assert!(is_verified(&root, "access.log.gz"));
    let path = root.path().join("logs/access.log.gz");
    let packed = fs::read(&path).unwrap();
    fs::write(&path, &packed[..packed.len() - 9]).unwrap();
    assert!(!is_verified(&root, "access.log.gz"));
}

#[test]
fn a_packed_log_is_rotated_at_the_same_lines_by_time() {
    let rotation = "log_rotation: {when: h, backup_count: 100, compress: false}";
    let plain = generated(rotation, &["--no-wait"]);
    let packed = generated(rotation, &["--no-wait", "--compress", "gzip"]);
    let files = names(&plain, "access.log");
    assert!(files.len() > 5, "{files:?}");
    let mut packed_files: Vec<_> = files.iter().map(|name| format!("{name}.gz")).collect();
    packed_files.sort_unstable();
    assert_eq!(names(&packed, "access.log"), packed_files);
    for name in &files {
        assert!(content(&packed, &format!("{name}.gz")) == content(&plain, name), "{name}");
    }
}

#[test]
fn the_limit_of_size_counts_what_is_on_the_disk() {
    let plain = generated("", &["--no-wait"]);
    let rotation = "log_rotation: {max_size_mb: 0.1, backup_count: 100, compress: true}";
    let packed = generated(rotation, &["--no-wait", "--compress", "gzip"]);
    let files = names(&packed, "access.log-");
    assert!(files.len() >= 2 && files.iter().all(|name| name.ends_with(".gz")), "{files:?}");
    for name in &files {
        let len = fs::metadata(packed.path().join("logs").join(name)).unwrap().len();
        assert!((30_000..=104_857).contains(&len), "{name}: {len}");
    }
    let parts = files.iter().map(|name| content(&packed, name));
    let whole: String = parts.chain([content(&packed, "access.log.gz")]).collect();
    assert!(whole == content(&plain, "access.log"));
}

#[test]
fn a_torn_member_is_cut_off_at_the_next_start_and_the_log_goes_on_behind_the_last_whole_one() {
    let arguments = ["--no-wait", "--compress", "gzip"];
    let root = generated("", &arguments);
    let path = root.path().join("logs/access.log.gz");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 1000]).unwrap();
    let said = generate(&root, "", &arguments);
    assert!(said.contains("Cut a torn last member of "), "{said}");
    let both = fs::read(&path).unwrap();
    let cut = both.len() - whole.len();
    assert!(cut < whole.len() - 1000);
    assert!(both[..cut] == whole[..cut] && both[cut..] == whole);
}

#[test]
fn a_file_that_another_program_has_packed_is_refused_and_left_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("logs/access.log.gz");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, "no member of ours").unwrap();
    let output = run(&root, "", &["--no-wait", "--compress", "gzip"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("logs/access.log.gz") && said.contains("move the file away"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), b"no member of ours");
}

#[test]
fn a_run_that_waits_refuses_before_it_touches_anything() {
    let root = tempfile::tempdir().unwrap();
    let output = run(&root, "", &["--compress", "gzip"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("add --no-wait"));
    assert!(!Path::exists(&root.path().join("logs")));
}

#[test]
fn a_repeated_run_may_be_packed_and_asks_for_a_directory_without_a_packed_log() {
    let root = generated("", &["--no-wait"]);
    let again = || {
        Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
            .current_dir(root.path())
            .args(["--repeat", "logs/run.json", "--log-dir-override", "again"])
            .args(["--compress", "gzip"])
            .output()
            .unwrap()
    };
    assert!(again().status.success());
    let mut text = String::new();
    let file = File::open(root.path().join("again/access.log.gz")).unwrap();
    MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    assert!(text == content(&root, "access.log"));
    let refused = again();
    assert!(!refused.status.success());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("again/access.log.gz"));
}
