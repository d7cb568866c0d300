//! The facts of a run that are known before its first line and never change.

use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::target::Target;
use crate::config::Config;
use crate::shard::Shard;
use crate::version;

/// The facts of a run that are known before its first line and never change.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// The directory of the log files.
    pub output_directory: PathBuf,
    /// The configured rate of the site, all shards together, in lines of access.log per second.
    pub rate: f64,
    /// The seed of the stream.
    pub seed: u64,
    /// Where the stream starts, in simulated time.
    pub start: Timestamp,
    /// The shard of the site that the run writes.
    pub shard: Shard,
    /// The version of this program.
    pub version: &'static str,
    /// Whether the run waits for the clock.
    pub waits: bool,
    /// Whether the run only proves that it can start (`--exit`).
    pub is_start_up_test: bool,
    /// The time zone of the log.
    pub timezone: TimeZone,
    /// The rate that the configuration asks for.
    pub target: Target,
    /// When the process started, by the monotonic clock. `uptime_seconds` counts from here.
    pub started: Instant,
    /// When the process started, by the wall clock.
    pub started_at: Timestamp,
}

impl RunFacts {
    /// The facts of a run that waits for the clock and whose process has just started.
    pub fn new(config: &Config, seed: u64, start: Timestamp, shard: Shard) -> Self {
        Self {
            output_directory: config.output.directory.clone(),
            rate: config.output.rate,
            seed,
            start,
            shard,
            version: version::VERSION,
            waits: true,
            is_start_up_test: false,
            timezone: config.output.timezone.clone(),
            target: Target::new(config, shard),
            started: Instant::now(),
            started_at: Timestamp::now(),
        }
    }
}
