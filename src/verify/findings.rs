//! What was found: of a run, kind by kind, and of one kind how many lines, and the first few with all that
//! is known of them.

use crate::time::Time;

/// A line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which file, from 0.
    pub file: usize,
    /// Which line of it, from 1.
    pub line: u64,
}

/// A line, or several that stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFinding {
    /// The first one's number among the lines of the run, from 1; none where it is of no run.
    pub number: Option<u64>,
    /// How many they are.
    pub lines: u64,
    /// The time of the first, where it is known.
    pub from: Option<Time>,
    /// The time of the last.
    pub until: Option<Time>,
    /// Where the first was received; for missing lines, the line behind which they are missing, if
    /// there is one.
    pub place: Option<Place>,
    /// The text of the first as it should be, where there is such a text.
    pub expected: Option<Vec<u8>>,
    /// The text of the first as it was received, where that is another.
    pub received: Option<Vec<u8>>,
}

/// Lines that a killed run had still to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritten {
    /// The number of the first, from 1.
    pub number: u64,
    /// How many they are, as far as that is known.
    pub lines: u64,
    /// There may be more, which were not counted.
    pub at_least: bool,
    /// The time of the first.
    pub from: Time,
    /// When the next run started, if that was the end of this one.
    pub until: Option<Time>,
    /// Where the beginning of the first was received, if it was.
    pub begun: Option<Place>,
}

/// What was found of a run.
#[derive(Debug)]
pub struct RunFindings {
    /// Lines that were expected.
    pub expected: u64,
    /// Lines of the run that were received, doubles and altered ones among them.
    pub received: u64,
    /// Lines that were not received.
    pub missing: Findings,
    /// Lines that were received once more.
    pub doubled: Findings,
    /// Lines that came too early or too late.
    pub out_of_order: Findings,
    /// Lines that came with another text.
    pub altered: Findings,
    /// Lines that were never written because the run was killed.
    pub unwritten: Option<Unwritten>,
    /// The last line that was received: its number, from 1, and its time.
    pub last: Option<(u64, Option<Time>)>,
}

impl RunFindings {
    /// Nothing yet; up to `show` findings of each kind are kept.
    pub fn nothing(show: usize) -> Self {
        Self {
            expected: 0,
            received: 0,
            missing: Findings::missing(show),
            doubled: Findings::received(show),
            out_of_order: Findings::received(show),
            altered: Findings::single(show),
            unwritten: None,
            last: None,
        }
    }
}

/// When a finding goes on with the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joins {
    Never,
    ByNumber,
    ByNumberAndPlace,
}

/// All findings of a kind.
#[derive(Debug)]
pub struct Findings {
    /// How many lines.
    pub lines: u64,
    /// The first few.
    pub first: Vec<LineFinding>,
    show: usize,
    joins: Joins,
    /// The last finding is the last of `first`.
    open: bool,
}

impl Findings {
    /// Of lines that were not received.
    pub fn missing(show: usize) -> Self {
        Self { lines: 0, first: Vec::new(), show, joins: Joins::ByNumber, open: false }
    }

    /// Of lines that were received.
    pub fn received(show: usize) -> Self {
        Self { joins: Joins::ByNumberAndPlace, ..Self::missing(show) }
    }

    /// Of lines that have little in common but their kind.
    pub fn single(show: usize) -> Self {
        Self { joins: Joins::Never, ..Self::missing(show) }
    }

    /// Whether there is room for one more to be shown.
    pub fn shows_more(&self) -> bool {
        self.first.len() < self.show
    }

    /// Adds one; `complete` adds the texts, if it is to be shown.
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
