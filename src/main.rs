//! The binary: arguments in, exit status out.

use std::process::ExitCode;

use access_log_generator::cli::{self, Command};
use access_log_generator::{exit_status, output, run, verify, version};

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(Command::Version) => output::print(version::block()),
        Ok(Command::Print(text)) => output::print(text),
        Ok(Command::Run(arguments)) => run::run(&arguments),
        Ok(Command::Verify(arguments)) => verify::run(&arguments),
        Err(error) => {
            output::complain(error);
            ExitCode::from(exit_status::USAGE)
        }
    }
}
