//! Proof of delivery: which lines of a run did not arrive, or not as they were written. The record of a
//! run is enough to make its lines again; the rest is comparison.
//!
//! ```text
//! run.json ──► recorded ──► expected ──► window ─┐
//!              hits again    their lines         ├─► judge ──► findings ──► report
//! received ──► reader ──► merge ─────────────────┘   (pure)
//!  files        lines     in the order of time
//! ```
//!
//! 1. [`recorded`](crate::recorded) says what can be made again, and makes the hits; [`expected`] has their lines. Both work
//!    in the threads of the [`pipeline`].
//! 2. [`reader`] splits files into lines. It unpacks archives ([`archive`](crate::archive)) and takes lines out of JSON
//!    objects ([`field`]), and passes over those of [`headers`]. A [`backlog`] holds what a pipe brings before its turn. [`merge`] reads files
//!    of the same time together, by the time stamps of their lines ([`stamp`]).
//! 3. [`judge`] finds the place of each line in the [`window`] of each run ([`track`]), notes the order
//!    of the lines in each file ([`trail`], [`order`]), and distinguishes altered lines from foreign
//!    ones ([`resemblance`]). Lines are compared by a 64-bit hash; their text is made again only to be
//!    shown. [`places`] holds what is not judged yet, and [`findings`] what was found.
//! 4. [`report`](mod@report) presents the result as text or as JSON. Each kind of [`fault`](crate::fault)
//!    may be ignored.
//!
//! Memory depends on the window, not on the length of the log. It takes 40 bytes for each line in the
//! window of a run, which is twice as many lines as the window is long, and as much again if nothing is
//! in order.

pub mod backlog;
pub mod doubtful;
pub mod expected;
pub mod field;
pub mod findings;
pub mod headers;
pub mod judge;
mod judged_log;
pub mod merge;
pub mod order;
pub mod pipeline;
pub mod places;
pub mod reader;
pub mod report;
pub mod resemblance;
pub mod spoilt;
pub mod stamp;
pub mod track;
pub mod trail;
pub mod window;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;

use self::backlog::{Backlog, Drained};
use self::judge::Settings;
use self::judged_log::judged_log;
use self::merge::Files;
use self::reader::LineReader;
use self::report::{Verified, VerifyReport};
use self::stamp::Stamps;
use crate::cli::verify::VerifyArguments;
use crate::error::{Error, Result};
use crate::log_id::ACCESS_LOG;
use crate::moment::Moment;
use crate::output::Form;
use crate::recorded::mistaken::instead_of_record;
use crate::recorded::run::RecordedRun;
use crate::recorded::runs_in;
use crate::time::{SECOND, Time, time, timestamp};
use crate::{exit_status, output};

/// The shortest window of a run, in lines.
const LEAST_WINDOW: u64 = 1_000;

/// Runs a `verify` command line.
pub fn run(arguments: &VerifyArguments) -> ExitCode {
    let report = match report(arguments) {
        Ok(report) => report,
        Err((status, error)) => {
            output::complain(error);
            return ExitCode::from(status);
        }
    };
    let printed = match arguments.format {
        Form::Text => output::print(&report),
        Form::Json => output::print(report.json()),
    };
    if report.passed { printed } else { ExitCode::from(exit_status::NOT_ALL_THERE) }
}

/// Compares received lines with those that were written. `records` are the run.json files of the runs.
/// `received` are files with lines of access.log, plain or packed with gzip or zstd, in any order; or of a log of
/// `output.logs`, if they have its name.
///
/// # Errors
/// A record cannot be read, or is of a run that this version cannot make again. Received files that
/// cannot be read are no error but part of the report.
pub fn verify(records: &[PathBuf], received: &[PathBuf]) -> Result<VerifyReport> {
    let (runs, received) = (records.to_vec(), received.to_vec());
    let arguments = VerifyArguments { runs, received, ..VerifyArguments::default() };
    report(&arguments).map_err(|(_, error)| Error::new("verify", "what was received", error))
}

/// The report that a command line asks for, or the exit status and what is wrong.
fn report(arguments: &VerifyArguments) -> std::result::Result<VerifyReport, (u8, String)> {
    let runs = runs_of(&arguments.runs)?;
    let log = judged_log(arguments.log.as_deref(), &arguments.received, &runs)
        .map_err(|error| (exit_status::USAGE, error))?;
    let runs: Vec<_> = runs.into_iter().filter_map(|run| run.of_log(&log)).collect();
    let times = times(arguments, &runs);
    if times.is_empty() {
        let (since, until) = (timestamp(times.start), timestamp(times.end));
        let error = format!("--until {until} is not behind --since {since}; name a later time");
        return Err((exit_status::USAGE, error));
    }
    let stamps = stamps(&log, &runs)?;
    let smallest = runs.iter().map(RecordedRun::smallest_window).max().unwrap_or(0);
    // If the lines of shards alternate, this many lines of each are between two that changed places.
    let window = arguments.window / arguments.runs.len() as u64;
    let settings = Settings {
        window: window.max(smallest).max(LEAST_WINDOW),
        times,
        tail_open: arguments.tail_open,
        show: arguments.show,
        stamps: stamps.clone(),
    };
    let failed = |error: Error| (exit_status::FAILED, error.to_string());
    let files =
        Named::of(&arguments.received, arguments.field.as_deref(), &stamps).map_err(failed)?;
    let (outcome, read) = pipeline::verify(&runs, &files, &settings).map_err(failed)?;
    let names: Vec<String> = (0..files.count()).map(|file| files.name(file)).collect();
    Ok(VerifyReport::new(&Verified {
        outcome: &outcome,
        runs: &runs,
        log: &log,
        names: &names,
        read: &read,
        window: settings.window * arguments.runs.len() as u64,
        field: arguments.field.as_deref(),
        ignored: &arguments.ignored,
    }))
}

/// The runs of all records, those of one record one after the other; or the exit status and what is wrong.
fn runs_of(records: &[PathBuf]) -> std::result::Result<Vec<RecordedRun>, (u8, String)> {
    let mut runs: Vec<RecordedRun> = Vec::new();
    for (number, path) in records.iter().enumerate() {
        if let Some(looks) = instead_of_record(path) {
            let error = format!(
                "{} is not a run.json; {looks}. Logs are named behind the options",
                path.display()
            );
            return Err((exit_status::FAILED, error));
        }
        let new = runs_in(path, number)?;
        if let Some(twice) = new.iter().find(|new| runs.iter().any(|run| run.is_same(new))) {
            let error = format!(
                "{}: the run of seed {} from {} is in a record named before, too; name each once",
                path.display(),
                twice.seed,
                timestamp(twice.facts.start)
            );
            return Err((exit_status::CONFIG, error));
        }
        runs.extend(new);
    }
    Ok(runs)
}

/// The times whose lines are judged.
fn times(arguments: &VerifyArguments, runs: &[RecordedRun]) -> std::ops::Range<Time> {
    let one = runs.last().expect("a record tells of one run at least");
    let zone = &one.config.output.timezone;
    let instant = |moment: Moment| time(moment.resolve(Timestamp::now(), zone));
    // Stamps have no fractions, so all lines of a second are judged, or none.
    let since = arguments.since.map_or(0, instant);
    since - since % SECOND..arguments.until.map_or(Time::MAX, instant)
}

/// How the lines of the runs show their time, or the exit status and what is wrong.
fn stamps(log: &str, runs: &[RecordedRun]) -> std::result::Result<Stamps, (u8, String)> {
    let without = || {
        let key = if log == ACCESS_LOG { "output.format" } else { "output.logs[].format" };
        let error = format!(
            "the lines of {log} show no time to the second, and verify finds a line's place by its time; put the time into \
             `{key}`: %t of Apache, $time_local, $time_iso8601 or $msec of nginx"
        );
        (exit_status::CONFIG, error)
    };
    let own = runs.iter().map(|run| (run.format(), &run.config.output.timezone));
    let mut stamps = Stamps::of(own).ok_or_else(without)?;
    for run in runs {
        run.other_formats()
            .iter()
            .for_each(|format| stamps.add(format, &run.config.output.timezone));
    }
    Ok(stamps)
}

/// The files named on a command line.
struct Named<'a> {
    paths: &'a [PathBuf],
    field: Option<&'a str>,
    stamps: &'a Stamps,
    /// What has come in by each pipe, if there are several.
    pipes: Vec<Option<Arc<Backlog>>>,
}

impl<'a> Named<'a> {
    /// Starts to read the files that can be read only once, if there are several.
    fn of(paths: &'a [PathBuf], field: Option<&'a str>, stamps: &'a Stamps) -> Result<Self> {
        let several = paths.iter().filter(|path| !is_regular(path)).count() > 1;
        let drain = |path: &PathBuf| {
            (several && !is_regular(path)).then(|| pipeline::drain(path.clone())).transpose()
        };
        Ok(Self { paths, field, stamps, pipes: paths.iter().map(drain).collect::<Result<_>>()? })
    }
}

/// Whether a file can be opened more than once, or does not exist. Standard input cannot.
fn is_regular(path: &Path) -> bool {
    path != Path::new("-")
        && path.metadata().map_or(true, |found| found.is_file() || found.is_dir())
}

impl Files for Named<'_> {
    fn count(&self) -> usize {
        self.paths.len()
    }

    fn name(&self, file: usize) -> String {
        let path = &self.paths[file];
        if path == Path::new("-") {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        }
    }

    fn open(&self, file: usize) -> io::Result<LineReader> {
        match &self.pipes[file] {
            Some(backlog) => {
                LineReader::new(Drained::new(Arc::clone(backlog)), self.field, self.stamps)
            }
            None => LineReader::open(&self.paths[file], self.field, self.stamps),
        }
    }

    fn reopens(&self, file: usize) -> bool {
        is_regular(&self.paths[file])
    }
}
