//! What a run was made of, as `run.json` keeps it beside the logs: whoever has it can make the same
//! stream again and tell which of its lines did not arrive. The shape is here, and how it is read and
//! written as JSON; `file` puts it on the disk.

pub mod file;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::config::print::{to_yaml, tree};
use crate::config::report::ConfigErrors;
use crate::config::source::read_recorded;
use crate::pace::LeftOut;
use crate::shard::Shard;
use crate::status::Status;
use crate::stream::{Time, time, timestamp};

/// How many runs before it a record remembers.
pub const REMEMBERED: usize = 10;

/// The record of a run.
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
    /// Lines that are in access.log: all there are if `ended`, and otherwise at least so many.
    pub lines: u64,
    /// How far the stream had come; none before the first line.
    pub simulated_time: Option<Timestamp>,
    /// Whether the run ended in its own good order. Where it did not, it is going on, failed, or was
    /// killed.
    pub ended: bool,
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

impl From<&LeftOut> for RecordedGap {
    fn from(left_out: &LeftOut) -> Self {
        let LeftOut { after_line, lines, gap } = *left_out;
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
            lines: 0,
            simulated_time: None,
            ended: false,
            updated: Timestamp::now(),
            gaps: Vec::new(),
            configuration_digest: digest(config),
            configuration: Some(configuration),
            earlier: Vec::new(),
        };
        if let Some(earlier) = earlier {
            record.remember(earlier);
        }
        record
    }

    /// Takes over how far the run has come.
    pub fn update(&mut self, status: &Status, ended: bool) {
        // In this order: whatever the lines follow is in the gaps.
        self.lines = status.lines();
        self.simulated_time = status.simulated_time();
        self.gaps.extend(status.left_out_since(self.gaps.len()).iter().map(RecordedGap::from));
        self.ended = ended;
        self.updated = Timestamp::now();
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
