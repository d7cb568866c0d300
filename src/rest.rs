//! What a run left unwritten: the lines that were due when it ended and never reached the file. Pure
//! functions; no clock and no file may enter here.

use crate::end::End;
use crate::pace::{Gap, LeftOut};
use crate::stream::Stream;
use crate::time::Time;

/// How many lines are made at once to be counted.
const COUNTED_AT_ONCE: usize = 2048;
/// The most lines that are counted, so that a run that was asked for billions ends soon.
const MOST_COUNTED: u64 = 5_000_000;

/// What the scheduler leaves when it ends.
#[derive(Debug)]
pub struct Rest {
    /// The stream of the lines that were not sent.
    pub stream: Stream,
    /// The end of the run, which tells which of these lines belong to it.
    pub end: End,
    /// How many lines were sent.
    pub emitted: u64,
    /// The time up to which lines were due; `None` if the run does not wait for the clock.
    pub due: Option<Time>,
    /// Whether more lines were due than the run may be late with.
    pub is_owed: bool,
    /// The time up to which lines were sent: that of the last line, or a later one up to which none was due.
    pub let_go: Time,
    /// The simulated time at which the run ended, if it is later than its last line: the planned end, or
    /// the present.
    pub came_to: Option<Time>,
}

impl Rest {
    /// The gap after the `written` lines in the file. `from` is the time of the first line that was sent
    /// and not written. If the run does not wait for the clock, everything up to its end was due if it
    /// `gave_up`; if it was stopped, only what was sent. Of the lines that were not sent, at most five
    /// million are counted.
    pub fn left_out(mut self, written: u64, from: Time, gave_up: bool) -> Option<LeftOut> {
        let mut lines = self.emitted.saturating_sub(written);
        let from = if lines > 0 { from } else { self.stream.next_time() };
        let mut until = self.due.unwrap_or(self.let_go);
        let due = self.due.unwrap_or(if gave_up { Time::MAX } else { 0 });
        let due = due.min(self.end.time().saturating_sub(1));
        let mut counted = 0;
        let mut hits = Vec::new();
        while counted < MOST_COUNTED {
            hits.clear();
            let limit = self.end.limit(COUNTED_AT_ONCE);
            self.stream.fill(due, limit, &mut hits);
            self.end.count(&mut hits);
            let Some(last) = hits.last() else { break };
            until = until.max(last.time);
            counted += hits.len() as u64;
        }
        lines += counted;
        let gap = Gap { from, until: until.max(from) };
        (lines > 0).then_some(LeftOut { after_line: written, lines, gap })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::time::SECOND;

    const START: Time = 1_793_491_200 * SECOND;

    /// The rest of a run that has sent 100 lines, and the times of the lines after them.
    fn rest(lines: u64, end: Time, due: Option<Time>) -> (Rest, Vec<Time>) {
        let config = Config::default();
        let (mut stream, mut same) =
            (Stream::new(&config, 7, START), Stream::new(&config, 7, START));
        let mut hits = Vec::new();
        stream.fill(Time::MAX, 100, &mut hits);
        let mut end = End::new(lines, end);
        end.count(&mut hits);
        hits.clear();
        same.fill(Time::MAX, 5_000, &mut hits);
        let times = hits[100..].iter().map(|hit| hit.time).collect();
        let let_go = hits[99].time;
        (Rest { stream, end, emitted: 100, due, is_owed: true, let_go, came_to: None }, times)
    }

    #[test]
    fn what_was_let_go_and_what_was_due_is_left_out_and_nothing_else() {
        let (_, times) = rest(u64::MAX, Time::MAX, None);
        let due = times[39];
        let (rest, _) = rest(u64::MAX, Time::MAX, Some(due));
        let left_out = rest.left_out(70, START, true).unwrap();
        let behind = times.iter().filter(|time| **time <= due).count() as u64;
        assert_eq!((left_out.after_line, left_out.lines), (70, 30 + behind));
        assert_eq!(left_out.gap, Gap { from: START, until: due });
    }

    #[test]
    fn a_run_that_does_not_wait_and_gave_up_has_left_out_all_up_to_its_end() {
        let (rest, times) = rest(1_000, Time::MAX, None);
        let left_out = rest.left_out(70, START, true).unwrap();
        assert_eq!(left_out.lines, 930);
        assert_eq!(left_out.gap.until, times[899]);
    }

    #[test]
    fn a_run_that_does_not_wait_and_was_stopped_has_left_out_what_was_let_go() {
        let (whole, _) = rest(1_000, Time::MAX, None);
        let last = whole.let_go;
        let left_out = whole.left_out(70, START, false).unwrap();
        assert_eq!((left_out.lines, left_out.gap), (30, Gap { from: START, until: last }));
        let (whole, _) = rest(1_000, Time::MAX, None);
        assert_eq!(whole.left_out(100, START, false), None);
    }

    #[test]
    fn where_all_that_was_let_go_is_written_the_next_line_is_the_first_missing() {
        let (_, times) = rest(u64::MAX, Time::MAX, None);
        let (rest, _) = rest(u64::MAX, Time::MAX, Some(times[9]));
        assert_eq!(rest.left_out(100, START, true).unwrap().gap.from, times[0]);
    }

    #[test]
    fn lines_beyond_the_end_of_the_run_are_not_missing() {
        let (_, times) = rest(u64::MAX, Time::MAX, None);
        let (rest, _) = rest(u64::MAX, times[10], Some(Time::MAX - 1));
        let before = times.iter().filter(|time| **time < times[10]).count() as u64;
        assert_eq!(rest.left_out(100, START, true).unwrap().lines, before);
    }

    #[test]
    fn of_a_run_of_a_billion_lines_only_some_million_are_counted() {
        let (rest, _) = rest(1_000_000_000, Time::MAX, None);
        let lines = rest.left_out(100, START, true).unwrap().lines;
        assert!((MOST_COUNTED..MOST_COUNTED + 10_000).contains(&lines), "{lines}");
    }
}
