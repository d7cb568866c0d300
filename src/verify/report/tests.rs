//! The report, compared with golden files.

use super::*;
use crate::cli::tests::golden;
use crate::stream::SECOND;
use crate::verify::judge::test_run::{START, TestRun, file, judge_with, settings};
use crate::verify::judge::tests::killed_and_next;

fn run_of(run: &TestRun) -> Run {
    Run {
        version: VERSION.to_owned(),
        config: run.config.clone(),
        seed: run.seed,
        shard: run.shard,
        gaps: Vec::new(),
        facts: run.facts.clone(),
    }
}

/// The report on files that are named a.log, b.log ...
fn report(runs: &[TestRun], files: Vec<Vec<u8>>, show: usize) -> Report {
    let mut settings = settings(1_000);
    settings.show = show;
    let names: Vec<_> = ('a'..).take(files.len()).map(|name| format!("{name}.log")).collect();
    let outcome = judge_with(&settings, runs, files);
    let runs: Vec<_> = runs.iter().map(run_of).collect();
    Report::new(&Verified {
        outcome: &outcome,
        runs: &runs,
        names: &names,
        read: &Read::default(),
        window: settings.window,
        field: None,
    })
}

#[test]
fn of_each_kind_the_first_few_are_shown_with_number_time_place_and_text() {
    let run = TestRun::ended(7, 1_000);
    let mut lines = run.lines(1_000);
    lines[900][4] = 0x1b;
    lines.swap(800, 801);
    for at in [700, 702, 704] {
        lines.insert(at, lines[at - 1].clone());
    }
    lines.insert(600, b"nothing of ours".to_vec());
    lines.drain(500..520);
    let report = report(&[run], vec![file(&lines[2..400]), file(&lines[400..])], 2);
    assert!(!report.all_there);
    golden("verify_report.txt", &report.to_string());
    golden("verify_report.json", &report.json());
}

#[test]
fn what_a_kill_cost_is_told_beside_what_is_all_there() {
    let (runs, received) = killed_and_next();
    let report = report(&runs, vec![file(&received)], 5);
    assert!(report.all_there);
    golden("verify_killed.txt", &report.to_string());
}

#[test]
fn a_log_of_another_run_raises_the_question_whose_record_it_is() {
    let foreign = TestRun::ended(8, 10).lines(10);
    let text = report(&[TestRun::ended(7, 10)], vec![file(&foreign)], 1).to_string();
    assert!(text.contains("Is it the run.json of this log?"), "{text}");
    assert!(text.ends_with("Not all is there: 10 missing, 10 foreign.\n"), "{text}");
}

#[test]
fn converted_line_ends_and_another_version_are_told() {
    let run = TestRun::ended(7, 10);
    let lines: Vec<_> = run.lines(10).iter().map(|line| [line, &b"\r"[..]].concat()).collect();
    let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), vec![file(&lines)]);
    let mut run = run_of(&run);
    run.version = "1.9.0".to_owned();
    let report = Report::new(&Verified {
        outcome: &outcome,
        runs: &[run],
        names: &["a.log".to_owned()],
        read: &Read { without_field: 3, ..Read::default() },
        window: 1_000,
        field: Some("text"),
    });
    let hints = report.hints.join("\n");
    assert!(hints.contains("one of version 1.9.0"), "{hints}");
    assert!(hints.contains("Were line ends converted?"), "{hints}");
    assert!(hints.contains("3 of the lines received are no JSON objects"), "{hints}");
}

#[test]
fn times_are_told_to_the_second_as_the_log_does() {
    assert_eq!(second(START + SECOND / 2), "2026-11-01T00:00:00Z");
}
