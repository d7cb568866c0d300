//! The reports at times driven by hand.

use proptest::prelude::*;

use super::*;
use crate::time::SECOND;

const START: Time = 1_793_491_200 * SECOND;

/// A run at times driven by hand. Each step adds this many bytes, in lines of 200, and simulated seconds.
struct Drive {
    progress: Progress,
    seen: ProgressSeen,
}

impl Drive {
    fn new(goal: Goal, present: Option<Time>) -> Self {
        let at = Instant::now();
        let seen = ProgressSeen { at, lines: 0, access_bytes: 0, bytes: 0, reached: None, present };
        Self { progress: Progress::new(goal, START, at), seen }
    }

    fn step(&mut self, seconds: u64, lines: u64, simulated: u64) -> ProgressReport {
        self.seen.at += Duration::from_secs(seconds);
        self.seen.lines += lines;
        self.seen.access_bytes += 200 * lines;
        self.seen.bytes += 210 * lines;
        let reached = self.seen.reached.unwrap_or(START) + simulated * SECOND;
        self.seen.reached = Some(reached);
        self.progress.report(self.seen)
    }

    fn said(&mut self, seconds: u64, lines: u64, simulated: u64) -> String {
        self.step(seconds, lines, simulated).to_string()
    }
}

#[test]
fn lines_are_counted_on_the_way_to_their_number() {
    let mut run = Drive::new(Goal { lines: Some(10_000_000), ..Goal::default() }, None);
    assert_eq!(run.said(5, 1_000_000, 1), "1,000,000 lines, 10 %, 42.0 MB/s, 0:45 left");
    assert_eq!(run.said(5, 1_000_000, 1), "2,000,000 lines, 20 %, 42.0 MB/s, 0:40 left");
}

#[test]
fn bytes_are_those_of_the_access_log() {
    let mut run = Drive::new(Goal { bytes: Some(200_000_000), ..Goal::default() }, None);
    assert_eq!(run.said(10, 250_000, 1), "250,000 lines, 25 %, 5.2 MB/s, 0:30 left");
}

#[test]
fn history_is_on_its_way_to_the_present() {
    let present = START + 86_400 * SECOND;
    let mut run = Drive::new(Goal::default(), Some(present));
    assert_eq!(run.said(1, 10, 3_600), "10 lines, 4 %, 0.0 MB/s, 0:23 left");
    // The present moves on meanwhile.
    run.seen.present = Some(present + 3_600 * SECOND);
    assert_eq!(run.said(1, 10, 3_600), "20 lines, 8 %, 0.0 MB/s, 0:23 left");
}

#[test]
fn an_end_in_the_future_of_a_live_run_is_not_waited_for_by_a_bar() {
    let present = START + 100 * SECOND;
    let goal = Goal { until: Some(START + 1_000 * SECOND), ..Goal::default() };
    assert_eq!(Drive::new(goal, Some(present)).step(1, 1, 50).share, Some(0.5));
    assert_eq!(Drive::new(goal, None).step(1, 1, 50).share, Some(0.05));
    let past = Goal { until: Some(START + 50 * SECOND), ..Goal::default() };
    assert_eq!(Drive::new(past, Some(present)).step(1, 1, 25).share, Some(0.5));
}

#[test]
fn the_end_that_is_nearest_counts() {
    let until = Some(START + 100 * SECOND);
    let goal = Goal { lines: Some(1_000), bytes: Some(20_000), until };
    let mut run = Drive::new(goal, None);
    assert_eq!(run.step(1, 10, 50).share, Some(0.5));
    assert_eq!(run.step(1, 70, 10).share, Some(0.8));
}

#[test]
fn where_there_is_no_end_there_is_no_share_and_no_time_left() {
    let mut run = Drive::new(Goal::default(), None);
    assert_eq!(run.said(2, 1_000, 5), "1,000 lines, 0.1 MB/s");
}

#[test]
fn a_run_that_stands_still_tells_no_time_left_and_goes_on_where_it_was() {
    let mut run = Drive::new(Goal { lines: Some(4_000), ..Goal::default() }, None);
    run.step(5, 1_000, 1);
    assert_eq!(run.said(15, 0, 0), "1,000 lines, 25 %, 0.0 MB/s");
    assert_eq!(run.said(15, 1_000, 0), "2,000 lines, 50 %, 0.0 MB/s, 0:30 left");
}

#[test]
fn a_disk_that_has_become_slow_is_noticed_within_the_window() {
    let mut run = Drive::new(Goal { lines: Some(1_000_000), ..Goal::default() }, None);
    for _ in 0..20 {
        run.step(5, 10_000, 1);
    }
    let left = |run: &mut Drive| {
        let report = run.step(5, 1_000, 1);
        report.left.unwrap().as_secs()
    };
    let first = left(&mut run);
    left(&mut run);
    let third = left(&mut run);
    assert!(first < 600 && third > 3_900, "{first} {third}");
}

#[test]
fn all_of_it_is_a_hundred_per_cent_and_less_is_not() {
    let mut run = Drive::new(Goal { lines: Some(1_000), ..Goal::default() }, None);
    assert_eq!(run.said(1, 999, 0), "999 lines, 99 %, 0.2 MB/s, 0:01 left");
    assert_eq!(run.said(1, 1, 0), "1,000 lines, 100 %, 0.1 MB/s, 0:00 left");
}

#[test]
fn a_length_of_time_reads_as_on_a_stop_watch() {
    let shown = |seconds| clock(Duration::from_secs_f64(seconds));
    assert_eq!(shown(0.0), "0:00");
    assert_eq!(shown(6.2), "0:07");
    assert_eq!(shown(151.0), "2:31");
    assert_eq!(shown(3_751.0), "1:02:31");
    assert_eq!(shown(3.0 * 86_400.0 + 14_706.0), "3 d 4:05:06");
}

proptest! {
    #[test]
    fn whatever_is_seen_the_report_is_a_possible_one(
        lines in prop::option::of(0..2_000u64),
        until in prop::option::of(0..2_000u64),
        waits in any::<bool>(),
        steps in prop::collection::vec((0..20u64, 0..500u64, 0..500u64), 1..30),
    ) {
        let goal = Goal { lines, bytes: None, until: until.map(|until| START + until * SECOND) };
        let mut run = Drive::new(goal, waits.then_some(START + SECOND));
        let mut last = 0.0;
        for (seconds, lines, simulated) in steps {
            let report = run.step(seconds, lines, simulated);
            prop_assert!(report.bytes_per_second >= 0.0);
            let share = report.share.unwrap_or(0.0);
            prop_assert!(share >= last && share <= 1.0);
            last = share;
            prop_assert!(run.progress.seen.len() <= 30);
            report.to_string();
        }
    }
}
