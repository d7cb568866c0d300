//! What a run was made of, as `run.json` keeps it beside the logs: with it you can make the same stream
//! again, and tell which of its lines did not arrive. The shape is here, and how it is read and written as
//! JSON; `file` puts it on the disk.
//!
//! Each epoch of a run has a record of its own, so that each can be made again by itself; the later one
//! says that it continues the one before.

pub mod file;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::config::print::{to_yaml, tree};
use crate::config::report::ConfigErrors;
use crate::config::source::read_recorded;
use crate::epoch::Beginning;
use crate::pace::LeftOut;
use crate::shard::Shard;
use crate::status::Status;
use crate::time::{Time, time, timestamp};

/// How many runs before it a record remembers.
pub const REMEMBERED: usize = 10;

/// The record of a run, or of an epoch of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// The version of the program: another one may make another stream.
    pub version: String,
    /// The seed of the stream.
    pub seed: u64,
    /// Where the stream starts, in simulated time.
    pub start: Timestamp,
    /// Which shard of the site it is.
    pub shard: Shard,
    /// Whether the run waits for the clock. One that does not (`--no-wait`) may be far ahead of it: when
    /// the next run started says nothing of how far this one came.
    pub waits: bool,
    /// Whether it is the next epoch of the run before it, and no run of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continues: bool,
    /// Lines that are in access.log: all there are if `ended`, and otherwise at least so many.
    pub lines: u64,
    /// How far the stream had come; none before the first line.
    pub simulated_time: Option<Timestamp>,
    /// Whether the run has ended, and all its lines are counted. Where it has not, it is going on or was
    /// killed.
    pub ended: bool,
    /// What the run failed of, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When this was written, by the host's clock.
    pub updated: Timestamp,
    /// What was left out, in order.
    pub gaps: Vec<RecordedGap>,
    /// The digest of the effective configuration: SHA-256 of what `--print-config` prints of it.
    pub configuration_digest: String,
    /// The effective configuration. A run before this one whose configuration has the same digest
    /// as the run after it has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    configuration: Option<Box<RawValue>>,
    /// The runs before it in the same directory, the last one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<RunRecord>,
    /// While the run goes on: which of its epochs this is, from 0.
    #[serde(skip)]
    epoch: usize,
    /// And how many lines of the run are before it.
    #[serde(skip)]
    after_line: u64,
}

/// Lines of the stream that were not written, because the run had fallen behind or was paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedGap {
    /// How many lines of the run are before it.
    pub after_line: u64,
    /// How many are left out.
    pub lines: u64,
    /// The first instant that is left out.
    pub from: Timestamp,
    /// The last.
    pub until: Timestamp,
}

impl RecordedGap {
    /// A gap in an epoch that so many lines of the run are before.
    fn of(left_out: &LeftOut, epoch_after_line: u64) -> Self {
        let LeftOut { after_line, lines, gap } = *left_out;
        let after_line = after_line - epoch_after_line;
        Self { after_line, lines, from: timestamp(gap.from), until: timestamp(gap.until) }
    }
}

impl RunRecord {
    /// The record of a run that has not written anything yet. `earlier` is what the directory's
    /// record said before.
    pub fn new(config: &Config, status: &Status, earlier: Option<Self>) -> Self {
        let run = status.run();
        let configuration = serde_json::value::to_raw_value(&tree(config))
            .expect("a tree of plain values has a JSON form");
        let mut record = Self {
            version: run.version.to_owned(),
            seed: run.seed,
            start: run.start,
            shard: run.shard,
            waits: run.waits,
            continues: false,
            lines: 0,
            simulated_time: None,
            ended: false,
            failure: None,
            updated: Timestamp::now(),
            gaps: Vec::new(),
            configuration_digest: digest(config),
            configuration: Some(configuration),
            earlier: Vec::new(),
            epoch: 0,
            after_line: 0,
        };
        if let Some(earlier) = earlier {
            record.remember(earlier);
        }
        record
    }

    /// Takes over how far the run has come. `ended` says that all lines there are have been counted.
    pub fn update(&mut self, status: &Status, ended: bool) {
        // In this order: whatever the lines follow is in the gaps and epochs.
        let (lines, simulated_time) = (status.lines(), status.simulated_time());
        let mut epochs = status.epochs_since(self.epoch, self.gaps.len()).into_iter();
        let current = epochs.next().expect("the epoch of the record is one of the run's");
        self.left_out(&current.gaps);
        for next in epochs {
            self.begin(next.epoch);
            self.left_out(&next.gaps);
        }
        self.lines = lines.saturating_sub(self.after_line);
        self.simulated_time = simulated_time;
        self.ended = ended;
        self.updated = Timestamp::now();
    }

    fn left_out(&mut self, gaps: &[LeftOut]) {
        self.gaps.extend(gaps.iter().map(|gap| RecordedGap::of(gap, self.after_line)));
    }

    /// Goes on with the next epoch. It begins when all lines of this one are in access.log.
    fn begin(&mut self, epoch: Beginning) {
        let lines = epoch.after_line - self.after_line;
        let mut before = Self { lines, ended: true, updated: Timestamp::now(), ..self.clone() };
        // The stream had come up to the gap that its epoch ends with, also where no record said so.
        let reached = before.gaps.last().map(|gap| gap.from);
        before.simulated_time = before.simulated_time.max(reached);
        *self = Self {
            seed: epoch.seed,
            start: epoch.started(),
            // An epoch without lines is not remembered: what it continues, this one does.
            continues: before.may_have_lines() || self.continues,
            lines: 0,
            simulated_time: None,
            ended: false,
            gaps: Vec::new(),
            earlier: Vec::new(),
            epoch: self.epoch + 1,
            after_line: epoch.after_line,
            ..self.clone()
        };
        self.remember(before);
    }

    /// The settings of the run.
    ///
    /// # Errors
    /// They are missing, or this version of the program cannot run with them.
    pub fn config(&self) -> Result<Config, ConfigErrors> {
        read_recorded(self.configuration.as_ref().map_or("", |json| json.get()))
    }

    /// Whether `config` is what the digest was taken of.
    pub fn is_of(&self, config: &Config) -> bool {
        self.configuration_digest == digest(config)
    }

    /// When the stream starts.
    pub fn start_time(&self) -> Time {
        time(self.start)
    }

    /// This run and those before it, the last one first, each with its configuration.
    pub fn into_runs(mut self) -> Vec<Self> {
        let earlier = std::mem::take(&mut self.earlier);
        let mut runs = vec![self];
        for mut run in earlier {
            let later = runs.last().expect("it begins with this one");
            if run.configuration.is_none() && run.configuration_digest == later.configuration_digest
            {
                run.configuration.clone_from(&later.configuration);
            }
            runs.push(run);
        }
        runs
    }

    /// Puts the runs that another record tells of before this one.
    fn remember(&mut self, before: Self) {
        self.earlier = before.into_runs();
        self.earlier.retain(Self::may_have_lines);
        self.earlier.truncate(REMEMBERED);
        let mut digest = &self.configuration_digest;
        for run in &mut self.earlier {
            if run.configuration_digest == *digest {
                run.configuration = None;
            }
            digest = &run.configuration_digest;
        }
    }

    fn may_have_lines(&self) -> bool {
        self.lines > 0 || !self.ended
    }
}

/// `sha256:` and the digest of a configuration in hexadecimal.
fn digest(config: &Config) -> String {
    let digest = Sha256::digest(to_yaml(config));
    let hex = digest.iter().map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", hex.collect::<String>())
}

#[cfg(test)]
mod tests;
