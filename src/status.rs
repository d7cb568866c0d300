//! What a run has done so far, shared by its threads. The scheduler and the writer count once per batch;
//! [`health`], [`view`] and [`crate::metrics`] read. Counting takes no lock that a reader holds, and
//! waits for no other thread.
//!
//! The engine may not base any decision on these counts.

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

use std::collections::BTreeMap;
use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release,
};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::Mutex;

use self::engine::Engine;
pub use self::engine::Queue;
use self::epochs::{EpochPast, Epochs};
use self::rates::{Achieved, Rates};
pub use self::run::RunFacts;
use self::target::Target;
pub use self::write_errors::ErrorKind;
use self::write_errors::WriteErrors;
pub use self::written::LogCount;
use self::written::Written;
use crate::config::Config;
use crate::config::steering::TimedAct;
use crate::epoch::Beginning;
use crate::histogram::Histogram;
use crate::log_id::{LogId, stem};
use crate::pace::LeftOut;
use crate::time::{SECOND, Time, time, timestamp};

/// The classes of status codes (RFC 9110, section 15).
pub const STATUS_CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The counters and flags of a run. All counts begin at the start of the process.
#[derive(Debug)]
pub struct Status {
    run: RunFacts,
    written: Written,
    /// Hits in access.log, by [`STATUS_CLASSES`].
    status_classes: [AtomicU64; 5],
    /// The stamp of the first line, in nanoseconds since 1970; `u64::MAX` before that line.
    first_line: AtomicU64,
    /// The stamp of the last line, in nanoseconds since 1970.
    last_line: AtomicU64,
    epochs: Epochs,
    write_errors: WriteErrors,
    engine: Engine,
    rates: Rates,
    rotation_pauses: Histogram,
    compressed_files: AtomicU64,
    deleted_files: AtomicU64,
    /// Free bytes on the disk; `u64::MAX` before the first check.
    disk_free: AtomicU64,
    /// The simulated time reached, in microseconds since 1970; `i64::MIN` before the first line.
    simulated: AtomicI64,
    ready: AtomicBool,
    stopping: AtomicBool,
    held: AtomicBool,
    ended: OnceLock<Instant>,
    counted: AtomicBool,
    /// When the writer made the system call that has not returned, in microseconds since the start of
    /// the process; `u64::MAX` if it waits for none.
    waiting_since: AtomicU64,
    /// Whether `trouble` holds a text. The threads that count read this flag instead of taking the lock.
    troubled: AtomicBool,
    trouble: Mutex<Option<String>>,
    pause: Mutex<Option<String>>,
    passing_over: Mutex<Option<String>>,
    /// The configuration in force, once it is not the one that the run began with.
    steered: Mutex<Option<Arc<Config>>>,
}

impl Status {
    /// The status of a run that has written nothing and is not ready yet.
    pub fn new(run: RunFacts) -> Self {
        Self {
            rates: Rates::new(run.started),
            epochs: Epochs::new(Beginning::first(run.seed, time(run.start))),
            written: Written::new(&run.logs),
            run,
            engine: Engine::default(),
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
            held: AtomicBool::new(false),
            ended: OnceLock::new(),
            counted: AtomicBool::new(false),
            waiting_since: AtomicU64::new(u64::MAX),
            troubled: AtomicBool::new(false),
            trouble: Mutex::new(None),
            pause: Mutex::new(None),
            passing_over: Mutex::new(None),
            steered: Mutex::new(None),
        }
    }

    /// The facts that were known before the first line.
    pub fn run(&self) -> &RunFacts {
        &self.run
    }

    /// Counts `lines` of `bytes` bytes that are in a log. If they are hits, any trouble is over.
    pub fn wrote(&self, log: LogId, lines: u64, bytes: u64) {
        self.count(log, lines, bytes);
        if log != LogId::SYSTEM {
            self.trouble_is_over();
        }
    }

    /// Counts `lines` of a batch whose rest will not be written.
    pub fn count(&self, log: LogId, lines: u64, bytes: u64) {
        self.written.add(log, lines, bytes);
    }

    /// Counts the hits just written to access.log, by [`STATUS_CLASSES`].
    pub fn wrote_status_classes(&self, classes: &[u64; 5]) {
        for (count, hits) in self.status_classes.iter().zip(classes) {
            count.fetch_add(*hits, Relaxed);
        }
    }

    /// Notes that the lines just written to access.log have stamps from `first` to `last`.
    pub fn wrote_stamps(&self, first: Time, last: Time) {
        self.first_line.fetch_min(first, Relaxed);
        self.last_line.store(last, Relaxed);
    }

    /// Notes a jump over a span of simulated time that got no lines.
    pub fn left_out(&self, left_out: LeftOut) {
        self.epochs.left_out(left_out);
    }

    /// Notes that the run goes on with another stream, and with which configuration if that is another.
    pub fn begin_epoch(&self, epoch: Beginning, config: Option<Arc<Config>>) {
        if let Some(config) = &config {
            self.follow(config);
        }
        self.epochs.begin(epoch, config);
    }

    /// Notes what the run was told, and the configuration in force from then on.
    pub fn acted(&self, act: TimedAct, config: &Arc<Config>) {
        self.follow(config);
        self.epochs.acted(act);
    }

    /// How many acts there were.
    pub fn acts(&self) -> u64 {
        self.epochs.acts()
    }

    /// Notes whether the run was asked to pause.
    pub fn held(&self, held: bool) {
        self.held.store(held, Relaxed);
    }

    /// Whether the run was asked to pause.
    pub fn is_held(&self) -> bool {
        self.held.load(Relaxed)
    }

    fn follow(&self, config: &Arc<Config>) {
        *self.steered.lock() = Some(Arc::clone(config));
    }

    /// The epoch that the run is in.
    pub fn epoch(&self) -> Beginning {
        self.epochs.current()
    }

    /// How many epochs the run has had, at least one.
    pub fn epochs(&self) -> u64 {
        self.epochs.count()
    }

    /// Counts a rotation, and how long it held up the writer.
    pub fn rotated(&self, pause: Duration) {
        self.rotation_pauses.record(pause);
    }

    /// Counts a rotated file that was compressed.
    pub fn compressed(&self) {
        self.compressed_files.fetch_add(1, Relaxed);
    }

    /// Counts rotated files that were deleted.
    pub fn deleted(&self, files: u64) {
        self.deleted_files.fetch_add(files, Relaxed);
    }

    /// Notes for [`Status::rates`] how far the run has come by `now`, when the wall clock says
    /// `present`; does nothing if the last sample is recent.
    pub fn sample(&self, now: Instant, present: Time) {
        self.rates.sample(now, self.lines(), || self.target_now(present));
    }

    /// Notes how many bytes are free in the file system of the logs.
    pub fn disk_free(&self, bytes: u64) {
        self.disk_free.store(bytes, Relaxed);
    }

    /// Notes that all lines up to this simulated time are written.
    pub fn reached(&self, simulated: Timestamp) {
        self.simulated.store(simulated.as_microsecond(), Relaxed);
    }

    /// Notes that the files are open and the past is written. From now on, /ready returns 200.
    pub fn set_ready(&self) {
        self.ready.store(true, Relaxed);
    }

    /// Whether the past is written.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Relaxed)
    }

    /// Notes that the run is ending. From now on, /ready returns 503.
    pub fn set_stopping(&self) {
        self.stopping.store(true, Relaxed);
    }

    /// Notes that the last line is in its file at `now`.
    pub fn set_ended(&self, now: Instant) {
        // Only the first call counts.
        let _ = self.ended.set(now);
    }

    /// Notes that no more lines will be written, and that all whole lines in the files have been counted.
    pub fn set_counted(&self) {
        self.counted.store(true, Release);
    }

    /// Whether all lines of the run have been counted.
    pub fn is_counted(&self) -> bool {
        self.counted.load(Acquire)
    }

    /// How long the run took: from the start of the process to its last line, or to `now` before that.
    pub fn length(&self, now: Instant) -> Duration {
        self.ended.get().unwrap_or(&now).saturating_duration_since(self.run.started)
    }

    /// The number of lines in access.log.
    pub fn lines(&self) -> u64 {
        self.written.lines(LogId::ACCESS)
    }

    /// The number of lines and bytes in a log.
    pub fn written(&self, log: LogId) -> LogCount {
        LogCount { lines: self.written.lines(log), bytes: self.written.bytes(log) }
    }

    /// The number of bytes in all logs except system.log.
    pub fn bytes(&self) -> u64 {
        let of_hits = self.run.logs.all().filter(|(log, _)| *log != LogId::SYSTEM);
        of_hits.map(|(log, _)| self.written.bytes(log)).sum()
    }

    /// What is in the logs of `output.logs`, by the names of the logs.
    pub fn further(&self) -> BTreeMap<String, LogCount> {
        let count = |(log, file)| (stem(file).to_owned(), self.written(log));
        self.run.logs.further().map(count).collect()
    }

    /// The stamps of the first and the last line in access.log, in whole seconds; `None` before the first line.
    pub fn stamps(&self) -> Option<(Timestamp, Timestamp)> {
        let stamp = |time: &AtomicU64| time.load(Relaxed) / SECOND * SECOND;
        let (first, last) = (stamp(&self.first_line), stamp(&self.last_line));
        (self.lines() > 0).then(|| (timestamp(first), timestamp(last)))
    }

    /// How many files were rotated.
    pub fn rotations(&self) -> u64 {
        self.rotation_pauses.count()
    }

    /// How many rotated files were compressed.
    pub fn compressed_files(&self) -> u64 {
        self.compressed_files.load(Relaxed)
    }

    /// How many rotated files were deleted.
    pub fn deleted_files(&self) -> u64 {
        self.deleted_files.load(Relaxed)
    }

    /// How often the simulation jumped forward.
    pub fn gaps(&self) -> u64 {
        self.epochs.gaps()
    }

    /// The epochs from number `epoch` on, counted from 0, and what each left out. The first `gaps` gaps
    /// of the first of them are omitted.
    pub fn epochs_since(&self, epoch: usize, gaps: usize, acts: usize) -> Vec<EpochPast> {
        self.epochs.since(epoch, gaps, acts)
    }

    /// The simulated time without lines, summed over all jumps.
    pub fn gap_time(&self) -> Duration {
        self.epochs.time_left_out()
    }

    /// How many writes failed; each was tried again.
    pub fn write_errors(&self) -> u64 {
        self.write_errors_by_kind().map(|(_, errors)| errors).sum()
    }

    /// How many writes failed, by kind.
    pub fn write_errors_by_kind(&self) -> impl Iterator<Item = (ErrorKind, u64)> {
        self.write_errors.by_kind()
    }

    /// The number of hits in access.log by the class of their status. The last batch of a run is not
    /// included if only part of it could be written.
    pub fn status_classes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self.status_classes.iter().map(|count| count.load(Relaxed));
        STATUS_CLASSES.into_iter().zip(counts)
    }

    /// The measurements of the engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The rate that the configuration in force asks for.
    pub fn target(&self) -> Target {
        let Beginning { seed, start, .. } = self.epoch();
        match &*self.steered.lock() {
            Some(config) => Target::new(Arc::clone(config), self.run.shard, seed, start),
            None => self.run.target.of_epoch(seed, start),
        }
    }

    /// The target rate at the position of the log, when the wall clock says `present`. A live run is at
    /// the present, others are where their files are.
    pub fn target_now(&self, present: Time) -> f64 {
        self.target().at(self.position(present))
    }

    /// Whether the run keeps up with the clock: it waits for the clock, and has written the past.
    pub fn is_live(&self) -> bool {
        self.run.waits && self.is_ready()
    }

    /// The simulated time that the log is at, when the wall clock says `present`.
    pub fn position(&self, present: Time) -> Time {
        if self.is_live() {
            // A run that starts later counts as being at its start.
            present.max(time(self.run.start))
        } else {
            time(self.simulated_time().unwrap_or(self.run.start))
        }
    }

    /// The rate reached: lines of access.log per second, averaged over the last ten seconds.
    pub fn achieved(&self, now: Instant) -> Achieved {
        self.rates.achieved(now, self.lines())
    }

    /// The rates of the last minutes.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// How many seconds the written lines are behind the clock. 0 if the run does not wait for the
    /// clock, and after its end.
    pub fn lag(&self, present: Time) -> f64 {
        if !self.run.waits || self.ended.get().is_some() {
            return 0.0;
        }
        let reached = time(self.simulated_time().unwrap_or(self.run.start));
        rates::lag(present, reached, self.lines(), self.engine.emitted())
    }

    /// The number of lines left out, summed over all jumps.
    pub fn gap_lines(&self) -> u64 {
        self.epochs.lines_left_out()
    }

    /// How long each rotation held up the writer.
    pub fn rotation_pauses(&self) -> &Histogram {
        &self.rotation_pauses
    }

    /// The free bytes on the disk of the logs; `None` if unknown.
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
