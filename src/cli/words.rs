//! Parses the words of any command by its table of flags.

use std::ffi::{OsStr, OsString};
use std::fmt;

use lexopt::Arg;

use super::flags::{Action, Flag, Printed};

/// An error in a command line: one sentence for standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError(String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (--help lists all options)", self.0)
    }
}

impl std::error::Error for UsageError {}

/// The meaning of a command's words.
pub enum Parsed<A: 'static> {
    /// Only print something.
    Print(Printed),
    /// Carry out the command.
    Arguments {
        /// The parsed arguments.
        arguments: A,
        /// The flags that were given.
        given: Vec<&'static Flag<A>>,
    },
}

/// Parses the words of a command with these flags. `take` takes the words that are not flags.
///
/// # Errors
/// The first wrong word: which it is, what was found, and what would be right.
pub fn parse_with<A: Default>(
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

/// The value of an option. It may be the next word, unless that is an option itself.
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

/// The next word, if it satisfies `is_wanted`.
fn next_if(parser: &mut lexopt::Parser, is_wanted: fn(&OsStr) -> bool) -> Option<OsString> {
    let mut words = parser.try_raw_args()?;
    if words.peek().is_some_and(is_wanted) { words.next() } else { None }
}

/// Whether a word is one of our options. Other words may be values: `-5`, or a directory `-logs`.
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

/// An error in a command line, with this message.
pub fn usage(message: impl Into<String>) -> UsageError {
    UsageError(message.into())
}
