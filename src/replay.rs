//! The plan to make a recorded run again: the same epochs, the same gaps and acts, the same number of lines. The
//! scheduler follows it; no clock and no file may enter here.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::config::{Config, Output};
use crate::epoch::Beginning;
use crate::pace::{Gap, LeftOut};
use crate::run_record::acts::{ActInForce, in_force};
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
    epoch: RecordedEpoch,
    lines: u64,
    gaps: VecDeque<RecordedGap>,
}

/// An epoch that is to be made again.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedEpoch {
    /// Where it begins.
    pub beginning: Beginning,
    /// The configuration that it begins with.
    pub config: Arc<Config>,
    /// What it was told.
    pub acts: Vec<ActInForce>,
}

/// The next step of a run.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// Write this many lines; at least 1.
    Lines(u64),
    /// Leave out a gap. After the last line of an epoch, nothing has to be skipped for it.
    Gap(LeftOut, Behind),
    /// Begin another epoch.
    Epoch(Box<RecordedEpoch>),
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
    /// The last run of a record: that of the record itself, with the epochs before it that it continues. The lines go where
    /// `output` says.
    ///
    /// # Errors
    /// The reason why this version of the program cannot make one of the epochs again.
    pub fn of(record: RunRecord, output: &Output) -> Result<Self, String> {
        let records = record.into_latest_run();
        let missing = records.first().is_some_and(|first| first.continues);
        let part = |record: RunRecord| {
            let mut config = record.config().map_err(|errors| errors.to_string())?;
            let Output { rate, burst_seconds, .. } = config.output;
            config.output = Output { rate, burst_seconds, ..output.clone() };
            let acts = in_force(&config, &record.acts)?;
            let beginning = Beginning::first(record.seed, time(record.start));
            let epoch = RecordedEpoch { beginning, config: Arc::new(config), acts };
            Ok(Part { epoch, lines: record.lines, gaps: record.gaps.into() })
        };
        let parts = records.into_iter().map(part).collect::<Result<_, String>>()?;
        Ok(Self { parts, after_line: 0, missing })
    }

    /// The epoch that the run begins with.
    pub fn first(&self) -> &RecordedEpoch {
        &self.parts.front().expect("a record is of an epoch").epoch
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
            Some(part) => {
                let mut epoch = part.epoch.clone();
                epoch.beginning.after_line = emitted;
                Next::Epoch(Box::new(epoch))
            }
            None => Next::End,
        }
    }
}

#[cfg(test)]
mod tests;
