//! What a run has done so far, shared by its threads: the scheduler and the writer count, once a
//! batch; [`health`], [`view`] and [`crate::metrics`] read. Counting takes no lock that a reader holds,
//! and waits for no other thread.
//!
//! No decision of the engine may rest on what is counted here.

pub mod engine;
pub mod epochs;
pub mod health;
mod obstacles;
pub mod rate_messages;
pub mod rates;
mod run;
pub mod target;
pub mod view;
mod write_errors;
mod written;

use std::sync::OnceLock;
use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::Mutex;

use self::engine::Engine;
pub use self::engine::Queue;
use self::epochs::{EpochGaps, Epochs};
use self::rates::{Achieved, Rates};
pub use self::run::RunFacts;
use self::target::Target;
pub use self::write_errors::ErrorKind;
use self::write_errors::WriteErrors;
use self::written::Written;
use crate::epoch::Beginning;
use crate::histogram::Histogram;
use crate::log_id::LogId;
use crate::pace::LeftOut;
use crate::time::{SECOND, Time, time, timestamp};

/// The classes of a status (RFC 9110, section 15).
pub const STATUS_CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The counters and flags of a run. All counts are since the start of the process.
#[derive(Debug)]
pub struct Status {
    run: RunFacts,
    written: Written,
    /// Hits in access.log, by [`STATUS_CLASSES`].
    status_classes: [AtomicU64; 5],
    /// Nanoseconds since 1970; `u64::MAX` before the first line.
    first_line: AtomicU64,
    /// Likewise.
    last_line: AtomicU64,
    epochs: Epochs,
    write_errors: WriteErrors,
    engine: Engine,
    rates: Rates,
    rotation_pauses: Histogram,
    compressed_files: AtomicU64,
    deleted_files: AtomicU64,
    /// Bytes; `u64::MAX` before the first look.
    disk_free: AtomicU64,
    /// Microseconds since 1970; `i64::MIN` before the first line.
    simulated: AtomicI64,
    ready: AtomicBool,
    stopping: AtomicBool,
    ended: OnceLock<Instant>,
    counted: AtomicBool,
    /// When the writer last asked the system for something that has not returned, in microseconds
    /// since the start of the process; `u64::MAX` while it waits for nothing.
    waiting_since: AtomicU64,
    /// Whether `trouble` holds a text: what the hot side looks at instead of the lock.
    troubled: AtomicBool,
    trouble: Mutex<Option<String>>,
    pause: Mutex<Option<String>>,
    passing_over: Mutex<Option<String>>,
}

impl Status {
    /// The status of a run that has written nothing and is not ready.
    pub fn new(run: RunFacts) -> Self {
        Self {
            rates: Rates::new(run.started),
            epochs: Epochs::new(Beginning::first(run.seed, time(run.start))),
            run,
            engine: Engine::default(),
            written: Written::default(),
            status_classes: std::array::from_fn(|_| AtomicU64::new(0)),
            first_line: AtomicU64::new(u64::MAX),
            last_line: AtomicU64::new(u64::MAX),
            write_errors: WriteErrors::default(),
            rotation_pauses: Histogram::default(),
            compressed_files: AtomicU64::new(0),
            deleted_files: AtomicU64::new(0),
            disk_free: AtomicU64::new(u64::MAX),
            simulated: AtomicI64::new(i64::MIN),
            ready: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            ended: OnceLock::new(),
            counted: AtomicBool::new(false),
            waiting_since: AtomicU64::new(u64::MAX),
            troubled: AtomicBool::new(false),
            trouble: Mutex::new(None),
            pause: Mutex::new(None),
            passing_over: Mutex::new(None),
        }
    }

    /// What was known before the first line.
    pub fn run(&self) -> &RunFacts {
        &self.run
    }

    /// Counts `lines` that are in a log, `bytes` long. Where they are hits, that ends any trouble.
    pub fn wrote(&self, log: LogId, lines: u64, bytes: u64) {
        self.count(log, lines, bytes);
        if log != LogId::SYSTEM {
            self.trouble_is_over();
        }
    }

    /// Counts `lines` of a batch of which the rest will not be written.
    pub fn count(&self, log: LogId, lines: u64, bytes: u64) {
        self.written.add(log, lines, bytes);
    }

    /// Counts the hits of each of [`STATUS_CLASSES`] among the lines that were just written to access.log.
    pub fn wrote_status_classes(&self, classes: &[u64; 5]) {
        for (count, hits) in self.status_classes.iter().zip(classes) {
            count.fetch_add(*hits, Relaxed);
        }
    }

    /// The lines that were just written to access.log have stamps from `first` to `last`.
    pub fn wrote_stamps(&self, first: Time, last: Time) {
        self.first_line.fetch_min(first, Relaxed);
        self.last_line.store(last, Relaxed);
    }

    /// Notes a jump forward over a span of simulated time that got no lines.
    pub fn left_out(&self, left_out: LeftOut) {
        self.epochs.left_out(left_out);
    }

    /// The run goes on with another stream from here.
    pub fn begin_epoch(&self, epoch: Beginning) {
        self.epochs.begin(epoch);
    }

    /// The epoch that the run is in.
    pub fn epoch(&self) -> Beginning {
        self.epochs.current()
    }

    /// How many epochs the run has had; it begins with one.
    pub fn epochs(&self) -> u64 {
        self.epochs.count()
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

    /// Notes how far the run has come by now, where the wall clock says `present`, for
    /// [`Status::rates`]; if that was not done a moment ago.
    pub fn sample(&self, now: Instant, present: Time) {
        self.rates.sample(now, self.lines(), || self.target_now(present));
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
        // The first one to say it is right.
        let _ = self.ended.set(now);
    }

    /// No more lines will be written, and those that are in the files have been counted, each whole.
    pub fn set_counted(&self) {
        self.counted.store(true, Release);
    }

    /// Whether all lines of the run have been counted.
    pub fn is_counted(&self) -> bool {
        self.counted.load(Acquire)
    }

    /// How long the run took, from the start of the process to its last line or else to `now`.
    pub fn length(&self, now: Instant) -> Duration {
        self.ended.get().unwrap_or(&now).saturating_duration_since(self.run.started)
    }

    /// Lines in access.log.
    pub fn lines(&self) -> u64 {
        self.written.lines(LogId::ACCESS)
    }

    /// Lines and bytes in a log.
    pub fn written(&self, log: LogId) -> (u64, u64) {
        (self.written.lines(log), self.written.bytes(log))
    }

    /// Bytes in all logs of hits: all but system.log.
    pub fn bytes(&self) -> u64 {
        let of_hits = LogId::ALL.into_iter().filter(|log| *log != LogId::SYSTEM);
        of_hits.map(|log| self.written.bytes(log)).sum()
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
        self.epochs.gaps()
    }

    /// The epochs from the one of this number on, from 0, and what was left out in each; without the first
    /// `gaps` gaps of that one.
    pub fn epochs_since(&self, epoch: usize, gaps: usize) -> Vec<EpochGaps> {
        self.epochs.since(epoch, gaps)
    }

    /// Simulated time without lines, all jumps together.
    pub fn gap_time(&self) -> Duration {
        self.epochs.time_left_out()
    }

    /// Writes that failed; each was tried again.
    pub fn write_errors(&self) -> u64 {
        self.write_errors_by_kind().map(|(_, errors)| errors).sum()
    }

    /// The same, by kind.
    pub fn write_errors_by_kind(&self) -> impl Iterator<Item = (ErrorKind, u64)> {
        self.write_errors.by_kind()
    }

    /// Hits in access.log, by class of their status. Those of a batch that could be written in part only,
    /// with which a run ends, are not among them.
    pub fn status_classes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self.status_classes.iter().map(|count| count.load(Relaxed));
        STATUS_CLASSES.into_iter().zip(counts)
    }

    /// The figures of the engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What the traffic pattern asks for.
    pub fn target(&self) -> &Target {
        &self.run.target
    }

    /// The target rate where the log is, where the wall clock says `present`: a live run is there, others
    /// are where their files are.
    pub fn target_now(&self, present: Time) -> f64 {
        self.run.target.at(self.position(present))
    }

    /// Whether the run keeps up with the clock: it waits for that, and has written what was past.
    pub fn is_live(&self) -> bool {
        self.run.waits && self.is_ready()
    }

    /// The simulated time at which the log is, where the wall clock says `present`.
    pub fn position(&self, present: Time) -> Time {
        if self.is_live() {
            // A run that is to start later is where it will start.
            present.max(time(self.run.start))
        } else {
            time(self.simulated_time().unwrap_or(self.run.start))
        }
    }

    /// Lines of access.log per second, the mean of the last ten seconds.
    pub fn achieved(&self, now: Instant) -> Achieved {
        self.rates.achieved(now, self.lines())
    }

    /// The rates of the last minutes.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// How far behind the clock what is written is, in seconds; 0 where the run does not wait for it,
    /// and once it has ended.
    pub fn lag(&self, present: Time) -> f64 {
        if !self.run.waits || self.ended.get().is_some() {
            return 0.0;
        }
        let reached = time(self.simulated_time().unwrap_or(self.run.start));
        rates::lag(present, reached, self.lines(), self.engine.emitted())
    }

    /// Lines that were left out, all jumps together.
    pub fn gap_lines(&self) -> u64 {
        self.epochs.lines_left_out()
    }

    /// How long rotations held up the writer.
    pub fn rotation_pauses(&self) -> &Histogram {
        &self.rotation_pauses
    }

    /// Bytes that are free where the logs are; `None` if that cannot be told.
    pub fn disk_free_bytes(&self) -> Option<u64> {
        Some(self.disk_free.load(Relaxed)).filter(|bytes| *bytes != u64::MAX)
    }

    /// Whether the run is ending.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Relaxed)
    }

    /// The simulated time that the files have reached; `None` before the first line.
    pub fn simulated_time(&self) -> Option<Timestamp> {
        match self.simulated.load(Relaxed) {
            i64::MIN => None,
            micros => Timestamp::from_microsecond(micros).ok(),
        }
    }
}

#[cfg(test)]
mod tests;
