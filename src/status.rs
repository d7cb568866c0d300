//! What a run has done so far, shared by its threads: the scheduler and the writer count, once a
//! batch; /health and /ready read. Counting takes no lock and waits for nobody.
//!
//! No decision of the engine may rest on what is counted here.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::{Serialize, Serializer};

use crate::histogram::Histogram;
use crate::pace::LeftOut;
use crate::stream::{SECOND, Time, timestamp};

/// What is known of a run before its first line.
#[derive(Clone, Debug)]
pub struct Run {
    /// The directory of the log files.
    pub output_directory: PathBuf,
    /// The configured rate, in lines of access.log per second.
    pub rate: f64,
    /// The seed of the stream.
    pub seed: u64,
    /// Where the stream starts, in simulated time.
    pub start: Timestamp,
    /// The version of this program.
    pub version: &'static str,
    /// When the process started: `uptime_seconds` counts from here.
    pub started: Instant,
}

/// The counters and flags of a run. All counts are since the start of the process.
#[derive(Debug)]
pub struct Status {
    run: Run,
    lines: AtomicU64,
    access_bytes: AtomicU64,
    error_lines: AtomicU64,
    error_bytes: AtomicU64,
    /// Nanoseconds since 1970; `u64::MAX` before the first line.
    first_line: AtomicU64,
    /// Likewise.
    last_line: AtomicU64,
    gaps: Mutex<Vec<LeftOut>>,
    write_errors: AtomicU64,
    rotation_pauses: Histogram,
    compressed_files: AtomicU64,
    deleted_files: AtomicU64,
    /// Bytes; `u64::MAX` where nobody has looked.
    disk_free: AtomicU64,
    /// Microseconds since 1970; `i64::MIN` before the first line.
    simulated: AtomicI64,
    ready: AtomicBool,
    stopping: AtomicBool,
    ended: OnceLock<Instant>,
    /// Whether `trouble` holds a text: what the hot side looks at instead of the lock.
    troubled: AtomicBool,
    trouble: Mutex<Option<String>>,
    pause: Mutex<Option<String>>,
}

impl Status {
    /// The status of a run that has written nothing and is not ready.
    pub fn new(run: Run) -> Self {
        Self {
            run,
            lines: AtomicU64::new(0),
            access_bytes: AtomicU64::new(0),
            error_lines: AtomicU64::new(0),
            error_bytes: AtomicU64::new(0),
            first_line: AtomicU64::new(u64::MAX),
            last_line: AtomicU64::new(u64::MAX),
            gaps: Mutex::default(),
            write_errors: AtomicU64::new(0),
            rotation_pauses: Histogram::default(),
            compressed_files: AtomicU64::new(0),
            deleted_files: AtomicU64::new(0),
            disk_free: AtomicU64::new(u64::MAX),
            simulated: AtomicI64::new(i64::MIN),
            ready: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            ended: OnceLock::new(),
            troubled: AtomicBool::new(false),
            trouble: Mutex::new(None),
            pause: Mutex::new(None),
        }
    }

    /// What was known before the first line.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Counts `lines` that are in access.log, `bytes` long. It ends any trouble.
    pub fn wrote_access(&self, lines: u64, bytes: u64) {
        self.lines.fetch_add(lines, Release);
        self.access_bytes.fetch_add(bytes, Relaxed);
        self.trouble_is_over();
    }

    /// Counts `lines` of a batch of which the rest will not be written.
    pub fn left_access(&self, lines: u64, bytes: u64) {
        self.lines.fetch_add(lines, Release);
        self.access_bytes.fetch_add(bytes, Relaxed);
    }

    /// Counts `lines` that are in error.log, `bytes` long.
    pub fn wrote_error(&self, lines: u64, bytes: u64) {
        self.error_lines.fetch_add(lines, Relaxed);
        self.error_bytes.fetch_add(bytes, Relaxed);
    }

    /// The lines that were just written to access.log have stamps from `first` to `last`.
    pub fn wrote_stamps(&self, first: Time, last: Time) {
        self.first_line.fetch_min(first, Relaxed);
        self.last_line.store(last, Relaxed);
    }

    /// Notes a jump forward over a span of simulated time that got no lines.
    pub fn left_out(&self, left_out: LeftOut) {
        self.gaps.lock().push(left_out);
    }

    /// Counts a write that failed; `trouble` (which file, what happened) is the reason that
    /// /health gives until [`Status::trouble_is_over`].
    pub fn write_failed(&self, trouble: impl Into<String>) {
        self.write_errors.fetch_add(1, Relaxed);
        let mut text = self.trouble.lock();
        *text = Some(trouble.into());
        self.troubled.store(true, Relaxed);
    }

    /// Lines reach the disk again.
    pub fn trouble_is_over(&self) {
        if self.troubled.load(Relaxed) {
            let mut text = self.trouble.lock();
            *text = None;
            self.troubled.store(false, Relaxed);
        }
    }

    /// Counts a write to system.log that failed: lines reach the disk all the same.
    pub fn message_failed(&self) {
        self.write_errors.fetch_add(1, Relaxed);
    }

    /// Writing is paused and this is why, or, with `None`, it goes on.
    pub fn paused(&self, reason: Option<String>) {
        *self.pause.lock() = reason;
    }

    /// Counts a file that was full and got another name, and how long the writer was held up by
    /// that.
    pub fn rotated(&self, pause: Duration) {
        self.rotation_pauses.record(pause);
    }

    /// Counts a rotated file that is an archive now.
    pub fn compressed(&self) {
        self.compressed_files.fetch_add(1, Relaxed);
    }

    /// Counts rotated files that were deleted.
    pub fn deleted(&self, files: u64) {
        self.deleted_files.fetch_add(files, Relaxed);
    }

    /// So many bytes are free in the file system of the logs.
    pub fn disk_free(&self, bytes: u64) {
        self.disk_free.store(bytes, Relaxed);
    }

    /// All lines up to this simulated time have been written.
    pub fn reached(&self, simulated: Timestamp) {
        self.simulated.store(simulated.as_microsecond(), Relaxed);
    }

    /// The files are open and the past is written: /ready says 200 from here on.
    pub fn set_ready(&self) {
        self.ready.store(true, Relaxed);
    }

    /// Whether the past is written.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Relaxed)
    }

    /// The run is ending: /ready says 503 from here on.
    pub fn set_stopping(&self) {
        self.stopping.store(true, Relaxed);
    }

    /// The last line is in its file, at `now`.
    pub fn set_ended(&self, now: Instant) {
        // Whoever says it first is right.
        let _ = self.ended.set(now);
    }

    /// How long the run took, from the start of the process to its last line or else to `now`.
    pub fn length(&self, now: Instant) -> Duration {
        self.ended.get().unwrap_or(&now).saturating_duration_since(self.run.started)
    }

    /// Lines in access.log.
    pub fn lines(&self) -> u64 {
        // Whoever reads a line's number sees the gaps before it, too.
        self.lines.load(Acquire)
    }

    /// Bytes in access.log and error.log.
    pub fn bytes(&self) -> u64 {
        self.access_bytes() + self.error_bytes()
    }

    /// Bytes in access.log.
    pub fn access_bytes(&self) -> u64 {
        self.access_bytes.load(Relaxed)
    }

    /// Lines in error.log.
    pub fn error_lines(&self) -> u64 {
        self.error_lines.load(Relaxed)
    }

    /// Bytes in error.log.
    pub fn error_bytes(&self) -> u64 {
        self.error_bytes.load(Relaxed)
    }

    /// The stamps of the first and the last line in access.log, which are whole seconds; `None`
    /// before the first line.
    pub fn stamps(&self) -> Option<(Timestamp, Timestamp)> {
        let stamp = |time: &AtomicU64| time.load(Relaxed) / SECOND * SECOND;
        let (first, last) = (stamp(&self.first_line), stamp(&self.last_line));
        (self.lines() > 0).then(|| (timestamp(first), timestamp(last)))
    }

    /// Files that were full and got another name.
    pub fn rotations(&self) -> u64 {
        self.rotation_pauses.count()
    }

    /// Rotated files that were compressed.
    pub fn compressed_files(&self) -> u64 {
        self.compressed_files.load(Relaxed)
    }

    /// Rotated files that were deleted.
    pub fn deleted_files(&self) -> u64 {
        self.deleted_files.load(Relaxed)
    }

    /// How often the simulation jumped forward.
    pub fn gaps(&self) -> u64 {
        self.gaps.lock().len() as u64
    }

    /// The jumps forward but for the first `known`.
    pub fn left_out_since(&self, known: usize) -> Vec<LeftOut> {
        self.gaps.lock()[known..].to_vec()
    }

    /// Simulated time without lines, all jumps together.
    pub fn gap_time(&self) -> Duration {
        self.gaps.lock().iter().map(LeftOut::length).sum()
    }

    /// Writes that failed; each was tried again.
    pub fn write_errors(&self) -> u64 {
        self.write_errors.load(Relaxed)
    }

    /// The simulated time that the files have reached; `None` before the first line.
    pub fn simulated_time(&self) -> Option<Timestamp> {
        match self.simulated.load(Relaxed) {
            i64::MIN => None,
            micros => Timestamp::from_microsecond(micros).ok(),
        }
    }

    /// The answer to /health at `now`: its HTTP status and its body.
    pub fn health(&self, now: Instant) -> (u16, Health) {
        let reasons = self.reasons();
        let (code, status) = if reasons.is_empty() { (200, "healthy") } else { (503, "unhealthy") };
        let health = Health {
            status,
            uptime_seconds: now.saturating_duration_since(self.run.started).as_secs(),
            total_logs_generated: self.lines(),
            output_directory: self.run.output_directory.to_string_lossy().into_owned(),
            rate: self.run.rate,
            version: self.run.version,
            seed: self.run.seed,
            start: self.run.start.to_string(),
            simulated_time: self.simulated_time().map(|time| time.to_string()),
            bytes_written: self.bytes(),
            error_lines: self.error_lines(),
            gaps: self.gaps(),
            gap_seconds: self.gap_time().as_secs_f64(),
            write_errors: self.write_errors(),
            rotations: self.rotations(),
            rotation_pause_seconds: RotationPause::of(&self.rotation_pauses),
            compressed_files: self.compressed_files(),
            deleted_files: self.deleted_files(),
            disk_free_bytes: Some(self.disk_free.load(Relaxed)).filter(|bytes| *bytes != u64::MAX),
            stopping: self.stopping.load(Relaxed),
            reasons,
        };
        (code, health)
    }

    /// The answer to /ready: its HTTP status and its body.
    pub fn ready(&self) -> (u16, Ready) {
        let reasons = self.reasons();
        let reason = if self.stopping.load(Relaxed) {
            "the run is ending".to_owned()
        } else if !reasons.is_empty() {
            reasons.join("; ")
        } else if self.is_ready() {
            return (200, Ready { status: "ready", reason: None });
        } else if let Some(time) = self.simulated_time() {
            format!("the lines before the present are being written; they have reached {time}")
        } else {
            "the log files are not open yet".to_owned()
        };
        (503, Ready { status: "not ready", reason: Some(reason) })
    }

    /// Why lines do not reach the disk.
    fn reasons(&self) -> Vec<String> {
        let pause = self.pause.lock().clone();
        let trouble = self.trouble.lock().clone();
        pause.into_iter().chain(trouble).collect()
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
    /// The version of this program.
    pub version: &'static str,
    /// The seed of the stream.
    pub seed: u64,
    /// Where the stream starts, RFC 3339.
    pub start: String,
    /// The simulated time that the files have reached, RFC 3339; null before the first line.
    pub simulated_time: Option<String>,
    /// Bytes in access.log and error.log since the process started.
    pub bytes_written: u64,
    /// Lines in error.log since the process started.
    pub error_lines: u64,
    /// How often the simulation jumped forward because the machine fell behind.
    pub gaps: u64,
    /// Simulated seconds without lines, all jumps together.
    pub gap_seconds: f64,
    /// Writes that failed; each was tried again.
    pub write_errors: u64,
    /// Files that were full and got another name, since the process started.
    pub rotations: u64,
    /// How long the writer was held up by them; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation_pause_seconds: Option<RotationPause>,
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

/// How long the writer was held up by rotations, from before the rename until the new file was open,
/// in seconds. Where that failed at first, the tries are in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RotationPause {
    /// Half of them took no longer; at most an eighth too long.
    pub p50: f64,
    /// 99 in 100 took no longer; likewise.
    pub p99: f64,
    /// None took longer.
    pub max: f64,
}

impl RotationPause {
    fn of(pauses: &Histogram) -> Option<Self> {
        let quantile = |share| pauses.quantile(share).as_secs_f64();
        (pauses.count() > 0).then(|| Self {
            p50: quantile(0.5),
            p99: quantile(0.99),
            max: pauses.longest().as_secs_f64(),
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

#[cfg(test)]
mod tests;
