//! Grades a detector: compares what it has detected with what truly happened, which truth.jsonl says.
//!
//! ```text
//! truth.jsonl ──► lines ──► record ────► truth ──┐
//!                                                ├─► grader ──► report
//! detections ───► lines ──► detection ───────────┘   (pure)
//! ```
//!
//! 1. [`lines`] reads files line by line. [`record`] and [`detection`] read a line, with the values of [`value`].
//! 2. [`truth`] holds what a [`basis`](crate::basis) needs of the truth: the [`events`], their [`kinds`], and
//!    [`units`], which are the windows, addresses or lines of the events.
//! 3. [`grader`] compares the detections with it one after the other, [`grade`] has the arithmetic, and
//!    [`report`](mod@report) presents the grades as text or as JSON.
//!
//! Memory does not depend on the length of the truth but on the events and the units: 16 to 40 bytes for each
//! window, address or line that is of an event or was detected.

pub mod detection;
pub mod events;
pub mod grade;
pub mod grader;
pub mod kinds;
pub mod lines;
#[cfg(test)]
mod property;
pub mod record;
pub mod report;
pub mod truth;
pub mod units;
pub mod value;

use std::path::PathBuf;
use std::process::ExitCode;

use self::detection::Detection;
use self::grader::Grader;
use self::lines::JsonLines;
use self::record::TruthRecord;
use self::report::{Graded, ScoreReport};
use self::truth::Truth;
use crate::basis::Basis;
use crate::cli::score::ScoreArguments;
use crate::output::Form;
use crate::time::Time;
use crate::{exit_status, output};

/// Runs a `score` command line.
pub fn run(arguments: &ScoreArguments) -> ExitCode {
    match report(arguments) {
        Ok(report) => match arguments.format {
            Form::Text => output::print(&report),
            Form::Json => output::print(report.json()),
        },
        Err((status, error)) => {
            output::complain(error);
            ExitCode::from(status)
        }
    }
}

/// The report that a command line asks for, or the exit status and what is wrong.
fn report(arguments: &ScoreArguments) -> Result<ScoreReport, (u8, String)> {
    let failed = |error: String| (exit_status::FAILED, error);
    let nanos =
        |length: std::time::Duration| Time::try_from(length.as_nanos()).unwrap_or(Time::MAX);
    let (by, grace, window) = (arguments.by, nanos(arguments.grace), nanos(arguments.window));
    let (mut truth, torn) = read_truth(&arguments.truth, Truth::new(by, window)).map_err(failed)?;
    truth.finish().map_err(|error| unfit(&error, arguments))?;
    let mut grader = Grader::new(truth, grace);
    for path in &arguments.detections {
        let mut lines = JsonLines::open(path).map_err(failed)?;
        while lines.advance().map_err(failed)? {
            let taken = Detection::read(lines.line(), by).and_then(|read| grader.take(&read));
            taken.map_err(|error| failed(lines.at(&error)))?;
        }
    }
    let mut report = ScoreReport::new(&grader, Graded { by, grace, window });
    report.hints.extend(torn);
    Ok(report)
}

/// Reads the files of the truth. Also returns a hint about each that is cut off.
fn read_truth(paths: &[PathBuf], mut truth: Truth) -> Result<(Truth, Vec<String>), String> {
    let mut torn = Vec::new();
    for path in paths {
        truth.next_file();
        let mut lines = JsonLines::open(path)?;
        while lines.advance()? {
            match TruthRecord::read(lines.line()) {
                Ok(record) => truth.add(&record).map_err(|error| lines.at(&error))?,
                // A run that is going on, or was killed, may leave part of a line.
                Err(_) if !lines.is_whole() && lines.line().starts_with(b"{") => {
                    torn.push(lines.at("the last line is cut off and was passed over."));
                }
                Err(error) => return Err(lines.at(&error)),
            }
        }
    }
    Ok((truth, torn))
}

/// The error about a truth that does not have what the basis needs.
fn unfit(error: &str, arguments: &ScoreArguments) -> (u8, String) {
    let names: Vec<_> = arguments.truth.iter().map(|path| path.display().to_string()).collect();
    let names = names.join(", ");
    match arguments.by {
        Basis::Addresses | Basis::Lines => {
            let by = arguments.by.name();
            let error = format!(
                "{names}: {error}, and --by {by} needs them; make it again with `truth --lines \
                 run.json`, or grade --by events or windows"
            );
            (exit_status::CONFIG, error)
        }
        Basis::Events | Basis::Windows => (exit_status::FAILED, format!("{names}: {error}")),
    }
}
