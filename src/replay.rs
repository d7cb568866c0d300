//! The plan to make a recorded run again: the same epochs, the same gaps, the same number of lines. The
//! scheduler follows it; no clock and no file may enter here.

use std::collections::VecDeque;

use crate::epoch::Beginning;
use crate::pace::{Gap, LeftOut};
use crate::run_record::{RecordedGap, RunRecord};
use crate::time::time;

/// The epochs of a run that are still to be written.
#[derive(Debug)]
pub struct Replay {
    parts: VecDeque<Part>,
    /// How many lines of the run come before the first of these epochs.
    after_line: u64,
    missing: bool,
}

#[derive(Debug)]
struct Part {
    epoch: Beginning,
    lines: u64,
    gaps: VecDeque<RecordedGap>,
}

/// The next step of a run.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Write this many lines; at least 1.
    Lines(u64),
    /// Leave out a gap. After the last line of an epoch, nothing has to be skipped for it.
    Gap(LeftOut, Behind),
    /// Begin another epoch.
    Epoch(Beginning),
    /// The run is over.
    End,
}

/// What follows a gap within its epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// More lines.
    Lines,
    /// No more lines.
    Nothing,
}

impl Replay {
    /// The last run of a record: that of the record itself, with the epochs before it that it continues.
    pub fn of(record: RunRecord) -> Self {
        let mut parts = VecDeque::new();
        let mut missing = false;
        for record in record.into_runs() {
            missing = record.continues;
            let epoch = Beginning::first(record.seed, time(record.start));
            parts.push_front(Part { epoch, lines: record.lines, gaps: record.gaps.into() });
            if !missing {
                break;
            }
        }
        Self { parts, after_line: 0, missing }
    }

    /// The epoch that the run begins with.
    pub fn first(&self) -> Beginning {
        self.parts.front().expect("a record is of an epoch").epoch
    }

    /// How many lines the run has.
    pub fn lines(&self) -> u64 {
        self.parts.iter().map(|part| part.lines).sum()
    }

    /// Whether the record has forgotten the first epochs of the run.
    pub fn is_without_its_beginning(&self) -> bool {
        self.missing
    }

    /// The step after `emitted` lines.
    pub fn next(&mut self, emitted: u64) -> Next {
        let Some(part) = self.parts.front_mut() else { return Next::End };
        let at = emitted - self.after_line;
        if let Some(gap) = part.gaps.pop_front_if(|gap| gap.after_line <= at) {
            let behind = if at < part.lines { Behind::Lines } else { Behind::Nothing };
            let RecordedGap { lines, from, until, .. } = gap;
            let gap = Gap { from: time(from), until: time(until) };
            return Next::Gap(LeftOut { after_line: emitted, lines, gap }, behind);
        }
        if at < part.lines {
            let end = part.gaps.front().map_or(part.lines, |gap| gap.after_line.min(part.lines));
            return Next::Lines(end - at);
        }
        self.after_line += part.lines;
        self.parts.pop_front();
        match self.parts.front() {
            Some(part) => Next::Epoch(Beginning { after_line: emitted, ..part.epoch }),
            None => Next::End,
        }
    }
}

#[cfg(test)]
mod tests;
