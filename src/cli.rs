//! The command line: turns words into [`Arguments`], or into an error that says what would be right. The
//! flags are rows of a table ([`flags::FLAGS`]); the commands `verify`, `truth`, `score` and `ctl` have tables
//! of their own ([`verify::FLAGS`], [`truth::FLAGS`], [`score::FLAGS`], [`ctl::FLAGS`]).

mod arguments;
mod candidates;
pub mod completions;
pub mod ctl;
pub mod documents;
pub mod flags;
mod help;
pub mod man;
mod page;
pub mod score;
pub mod truth;
mod values;
pub mod verify;
mod words;

use std::ffi::OsString;

pub use self::arguments::Arguments;
use self::completions::completions;
use self::documents::Manual;
use self::flags::{FLAGS, Flag, Printed};
use self::help::help;
use self::page::{CommandPage, Subcommand};
pub use self::words::UsageError;
use self::words::{Parsed, parse_with, usage};
use crate::config::{scenario_library, schema};

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Print the version and exit.
    Version,
    /// Print this text and exit.
    Print(String),
    /// Run, check or print something, as the arguments say.
    Run(Arguments),
    /// Compare received lines with those that were written.
    Verify(verify::VerifyArguments),
    /// Tell what truly happened in a run.
    Truth(truth::TruthArguments),
    /// Compare what was detected with what truly happened.
    Score(score::ScoreArguments),
    /// Ask a run something.
    Ctl(ctl::CtlArguments),
}

/// The help of a run, apart from its flags.
const PAGE: CommandPage<Arguments> = CommandPage {
    summary: "Writes the access logs of a web site that does not exist, at a true rate",
    usage: &[
        "[OPTIONS] [CONFIG]",
        "verify --run run.json RECEIVED...",
        "truth run.json",
        "score --truth truth.jsonl DETECTIONS...",
        "ctl [DIR] REQUEST",
    ],
    operands: &[
        ("[CONFIG]", "The configuration (YAML), in place of those that are looked for"),
        ("verify", "Tell which lines did not arrive; verify --help says how"),
        ("truth", "Tell what truly happened in a run; truth --help says how"),
        ("score", "Grade a detector; score --help says how"),
        ("ctl", "Steer a run; ctl --help says how"),
    ],
    flags: FLAGS,
    remarks: "",
    environment: &[
        (
            "LOG_GENERATOR_CONFIG_YAML_B64, LOG_GENERATOR_CONFIG_YAML, LOG_GENERATOR_CONFIG_PATH",
            "The configuration: as base64, as YAML, by its path",
        ),
        (
            "LOG_DIR_OVERRIDE, RATE_OVERRIDE, PORT_OVERRIDE",
            "As --log-dir-override, --rate and --port, which win over them",
        ),
        ("DESTINATION_OVERRIDE", "files, stdout or both; --stdout wins over it"),
        ("LOG_DIR_DEFAULT", "The directory of the logs if the configuration names none"),
        (
            "ACCESS_LOG_GENERATOR_DROP_TO",
            "UID:GID, set by the image: root becomes it, unless empty",
        ),
        (
            "SHARD; or SHARD_COUNT with SHARD_INDEX, JOB_COMPLETION_INDEX or BACALHAU_PARTITION_INDEX",
            "As --shard, which wins over them; SHARD_COUNT alone takes the number at the end of \
             the host name, such as web-3",
        ),
    ],
    examples: &[
        "config.yaml",
        "--rate 100 --log-dir-override ./logs",
        "--seed 42 --from 2026-11-01T00:00:00Z --duration 7d",
        "--repeat logs/run.json --log-dir-override again",
        "--check config.yaml",
    ],
    exit: &[
        ("0", "done, or stopped by a signal"),
        ("1", "failed while running"),
        ("2", "the command line is wrong"),
        ("78", "the configuration is wrong, and nothing was touched"),
        ("130", "ended by a second signal"),
    ],
};

/// Parses the words of a command line, of which the first is the program's name. `--help` and
/// `--version` win over the words after them, but not over an error before them.
///
/// # Errors
/// The first wrong word: which it is, what was found, and what would be right.
pub fn parse<I>(words: I) -> Result<Command, UsageError>
where
    I: IntoIterator,
    I::Item: Into<OsString>,
{
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    // A command must come first; everywhere else these words are names.
    let word = |at: usize| words.get(at).and_then(|word| word.to_str());
    match word(1) {
        Some(verify::COMMAND) => {
            return of_command(words, &verify::PAGE, verify::parse, Command::Verify);
        }
        Some(truth::COMMAND) => {
            return of_command(words, &truth::PAGE, truth::parse, Command::Truth);
        }
        Some(score::COMMAND) => {
            return of_command(words, &score::PAGE, score::parse, Command::Score);
        }
        Some(ctl::COMMAND) => return of_command(words, &ctl::PAGE, ctl::parse, Command::Ctl),
        Some("help") => {
            return Ok(match word(2) {
                Some(verify::COMMAND) => print(Printed::Help, &verify::PAGE),
                Some(truth::COMMAND) => print(Printed::Help, &truth::PAGE),
                Some(score::COMMAND) => print(Printed::Help, &score::PAGE),
                Some(ctl::COMMAND) => print(Printed::Help, &ctl::PAGE),
                _ => print(Printed::Help, &PAGE),
            });
        }
        Some("version") => return Ok(print(Printed::Version, &PAGE)),
        _ => {}
    }
    Ok(match parse_with(FLAGS, words, take_config)? {
        Parsed::Print(printed) => print(printed, &PAGE),
        Parsed::Arguments { arguments: Arguments { completions: Some(shell), .. }, .. } => {
            Command::Print(completions(shell, &PAGE.view().flags, &subcommands()))
        }
        Parsed::Arguments { arguments: Arguments { config_schema: true, .. }, .. } => {
            Command::Print(schema::text())
        }
        Parsed::Arguments { arguments: Arguments { manual: Some(manual), .. }, .. } => {
            Command::Print(match manual {
                Manual::Program => man::program(&PAGE, &subcommands()),
                Manual::Configuration => man::configuration(),
            })
        }
        Parsed::Arguments { arguments, given } => {
            refuse_contradictions(&given)?;
            refuse_other_runs(&given, &arguments)?;
            Command::Run(arguments)
        }
    })
}

/// The commands beside a run.
fn subcommands() -> Vec<Subcommand> {
    vec![verify::subcommand(), truth::subcommand(), score::subcommand(), ctl::subcommand()]
}

/// Parses the words of a command beside a run. The name of the command is the second word.
fn of_command<A, F>(
    mut words: Vec<OsString>,
    page: &CommandPage<F>,
    parse: fn(Vec<OsString>) -> Result<Parsed<A>, UsageError>,
    make: fn(A) -> Command,
) -> Result<Command, UsageError> {
    if words.len() == 3 && words[2] == "help" {
        return Ok(print(Printed::Help, page));
    }
    words.remove(0);
    Ok(match parse(words)? {
        Parsed::Print(printed) => print(printed, page),
        Parsed::Arguments { arguments, .. } => make(arguments),
    })
}

/// The command that prints the help or the version of this page.
fn print<A>(printed: Printed, page: &CommandPage<A>) -> Command {
    match printed {
        Printed::Help => Command::Print(help(page)),
        Printed::Version => Command::Version,
        Printed::Scenarios => Command::Print(scenario_library::listing()),
    }
}

/// Refuses flags that contradict each other. A run that ignored one would not be what the user asked for.
fn refuse_contradictions(given: &[&Flag]) -> Result<(), UsageError> {
    let has = |long: &str| given.iter().any(|flag| flag.long == long);
    const CONTRADICTIONS: [(&str, &str); 7] = [
        ("verbose", "quiet"),
        ("check", "print-config"),
        ("check", "schema"),
        ("check", "print-parser"),
        ("print-config", "schema"),
        ("print-config", "print-parser"),
        ("schema", "print-parser"),
    ];
    for (one, other) in CONTRADICTIONS {
        if has(one) && has(other) {
            return Err(usage(format!("--{one} and --{other} contradict each other; give one")));
        }
    }
    Ok(())
}

/// Refuses options that describe another run than the record given.
fn refuse_other_runs(given: &[&Flag], arguments: &Arguments) -> Result<(), UsageError> {
    const OTHERS: [&str; 13] = [
        "profile", "scenario", "rate", "format", "seed", "from", "shard", "until", "lines",
        "duration", "bytes", "check", "exit",
    ];
    if arguments.repeat.is_none() {
        return Ok(());
    }
    if let Some(other) = given.iter().find(|flag| OTHERS.contains(&flag.long)) {
        return Err(usage(format!(
            "--repeat and --{} contradict each other: the record says what the run was; give one",
            other.long
        )));
    }
    match &arguments.config {
        Some(config) => Err(usage(format!(
            "--repeat and the configuration `{}` contradict each other: the record has its own; give one",
            config.display()
        ))),
        None => Ok(()),
    }
}

fn take_config(arguments: &mut Arguments, word: OsString) -> Result<(), UsageError> {
    values::config(arguments, &word).map_err(usage)
}

#[cfg(test)]
pub(crate) mod tests;
