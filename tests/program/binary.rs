//! The binary under test, as a command in a directory of its own.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

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

/// What one of the commands of the program prints, given this on standard input.
pub fn command(directory: &Path, name: &str, arguments: &[&str], input: &[u8]) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
        .current_dir(directory)
        .env_clear()
        .arg(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended with an error before it read anything.
    let _ = process.stdin.take().unwrap().write_all(input);
    process.wait_with_output().unwrap()
}
