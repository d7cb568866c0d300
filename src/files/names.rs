//! The names of the files in a log directory.

use crate::log_id::LogId;

/// The name of the run record, which is in the directory of the run's logs.
pub const RUN_RECORD: &str = "run.json";
/// The names of all logs.
pub const LOGS: [&str; 3] =
    [LogId::ACCESS.file_name(), LogId::ERROR.file_name(), LogId::SYSTEM.file_name()];
