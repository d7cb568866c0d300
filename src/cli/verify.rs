//! The command line of `verify`: its arguments, its table of flags and its help.

use std::ffi::OsString;
use std::path::PathBuf;

use super::flags::{Action, Flag, FlagGroup, Printed};
use super::page::{CommandPage, Subcommand};
use super::values;
use super::words::{Parsed, UsageError, parse_with, usage};
use crate::fault::Fault;
use crate::moment::Moment;
use crate::output::Form;

/// The word that selects the command.
pub const COMMAND: &str = "verify";

/// The parsed command line of `verify`.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifyArguments {
    /// `--run`: the records of the runs; at least one, none empty.
    pub runs: Vec<PathBuf>,
    /// The files of received lines, `-` for standard input; at least one, none empty.
    pub received: Vec<PathBuf>,
    /// `--log`: the file of the log that is judged.
    pub log: Option<String>,
    /// `--field`
    pub field: Option<String>,
    /// `--since`
    pub since: Option<Moment>,
    /// `--until`
    pub until: Option<Moment>,
    /// `--tail-open`
    pub tail_open: bool,
    /// `--ignore`: the kinds of faults that do not make the exit status 1.
    pub ignored: Vec<Fault>,
    /// `--window`: 1,000 to 100,000,000 lines.
    pub window: u64,
    /// `--show`: how many findings of each kind to show, at most 1,000,000.
    pub show: usize,
    /// `--format`
    pub format: Form,
}

impl Default for VerifyArguments {
    fn default() -> Self {
        Self {
            runs: Vec::new(),
            received: Vec::new(),
            log: None,
            field: None,
            since: None,
            until: None,
            tail_open: false,
            ignored: Vec::new(),
            window: 1_000_000,
            show: 5,
            format: Form::Text,
        }
    }
}

/// All flags of `verify`, each group in the order of the help.
pub const FLAGS: &[Flag<VerifyArguments>] = &[
    Flag {
        long: "run",
        short: None,
        group: FlagGroup::Comparison,
        help: "The run.json that the run left beside its logs; once for each shard",
        action: Action::Gather {
            value: "FILE",
            read: |to, word| values::file(word).map(|file| to.runs.push(file)),
        },
    },
    Flag {
        long: "log",
        short: None,
        group: FlagGroup::Comparison,
        help: "The log to judge, of `output.logs`, if RECEIVED has another name",
        action: Action::Take {
            value: "NAME",
            read: |to, word| values::log(word).map(|log| to.log = Some(log)),
        },
    },
    Flag {
        long: "field",
        short: None,
        group: FlagGroup::Comparison,
        help: "The received lines are JSON, and this field holds the log line",
        action: Action::Take {
            value: "NAME",
            read: |to, word| values::field(word).map(|field| to.field = Some(field)),
        },
    },
    Flag {
        long: "since",
        short: None,
        group: FlagGroup::Comparison,
        help: "Judge lines of this time and later",
        action: Action::Take {
            value: "T",
            read: |to, word| values::moment(word).map(|since| to.since = Some(since)),
        },
    },
    Flag {
        long: "until",
        short: None,
        group: FlagGroup::Comparison,
        help: "Judge lines before this time",
        action: Action::Take {
            value: "T",
            read: |to, word| values::moment(word).map(|until| to.until = Some(until)),
        },
    },
    Flag {
        long: "tail-open",
        short: None,
        group: FlagGroup::Comparison,
        help: "Count nothing as missing after the last line received",
        action: Action::Set(|to| to.tail_open = true),
    },
    Flag {
        long: "ignore",
        short: None,
        group: FlagGroup::Comparison,
        help: "Kinds that do not change the exit status, such as out-of-order,doubled",
        action: Action::Gather {
            value: "KINDS",
            read: |to, word| values::faults(word).map(|faults| to.ignored.extend(faults)),
        },
    },
    Flag {
        long: "window",
        short: None,
        group: FlagGroup::Comparison,
        help: "By how many lines a line may be late (1000000); 100 bytes each",
        action: Action::Take {
            value: "N",
            read: |to, word| values::window(word).map(|window| to.window = window),
        },
    },
    Flag {
        long: "show",
        short: None,
        group: FlagGroup::General,
        help: "How many lines of each kind to show (5)",
        action: Action::Take {
            value: "N",
            read: |to, word| values::shown(word).map(|show| to.show = show),
        },
    },
    Flag {
        long: "format",
        short: None,
        group: FlagGroup::General,
        help: "Print the report as text (the default) or as json",
        action: Action::Take {
            value: "FORM",
            read: |to, word| values::form(word).map(|format| to.format = format),
        },
    },
    Flag {
        long: "help",
        short: Some('h'),
        group: FlagGroup::General,
        help: "Print this help",
        action: Action::Print(Printed::Help),
    },
];

/// Parses the words of a command line, from the program's name on, without `verify`.
pub(super) fn parse(words: Vec<OsString>) -> Result<Parsed<VerifyArguments>, UsageError> {
    let parsed = parse_with(FLAGS, words, take_received)?;
    let Parsed::Arguments { arguments, .. } = &parsed else { return Ok(parsed) };
    if arguments.runs.is_empty() {
        return Err(usage(
            "verify needs the record of the run; write --run FILE, the run.json beside the logs",
        ));
    }
    if arguments.received.is_empty() {
        return Err(usage(
            "verify needs what was received; name the files, or - for standard input",
        ));
    }
    Ok(parsed)
}

fn take_received(arguments: &mut VerifyArguments, word: OsString) -> Result<(), UsageError> {
    if word.is_empty() {
        return Err(usage("RECEIVED is empty; name a file"));
    }
    let file = PathBuf::from(word);
    if file.as_os_str() == "-" && arguments.received.contains(&file) {
        return Err(usage("standard input is named twice; it can be read once"));
    }
    arguments.received.push(file);
    Ok(())
}

/// The help of `verify`.
pub(super) const PAGE: CommandPage<VerifyArguments> = CommandPage {
    summary: "Tells which lines of a run did not arrive: makes them again and compares",
    usage: &["verify --run run.json [OPTIONS] RECEIVED..."],
    operands: &[(
        "RECEIVED",
        "The lines of access.log that you received, or of a log of `output.logs`: files, plain, \
         gzip or zstd, in any order; - is standard input",
    )],
    flags: FLAGS,
    remarks: "These are the KINDS. A line is missing if it did not arrive, and doubled if it came \
              again. It is out-of-order if you would have to move it, and not its neighbours, to \
              restore the order. It is altered if another text stands in its place, and foreign if \
              no run wrote it. run.json also knows earlier runs in the same directory. Name the \
              records of all shards of a site, each with --run.",
    environment: &[],
    examples: &[
        "verify --run logs/run.json received.log",
        "verify --run logs/run.json --field message out/*.json.gz",
        "verify --run 0/run.json --run 1/run.json merged.log",
        "verify --run logs/run.json --since -1h --tail-open received.log",
    ],
    exit: &[
        ("0", "all is there, or only what you ignore is wrong"),
        ("1", "lines are wrong, or a file cannot be read"),
        ("2", "the command line is wrong"),
        ("78", "this version does not understand the configuration in run.json"),
    ],
};

/// The command as the manual page and the shells present it.
pub(super) fn subcommand() -> Subcommand {
    Subcommand {
        name: COMMAND,
        brief: "Tell which lines did not arrive",
        files: "received lines",
        page: PAGE.view(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Command;
    use super::super::tests::{has_its_help, parse_of, refuses};
    use super::*;

    fn parse(words: &str) -> Result<Command, UsageError> {
        parse_of("verify", words)
    }

    #[test]
    fn the_help_is_the_golden_file_and_fits_a_screen() {
        has_its_help("verify", &PAGE);
    }

    #[test]
    fn all_of_it_together() {
        let words = "--run run.json --run 1/run.json a.gz --log slow.log --field log.original --since 2026-11-01T00:00:00Z - \
                     --until -1h --ignore out-of-order,doubled --tail-open --ignore foreign --window 5000 --show 0 --format json";
        let expected = VerifyArguments {
            runs: vec!["run.json".into(), "1/run.json".into()],
            received: vec!["a.gz".into(), "-".into()],
            log: Some("slow.log".to_owned()),
            field: Some("log.original".to_owned()),
            since: Moment::parse("2026-11-01T00:00:00Z"),
            until: Moment::parse("-1h"),
            tail_open: true,
            ignored: vec![Fault::OutOfOrder, Fault::Doubled, Fault::Foreign],
            window: 5_000,
            show: 0,
            format: Form::Json,
        };
        assert_eq!(parse(words), Ok(Command::Verify(expected)));
    }

    #[test]
    fn a_configuration_may_have_the_name_of_the_command() {
        let Ok(Command::Run(arguments)) = super::super::parse(["log", "./verify"]) else {
            panic!("./verify is a file");
        };
        assert_eq!(arguments.config, Some("./verify".into()));
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        let cases = [
            "",
            "--run run.json",
            "a.log",
            "--run",
            "--run --field x a.log",
            "--run run.json - -",
            "--run run.json --window 999 a",
            "--run run.json --show some a",
            "--run run.json --ignore out_of_ordr a",
            "--run run.json --ignore missing, a",
            "--run run.json --ignore unreadable a",
            "--run run.json --format xml a",
            "--run run.json --field= a",
            "--run run.json --log= a",
            "--run run.json --since yesterday a",
            "--run run.json --seed 7 a",
            "--run run.json --tail a",
            "--run run.json --tail-open --tail-open a",
        ];
        refuses("verify", &cases);
    }
}
