//! The runs in a record, as a verification needs them.

use std::sync::Arc;

use super::facts::Facts;
use crate::config::network::has_any;
use crate::config::{Config, Output};
use crate::format::Logs;
use crate::run_record::{RecordedGap, RunRecord};
use crate::shard::Shard;
use crate::stream::Stream;
use crate::time::{SECOND, Time, time, timestamp};

/// A run whose lines can be made again.
#[derive(Clone, Debug)]
pub struct RecordedRun {
    /// The version of the program that made the run.
    pub version: String,
    /// The configuration of the run.
    pub config: Config,
    /// The seed of the stream.
    pub seed: u64,
    /// The shard of the site.
    pub shard: Shard,
    /// The gaps in the stream, in order.
    pub gaps: Vec<RecordedGap>,
    /// What the record says about the lines of the run.
    pub facts: Facts,
}

/// The most lines that a run has in `length`, with an allowance for what is in hand when a record is written.
fn most_lines(config: &Config, shard: Shard, length: Time) -> u64 {
    let output = &config.output;
    let highest = config.traffic_pattern.into_iter().fold(0.0, f64::max);
    let seconds = length as f64 / SECOND as f64;
    let most = shard.part_of(output.rate) * (highest * seconds + 2.0 * output.burst_seconds);
    (most as u64).saturating_add(IN_HAND)
}

/// More lines than are ever between the stream and the files.
const IN_HAND: u64 = 1_000_000;
/// More lines than a run without waiting for the clock writes between two records.
const BETWEEN_RECORDS: u64 = 5_000_000;
/// A run that is this far behind the clock does not keep up with it yet.
const CATCHING_UP: Time = 5 * SECOND;

impl RecordedRun {
    /// The runs in a record, the oldest first. `number` is the index of the record among those given, from 0.
    ///
    /// # Errors
    /// The reason why this version of the program cannot make the lines of one of the runs again.
    pub fn of(record: RunRecord, number: usize) -> Result<Vec<Self>, String> {
        let mut runs: Vec<Self> = Vec::new();
        let mut later: Option<Time> = None;
        for record in record.into_runs() {
            let which = format!("the run of seed {} from {}", record.seed, record.start);
            let config = record
                .config()
                .map_err(|errors| format!("{which} cannot be made again:\n{errors}"))?;
            if !record.is_of(&config) {
                return Err(format!(
                    "the configuration of {which} has another digest than {}; expected the \
                     run.json as the run left it",
                    record.configuration_digest
                ));
            }
            let shard = record.shard;
            if !shard.is_right() || !has_any(&config.ip_ranges, shard) {
                return Err(format!(
                    "{which} would be shard {shard} of its site, and there is no such shard; expected \
                     the run.json as the run left it"
                ));
            }
            let start = record.start_time();
            let reached = record.simulated_time.map_or(start, time);
            let gaps = record.gaps.iter().map(|gap| (gap.lines, time(gap.from), time(gap.until)));
            for (lines, from, until) in [(record.lines, start, reached)].into_iter().chain(gaps) {
                let most = most_lines(&config, shard, until.saturating_sub(from));
                if lines > most {
                    return Err(format!(
                        "{which} would have {lines} lines from {} to {}, and its rate allows \
                         {most}; expected the run.json as the run left it",
                        timestamp(from),
                        timestamp(until)
                    ));
                }
            }
            let updated = time(record.updated);
            let at_the_clock = record.waits && reached.saturating_add(CATCHING_UP) > updated;
            // A next run that starts before this record was written starts in the past, and does not
            // tell when this run ended. Nor does any next run tell that if this one did not wait for the
            // clock.
            let bounds = |next: &Time| record.waits && *next > reached.max(updated);
            runs.push(Self {
                version: record.version,
                config,
                seed: record.seed,
                shard,
                gaps: record.gaps,
                facts: Facts {
                    record: number,
                    lines: record.lines,
                    ended: record.ended,
                    start,
                    reached,
                    followed: later.is_some(),
                    next_start: later.filter(bounds),
                    unrecorded: if at_the_clock { 0 } else { BETWEEN_RECORDS },
                },
            });
            later = Some(start);
        }
        runs.reverse();
        Ok(runs)
    }

    /// Whether another run has the same lines. Where they were written makes no difference.
    pub fn is_same(&self, other: &Self) -> bool {
        let stream = |run: &Self| (run.seed, run.facts.start, run.shard);
        stream(self) == stream(other) && self.stream_settings() == other.stream_settings()
    }

    /// Whether another run is of the same site, and so may be another shard of it.
    pub fn is_of_the_same_site(&self, other: &Self) -> bool {
        let site = |run: &Self| (run.seed, run.shard.count);
        site(self) == site(other) && self.stream_settings() == other.stream_settings()
    }

    /// The configuration, with the default for every setting that changes no line.
    fn stream_settings(&self) -> Config {
        let any = Config::default().output;
        let mut config = self.config.clone();
        config.output = Output {
            rate: config.output.rate,
            burst_seconds: config.output.burst_seconds,
            timezone: config.output.timezone,
            ..any
        };
        config
    }

    /// The stream of the run, from its beginning.
    pub fn stream(&self) -> Stream {
        Stream::of_shard(&self.config, self.seed, self.facts.start, self.shard)
    }

    /// The run's access.log, the only log that is judged.
    pub fn logs(&self, stream: &Stream) -> Arc<Logs> {
        Logs::access_alone(&self.config, stream.site(), self.shard)
    }

    /// The least number of lines in a window: those of more than a second. In files that are read
    /// together, stamps tell no more, because they have no fraction.
    pub fn smallest_window(&self) -> u64 {
        let most = self.config.traffic_pattern.into_iter().fold(0.0, f64::max);
        (1.5 * self.shard.part_of(self.config.output.rate) * most) as u64
    }

    /// The index after the last line, if the run has a last line.
    pub fn end(&self) -> u64 {
        if self.facts.ended { self.facts.lines } else { u64::MAX }
    }
}
