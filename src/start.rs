//! From the words of a command line to an exit status.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cli::{self, Command};
use crate::{ctl, exit_status, output, run, score, truth, verify, version};

/// Does what the program does with these words, of which the first is its own name, and returns its exit
/// status.
///
/// It takes over the process's messages and signals, so call it only once in a process.
pub fn command_line(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    match cli::parse(words) {
        Ok(Command::Version) => output::print(version::block()),
        Ok(Command::Print(text)) => output::print(text),
        Ok(Command::Run(arguments)) => run::run(&arguments),
        Ok(Command::Verify(arguments)) => verify::run(&arguments),
        Ok(Command::Truth(arguments)) => truth::run(&arguments),
        Ok(Command::Score(arguments)) => score::run(&arguments),
        Ok(Command::Ctl(arguments)) => ctl::run(&arguments),
        Err(error) => {
            output::complain(error);
            ExitCode::from(exit_status::USAGE)
        }
    }
}
