//! Rules of the judge, each shown on a small log with a single fault.

use super::test_run::{START, TestRun, file, judge_with, settings};
use super::*;
use crate::config::{Config, Network};
use crate::verify::findings::{LineFinding, Place};

/// Judges one run of 1,000 lines, in a window that holds them all.
fn judge(files: Vec<Vec<u8>>) -> Judgement {
    judge_with(&settings(1_000), &[TestRun::ended(7, 1_000)], files)
}

fn lines() -> Vec<Vec<u8>> {
    TestRun::ended(7, 1_000).lines(1_000)
}

/// The findings as number, lines, and place (file and line).
pub type Spots = Vec<(u64, u64, Option<(usize, u64)>)>;

fn spots(findings: &Findings) -> Spots {
    let place = |place: Place| (place.file, place.line);
    let spot =
        |found: &LineFinding| (found.number.unwrap_or(0), found.lines, found.place.map(place));
    assert_eq!(findings.first.iter().map(|found| found.lines).sum::<u64>(), findings.lines);
    findings.first.iter().map(spot).collect()
}

/// Everything wrong with the first run: missing, doubled, out of order, altered, foreign.
pub fn wrong(outcome: &Judgement) -> [Spots; 5] {
    let found = outcome.runs[0].as_ref().unwrap();
    [&found.missing, &found.doubled, &found.out_of_order, &found.altered, &outcome.foreign]
        .map(spots)
}

pub const NOTHING: [Spots; 5] = [const { Vec::new() }; 5];

#[test]
fn all_is_there_however_it_is_cut_into_files_and_in_whatever_order_these_are_named() {
    let lines = lines();
    let cut = vec![file(&lines[700..]), file(&lines[..1]), vec![], file(&lines[1..700])];
    for files in [vec![file(&lines)], cut] {
        let outcome = judge(files);
        assert_eq!(wrong(&outcome), NOTHING);
        let found = outcome.runs[0].as_ref().unwrap();
        assert_eq!((found.expected, found.received, outcome.received), (1_000, 1_000, 1_000));
        assert_eq!(found.last.unwrap().0, 1_000);
    }
}

#[test]
fn missing_lines_are_told_with_the_place_behind_which_they_are_missing() {
    let lines = lines();
    let outcome =
        judge(vec![file(&lines[600..]), file([&lines[5..100], &lines[101..500]].concat())]);
    let expected = vec![(1, 5, None), (101, 1, Some((1, 95))), (501, 100, Some((1, 494)))];
    assert_eq!(wrong(&outcome), [expected, vec![], vec![], vec![], vec![]]);
    let found = outcome.runs[0].as_ref().unwrap();
    assert_eq!(found.missing.first[1].expected.as_deref(), Some(&lines[100][..]));
}

#[test]
fn without_any_line_all_are_missing() {
    for files in [vec![], vec![vec![]], vec![vec![], vec![]]] {
        let outcome = judge(files);
        assert_eq!(wrong(&outcome)[0], [(1, 1_000, None)]);
    }
}

#[test]
fn of_an_archive_given_twice_each_line_of_the_second_is_doubled() {
    let lines = lines();
    let files = vec![file(&lines[500..]), file(&lines[..500]), file(&lines[..500])];
    let doubled = vec![(1, 500, Some((2, 1)))];
    assert_eq!(wrong(&judge(files)), [vec![], doubled, vec![], vec![], vec![]]);
}

#[test]
fn where_two_files_overlap_the_lines_of_both_are_doubled_once() {
    let lines = lines();
    let outcome = judge(vec![file(&lines[..600]), file(&lines[400..])]);
    let found = outcome.runs[0].as_ref().unwrap();
    assert_eq!((found.doubled.lines, found.missing.lines, found.out_of_order.lines), (200, 0, 0));
}

#[test]
fn a_line_that_comes_twice_is_doubled_where_it_does_not_belong() {
    let lines = lines();
    let mut early = lines.clone();
    early.insert(100, lines[800].clone());
    let doubled = vec![(801, 1, Some((0, 101)))];
    assert_eq!(
        wrong(&judge(vec![file(&early)])),
        [vec![], doubled.clone(), vec![], vec![], vec![]]
    );
    let apart = vec![file(&early[..500]), file(&early[500..])];
    assert_eq!(wrong(&judge(apart)), [vec![], doubled, vec![], vec![], vec![]]);
    let mut late = lines.clone();
    late.insert(900, lines[50].clone());
    let doubled = vec![(51, 1, Some((0, 901)))];
    assert_eq!(wrong(&judge(vec![file(&late)])), [vec![], doubled, vec![], vec![], vec![]]);
}

#[test]
fn lines_that_have_moved_are_out_of_order_and_no_other() {
    let mut swapped = lines();
    swapped.swap(10, 11);
    swapped.swap(100, 400);
    let moved: Vec<_> = swapped.drain(600..610).collect();
    swapped.splice(650..650, moved);
    let expected = vec![
        (11, 1, Some((0, 12))),
        (101, 1, Some((0, 401))),
        (401, 1, Some((0, 101))),
        (601, 10, Some((0, 651))),
    ];
    assert_eq!(wrong(&judge(vec![file(&swapped)])), [vec![], vec![], expected, vec![], vec![]]);
}

#[test]
fn a_newer_file_before_an_older_one_on_one_input_is_out_of_order_in_the_window() {
    let lines = lines();
    let outcome = judge(vec![file([&lines[400..], &lines[..400]].concat())]);
    let expected = vec![(1, 400, Some((0, 601)))];
    assert_eq!(wrong(&outcome), [vec![], vec![], expected, vec![], vec![]]);
}

#[test]
fn lines_that_come_later_than_the_window_allows_are_foreign_and_said_to_be_late() {
    let run = TestRun::ended(7, 2_000);
    let lines = run.lines(2_000);
    let newest_first = file([&lines[1_000..], &lines[..1_000]].concat());
    let outcome = judge_with(&settings(100), &[run], vec![newest_first]);
    let found = outcome.runs[0].as_ref().unwrap();
    assert_eq!((found.missing.lines, outcome.foreign.lines), (1_000, 1_000));
    assert!(outcome.late > 990, "{}", outcome.late);
}

#[test]
fn altered_lines_are_told_with_both_texts_and_are_not_missing() {
    let lines = lines();
    let mut received = lines.clone();
    received[0][3] ^= 1;
    received[500] = received[500][..20].to_vec();
    received[501].push(b'\r');
    received[999].truncate(7);
    let mut file = file(&received);
    file.pop();
    let outcome = judge(vec![file]);
    let expected = [1, 501, 502, 1_000].map(|number| (number, 1, Some((0, number)))).to_vec();
    assert_eq!(wrong(&outcome), [vec![], vec![], vec![], expected, vec![]]);
    let found = &outcome.runs[0].as_ref().unwrap().altered.first[1];
    assert_eq!(found.expected.as_deref(), Some(&lines[500][..]));
    assert_eq!(found.received.as_deref(), Some(&received[500][..]));
}

#[test]
fn two_lines_glued_together_are_one_altered_and_one_missing() {
    let mut received = lines();
    let second = received.remove(301);
    received[300].extend(second);
    let found = judge(vec![file(&received)]).runs.remove(0).unwrap();
    assert_eq!((found.altered.lines, found.missing.lines), (1, 1));
}

#[test]
fn foreign_lines_are_told_by_their_place() {
    let mut received = lines();
    let foreign = TestRun::ended(8, 1_000).lines(1_000);
    received.splice(300..300, foreign[300..303].to_vec());
    received.insert(700, b"no such line".to_vec());
    let expected = vec![(0, 3, Some((0, 301))), (0, 1, Some((0, 701)))];
    assert_eq!(wrong(&judge(vec![file(&received)])), [vec![], vec![], vec![], vec![], expected]);
}

#[test]
fn a_log_of_another_run_is_foreign_and_ten_times_as_many_lines_are_ten_times_the_work() {
    let foreign = TestRun::ended(8, 20_000).lines(20_000);
    let outcome = judge_with(&settings(1_000), &[TestRun::ended(7, 1_000)], vec![file(&foreign)]);
    assert_eq!(
        (outcome.foreign.lines, wrong(&outcome)[0].clone()),
        (20_000, vec![(1, 1_000, None)])
    );
}

#[test]
fn a_wild_stamp_moves_nothing() {
    let run = TestRun::ended(7, 20_000);
    let mut received = run.lines(20_000);
    let wild = b"[01/Jan/2031:00:00:00 +0000]".to_vec();
    for at in [0, 5_000, 12_000, 19_999] {
        received.insert(at, wild.clone());
    }
    let outcome = judge_with(&settings(200), &[run], vec![file(&received)]);
    assert_eq!(wrong(&outcome)[..4], NOTHING[..4]);
    assert_eq!(outcome.foreign.lines, 4);
}

#[test]
fn a_hole_longer_than_the_window_is_jumped_over_also_in_the_middle_of_a_file() {
    let run = TestRun::ended(7, 20_000);
    let lines = run.lines(20_000);
    let whole = file([&lines[..3_000], &lines[15_000..]].concat());
    let apart = vec![file(&lines[..3_000]), file(&lines[15_000..])];
    for files in [vec![whole], apart] {
        let outcome = judge_with(&settings(200), std::slice::from_ref(&run), files);
        assert_eq!(wrong(&outcome)[0], [(3_001, 12_000, Some((0, 3_000)))]);
        assert_eq!(wrong(&outcome)[1..], NOTHING[1..]);
    }
}

#[test]
fn only_lines_of_the_time_that_is_asked_for_are_judged() {
    let run = TestRun::ended(7, 1_000);
    let lines = run.lines(1_000);
    let hits = run.hits(1_000);
    let (since, until) = (START + 3 * SECOND, START + 6 * SECOND);
    let inside = |at: usize| (since..until).contains(&hits[at].time);
    let first = (0..1_000).find(|at| inside(*at)).unwrap();
    let count = (0..1_000).filter(|at| inside(*at)).count();
    let mut settings = settings(1_000);
    settings.times = since..until;
    for received in [&lines[..], &lines[first..first + count]] {
        let outcome = judge_with(&settings, std::slice::from_ref(&run), vec![file(received)]);
        let found = outcome.runs[0].as_ref().unwrap();
        assert_eq!(wrong(&outcome), NOTHING);
        assert_eq!((found.expected, outcome.received), (count as u64, count as u64));
        assert_eq!(outcome.outside, (received.len() - count) as u64);
    }
    // One line is missing before, one within, and one after.
    let mut received = lines;
    for at in [first + count + 50, first + 10, first - 50] {
        received.remove(at);
    }
    let outcome = judge_with(&settings, &[run], vec![file(&received)]);
    assert_eq!(
        wrong(&outcome)[0].iter().map(|spot| spot.0).collect::<Vec<_>>(),
        [first as u64 + 11]
    );
    assert_eq!(wrong(&outcome)[1..], NOTHING[1..]);
}

#[test]
fn with_an_open_tail_nothing_is_missing_behind_the_last_line_received() {
    let lines = lines();
    let mut settings = settings(1_000);
    settings.tail_open = true;
    let files = vec![file([&lines[..300], &lines[302..600]].concat())];
    let outcome = judge_with(&settings, &[TestRun::ended(7, 1_000)], files);
    assert_eq!(wrong(&outcome)[0], [(301, 2, Some((0, 300)))]);
    assert_eq!(outcome.runs[0].as_ref().unwrap().expected, 600);
}

/// A run that did not end, of which this many lines were recorded.
pub fn unended(seed: u64, recorded: u64, next_start: Option<Time>) -> TestRun {
    let mut run = TestRun::ended(seed, recorded);
    run.facts = Facts { ended: false, followed: next_start.is_some(), next_start, ..run.facts };
    run
}

#[test]
fn a_run_that_goes_on_has_the_lines_of_its_record_and_those_received_behind_them() {
    let run = unended(7, 1_000, None);
    let lines = run.lines(2_000);
    let received = [&lines[..1_500], &lines[1_510..1_600]].concat();
    let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), vec![file(&received)]);
    assert_eq!(wrong(&outcome)[0], [(1_501, 10, Some((0, 1_500)))]);
    assert_eq!(outcome.runs[0].as_ref().unwrap().expected, 1_600);
    let outcome = judge_with(&settings(1_000), &[run], vec![file(&lines[..900])]);
    assert_eq!(wrong(&outcome)[0], [(901, 100, Some((0, 900)))]);
}

/// A run that was killed after 1,100 lines, and the next one in the same file.
pub fn killed_and_next() -> (Vec<TestRun>, Vec<Vec<u8>>) {
    let next_start = START + 30 * SECOND;
    let killed = unended(7, 1_000, Some(next_start));
    let mut next = TestRun::ended(8, 0);
    next.facts.start = next_start;
    next.facts.lines = 500;
    next.facts.reached = next.hits(500).last().unwrap().time;
    let received = [killed.lines(1_100), next.lines(500)].concat();
    (vec![killed, next], received)
}

#[test]
fn what_a_kill_cost_is_named_and_is_not_missing() {
    let (runs, received) = killed_and_next();
    let expected = runs[0].hits(10_000);
    let until = runs[1].facts.start;
    let cost = expected.iter().filter(|hit| hit.time < until).count() as u64 - 1_100;
    for window in [100, 1_000, 100_000] {
        let outcome = judge_with(&settings(window), &runs, vec![file(&received)]);
        assert_eq!(wrong(&outcome), NOTHING);
        let found = outcome.runs[0].as_ref().unwrap();
        let unwritten = found.unwritten.as_ref().unwrap();
        assert_eq!((unwritten.number, unwritten.lines, unwritten.at_least), (1_101, cost, false));
        assert_eq!((unwritten.from, unwritten.until), (expected[1_100].time, Some(until)));
        let next = outcome.runs[1].as_ref().unwrap();
        assert_eq!((next.expected, next.missing.lines, next.unwritten.is_none()), (500, 0, true));
    }
}

#[test]
fn each_run_has_its_own_findings() {
    let (runs, mut received) = killed_and_next();
    received.remove(1_300);
    received.remove(200);
    let outcome = judge_with(&settings(1_000), &runs, vec![file(&received)]);
    let spots_of = |run: usize| spots(&outcome.runs[run].as_ref().unwrap().missing);
    assert_eq!(
        (spots_of(0), spots_of(1)),
        (vec![(201, 1, Some((0, 200)))], vec![(201, 1, Some((0, 1_299)))])
    );
}

#[test]
fn an_earlier_run_of_which_nothing_was_received_is_not_judged_but_the_last_one_is() {
    let (runs, received) = killed_and_next();
    let outcome = judge_with(&settings(1_000), &runs, vec![file(&received[1_100..])]);
    assert!(outcome.runs[0].is_none());
    assert_eq!(outcome.runs[1].as_ref().unwrap().missing.lines, 0);
    let outcome = judge_with(&settings(1_000), &runs, vec![file(&received[..1_100])]);
    assert_eq!(outcome.runs[0].as_ref().unwrap().missing.lines, 0);
    assert_eq!(outcome.runs[1].as_ref().unwrap().missing.lines, 500);
}

#[test]
fn two_runs_of_the_same_time_are_told_apart_in_one_file_and_in_two() {
    let runs = [TestRun::ended(7, 3_000), TestRun::ended(8, 3_000)];
    let lines = [runs[0].lines(3_000), runs[1].lines(3_000)];
    for window in [1_000, 10_000] {
        for files in [vec![file(lines.concat())], vec![file(&lines[1]), file(&lines[0])]] {
            let outcome = judge_with(&settings(window), &runs, files);
            assert_eq!(wrong(&outcome), NOTHING);
            assert_eq!(outcome.runs[1].as_ref().unwrap().missing.lines, 0);
        }
    }
}

#[test]
fn lines_in_any_order_within_the_window_are_all_found() {
    let run = TestRun::ended(7, 5_000);
    let mut received = run.lines(5_000);
    for (at, chunk) in received.chunks_mut(250).enumerate() {
        chunk.reverse();
        chunk.rotate_left(at);
    }
    let outcome = judge_with(&settings(1_000), &[run], vec![file(&received)]);
    let found = outcome.runs[0].as_ref().unwrap();
    assert_eq!((found.missing.lines, found.doubled.lines, outcome.foreign.lines), (0, 0, 0));
    assert!(found.out_of_order.lines > 4_500, "{}", found.out_of_order.lines);
}

#[test]
fn lines_in_order_need_no_window_however_many_a_second_has() {
    let mut config = Config::default();
    config.output.rate = 50_000.0;
    let run = TestRun::with(config, 7, 120_000);
    let outcome =
        judge_with(&settings(1_000), std::slice::from_ref(&run), vec![file(run.lines(120_000))]);
    assert_eq!(wrong(&outcome), <[Spots; 5]>::default());
}

/// A run of a single visitor, whose lines often have the same text.
fn one_visitor() -> TestRun {
    let mut config = Config::default();
    config.output.rate = 1_000.0;
    config.ip_ranges = vec![Network { address: "203.0.113.7".parse().unwrap(), prefix: 32 }].into();
    config.user_agents.desktop.truncate(1);
    config.user_agents.mobile.clear();
    config.navigation.home = vec![("/".to_owned(), 1.0)];
    TestRun::with(config, 7, 5_000)
}

#[test]
fn of_lines_with_the_same_text_the_one_is_doubled_or_moved_that_was() {
    let run = one_visitor();
    let lines = run.lines(5_000);
    for at in (500..4_500).step_by(250) {
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at - 1].clone());
        let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), vec![file(doubled)]);
        let [missing, doubled, out_of_order, altered, foreign] = wrong(&outcome);
        assert_eq!((missing, out_of_order, altered, foreign), Default::default(), "{at}");
        assert_eq!(doubled.len(), 1, "{at}");
        let mut dropped = lines.clone();
        dropped.remove(at);
        let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), vec![file(dropped)]);
        let [missing, rest @ ..] = wrong(&outcome);
        assert_eq!(rest, <[Spots; 4]>::default(), "{at}");
        assert_eq!(missing.len(), 1, "{at}");
    }
}
