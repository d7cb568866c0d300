//! What goes to standard output and standard error besides the log: a reader that went away or a
//! full disk behind them is no reason to panic.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use crate::exit_status;

/// Prints `text` to standard output, and says how that ends the process: well, also when the
/// reader had enough (`| head`), or as failed where it could not be written.
pub fn print(text: impl Display) -> ExitCode {
    let mut stdout = io::stdout().lock();
    let written = write!(stdout, "{text}").and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(format_args!("cannot write to standard output: {error}"));
            ExitCode::from(exit_status::FAILED)
        }
        _ => ExitCode::from(exit_status::DONE),
    }
}

/// Says something on standard error, if anybody can hear it.
pub fn complain(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
