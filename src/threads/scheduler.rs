//! The scheduler thread: owns the stream, and lets its hits go when they are due. The only thread
//! that watches for the stop; when it ends, the channel behind it closes and the others drain.

mod gap;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use log::warn;

use super::HitBatch;
use crate::clock::{Clock, ClockStep};
use crate::end::End;
use crate::epoch::Epoch;
use crate::error::{Error, Result};
use crate::pace::Pace;
use crate::pause::Pause;
use crate::replay::{Behind, Next, Replay};
use crate::rest::Rest;
use crate::retry::Retry;
use crate::status::{Queue, Status};
use crate::stop::Stop;
use crate::stream::{Hit, Stream};
use crate::time::{SECOND, Time};

/// Hits in a full batch: half a megabyte of lines, which fits a core's own cache.
const FULL_BATCH: usize = 2048;
/// The shortest time between two batches that are not full: 40 ms. A line reaches its file this late
/// at most (50 ms are promised), and the threads wake no more often than that.
const QUIET: Time = SECOND / 1000 * 40;
/// The clock is looked at this often also where no line is due: it may be set.
const LOOK: Time = SECOND;
/// How often a pause is looked at whether it has ended.
const PAUSE_STEP: Duration = Duration::from_millis(100);

/// What the scheduler works with.
pub struct SchedulerThread {
    /// What is written.
    pub stream: Stream,
    /// The epoch that it is in.
    pub epoch: Arc<Epoch>,
    /// When.
    pub clock: Clock,
    /// How it keeps up.
    pub pace: Pace,
    /// Where the run ends.
    pub end: End,
    /// The run that is made again, if it is one.
    pub replay: Option<Replay>,
    /// Whether it waits for the clock. If not, all up to the end is due at once.
    pub waits: bool,
    /// How long a pause may last.
    pub retry: Retry,
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
    /// Where the memory of used hits comes back.
    pub used_hits: Receiver<Vec<Hit>>,
    /// Where it leaves what was not written, at the end.
    pub rest: Sender<Rest>,
    /// How many hits it has let go: 0.
    pub emitted: u64,
}

impl SchedulerThread {
    /// Runs to the end or to the stop, or until the hits are not taken any more.
    ///
    /// # Errors
    /// Writing was paused for longer than the run puts up with.
    pub fn run(mut self) -> Result<()> {
        let result = self.emit();
        self.status.set_stopping();
        // It may have waited for the writer since the stop.
        let since_the_stop = self.stop.age().map_or(0, |age| age.as_nanos() as Time);
        let now = self.present().saturating_sub(since_the_stop).min(self.end.time());
        let behind = self.pace.gap(now, self.stream.next_time()).is_some();
        let came_to = self.came_to(now);
        let Self { stream, end, emitted, waits, rest, pace, .. } = self;
        let due = waits.then(|| now.min(end.time().saturating_sub(1)));
        let let_go = pace.reached();
        let is_owed = result.is_err() || (waits && behind);
        // A writer that is gone has died, and says so itself.
        let _ = rest.send(Rest { stream, end, emitted, due, is_owed, let_go, came_to });
        result
    }

    /// Where the run ends that ends now. One that was full, or was stopped before it had caught up with the
    /// clock, ends with its last line.
    fn came_to(&self, now: Time) -> Option<Time> {
        let is_up_to_now = self.pace.is_live() || (!self.waits && !self.stop.requested());
        (is_up_to_now && self.replay.is_none() && !self.end.is_full())
            .then(|| now.min(self.end.time().saturating_sub(1)))
            .filter(|time| *time > self.pace.reached() && *time < Time::MAX)
    }

    fn emit(&mut self) -> Result<()> {
        let mut sequence = 0;
        self.tell();
        while !self.stop.requested() {
            let now = self.now();
            if self.pause.is_on() && self.end.is_full() {
                return Ok(());
            }
            if self.pause.is_on() {
                self.sit_out(now)?;
                continue;
            }
            if self.replay.is_none()
                && let Some(gap) = self.pace.gap(now, self.stream.next_time())
            {
                self.leave_out(gap);
                continue;
            }
            let limit = self.follow().min(self.end.limit(FULL_BATCH));
            match self.emit_batch(now, limit, &mut sequence) {
                Emitted::Full => continue,
                Emitted::AllThatIsDue => {}
                Emitted::ToNobody => return Ok(()),
            }
            let next = self.stream.next_time();
            if self.end.is_full() || (next >= self.end.time() && now >= self.end.time()) {
                return Ok(());
            }
            let wake = wake(now, next).min(self.end.time());
            self.stop.wait_until(self.clock.instant_of(wake));
        }
        Ok(())
    }

    /// Lets at most so many hits go that are due `now`, as one batch; none is no batch, unless the stream meets
    /// the wall clock with it.
    fn emit_batch(&mut self, now: Time, limit: usize, sequence: &mut u64) -> Emitted {
        let mut hits = self.used_hits.try_recv().unwrap_or_default();
        let due = self.pace.due(now, self.stream.next_time());
        let live = self.fill(due, limit, &mut hits);
        if hits.is_empty() && !live {
            return Emitted::AllThatIsDue;
        }
        let emitted = if hits.len() == limit { Emitted::Full } else { Emitted::AllThatIsDue };
        self.emitted += hits.len() as u64;
        self.tell();
        let batch = HitBatch {
            epoch: Arc::clone(&self.epoch),
            sequence: *sequence,
            hits,
            reached: self.pace.reached(),
            sent: Some(Instant::now()),
            live,
        };
        *sequence += 1;
        if self.hits.send(batch).is_err() {
            return Emitted::ToNobody;
        }
        self.status.engine().waiting(Queue::Hits, self.hits.len());
        emitted
    }

    /// Waits a moment of a pause.
    ///
    /// # Errors
    /// The pause takes longer than the run puts up with.
    fn sit_out(&self, now: Time) -> Result<()> {
        let paused = self.pause.length();
        if self.retry.is_over(paused, now) {
            let cause = format!(
                "there has been no room for {:.1} s; --retry says for how long it waits",
                paused.as_secs_f64()
            );
            let directory = &self.status.run().output_directory;
            return Err(Error::new("write to", directory.display(), cause));
        }
        self.stop.wait_until(Instant::now() + PAUSE_STEP);
        Ok(())
    }

    /// Tells how far the stream has come.
    fn tell(&self) {
        let (next, live) = (self.stream.next_time(), self.stream.live_sessions());
        self.status.engine().scheduled(self.emitted, next, live);
    }

    /// Up to when lines are due: no further than the run goes.
    fn now(&mut self) -> Time {
        self.present().min(self.end.time())
    }

    /// What the clock says; of a run that does not wait for it, its end.
    fn present(&mut self) -> Time {
        let (now, step) = self.clock.now();
        if let Some(step) = step {
            report(step);
        }
        if self.waits { now } else { self.end.time() }
    }

    /// Does what comes before the next line of a run that is made again, and says how many lines may follow.
    fn follow(&mut self) -> usize {
        while let Some(replay) = &mut self.replay {
            match replay.next(self.emitted) {
                Next::Lines(lines) => return usize::try_from(lines).unwrap_or(usize::MAX),
                Next::Gap(left_out, behind) => {
                    if behind == Behind::Lines {
                        self.stream.skip(Time::MAX, left_out.lines);
                    }
                    self.status.left_out(left_out);
                }
                Next::Epoch(epoch) => {
                    if !self.begin(epoch) {
                        return 0;
                    }
                }
                Next::End => return 0,
            }
        }
        usize::MAX
    }

    /// Fills `hits` with at most so many up to `due`. True if the stream meets the wall clock with them.
    fn fill(&mut self, due: Time, limit: usize, hits: &mut Vec<Hit>) -> bool {
        hits.clear();
        let due = due.min(self.end.time().saturating_sub(1));
        self.stream.fill(due, limit, hits);
        self.end.count(hits);
        match hits.last() {
            Some(last) if hits.len() == limit || self.end.is_full() => {
                self.pace.wrote(last.time, false)
            }
            None if self.end.is_full() => false,
            _ => self.pace.wrote(due, true),
        }
    }
}

/// What became of a batch.
enum Emitted {
    /// It was as large as it may be: more may be due.
    Full,
    /// All that is due is let go.
    AllThatIsDue,
    /// The formatters have ended.
    ToNobody,
}

/// When the scheduler looks again, if the next line is due at `next`.
fn wake(now: Time, next: Time) -> Time {
    next.clamp(now + QUIET, now + LOOK)
}

fn report(step: ClockStep) {
    match step {
        ClockStep::Forward(by) => {
            warn!("The host's clock was set forward by {:.1} s", by.as_secs_f64())
        }
        ClockStep::Back(by) => warn!(
            "The host's clock was set back by {:.1} s; time stamps go on as they were",
            by.as_secs_f64()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_looked_at_within_a_second_however_far_the_next_line_is() {
        let now = 1_793_491_200 * SECOND;
        assert_eq!(wake(now, now), now + QUIET);
        assert_eq!(wake(now, now + SECOND / 2), now + SECOND / 2);
        assert_eq!(wake(now, Time::MAX), now + SECOND);
    }
}
