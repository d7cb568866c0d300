//! What /health and /ready say.

use std::time::Instant;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::Status;
use crate::histogram::Histogram;
use crate::log_id::LogId;
use crate::shard::Shard;
use crate::time::time;

impl Status {
    /// The answer to /health at `now`, when the wall clock says `present`: its HTTP status and its body.
    pub fn health(&self, now: Instant, present: Timestamp) -> (u16, Health) {
        let reasons = self.reasons(now);
        let epoch = self.epoch();
        let (code, status) = if reasons.is_empty() { (200, "healthy") } else { (503, "unhealthy") };
        let health = Health {
            status,
            uptime_seconds: now.saturating_duration_since(self.run.started).as_secs(),
            total_logs_generated: self.lines(),
            output_directory: self.run.output_directory.to_string_lossy().into_owned(),
            rate: self.run.rate,
            target_rate: self.target_now(time(present)),
            multiplier: self.run.target.multiplier(self.position(time(present))),
            version: self.run.version,
            seed: epoch.seed,
            start: epoch.started().to_string(),
            epochs: self.epochs(),
            shard: self.run.shard,
            simulated_time: self.simulated_time().map(|time| time.to_string()),
            bytes_written: self.bytes(),
            error_lines: self.written(LogId::ERROR).0,
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
            reasons,
        };
        (code, health)
    }

    /// The answer to /ready: its HTTP status and its body.
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

/// The body of /health: the five fields that monitors of the original read, then the rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Health {
    /// `healthy`, or `unhealthy` when lines are not reaching the disk.
    pub status: &'static str,
    /// Whole seconds since the process started.
    pub uptime_seconds: u64,
    /// Lines in access.log since the process started.
    pub total_logs_generated: u64,
    /// The directory of the log files.
    pub output_directory: String,
    /// The configured rate in lines per second; a whole one prints as an integer.
    #[serde(serialize_with = "whole_as_integer")]
    pub rate: f64,
    /// The rate in force, in lines per second: `rate` x `multiplier`, and of a shard its part of that.
    #[serde(serialize_with = "whole_as_integer")]
    pub target_rate: f64,
    /// The traffic pattern's multiplier at the simulated time that the run has reached.
    #[serde(serialize_with = "whole_as_integer")]
    pub multiplier: f64,
    /// The version of this program.
    pub version: &'static str,
    /// The seed of the stream, in the epoch that the run is in.
    pub seed: u64,
    /// Where the stream of that epoch starts, RFC 3339.
    pub start: String,
    /// How many epochs the run has had: 1, and one more for each time that the clock jumped too far.
    pub epochs: u64,
    /// Which shard of the site it is; 0 of 1 is all of it.
    pub shard: Shard,
    /// The simulated time that the files have reached, RFC 3339; null before the first line.
    pub simulated_time: Option<String>,
    /// Bytes in access.log and error.log since the process started.
    pub bytes_written: u64,
    /// Lines in error.log since the process started.
    pub error_lines: u64,
    /// How often the simulation jumped forward because the machine fell behind.
    pub gaps: u64,
    /// Lines that were left out, in all gaps together.
    pub gap_lines: u64,
    /// Simulated seconds without lines, in all gaps together.
    pub gap_seconds: f64,
    /// Writes that failed; each was tried again.
    pub write_errors: u64,
    /// Files that were full and got another name, since the process started.
    pub rotations: u64,
    /// How long the writer was held up by them, from before the rename until the new file was open, the
    /// tries that failed included; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_pause_seconds: Option<Lengths>,
    /// Rotated files that were compressed.
    pub compressed_files: u64,
    /// Rotated files that were deleted, for their age or for room.
    pub deleted_files: u64,
    /// Bytes that were free where the logs are half a second ago; null if that cannot be told.
    pub disk_free_bytes: Option<u64>,
    /// Whether the run is ending.
    pub stopping: bool,
    /// Why lines are not reaching the disk; absent when they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

/// How long something took, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lengths {
    /// Half of them took no longer; at most an eighth too long.
    pub p50: f64,
    /// 99 in 100 took no longer; likewise.
    pub p99: f64,
    /// None took longer.
    pub max: f64,
}

impl Lengths {
    /// Of lengths that were counted; `None` of none.
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
    /// What is being waited for; absent when ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// 10 rather than 10.0: the original's rate was an integer wherever the configuration's was.
pub(crate) fn whole_as_integer<S: Serializer>(
    rate: &f64,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // Up to 2^53 every whole number is exact in both types.
    if rate.fract() == 0.0 && (0.0..9.0e15).contains(rate) {
        serializer.serialize_u64(*rate as u64)
    } else {
        serializer.serialize_f64(*rate)
    }
}
