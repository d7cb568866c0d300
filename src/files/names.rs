//! The names of the files in a log directory.

/// The name of the run record, which is in the directory of the run's logs.
pub const RUN_RECORD: &str = "run.json";
