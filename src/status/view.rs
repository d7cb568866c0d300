//! The JSON object that the status page polls and shows.

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;

use super::health::{Lengths, whole_as_integer};
use super::rates::Reached;
use super::{LogCount, Queue, Status};
use crate::log_id::LogId;
use crate::shard::Shard;
use crate::time::time;
use crate::version;

/// All that the status page shows about a run.
#[derive(Debug, Serialize)]
pub struct View {
    version: &'static str,
    commit: &'static str,
    /// Identifies the process, so that the page notices a new one.
    instance: String,
    /// The time by the wall clock, RFC 3339.
    time: String,
    uptime_seconds: f64,
    status: &'static str,
    reasons: Vec<String>,
    ready: bool,
    not_ready_because: Option<String>,
    stopping: bool,
    /// The directory of the log files, standard output, or both.
    writes_to: String,
    timezone: String,
    seed: u64,
    start: String,
    shard: Shard,
    /// The options that repeat the run with the same version.
    repeat: String,
    /// The configured rate of the site, all shards together, lines per second.
    #[serde(serialize_with = "whole_as_integer")]
    rate: f64,
    /// This shard's part of the rate, lines per second.
    shard_rate: f64,
    /// Whether the run waits for the clock.
    waits: bool,
    /// Whether the run still writes the past, without waiting for the clock.
    history: bool,
    simulated_time: Option<String>,
    /// This shard's part of the rate, times the multiplier in force.
    target_rate: f64,
    multiplier: f64,
    /// The hours that have this multiplier, such as `2-6`; null if all have it.
    multiplier_hours: Option<String>,
    achieved_rate: f64,
    /// The time over which the achieved rate is averaged, in seconds.
    achieved_seconds: f64,
    lines: ByLog,
    bytes: ByLog,
    hits: serde_json::Map<String, serde_json::Value>,
    live_sessions: u64,
    lag_seconds: f64,
    gaps: u64,
    gap_lines: u64,
    gap_seconds: f64,
    queues: QueuesView,
    batch_latency_seconds: Option<Lengths>,
    rotations: u64,
    rotation_pause_seconds: Option<Lengths>,
    compressed_files: u64,
    deleted_files: u64,
    write_errors: u64,
    disk_free_bytes: Option<u64>,
    recent: Recent,
    day: DayView,
}

#[derive(Debug, Serialize)]
struct ByLog {
    access: u64,
    error: u64,
    system: u64,
    /// The logs of `output.logs`, by their names; absent if there are none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    further: BTreeMap<String, u64>,
}

#[derive(Debug, Serialize)]
struct QueuesView {
    hits: DepthView,
    lines: DepthView,
}

#[derive(Debug, Serialize)]
struct DepthView {
    batches: u64,
    capacity: u64,
}

/// The rates of the last minutes, the oldest first. One array per field is half as long as an array of objects.
#[derive(Debug, Serialize)]
struct Recent {
    seconds_ago: Vec<f64>,
    target: Vec<f64>,
    achieved: Vec<f64>,
}

/// The target rate over a day.
#[derive(Debug, Serialize)]
struct DayView {
    /// The rate in each hour, by the clocks of the log's time zone.
    rates: [f64; 24],
    /// The position of the run, in hours since midnight.
    hour: f64,
}

impl Status {
    /// The contents of the status page at `now`, when the wall clock says `present`.
    pub fn view(&self, now: Instant, present: Timestamp) -> View {
        let run = self.run();
        let epoch = self.epoch();
        let reasons = self.reasons(now);
        let (ready, not_ready) = self.ready(now);
        let instant = time(present);
        let achieved = self.achieved(now);
        let hits = self.status_classes();
        View {
            version: run.version,
            commit: version::GIT_COMMIT,
            instance: run.started_at.as_microsecond().to_string(),
            time: present.to_string(),
            uptime_seconds: rounded(now.saturating_duration_since(run.started).as_secs_f64()),
            status: if reasons.is_empty() { "healthy" } else { "unhealthy" },
            reasons,
            ready: ready == 200,
            not_ready_because: not_ready.reason,
            stopping: self.is_stopping(),
            writes_to: run.writes_to(),
            timezone: run.timezone.iana_name().unwrap_or("UTC").to_owned(),
            seed: epoch.seed,
            start: epoch.started().to_string(),
            shard: run.shard,
            repeat: run.repeat(epoch.seed, epoch.started(), "NEW-DIRECTORY"),
            rate: self.target().site_rate(),
            shard_rate: run.target.rate(),
            waits: run.waits,
            history: run.waits && !self.is_ready(),
            simulated_time: self.simulated_time().map(|time| time.to_string()),
            target_rate: self.target_now(instant),
            multiplier: self.target().multiplier(self.position(instant)),
            multiplier_hours: self.target().hours(self.position(instant)),
            achieved_rate: rounded(achieved.rate),
            achieved_seconds: rounded(achieved.seconds),
            lines: self.by_log(|count| count.lines),
            bytes: self.by_log(|count| count.bytes),
            hits: hits.map(|(class, hits)| (class.to_owned(), hits.into())).collect(),
            live_sessions: self.engine().live_sessions(),
            lag_seconds: rounded(self.lag(instant)),
            gaps: self.gaps(),
            gap_lines: self.gap_lines(),
            gap_seconds: self.gap_time().as_secs_f64(),
            queues: self.queues(),
            batch_latency_seconds: Lengths::of(&self.engine().batch_latencies),
            rotations: self.rotations(),
            rotation_pause_seconds: Lengths::of(self.rotation_pauses()),
            compressed_files: self.compressed_files(),
            deleted_files: self.deleted_files(),
            write_errors: self.write_errors(),
            disk_free_bytes: self.disk_free_bytes(),
            recent: Recent::of(&self.rates().recent(now)),
            day: DayView {
                rates: self.target().day(self.position(instant)),
                hour: rounded(run.target.hour(self.position(instant))),
            },
        }
    }

    fn by_log(&self, figure: fn(LogCount) -> u64) -> ByLog {
        let of = |log| figure(self.written(log));
        ByLog {
            access: of(LogId::ACCESS),
            error: of(LogId::ERROR),
            system: of(LogId::SYSTEM),
            further: self.further().into_iter().map(|(log, count)| (log, figure(count))).collect(),
        }
    }

    fn queues(&self) -> QueuesView {
        let depth = |queue| {
            let (batches, capacity) = self.engine().depth(queue);
            DepthView { batches, capacity }
        };
        QueuesView { hits: depth(Queue::Hits), lines: depth(Queue::Lines) }
    }
}

impl Recent {
    fn of(reached: &[Reached]) -> Self {
        let all = |figure: fn(&Reached) -> f64| reached.iter().map(figure).map(rounded).collect();
        Self {
            seconds_ago: all(|reached| reached.seconds_ago),
            target: all(|reached| reached.target),
            achieved: all(|reached| reached.achieved),
        }
    }
}

/// Rounds to a thousandth: the page shows no more, and every digit is sent once a second.
fn rounded(figure: f64) -> f64 {
    (figure * 1e3).round() / 1e3
}
