//! The binary under test, as a command in a directory of its own.

use std::path::Path;
use std::process::{Command, Stdio};

/// A generator with the configuration that follows `output:`, and nothing of the environment's.
pub fn generator(directory: &Path, output: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    command
        .current_dir(directory)
        .env_clear()
        .env("LOG_GENERATOR_CONFIG_YAML", format!("output: {{directory: logs, {output}}}"))
        .stdin(Stdio::null());
    command
}
