//! The command line of `ctl`: its arguments, its table of flags and its help.

use std::ffi::OsString;
use std::path::PathBuf;

use super::flags::{Action, Flag, FlagGroup, Printed};
use super::page::{CommandPage, Subcommand};
use super::words::{Parsed, UsageError, parse_with, usage};
use crate::config::Output;
use crate::control::{ControlRequest, REQUESTS};

/// The word that selects the command.
pub const COMMAND: &str = "ctl";

/// The parsed command line of `ctl`.
#[derive(Clone, Debug, PartialEq)]
pub struct CtlArguments {
    /// The directory of the run's logs.
    pub directory: PathBuf,
    /// What the run is asked.
    pub request: ControlRequest,
}

/// The words of a command line of `ctl`.
#[derive(Clone, Debug, Default)]
pub struct CtlWords(Vec<OsString>);

/// All flags of `ctl`, each group in the order of the help.
pub const FLAGS: &[Flag<CtlWords>] = &[Flag {
    long: "help",
    short: Some('h'),
    group: FlagGroup::General,
    help: "Print this help",
    action: Action::Print(Printed::Help),
}];

/// Parses the words of a command line, from the program's name on, without `ctl`.
pub(super) fn parse(words: Vec<OsString>) -> Result<Parsed<CtlArguments>, UsageError> {
    match parse_with(FLAGS, words, |to, word| {
        to.0.push(word);
        Ok(())
    })? {
        Parsed::Print(printed) => Ok(Parsed::Print(printed)),
        Parsed::Arguments { arguments: CtlWords(words), .. } => {
            Ok(Parsed::Arguments { arguments: arguments(&words)?, given: Vec::new() })
        }
    }
}

/// A directory comes first, unless the first word is a request.
fn arguments(words: &[OsString]) -> Result<CtlArguments, UsageError> {
    let is_request = |word: &OsString| {
        word.to_str().is_some_and(|word| ControlRequest::names().any(|name| name == word))
    };
    let (directory, request) = match words {
        [directory, request @ ..] if !is_request(directory) => (directory.into(), request),
        request => (PathBuf::from(Output::USUAL_DIRECTORY), request),
    };
    let request: Option<Vec<&str>> = request.iter().map(|word| word.to_str()).collect();
    let request = request.ok_or_else(|| usage("what you ask is no UTF-8".to_owned()))?;
    let request = ControlRequest::parse(&request).map_err(usage)?;
    Ok(CtlArguments { directory, request })
}

/// The help of `ctl`.
pub(super) const PAGE: CommandPage<CtlWords> = CommandPage {
    summary: "Steers a run: its rate, the events of its scenario, its files",
    usage: &["ctl [DIR] REQUEST"],
    operands: &OPERANDS,
    flags: FLAGS,
    remarks: "It asks over a socket in the directory of the logs, which only the user of the run can reach. What changes the \
              lines begins at a full second and is recorded in run.json, so that verify knows of it and --repeat makes the \
              same bytes. A run with --no-wait cannot be steered.",
    environment: &[],
    examples: &[
        "ctl status",
        "ctl ./logs rate 500",
        "ctl ./logs start flash_crowd",
        "ctl ./logs reload",
    ],
    exit: &[
        ("0", "the run does as asked"),
        ("1", "the run refuses, or there is none"),
        ("2", "the command line is wrong"),
    ],
};

const OPERANDS: [(&str, &str); REQUESTS.len() + 1] = {
    let mut operands =
        [("[DIR]", "The directory of the run's logs; ./logs without it"); REQUESTS.len() + 1];
    let mut at = 0;
    while at < REQUESTS.len() {
        operands[at + 1] = REQUESTS[at];
        at += 1;
    }
    operands
};

/// The command as the manual page and the shells present it.
pub(super) fn subcommand() -> Subcommand {
    Subcommand { name: COMMAND, brief: "Steer a run", files: "requests", page: PAGE.view() }
}

#[cfg(test)]
mod tests {
    use super::super::Command;
    use super::super::tests::{has_its_help, parse_of, refuses};
    use super::*;

    fn parse(words: &str) -> Result<Command, UsageError> {
        parse_of("ctl", words)
    }

    #[test]
    fn the_help_is_the_golden_file_and_fits_a_screen() {
        has_its_help("ctl", &PAGE);
    }

    #[test]
    fn a_directory_comes_first_and_is_the_usual_one_without() {
        for (words, directory, request) in [
            ("status", "./logs", ControlRequest::Status),
            ("/var/log/site rate 2.5", "/var/log/site", ControlRequest::Rate(2.5)),
            ("logs start sale", "logs", ControlRequest::Start("sale".into())),
        ] {
            let directory = directory.into();
            assert_eq!(parse(words), Ok(Command::Ctl(CtlArguments { directory, request })));
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        refuses(
            "ctl",
            &[
                "",
                "logs",
                "rate",
                "logs rate fast",
                "start",
                "pause now",
                "logs other status",
                "--all status",
            ],
        );
    }
}
