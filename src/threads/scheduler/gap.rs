//! How the scheduler leaves out a span of time: it skips the hits one by one, or, if that would take too
//! long, begins another epoch after the span.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use indicatif::HumanCount;
use log::warn;

use super::SchedulerThread;
use crate::epoch::{Beginning, Prepared};
use crate::pace::{Gap, LeftOut};
use crate::pass_over::PassOver;
use crate::time::{SECOND, Time, timestamp};

/// How many hits are skipped between two looks at the clock.
const SKIPPED_AT_ONCE: u64 = 20_000;
/// A span that takes longer to skip is logged before it is skipped.
const SAID_FROM: Duration = Duration::from_millis(100);
/// How often to check, before another epoch, whether all lines are written.
const DRAIN_STEP: Duration = Duration::from_millis(5);
/// An epoch starts at a full millisecond, so that its start is short to repeat.
const START_STEP: Time = SECOND / 1000;

/// How a span was left out.
enum Passed {
    /// Hit by hit; how many were skipped.
    Over(u64),
    /// Not at all, because skipping would have taken this long.
    GivenUp(Duration),
}

impl SchedulerThread {
    /// Leaves out a span and logs that: afterwards, and also before if it takes long.
    pub(super) fn leave_out(&mut self, gap: Gap) {
        let about = self.status.target().lines(gap.from, gap.until);
        let (from, until) = (timestamp(gap.from), timestamp(gap.until));
        self.status.passing_over(Some(format!(
            "about {} lines from {from} to {until} are passed over",
            HumanCount(about)
        )));
        match self.pass_over(gap, about) {
            Passed::Over(lines) => {
                self.left_out(gap, lines);
                self.record();
                warn!(
                    "{} the {} lines from {from} to {until} are left out. {CAUSES}",
                    late(gap),
                    HumanCount(lines),
                );
            }
            Passed::GivenUp(would_take) => {
                warn!(
                    "{} about {} lines from {from} to {until} are left out, and to pass over them would \
                     take {:.1} s: the stream begins anew at the present. {CAUSES}",
                    late(gap),
                    HumanCount(about),
                    would_take.as_secs_f64(),
                );
                self.begin_anew(gap);
            }
        }
        self.status.passing_over(None);
    }

    fn pass_over(&mut self, gap: Gap, about: u64) -> Passed {
        let began = Instant::now();
        let span = PassOver { from: self.stream.next_time(), until: gap.until };
        let mut lines = 0;
        let mut said = false;
        loop {
            lines += self.stream.skip(gap.until, SKIPPED_AT_ONCE);
            let reached = self.stream.next_time();
            if reached > gap.until {
                return Passed::Over(lines);
            }
            let elapsed = began.elapsed();
            let expected = span.expected(elapsed, reached);
            if span.takes_too_long(elapsed, reached) {
                return Passed::GivenUp(expected);
            }
            if !said && expected >= SAID_FROM {
                said = true;
                warn!(
                    "{} about {} lines are passed over, which takes {:.1} s",
                    late(gap),
                    HumanCount(about),
                    expected.as_secs_f64(),
                );
            }
        }
    }

    /// Ends the epoch, and begins another one at the present.
    fn begin_anew(&mut self, gap: Gap) {
        if !self.drain() {
            return;
        }
        let now = self.now();
        let start = (now / START_STEP * START_STEP).max(gap.until / START_STEP * START_STEP);
        let gap = Gap { until: start.max(gap.from), ..gap };
        self.left_out(gap, self.status.target().lines(gap.from, gap.until));
        let epoch = self.epoch.beginning.following(start, self.emitted);
        if self.begin(epoch) {
            warn!(
                "Another epoch of the run has begun: its stream has the seed {} and starts at {}{}",
                epoch.seed,
                epoch.started(),
                if self.status.run().output_directory.is_some() {
                    "; run.json records both"
                } else {
                    ""
                },
            );
        }
    }

    /// Begins an epoch of the same site once all lines of the previous one are written, so that its record is final.
    /// Returns false if the stop came first.
    pub(super) fn begin(&mut self, beginning: Beginning) -> bool {
        if !self.drain() {
            return false;
        }
        let before = Arc::clone(&self.epoch);
        if self.orders.last_turn > 0 {
            // What was told has changed visits and tables, and is over.
            let prepared = Prepared::new(Arc::new(before.config.settled()), before.shard);
            return self.begin_prepared(prepared, beginning);
        }
        let config = &before.config;
        self.stream.begin_anew(config, beginning.seed, beginning.start, before.shard);
        self.enter(before.from(beginning));
        true
    }

    /// Waits until all lines that were sent are written. Returns false if the stop came first.
    pub(super) fn drain(&self) -> bool {
        while self.status.lines() < self.emitted {
            if self.stop.wait_until(Instant::now() + DRAIN_STEP) {
                return false;
            }
        }
        true
    }

    fn left_out(&mut self, gap: Gap, lines: u64) {
        self.pace.left_out(gap);
        self.status.left_out(LeftOut { after_line: self.emitted, lines, gap });
        self.tell();
    }

    /// Waits until the gap is in the record. If the run is killed later, the lines left out must not look lost.
    pub(super) fn record(&self) {
        let (written, is_written) = bounded(1);
        if self.record_now.send(written).is_ok() {
            // If the recorder has died, it has logged why.
            let _ = is_written.recv();
        }
    }
}

/// The possible reasons for leaving out spans, for a message.
const CAUSES: &str = "The machine or its disk is too slow for the rate, writing was paused, the host was \
                      asleep, or its clock was set forward";

fn late(gap: Gap) -> String {
    let seconds = LeftOut { after_line: 0, lines: 0, gap }.length().as_secs_f64();
    format!(
        "Gap: the log is {seconds:.1} s behind the clock, more than output.burst_seconds may make up for;"
    )
}

#[cfg(test)]
mod tests {
    use std::thread::{self, JoinHandle};

    use crossbeam_channel::{Receiver, bounded};

    use super::*;
    use crate::clock::Clock;
    use crate::config::steering::{Act, TimedAct};
    use crate::config::{Config, TrafficPattern};
    use crate::end::End;

    use crate::log_id::LogId;
    use crate::orders::OrderBook;
    use crate::pace::Pace;
    use crate::pause::Pause;
    use crate::retry::Retry;
    use crate::run_record::acts::ActInForce;
    use crate::shard::Shard;
    use crate::status::{RunFacts, Status};
    use crate::stop::Stop;
    use crate::stream::Stream;

    /// A live run at 100 lines a second times 1,000, whose clock shows `late` more than its stream has
    /// reached; and a recorder that keeps what is in the record each time.
    fn scheduler(late: Time) -> (SchedulerThread, JoinHandle<Vec<(u64, u64)>>) {
        scheduler_of(Config::default(), late)
    }

    fn scheduler_of(
        mut config: Config,
        late: Time,
    ) -> (SchedulerThread, JoinHandle<Vec<(u64, u64)>>) {
        config.output.rate = 100_000.0;
        config.traffic_pattern = TrafficPattern::every_day([1.0; 24]);
        let (clock, shard) = (Clock::start(), Shard::WHOLE);
        let start = clock.at(Instant::now()) / START_STEP * START_STEP - late;
        let status = Arc::new(Status::new(RunFacts::new(&config, 7, timestamp(start), shard)));
        let (record_now, asked) = bounded(1);
        let recorder = thread::spawn({
            let status = Arc::clone(&status);
            move || record(&asked, &status)
        });
        let prepared = Prepared::new(Arc::new(config), shard);
        let (epoch, stream) = prepared.begin(Beginning::first(7, start));
        let (hits, _) = bounded(1);
        let (_, used_hits) = bounded(1);
        let (rest, _) = bounded(1);
        let (_, orders) = bounded(1);
        let scheduler = SchedulerThread {
            stream,
            epoch: Arc::new(epoch),
            clock,
            pace: Pace::new(start, 2.0).beginning_at(start),
            end: End::new(u64::MAX, Time::MAX),
            replay: None,
            waits: true,
            retry: Retry::Forever,
            stop: Stop::default(),
            pause: Pause::default(),
            status,
            record_now,
            hits,
            used_hits,
            rest,
            emitted: 0,
            orders: OrderBook::new(orders),
        };
        (scheduler, recorder)
    }

    /// Epochs and gaps, each time that the record is asked for.
    fn record(asked: &Receiver<crossbeam_channel::Sender<()>>, status: &Status) -> Vec<(u64, u64)> {
        let mut recorded = Vec::new();
        for written in asked {
            recorded.push((status.epochs(), status.gaps()));
            written.send(()).unwrap();
        }
        recorded
    }

    /// Leaves out what the scheduler is late with.
    fn leave_out(scheduler: &mut SchedulerThread) -> Gap {
        let (now, _) = scheduler.clock.now();
        let gap = scheduler.pace.gap(now, scheduler.stream.next_time()).unwrap();
        scheduler.leave_out(gap);
        gap
    }

    #[test]
    fn a_short_span_is_passed_over_and_the_stream_goes_on_behind_it() {
        let (mut scheduler, recorder) = scheduler(3 * SECOND);
        let gap = leave_out(&mut scheduler);
        let status = Arc::clone(&scheduler.status);
        assert_eq!((status.epochs(), status.gaps(), status.epoch().seed), (1, 1, 7));
        let lines = status.gap_lines();
        // The span ends at the present, which has gone on since the scheduler was made.
        let due = (gap.until - status.epoch().start) * 100_000 / SECOND;
        assert!(lines.abs_diff(due) <= 10_000, "{lines}, not about {due}");
        let mut same = Stream::new(&scheduler.epoch.config, 7, status.epoch().start);
        assert_eq!(same.skip(gap.until, u64::MAX), lines);
        assert_eq!(scheduler.stream.next_hit(), same.next_hit());
        drop(scheduler);
        assert_eq!(recorder.join().unwrap(), [(1, 1)]);
    }

    #[test]
    fn a_span_that_would_take_too_long_ends_the_epoch_and_is_counted_without_being_made() {
        const YEARS: Time = 10 * 365 * 86_400 * SECOND;
        let (mut scheduler, recorder) = scheduler(YEARS);
        let gap = leave_out(&mut scheduler);
        let status = Arc::clone(&scheduler.status);
        assert_eq!((status.epochs(), status.gaps()), (2, 1));
        let share = status.gap_lines() as f64 / (YEARS / SECOND) as f64 / 100_000.0;
        assert!((0.999..=1.001).contains(&share), "{share}");
        let epoch = status.epoch();
        assert!(epoch.start >= gap.until / START_STEP * START_STEP && epoch.after_line == 0);
        let mut same = Stream::new(&scheduler.epoch.config, epoch.seed, epoch.start);
        assert_eq!(scheduler.stream.next_hit(), same.next_hit());
        assert!(status.is_healthy(Instant::now()), "what was passed over is behind it");
        drop(scheduler);
        assert_eq!(recorder.join().unwrap(), [(2, 1)]);
    }

    #[test]
    fn what_an_epoch_was_told_is_over_when_another_begins() {
        let yaml =
            "{profile: shop, scenario: [{kind: server_errors, at: on demand, for: 30d, share: 1}]}";
        let (mut scheduler, _recorder) =
            scheduler_of(Config::from_yaml(yaml).unwrap(), 86_400 * SECOND);
        let (act, at) =
            (Act::Start("server_errors".to_owned()), scheduler.epoch.beginning.start + SECOND);
        let config = Arc::new(scheduler.epoch.config.after(&act, at).unwrap());
        scheduler.bring_into_force(ActInForce { told: TimedAct { at, act }, config });
        leave_out(&mut scheduler);
        let (epoch, config) = (scheduler.status.epoch(), Arc::clone(&scheduler.epoch.config));
        assert_eq!((scheduler.status.epochs(), config.settled()), (2, (*config).clone()));
        let mut same = Stream::new(&config, epoch.seed, epoch.start);
        assert!((0..2_000).all(|_| scheduler.stream.next_hit() == same.next_hit()));
    }

    #[test]
    fn what_a_jump_passes_over_goes_no_further_than_the_run() {
        const YEARS: Time = 10 * 365 * 86_400 * SECOND;
        let (mut scheduler, recorder) = scheduler(YEARS);
        let end = scheduler.status.epoch().start + 6 * SECOND;
        scheduler.end = End::new(u64::MAX, end);
        let now = scheduler.now();
        let gap = scheduler.pace.gap(now, scheduler.stream.next_time()).unwrap();
        scheduler.leave_out(gap);
        let status = Arc::clone(&scheduler.status);
        let lines = status.gap_lines();
        assert!(lines.abs_diff(600_000) <= 10_000, "{lines}");
        assert_eq!((status.gaps(), scheduler.pace.reached()), (1, end));
        drop(scheduler);
        recorder.join().unwrap();
    }

    #[test]
    fn another_epoch_waits_for_the_lines_of_the_one_before() {
        let (mut scheduler, _recorder) = scheduler(0);
        scheduler.emitted = 10;
        let writer = thread::spawn({
            let status = Arc::clone(&scheduler.status);
            move || {
                for _ in 0..10 {
                    assert_eq!(status.epochs(), 1);
                    status.wrote(LogId::ACCESS, 1, 200);
                }
            }
        });
        let next = scheduler.status.epoch().following(scheduler.status.epoch().start + SECOND, 10);
        assert!(scheduler.begin(next));
        assert_eq!((scheduler.status.lines(), scheduler.status.epoch()), (10, next));
        writer.join().unwrap();
        scheduler.emitted = 11;
        scheduler.stop.request();
        assert!(!scheduler.begin(next), "the stop ends the waiting");
    }
}
