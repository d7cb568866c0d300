//! The record of a run, which `run.json` keeps beside the logs. With it you can make the same stream
//! again, and find out which of its lines did not arrive. This module defines the record and its JSON;
//! `file` puts it on the disk.
//!
//! Each epoch of a run has a record of its own, so that it can be made again by itself. The later record
//! says that it continues the earlier one.

pub mod acts;
pub mod file;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use self::acts::RecordedAct;
use crate::config::Config;
use crate::config::print::{digested, tree};
use crate::config::report::ConfigErrors;
use crate::config::source::read_recorded;
use crate::pace::LeftOut;
use crate::shard::Shard;
use crate::status::Status;
use crate::status::epochs::EpochPast;
use crate::time::{Time, time, timestamp};

/// How many earlier runs a record remembers.
pub const REMEMBERED: usize = 10;
/// How many epochs of the present run a record remembers beside them.
pub const MOST_EPOCHS: usize = 100;

/// The record of a run, or of an epoch of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunRecord {
    /// The version of the program. Another version may make another stream.
    pub version: String,
    /// The seed of the stream.
    pub seed: u64,
    /// When the stream starts, in simulated time.
    pub start: Timestamp,
    /// The shard of the site.
    pub shard: Shard,
    /// Whether the run waits for the clock. A run that does not (`--no-wait`) may be far ahead of the
    /// clock, so the start of the next run says nothing about how far this one came.
    pub waits: bool,
    /// Whether this is the next epoch of the run before it, and not a run of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continues: bool,
    /// How many lines are in access.log: all of them if `ended`, and otherwise at least so many.
    pub lines: u64,
    /// The simulated time that the stream had reached; `None` before the first line.
    pub simulated_time: Option<Timestamp>,
    /// Whether the run has ended and all its lines are counted. If not, it goes on or was killed.
    pub ended: bool,
    /// The error that ended the run, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When this record was written, by the host's clock.
    pub updated: Timestamp,
    /// The gaps in the stream, in order.
    pub gaps: Vec<RecordedGap>,
    /// What the run was told, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<RecordedAct>,
    /// The digest of the effective configuration at the beginning: SHA-256 of what `--print-config` prints, without later keys that have
    /// their defaults.
    pub configuration_digest: String,
    /// The effective configuration. An earlier run omits it if its digest is that of the run after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    configuration: Option<Box<RawValue>>,
    /// Earlier runs in the same directory, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<RunRecord>,
    /// During the run: the number of this epoch, from 0.
    #[serde(skip)]
    epoch: usize,
    /// During the run: how many lines of the run come before this epoch.
    #[serde(skip)]
    after_line: u64,
}

/// Lines of the stream that were not written, because the run had fallen behind or was paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedGap {
    /// How many lines come before the gap.
    pub after_line: u64,
    /// How many lines were left out.
    pub lines: u64,
    /// The first instant that was left out.
    pub from: Timestamp,
    /// The last instant that was left out.
    pub until: Timestamp,
}

impl RecordedGap {
    /// The gap within an epoch before which the run has `epoch_after_line` lines.
    fn of(left_out: &LeftOut, epoch_after_line: u64) -> Self {
        let LeftOut { after_line, lines, gap } = *left_out;
        let after_line = after_line - epoch_after_line;
        Self { after_line, lines, from: timestamp(gap.from), until: timestamp(gap.until) }
    }
}

impl RunRecord {
    /// The record of a run that has not written anything. `earlier` is the record that the directory had
    /// before.
    pub fn new(config: &Config, status: &Status, earlier: Option<Self>) -> Self {
        let run = status.run();
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
            acts: Vec::new(),
            configuration_digest: digest(config),
            configuration: Some(written_out(config)),
            earlier: Vec::new(),
            epoch: 0,
            after_line: 0,
        };
        if let Some(earlier) = earlier {
            record.remember(earlier);
        }
        record
    }

    /// Updates how far the run has come. `ended` says that all lines have been counted.
    pub fn update(&mut self, status: &Status, ended: bool) {
        // The order matters: the gaps and epochs are read later, so they include all that come before
        // these lines.
        let (lines, simulated_time) = (status.lines(), status.simulated_time());
        let (gaps, acts) = (self.gaps.len(), self.acts.len());
        let mut epochs = status.epochs_since(self.epoch, gaps, acts).into_iter();
        let current = epochs.next().expect("the epoch of the record is one of the run's");
        self.note(&current);
        for next in epochs {
            self.begin(&next);
            self.note(&next);
        }
        self.lines = lines.saturating_sub(self.after_line);
        self.simulated_time = simulated_time;
        self.ended = ended;
        self.updated = Timestamp::now();
    }

    fn note(&mut self, past: &EpochPast) {
        self.gaps.extend(past.gaps.iter().map(|gap| RecordedGap::of(gap, self.after_line)));
        self.acts.extend(past.acts.iter().map(RecordedAct::of));
    }

    /// Continues with the next epoch. It begins when all lines of this one are in access.log.
    fn begin(&mut self, next: &EpochPast) {
        let EpochPast { epoch, config, .. } = next;
        let lines = epoch.after_line - self.after_line;
        let mut before = Self { lines, ended: true, updated: Timestamp::now(), ..self.clone() };
        // The stream had come up to the gap that ends its epoch, even if no record said so.
        let reached = before.gaps.last().map(|gap| gap.from);
        before.simulated_time = before.simulated_time.max(reached);
        *self = Self {
            seed: epoch.seed,
            start: epoch.started(),
            // An epoch without lines is not remembered, so this one continues what that one continued.
            continues: before.may_have_lines() || self.continues,
            lines: 0,
            simulated_time: None,
            ended: false,
            gaps: Vec::new(),
            acts: Vec::new(),
            earlier: Vec::new(),
            epoch: self.epoch + 1,
            after_line: epoch.after_line,
            ..self.clone()
        };
        if let Some(config) = config {
            self.configuration_digest = digest(config);
            self.configuration = Some(written_out(config));
        }
        self.remember(before);
    }

    /// The configuration of the run.
    ///
    /// # Errors
    /// The configuration is missing, or this version of the program cannot run with it.
    pub fn config(&self) -> Result<Config, ConfigErrors> {
        read_recorded(self.configuration.as_ref().map_or("", |json| json.get()))
    }

    /// Whether `config` has the digest in this record.
    pub fn is_of(&self, config: &Config) -> bool {
        self.configuration_digest == digest(config)
    }

    /// When the stream starts.
    pub fn start_time(&self) -> Time {
        time(self.start)
    }

    /// The epochs of the latest run alone, the oldest first, each with its configuration.
    pub fn into_latest_run(self) -> Vec<Self> {
        let mut goes_back = true;
        let mut epochs: Vec<Self> = self
            .into_runs()
            .into_iter()
            .take_while(|epoch| std::mem::replace(&mut goes_back, epoch.continues))
            .collect();
        epochs.reverse();
        epochs
    }

    /// This run and the earlier ones, the latest first, each with its configuration.
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

    /// Adds the runs of another record as earlier runs.
    fn remember(&mut self, before: Self) {
        self.earlier = before.into_runs();
        self.earlier.retain(Self::may_have_lines);
        let continued =
            std::iter::once(self.continues).chain(self.earlier.iter().map(|run| run.continues));
        let epochs = continued.take_while(|continues| *continues).count();
        self.earlier.truncate(epochs.min(MOST_EPOCHS) + REMEMBERED);
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

/// A configuration as a record has it.
fn written_out(config: &Config) -> Box<RawValue> {
    serde_json::value::to_raw_value(&tree(config)).expect("a tree of plain values has a JSON form")
}

/// The digest of a configuration: `sha256:` and hexadecimal digits.
fn digest(config: &Config) -> String {
    let digest = Sha256::digest(digested(config));
    let hex = digest.iter().map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", hex.collect::<String>())
}

#[cfg(test)]
mod tests;
