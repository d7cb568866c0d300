//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

/// A command line, understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// The configuration file, where one is named.
    pub config: Option<PathBuf>,
    /// Check the configuration and end.
    pub check: bool,
    /// Print the effective configuration and end.
    pub print_config: bool,
    /// Start up, then end at once.
    pub exit: bool,
    /// `--log-dir-override`
    pub log_dir_override: Option<PathBuf>,
    /// `--rate`
    pub rate: Option<f64>,
    /// `--seed`
    pub seed: Option<u64>,
    /// `--from`
    pub from: Option<Timestamp>,
    /// `--lines`
    pub lines: Option<u64>,
    /// `--duration`
    pub duration: Option<Duration>,
    /// `--workers`
    pub workers: Option<usize>,
    /// Messages of level DEBUG too.
    pub verbose: bool,
    /// Only warnings and errors on standard error.
    pub quiet: bool,
}
