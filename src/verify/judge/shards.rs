//! Rules of the judge for the shards of a site, each of which has a record of its own.

use proptest::prelude::*;

use super::test_run::{TestRun, file, judge_with, settings};
use super::*;
use crate::recorded::facts::Facts;
use crate::shard::Shard;

const SHARDS: u32 = 3;

/// The shards of a site, each with `lines` lines.
fn shards(lines: u64) -> Vec<TestRun> {
    let shard = |index: u32| {
        let mut run = TestRun::ended(7, 0);
        run.shard = Shard { index, count: SHARDS };
        run.facts.record = index as usize;
        run.facts.lines = lines;
        run.facts.reached = run.hits(lines).last().unwrap().time;
        run
    };
    (0..SHARDS).map(shard).collect()
}

/// All lines as one log, in the order of their times: (shard, number from 0, text).
fn merged(runs: &[TestRun], lines: u64) -> Vec<(usize, u64, Vec<u8>)> {
    let mut all: Vec<(Time, usize, u64, Vec<u8>)> = Vec::new();
    for (shard, run) in runs.iter().enumerate() {
        let hits = run.hits(lines);
        let numbered = run.lines(lines).into_iter().enumerate();
        all.extend(numbered.map(|(at, text)| (hits[at].time / SECOND, shard, at as u64, text)));
    }
    all.sort_by_key(|line| (line.0, line.1, line.2));
    all.into_iter().map(|(_, shard, number, text)| (shard, number, text)).collect()
}

/// For each shard and kind of fault: (first number, how many).
fn wrong(outcome: &Judgement) -> Vec<[Vec<(u64, u64)>; 4]> {
    let spots = |findings: &Findings| {
        findings.first.iter().map(|found| (found.number.unwrap(), found.lines)).collect()
    };
    let of = |found: &Option<RunFindings>| {
        let found = found.as_ref().unwrap();
        [&found.missing, &found.doubled, &found.out_of_order, &found.altered].map(spots)
    };
    outcome.runs.iter().map(of).collect()
}

const ALL_THERE: [Vec<(u64, u64)>; 4] = [const { Vec::new() }; 4];

#[test]
fn the_logs_of_all_shards_are_judged_together_merged_or_not() {
    let runs = shards(1_000);
    let apart: Vec<_> = runs.iter().map(|run| file(run.lines(1_000))).collect();
    let together = file(merged(&runs, 1_000).into_iter().map(|line| line.2));
    for files in [apart, vec![together]] {
        let outcome = judge_with(&settings(1_000), &runs, files);
        assert_eq!(wrong(&outcome), [ALL_THERE, ALL_THERE, ALL_THERE]);
        assert_eq!((outcome.received, outcome.foreign.lines), (3_000, 0));
    }
}

#[test]
fn a_missing_line_is_its_shards_and_so_is_its_place_in_the_merged_log() {
    let runs = shards(1_000);
    let mut lines = merged(&runs, 1_000);
    let at = lines.iter().position(|line| (line.0, line.1) == (1, 500)).unwrap();
    let before = lines[..at].iter().rposition(|line| line.0 == 1).unwrap() as u64 + 1;
    lines.remove(at);
    let files = vec![file(lines.into_iter().map(|line| line.2))];
    let outcome = judge_with(&settings(1_000), &runs, files);
    let mut expected = [ALL_THERE, ALL_THERE, ALL_THERE];
    expected[1][0] = vec![(501, 1)];
    assert_eq!(wrong(&outcome), expected);
    let place = outcome.runs[1].as_ref().unwrap().missing.first.first().unwrap().place;
    assert_eq!(place.unwrap().line, before);
}

#[test]
fn a_shard_of_which_nothing_was_received_is_missing() {
    let runs = shards(300);
    let files = vec![file(runs[0].lines(300)), file(runs[2].lines(300))];
    let outcome = judge_with(&settings(1_000), &runs, files);
    assert_eq!(wrong(&outcome)[1][0], [(1, 300)]);
}

#[test]
fn lines_of_a_shard_whose_record_was_not_given_are_foreign() {
    let runs = shards(300);
    let files = vec![file(merged(&runs, 300).into_iter().map(|line| line.2))];
    let outcome = judge_with(&settings(1_000), &runs[..2], files);
    assert_eq!(wrong(&outcome), [ALL_THERE, ALL_THERE]);
    assert_eq!(outcome.foreign.lines, 300);
}

#[test]
fn with_an_open_tail_a_shard_that_fell_silent_in_a_merged_log_is_missing_but_for_the_last_minute() {
    let runs = shards(10_000);
    let lines = merged(&runs, 10_000);
    // At 33 lines a second, these are its first hundred of five minutes.
    let received: Vec<_> =
        lines.iter().filter(|line| line.0 != 1 || line.1 < 100).map(|line| &line.2).collect();
    let mut settings = settings(1_000);
    settings.tail_open = true;
    let hits = runs[1].hits(10_000);
    let end = runs[0].facts.reached.max(runs[2].facts.reached) - 60 * SECOND;
    let expected = hits.partition_point(|hit| hit.time < end) as u64;
    let mut all = [ALL_THERE, ALL_THERE, ALL_THERE];
    all[1][0] = vec![(101, expected - 100)];
    assert!(expected > 7_000, "{expected}");
    // One run has ended, or goes on with a record that is far behind.
    let mut going_on = runs.clone();
    let reached = hits[99].time;
    going_on[1].facts =
        Facts { lines: 100, ended: false, reached, unrecorded: 100_000, ..runs[1].facts.clone() };
    for runs in [runs, going_on] {
        let outcome = judge_with(&settings, &runs, vec![file(&received)]);
        assert_eq!(wrong(&outcome), all);
    }
}

/// Makes one stretch of lines that follow each other in their shard: a gap of one shard can hide that two faults are far
/// apart in the merged log.
fn join(stretches: &mut Vec<(u64, u64)>) {
    stretches.dedup_by(|next, before| {
        let follows = before.0 + before.1 == next.0;
        before.1 += if follows { next.1 } else { 0 };
        follows
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn faults_in_a_merged_log_are_found_with_the_shard_they_struck(
        faults in prop::collection::vec((0usize..280, 0u8..3), 1..40),
    ) {
        let runs = shards(2_000);
        let mut lines = merged(&runs, 2_000);
        let mut expected = vec![ALL_THERE, ALL_THERE, ALL_THERE];
        let mut struck = std::collections::BTreeMap::new();
        for (place, kind) in faults {
            // Every fault is alone among twenty lines.
            struck.entry(20 * place + 10).or_insert(kind);
        }
        for (at, kind) in struck.into_iter().rev() {
            let (shard, number, _) = lines[at];
            let found = &mut expected[shard];
            match kind {
                0 => {
                    lines.remove(at);
                    found[0].push((number + 1, 1));
                }
                1 => {
                    let again = lines[at].clone();
                    lines.insert(at, again);
                    found[1].push((number + 1, 1));
                }
                _ => {
                    let text = &mut lines[at].2;
                    let end = text.len() - 3;
                    text[end] ^= 1;
                    found[3].push((number + 1, 1));
                }
            }
        }
        let files = vec![file(lines.into_iter().map(|line| line.2))];
        let outcome = judge_with(&settings(1_000), &runs, files);
        let mut found = wrong(&outcome);
        for kinds in found.iter_mut().chain(&mut expected) {
            kinds.iter_mut().for_each(|kind| kind.sort_unstable());
            join(&mut kinds[0]);
        }
        prop_assert_eq!(found, expected);
        prop_assert_eq!(outcome.foreign.lines, 0);
    }
}
