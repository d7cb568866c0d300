//! The command line of `score`: its arguments, its table of flags and its help.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::flags::{Action, Flag, FlagGroup, Printed};
use super::page::{CommandPage, Subcommand};
use super::values;
use super::words::{Parsed, UsageError, parse_with, usage};
use crate::basis::Basis;
use crate::output::Form;

/// The word that selects the command.
pub const COMMAND: &str = "score";

/// The parsed command line of `score`.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreArguments {
    /// `--truth`: the files of the truth; at least one, none empty.
    pub truth: Vec<PathBuf>,
    /// The files of detections, `-` for standard input; at least one, none empty.
    pub detections: Vec<PathBuf>,
    /// `--by`
    pub by: Basis,
    /// `--grace`: how long after its end an event can be detected.
    pub grace: Duration,
    /// `--window`: the length of a window, above zero.
    pub window: Duration,
    /// `--format` or `--json`
    pub format: Form,
}

impl Default for ScoreArguments {
    fn default() -> Self {
        Self {
            truth: Vec::new(),
            detections: Vec::new(),
            by: Basis::Events,
            grace: Duration::from_secs(60),
            window: Duration::from_secs(60),
            format: Form::Text,
        }
    }
}

/// All flags of `score`, each group in the order of the help.
pub const FLAGS: &[Flag<ScoreArguments>] = &[
    Flag {
        long: "truth",
        short: None,
        group: FlagGroup::Comparison,
        help: "The truth.jsonl of a run; several files, the oldest first",
        action: Action::Gather {
            value: "FILE",
            read: |to, word| values::file(word).map(|file| to.truth.push(file)),
        },
    },
    Flag {
        long: "by",
        short: None,
        group: FlagGroup::Comparison,
        help: "What counts: events (default), windows, addresses or lines",
        action: Action::Take {
            value: "BASIS",
            read: |to, word| values::basis(word).map(|by| to.by = by),
        },
    },
    Flag {
        long: "grace",
        short: None,
        group: FlagGroup::Comparison,
        help: "How long after its end an event may be detected, or 5m (60)",
        action: Action::Take {
            value: "SECONDS",
            read: |to, word| values::grace(word).map(|grace| to.grace = grace),
        },
    },
    Flag {
        long: "window",
        short: None,
        group: FlagGroup::Comparison,
        help: "How long a window of --by windows is, or 5m (60)",
        action: Action::Take {
            value: "SECONDS",
            read: |to, word| values::window_length(word).map(|window| to.window = window),
        },
    },
    Flag {
        long: "format",
        short: None,
        group: FlagGroup::General,
        help: "Print the grades as text (the default) or as json",
        action: Action::Take {
            value: "FORM",
            read: |to, word| values::form(word).map(|format| to.format = format),
        },
    },
    Flag {
        long: "json",
        short: None,
        group: FlagGroup::General,
        help: "The same as --format json",
        action: Action::Set(|to| to.format = Form::Json),
    },
    Flag {
        long: "help",
        short: Some('h'),
        group: FlagGroup::General,
        help: "Print this help",
        action: Action::Print(Printed::Help),
    },
];

/// Parses the words of a command line, from the program's name on, without `score`.
pub(super) fn parse(words: Vec<OsString>) -> Result<Parsed<ScoreArguments>, UsageError> {
    let parsed = parse_with(FLAGS, words, take_detections)?;
    let Parsed::Arguments { arguments, given } = &parsed else { return Ok(parsed) };
    if arguments.truth.is_empty() {
        return Err(usage(
            "score needs what truly happened; write --truth FILE, with what truth prints of the run",
        ));
    }
    if arguments.detections.is_empty() {
        return Err(usage(
            "score needs what was detected; name the files, or - for standard input",
        ));
    }
    let files = arguments.truth.iter().chain(&arguments.detections);
    if files.filter(|file| file.as_os_str() == "-").count() > 1 {
        return Err(usage("standard input is named twice; it can be read once"));
    }
    refuse_useless(given, arguments.by)?;
    Ok(parsed)
}

/// Refuses options that would change nothing, because they belong to another basis or say the same twice.
fn refuse_useless(given: &[&Flag<ScoreArguments>], by: Basis) -> Result<(), UsageError> {
    let has = |long: &str| given.iter().any(|flag| flag.long == long);
    if has("format") && has("json") {
        return Err(usage("--format and --json both say the form; give one"));
    }
    if has("window") && by != Basis::Windows {
        return Err(usage(format!(
            "--window says nothing to --by {}; give it with --by windows",
            by.name()
        )));
    }
    if has("grace") && matches!(by, Basis::Windows | Basis::Lines) {
        return Err(usage(format!(
            "--grace says nothing to --by {}; give it with --by events or addresses",
            by.name()
        )));
    }
    Ok(())
}

fn take_detections(arguments: &mut ScoreArguments, word: OsString) -> Result<(), UsageError> {
    if word.is_empty() {
        return Err(usage("DETECTIONS is empty; name a file"));
    }
    arguments.detections.push(PathBuf::from(word));
    Ok(())
}

/// The help of `score`.
pub(super) const PAGE: CommandPage<ScoreArguments> = CommandPage {
    summary: "Grades a detector: compares what it has detected with what truly happened",
    usage: &["score --truth truth.jsonl [OPTIONS] DETECTIONS..."],
    operands: &[(
        "DETECTIONS",
        "What was detected: a JSON object on each line, with `time`, or `from` and `until`, and \
         with `kind` if it has one; by addresses with `remote_host` and by lines with `line`, \
         where the time may be missing; other keys are passed over. Files, plain, gzip or zstd; \
         - is standard input",
    )],
    flags: FLAGS,
    remarks: "By events, an event is found if a detection falls between its start and its end with \
              the grace, and names its kind or none; a detection that finds no event is false. By \
              windows, the windows with a line of an event count; a detection detects each window \
              that it touches. By addresses, the remote hosts of attacks count, and by lines, the \
              lines of events; a detection names one. Precision is the share of true ones among \
              what was detected, recall the share of detected ones among what is true, and F1 \
              their harmonic mean. What is undefined is printed as -. The delay runs from the \
              start of an event to its first true detection.",
    environment: &[],
    examples: &[
        "score --truth logs/truth.jsonl alerts.jsonl",
        "score --truth logs/truth.jsonl --by windows --window 5m --json -",
        "score --truth logs/truth.jsonl --by addresses banned.jsonl",
    ],
    exit: &[
        ("0", "graded, whatever the grade is"),
        ("1", "a file cannot be read, or not as what it should be"),
        ("2", "the command line is wrong"),
        ("78", "the truth has no records of lines, which --by needs"),
    ],
};

/// The command as the manual page and the shells present it.
pub(super) fn subcommand() -> Subcommand {
    Subcommand { name: COMMAND, brief: "Grade a detector", files: "detections", page: PAGE.view() }
}

#[cfg(test)]
mod tests {
    use super::super::Command;
    use super::super::tests::{has_its_help, parse_of, refuses};
    use super::*;

    fn parse(words: &str) -> Result<Command, UsageError> {
        parse_of("score", words)
    }

    #[test]
    fn the_help_is_the_golden_file_and_fits_a_screen() {
        has_its_help("score", &PAGE);
    }

    #[test]
    fn all_of_it_together() {
        let words = "--truth truth.jsonl.1.gz a.jsonl --by windows --truth truth.jsonl --window 90 - --format json";
        let expected = ScoreArguments {
            truth: vec!["truth.jsonl.1.gz".into(), "truth.jsonl".into()],
            detections: vec!["a.jsonl".into(), "-".into()],
            by: Basis::Windows,
            window: Duration::from_secs(90),
            format: Form::Json,
            ..ScoreArguments::default()
        };
        assert_eq!(parse(words), Ok(Command::Score(expected)));
        let words = "--truth t --by addresses --grace 1h30m a --json";
        let expected = ScoreArguments {
            truth: vec!["t".into()],
            detections: vec!["a".into()],
            by: Basis::Addresses,
            grace: Duration::from_secs(5_400),
            format: Form::Json,
            ..ScoreArguments::default()
        };
        assert_eq!(parse(words), Ok(Command::Score(expected)));
    }

    #[test]
    fn no_grace_is_a_grace_and_no_window_is_no_window() {
        let Ok(Command::Score(arguments)) = parse("--truth t --grace 0 a") else {
            panic!("an event may be over at its end")
        };
        assert_eq!(arguments.grace, Duration::ZERO);
        assert!(parse("--truth t --by windows --window 0 a").is_err());
    }

    #[test]
    fn what_is_wrong_is_said_with_what_would_be_right() {
        let cases = [
            "",
            "--truth t",
            "a.jsonl",
            "--truth",
            "--truth= a",
            "--truth t - -",
            "--truth - -",
            "--truth t --by line a",
            "--truth t --by users a",
            "--truth t --by windows --window 0 a",
            "--truth t --by windows --window minute a",
            "--truth t --window 60 a",
            "--truth t --by lines --grace 60 a",
            "--truth t --grace -1 a",
            "--truth t --format xml a",
            "--truth t --json --format json a",
            "--truth t --jsn a",
        ];
        refuses("score", &cases);
    }
}
