//! The rate that was asked for is the rate of the log, and a run says which it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::binary::generator;

/// What standard error says of the rate, in order.
fn said_of_the_rate(run: &mut Command) -> Vec<String> {
    let output = run.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let messages = stderr.lines().filter_map(|line| line.split_once(" - INFO - "));
    messages.map(|(_, text)| text.to_owned()).filter(|text| text.starts_with("Rate")).collect()
}

/// A generator with this configuration and nothing of the environment's.
fn with_configuration(directory: &Path, yaml: &str) -> Command {
    let mut command = generator(directory, "");
    command.env("LOG_GENERATOR_CONFIG_YAML", yaml);
    command
}

/// The command of the README's example whose heading begins so: its configuration and its flags.
fn example(heading: &str) -> (String, Vec<String>) {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, behind) = readme.split_once(heading).unwrap();
    let block = behind.split("```").nth(1).unwrap();
    let (_, configuration) = block.split_once("LOG_GENERATOR_CONFIG_YAML='").unwrap();
    let (configuration, command) = configuration.split_once('\'').unwrap();
    let command = command.replace("\\\n", " ");
    let words = command.lines().next().unwrap().split_whitespace();
    (configuration.to_owned(), words.skip(1).map(str::to_owned).collect())
}

#[test]
fn the_readmes_live_example_writes_five_thousand_lines_a_second_at_any_hour() {
    let (configuration, flags) = example("**2. A live log at a true rate**");
    assert!(flags.join(" ").contains("--rate 5000 --duration 5s"), "{flags:?}");
    for hour in 0..24 {
        let root = tempfile::tempdir().unwrap();
        let mut run = with_configuration(root.path(), &configuration);
        // The same stream as that of a run that waits, without the waiting.
        let from = format!("2026-03-01T{hour:02}:00:00Z");
        let status = run.args(&flags).args(["-q", "--no-wait", "--seed", "7", "--from", &from]);
        assert!(status.status().unwrap().success());
        let log = fs::read_to_string(root.path().join("live/access.log")).unwrap();
        let lines = log.lines().count();
        assert!((24_000..26_000).contains(&lines), "{lines} lines from {hour}:00 on");
    }
}

const NIGHT: &str = "{output: {directory: logs, rate: 500}, \
                     traffic_patterns: [{time: 0-2, multiplier: 1}, {time: 2-6, multiplier: 0.1}, \
                     {time: 6-24, multiplier: 1}]}";

#[test]
fn a_live_run_says_what_the_pattern_makes_of_its_rate_before_and_behind() {
    let root = tempfile::tempdir().unwrap();
    let tenth = "{output: {directory: logs, rate: 5000}, \
                 traffic_patterns: [{time: 0-24, multiplier: 0.1}]}";
    let said = said_of_the_rate(with_configuration(root.path(), tenth).args(["--lines", "5"]));
    assert_eq!(said[0], "Rate: 5,000 x 0.1 (traffic_patterns, all day) = 500 lines/s");
    let asked = "Rate asked for: 5,000 x 0.1 (traffic_patterns, all day) = 500 lines/s; reached: ";
    assert!(said[1].starts_with(asked), "{said:?}");
    assert_eq!(said.len(), 2);
}

#[test]
fn history_says_its_bounds_before_and_its_mean_behind() {
    let root = tempfile::tempdir().unwrap();
    let mut run = with_configuration(root.path(), NIGHT);
    let said = said_of_the_rate(run.args(["--from", "2026-03-01T01:00:00Z", "--duration", "2h"]));
    let (first, last) = said.split_first().unwrap();
    assert_eq!(
        first,
        "Rate: 500 x 0.1 to 1 (traffic_patterns, by the hour, UTC) = 50 to 500 lines/s, 425 in the mean"
    );
    let asked = "Rate asked for: 500 x 0.1 to 1 (traffic_patterns, by the hour, UTC) = 50 to 500 \
                 lines/s, 275 in the mean; reached: 27";
    assert!(matches!(last, [last] if last.starts_with(asked)), "{said:?}");
}

#[test]
fn without_a_pattern_the_rate_is_said_in_plain_words() {
    let root = tempfile::tempdir().unwrap();
    let said = said_of_the_rate(generator(root.path(), "rate: 5000").args(["--lines", "100"]));
    assert_eq!(said[0], "Rate: 5,000 lines/s");
    assert!(said[1].starts_with("Rate asked for: 5,000 lines/s; reached: "), "{said:?}");
}

#[test]
fn a_shard_says_its_part() {
    let root = tempfile::tempdir().unwrap();
    let mut run = generator(root.path(), "rate: 5000");
    let said = said_of_the_rate(run.args(["--shard", "2/4", "--lines", "100"]));
    assert_eq!(said[0], "Rate: 5,000 / 4 (shard 2/4) = 1,250 lines/s");
}
