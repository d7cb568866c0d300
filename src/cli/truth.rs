//! The command line of `truth`: its arguments, its table of flags and its help.

use std::ffi::OsString;
use std::path::PathBuf;

use super::flags::{Action, Flag, FlagGroup, Printed};
use super::page::{CommandPage, Subcommand};
use super::words::{Parsed, UsageError, parse_with, usage};

/// The word that selects the command.
pub const COMMAND: &str = "truth";

/// The parsed command line of `truth`.
#[derive(Clone, Debug, PartialEq)]
pub struct TruthArguments {
    /// The record of the run; not empty.
    pub record: PathBuf,
    /// `--lines`, and not `--events`.
    pub lines: bool,
}

impl Default for TruthArguments {
    fn default() -> Self {
        Self { record: PathBuf::new(), lines: true }
    }
}

/// All flags of `truth`, each group in the order of the help.
pub const FLAGS: &[Flag<TruthArguments>] = &[
    Flag {
        long: "lines",
        short: None,
        group: FlagGroup::General,
        help: "Print the events and each line (the default)",
        action: Action::Set(|to| to.lines = true),
    },
    Flag {
        long: "events",
        short: None,
        group: FlagGroup::General,
        help: "Print the events alone",
        action: Action::Set(|to| to.lines = false),
    },
    Flag {
        long: "help",
        short: Some('h'),
        group: FlagGroup::General,
        help: "Print this help",
        action: Action::Print(Printed::Help),
    },
];

/// Parses the words of a command line, from the program's name on, without `truth`.
pub(super) fn parse(words: Vec<OsString>) -> Result<Parsed<TruthArguments>, UsageError> {
    let parsed = parse_with(FLAGS, words, take_record)?;
    let Parsed::Arguments { arguments, given } = &parsed else { return Ok(parsed) };
    if arguments.record.as_os_str().is_empty() {
        return Err(usage("truth needs the record of the run; name the run.json beside the logs"));
    }
    if given.iter().filter(|flag| ["lines", "events"].contains(&flag.long)).count() > 1 {
        return Err(usage("--lines and --events contradict each other; give one"));
    }
    Ok(parsed)
}

fn take_record(arguments: &mut TruthArguments, word: OsString) -> Result<(), UsageError> {
    if word.is_empty() {
        return Err(usage("RUN.json is empty; name a file"));
    }
    if !arguments.record.as_os_str().is_empty() {
        return Err(usage(format!(
            "found a second record, `{}`; give one, and run the command once for each",
            word.display()
        )));
    }
    arguments.record = PathBuf::from(word);
    Ok(())
}

/// The help of `truth`.
pub(super) const PAGE: CommandPage<TruthArguments> = CommandPage {
    summary: "Tells what truly happened in a run: its events, and who made each line",
    usage: &["truth [OPTIONS] RUN.json"],
    operands: &[("RUN.json", "The run.json that the run left beside its logs")],
    flags: FLAGS,
    remarks: "It makes the run again and prints truth.jsonl, which score reads: a JSON object on \
              each line. A record `event` stands where an event of the scenario begins, and \
              `event_end` where it is over, with the number of lines that it made or changed. \
              Between them is a record `line` for each line of access.log, with its number, \
              what kind of actor made it and which, and the event and its stage if it belongs to \
              one. What a surge adds cannot be told from the rest, so it has no lines of its own.",
    environment: &[],
    examples: &[
        "truth logs/run.json > truth.jsonl",
        "truth --events logs/run.json",
        "truth logs/run.json | zstd > truth.jsonl.zst",
    ],
    exit: &[
        ("0", "printed, or the reader has had enough"),
        ("1", "the record cannot be read, or the truth not be written"),
        ("2", "the command line is wrong"),
        ("78", "this version does not understand the configuration in run.json"),
    ],
};

/// The command as the manual page and the shells present it.
pub(super) fn subcommand() -> Subcommand {
    Subcommand {
        name: COMMAND,
        brief: "Tell what truly happened in a run",
        files: "run.json",
        page: PAGE.view(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Command;
    use super::super::tests::{has_its_help, parse_of, refuses};
    use super::*;

    fn parse(words: &str) -> Result<Command, UsageError> {
        parse_of("truth", words)
    }

    #[test]
    fn the_help_is_the_golden_file_and_fits_a_screen() {
        has_its_help("truth", &PAGE);
    }

    #[test]
    fn lines_are_printed_unless_events_alone_are_asked_for() {
        for (words, lines) in
            [("run.json", true), ("--lines run.json", true), ("run.json --events", false)]
        {
            let record = "run.json".into();
            assert_eq!(parse(words), Ok(Command::Truth(TruthArguments { record, lines })));
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        let cases = [
            "",
            "--events",
            "run.json other/run.json",
            "--events --lines run.json",
            "--events=no run.json",
            "--event run.json",
            "--run run.json",
        ];
        refuses("truth", &cases);
    }
}
