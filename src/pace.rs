//! When to write hits and when to leave them out: decisions about simulated time and wall time, as pure
//! functions.

use std::time::Duration;

use crate::time::{SECOND, Time, seconds};

/// A run may always be this late, however small the bucket, because no host wakes a thread on time.
const SHORTEST_ALLOWANCE: Time = SECOND / 4;

/// How the stream keeps up with the wall clock.
#[derive(Clone, Debug)]
pub struct Pace {
    /// How far the stream may be behind the wall clock in a live run, ns.
    allowance: Time,
    /// Everything before this time has been written or left out.
    reached: Time,
    /// Whether the stream keeps up with the wall clock. Until then it writes history, which is late by design.
    live: bool,
    /// Whether everything due has been written at least once.
    met: bool,
    /// There is no new gap before this time, so that a machine too slow for its rate still writes between gaps.
    no_gap_before: Time,
}

/// A span of simulated time that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first instant left out.
    pub from: Time,
    /// The last instant left out.
    pub until: Time,
}

/// A gap, with its position in the run and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// How many lines of the run come before the gap.
    pub after_line: u64,
    /// How many lines of the stream are in the gap.
    pub lines: u64,
    /// The span that was left out.
    pub gap: Gap,
}

impl LeftOut {
    /// The length of the span.
    pub fn length(&self) -> Duration {
        Duration::from_nanos(self.gap.until - self.gap.from)
    }
}

impl Pace {
    /// The pace of a run that starts at `start`. It may catch up on `burst_seconds` of lines at once.
    pub fn new(start: Time, burst_seconds: f64) -> Self {
        let allowance = seconds(burst_seconds).max(SHORTEST_ALLOWANCE);
        Self { allowance, reached: start, live: false, met: false, no_gap_before: start }
    }

    /// The same pace for a run that begins at `now`. If the stream starts at that time, there is no
    /// history, even if the first line has to wait.
    pub fn beginning_at(self, now: Time) -> Self {
        Self { live: now.saturating_sub(self.reached) <= self.allowance, ..self }
    }

    /// The gap to leave out at `now`, because the next line, due at `next`, is later than the bucket may
    /// make up for at once. Time without due lines is not a gap.
    pub fn gap(&self, now: Time, next: Time) -> Option<Gap> {
        let late = now.saturating_sub(next) > self.allowance;
        (self.live && late && next >= self.no_gap_before).then_some(Gap { from: next, until: now })
    }

    /// The time up to which lines are written at `now` if there is no gap: everything due, but right
    /// after a gap no more than the bucket may make up for.
    pub fn due(&self, now: Time, next: Time) -> Time {
        let late = now.saturating_sub(next) > self.allowance;
        if self.live && late { now.min(self.no_gap_before) } else { now }
    }

    /// Notes that a span has been left out.
    pub fn left_out(&mut self, gap: Gap) {
        self.reached = gap.until;
        self.no_gap_before = gap.until.saturating_add(self.allowance);
    }

    /// Notes that everything up to `time` is written; if `caught_up`, that was everything due. Returns
    /// true if the stream thereby meets the wall clock for the first time.
    pub fn wrote(&mut self, time: Time, caught_up: bool) -> bool {
        self.reached = self.reached.max(time);
        let meets = caught_up && !self.met;
        self.met |= caught_up;
        self.live |= caught_up;
        meets
    }

    /// Whether the stream keeps up with the wall clock and does not write history.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// How far the stream has come, in simulated time.
    pub fn reached(&self) -> Time {
        self.reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = 1_000 * SECOND;

    fn live(burst_seconds: f64) -> Pace {
        let mut pace = Pace::new(START, burst_seconds);
        assert!(pace.wrote(START, true));
        pace
    }

    #[test]
    fn history_is_never_late() {
        let pace = Pace::new(START, 2.0);
        assert_eq!(pace.gap(START + 86_400 * SECOND, START), None);
    }

    #[test]
    fn the_stream_meets_the_wall_clock_once() {
        let mut pace = Pace::new(START, 2.0);
        assert!(!pace.wrote(START + 5, false));
        assert!(pace.wrote(START + 9, true));
        assert!(!pace.wrote(START + 12, true));
        assert_eq!(pace.reached(), START + 12);
    }

    #[test]
    fn a_stream_that_starts_now_is_no_history_even_if_its_first_line_has_to_wait() {
        let mut pace = Pace::new(START, 2.0).beginning_at(START + SECOND);
        assert!(pace.is_live());
        let now = START + 60 * SECOND;
        assert_eq!(pace.gap(now, START), Some(Gap { from: START, until: now }));
        assert!(pace.wrote(now, true));
        assert!(!Pace::new(START, 2.0).beginning_at(now).is_live());
    }

    #[test]
    fn what_the_bucket_holds_may_be_caught_up_and_no_more() {
        let pace = live(2.0);
        assert_eq!(pace.gap(START + 2 * SECOND, START), None);
        let now = START + 2 * SECOND + 1;
        assert_eq!(pace.gap(now, START), Some(Gap { from: START, until: now }));
    }

    #[test]
    fn without_a_bucket_a_late_wake_up_is_no_gap() {
        let pace = live(0.0);
        assert_eq!(pace.gap(START + SHORTEST_ALLOWANCE, START), None);
        assert!(pace.gap(START + SHORTEST_ALLOWANCE + 1, START).is_some());
    }

    #[test]
    fn however_long_no_line_is_due_there_is_no_gap() {
        let pace = live(2.0);
        let next = START + 20 * SECOND;
        assert_eq!(pace.gap(next, next), None);
        assert_eq!(pace.gap(next + SECOND, next), None);
        assert!(pace.gap(next + 3 * SECOND, next).is_some());
    }

    #[test]
    fn a_machine_too_slow_for_its_rate_still_writes_between_gaps() {
        let mut pace = live(2.0);
        let mut now = START + 3 * SECOND;
        let gap = pace.gap(now, START).unwrap();
        pace.left_out(gap);
        // Leaving out took so long that the stream is late again; but now it writes.
        now += 10 * SECOND;
        assert_eq!(pace.gap(now, gap.until + 1), None);
        // And no more than the bucket holds.
        assert_eq!(pace.due(now, gap.until + 1), gap.until + 2 * SECOND);
        let next = gap.until + 2 * SECOND;
        assert_eq!(pace.gap(now, next), Some(Gap { from: next, until: now }));
    }
}
