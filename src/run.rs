//! From a command line to an exit status: what happens before the first line and after the last.
//!
//! The order is a promise. The configuration is read before anything is touched, the port is taken
//! before any file, and the files are locked and open before the stream begins.

mod endpoints;
mod history;
mod messages;
mod plan;
mod repeat;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use log::{error, info, warn};

use crate::cli::Arguments;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::print::to_yaml;
use crate::config::source::{self, Loaded, Variables};
use crate::container_user::{self, Outcome};
use crate::error::Result;
use crate::exit_status;
use crate::files::LogFiles;
use crate::format::{Formatter, Tables};
use crate::output::{self, bar};
use crate::pipeline::{self, Parts};
use crate::probe::{self, Probe, Url};
use crate::progress::Progress;
use crate::replay::Replay;
use crate::run_record::RunRecord;
use crate::run_record::file::RecordFile;
use crate::service_manager::ServiceManager;
use crate::status::{Run, Status};
use crate::stop::Stop;
use crate::stream::{Stream, Time, Walk};
use crate::summary::Summary;
use crate::system_log::SystemLog;
use crate::threads::progress::Shown;
use crate::threads::signals::SignalsThread;

use self::history::Surplus;
use self::plan::Plan;

/// Formatters where `--workers` says nothing, at the most: the scheduler cannot feed more.
const MOST_WORKERS: usize = 4;

/// Runs a command line.
pub fn run(arguments: &Arguments) -> ExitCode {
    let started = Instant::now();
    if let Some(Probe::Url(url)) = &arguments.health_check {
        return probe::ask(Ok(url.clone()));
    }
    let variables: Variables<'_> = &|name| std::env::var_os(name);
    let prepared = match &arguments.repeat {
        Some(path) => repeat::load(path, arguments, variables).map(|(run, of)| (run, Some(of))),
        None => source::load(arguments, variables).map(|loaded| (loaded, None)),
    };
    let (loaded, record) = match prepared {
        Ok(prepared) => prepared,
        Err(errors) => {
            output::complain(errors);
            return ExitCode::from(exit_status::CONFIG);
        }
    };
    if arguments.check {
        for finding in loaded.warnings.iter().chain(&loaded.notes) {
            output::complain(format_args!("{finding}{}", finding.severity.mark()));
        }
        return output::print(format_args!("{}: the configuration is right\n", loaded.source));
    }
    if arguments.print_config {
        return output::print(to_yaml(&loaded.config));
    }
    if arguments.health_check.is_some() {
        return probe::ask(Url::of(&loaded.config));
    }
    // Before anything is touched.
    if let Err(error) = plan(arguments, &loaded.config, record.as_ref(), Clock::start().now().0) {
        output::complain(error);
        return ExitCode::from(exit_status::USAGE);
    }
    let user =
        match container_user::become_as_asked(variables, Some(&loaded.config.output.directory)) {
            Ok(user) => user,
            Err(error) => {
                output::complain(error);
                return ExitCode::from(exit_status::CONFIG);
            }
        };
    match generate(arguments, loaded, record, &user, started) {
        Ok(status) => status,
        Err(error) => {
            error!("{error}");
            ExitCode::from(exit_status::FAILED)
        }
    }
}

/// What the run is to write, if it begins `now`.
fn plan(
    arguments: &Arguments,
    config: &Config,
    record: Option<&RunRecord>,
    now: Time,
) -> Result<Plan> {
    match record {
        Some(record) => Ok(Plan::repeating(arguments, record.clone(), now)),
        None => Plan::new(arguments, config, now, || rand::random::<u32>().into()),
    }
}

/// Generates, from the first message to the last line, and prints the summary that is asked for.
fn generate(
    arguments: &Arguments,
    loaded: Loaded,
    record: Option<RunRecord>,
    user: &Outcome,
    started: Instant,
) -> Result<ExitCode> {
    let (config, shard) = (loaded.config.clone(), loaded.shard);
    let debug = arguments.verbose || config.output.debug;
    let (system_log, messages) = SystemLog::install(arguments.quiet, debug)?;
    system_log.set_timezone(config.output.timezone.clone());
    messages::tell_source(&loaded);
    messages::tell_user(user);

    let stop = Stop::default();
    let signals = SignalsThread::catch(stop.clone())?;
    let now = Clock::start().now().0;
    let waits = plan(arguments, &config, record.as_ref(), now)?.may_wait();
    let needed = loaded.port_is_given && waits;
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

    let walk = Walk::new(&config);
    let tables = Arc::new(Tables::of_shard(&config, walk.site(), shard));
    let mut clock = Clock::start();
    let (now, _) = clock.now();
    let plan = plan(arguments, &config, record.as_ref(), now)?;
    let epoch = plan.epoch;
    let run = Run::new(&config, epoch.seed, epoch.started(), shard);
    let status = Arc::new(Status::new(Run {
        waits: plan.waits,
        is_start_up_test: arguments.exit,
        started,
        ..run
    }));
    let records = RecordFile::of(&config.output.directory);
    let earlier = records.read().unwrap_or_else(|error| {
        warn!("{error}; what it tells of the run before is lost");
        None
    });
    let record = RunRecord::new(&config, &status, earlier);
    info!("Starting log generation. Logs will be written to: {}", files.access_path().display());
    info!(
        "The stream has the seed {} and starts at {}{}. To repeat the run: access-log-generator --repeat {} \
         --log-dir-override DIR",
        epoch.seed,
        epoch.started(),
        if shard.is_part() { format!(", shard {shard}") } else { String::new() },
        output::shell_word(&records.path().to_string_lossy()),
    );
    if plan.waits && !arguments.exit {
        messages::tell_wait(epoch.start, now);
    }
    let lines = |from, until| status.target().lines(from, until);
    if let Some(surplus) = plan.past().and_then(|past| Surplus::of(&config, past, lines)) {
        messages::tell_surplus(&surplus);
    }
    if plan.replay.as_ref().is_some_and(Replay::is_without_its_beginning) {
        warn!(
            "The record remembers the last epochs of the run alone: its beginning is not repeated"
        );
    }
    let stream = Stream::over(walk, &config, epoch.seed, epoch.start, shard);
    let end = plan.end(|| Formatter::new(Arc::clone(&tables)));
    let pace = plan.pace(&config);
    // Only what is long may be watched: what waits for the clock is as long as it is.
    let progress = (!arguments.quiet && !pace.is_live()).then(|| {
        let shown = if bar::is_wanted() { Shown::Bar } else { Shown::Messages };
        (Progress::new(plan.goal(), epoch.start, Instant::now()), shown)
    });
    let result = pipeline::run(Parts {
        tables,
        stream,
        files,
        config: Arc::new(config),
        http,
        signals: Some(signals),
        clock,
        pace,
        end,
        record,
        waits: plan.waits,
        retry: plan.retry,
        replay: plan.replay,
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

/// The service manager that wants to know how this run is doing, if there is one.
fn service_manager() -> Option<ServiceManager> {
    let found = ServiceManager::of(std::process::id(), |name| std::env::var_os(name));
    found.unwrap_or_else(|error| {
        warn!("{error}; the service manager does not hear how the run is doing");
        None
    })
}

fn workers(arguments: &Arguments) -> usize {
    // The scheduler keeps a core busy when running flat out.
    let spare = std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1);
    arguments.workers.unwrap_or(spare.clamp(1, MOST_WORKERS))
}
