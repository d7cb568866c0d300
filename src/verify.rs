//! Proof of delivery: which lines of a run did not arrive, or not as they were written. Whoever has
//! the record of a run can make its lines again; the rest is to compare.
//!
//! ```text
//! run.json ──► runs ──► expected ──► window ─┐
//!                        lines again         ├─► judge ──► findings ──► report
//! received ──► reader ──► merge ─────────────┘   (pure)
//!  files        lines     in the order of time
//! ```
//!
//! 1. [`runs`] says what can be made again, [`expected`] makes it, in [`pipeline`]'s threads.
//! 2. [`reader`] cuts files into lines, out of archives ([`archive`]) and of JSON where they are wrapped
//!    ([`field`]); what pipes bring before it is their turn is in a [`backlog`];
//!    [`merge`] brings files that tell of the same time together ([`stamp`]).
//! 3. [`judge`] finds the place of each line in the [`window`] of each run ([`track`]), notes in which
//!    order each file had them ([`trail`], [`order`]), and tells what was altered from what is foreign
//!    ([`resemblance`]). Lines are known by a hash of 64 bits; their text is made once more only to be
//!    shown. What is not judged yet is in [`places`], what was found in [`findings`].
//! 4. [`report`] says it, as text or as JSON. Each kind of [`fault`] may be ignored.
//!
//! A run as its record tells of it is in [`facts`]; [`mistaken`] knows what is no record.
//!
//! Memory depends on the window and not on the length of the log: 40 bytes for a line in the window
//! of a run, twice as many lines as the window is long, and as much again where nothing is in order.

pub mod archive;
pub mod backlog;
pub mod doubtful;
pub mod expected;
pub mod facts;
pub mod field;
pub mod findings;
pub mod judge;
pub mod merge;
pub mod mistaken;
pub mod order;
pub mod pipeline;
pub mod places;
pub mod reader;
pub mod report;
pub mod resemblance;
pub mod runs;
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
use self::merge::Files;
use self::mistaken::instead_of_record;
use self::reader::LineReader;
use self::report::{Verified, VerifyReport};
use self::runs::RecordedRun;
use crate::cli::verify::VerifyArguments;
use crate::error::{Error, Result};
use crate::moment::Moment;
use crate::output::Form;
use crate::run_record::file::read;
use crate::time::{SECOND, Time, time, timestamp};
use crate::{exit_status, output};

/// The shortest window of a run, in lines.
const LEAST_WINDOW: u64 = 1_000;

/// Runs a command line.
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

/// Compares what was received with what was written: `records` are the run.json of the runs, `received` the files
/// of lines of access.log, plain, gzip or zstd, in any order.
///
/// # Errors
/// A record cannot be read, or tells of a run that this version cannot make again. What cannot be read of the
/// received files is in the report.
pub fn verify(records: &[PathBuf], received: &[PathBuf]) -> Result<VerifyReport> {
    let (runs, received) = (records.to_vec(), received.to_vec());
    let arguments = VerifyArguments { runs, received, ..VerifyArguments::default() };
    report(&arguments).map_err(|(_, error)| Error::new("verify", "what was received", error))
}

/// What a command line asks for; or the exit status and what is wrong.
fn report(arguments: &VerifyArguments) -> std::result::Result<VerifyReport, (u8, String)> {
    let runs = runs_of(&arguments.runs)?;
    let times = times(arguments, &runs);
    if times.is_empty() {
        let (since, until) = (timestamp(times.start), timestamp(times.end));
        let error = format!("--until {until} is not behind --since {since}; name a later time");
        return Err((exit_status::USAGE, error));
    }
    let smallest = runs.iter().map(RecordedRun::smallest_window).max().unwrap_or(0);
    // Of lines that shards have in turn, so many of each are between two that changed places.
    let window = arguments.window / arguments.runs.len() as u64;
    let settings = Settings {
        window: window.max(smallest).max(LEAST_WINDOW),
        times,
        tail_open: arguments.tail_open,
        show: arguments.show,
    };
    let failed = |error: Error| (exit_status::FAILED, error.to_string());
    let files = Named::of(&arguments.received, arguments.field.as_deref()).map_err(failed)?;
    let (outcome, read) = pipeline::verify(&runs, &files, &settings).map_err(failed)?;
    let names: Vec<String> = (0..files.count()).map(|file| files.name(file)).collect();
    Ok(VerifyReport::new(&Verified {
        outcome: &outcome,
        runs: &runs,
        names: &names,
        read: &read,
        window: settings.window * arguments.runs.len() as u64,
        field: arguments.field.as_deref(),
        ignored: &arguments.ignored,
    }))
}

/// The runs that records tell of, those of a record behind each other; or the exit status and what is
/// wrong.
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
        let record = read(path).map_err(|error| (exit_status::FAILED, error.to_string()))?;
        let wrong = |error: String| (exit_status::CONFIG, format!("{}: {error}", path.display()));
        let new = RecordedRun::of(record, number).map_err(wrong)?;
        if let Some(twice) = new.iter().find(|new| runs.iter().any(|run| run.is_same(new))) {
            return Err(wrong(format!(
                "the run of seed {} from {} is in a record named before, too; name each once",
                twice.seed,
                timestamp(twice.facts.start)
            )));
        }
        runs.extend(new);
    }
    Ok(runs)
}

/// The time of the lines that are judged.
fn times(arguments: &VerifyArguments, runs: &[RecordedRun]) -> std::ops::Range<Time> {
    let one = runs.last().expect("a record tells of one run at least");
    let zone = &one.config.output.timezone;
    let instant = |moment: Moment| time(moment.resolve(Timestamp::now(), zone));
    // Stamps have no fraction: a second's lines are judged all or none.
    let since = arguments.since.map_or(0, instant);
    since - since % SECOND..arguments.until.map_or(Time::MAX, instant)
}

/// The files that a command line names.
struct Named<'a> {
    paths: &'a [PathBuf],
    field: Option<&'a str>,
    /// What comes in by each pipe, where there are several.
    pipes: Vec<Option<Arc<Backlog>>>,
}

impl<'a> Named<'a> {
    /// Begins to read what can be read only once, if there are several of it.
    fn of(paths: &'a [PathBuf], field: Option<&'a str>) -> Result<Self> {
        let several = paths.iter().filter(|path| !is_regular(path)).count() > 1;
        let drain = |path: &PathBuf| {
            (several && !is_regular(path)).then(|| pipeline::drain(path.clone())).transpose()
        };
        Ok(Self { paths, field, pipes: paths.iter().map(drain).collect::<Result<_>>()? })
    }
}

/// Whether a file can be opened as often as one likes, or is not there. Not so standard input.
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
            Some(backlog) => LineReader::new(Drained::new(Arc::clone(backlog)), self.field),
            None => LineReader::open(&self.paths[file], self.field),
        }
    }

    fn reopens(&self, file: usize) -> bool {
        is_regular(&self.paths[file])
    }
}
