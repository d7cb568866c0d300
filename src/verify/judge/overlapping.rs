//! Rules of the judge for runs of one directory that cover the same time: a run that did not wait for
//! the clock, or wrote the past, is followed by lines with earlier stamps.

use proptest::prelude::*;

use super::test_run::{TestRun, file, judge_with, settings};
use super::*;

/// A run that replaces an earlier one, with `lines` lines from `later` seconds on.
fn run(seed: u64, later: Time, lines: u64) -> TestRun {
    let mut run = TestRun::ended(seed, 0);
    run.facts.start += later * SECOND;
    run.facts.lines = lines;
    run.facts.reached = run.hits(lines).last().unwrap().time;
    run
}

/// The same run, but killed before its record had a line. The next run does not limit it.
fn killed(run: TestRun) -> TestRun {
    let (reached, unrecorded) = (run.facts.start, 100_000);
    let facts =
        Facts { lines: 0, ended: false, followed: true, reached, unrecorded, ..run.facts.clone() };
    TestRun { facts, ..run }
}

/// For each run, how many lines were expected, missing, doubled, out of order and altered.
fn counts(outcome: &Judgement) -> Vec<[u64; 5]> {
    let of = |found: &Option<RunFindings>| {
        let RunFindings { expected, missing, doubled, out_of_order, altered, .. } =
            found.as_ref().unwrap();
        [*expected, missing.lines, doubled.lines, out_of_order.lines, altered.lines]
    };
    outcome.runs.iter().map(of).collect()
}

#[test]
fn a_run_killed_ahead_of_the_clock_takes_nothing_from_the_whole_one_behind_it() {
    let first = run(7, 0, 9_000);
    let next = run(8, 1, 500);
    let received = [first.lines(9_000), next.lines(500)].concat();
    for window in [200, 1_000, 100_000] {
        let runs = [killed(first.clone()), next.clone()];
        let outcome = judge_with(&settings(window), &runs, vec![file(&received)]);
        assert_eq!(counts(&outcome), [[9_000, 0, 0, 0, 0], [500, 0, 0, 0, 0]]);
        assert_eq!(outcome.foreign.lines, 0);
        let unwritten = outcome.runs[0].as_ref().unwrap().unwritten.as_ref().unwrap();
        let known = (unwritten.number, unwritten.lines, unwritten.at_least, unwritten.until);
        assert_eq!(known, (9_001, 0, true, None), "how many lines it lacks is not known");
    }
}

#[test]
fn a_run_killed_in_its_past_is_all_there_however_much_later_the_next_one_started() {
    let first = run(7, 0, 9_000);
    let next = run(8, 80_000, 500);
    let received = [first.lines(9_000), next.lines(500)].concat();
    for window in [200, 1_000, 100_000] {
        let mut first = killed(first.clone());
        for bound in [None, Some(next.facts.start)] {
            first.facts.next_start = bound;
            let runs = [first.clone(), next.clone()];
            let outcome = judge_with(&settings(window), &runs, vec![file(&received)]);
            assert_eq!(counts(&outcome), [[9_000, 0, 0, 0, 0], [500, 0, 0, 0, 0]], "{window}");
            let unwritten = outcome.runs[0].as_ref().unwrap().unwritten.as_ref().unwrap();
            assert_eq!((unwritten.number, unwritten.until), (9_001, bound), "{window}");
            assert_eq!(unwritten.lines > 0, bound.is_some(), "{window}");
        }
    }
}

#[test]
fn a_fault_in_a_run_ahead_of_the_clock_takes_nothing_from_the_one_behind_it() {
    let first = run(7, 0, 9_000);
    let next = run(8, 1, 6_000);
    let mut lines = first.lines(9_000);
    lines[8_000][5] ^= 1;
    lines.insert(7_000, b"no line of any run [01/Nov/2026:00:01:00 +0000]".to_vec());
    let received = [lines, next.lines(6_000)].concat();
    for window in [200, 1_000, 100_000] {
        for first in [first.clone(), killed(first.clone())] {
            let runs = [first, next.clone()];
            let outcome = judge_with(&settings(window), &runs, vec![file(&received)]);
            assert_eq!(counts(&outcome), [[9_000, 0, 0, 0, 1], [6_000, 0, 0, 0, 0]], "{window}");
            assert_eq!(outcome.foreign.lines, 1);
        }
    }
}

#[test]
fn a_hole_longer_than_the_window_is_jumped_over_also_in_a_run_killed_before_its_record() {
    let first = killed(run(7, 0, 60_000));
    let next = run(8, 1, 500);
    let mut lines = first.lines(60_000);
    lines.drain(10_000..50_000);
    let received = [lines, next.lines(500)].concat();
    let outcome = judge_with(&settings(1_000), &[first, next], vec![file(&received)]);
    assert_eq!(counts(&outcome), [[60_000, 40_000, 0, 0, 0], [500, 0, 0, 0, 0]]);
}

#[test]
fn lines_of_two_runs_that_were_sorted_by_their_time_are_told_apart() {
    let runs = [run(7, 0, 4_000), run(8, 1, 4_000)];
    let mut lines: Vec<(Time, Vec<u8>)> = Vec::new();
    for run in &runs {
        lines.extend(run.hits(4_000).iter().map(|hit| hit.time / SECOND).zip(run.lines(4_000)));
    }
    lines.sort_by_key(|line| line.0);
    let received = file(lines.into_iter().map(|line| line.1));
    let outcome = judge_with(&settings(1_000), &runs, vec![received]);
    assert_eq!(counts(&outcome), [[4_000, 0, 0, 0, 0]; 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn faults_are_found_with_the_run_they_struck(
        faults in prop::collection::vec((0usize..290, 0u8..3), 1..40),
        window in prop::sample::select(vec![200, 1_000, 100_000]),
        is_killed in any::<bool>(),
    ) {
        let (first, next) = (run(7, 0, 3_000), run(8, 2, 3_000));
        let mut lines = [first.lines(3_000), next.lines(3_000)].concat();
        let mut expected = vec![[3_000, 0, 0, 0, 0]; 2];
        let mut struck = std::collections::BTreeMap::new();
        for (place, kind) in faults {
            // Every fault is alone among twenty lines.
            struck.entry(20 * place + 10).or_insert(kind);
        }
        for (at, kind) in struck.into_iter().rev() {
            let found = &mut expected[at / 3_000];
            match kind {
                0 => {
                    lines.remove(at);
                    found[1] += 1;
                }
                1 => {
                    lines.insert(at, lines[at].clone());
                    found[2] += 1;
                }
                _ => {
                    let end = lines[at].len() - 3;
                    lines[at][end] ^= 1;
                    found[4] += 1;
                }
            }
        }
        let runs = [if is_killed { killed(first) } else { first }, next];
        let outcome = judge_with(&settings(window), &runs, vec![file(&lines)]);
        prop_assert_eq!(counts(&outcome), expected);
        prop_assert_eq!(outcome.foreign.lines, 0);
    }
}
