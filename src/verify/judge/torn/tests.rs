//! Rules of the judge for the last line of a file if it is cut off.

use crate::verify::judge::test_run::{TestRun, file, judge_with, settings};
use crate::verify::judge::tests::{NOTHING, killed_and_next, unended, wrong};

#[test]
fn a_last_line_cut_off_is_unwritten_where_the_run_did_not_end_and_altered_where_it_did() {
    let run = unended(7, 900, None);
    let lines = run.lines(1_100);
    for cut in [1, 30, lines[1_000].len() - 1] {
        let mut text = file(&lines[..1_000]);
        text.extend_from_slice(&lines[1_000][..cut]);
        // Also where it is all that is in its file, and has a stamp that tells where that belongs.
        let apart = [file(&lines[..1_000]), lines[1_000][..cut].to_vec()];
        let apart = (cut > 100).then(|| apart.to_vec());
        for files in std::iter::once(vec![text]).chain(apart) {
            let place = if files.len() == 1 { (0, 1_001) } else { (1, 1) };
            let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), files);
            assert_eq!(wrong(&outcome), NOTHING, "{cut}");
            let found = outcome.runs[0].as_ref().unwrap();
            assert_eq!((outcome.received, found.expected, found.received), (1_000, 1_000, 1_000));
            let unwritten = found.unwritten.as_ref().unwrap();
            let begun = unwritten.begun.map(|begun| (begun.file, begun.line));
            assert_eq!((unwritten.number, unwritten.lines, begun), (1_001, 1, Some(place)));
        }
    }
    let mut torn = file(&lines[..1_000]);
    torn.extend_from_slice(&lines[1_000][..30]);
    // The record tells that it was written, or other lines came behind it, or the text is another.
    let recorded = unended(7, 1_050, None);
    let mut behind = file(&lines[1_001..1_100]);
    let ended = TestRun::ended(7, 1_001);
    for (run, files, missing) in [
        (ended, vec![torn.clone()], 0),
        (recorded, vec![torn.clone()], 49),
        (run.clone(), vec![torn.clone(), std::mem::take(&mut behind)], 0),
    ] {
        let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), files);
        let [missing_spots, .., altered, foreign] = wrong(&outcome);
        assert_eq!(altered, [(1_001, 1, Some((0, 1_001)))]);
        assert_eq!(foreign, []);
        assert_eq!(missing_spots.iter().map(|spot| spot.1).sum::<u64>(), missing);
    }
    let mut other = file(&lines[..1_000]);
    other.extend_from_slice(b"nothing of ours");
    let outcome = judge_with(&settings(1_000), std::slice::from_ref(&run), vec![other]);
    assert_eq!(
        (outcome.foreign.lines, outcome.runs[0].as_ref().unwrap().unwritten.is_none()),
        (1, true)
    );
}

#[test]
fn with_an_open_tail_a_last_line_cut_off_is_not_all_received_yet() {
    let run = TestRun::ended(7, 1_000);
    let lines = run.lines(1_000);
    let mut text = file(&lines[..500]);
    text.extend_from_slice(&lines[500][..30]);
    let mut settings = settings(1_000);
    settings.tail_open = true;
    let outcome = judge_with(&settings, &[run], vec![text]);
    assert_eq!(wrong(&outcome), NOTHING);
    assert_eq!(outcome.received, 500);
}

#[test]
fn of_a_run_with_a_known_end_the_line_cut_off_is_one_of_those_it_did_not_write() {
    let (runs, received) = killed_and_next();
    let mut first = file(&received[..1_100]);
    first.extend_from_slice(&runs[0].lines(1_101)[1_100][..50]);
    let outcome = judge_with(&settings(1_000), &runs, vec![first, file(&received[1_100..])]);
    assert_eq!(wrong(&outcome), NOTHING);
    let unwritten = outcome.runs[0].as_ref().unwrap().unwritten.as_ref().unwrap();
    assert_eq!((unwritten.number, unwritten.lines), (1_101, 1_893));
    assert_eq!(unwritten.begun.map(|begun| begun.line), Some(1_101));
}
