//! The binary: arguments in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    access_log_generator::command_line(std::env::args_os())
}
