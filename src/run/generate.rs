//! A run from its first message to its last line, with the summary that the user asked for.

use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::Receiver;
use log::{info, warn};

use super::history::Surplus;
use super::never::RunSpan;
use super::plan::RunPlan;
use super::reload::Reloader;
use super::{endpoints, messages};
use crate::cli::Arguments;
use crate::clock::Clock;
use crate::codec::Codec;
use crate::config::source::Loaded;
use crate::config::{Config, Output};
use crate::container_user::UserOutcome;
use crate::epoch::{Beginning, Prepared};
use crate::error::Result;
use crate::exit_status;
use crate::files::{LogFiles, standard_output};
use crate::format::Logs;
use crate::orders::Orders;
use crate::output::{self, bar};
use crate::pipeline::{self, Around, RunParts, Steering};
use crate::progress::Progress;
use crate::replay::Replay;
use crate::run_record::RunRecord;
use crate::run_record::file::RecordFile;
use crate::service_manager::ServiceManager;
use crate::status::{RunFacts, Status};
use crate::stop::Stop;
use crate::summary::Summary;
use crate::system_log::{Message, SystemLog};
use crate::threads::control::ControlSocket;
use crate::threads::http::Http;
use crate::threads::progress::Shown;
use crate::threads::reload::Reload;
use crate::threads::signals::SignalsThread;
use crate::time::Time;

/// The most formatters without `--workers`: the scheduler cannot feed more.
const MOST_WORKERS: usize = 4;
/// As many when they pack the lines, which is nearly all of the work then.
const MOST_PACKERS: usize = 32;

/// What the user asked for, and the process that was asked.
pub struct RunRequest<'a> {
    /// The command line.
    pub arguments: &'a Arguments,
    /// The checked configuration and its sources.
    pub loaded: Loaded,
    /// The record of the run to make again; `None` for a new run.
    pub record: Option<RunRecord>,
    /// Which user the process runs as.
    pub user: UserOutcome,
    /// When the process started.
    pub started: Instant,
}

/// Generates the lines, and prints the summary if asked for.
///
/// # Errors
/// What kept the run from reaching its end.
pub fn generate(asked: RunRequest<'_>) -> Result<ExitCode> {
    let RunRequest { arguments, loaded, record, .. } = &asked;
    let config = &loaded.config;
    let messages = say_how_it_begins(&asked)?;
    let stop = Stop::default();
    let signals = SignalsThread::catch(stop.clone())?;
    let http = listen(&asked)?;
    let files = open(&config.output, arguments.compress)?;
    let prepared = Prepared::new(Arc::new(config.clone()), loaded.shard);
    prepared.missing_pages().iter().for_each(|missing| warn!("{missing}"));
    let mut clock = Clock::start();
    let (now, _) = clock.now();
    let plan = RunPlan::of(arguments, config, record.as_ref(), now)?;
    let status = Arc::new(status(&asked, &plan));
    let record = RunRecord::new(config, &status, earlier(&config.output));
    let place = status.run().writes_access_to(arguments.compress.map_or("", Codec::ending));
    info!("Starting log generation. Logs will be written to: {place}");
    info!("{}", stream_in_words(plan.beginning, &status));
    say_what_to_expect(&asked, &plan, &status, now);
    let (epoch, stream) = prepared.begin(plan.beginning);
    let pace = plan.pace(config);
    let (orders, given) = Orders::new(&stop);
    let reload = reload(&asked, &plan, &orders);
    let around = Around {
        steering: steering(config, &orders, reload.as_ref()),
        reload: reload.filter(|_| !has_terminal()),
        record,
        http,
        signals: Some(signals),
        progress: progress(&asked, &plan, pace.is_live()),
        service_manager: service_manager(),
    };
    let parts = RunParts {
        end: plan.end(&epoch.logs),
        workers: workers(arguments, &epoch.logs),
        epoch: Arc::new(epoch),
        stream,
        files,
        clock,
        pace,
        waits: plan.waits,
        retry: plan.retry,
        replay: plan.replay,
        codec: arguments.compress,
        status: Arc::clone(&status),
        stop,
        messages,
        orders: given,
    };
    let result = pipeline::run(parts, around);
    let printed = print_summary(&asked, &status);
    result.map(|()| printed)
}

/// How the run reads its configuration again; `None` if it cannot be steered.
fn reload(asked: &RunRequest<'_>, plan: &RunPlan, orders: &Orders) -> Option<Reload> {
    let reloader = Reloader::new(asked.arguments, &asked.loaded, orders.clone());
    let reload: Reload = Arc::new(move || reloader.reload());
    let is_steerable = unsteerable(&asked.loaded.config, plan).is_none();
    (is_steerable && !asked.arguments.exit).then_some(reload)
}

/// Why a run cannot be steered, and what would be right; `None` if it can.
fn unsteerable(config: &Config, plan: &RunPlan) -> Option<(&'static str, &'static str)> {
    if !plan.waits {
        return Some(("a run with --no-wait cannot be steered", "leave --no-wait out"));
    }
    // Without a directory there is no record of what the run was told.
    let is_recorded = config.output.directory.is_some();
    let why = "a run without a directory cannot be steered";
    (!is_recorded).then_some((why, "give the run an output.directory or --log-dir-override"))
}

/// Whether the run was started from a terminal, which sends a SIGHUP when it is closed.
fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stdout().is_terminal() || io::stderr().is_terminal()
}

/// How the run can be steered, if it has a directory for the socket.
fn steering(config: &Config, orders: &Orders, reload: Option<&Reload>) -> Option<Steering> {
    let reload = Arc::clone(reload?);
    match ControlSocket::listen(config.output.directory.as_deref()?) {
        Ok(socket) => Some(Steering { socket, orders: orders.clone(), reload }),
        Err(error) => {
            warn!("There is no socket for `ctl` in the directory of the logs: {error}");
            None
        }
    }
}

/// Prints the summary if it was asked for: where lines go to standard output, on standard error.
fn print_summary(asked: &RunRequest<'_>, status: &Status) -> ExitCode {
    let done = ExitCode::from(exit_status::DONE);
    let Some(form) = asked.arguments.summary else { return done };
    let summary = Summary::new(status, Instant::now()).print(form);
    if asked.loaded.config.output.destination.has_stdout() {
        output::report(summary);
        return done;
    }
    output::print(summary)
}

/// The record that the directory has of the run before.
fn earlier(output: &Output) -> Option<RunRecord> {
    RecordFile::of(output.directory.as_deref()?).read().unwrap_or_else(|error| {
        warn!("{error}; what it tells of the run before is lost");
        None
    })
}

/// Captures messages from now on, and logs the configuration in use and the user of the process.
fn say_how_it_begins(asked: &RunRequest<'_>) -> Result<Receiver<Message>> {
    let RunRequest { arguments, loaded, user, .. } = asked;
    let output = &loaded.config.output;
    let debug = arguments.verbose || output.debug;
    let (system_log, messages) = SystemLog::install(arguments.quiet, debug)?;
    system_log.set_timezone(output.timezone.clone());
    messages::tell_source(loaded);
    messages::tell_user(user);
    Ok(messages)
}

/// Listens for HTTP. A run that never waits can do without a port, because it is over before anyone asks.
fn listen(asked: &RunRequest<'_>) -> Result<Option<Http>> {
    let RunRequest { arguments, loaded, record, .. } = asked;
    let now = Clock::start().now().0;
    let waits = RunPlan::of(arguments, &loaded.config, record.as_ref(), now)?.may_wait();
    let needed = loaded.port_is_given && waits;
    endpoints::listen(loaded.config.output.health_check.as_ref(), needed)
}

/// Opens the files, and logs what was recovered.
fn open(output: &Output, codec: Option<Codec>) -> Result<LogFiles> {
    let (files, recovered) = LogFiles::open(output, codec)?;
    for recovered in recovered {
        warn!("{recovered}");
    }
    if output.destination.has_stdout() && standard_output::seems_closed() {
        warn!(
            "Standard output was closed at the start, or leads to /dev/null: all lines that are written to it are lost. \
             Expected a pipe, a file or a terminal"
        );
    }
    if output.log_rotation.is_some() {
        for path in files.never_rotated() {
            warn!("{} is a link or no regular file: it is not rotated", path.display());
        }
    }
    Ok(files)
}

fn status(asked: &RunRequest<'_>, plan: &RunPlan) -> Status {
    let RunRequest { arguments, loaded, started, .. } = asked;
    let Beginning { seed, .. } = plan.beginning;
    let run = RunFacts::new(&loaded.config, seed, plan.beginning.started(), loaded.shard);
    Status::new(RunFacts {
        waits: plan.waits,
        is_start_up_test: arguments.exit,
        started: *started,
        ..run
    })
}

/// Describes the stream, and how to repeat the run.
fn stream_in_words(beginning: Beginning, status: &Status) -> String {
    let Beginning { seed, .. } = beginning;
    let (run, started) = (status.run(), beginning.started());
    let shard = run.shard;
    format!(
        "The stream has the seed {seed} and starts at {started}{}. To repeat the run{}: {}",
        if shard.is_part() { format!(", shard {shard}") } else { String::new() },
        if run.output_directory.is_some() { "" } else { ", with the same settings and end" },
        run.repeat(seed, started, "DIR"),
    )
}

/// Logs what could surprise: the run waits, an event does not happen, most of a history will be deleted, or a
/// repeated run lacks its beginning.
fn say_what_to_expect(asked: &RunRequest<'_>, plan: &RunPlan, status: &Status, now: Time) {
    if plan.waits && !asked.arguments.exit {
        messages::tell_wait(plan.beginning.start, now);
    }
    // A repeated run has what happened, and a start-up test has no events.
    if plan.replay.is_none() && !asked.arguments.exit {
        let config = &asked.loaded.config;
        let (beginning, until) = (plan.beginning, plan.until());
        messages::tell_never(
            config,
            RunSpan { beginning, until, unsteerable: unsteerable(config, plan) },
        );
    }
    let lines = |from, until| status.target().lines(from, until);
    let has_file = asked.loaded.config.output.destination.has_file();
    let past = plan.past().filter(|_| has_file);
    let is_packed = asked.arguments.compress.is_some();
    let surplus = past.and_then(|past| Surplus::of(&asked.loaded.config, past, is_packed, lines));
    if let Some(surplus) = surplus {
        messages::tell_surplus(&surplus);
    }
    if plan.replay.as_ref().is_some_and(Replay::is_without_its_beginning) {
        warn!(
            "The record remembers the last epochs of the run alone: its beginning is not repeated"
        );
    }
}

/// The progress to show, and how; `None` if not to be shown. Only long work is shown, and not what waits
/// for the clock, whose end is known.
fn progress(asked: &RunRequest<'_>, plan: &RunPlan, is_live: bool) -> Option<(Progress, Shown)> {
    (!asked.arguments.quiet && !is_live).then(|| {
        // Lines on the same terminal would tear a bar.
        let is_printed = asked.loaded.config.output.destination.has_stdout();
        let is_torn = is_printed && io::stdout().is_terminal();
        let shown = if bar::is_wanted() && !is_torn { Shown::Bar } else { Shown::Messages };
        (Progress::new(plan.goal(), plan.beginning.start, Instant::now()), shown)
    })
}

/// The service manager that wants to know how this run is doing; `None` if there is none.
fn service_manager() -> Option<ServiceManager> {
    let found = ServiceManager::of(std::process::id(), |name| std::env::var_os(name));
    found.unwrap_or_else(|error| {
        warn!("{error}; the service manager does not hear how the run is doing");
        None
    })
}

fn workers(arguments: &Arguments, logs: &Logs) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let usual = match arguments.compress {
        // Packing a line takes ten times as long as all else, so that the scheduler is mostly idle.
        Some(_) => cores.min(MOST_PACKERS),
        // Rendering such lines takes longer than making their hits, so the scheduler is idle for a good part of the time.
        None if logs.take_long() => cores.min(MOST_WORKERS),
        // The scheduler keeps one core busy when it runs at full speed.
        None => (cores - 1).clamp(1, MOST_WORKERS),
    };
    arguments.workers.unwrap_or(usual)
}
