//! The scheduler thread: owns the stream, and lets its hits go when they are due. The only thread
//! that watches for the stop; when it ends, the channel behind it closes and the others drain.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use log::warn;

use super::HitBatch;
use crate::clock::{Clock, Step};
use crate::end::End;
use crate::pace::{Gap, LeftOut, Pace};
use crate::pause::Pause;
use crate::status::{Queue, Status};
use crate::stop::Stop;
use crate::stream::{SECOND, Stream, Time, timestamp};

/// Hits in a full batch: half a megabyte of lines, which fits a core's own cache.
const FULL_BATCH: usize = 2048;
/// The shortest time between two batches that are not full: 40 ms. A line reaches its file this late
/// at most (50 ms are promised), and the threads wake no more often than that.
const QUIET: Time = SECOND / 1000 * 40;
/// Hits that are left out between two looks at the stop.
const SKIPPED_AT_ONCE: u64 = 100_000;
/// How often a pause is looked at whether it has ended.
const PAUSE_STEP: Duration = Duration::from_millis(100);

/// What the scheduler works with.
pub struct SchedulerThread {
    /// What is written.
    pub stream: Stream,
    /// When.
    pub clock: Clock,
    /// How it keeps up.
    pub pace: Pace,
    /// Where the run ends.
    pub end: End,
    /// Whether it waits for the clock. If not, all up to the end is due at once.
    pub waits: bool,
    /// The stop signal.
    pub stop: Stop,
    /// While it is on, no hit goes.
    pub pause: Pause,
    /// Where gaps are counted.
    pub status: Arc<Status>,
    /// Has the record of the run written, and says when it is.
    pub record_now: Sender<Sender<()>>,
    /// Where hits go.
    pub hits: Sender<HitBatch>,
    /// Where used batches come back.
    pub used_hits: Receiver<HitBatch>,
}

impl SchedulerThread {
    /// Runs to the end or to the stop, or until nobody takes the hits.
    pub fn run(mut self) {
        self.emit();
        self.status.set_stopping();
    }

    fn emit(&mut self) {
        let mut sequence = 0;
        let mut emitted = 0;
        self.tell(emitted);
        while !self.stop.requested() {
            let now = self.now();
            if self.pause.is_on() && self.end.is_full() {
                return;
            }
            if self.pause.is_on() && !(self.pace.is_live() && now >= self.end.time()) {
                self.stop.wait_until(Instant::now() + PAUSE_STEP);
                continue;
            }
            if let Some(gap) = self.pace.gap(now, self.stream.next_time()) {
                self.leave_out(gap, emitted);
                continue;
            }
            let mut batch = self.used_hits.try_recv().unwrap_or_default();
            let due = self.pace.due(now, self.stream.next_time());
            let meets = self.fill(due, &mut batch);
            if !batch.hits.is_empty() || meets {
                let full = batch.hits.len() == FULL_BATCH;
                let batch = HitBatch {
                    sequence,
                    reached: self.pace.reached(),
                    sent: Some(Instant::now()),
                    live: meets,
                    hits: batch.hits,
                };
                sequence += 1;
                emitted += batch.hits.len() as u64;
                self.tell(emitted);
                if self.hits.send(batch).is_err() {
                    return;
                }
                self.status.engine().waiting(Queue::Hits, self.hits.len());
                if full {
                    continue;
                }
            }
            let next = self.stream.next_time();
            if self.end.is_full() || (next >= self.end.time() && now >= self.end.time()) {
                return;
            }
            let wake = next.max(now + QUIET).min(self.end.time());
            self.stop.wait_until(self.clock.instant_of(wake));
        }
    }

    /// Tells how far the stream has come.
    fn tell(&self, emitted: u64) {
        let (next, live) = (self.stream.next_time(), self.stream.live_sessions());
        self.status.engine().scheduled(emitted, next, live);
    }

    /// Up to when lines are due.
    fn now(&mut self) -> Time {
        let (now, step) = self.clock.now();
        if let Some(step) = step {
            report(step);
        }
        if self.waits { now } else { self.end.time() }
    }

    /// Fills a batch with the hits up to `due`. True if the stream meets the wall clock with it.
    fn fill(&mut self, due: Time, batch: &mut HitBatch) -> bool {
        batch.hits.clear();
        let limit = self.end.limit(FULL_BATCH);
        let due = due.min(self.end.time().saturating_sub(1));
        self.stream.fill(due, limit, &mut batch.hits);
        self.end.count(&mut batch.hits);
        match batch.hits.last() {
            Some(last) if batch.hits.len() == limit || self.end.is_full() => {
                self.pace.wrote(last.time, false)
            }
            None if self.end.is_full() => false,
            _ => self.pace.wrote(due, true),
        }
    }

    /// Waits until the gap is in the record: if the run is killed behind it, nobody shall take what was
    /// left out for lost.
    fn record(&self) {
        let (written, is_written) = bounded(1);
        if self.record_now.send(written).is_ok() {
            // A recorder that died has said why.
            let _ = is_written.recv();
        }
    }

    /// Leaves out a span behind line `after_line`, and says so.
    fn leave_out(&mut self, gap: Gap, after_line: u64) {
        let mut lines = 0;
        while self.stream.next_time() <= gap.until && !self.stop.requested() {
            lines += self.stream.skip(gap.until, SKIPPED_AT_ONCE);
        }
        if self.stop.requested() {
            return;
        }
        self.pace.left_out(gap);
        let left_out = LeftOut { after_line, lines, gap };
        self.status.left_out(left_out);
        self.tell(after_line);
        self.record();
        warn!(
            "Gap: the log is {:.1} s behind the clock, more than output.burst_seconds may make up \
             for; the {lines} lines from {} to {} are left out. The machine or its disk is too \
             slow for the rate, writing was paused, or the host was asleep",
            left_out.length().as_secs_f64(),
            timestamp(gap.from),
            timestamp(gap.until),
        );
    }
}

fn report(step: Step) {
    match step {
        Step::Forward(by) => warn!("The host's clock was set forward by {:.1} s", by.as_secs_f64()),
        Step::Back(by) => warn!(
            "The host's clock was set back by {:.1} s; time stamps go on as they were",
            by.as_secs_f64()
        ),
    }
}
