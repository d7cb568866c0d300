//! The truth of recorded runs: which events of their scenarios happened when, how many lines they made or changed, and, if it
//! is asked for, who made each line of access.log. Its form is that of truth.jsonl, which [`score`](crate::score) reads.
//!
//! ```text
//! run.json ──► recorded ──┬─► account ─────► happenings ─┐
//!            hits made    │   counts them                ├─► records
//!                twice    └─► hits once more ────────────┘   (bytes)
//! ```
//!
//! The hits are made twice, because the record of an event's end says how many lines it has, and people of a flash crowd
//! make some after it.
//!
//! 1. [`account`] goes through the hits of a run and counts. A [`happening`] is an event that happened, with the
//!    [`parameters`] that the configuration gives it.
//! 2. [`records`] writes what is known, in the order of the lines.

pub mod account;
pub mod happening;
pub mod parameters;
pub mod records;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use self::account::Account;
use self::records::Records;
use crate::cli::truth::TruthArguments;
use crate::recorded::mistaken::instead_of_record;
use crate::recorded::run::RecordedRun;
use crate::recorded::runs_in;
use crate::{exit_status, output};

/// Runs a `truth` command line.
pub fn run(arguments: &TruthArguments) -> ExitCode {
    match runs_of(&arguments.record) {
        Ok(runs) => output::print_by(|out| write(&runs, arguments.lines, out)),
        Err((status, error)) => {
            output::complain(error);
            ExitCode::from(status)
        }
    }
}

/// The runs of a record, the oldest first, or the exit status and what is wrong.
fn runs_of(record: &Path) -> Result<Vec<RecordedRun>, (u8, String)> {
    if let Some(looks) = instead_of_record(record) {
        let error = format!("{} is not a run.json; {looks}", record.display());
        return Err((exit_status::FAILED, error));
    }
    runs_in(record, 0)
}

/// Writes the truth of runs, of which the oldest comes first.
///
/// # Errors
/// Those of `out`.
pub fn write(runs: &[RecordedRun], lines: bool, out: &mut dyn Write) -> io::Result<()> {
    for epochs in runs.chunk_by(|_, next| next.continues) {
        let account = Account::of(epochs);
        let mut records = Records::new(&account, out);
        for (of, epoch) in account.epochs.iter().zip(epochs) {
            if lines { records.lines(of, epoch)? } else { records.events(of)? }
        }
    }
    Ok(())
}
