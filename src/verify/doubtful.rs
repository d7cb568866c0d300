//! Doubtful lines: those of a killed run that left the window and are beyond everything its record
//! knows. They are missing if a later line was received, and otherwise were never written. Values only;
//! no lines are made here.

use super::findings::{LineFinding, Unwritten};
use crate::time::Time;

/// Consecutive doubtful lines, up to the newest that was made.
#[derive(Debug, Default)]
pub struct Doubtful(Option<LineFinding>);

impl Doubtful {
    /// Adds doubtful lines that follow those before.
    pub fn add(&mut self, found: LineFinding) {
        match &mut self.0 {
            Some(known) => {
                known.lines += found.lines;
                known.until = found.until;
            }
            None => self.0 = Some(found),
        }
    }

    /// Whether there are no doubtful lines.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Decides after the line numbered `line`, from 0, was received: if it comes after the doubtful
    /// lines, these are missing and returned.
    pub fn received(&mut self, line: u64) -> Option<LineFinding> {
        self.0.take_if(|known| known.number.is_some_and(|first| first <= line))
    }

    /// Decides when no later line was received before the run was over: the lines were never written.
    /// `until` is when the next run started, if none of their times is later.
    pub fn unwritten(&mut self, until: Option<Time>) -> Option<Unwritten> {
        let known = self.0.take()?;
        let until = until.filter(|until| known.until.is_some_and(|last| last < *until));
        Some(Unwritten {
            number: known.number?,
            lines: if until.is_some() { known.lines } else { 0 },
            at_least: until.is_none(),
            from: known.from?,
            until,
            begun: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubtful() -> Doubtful {
        let mut doubtful = Doubtful::default();
        for (number, lines, from, until) in [(101, 50, 1_000, 2_000), (151, 50, 2_001, 3_000)] {
            let number = Some(number);
            let (from, until) = (Some(from), Some(until));
            doubtful.add(LineFinding { number, lines, from, until, ..LineFinding::default() });
        }
        doubtful
    }

    #[test]
    fn doubtful_lines_are_missing_once_a_line_behind_them_is_received() {
        let mut doubtful = doubtful();
        assert_eq!(doubtful.received(100), None);
        let missing = doubtful.received(205).unwrap();
        assert_eq!((missing.number, missing.lines, missing.until), (Some(101), 100, Some(3_000)));
        assert!(doubtful.is_empty() && doubtful.unwritten(None).is_none());
    }

    #[test]
    fn doubtful_lines_of_a_run_that_is_over_were_never_written() {
        let of = |until| {
            let found = doubtful().unwritten(until).unwrap();
            (found.number, found.lines, found.at_least, found.from, found.until)
        };
        assert_eq!(of(Some(3_001)), (101, 100, false, 1_000, Some(3_001)));
        // Which of them were due when the next run started is not known.
        assert_eq!(of(Some(2_500)), (101, 0, true, 1_000, None));
        assert_eq!(of(None), (101, 0, true, 1_000, None));
    }
}
