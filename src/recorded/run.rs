//! The runs in a record, with all that it takes to make their lines again.

use std::sync::Arc;

use super::facts::Facts;
use super::hits::Hits;
use crate::config::event_kind::{EventClass, EventKind};
use crate::config::network::has_any;
use crate::config::{Config, Output, ScenarioEvent};
use crate::format::Logs;
use crate::log_format::LogFormat;
use crate::log_id::{ACCESS_LOG, LogId};
use crate::run_record::acts::{ActInForce, in_force};
use crate::run_record::{RecordedGap, RunRecord};
use crate::sequence::FULL_BATCH;
use crate::shard::Shard;
use crate::stream::Stream;
use crate::time::{SECOND, Time, time, timestamp};

/// A run whose lines can be made again.
#[derive(Clone, Debug)]
pub struct RecordedRun {
    /// The version of the program that made the run.
    pub version: String,
    /// The configuration of the run; at its end, if it was told to go on with others.
    pub config: Config,
    /// The configuration that it began with.
    pub began_with: Config,
    /// What it was told.
    pub acts: Vec<ActInForce>,
    /// Whether it is the next epoch of the run before it, and not a run of its own.
    pub continues: bool,
    /// The seed of the stream.
    pub seed: u64,
    /// The shard of the site.
    pub shard: Shard,
    /// The gaps in the stream, in order.
    pub gaps: Vec<RecordedGap>,
    /// How many hits the run has written if it has ended; otherwise, how many it has written at least.
    pub hits: u64,
    /// Whether an error ended the run.
    pub failed: bool,
    /// The log that is judged: access.log or one of `output.logs`.
    pub log: LogId,
    /// What the record says about the lines of the judged log.
    pub facts: Facts,
}

/// The most lines that a run has in `length`, with an allowance for what is in hand when a record is written.
fn most_lines(config: &Config, shard: Shard, length: Time) -> u64 {
    let output = &config.output;
    let seconds = length as f64 / SECOND as f64;
    let burst = 2.0 * output.rate * config.burst_seconds(shard);
    let most = shard.part_of(config.highest_rate() * seconds + burst);
    (most as u64).saturating_add(IN_HAND)
}

/// The configuration that allows the most lines, of those that a run had.
fn fastest<'a>(began_with: &'a Config, acts: &'a [ActInForce]) -> &'a Config {
    let configs = acts.iter().map(|act| &*act.config).chain([began_with]);
    let by_rate =
        |one: &&Config, other: &&Config| one.highest_rate().total_cmp(&other.highest_rate());
    configs.max_by(by_rate).expect("there is one at least")
}

/// What is wrong if the record tells of more lines than the rate allows.
fn too_many_lines(record: &RunRecord, config: &Config, reached: Time) -> Option<String> {
    let gaps = record.gaps.iter().map(|gap| (gap.lines, time(gap.from), time(gap.until)));
    let whole = (record.lines, record.start_time(), reached);
    std::iter::once(whole).chain(gaps).find_map(|(lines, from, until)| {
        let most = most_lines(config, record.shard, until.saturating_sub(from));
        (lines > most).then(|| {
            let (from, until) = (timestamp(from), timestamp(until));
            format!("{lines} lines from {from} to {until}, and its rate allows {most}")
        })
    })
}

/// The configuration that a recorded run began with, and the acts that changed it.
///
/// # Errors
/// The reason why this version of the program cannot make the lines of the run again.
fn configurations(record: &RunRecord, reached: Time) -> Result<(Config, Vec<ActInForce>), String> {
    let which = format!("the run of seed {} from {}", record.seed, record.start);
    let config =
        record.config().map_err(|errors| format!("{which} cannot be made again:\n{errors}"))?;
    if !record.is_of(&config) {
        return Err(format!(
            "the configuration of {which} has another digest than {}; expected the run.json as the run left it",
            record.configuration_digest
        ));
    }
    let shard = record.shard;
    if !shard.is_right() || !has_any(&config.ip_ranges.entries, shard) {
        return Err(format!(
            "{which} would be shard {shard} of its site, and there is no such shard; expected the run.json as the run \
             left it"
        ));
    }
    let acts = in_force(&config, &record.acts)
        .map_err(|error| format!("{which} cannot be made again: {error}"))?;
    if let Some(wrong) = too_many_lines(record, fastest(&config, &acts), reached) {
        return Err(format!(
            "{which} would have {wrong}; expected the run.json as the run left it"
        ));
    }
    Ok((config, acts))
}

/// More lines than are ever between the stream and the files.
const IN_HAND: u64 = 1_000_000;
/// More lines than a run without waiting for the clock writes between two records.
const BETWEEN_RECORDS: u64 = 5_000_000;
/// How many hits beyond those in its record a run that did not end is followed, if a further log is judged.
const FOLLOWED: u64 = 2 * BETWEEN_RECORDS;
/// A run that is this far behind the clock does not keep up with it yet.
const CATCHING_UP: Time = 5 * SECOND;

/// By how much an event lets stamps be off.
fn farthest_off(event: &ScenarioEvent) -> Time {
    match event.kind {
        EventKind::LinesOutOfOrder | EventKind::ClockSkew => {
            Time::from(event.offset().unsigned_abs()) * SECOND
        }
        _ => 0,
    }
}

impl RecordedRun {
    /// The runs in a record, the oldest first. `number` is the index of the record among those given, from 0.
    ///
    /// # Errors
    /// The reason why this version of the program cannot make the lines of one of the runs again.
    pub fn of(record: RunRecord, number: usize) -> Result<Vec<Self>, String> {
        let mut runs: Vec<Self> = Vec::new();
        let mut later: Option<Time> = None;
        for record in record.into_runs() {
            let (shard, start) = (record.shard, record.start_time());
            let reached = record.simulated_time.map_or(start, time);
            let (config, acts) = configurations(&record, reached)?;
            let updated = time(record.updated);
            let at_the_clock = record.waits && reached.saturating_add(CATCHING_UP) > updated;
            // A next run that starts before this record was written starts in the past, and does not
            // tell when this run ended. Nor does any next run tell that if this one did not wait for the
            // clock.
            let bounds = |next: &Time| record.waits && *next > reached.max(updated);
            runs.push(Self {
                version: record.version,
                continues: record.continues,
                config: acts.last().map_or(&config, |last| &last.config).clone(),
                began_with: config,
                acts,
                seed: record.seed,
                shard,
                gaps: record.gaps,
                hits: record.lines,
                failed: record.ended && record.failure.is_some(),
                log: LogId::ACCESS,
                facts: Facts {
                    record: number,
                    lines: record.lines,
                    ended: record.ended,
                    start,
                    reached,
                    followed: later.is_some(),
                    next_start: later.filter(bounds),
                    unrecorded: if at_the_clock { 0 } else { BETWEEN_RECORDS },
                    spoilt: 0,
                    off: 0,
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
        let acts = |run: &Self| run.acts.iter().map(|act| act.told.clone()).collect::<Vec<_>>();
        stream(self) == stream(other)
            && self.stream_settings() == other.stream_settings()
            && acts(self) == acts(other)
    }

    /// Whether another run is of the same site, and so may be another shard of it.
    pub fn is_of_the_same_site(&self, other: &Self) -> bool {
        let site = |run: &Self| (run.seed, run.shard.count);
        site(self) == site(other) && self.stream_settings() == other.stream_settings()
    }

    /// The configuration, with the default for every setting that changes no line.
    fn stream_settings(&self) -> Config {
        let any = Config::default().output;
        let mut config = self.began_with.clone();
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
        let to_come = self.acts.iter().map(|act| (act.told.at, Arc::clone(&act.config))).collect();
        Stream::steered(&self.began_with, self.seed, self.facts.start, self.shard, to_come)
    }

    /// The same run, of which the log with this file is judged; `None` if the run has no such log. The record counts
    /// hits, so the hits are made once more to count those of a log with conditions, or with lines that are dropped or doubled.
    pub fn of_log(mut self, file: &str) -> Option<Self> {
        if file == ACCESS_LOG {
            self.facts.spoilt =
                if self.spoils().next().is_some() { self.config.scenario.len() } else { 0 };
            self.facts.off = self.spoils().map(farthest_off).max().unwrap_or(0);
            if !self.changes_count() {
                return Some(self);
            }
        } else {
            let logs = &self.config.output.logs;
            self.log = LogId::further(logs.iter().position(|log| log.file == file)?);
        }
        let (stream, mut hits) = (self.stream(), self.hits);
        let logs = self.logs(&stream);
        if self.failed && self.log != LogId::ACCESS {
            // The logs of the last batch may end at different hits.
            hits = hits.saturating_sub(FULL_BATCH as u64);
            self.facts.ended = false;
        }
        self.facts.lines = Hits::new(stream, &self.gaps, hits, 1).of(logs).count_lines();
        Some(self)
    }

    /// The entries of the scenario that spoil lines of access.log.
    fn spoils(&self) -> impl Iterator<Item = &ScenarioEvent> {
        self.config.scenario.iter().filter(|event| event.kind.class() == EventClass::Log)
    }

    /// Whether the judged log may have no line for a hit, or two.
    fn changes_count(&self) -> bool {
        self.log == LogId::ACCESS && self.spoils().any(|event| event.kind.changes_count())
    }

    /// What the lines of the judged log look like.
    pub fn format(&self) -> &LogFormat {
        self.config.output.format_of(self.log).expect("it is a log of hits")
    }

    /// What some lines of the judged log look like, because an event changes the format.
    pub fn other_formats(&self) -> Vec<LogFormat> {
        if self.log != LogId::ACCESS {
            return Vec::new();
        }
        let changes = self.spoils().filter(|event| event.kind == EventKind::FormatChange);
        changes.map(|event| event.format_beside(self.format())).collect()
    }

    /// The judged log alone.
    pub fn logs(&self, stream: &Stream) -> Arc<Logs> {
        Logs::alone(&self.config, stream.site(), self.shard, self.log)
    }

    /// The least number of lines in a window: those of more than a second. In files that are read
    /// together, stamps tell no more, because they have no fraction.
    pub fn smallest_window(&self) -> u64 {
        let highest = fastest(&self.began_with, &self.acts).highest_rate();
        (1.5 * self.shard.part_of(highest)) as u64
    }

    /// The index after the last hit, if the run has a last hit. A further log may have no line for a long time, so a run
    /// that did not end is not followed for ever.
    pub fn end(&self) -> u64 {
        match self.log {
            _ if self.facts.ended || self.failed => self.hits,
            LogId::ACCESS if !self.changes_count() => u64::MAX,
            _ => self.hits.saturating_add(FOLLOWED),
        }
    }
}
