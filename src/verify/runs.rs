//! The runs that a record tells of, as a verification needs them.

use std::sync::Arc;

use super::track::Facts;
use crate::config::Config;
use crate::format::Tables;
use crate::run_record::{RecordedGap, RunRecord};
use crate::stream::{Stream, Time, time};

/// A run whose lines can be made again.
#[derive(Clone, Debug)]
pub struct Run {
    /// The version of the program that it was a run of.
    pub version: String,
    /// Its settings.
    pub config: Config,
    /// Its seed.
    pub seed: u64,
    /// What was left out.
    pub gaps: Vec<RecordedGap>,
    /// What its record says of its lines.
    pub facts: Facts,
}

impl Run {
    /// The runs that a record tells of, the oldest first.
    ///
    /// # Errors
    /// What keeps this version of the program from making the lines of one of them again.
    pub fn of(record: RunRecord) -> Result<Vec<Self>, String> {
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
            if record.shard.count != 1 {
                let count = record.shard.count;
                return Err(format!("{which} is one of {count} shards, which this version lacks"));
            }
            let start = record.start_time();
            let reached = record.simulated_time.map_or(start, time);
            runs.push(Self {
                version: record.version,
                config,
                seed: record.seed,
                gaps: record.gaps,
                facts: Facts {
                    lines: record.lines,
                    ended: record.ended,
                    start,
                    reached,
                    next_start: later.filter(|later| *later > reached),
                },
            });
            later = Some(start);
        }
        runs.reverse();
        Ok(runs)
    }

    /// Its stream.
    pub fn stream(&self) -> Stream {
        Stream::new(&self.config, self.seed, self.facts.start)
    }

    /// The tables that its lines are rendered from.
    pub fn tables(&self, stream: &Stream) -> Arc<Tables> {
        Arc::new(Tables::new(&self.config, stream.site()))
    }

    /// The line behind its last one, if it has a last one.
    pub fn end(&self) -> u64 {
        if self.facts.ended { self.facts.lines } else { u64::MAX }
    }
}
