//! What a command line says of the configuration. The command line itself is read in a room above this one.

use std::path::PathBuf;

use crate::config::Profile;
use crate::log_format::LogFormat;
use crate::port::Port;
use crate::shard::Shard;

/// What a command line says of the configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommandLine {
    /// The configuration file, where one is named.
    pub config: Option<PathBuf>,
    /// The configuration is only checked.
    pub check: bool,
    /// `--log-dir-override`; never empty.
    pub log_dir_override: Option<PathBuf>,
    /// `--stdout`
    pub stdout: bool,
    /// `--rate`
    pub rate: Option<f64>,
    /// `--profile`; `Some(None)` is `--profile none`
    pub profile: Option<Option<Profile>>,
    /// `--scenario`: names of the library, or files.
    pub scenarios: Vec<String>,
    /// `--format`
    pub format: Option<LogFormat>,
    /// `--port`
    pub port: Option<Port>,
    /// `--seed`
    pub seed: Option<u64>,
    /// `--shard`
    pub shard: Option<Shard>,
    /// Messages of level DEBUG too.
    pub verbose: bool,
}
