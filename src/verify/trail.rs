//! The trail of a file: what it has brought and is not judged yet, which is lines of runs in the order
//! in which they came, and lines that belong to no run. Order is judged here; no window and no file may
//! enter.

use std::collections::VecDeque;

use super::order::stay;
use crate::time::Time;

/// The most steps of a trail, and the most bytes of strangers, that wait to be judged.
const MOST_STEPS: usize = 1 << 18;
const MOST_TEXT: usize = 4 << 20;

/// A step of a trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrailStep {
    /// Consecutive lines of a run.
    LineStretch(LineStretch),
    /// A line that belongs to no run.
    Stranger(Stranger),
}

/// Consecutive lines of a run, as they came in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineStretch {
    /// The index of the run.
    pub track: usize,
    /// The index of the first line within the run.
    pub first: u64,
    /// How many lines there are.
    pub len: u64,
    /// The number of the first line in the file, from 1.
    pub line: u64,
    /// Whether the lines were received before.
    pub again: bool,
    /// Whether they are in order among the lines of this file. This is only known once judged, and not
    /// for repeated lines.
    pub in_place: bool,
}

impl LineStretch {
    /// The index after the last line.
    pub fn end(&self) -> u64 {
        self.first + self.len
    }

    /// The part with `len` lines, after the first `skipped` lines.
    pub fn part(&self, skipped: u64, len: u64) -> Self {
        Self { first: self.first + skipped, line: self.line + skipped, len, ..*self }
    }
}

/// A line that belongs to no run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stranger {
    /// The number of the line in the file, from 1.
    pub line: u64,
    /// The text as it was received.
    pub text: Box<[u8]>,
    /// The second of its stamp; without a stamp, that of the previous stranger.
    pub time: Option<Time>,
    /// Whether its stamp is of a time that is no longer compared.
    pub late: bool,
    /// Whether it is the last line of its file and has no line feed.
    pub torn: bool,
}

/// The steps of one file that wait to be judged.
#[derive(Debug, Default)]
pub struct Trail {
    steps: VecDeque<TrailStep>,
    lines: u64,
    text: usize,
    /// For each run, the index after the last line in order that was judged.
    fronts: Vec<u64>,
    /// For each run, the index of its record.
    records: Vec<usize>,
}

/// The steps that were judged.
#[derive(Debug, PartialEq, Eq)]
pub struct Judged {
    /// The steps, in the order in which they came.
    pub steps: Vec<TrailStep>,
    /// For each record, the next lines in place after these steps, if they have come.
    pub next: Vec<Option<LineStretch>>,
}

impl Trail {
    /// An empty trail. `records` holds the record of each run.
    pub fn new(records: &[usize]) -> Self {
        Self { fronts: vec![0; records.len()], records: records.to_vec(), ..Self::default() }
    }

    /// For each record, the first lines in place among `steps`.
    pub fn first_in_place<'a>(
        &self,
        steps: impl Iterator<Item = &'a TrailStep>,
    ) -> Vec<Option<LineStretch>> {
        let mut found = vec![None; self.records.iter().max().map_or(0, |last| last + 1)];
        let mut unknown = found.len();
        for step in steps {
            if let TrailStep::LineStretch(stretch) = step
                && stretch.in_place
                && let first @ None = &mut found[self.records[stretch.track]]
            {
                *first = Some(*stretch);
                unknown -= 1;
                if unknown == 0 {
                    break;
                }
            }
        }
        found
    }

    /// Adds lines of a run. If they continue the last step, they become part of it.
    #[inline]
    pub fn add(&mut self, stretch: LineStretch) {
        self.lines += stretch.len;
        if let Some(TrailStep::LineStretch(last)) = self.steps.back_mut()
            && (last.track, last.again, last.end()) == (stretch.track, stretch.again, stretch.first)
        {
            last.len += stretch.len;
            return;
        }
        self.steps.push_back(TrailStep::LineStretch(stretch));
    }

    /// Adds a line that belongs to no run.
    pub fn add_stranger(&mut self, stranger: Stranger) {
        self.lines += 1;
        self.text += stranger.text.len();
        self.steps.push_back(TrailStep::Stranger(stranger));
    }

    /// Whether so much waits that half of it should be judged: more than `window` lines, or too many
    /// steps or bytes.
    pub fn is_full(&self, window: u64) -> bool {
        self.lines > window || self.steps.len() > MOST_STEPS || self.text > MOST_TEXT
    }

    /// The first waiting line of a run.
    pub fn first_of(&self, track: usize) -> Option<u64> {
        let of_track = |step: &TrailStep| match step {
            TrailStep::LineStretch(stretch) if stretch.track == track => Some(stretch.first),
            _ => None,
        };
        self.steps.iter().filter_map(of_track).min()
    }

    /// Judges everything that waits, and returns all of it or the first half.
    pub fn judge(&mut self, all: bool) -> Judged {
        self.settle_order();
        let half = if all { 0 } else { self.lines / 2 };
        let mut steps = Vec::new();
        while let Some(step) = self.steps.front_mut() {
            let len = match step {
                TrailStep::LineStretch(stretch) => stretch.len,
                TrailStep::Stranger(_) => 1,
            };
            // Strangers are judged together with each other and with the lines before them.
            let belongs = matches!(step, TrailStep::Stranger(_)) && !steps.is_empty();
            if self.lines <= half && !belongs {
                break;
            }
            if let TrailStep::LineStretch(stretch) = step
                && self.lines - half < stretch.len
                && self.lines > half
            {
                let part = self.lines - half;
                steps.push(TrailStep::LineStretch(stretch.part(0, part)));
                *stretch = stretch.part(part, stretch.len - part);
                self.lines = half;
                break;
            }
            self.lines -= len;
            steps.extend(self.steps.pop_front());
        }
        for step in &steps {
            match step {
                TrailStep::LineStretch(stretch) if stretch.in_place => {
                    self.fronts[stretch.track] = stretch.end()
                }
                TrailStep::LineStretch(_) => {}
                TrailStep::Stranger(stranger) => self.text -= stranger.text.len(),
            }
        }
        let next = self.first_in_place(self.steps.iter());
        Judged { steps, next }
    }

    /// Determines which lines are in place.
    fn settle_order(&mut self) {
        for track in 0..self.fronts.len() {
            let mut stretches: Vec<&mut LineStretch> = self
                .steps
                .iter_mut()
                .filter_map(|step| match step {
                    TrailStep::LineStretch(stretch) if stretch.track == track && !stretch.again => {
                        Some(stretch)
                    }
                    _ => None,
                })
                .collect();
            let places: Vec<_> =
                stretches.iter().map(|stretch| (stretch.first, stretch.len)).collect();
            for (stretch, stays) in stretches.iter_mut().zip(stay(&places, self.fronts[track])) {
                stretch.in_place = stays;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trail of lines of one run, in the order in which they came; a line comes again if it came before.
    fn trail(lines: &[u64]) -> Trail {
        let mut trail = Trail::new(&[0]);
        for (at, &first) in lines.iter().enumerate() {
            let again = lines[..at].contains(&first);
            let line = at as u64 + 1;
            trail.add(LineStretch { track: 0, first, len: 1, line, again, in_place: false });
        }
        trail
    }

    /// Numbers in the file of lines that are in place, and of those that are out of order.
    fn judged(judged: &Judged) -> (Vec<u64>, Vec<u64>) {
        let mut kinds = (vec![], vec![]);
        for step in &judged.steps {
            match step {
                TrailStep::LineStretch(stretch) if stretch.in_place => {
                    kinds.0.extend(stretch.line..stretch.line + stretch.len)
                }
                TrailStep::LineStretch(stretch) if !stretch.again => {
                    kinds.1.extend(stretch.line..stretch.line + stretch.len)
                }
                _ => {}
            }
        }
        kinds
    }

    #[test]
    fn a_run_is_one_step_however_long() {
        let mut trail = trail(&(0..1_000).collect::<Vec<_>>());
        let judged = trail.judge(false);
        let half =
            LineStretch { track: 0, first: 0, len: 500, line: 1, again: false, in_place: true };
        let rest = LineStretch { first: 500, line: 501, ..half };
        assert_eq!(
            judged,
            Judged { steps: vec![TrailStep::LineStretch(half)], next: vec![Some(rest)] }
        );
        let judged = trail.judge(true);
        assert_eq!(judged, Judged { steps: vec![TrailStep::LineStretch(rest)], next: vec![None] });
        assert!(trail.steps.is_empty());
    }

    #[test]
    fn what_comes_behind_lines_that_were_judged_is_out_of_order() {
        let mut trail = trail(&[0, 1, 3, 4, 5, 6]);
        trail.judge(false);
        for (first, line) in [(2, 7), (7, 8)] {
            trail.add(LineStretch { track: 0, first, len: 1, line, again: false, in_place: false });
        }
        assert_eq!(judged(&trail.judge(true)), (vec![4, 5, 6, 8], vec![7]));
    }

    #[test]
    fn strangers_are_judged_with_the_lines_before_them() {
        let mut trail = trail(&[0, 1]);
        for line in 3..9 {
            let text = Box::from(*b"x");
            trail.add_stranger(Stranger { line, text, time: None, late: false, torn: false });
        }
        trail.add(LineStretch {
            track: 0,
            first: 2,
            len: 1,
            line: 9,
            again: false,
            in_place: false,
        });
        let judged = trail.judge(false);
        assert_eq!(judged.steps.len(), 7);
        assert_eq!(judged.next[0].map(|stretch| stretch.line), Some(9));
        assert_eq!(trail.judge(true).steps.len(), 1);
        assert!(!trail.is_full(0));
    }
}
