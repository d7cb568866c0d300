//! From a command line to an exit status: what happens before the first line and after the last.
//!
//! The order is a promise. The configuration is read before anything is touched, the port is taken
//! before any file, and the files are locked and open before the stream begins.

mod endpoints;
mod messages;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use log::{error, info, warn};

use crate::cli::Arguments;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::print::to_yaml;
use crate::config::source::{self, Loaded};
use crate::end::End;
use crate::error::{Error, Result};
use crate::exit_status;
use crate::files::LogFiles;
use crate::format::{Formatter, Tables};
use crate::health_check::{self, Probe, Url};
use crate::moment::Moment;
use crate::output::{self, bar};
use crate::pace::Pace;
use crate::pipeline::{self, Parts};
use crate::progress::{Goal, Progress};
use crate::run_record::RunRecord;
use crate::run_record::file::RecordFile;
use crate::service_manager::ServiceManager;
use crate::status::{Run, Status};
use crate::stop::Stop;
use crate::stream::{SECOND, Stream, Time, time, timestamp};
use crate::summary::Summary;
use crate::system_log::SystemLog;
use crate::threads::progress::Shown;
use crate::threads::signals::SignalsThread;

/// Formatters where `--workers` says nothing, at the most: the scheduler cannot feed more.
const MOST_WORKERS: usize = 4;
/// The first instant of the year 2500: time stamps of 64 bits last a little longer.
const LAST: Time = 16_725_225_600 * SECOND;
/// Start times are cut to the millisecond, so that they are short to repeat.
const START_STEP: Time = 1_000_000;

/// Runs a command line.
pub fn run(arguments: &Arguments) -> ExitCode {
    let started = Instant::now();
    if let Some(Probe::Url(url)) = &arguments.health_check {
        return health_check::ask(Ok(url.clone()));
    }
    let loaded = match source::load(arguments, &|name| std::env::var_os(name)) {
        Ok(loaded) => loaded,
        Err(errors) => {
            output::complain(errors);
            return ExitCode::from(exit_status::CONFIG);
        }
    };
    if arguments.check {
        for warning in &loaded.warnings {
            output::complain(format_args!("{warning} (a warning)"));
        }
        return output::print(format_args!("{}: the configuration is right\n", loaded.source));
    }
    if arguments.print_config {
        return output::print(to_yaml(&loaded.config));
    }
    if arguments.health_check.is_some() {
        return health_check::ask(Url::of(&loaded.config));
    }
    // Before anything is touched.
    let now = Clock::start().now().0;
    if let Err(error) = until(arguments, &loaded.config, start(arguments, &loaded.config, now), now)
    {
        output::complain(error);
        return ExitCode::from(exit_status::USAGE);
    }
    match generate(arguments, loaded, started) {
        Ok(status) => status,
        Err(error) => {
            error!("{error}");
            ExitCode::from(exit_status::FAILED)
        }
    }
}

/// Generates, from the first message to the last line, and prints the summary that is asked for.
fn generate(arguments: &Arguments, loaded: Loaded, started: Instant) -> Result<ExitCode> {
    let (config, shard) = (loaded.config.clone(), loaded.shard);
    let debug = arguments.verbose || config.output.debug;
    let (system_log, messages) = SystemLog::install(arguments.quiet, debug)?;
    system_log.set_timezone(config.output.timezone.clone());
    messages::tell_source(&loaded);

    let stop = Stop::default();
    let signals = SignalsThread::catch(stop.clone())?;
    let needed = loaded.port_is_given && may_wait(arguments, &config, Clock::start().now().0);
    let http = endpoints::listen(config.output.health_check.as_ref(), needed)?;
    let (files, recovered) = LogFiles::open(&config.output)?;
    for recovered in recovered {
        warn!("{recovered}");
    }
    if config.output.log_rotation.is_some() {
        for path in files.never_rotated() {
            warn!("{} is a link or no regular file: it is not rotated", path.display());
        }
    }

    let mut clock = Clock::start();
    let (now, _) = clock.now();
    let start = start(arguments, &config, now);
    let until = until(arguments, &config, start, now)?;
    let seed = config.output.seed.unwrap_or_else(|| rand::random::<u32>().into());
    let run = Run::new(&config, seed, timestamp(start), shard);
    let status = Arc::new(Status::new(Run {
        waits: !arguments.no_wait,
        is_start_up_test: arguments.exit,
        started,
        ..run
    }));
    let earlier = RecordFile::of(&config.output.directory).read().unwrap_or_else(|error| {
        warn!("{error}; what it tells of the run before is lost");
        None
    });
    let record = RunRecord::new(&config, &status, earlier);
    info!("Starting log generation. Logs will be written to: {}", files.access_path().display());
    info!(
        "The stream can be repeated with this configuration and --seed {seed} --from {}{}",
        timestamp(start),
        shard.flag(),
    );
    if !arguments.no_wait && !arguments.exit {
        messages::tell_wait(start, now);
    }
    let stream = Stream::of_shard(&config, seed, start, shard);
    let tables = Arc::new(Tables::of_shard(&config, stream.site(), shard));
    let mut end =
        End::new(if arguments.exit { 0 } else { arguments.lines.unwrap_or(u64::MAX) }, until);
    if let Some(bytes) = arguments.bytes {
        end = end.within(bytes, Formatter::new(Arc::clone(&tables)));
    }
    let pace = Pace::new(start, config.output.burst_seconds);
    let pace = if arguments.no_wait { pace } else { pace.beginning_at(now) };
    let goal = Goal {
        lines: arguments.lines,
        bytes: arguments.bytes,
        until: (until < LAST).then_some(until),
    };
    // Only what is long may be watched: what waits for the clock is as long as it is.
    let progress = (!arguments.quiet && !pace.is_live()).then(|| {
        let shown = if bar::is_wanted() { Shown::Bar } else { Shown::Messages };
        (Progress::new(goal, start, Instant::now()), shown)
    });
    let result = pipeline::run(Parts {
        tables,
        stream,
        files,
        rotation: config.output.log_rotation.clone(),
        disk_monitor: config.output.disk_monitor.clone(),
        http,
        signals: Some(signals),
        clock,
        pace,
        end,
        record,
        waits: !arguments.no_wait,
        workers: workers(arguments),
        status: Arc::clone(&status),
        stop,
        messages,
        progress,
        service_manager: service_manager(),
    });
    let printed = match arguments.summary {
        Some(form) => output::print(Summary::new(&status, Instant::now()).print(form)),
        None => ExitCode::from(exit_status::DONE),
    };
    result.map(|()| printed)
}

/// The service manager that wants to be told of this run, if one does.
fn service_manager() -> Option<ServiceManager> {
    let found = ServiceManager::of(std::process::id(), |name| std::env::var_os(name));
    found.unwrap_or_else(|error| {
        warn!("{error}; whoever started this is not told how it is doing");
        None
    })
}

/// Where the stream starts: at `--from`, or the pre-warm's time before `now`.
fn start(arguments: &Arguments, config: &Config, now: Time) -> Time {
    match arguments.from {
        Some(from) => instant(from, config, now),
        None => {
            let start = now - config.output.pre_warm.as_nanos() as Time;
            start / START_STEP * START_STEP
        }
    }
}

/// The first instant that is not in the run.
///
/// # Errors
/// `--until` is not behind the start.
fn until(arguments: &Arguments, config: &Config, start: Time, now: Time) -> Result<Time> {
    let length = arguments
        .duration
        .map_or(Time::MAX, |duration| Time::try_from(duration.as_nanos()).unwrap_or(Time::MAX));
    // Who does not wait would never end.
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

/// Whether the run waits for the clock, as far as that can be known before it begins.
fn may_wait(arguments: &Arguments, config: &Config, now: Time) -> bool {
    let start = start(arguments, config, now);
    !arguments.no_wait && until(arguments, config, start, now).is_ok_and(|until| until > now)
}

/// What a moment on the command line means in a run that starts at `now`.
fn instant(moment: Moment, config: &Config, now: Time) -> Time {
    time(moment.resolve(timestamp(now), &config.output.timezone))
}

fn workers(arguments: &Arguments) -> usize {
    // The scheduler keeps a core busy when running flat out.
    let spare = std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1);
    arguments.workers.unwrap_or(spare.clamp(1, MOST_WORKERS))
}
