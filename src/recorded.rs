//! Recorded runs: what a run.json says of them, and their hits, made again. A record is enough for that, because the stream
//! is a pure function. What is made of the hits is the business of the rooms that ask.
//!
//! [`run`] says what can be made again, with the [`facts`] of each run, and [`hits`] makes it. [`mistaken`] recognizes files
//! that are not records.

pub mod facts;
pub mod hits;
pub mod mistaken;
pub mod run;

use std::path::Path;

use self::run::RecordedRun;
use crate::exit_status;
use crate::run_record::file::read;

/// The runs of the record in a file, the oldest first; or the exit status and what is wrong. `number` is the index of the
/// record among those given, from 0.
pub fn runs_in(path: &Path, number: usize) -> Result<Vec<RecordedRun>, (u8, String)> {
    let record = read(path).map_err(|error| (exit_status::FAILED, error.to_string()))?;
    let wrong = |error: String| (exit_status::CONFIG, format!("{}: {error}", path.display()));
    RecordedRun::of(record, number).map_err(wrong)
}
