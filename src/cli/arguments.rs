//! The parsed command line of a run.

use std::path::PathBuf;
use std::time::Duration;

use super::documents::{LogParser, Manual, SchemaForm, Shell};
use crate::codec::Codec;
use crate::config::Profile;
use crate::config::source::CommandLine;
use crate::log_format::LogFormat;
use crate::moment::Moment;
use crate::output::Form;
use crate::port::Port;
use crate::probe_url::Probe;
use crate::retry::Retry;
use crate::shard::Shard;

/// The parsed command line of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// The configuration file, if one is named.
    pub config: Option<PathBuf>,
    /// Check the configuration and exit.
    pub check: bool,
    /// Print the effective configuration and exit.
    pub print_config: bool,
    /// Print the JSON Schema of a configuration and exit.
    pub config_schema: bool,
    /// `--schema`: the form in which to describe the fields of the logs, instead of running.
    pub schema: Option<SchemaForm>,
    /// `--print-parser`: the program that is to read the format; what it needs is printed.
    pub print_parser: Option<LogParser>,
    /// `--log`: the file of the one log that `--schema` or `--print-parser` is about.
    pub log: Option<String>,
    /// Start up, then exit at once.
    pub exit: bool,
    /// `--log-dir-override`; never empty.
    pub log_dir_override: Option<PathBuf>,
    /// Lines go to standard output, and to no file.
    pub stdout: bool,
    /// `--rate`: above 0, at most 10,000,000.
    pub rate: Option<f64>,
    /// `--port`
    pub port: Option<Port>,
    /// `--profile`; `Some(None)` is `--profile none`
    pub profile: Option<Option<Profile>>,
    /// `--scenario`: names of the library, or files.
    pub scenarios: Vec<String>,
    /// `--format`
    pub format: Option<LogFormat>,
    /// `--seed`
    pub seed: Option<u64>,
    /// `--from`
    pub from: Option<Moment>,
    /// `--shard`
    pub shard: Option<Shard>,
    /// `--until`
    pub until: Option<Moment>,
    /// `--lines`: at least 1.
    pub lines: Option<u64>,
    /// `--duration`: above zero, at most 100 years.
    pub duration: Option<Duration>,
    /// `--bytes`: at least 1.
    pub bytes: Option<u64>,
    /// Never wait for the clock.
    pub no_wait: bool,
    /// `--compress`: the form in which the logs are packed; only for a run that never waits.
    pub compress: Option<Codec>,
    /// `--repeat`: the record of the run to make again.
    pub repeat: Option<PathBuf>,
    /// `--retry`
    pub retry: Option<Retry>,
    /// `--workers`: 1 to 64.
    pub workers: Option<usize>,
    /// Log messages of level DEBUG too.
    pub verbose: bool,
    /// Show only warnings and errors on standard error.
    pub quiet: bool,
    /// `--summary`: the form of the summary printed on standard output at the end.
    pub summary: Option<Form>,
    /// `--health-check`: the run to ask, instead of running.
    pub health_check: Option<Probe>,
    /// `--completions`: the shell whose script to print, instead of running.
    pub completions: Option<Shell>,
    /// `--man`: the manual page to print, instead of running.
    pub manual: Option<Manual>,
}

impl From<&Arguments> for CommandLine {
    fn from(arguments: &Arguments) -> Self {
        let Arguments { config, log_dir_override, format, scenarios, .. } = arguments.clone();
        let Arguments { check, stdout, rate, profile, port, seed, shard, verbose, .. } = *arguments;
        Self {
            config,
            check,
            log_dir_override,
            stdout,
            rate,
            profile,
            scenarios,
            format,
            port,
            seed,
            shard,
            verbose,
        }
    }
}
