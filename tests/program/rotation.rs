//! Rotation, retention and the disk watch of the binary as a process, on simulated time.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use access_log_generator::inside::files::disk::Disk;
use access_log_generator::inside::files::free_space::{Bytes, FreeSpace};
use access_log_generator::inside::log_id::LogNames;
use flate2::read::GzDecoder;
use tempfile::TempDir;

/// A generator in `logs`, with the configuration that follows `output:`, and what it said.
fn generate(directory: &Path, output: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
        .current_dir(directory)
        .env_clear()
        .env("LOG_GENERATOR_CONFIG_YAML", format!("output: {{directory: logs, {output}}}"))
        .stdin(Stdio::null())
        .args(["--seed", "7", "--from", "2026-03-01T00:00:00Z"])
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The names that begin with `prefix`, sorted as they are spelt.
fn names(root: &TempDir, prefix: &str) -> Vec<String> {
    let entries = fs::read_dir(root.path().join("logs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort_unstable();
    names
}

fn content(root: &TempDir, name: &str) -> String {
    let file = File::open(root.path().join("logs").join(name)).unwrap();
    let mut reader: Box<dyn Read> =
        if name.ends_with(".gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut content = String::new();
    reader.read_to_string(&mut content).unwrap();
    content
}

/// The access log as it is without rotation.
fn unrotated(rate: &str, arguments: &[&str]) -> String {
    let root = directory();
    generate(root.path(), rate, arguments);
    content(&root, "access.log")
}

/// The hour of a line, as `[01/Mar/2026:05:`.
fn hour(line: &str) -> &str {
    let stamp = &line[line.find('[').unwrap()..];
    &stamp[.."[01/Mar/2026:05:".len()]
}

#[test]
fn of_a_simulated_day_by_the_hour_the_last_five_archives_and_the_active_file_stay() {
    let root = directory();
    let rotation = "rate: 1, log_rotation: {when: h, backup_count: 5, compress: true}";
    generate(root.path(), rotation, &["--duration", "24h"]);
    let found = names(&root, "access.log");
    assert_eq!(found.len(), 6, "{found:?}");
    let whole = unrotated("rate: 1", &["--duration", "24h"]);
    for (number, name) in found.iter().skip(1).chain(&found[..1]).enumerate() {
        let expected = format!("[01/Mar/2026:{}:", 18 + number);
        let lines: Vec<_> = whole.lines().filter(|line| hour(line) == expected).collect();
        assert!(!lines.is_empty());
        let content = content(&root, name);
        assert_eq!(content.lines().collect::<Vec<_>>(), lines, "{name}");
        let first = content.lines().next().unwrap();
        let time = &first[first.find('[').unwrap() + "[01/Mar/2026:".len()..][..8];
        let stamp = format!("access.log-20260301T{}.gz", time.replace(':', ""));
        assert!(*name == stamp || name == "access.log", "{name} begins at {time}");
    }
}

#[test]
fn the_last_messages_count_what_became_of_the_rotated_files() {
    let root = directory();
    let rotation = "rate: 1, log_rotation: {when: h, backup_count: 5, compress: true}";
    let said = generate(root.path(), rotation, &["--duration", "12h"]);
    let (_, counted) = said.split_once(" - INFO - Files rotated: ").unwrap();
    let counted = counted.lines().next().unwrap().split([',', ';']).take(3);
    let counted: Vec<usize> =
        counted.map(|count| count.rsplit(' ').next().unwrap().parse().unwrap()).collect();
    let [rotated, compressed, deleted] = counted[..] else { panic!("{said}") };
    let archives = names(&root, "").iter().filter(|name| name.ends_with(".gz")).count();
    assert_eq!(rotated, archives + deleted, "{said}");
    assert!(archives >= 10 && compressed >= archives && deleted >= 10, "{said}");
    assert!(content(&root, "system.log").contains(&format!("compressed: {compressed}, ")));
}

#[test]
fn by_size_every_file_is_full_and_together_they_are_the_stream() {
    let root = directory();
    let rotation = "rate: 1000, log_rotation: {max_size_mb: 0.1, backup_count: 1000}";
    generate(root.path(), rotation, &["--lines", "20000"]);
    // `sort -V` where the numbers are of the same length: the plain name is the shortest.
    let mut rotated = names(&root, "access.log-");
    rotated.sort_by_key(|name| name.trim_end_matches(".gz").to_owned());
    let mut whole = String::new();
    for name in &rotated {
        assert!(name.ends_with(".gz"), "{name}");
        let lines = content(&root, name);
        assert!(lines.len() <= 104_858 && lines.len() > 104_000, "{name}: {}", lines.len());
        whole += &lines;
    }
    whole += &content(&root, "access.log");
    assert!(rotated.len() > 40, "{}", rotated.len());
    assert!(whole == unrotated("rate: 1000", &["--lines", "20000"]));
}

#[test]
fn foreign_files_survive_rotation_retention_and_the_disk_watch() {
    let root = directory();
    let logs = root.path().join("logs");
    fs::create_dir(&logs).unwrap();
    let foreign = [
        "access.log.bak",
        "access.log-notes",
        "access.log-20241010T130000.txt",
        "access.log-20241010T130000.gz.old",
        "access.log-20241310T130000",
        "my-access.log-20241010T130000",
    ];
    for name in foreign {
        fs::write(logs.join(name), name).unwrap();
    }
    let outside = root.path().join("outside");
    fs::write(&outside, "theirs").unwrap();
    symlink(&outside, logs.join("access.log-20241010T130000")).unwrap();
    symlink(&outside, logs.join("error.log-20241010T130000.gz")).unwrap();
    fs::write(logs.join("access.log-20241010T120000"), "ours\n").unwrap();
    let rotation = "rate: 1000, log_rotation: {max_size_mb: 0.1, backup_count: 0}, \
                    disk_monitor: {min_free_gb: 0}";
    let said = generate(root.path(), rotation, &["--lines", "5000"]);
    assert!(said.contains(" - INFO - Disk space monitor started (min: 0.0GB, interval: 300s)"));
    for name in foreign {
        assert_eq!(fs::read_to_string(logs.join(name)).unwrap(), name);
    }
    assert_eq!(fs::read_to_string(&outside).unwrap(), "theirs");
    let links = ["access.log-20241010T130000", "error.log-20241010T130000.gz"];
    assert!(links.iter().all(|link| logs.join(link).is_symlink()));
    assert!(!logs.join("access.log-20241010T120000").exists());
}

#[test]
fn the_guides_configuration_starts_the_disk_watch_with_the_guides_message_and_the_floor_in_force() {
    let root = directory();
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/guide.yaml");
    let said = Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
        .args(["--exit", "--port", "off", "--log-dir-override", "logs"])
        .arg(guide)
        .current_dir(root.path())
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    let floor =
        FreeSpace::new(Disk, root.path().into(), LogNames::default(), None).floor().unwrap();
    let message = if floor == Bytes(1 << 30) {
        " - INFO - Disk space monitor started (min: 1.0GB, interval: 300s)\n".to_owned()
    } else {
        let floor = floor.gib();
        format!(" - INFO - Disk space monitor started (min: {floor:?}GB, interval: 300s)\n")
    };
    assert!(said.contains(&message) && content(&root, "system.log").contains(&message), "{said}");
}

#[test]
fn below_the_floor_rotated_files_go_and_then_nothing_is_written_until_the_stop() {
    let root = directory();
    let logs = root.path().join("logs");
    fs::create_dir(&logs).unwrap();
    fs::write(logs.join("access.log-20241010T120000"), "ours\n").unwrap();
    fs::write(logs.join("access.log"), "active\n").unwrap();
    let said = Command::new("timeout")
        .args(["--signal=TERM", "1", env!("CARGO_BIN_EXE_access-log-generator")])
        .current_dir(root.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env(
            "LOG_GENERATOR_CONFIG_YAML",
            "output: {directory: logs, rate: 1000, disk_monitor: {min_free_gb: 1000000}}",
        )
        .output()
        .unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert_eq!(names(&root, "access.log"), ["access.log"], "{said}");
    assert_eq!(content(&root, "access.log"), "active\n");
    let log = content(&root, "system.log");
    for expected in [
        " - WARNING - Deleted the oldest rotated files, 1 of them, ",
        " - WARNING - writing is paused: ",
        " - INFO - Stopped: 0 lines in ",
    ] {
        assert!(log.contains(expected) && said.contains(expected), "{expected}: {log}");
    }
}

#[test]
fn a_log_that_is_a_link_is_written_to_and_not_rotated_and_a_warning_says_so() {
    let root = directory();
    let logs = root.path().join("logs");
    fs::create_dir(&logs).unwrap();
    let outside = root.path().join("outside.log");
    symlink(&outside, logs.join("access.log")).unwrap();
    let rotation = "rate: 1000, log_rotation: {max_size_mb: 0.1}";
    let said = generate(root.path(), rotation, &["--lines", "5000"]);
    assert!(
        said.contains("WARNING - logs/access.log is a link or no regular file: it is not rotated"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(outside).unwrap().lines().count(), 5_000);
    assert_eq!(names(&root, "access.log"), ["access.log"]);
}
