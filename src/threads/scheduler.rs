//! The scheduler thread owns the stream, and sends its hits when they are due. Only this thread watches
//! for the stop: when it ends, the channel to the formatters closes and the other threads drain.

mod gap;
mod steering;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use log::warn;

use super::HitBatch;
use crate::clock::{Clock, ClockStep};
use crate::end::End;
use crate::epoch::{ComingEpoch, Epoch};
use crate::error::{Error, Result};
use crate::orders::OrderBook;
use crate::pace::Pace;
use crate::pause::Pause;
use crate::replay::{Behind, Next, Replay};
use crate::rest::Rest;
use crate::retry::Retry;
use crate::status::{Queue, Status};
use crate::stop::Stop;
use crate::stream::{Hit, Stream};
use crate::time::{SECOND, Time};

/// The shortest time between two batches that are not full: 40 ms. It is the most that a line is late in
/// its file (50 ms are promised), and the threads wake no more often.
const QUIET: Time = SECOND / 1000 * 40;
/// The longest time between two looks at the clock, even if no line is due, because the clock may be set.
const LOOK: Time = SECOND;
/// How often to check whether a pause has ended.
const PAUSE_STEP: Duration = Duration::from_millis(100);

/// The state of the scheduler thread.
pub struct SchedulerThread {
    /// The stream whose hits are sent.
    pub stream: Stream,
    /// The epoch that the stream is in.
    pub epoch: Arc<Epoch>,
    /// The clock that hits wait for.
    pub clock: Clock,
    /// Decides which hits are due, and which to leave out.
    pub pace: Pace,
    /// The end of the run.
    pub end: End,
    /// The recorded run that this run makes again; `None` for a new run.
    pub replay: Option<Replay>,
    /// Whether the run waits for the clock. If not, everything up to the end is due at once.
    pub waits: bool,
    /// How long a pause may last.
    pub retry: Retry,
    /// The stop signal.
    pub stop: Stop,
    /// While this pause is on, no hit is sent.
    pub pause: Pause,
    /// What the run is asked to do.
    pub orders: OrderBook,
    /// Counts the gaps.
    pub status: Arc<Status>,
    /// Asks the recorder to write the record, and to reply when it is written.
    pub record_now: Sender<Sender<()>>,
    /// Takes the hits, for the formatters.
    pub hits: Sender<HitBatch>,
    /// Returns the memory of hits that were rendered, for reuse.
    pub used_hits: Receiver<Vec<Hit>>,
    /// Takes the [`Rest`] that was not written, at the end of the run.
    pub rest: Sender<Rest>,
    /// How many hits were sent. It begins with 0.
    pub emitted: u64,
}

impl SchedulerThread {
    /// Runs until the end, until the stop, or until the formatters take no more hits.
    ///
    /// # Errors
    /// Writing was paused for longer than the run tolerates.
    pub fn run(mut self) -> Result<()> {
        let result = self.emit();
        self.status.set_stopping();
        // The scheduler may have waited for the writer since the stop.
        let since_the_stop = self.stop.age().map_or(0, |age| age.as_nanos() as Time);
        let now = self.present().saturating_sub(since_the_stop).min(self.end.time());
        let behind = self.pace.gap(now, self.stream.next_time()).is_some();
        let came_to = self.came_to(now);
        let Self { stream, end, emitted, waits, rest, pace, .. } = self;
        let due = waits.then(|| now.min(end.time().saturating_sub(1)));
        let let_go = pace.reached();
        let is_owed = result.is_err() || (waits && behind);
        // A writer that is gone has died, and reports that itself.
        let _ = rest.send(Rest { stream, end, emitted, due, is_owed, let_go, came_to });
        result
    }

    /// The simulated end of a run that ends now. If the run reached its limit, or was stopped before it
    /// caught up with the clock, that is the time of its last line.
    fn came_to(&self, now: Time) -> Option<Time> {
        let is_up_to_now = self.pace.is_live() || (!self.waits && !self.stop.requested());
        (is_up_to_now && self.replay.is_none() && !self.end.is_full())
            .then(|| now.min(self.end.time().saturating_sub(1)))
            .filter(|time| *time > self.pace.reached() && *time < Time::MAX)
    }

    fn emit(&mut self) -> Result<()> {
        let mut sequence = 0;
        let told = self.replay.as_ref().map(|replay| replay.first().acts.clone());
        told.into_iter().flatten().for_each(|act| self.bring_into_force(act));
        self.tell();
        while !self.stop.requested() {
            let now = self.now();
            self.obey(now);
            if self.orders.held && now < self.end.time() {
                self.stop.wait_until(Instant::now() + PAUSE_STEP);
                continue;
            }
            let Some(now) = self.up_to_the_next_epoch(now) else { return Ok(()) };
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
            let limit = self.follow().min(self.end.limit(self.epoch.logs.full_batch()));
            match self.emit_batch(now, limit, &mut sequence) {
                Emitted::Full => continue,
                Emitted::AllThatIsDue => {}
                Emitted::ToNobody => return Ok(()),
            }
            let next = self.stream.next_time();
            if self.end.is_full() || (next >= self.end.time() && now >= self.end.time()) {
                return Ok(());
            }
            let coming = self.orders.coming.as_ref().map_or(Time::MAX, |coming| coming.at);
            let wake = wake(now, next).min(self.end.time()).min(coming);
            self.stop.wait_until(self.clock.instant_of(wake));
        }
        Ok(())
    }

    /// Sends up to `limit` hits that are due at `now`, as one batch. Without hits there is no batch,
    /// unless the stream catches up with the wall clock with it.
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
            sent: Instant::now(),
            live,
        };
        *sequence += 1;
        if self.hits.send(batch).is_err() {
            return Emitted::ToNobody;
        }
        self.status.engine().waiting(Queue::Hits, self.hits.len());
        emitted
    }

    /// Waits for one step of a pause.
    ///
    /// # Errors
    /// The pause takes longer than the run tolerates.
    fn sit_out(&self, now: Time) -> Result<()> {
        let paused = self.pause.length();
        if self.retry.is_over(paused, now) {
            let cause = format!(
                "there has been no room for {:.1} s; --retry says for how long it waits",
                paused.as_secs_f64()
            );
            let directory = self.status.run().output_directory.as_deref();
            let directory = directory.expect("a pause is for want of room in a directory");
            return Err(Error::new("write to", directory.display(), cause));
        }
        self.stop.wait_until(Instant::now() + PAUSE_STEP);
        Ok(())
    }

    /// Publishes how far the stream has come.
    fn tell(&self) {
        let (next, live) = (self.stream.next_time(), self.stream.live_sessions());
        self.status.engine().scheduled(self.emitted, next, live);
    }

    /// The time up to which lines are due, no later than the end of the run.
    fn now(&mut self) -> Time {
        self.present().min(self.end.time())
    }

    /// The time by the clock; for a run that does not wait, the end of the run.
    fn present(&mut self) -> Time {
        let (now, step) = self.clock.now();
        if let Some(step) = step {
            report(step);
        }
        if self.waits { now } else { self.end.time() }
    }

    /// Begins the epoch that is to come if all before it is done. Returns up to when the present one lasts, or `now`; `None` if
    /// the stop came first.
    fn up_to_the_next_epoch(&mut self, now: Time) -> Option<Time> {
        let Some(ComingEpoch { at, .. }) = self.orders.coming else { return Some(now) };
        if now < at {
            return Some(now);
        }
        if self.stream.next_time() < at {
            return Some(at - 1);
        }
        self.begin_coming().then_some(now)
    }

    /// In a run that repeats another: does what comes before the next line, and returns how many lines
    /// may follow.
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
                    if !self.repeat(*epoch) {
                        return 0;
                    }
                }
                Next::End => return 0,
            }
        }
        usize::MAX
    }

    /// Fills `hits` with at most `limit` hits up to `due`. Returns true if the stream catches up with
    /// the wall clock.
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
    /// The batch was full, so more hits may be due.
    Full,
    /// All hits that are due were sent.
    AllThatIsDue,
    /// The formatters have ended, and the batch was not taken.
    ToNobody,
}

/// When the scheduler wakes next if the next line is due at `next`.
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
