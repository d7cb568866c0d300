//! The answers of /health and /ready.

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{LogCount, Status};
use crate::histogram::Histogram;
use crate::log_id::LogId;
use crate::shard::Shard;
use crate::time::time;

impl Status {
    /// The answer to /health at `now`, when the wall clock says `present`: the HTTP status and the body.
    pub fn health(&self, now: Instant, present: Timestamp) -> (u16, Health) {
        let reasons = self.reasons(now);
        let epoch = self.epoch();
        let (code, status) = if reasons.is_empty() { (200, "healthy") } else { (503, "unhealthy") };
        let health = Health {
            status,
            uptime_seconds: now.saturating_duration_since(self.run.started).as_secs(),
            total_logs_generated: self.lines(),
            output_directory: self.run.directory_name(),
            rate: self.target().site_rate(),
            target_rate: self.target_now(time(present)),
            multiplier: self.target().multiplier(self.position(time(present))),
            version: self.run.version,
            seed: epoch.seed,
            start: epoch.started().to_string(),
            epochs: self.epochs(),
            shard: self.run.shard,
            simulated_time: self.simulated_time().map(|time| time.to_string()),
            bytes_written: self.bytes(),
            error_lines: self.written(LogId::ERROR).lines,
            further_logs: self.further(),
            gaps: self.gaps(),
            gap_lines: self.gap_lines(),
            gap_seconds: self.gap_time().as_secs_f64(),
            write_errors: self.write_errors(),
            rotations: self.rotations(),
            rotation_pause_seconds: Lengths::of(&self.rotation_pauses),
            compressed_files: self.compressed_files(),
            deleted_files: self.deleted_files(),
            disk_free_bytes: self.disk_free_bytes(),
            stopping: self.is_stopping(),
            paused: self.is_held(),
            acts: self.acts(),
            reasons,
        };
        (code, health)
    }

    /// The answer to /ready: the HTTP status and the body.
    pub fn ready(&self, now: Instant) -> (u16, Ready) {
        let reasons = self.reasons(now);
        let reason = if self.is_stopping() {
            "the run is ending".to_owned()
        } else if !reasons.is_empty() {
            reasons.join("; ")
        } else if self.is_ready() {
            return (200, Ready { status: "ready", reason: None });
        } else if let Some(time) = self.simulated_time().filter(|_| !self.run.waits) {
            format!(
                "the run does not wait for the clock, and is never ready; it has reached {time}"
            )
        } else if let Some(time) = self.simulated_time() {
            format!("the lines before the present are being written; they have reached {time}")
        } else {
            "the log files are not open yet".to_owned()
        };
        (503, Ready { status: "not ready", reason: Some(reason) })
    }

    /// Whether lines reach the disk.
    pub fn is_healthy(&self, now: Instant) -> bool {
        self.reasons(now).is_empty()
    }
}

/// The body of /health. The first five fields are those of the original program, which its monitors read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Health {
    /// `healthy`, or `unhealthy` if lines do not reach the disk.
    pub status: &'static str,
    /// Whole seconds since the process started.
    pub uptime_seconds: u64,
    /// Lines in access.log since the process started.
    pub total_logs_generated: u64,
    /// The directory of the log files; null if no file is written.
    pub output_directory: Option<String>,
    /// The configured rate in lines per second. A whole number is written as an integer.
    #[serde(serialize_with = "whole_as_integer")]
    pub rate: f64,
    /// The rate in force in lines per second: `rate` x `multiplier`, times the shard's part of the site.
    #[serde(serialize_with = "whole_as_integer")]
    pub target_rate: f64,
    /// The traffic pattern's multiplier at the simulated time that the run has reached.
    #[serde(serialize_with = "whole_as_integer")]
    pub multiplier: f64,
    /// The version of this program.
    pub version: &'static str,
    /// The seed of the current epoch's stream.
    pub seed: u64,
    /// The start of the current epoch's stream, RFC 3339.
    pub start: String,
    /// How many epochs the run has had: 1, plus one for each time that the clock jumped too far.
    pub epochs: u64,
    /// The shard of the site; 0 of 1 is the whole site.
    pub shard: Shard,
    /// The simulated time that the files have reached, RFC 3339; null before the first line.
    pub simulated_time: Option<String>,
    /// Bytes in all logs but system.log since the process started.
    pub bytes_written: u64,
    /// Lines in error.log since the process started.
    pub error_lines: u64,
    /// Lines and bytes in the logs of `output.logs`, by their names; absent if there are none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub further_logs: BTreeMap<String, LogCount>,
    /// How often the simulation jumped forward because the machine fell behind.
    pub gaps: u64,
    /// How many lines were left out, summed over all gaps.
    pub gap_lines: u64,
    /// Simulated seconds without lines, summed over all gaps.
    pub gap_seconds: f64,
    /// How many writes failed; each was tried again.
    pub write_errors: u64,
    /// How many files were rotated since the process started.
    pub rotations: u64,
    /// How long rotations held up the writer, from before the rename until the new file was open,
    /// including failed tries. Absent before the first rotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_pause_seconds: Option<Lengths>,
    /// How many rotated files were compressed.
    pub compressed_files: u64,
    /// How many rotated files were deleted, because of their age or to make room.
    pub deleted_files: u64,
    /// The free bytes on the disk of the logs, half a second ago; null if unknown.
    pub disk_free_bytes: Option<u64>,
    /// Whether the run is ending.
    pub stopping: bool,
    /// Whether the run was asked to pause; absent if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// How often the run was told to go on in another way; absent if never.
    #[serde(skip_serializing_if = "is_zero")]
    pub acts: u64,
    /// Why lines do not reach the disk; absent if they do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// Statistics of durations, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lengths {
    /// The median, at most an eighth too large.
    pub p50: f64,
    /// The 99th percentile, at most an eighth too large.
    pub p99: f64,
    /// The largest duration.
    pub max: f64,
}

impl Lengths {
    /// The statistics of the counted durations; `None` if there are none.
    pub fn of(lengths: &Histogram) -> Option<Self> {
        let quantile = |share| lengths.quantile(share).as_secs_f64();
        (lengths.count() > 0).then(|| Self {
            p50: quantile(0.5),
            p99: quantile(0.99),
            max: lengths.longest().as_secs_f64(),
        })
    }
}

/// The body of /ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ready {
    /// `ready` or `not ready`.
    pub status: &'static str,
    /// What the run is waiting for; absent if ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Writes 10 rather than 10.0: the original wrote an integer wherever the configuration had one.
pub(crate) fn whole_as_integer<S: Serializer>(
    rate: &f64,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // Up to 2^53, both types represent every whole number exactly.
    if rate.fract() == 0.0 && (0.0..9.0e15).contains(rate) {
        serializer.serialize_u64(*rate as u64)
    } else {
        serializer.serialize_f64(*rate)
    }
}
