//! `ctl`: asks the run that writes to a directory.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::ctl::CtlArguments;
use crate::control::{ControlReply, ControlRequest, SOCKET};
use crate::error::{Error, Result};
use crate::{exit_status, output};

/// How long to wait for an answer: a large site takes seconds to make.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a `ctl` command line.
pub fn run(arguments: &CtlArguments) -> ExitCode {
    let CtlArguments { directory, request } = arguments;
    match ask(directory, request) {
        Ok(ControlReply::Done(text)) => output::print(format!("{}\n", text.trim_end())),
        Ok(ControlReply::Refused(why)) => failed(why),
        Err(error) => failed(error),
    }
}

fn failed(why: impl std::fmt::Display) -> ExitCode {
    output::complain(why);
    ExitCode::from(exit_status::FAILED)
}

/// Asks the run that writes to `directory`, and returns its answer.
///
/// # Errors
/// No run listens there, or it does not answer.
pub fn ask(directory: &Path, request: &ControlRequest) -> Result<ControlReply> {
    let path = directory.join(SOCKET);
    let no_run = |cause: std::io::Error| {
        let why = match cause.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => {
                "no run that waits for the clock listens there; name the directory of its logs"
                    .to_owned()
            }
            ErrorKind::PermissionDenied => {
                "only the user that the run belongs to may steer it".to_owned()
            }
            _ => cause.to_string(),
        };
        Error::new("ask", path.display(), why)
    };
    let no_answer = |cause: std::io::Error| Error::io("ask", &path)(cause);
    let mut stream = UnixStream::connect(&path).map_err(no_run)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(no_answer)?;
    stream.write_all(format!("{request}\n").as_bytes()).map_err(no_answer)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).map_err(no_answer)?;
    serde_json::from_str(&answer)
        .map_err(|_| Error::new("ask", path.display(), "the run ended before it answered"))
}
