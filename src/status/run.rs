//! The facts of a run that are known before its first line and never change.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::target::Target;
use crate::config::{Config, Destination};
use crate::files::RUN_RECORD;
use crate::log_id::{ACCESS_LOG, LogNames};
use crate::output::shell_word;
use crate::shard::Shard;
use crate::time::time;
use crate::version;

/// The facts of a run that are known before its first line and never change.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// The directory of the log files; `None` if no file is written.
    pub output_directory: Option<PathBuf>,
    /// The logs that the run may have.
    pub logs: LogNames,
    /// Where the lines of access.log go.
    pub destination: Destination,
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
            logs: config.output.log_names(),
            destination: config.output.destination,
            seed,
            start,
            shard,
            version: version::VERSION,
            waits: true,
            is_start_up_test: false,
            timezone: config.output.timezone.clone(),
            target: Target::new(Arc::new(config.clone()), shard, seed, time(start)),
            started: Instant::now(),
            started_at: Timestamp::now(),
        }
    }

    /// The directory of the log files as text; `None` if no file is written.
    pub fn directory_name(&self) -> Option<String> {
        self.output_directory.as_ref().map(|directory| directory.to_string_lossy().into_owned())
    }

    /// Where the lines of access.log go, in words: its directory, standard output, or both of them.
    pub fn writes_to(&self) -> String {
        self.places(self.output_directory.clone())
    }

    /// As [`RunFacts::writes_to`], with the path of access.log, whose name may have an `ending`.
    pub fn writes_access_to(&self, ending: &str) -> String {
        let name = format!("{ACCESS_LOG}{ending}");
        self.places(self.output_directory.as_ref().map(|directory| directory.join(name)))
    }

    fn places(&self, file: Option<PathBuf>) -> String {
        let file = file.filter(|_| self.destination.has_file());
        let printed = self.destination.has_stdout().then(|| "standard output".to_owned());
        let places = file.map(|file| file.display().to_string()).into_iter().chain(printed);
        places.collect::<Vec<_>>().join(" and ")
    }

    /// The command that makes the lines of the run again, which began at `start` with `seed`. Without a
    /// run.json, it cannot know the run's settings, end and gaps.
    pub fn repeat(&self, seed: u64, start: Timestamp, to: &str) -> String {
        match &self.output_directory {
            Some(directory) => format!(
                "access-log-generator --repeat {} --log-dir-override {to}",
                shell_word(&directory.join(RUN_RECORD).to_string_lossy())
            ),
            None => format!(
                "access-log-generator --stdout --seed {seed} --from {start}{}",
                self.shard.flag()
            ),
        }
    }
}
