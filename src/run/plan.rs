//! The plan of a run: where its stream starts, where it ends, and whether it waits. It is made from the
//! command line, the configuration and the time, or from the record of the run to repeat. Nothing is
//! touched here.

use std::sync::Arc;

use crate::cli::Arguments;
use crate::config::Config;
use crate::end::End;
use crate::epoch::Beginning;
use crate::error::{Error, Result};
use crate::format::Logs;
use crate::moment::Moment;
use crate::pace::Pace;
use crate::progress::Goal;
use crate::replay::Replay;
use crate::retry::Retry;
use crate::run_record::RunRecord;
use crate::time::{SECOND, Time, time, timestamp};

/// The first instant of the year 2500. Timestamps of 64 bits last a little longer.
const LAST: Time = 16_725_225_600 * SECOND;
/// Start times are cut to the millisecond, so that they are short to repeat.
const START_STEP: Time = SECOND / 1000;

/// What a run will write.
#[derive(Debug)]
pub struct RunPlan {
    /// The seed of the stream, and where it starts.
    pub beginning: Beginning,
    /// Whether the run waits for the clock.
    pub waits: bool,
    /// How long the run tolerates a disk that accepts nothing.
    pub retry: Retry,
    /// The recorded run to make again; `None` for a new run.
    pub replay: Option<Replay>,
    /// The first instant after the run.
    until: Time,
    lines: Option<u64>,
    bytes: Option<u64>,
    /// When the run begins, by the clock.
    now: Time,
}

impl RunPlan {
    /// The plan of a command line at `now`, or of the record of the run to make again.
    ///
    /// # Errors
    /// As [`RunPlan::new`], or lines would be compressed on their way to standard output.
    pub fn of(
        arguments: &Arguments,
        config: &Config,
        record: Option<&RunRecord>,
        now: Time,
    ) -> Result<Self> {
        refuse_to_print_members(arguments, config)?;
        match record {
            Some(record) => Self::repeating(arguments, config, record.clone(), now),
            None => Self::new(arguments, config, now, || rand::random::<u32>().into()),
        }
    }

    /// The plan of a command line at `now`. `draw` draws a seed if none is configured.
    ///
    /// # Errors
    /// `--until` is not after the start, or the logs of a run that waits are to be compressed: its lines
    /// would wait for a member to be full, or make members of a few lines each.
    fn new(
        arguments: &Arguments,
        config: &Config,
        now: Time,
        draw: impl FnOnce() -> u64,
    ) -> Result<Self> {
        let start = start(arguments, config, now);
        let until = until(arguments, config, start, now)?;
        let waits = !arguments.no_wait;
        if waits && arguments.compress.is_some() {
            let cause = "this run waits for the clock; add --no-wait, or leave --compress out: rotated files \
                         are compressed by output.log_rotation.compress";
            return Err(Error::new("compress", "the logs as they are written", cause));
        }
        let lines = if arguments.exit { Some(0) } else { arguments.lines };
        let last = (until < LAST).then_some(until);
        let ends = last.is_some() || lines.is_some() || arguments.bytes.is_some();
        Ok(Self {
            beginning: Beginning::first(config.output.seed.unwrap_or_else(draw), start),
            waits,
            retry: arguments.retry.unwrap_or_else(|| Retry::usual(ends, last, waits, now)),
            replay: None,
            until,
            lines,
            bytes: arguments.bytes,
            now,
        })
    }

    /// The plan to repeat a recorded run, whose lines go where `config` says.
    fn repeating(
        arguments: &Arguments,
        config: &Config,
        record: RunRecord,
        now: Time,
    ) -> Result<Self> {
        let replay = Replay::of(record, &config.output)
            .map_err(|error| Error::new("repeat", "the recorded run", error))?;
        Ok(Self {
            beginning: replay.first().beginning,
            waits: false,
            retry: arguments.retry.unwrap_or_else(|| Retry::usual(true, None, false, now)),
            until: LAST,
            lines: Some(replay.lines()),
            bytes: None,
            now,
            replay: Some(replay),
        })
    }

    /// Whether the run ever waits for the clock, as far as can be known before it begins.
    pub fn may_wait(&self) -> bool {
        self.waits && self.until > self.now
    }

    /// The span whose lines are written without waiting, if its end is known: the past, or all of a run
    /// that never waits.
    pub fn past(&self) -> Option<(Time, Time)> {
        let end = if self.waits { self.until.min(self.now) } else { self.until };
        let is_known = self.lines.is_none() && self.bytes.is_none() && end < LAST;
        (is_known && end > self.beginning.start).then_some((self.beginning.start, end))
    }

    /// The end of the run. For an end after a number of bytes, `logs` say how long lines are.
    pub fn end(&self, logs: &Arc<Logs>) -> End {
        let end = End::new(self.lines.unwrap_or(u64::MAX), self.until);
        match self.bytes {
            Some(bytes) => end.within(bytes, Arc::clone(logs)),
            None => end,
        }
    }

    /// The first instant after the run, or, if no time ends it, one that none reaches.
    pub fn until(&self) -> Time {
        self.until
    }

    /// How the run keeps up with the clock.
    pub fn pace(&self, config: &Config) -> Pace {
        let pace = Pace::new(self.beginning.start, config.output.burst());
        if self.waits { pace.beginning_at(self.now) } else { pace }
    }

    /// What the progress of the run is measured by.
    pub fn goal(&self) -> Goal {
        let until = (self.until < LAST).then_some(self.until);
        Goal { lines: self.lines, bytes: self.bytes, until }
    }
}

/// Only files are compressed as they are written.
fn refuse_to_print_members(arguments: &Arguments, config: &Config) -> Result<()> {
    if arguments.compress.is_none() || !config.output.destination.has_stdout() {
        return Ok(());
    }
    let cause = "--compress is for files; leave it out, and pipe the lines through gzip";
    Err(Error::new("compress", "standard output", cause))
}

/// When the stream starts: at `--from`, or the pre-warm time before `now`.
fn start(arguments: &Arguments, config: &Config, now: Time) -> Time {
    match arguments.from {
        Some(from) => instant(from, config, now),
        None => {
            let start = now - config.output.pre_warm.as_nanos() as Time;
            start / START_STEP * START_STEP
        }
    }
}

/// The first instant after the run.
fn until(arguments: &Arguments, config: &Config, start: Time, now: Time) -> Result<Time> {
    let length = arguments
        .duration
        .map_or(Time::MAX, |duration| Time::try_from(duration.as_nanos()).unwrap_or(Time::MAX));
    // A run that does not wait would never end otherwise.
    let last = if arguments.no_wait { LAST } else { Time::MAX };
    let end = start.saturating_add(length).min(last.max(start));
    let Some(until) = arguments.until else { return Ok(end) };
    let until = instant(until, config, now);
    if until <= start {
        let cause = format!("the run starts at {}; name a later time", timestamp(start));
        return Err(Error::new("run until", timestamp(until), cause));
    }
    Ok(end.min(until))
}

/// The time that a moment on the command line means for a run that starts at `now`.
fn instant(moment: Moment, config: &Config, now: Time) -> Time {
    time(moment.resolve(timestamp(now), &config.output.timezone))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::codec::Codec;

    const NOW: Time = 1_793_491_200 * SECOND + 1_234_567;

    fn plan(change: impl FnOnce(&mut Arguments)) -> RunPlan {
        let mut arguments = Arguments::default();
        change(&mut arguments);
        RunPlan::new(&arguments, &Config::default(), NOW, || 7).unwrap()
    }

    #[test]
    fn a_run_without_end_is_one_that_nothing_was_said_of() {
        assert_eq!(plan(|_| {}).retry, Retry::Forever);
        assert_eq!(plan(|to| to.no_wait = true).retry, Retry::Forever);
        let minute = Some(Duration::from_secs(60));
        let end = plan(|to| to.duration = minute).retry;
        assert_eq!(end, Retry::Until(plan(|_| {}).beginning.start + 60 * SECOND));
        for plan in [
            plan(|to| to.lines = Some(5)),
            plan(|to| to.bytes = Some(5)),
            plan(|to| (to.no_wait, to.duration) = (true, minute)),
        ] {
            assert_eq!(plan.retry, Retry::For(crate::retry::USUAL));
        }
        let said = plan(|to| to.retry = Some(Retry::For(Duration::from_secs(3))));
        assert_eq!(said.retry, Retry::For(Duration::from_secs(3)));
    }

    #[test]
    fn the_logs_of_a_run_that_waits_are_not_compressed_as_they_are_written() {
        let compress = Some(Codec::Gzip);
        assert!(!plan(|to| (to.compress, to.no_wait) = (compress, true)).waits);
        let waiting = Arguments { compress, ..Arguments::default() };
        let error = RunPlan::new(&waiting, &Config::default(), NOW, || 7).unwrap_err().to_string();
        assert!(error.contains("add --no-wait"), "{error}");
    }

    #[test]
    fn what_goes_to_standard_output_is_not_compressed() {
        let arguments =
            Arguments { compress: Some(Codec::Gzip), no_wait: true, ..Arguments::default() };
        let mut config = Config::default();
        assert!(RunPlan::of(&arguments, &config, None, NOW).is_ok());
        config.output.destination = crate::config::Destination::Both;
        let error = RunPlan::of(&arguments, &config, None, NOW).unwrap_err().to_string();
        assert!(error.contains("--compress is for files"), "{error}");
    }

    #[test]
    fn a_start_that_is_not_named_is_cut_to_the_millisecond() {
        assert_eq!(plan(|_| {}).beginning, Beginning::first(7, NOW / START_STEP * START_STEP));
    }
}
