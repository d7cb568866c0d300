//! The header of formats such as `w3c`, by the binary as a process: each new file begins with it, and it is no hit.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::binary::generator;

const LINES: usize = 3_000;
/// How many lines the header of each format has.
const FORMATS: [(&str, usize); 2] = [("w3c", 4), ("cloudfront", 2)];
const ROTATION: &str = "log_rotation: {max_size_mb: 0.1, backup_count: 100, compress: false}";

/// A run of 3,000 lines from a second on that is 22:30 of the day before in the log's zone.
fn run(directory: &Path, format: &str, output: &str, arguments: &[&str]) -> Output {
    run_of(directory, format, output, ("2026-03-02T03:30:00Z", LINES), arguments)
}

/// A run from a time on, of so many lines.
fn run_of(
    directory: &Path,
    format: &str,
    output: &str,
    (from, lines): (&str, usize),
    arguments: &[&str],
) -> Output {
    let output = format!("rate: 20, timezone: America/New_York, format: {format}, {output}");
    let mut command = generator(directory, &output);
    command.args(["-q", "--seed", "7", "--no-wait", "--from", from, "--lines", &lines.to_string()]);
    let done = command.args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done
}

/// The files of access.log in a directory with their names, the oldest first.
fn files(directory: &Path) -> Vec<(String, String)> {
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("access.log"));
    names.sort_by_key(|name| (name == "access.log", name.clone()));
    let text = |name: &String| fs::read_to_string(directory.join(name)).unwrap();
    names.iter().map(|name| (name.clone(), text(name))).collect()
}

fn verify(directory: &Path, received: &str) -> Value {
    fs::write(directory.join("received.log"), received).unwrap();
    let mut verify = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    verify.current_dir(directory).args(["verify", "--run", "logs/run.json", "--format", "json"]);
    serde_json::from_slice(&verify.arg("received.log").output().unwrap().stdout).unwrap()
}

fn is_header(line: &&str) -> bool {
    line.starts_with('#')
}

#[test]
fn every_file_of_a_rotation_begins_with_its_header_and_is_written_again_to_the_byte() {
    for (format, header) in FORMATS {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), format, ROTATION, &[]);
        let files = files(&root.path().join("logs"));
        assert!(files.len() > 3, "{format}: {}", files.len());
        let hits: usize = files.iter().map(|(_, text)| text.lines().count() - header).sum();
        assert_eq!(hits, LINES, "{format}");
        for (name, text) in &files {
            assert!(text.len() <= 104_857, "{name}: {}", text.len());
            assert!(text.lines().take(header).all(|line| is_header(&line)), "{name}");
            assert_eq!(text.lines().filter(is_header).count(), header, "{name}");
            let first = text.lines().nth(header).unwrap().replace('\t', " ");
            if let Some(date) = text.lines().find_map(|line| line.strip_prefix("#Date: ")) {
                assert_eq!(date, &first[..19], "{name}");
            }
        }
        let repeat = ["-q", "--repeat", "logs/run.json", "--log-dir-override", "again"];
        assert!(generator(root.path(), "").args(repeat).status().unwrap().success());
        assert!(self::files(&root.path().join("again")) == files, "{format}");
    }
}

#[test]
fn verify_passes_over_headers_and_counts_them_in_the_places_of_what_it_finds() {
    for (format, _) in FORMATS {
        let root = tempfile::tempdir().unwrap();
        run(root.path(), format, ROTATION, &[]);
        let whole: String =
            files(&root.path().join("logs")).into_iter().map(|(_, text)| text).collect();
        let report = verify(root.path(), &whole);
        assert_eq!(report["all_there"], true, "{format}: {report}");
        assert_eq!(report["received"], LINES, "{format}: {report}");
        let mut lines: Vec<_> = whole.lines().collect();
        let headers = lines.iter().filter(|line| is_header(line)).count();
        assert!(headers > 6, "{format}: {headers}");
        // The last line is altered, and the one before is foreign.
        let last = lines.len() - 1;
        let altered = format!("{}?", lines[last]);
        lines[last] = &altered;
        lines.insert(last, "no line of a log");
        let report = verify(root.path(), &lines.join("\n"));
        let found = &report["runs"][0]["found"]["altered"];
        assert_eq!(found["first"][0]["line"], last + 2, "{format}: {report}");
        let foreign = &report["foreign"];
        assert_eq!(foreign["lines"], 1, "{format}: {report}");
        assert_eq!(foreign["first"][0]["line"], last + 1, "{format}: {report}");
    }
}

#[test]
fn standard_output_has_the_header_once_and_every_hit_that_was_asked_for() {
    for (format, header) in FORMATS {
        let root = tempfile::tempdir().unwrap();
        let both = run(root.path(), format, "destination: both", &[]);
        let text = String::from_utf8(both.stdout).unwrap();
        assert_eq!(text, fs::read_to_string(root.path().join("logs/access.log")).unwrap());
        assert_eq!(text.lines().take_while(is_header).count(), header, "{format}");
        assert_eq!(text.lines().filter(|line| !is_header(line)).count(), LINES, "{format}");
    }
}

#[test]
fn lines_that_are_appended_to_a_file_get_no_second_header() {
    let root = tempfile::tempdir().unwrap();
    run(root.path(), "w3c", "", &[]);
    run_of(root.path(), "w3c", "", ("2026-03-03T03:30:00Z", LINES), &[]);
    let text = fs::read_to_string(root.path().join("logs/access.log")).unwrap();
    assert_eq!(text.lines().filter(is_header).count(), 4);
    assert_eq!(text.lines().count(), 2 * LINES + 4);
    assert_eq!(verify(root.path(), &text)["all_there"], true);
}

#[test]
fn a_run_that_goes_on_after_a_kill_has_one_whole_header_wherever_the_kill_tore_the_file() {
    let root = tempfile::tempdir().unwrap();
    let run = || run_of(root.path(), "w3c", "", ("2026-03-02T03:30:00Z", 1), &[]);
    run();
    let path = root.path().join("logs/access.log");
    let text = fs::read_to_string(&path).unwrap();
    for torn in
        [1, 30, text.find("#Fields").unwrap(), text.find("2026-03-02 03").unwrap(), text.len() - 1]
    {
        fs::write(&path, &text[..torn]).unwrap();
        run();
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "{torn}");
    }
}

#[test]
fn the_period_of_a_file_that_goes_on_is_that_of_its_first_line_in_any_zone() {
    let root = tempfile::tempdir().unwrap();
    let daily = "log_rotation: {when: midnight, backup_count: 9, compress: false}";
    // Midnight in New York is at 05:00.
    for from in ["2026-03-02T03:30:00Z", "2026-03-02T04:50:00Z", "2026-03-02T05:10:00Z"] {
        run_of(root.path(), "w3c", daily, (from, 10), &[]);
    }
    let files = files(&root.path().join("logs"));
    let counts: Vec<_> = files.iter().map(|(name, text)| (&**name, text.lines().count())).collect();
    assert_eq!(counts, [("access.log-20260301T223000", 24), ("access.log", 14)]);
}

#[test]
fn a_packed_file_begins_with_its_header_too() {
    for (format, header) in FORMATS {
        let root = tempfile::tempdir().unwrap();
        let rotation = "log_rotation: {max_size_mb: 0.03, backup_count: 100, compress: false}";
        run(root.path(), format, rotation, &["--compress", "gzip"]);
        let entries = fs::read_dir(root.path().join("logs")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let packed: Vec<_> = paths
            .filter(|path| path.to_str().unwrap().contains("/access.log"))
            .map(|path| std::io::read_to_string(MultiGzDecoder::new(&*fs::read(path).unwrap())))
            .collect();
        assert!(packed.len() > 1, "{format}: {}", packed.len());
        let mut hits = 0;
        for text in packed {
            let text = text.unwrap();
            assert_eq!(text.lines().take_while(is_header).count(), header, "{format}");
            hits += text.lines().count() - header;
        }
        assert_eq!(hits, LINES, "{format}");
    }
}
