//! The report, compared with golden files.

use super::*;
use crate::cli::tests::golden;
use crate::log_id::{ACCESS_LOG, LogId};
use crate::time::SECOND;
use crate::verify::judge::test_run::{START, TestRun, file, judge_with, settings};
use crate::verify::judge::tests::killed_and_next;

fn run_of(run: &TestRun) -> RecordedRun {
    RecordedRun {
        version: VERSION.to_owned(),
        continues: false,
        config: run.config.clone(),
        began_with: run.config.clone(),
        acts: Vec::new(),
        seed: run.seed,
        shard: run.shard,
        gaps: Vec::new(),
        hits: run.facts.lines,
        failed: false,
        log: LogId::ACCESS,
        facts: run.facts.clone(),
    }
}

/// The report on files that are named a.log, b.log ...
fn report(runs: &[TestRun], files: Vec<Vec<u8>>, show: usize) -> VerifyReport {
    ignoring(&[], runs, files, show)
}

fn ignoring(ignored: &[Fault], runs: &[TestRun], files: Vec<Vec<u8>>, show: usize) -> VerifyReport {
    let mut settings = settings(1_000);
    settings.show = show;
    let names: Vec<_> = ('a'..).take(files.len()).map(|name| format!("{name}.log")).collect();
    let outcome = judge_with(&settings, runs, files);
    let runs: Vec<_> = runs.iter().map(run_of).collect();
    VerifyReport::new(&Verified {
        outcome: &outcome,
        runs: &runs,
        log: ACCESS_LOG,
        names: &names,
        read: &Read::default(),
        window: settings.window,
        field: None,
        ignored,
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
    let verdict = "Not all is there: 10 lines expected, 10 received, 10 missing, 0 doubled, 0 out of order, \
                   0 altered, 10 foreign.\n";
    assert!(text.starts_with(verdict), "{text}");
}

#[test]
fn converted_line_ends_and_another_version_are_told() {
    let run = TestRun::ended(7, 10);
    let lines: Vec<_> = run.lines(10).iter().map(|line| [line, &b"\r"[..]].concat()).collect();
    let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), vec![file(&lines)]);
    let mut run = run_of(&run);
    run.version = "1.9.0".to_owned();
    let report = VerifyReport::new(&Verified {
        outcome: &outcome,
        runs: &[run],
        log: ACCESS_LOG,
        names: &["a.log".to_owned()],
        read: &Read { without_field: 3, ..Read::default() },
        window: 1_000,
        field: Some("text"),
        ignored: &[],
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

/// A way to damage the lines of a log.
type Damage = fn(&mut Vec<Vec<u8>>);

#[test]
fn the_first_line_tells_order_from_loss_and_each_kind_is_ignored_by_itself() {
    let run = TestRun::ended(7, 1_000);
    let damaged = |damage: Damage| {
        let mut lines = run.lines(1_000);
        damage(&mut lines);
        vec![file(&lines)]
    };
    let cases: [(Fault, Damage, &str); 5] = [
        (Fault::OutOfOrder, |lines| lines.swap(500, 501), "All is there, but not in order: "),
        (Fault::Doubled, |lines| lines.insert(501, lines[500].clone()), "All is there, and more: "),
        (Fault::Foreign, |lines| lines.insert(500, b"x".to_vec()), "All is there, and more: "),
        (Fault::Altered, |lines| lines[500][5] ^= 1, "Not all is there: "),
        (Fault::Missing, |lines| drop(lines.remove(500)), "Not all is there: "),
    ];
    for (fault, damage, verdict) in cases {
        for ignored in Fault::ALL {
            let report = ignoring(&[ignored], std::slice::from_ref(&run), damaged(damage), 5);
            assert_eq!((report.all_there, report.passed), (false, fault == ignored), "{fault:?}");
            assert_eq!(report.lines_of(fault), 1, "what is ignored is counted");
            let text = report.to_string();
            let first = text.lines().next().unwrap();
            assert!(first.starts_with(verdict), "{first}");
            for other in Fault::ALL {
                let count = format!(" {} {}", u8::from(other == fault), other.words());
                assert!(first.contains(&count), "{count}: {first}");
            }
            assert!(first.ends_with(&format!(" Ignored: {}.", ignored.words())), "{first}");
        }
    }
}

#[test]
fn what_could_not_be_read_is_not_ignored() {
    let run = TestRun::ended(7, 10);
    let outcome =
        judge_with(&settings(1_000), std::slice::from_ref(&run), vec![file(run.lines(10))]);
    let report = VerifyReport::new(&Verified {
        outcome: &outcome,
        runs: &[run_of(&run)],
        log: ACCESS_LOG,
        names: &["a.log".to_owned()],
        read: &Read { unreadable: vec![(0, std::io::ErrorKind::Other.into())], ..Read::default() },
        window: 1_000,
        field: None,
        ignored: &Fault::ALL,
    });
    assert!(!report.passed && !report.all_there);
    assert!(report.to_string().starts_with("Not all is there: "), "{report}");
    assert!(report.to_string().contains("0 foreign, 1 file not read to its end."), "{report}");
}
