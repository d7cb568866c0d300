//! From a command line to an exit status: what happens before the first line and after the last.
//!
//! The order is a promise. The configuration is read before anything is touched, the port is taken
//! before any file, and the files are locked and open before the stream begins.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use log::{error, info, warn};

use crate::cli::Arguments;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::print::to_yaml;
use crate::config::source::{self, Loaded};
use crate::error::Result;
use crate::exit_status;
use crate::files::LogFiles;
use crate::format::Tables;
use crate::output;
use crate::pace::Pace;
use crate::pipeline::{self, Parts};
use crate::status::{Run, Status};
use crate::stop::Stop;
use crate::stream::{Stream, Time, timestamp};
use crate::system_log::SystemLog;
use crate::threads::http::Http;
use crate::threads::scheduler::End;
use crate::threads::signals::SignalsThread;
use crate::version;

/// Formatters where `--workers` says nothing, at the most: the scheduler cannot feed more.
const MOST_WORKERS: usize = 4;
/// Start times are cut to the millisecond, so that they are short to repeat.
const START_STEP: Time = 1_000_000;

/// Runs a command line.
pub fn run(arguments: &Arguments) -> ExitCode {
    let started = Instant::now();
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
    match generate(arguments, loaded, started) {
        Ok(()) => ExitCode::from(exit_status::DONE),
        Err(error) => {
            error!("{error}");
            ExitCode::from(exit_status::FAILED)
        }
    }
}

/// Generates, from the first message to the last line.
fn generate(arguments: &Arguments, loaded: Loaded, started: Instant) -> Result<()> {
    let config = loaded.config.clone();
    let debug = arguments.verbose || config.output.debug;
    let (system_log, messages) = SystemLog::install(arguments.quiet, debug)?;
    system_log.set_timezone(config.output.timezone.clone());
    tell_source(&loaded);

    let stop = Stop::default();
    let signals = SignalsThread::catch(stop.clone())?;
    let http = config.output.health_check.as_ref().map(Http::bind).transpose()?;
    if let Some(http) = &http {
        info!("Health check server started on port {}", http.local_addr().port());
    }
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
    let seed = config.output.seed.unwrap_or_else(|| rand::random::<u32>().into());
    let status = Arc::new(Status::new(Run {
        output_directory: config.output.directory.clone(),
        rate: config.output.rate,
        seed,
        start: timestamp(start),
        version: version::VERSION,
        started,
    }));
    info!("Starting log generation. Logs will be written to: {}", files.access_path().display());
    info!(
        "The stream can be repeated with this configuration and --seed {seed} --from {}",
        timestamp(start)
    );
    let stream = Stream::new(&config, seed, start);
    pipeline::run(Parts {
        tables: Arc::new(Tables::new(&config, stream.site())),
        stream,
        files,
        rotation: config.output.log_rotation.clone(),
        disk_monitor: config.output.disk_monitor.clone(),
        http,
        signals: Some(signals),
        clock,
        pace: Pace::new(start, config.output.burst_seconds).beginning_at(now),
        end: end(arguments, start),
        workers: workers(arguments),
        status,
        stop,
        messages,
        started,
    })
}

/// Says which configuration is used, which were passed over, and what may not be as meant.
fn tell_source(loaded: &Loaded) {
    for passed_over in &loaded.passed_over {
        info!("Configuration passed over: {passed_over}");
    }
    info!("Configuration: {}", loaded.source);
    for overridden in &loaded.overridden {
        info!("Configuration: {overridden}");
    }
    for warning in &loaded.warnings {
        warn!("{warning}");
    }
}

/// Where the stream starts: at `--from`, or the pre-warm's time before `now`.
fn start(arguments: &Arguments, config: &Config, now: Time) -> Time {
    match arguments.from {
        Some(from) => from.as_nanosecond() as Time,
        None => {
            let start = now - config.output.pre_warm.as_nanos() as Time;
            start / START_STEP * START_STEP
        }
    }
}

/// Where the run ends.
fn end(arguments: &Arguments, start: Time) -> End {
    let lines = if arguments.exit { 0 } else { arguments.lines.unwrap_or(u64::MAX) };
    let time = arguments.duration.map_or(Time::MAX, |duration| {
        let nanos = Time::try_from(duration.as_nanos()).unwrap_or(Time::MAX);
        start.saturating_add(nanos)
    });
    End { lines, time }
}

fn workers(arguments: &Arguments) -> usize {
    // The scheduler keeps a core busy when running flat out.
    let spare = std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1);
    arguments.workers.unwrap_or(spare.clamp(1, MOST_WORKERS))
}
