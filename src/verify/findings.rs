//! What was found about a run: for each kind of fault, how many lines have it, and the first few of them
//! with all details.

use super::spoilt::SpoiltLines;
use crate::time::Time;

/// Where a line is in the received files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The index of the file, from 0.
    pub file: usize,
    /// The line number in the file, from 1.
    pub line: u64,
}

/// A line with a fault, or several consecutive ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFinding {
    /// The number of the first line within the run, from 1; `None` if it belongs to no run.
    pub number: Option<u64>,
    /// How many lines there are.
    pub lines: u64,
    /// The time of the first line, if known.
    pub from: Option<Time>,
    /// The time of the last line, if known.
    pub until: Option<Time>,
    /// Where the first line was received. For missing lines: where the line before them was received, if
    /// there is one.
    pub place: Option<Place>,
    /// The text that the first line should have, if there is one.
    pub expected: Option<Vec<u8>>,
    /// The text of the first line as received, if it differs from `expected`.
    pub received: Option<Vec<u8>>,
}

/// Lines that a killed run did not get to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritten {
    /// The number of the first line, from 1.
    pub number: u64,
    /// How many lines there are, as far as known.
    pub lines: u64,
    /// Whether there may be more lines, which were not counted.
    pub at_least: bool,
    /// The time of the first line.
    pub from: Time,
    /// When the next run started, if that ended this one.
    pub until: Option<Time>,
    /// Where the beginning of the first line was received, if it was.
    pub begun: Option<Place>,
}

/// Everything found about a run.
#[derive(Debug)]
pub struct RunFindings {
    /// How many lines were expected.
    pub expected: u64,
    /// How many lines of the run were received, including doubled and altered ones.
    pub received: u64,
    /// Lines that were not received.
    pub missing: Findings,
    /// Lines that were received more than once.
    pub doubled: Findings,
    /// Lines that came too early or too late.
    pub out_of_order: Findings,
    /// Lines that came with a different text.
    pub altered: Findings,
    /// Lines that are in the log as an event of the scenario has left them.
    pub spoilt: SpoiltLines,
    /// Lines that were never written because the run was killed.
    pub unwritten: Option<Unwritten>,
    /// The number, from 1, and the time of the last line received.
    pub last: Option<(u64, Option<Time>)>,
}

impl RunFindings {
    /// Empty findings. Up to `show` findings of each kind will be kept; `spoiling` is [`Facts::spoilt`](crate::recorded::facts::Facts::spoilt).
    pub fn nothing(show: usize, spoiling: usize) -> Self {
        Self {
            expected: 0,
            received: 0,
            missing: Findings::missing(show),
            doubled: Findings::received(show),
            out_of_order: Findings::received(show),
            altered: Findings::single(show),
            spoilt: SpoiltLines::of(spoiling),
            unwritten: None,
            last: None,
        }
    }
}

/// When a finding is merged with the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joins {
    Never,
    ByNumber,
    ByNumberAndPlace,
}

/// All findings of one kind.
#[derive(Debug)]
pub struct Findings {
    /// How many lines have the fault.
    pub lines: u64,
    /// The first few findings.
    pub first: Vec<LineFinding>,
    show: usize,
    joins: Joins,
    /// Whether the last finding is the last of `first`, so that another may be merged with it.
    open: bool,
}

impl Findings {
    /// For lines that were not received.
    pub fn missing(show: usize) -> Self {
        Self { lines: 0, first: Vec::new(), show, joins: Joins::ByNumber, open: false }
    }

    /// For lines that were received.
    pub fn received(show: usize) -> Self {
        Self { joins: Joins::ByNumberAndPlace, ..Self::missing(show) }
    }

    /// For lines that have little in common but their kind.
    pub fn single(show: usize) -> Self {
        Self { joins: Joins::Never, ..Self::missing(show) }
    }

    /// Whether another finding would be shown.
    pub fn shows_more(&self) -> bool {
        self.first.len() < self.show
    }

    /// Adds a finding. If it is to be shown, `complete` adds the texts.
    pub fn add(&mut self, found: LineFinding, complete: impl FnOnce(&mut LineFinding)) {
        self.lines += found.lines;
        if self.open
            && let Some(last) = self.first.last_mut()
            && joins(self.joins, last, &found)
        {
            last.lines += found.lines;
            last.until = found.until.or(last.until);
            return;
        }
        self.open = self.shows_more();
        if self.open {
            let mut found = found;
            complete(&mut found);
            self.first.push(found);
        }
    }
}

fn joins(joins: Joins, last: &LineFinding, next: &LineFinding) -> bool {
    let numbers = last.number.map(|number| number + last.lines) == next.number;
    let behind = |place: Place| Place { line: place.line + last.lines, ..place };
    match joins {
        Joins::Never => false,
        Joins::ByNumber => numbers,
        Joins::ByNumberAndPlace => numbers && last.place.map(behind) == next.place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: Option<u64>, line: u64) -> LineFinding {
        let place = Some(Place { file: 0, line });
        LineFinding { number, lines: 1, place, ..LineFinding::default() }
    }

    fn spans(mut findings: Findings, of: &[LineFinding]) -> Vec<(Option<u64>, u64)> {
        for found in of {
            findings.add(found.clone(), |_| {});
        }
        assert_eq!(findings.lines, of.len() as u64);
        findings.first.iter().map(|found| (found.number, found.lines)).collect()
    }

    #[test]
    fn lines_that_stand_together_are_one_finding() {
        let lines = [(7, 1), (8, 2), (9, 4), (10, 9)].map(|at| line(Some(at.0), at.1));
        assert_eq!(spans(Findings::missing(5), &lines), [(Some(7), 4)]);
        let expected = [(Some(7), 2), (Some(9), 1), (Some(10), 1)];
        assert_eq!(spans(Findings::received(5), &lines), expected);
        assert_eq!(spans(Findings::single(5), &lines).len(), 4);
        let strange = [line(None, 1), line(None, 2), line(None, 4)];
        assert_eq!(spans(Findings::received(5), &strange), [(None, 2), (None, 1)]);
    }

    #[test]
    fn what_is_not_shown_is_counted_and_joins_nothing() {
        let lines = [(7, 1), (9, 3), (10, 4)].map(|at| line(Some(at.0), at.1));
        assert_eq!(spans(Findings::received(1), &lines), [(Some(7), 1)]);
        assert_eq!(spans(Findings::missing(0), &lines), []);
    }
}
