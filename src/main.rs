//! The binary: arguments in, exit status out.

use std::process::ExitCode;

use access_log_generator::cli::{self, Command};
use access_log_generator::{exit_status, run, version};

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(Command::Help) => print!("{}", cli::help()),
        Ok(Command::Version) => print!("{}", version::block()),
        Ok(Command::Run(arguments)) => return run::run(&arguments),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(exit_status::USAGE);
        }
    }
    ExitCode::from(exit_status::DONE)
}
