//! The command line: from words to [`Arguments`], or to an error that says what would be right.
//! The flags are the rows of one table ([`flags::FLAGS`]); the command `verify` has its own
//! ([`verify::FLAGS`]).

pub mod completions;
pub mod documents;
pub mod flags;
mod help;
pub mod man;
mod page;
mod values;
pub mod verify;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::Arg;

use self::completions::completions;
use self::documents::{Manual, Shell};
use self::flags::{Action, FLAGS, Flag, Printed};
use self::help::help;
use self::page::Page;
use crate::config::schema;
use crate::health_check::Probe;
use crate::moment::Moment;
use crate::output::Form;
use crate::port::Port;
use crate::retry::Retry;
use crate::shard::Shard;

/// A command line, understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// The configuration file, where one is named.
    pub config: Option<PathBuf>,
    /// Check the configuration and end.
    pub check: bool,
    /// Print the effective configuration and end.
    pub print_config: bool,
    /// Print the JSON Schema of a configuration and end.
    pub config_schema: bool,
    /// Start up, then end at once.
    pub exit: bool,
    /// `--log-dir-override`; never empty.
    pub log_dir_override: Option<PathBuf>,
    /// `--rate`: above 0, at most 10,000,000.
    pub rate: Option<f64>,
    /// `--port`
    pub port: Option<Port>,
    /// `--seed`
    pub seed: Option<u64>,
    /// `--from`
    pub from: Option<Moment>,
    /// `--shard`
    pub shard: Option<Shard>,
    /// `--until`
    pub until: Option<Moment>,
    /// `--lines`: at least 1.
    pub lines: Option<u64>,
    /// `--duration`: above zero, at most 100 years.
    pub duration: Option<Duration>,
    /// `--bytes`: at least 1.
    pub bytes: Option<u64>,
    /// Never wait for the clock.
    pub no_wait: bool,
    /// `--repeat`: the record of the run that is made again.
    pub repeat: Option<PathBuf>,
    /// `--retry`
    pub retry: Option<Retry>,
    /// `--workers`: 1 to 64.
    pub workers: Option<usize>,
    /// Messages of level DEBUG too.
    pub verbose: bool,
    /// Only warnings and errors on standard error.
    pub quiet: bool,
    /// `--summary`: what is printed on standard output at the end.
    pub summary: Option<Form>,
    /// `--health-check`: whom to ask instead of running.
    pub health_check: Option<Probe>,
    /// `--completions`: the shell whose script is printed instead of running.
    pub completions: Option<Shell>,
    /// `--man`: the page that is printed instead of running.
    pub manual: Option<Manual>,
}

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Print the version and end.
    Version,
    /// Print this and end.
    Print(String),
    /// Run, check or print, as the arguments say.
    Run(Arguments),
    /// Compare what was received with what was written.
    Verify(verify::Arguments),
}

/// What is said of a run.
const PAGE: Page<Arguments> = Page {
    summary: "Writes the access logs of a web site that does not exist, at a true rate",
    usage: &["[OPTIONS] [CONFIG]", "verify --run run.json RECEIVED..."],
    operands: &[
        (
            "[CONFIG]",
            "The configuration, a YAML file; without it the environment is looked at, then \
             config/config.yaml, then the built-in default",
        ),
        ("verify", "Tell which lines did not arrive; verify --help says how"),
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
        ("LOG_DIR_DEFAULT", "The directory of the logs where the configuration names none"),
        (
            "ACCESS_LOG_GENERATOR_DROP_TO",
            "UID:GID, set by the container image: the user that a root becomes before it writes; empty to stay root",
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
        ("78", "the configuration is wrong, and nothing was created or touched"),
        ("130", "ended by a second signal"),
    ],
};

/// A command line that cannot be understood: one sentence for standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError(String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (--help lists all options)", self.0)
    }
}

impl std::error::Error for UsageError {}

/// Understands the words of a command line, the program's name first. `--help` and `--version` win over what
/// follows them, not over an error before them.
///
/// # Errors
/// At the first word that is wrong: which, what was found and what would be right.
pub fn parse<I>(words: I) -> Result<Command, UsageError>
where
    I: IntoIterator,
    I::Item: Into<OsString>,
{
    let mut words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    // Only in the first place: everywhere else they are names.
    let first = words.get(1).and_then(|word| word.to_str());
    match first {
        Some(verify::COMMAND) => {
            if words.len() == 3 && words[2] == "help" {
                return Ok(print(Printed::Help, &verify::PAGE));
            }
            words.remove(0);
            return verify::parse(words);
        }
        Some("help") if words.get(2).is_some_and(|word| word == verify::COMMAND) => {
            return Ok(print(Printed::Help, &verify::PAGE));
        }
        Some("help") => return Ok(print(Printed::Help, &PAGE)),
        Some("version") => return Ok(print(Printed::Version, &PAGE)),
        _ => {}
    }
    Ok(match parse_with(FLAGS, words, take_config)? {
        Parsed::Print(printed) => print(printed, &PAGE),
        Parsed::Arguments { arguments: Arguments { completions: Some(shell), .. }, .. } => {
            Command::Print(completions(shell, &PAGE, &verify::PAGE))
        }
        Parsed::Arguments { arguments: Arguments { config_schema: true, .. }, .. } => {
            Command::Print(schema::text())
        }
        Parsed::Arguments { arguments: Arguments { manual: Some(manual), .. }, .. } => {
            Command::Print(match manual {
                Manual::Program => man::program(&PAGE, &verify::PAGE),
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

/// What is printed in the place of a command that has this page.
fn print<A>(printed: Printed, page: &Page<A>) -> Command {
    match printed {
        Printed::Help => Command::Print(help(page)),
        Printed::Version => Command::Version,
    }
}

/// What the words of a command mean.
enum Parsed<A: 'static> {
    Print(Printed),
    Arguments {
        arguments: A,
        /// The flags that were given.
        given: Vec<&'static Flag<A>>,
    },
}

/// Understands the words of a command with these flags; `take` takes the words that are none.
fn parse_with<A: Default>(
    flags: &'static [Flag<A>],
    words: Vec<OsString>,
    take: fn(&mut A, OsString) -> Result<(), UsageError>,
) -> Result<Parsed<A>, UsageError> {
    let mut parser = lexopt::Parser::from_iter(words);
    let mut arguments = A::default();
    let mut given: Vec<&Flag<A>> = Vec::new();
    while let Some(argument) = parser.next().map_err(|error| usage(describe(&error)))? {
        let flag = match argument {
            Arg::Long(name) => {
                find(flags, |flag| flag.is(name)).ok_or_else(|| unknown_long(flags, name))?
            }
            Arg::Short(name) => find(flags, |flag| flag.short == Some(name))
                .ok_or_else(|| usage(format!("there is no option `-{name}`")))?,
            Arg::Value(word) => {
                take(&mut arguments, word)?;
                continue;
            }
        };
        let again = given.iter().any(|earlier| earlier.long == flag.long);
        if again && !matches!(flag.action, Action::Gather { .. }) {
            return Err(usage(format!("--{} is given twice; give it once", flag.long)));
        }
        given.push(flag);
        match flag.action {
            Action::Print(printed) => return Ok(Parsed::Print(printed)),
            Action::Set(set) => set(&mut arguments),
            Action::MayTake { is_value, read, .. } => {
                let word = parser.optional_value().or_else(|| next_if(&mut parser, is_value));
                read(&mut arguments, word.as_deref())
                    .map_err(|what| usage(format!("--{}: {what}", flag.long)))?;
            }
            Action::Take { value, read } | Action::Gather { value, read } => {
                let word = value_of(flags, &mut parser, flag, value)?;
                read(&mut arguments, &word)
                    .map_err(|what| usage(format!("--{}: {what}", flag.long)))?;
            }
        }
    }
    Ok(Parsed::Arguments { arguments, given })
}

/// Flags that are of no use together; a run that ignored one would not be what was asked for.
fn refuse_contradictions(given: &[&Flag]) -> Result<(), UsageError> {
    let has = |long: &str| given.iter().any(|flag| flag.long == long);
    for (one, other) in [("verbose", "quiet"), ("check", "print-config")] {
        if has(one) && has(other) {
            return Err(usage(format!("--{one} and --{other} contradict each other; give one")));
        }
    }
    Ok(())
}

/// What says which run it is contradicts the record of one.
fn refuse_other_runs(given: &[&Flag], arguments: &Arguments) -> Result<(), UsageError> {
    const OTHERS: [&str; 10] =
        ["rate", "seed", "from", "shard", "until", "lines", "duration", "bytes", "check", "exit"];
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

/// The value of an option, which may be the next word; but not one that is itself an option.
fn value_of<A>(
    flags: &'static [Flag<A>],
    parser: &mut lexopt::Parser,
    flag: &Flag<A>,
    value: &str,
) -> Result<OsString, UsageError> {
    let missing = |found: &str| {
        let long = flag.long;
        usage(format!("--{long} needs a value{found}; write --{long} {value}"))
    };
    if let Some(word) = parser.optional_value() {
        return Ok(word);
    }
    let word = parser.value().map_err(|_| missing(""))?;
    if is_option(flags, &word) {
        return Err(missing(&format!(", found the option `{}`", word.display())));
    }
    Ok(word)
}

/// The next word, if it is what is wanted.
fn next_if(parser: &mut lexopt::Parser, is_wanted: fn(&OsStr) -> bool) -> Option<OsString> {
    let mut words = parser.try_raw_args()?;
    if words.peek().is_some_and(is_wanted) { words.next() } else { None }
}

/// Whether a word is one of our options. Others may be values: `-5`, or a directory `-logs`.
fn is_option<A>(flags: &'static [Flag<A>], word: &OsStr) -> bool {
    let Some(word) = word.to_str() else { return false };
    let Some(rest) = word.strip_prefix('-') else { return false };
    match rest.strip_prefix('-') {
        Some(long) => {
            find(flags, |flag| long.split('=').next().is_some_and(|long| flag.is(long))).is_some()
        }
        None => {
            find(flags, |flag| flag.short.is_some_and(|short| rest == short.to_string())).is_some()
        }
    }
}

fn find<A>(
    flags: &'static [Flag<A>],
    wanted: impl Fn(&Flag<A>) -> bool,
) -> Option<&'static Flag<A>> {
    flags.iter().find(|flag| wanted(flag))
}

fn unknown_long<A>(flags: &'static [Flag<A>], name: &str) -> UsageError {
    let likely = flags
        .iter()
        .map(|flag| (strsim::jaro_winkler(flag.long, name), flag.long))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .filter(|(likeness, _)| *likeness > 0.8);
    let advice = likely.map(|(_, long)| format!("; did you mean `--{long}`?")).unwrap_or_default();
    usage(format!("there is no option `--{name}`{advice}"))
}

fn describe(error: &lexopt::Error) -> String {
    match error {
        lexopt::Error::UnexpectedValue { option, value } => {
            format!("{option} takes no value, found `{}`; write {option} alone", value.display())
        }
        other => other.to_string(),
    }
}

fn usage(message: impl Into<String>) -> UsageError {
    UsageError(message.into())
}

#[cfg(test)]
pub(crate) mod tests;
