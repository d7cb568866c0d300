//! Three detectors that read the access.log of a run with known events, and their grades: `score` gives those that are computed here
//! from the windows of the scenario, by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::binary::{command, generator};

/// 2026-11-02T00:00:00Z, where the run begins.
const START: u64 = 1_793_577_600;
const MINUTES: usize = 120;
/// From which minute on, and until which, each event is on.
const ERRORS: (u64, u64) = (30, 40);
const SURGE: (u64, u64) = (60, 75);
const PROBING: (u64, u64) = (90, 92);
/// `score` takes an alarm within so many seconds after an event.
const GRACE: u64 = 60;

/// A line of access.log: its second in the run, its host and its status.
struct Request {
    second: u64,
    host: String,
    status: u16,
}

/// A run with the three events, its requests and the file of its truth.
fn run(directory: &Path) -> Vec<Request> {
    let scenario = "[{kind: server_errors, at: +30m, for: 10m, share: 0.8, status: 503},\
                     {kind: surge, at: +60m, for: 15m, multiplier: 3},\
                     {kind: directory_probing, at: +90m, for: 2m, addresses: 2}]";
    let output =
        "{directory: logs, rate: 20, format: '%{sec}t %a %>s', health_check: {enabled: false}}";
    let quiet = "failures: {spells_per_day: 0, deploys_per_week: 0}, traffic_curve: stepped, traffic_noise: 0, \
                 traffic_patterns: [{time: 0-24}]";
    let config = format!("{{profile: shop, output: {output}, {quiet}, scenario: {scenario}}}");
    let mut run = generator(directory, "");
    run.env("LOG_GENERATOR_CONFIG_YAML", config).args(["--quiet", "--no-wait", "--seed", "7"]);
    run.args(["--from", "2026-11-02T00:00:00Z", "--duration", "2h"]);
    assert!(run.status().unwrap().success());
    let truth = command(directory, "truth", &["--lines", "logs/run.json"], b"");
    fs::write(directory.join("truth.jsonl"), truth.stdout).unwrap();
    let log = fs::read_to_string(directory.join("logs/access.log")).unwrap();
    let request = |line: &str| {
        let parts: Vec<&str> = line.split(' ').collect();
        Request {
            second: parts[0].parse::<u64>().unwrap() - START,
            host: parts[1].to_owned(),
            status: parts[2].parse().unwrap(),
        }
    };
    log.lines().map(request).collect()
}

/// What a detector says: the second of the run, the kind, and the host if it is about one.
type Alarm = (u64, &'static str, Option<String>);

/// Minutes in which more than one line in twenty fails, said at their end.
fn too_many_failures(requests: &[Request]) -> Vec<Alarm> {
    let mut minutes = vec![(0, 0); MINUTES];
    for request in requests {
        let (failed, all) = &mut minutes[(request.second / 60) as usize];
        *failed += u32::from(request.status >= 500);
        *all += 1;
    }
    let is_bad = |(_, (failed, all)): &(u64, (u32, u32))| failed * 20 > *all;
    (1..).zip(minutes).filter(is_bad).map(|(end, _)| (end * 60, "server_errors", None)).collect()
}

/// Minutes with twice the lines of the exponentially weighted mean of those before, which learns from minutes without an alarm.
fn too_many_lines(requests: &[Request]) -> Vec<Alarm> {
    let mut minutes = vec![0.0; MINUTES];
    requests.iter().for_each(|request| minutes[(request.second / 60) as usize] += 1.0);
    let (mut mean, mut alarms) = (minutes[0], Vec::new());
    for (end, lines) in (1..).zip(minutes) {
        if lines > 2.0 * mean {
            alarms.push((end * 60, "surge", None));
        } else {
            mean += 0.1 * (lines - mean);
        }
    }
    alarms
}

/// Hosts with more than 20 lines of 404 in a minute, each said once, when it has them.
fn too_many_not_found(requests: &[Request]) -> Vec<Alarm> {
    let mut counts: BTreeMap<(&str, u64), u32> = BTreeMap::new();
    let mut said: BTreeMap<&str, u64> = BTreeMap::new();
    for Request { second, host, status } in requests {
        let count = counts.entry((host, second / 60)).or_default();
        *count += u32::from(*status == 404);
        if *count > 20 {
            said.entry(host).or_insert(*second);
        }
    }
    said.into_iter().map(|(host, at)| (at, "directory_probing", Some(host.to_owned()))).collect()
}

/// What `score` says of alarms.
fn graded(directory: &Path, alarms: &[Alarm], by: &str) -> Value {
    let line = |(second, kind, host): &Alarm| {
        let mut alarm = json!({"time": START + second, "kind": kind});
        if let Some(host) = host {
            alarm["remote_host"] = host.as_str().into();
        }
        format!("{alarm}\n")
    };
    let lines: String = alarms.iter().map(line).collect();
    let words = ["--truth", "truth.jsonl", "--by", by, "--json", "-"];
    let output = command(directory, "score", &words, lines.as_bytes());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The row of a kind.
fn row<'a>(report: &'a Value, kind: &str) -> &'a Value {
    report["kinds"].as_array().unwrap().iter().find(|row| row["kind"] == kind).unwrap()
}

/// By hand: how many alarms about an event from one minute to another are false, and how long the first right one takes, seconds.
fn by_hand(alarms: &[Alarm], (from, until): (u64, u64)) -> (usize, Option<u64>) {
    let is_right = |second: u64| (from * 60..=until * 60 + GRACE).contains(&second);
    let wrong = alarms.iter().filter(|(second, ..)| !is_right(*second)).count();
    let first = alarms.iter().map(|(second, ..)| *second).find(|second| is_right(*second));
    (wrong, first.map(|second| second - from * 60))
}

#[test]
fn three_detectors_get_the_grades_that_are_computed_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let requests = run(root.path());
    let detectors = [
        (too_many_failures(&requests), "server_errors", ERRORS),
        (too_many_lines(&requests), "surge", SURGE),
        (too_many_not_found(&requests), "directory_probing", PROBING),
    ];
    for (alarms, kind, window) in &detectors {
        let (wrong, delay) = by_hand(alarms, *window);
        let delay = delay.unwrap_or_else(|| panic!("{kind} was not found"));
        // A minute must have gone by before its lines are counted.
        assert!(delay <= 120, "{kind}: {delay}");
        let report = graded(root.path(), alarms, "events");
        let row = row(&report, kind);
        assert_eq!(
            (&row["found"], &row["missed"], &row["false"]),
            (&1.into(), &0.into(), &wrong.into())
        );
        assert_eq!(row["precision"], 1.0 / (1 + wrong) as f64, "{kind}");
        assert_eq!(
            (&row["recall"], &row["median_delay_seconds"]),
            (&1.0.into(), &(delay as f64).into())
        );
        // Of the three events, each detector finds its own.
        assert_eq!(report["all"]["recall"], 1.0 / 3.0);
    }
    // The first two are right in every minute of their events, and say so at its end: ten times, and fifteen.
    for ((alarms, ..), minutes) in detectors.iter().zip([10, 15]) {
        assert_eq!(alarms.len(), minutes, "{alarms:?}");
    }
    // By windows, an alarm at the end of a minute is about the next one: the first minute of the event is missed, and the one behind it is false.
    let report = graded(root.path(), &detectors[0].0, "windows");
    let errors = row(&report, "server_errors");
    assert_eq!(
        (&errors["found"], &errors["missed"], &errors["false"]),
        (&9.into(), &1.into(), &1.into())
    );
    assert_eq!((&errors["precision"], &errors["recall"]), (&0.9.into(), &0.9.into()));
    // By addresses: both probing hosts, and those who are not.
    let hosts = &detectors[2].0;
    let report = graded(root.path(), hosts, "addresses");
    let probing = row(&report, "directory_probing");
    assert_eq!((&probing["found"], &probing["missed"]), (&2.into(), &0.into()));
    assert_eq!(probing["false"], hosts.len() - 2);
    assert_eq!(probing["precision"], 2.0 / hosts.len() as f64);
    // All at once, nothing is missed.
    let all: Vec<Alarm> = detectors.iter().flat_map(|(alarms, ..)| alarms.clone()).collect();
    let report = graded(root.path(), &all, "events");
    assert_eq!((&report["all"]["found"], &report["all"]["recall"]), (&3.into(), &1.0.into()));
}
