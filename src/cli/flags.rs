//! The table of flags. Both the parser and the help read it, so neither knows a flag that the other does not.

use std::ffi::OsStr;

use super::arguments::Arguments;
use super::values;

/// One flag of a command whose arguments have the type `A`.
#[derive(Debug)]
pub struct Flag<A: 'static = Arguments> {
    /// The name after `--`.
    pub long: &'static str,
    /// The letter after `-`, if any.
    pub short: Option<char>,
    /// The part of the help that lists the flag.
    pub group: FlagGroup,
    /// What the flag does, in one sentence without its full stop.
    pub help: &'static str,
    /// What the parser does when it meets the flag.
    pub action: Action<A>,
}

/// Other spellings of flags, which the guides of older versions use.
const OTHER_SPELLINGS: [(&str, &str); 1] = [("log-dir", "log-dir-override")];

impl<A> Flag<A> {
    /// Whether a name after `--` means this flag.
    pub fn is(&self, name: &str) -> bool {
        self.long == name || OTHER_SPELLINGS.contains(&(name, self.long))
    }

    /// The name of the flag's value in the help, if it takes one; in brackets if the value is optional.
    pub fn value(&self) -> Option<&'static str> {
        match self.action {
            Action::Take { value, .. } | Action::Gather { value, .. } => Some(value),
            Action::MayTake { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The flag's name with that of its value, as the help shows it.
    pub fn with_value(&self) -> String {
        let value = self.value().map(|value| format!(" {value}")).unwrap_or_default();
        format!("{}{value}", self.long)
    }
}

/// A part of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagGroup {
    /// What to write, how fast and how long.
    Stream,
    /// Where settings come from, and where lines go.
    Settings,
    /// What to compare with what.
    Comparison,
    /// Everything else.
    General,
}

impl FlagGroup {
    /// All groups, in the order of the help.
    pub const ALL: [Self; 4] = [Self::Stream, Self::Settings, Self::Comparison, Self::General];

    /// The heading of the group in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Stream => "The log",
            Self::Settings => "Settings",
            Self::Comparison => "What is compared",
            Self::General => "General",
        }
    }
}

/// What is printed instead of running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// The help.
    Help,
    /// The version.
    Version,
    /// The scenarios of the library.
    Scenarios,
}

/// What the parser does with a flag.
#[derive(Debug)]
pub enum Action<A: 'static = Arguments> {
    /// Stops parsing and prints something.
    Print(Printed),
    /// Sets a switch.
    Set(fn(&mut A)),
    /// Takes a value.
    Take {
        /// The name of the value in the help.
        value: &'static str,
        /// Stores the value; an error says what was found and what would be right.
        read: fn(&mut A, &OsStr) -> Result<(), String>,
    },
    /// Takes a value, and may be repeated for more values.
    Gather {
        /// The name of the value in the help.
        value: &'static str,
        /// Stores the next value; an error says what was found and what would be right.
        read: fn(&mut A, &OsStr) -> Result<(), String>,
    },
    /// Takes an optional value: the next word is the value if it looks like one.
    MayTake {
        /// The name of the value in the help.
        value: &'static str,
        /// Whether a word looks like a value.
        is_value: fn(&OsStr) -> bool,
        /// Stores the value, if there is one.
        read: fn(&mut A, Option<&OsStr>) -> Result<(), String>,
    },
}

/// All flags of a run, each group in the order of the help.
pub const FLAGS: &[Flag] = &[
    Flag {
        long: "rate",
        short: None,
        group: FlagGroup::Stream,
        help: "Lines per second, a number above 0, in place of output.rate",
        action: Action::Take {
            value: "N",
            read: |to, word| values::rate(word).map(|rate| to.rate = Some(rate)),
        },
    },
    Flag {
        long: "seed",
        short: None,
        group: FlagGroup::Stream,
        help: "Same seed, same --from, same settings: the same log",
        action: Action::Take {
            value: "N",
            read: |to, word| values::seed(word).map(|seed| to.seed = Some(seed)),
        },
    },
    Flag {
        long: "from",
        short: None,
        group: FlagGroup::Stream,
        help: "Start at this time, or -7d; the past is written at once",
        action: Action::Take {
            value: "T",
            read: |to, word| values::moment(word).map(|from| to.from = Some(from)),
        },
    },
    Flag {
        long: "shard",
        short: None,
        group: FlagGroup::Stream,
        help: "Write the part I, counted from 0, of N that share the site",
        action: Action::Take {
            value: "I/N",
            read: |to, word| values::shard(word).map(|shard| to.shard = Some(shard)),
        },
    },
    Flag {
        long: "until",
        short: None,
        group: FlagGroup::Stream,
        help: "Stop at this time",
        action: Action::Take {
            value: "T",
            read: |to, word| values::moment(word).map(|until| to.until = Some(until)),
        },
    },
    Flag {
        long: "lines",
        short: None,
        group: FlagGroup::Stream,
        help: "Stop after this many lines of access.log",
        action: Action::Take {
            value: "N",
            read: |to, word| values::lines(word).map(|lines| to.lines = Some(lines)),
        },
    },
    Flag {
        long: "duration",
        short: None,
        group: FlagGroup::Stream,
        help: "Stop after this much simulated time: 30s, 90m, 1h30m, 7d",
        action: Action::Take {
            value: "D",
            read: |to, word| values::duration(word).map(|length| to.duration = Some(length)),
        },
    },
    Flag {
        long: "bytes",
        short: None,
        group: FlagGroup::Stream,
        help: "Stop when access.log has grown by this much: 10GiB, 200M",
        action: Action::Take {
            value: "SIZE",
            read: |to, word| values::bytes(word).map(|bytes| to.bytes = Some(bytes)),
        },
    },
    Flag {
        long: "no-wait",
        short: None,
        group: FlagGroup::Stream,
        help: "Never wait for the clock: write the future at once, too",
        action: Action::Set(|to| to.no_wait = true),
    },
    Flag {
        long: "compress",
        short: None,
        group: FlagGroup::Stream,
        help: "Write the logs compressed, gzip, in a run that does not wait",
        action: Action::Take {
            value: "CODEC",
            read: |to, word| values::codec(word).map(|codec| to.compress = Some(codec)),
        },
    },
    Flag {
        long: "repeat",
        short: None,
        group: FlagGroup::Stream,
        help: "Write the run of this run.json again, byte for byte",
        action: Action::Take {
            value: "FILE",
            read: |to, word| values::file(word).map(|record| to.repeat = Some(record)),
        },
    },
    Flag {
        long: "retry",
        short: None,
        group: FlagGroup::Settings,
        help: "Keep trying this long while the disk is full, or forever",
        action: Action::Take {
            value: "D",
            read: |to, word| values::retry(word).map(|retry| to.retry = Some(retry)),
        },
    },
    Flag {
        long: "config",
        short: None,
        group: FlagGroup::Settings,
        help: "The same as CONFIG",
        action: Action::Take { value: "FILE", read: values::config },
    },
    Flag {
        long: "check",
        short: None,
        group: FlagGroup::Settings,
        help: "Check the configuration and end",
        action: Action::Set(|to| to.check = true),
    },
    Flag {
        long: "print-config",
        short: None,
        group: FlagGroup::Settings,
        help: "Print the configuration in effect, as YAML, and end",
        action: Action::Set(|to| to.print_config = true),
    },
    Flag {
        long: "config-schema",
        short: None,
        group: FlagGroup::Settings,
        help: "Print the JSON Schema of a configuration, for editors",
        action: Action::Set(|to| to.config_schema = true),
    },
    Flag {
        long: "schema",
        short: None,
        group: FlagGroup::Settings,
        help: "Describe the fields of the logs: json, yaml or markdown",
        action: Action::Take {
            value: "AS",
            read: |to, word| values::schema_form(word).map(|form| to.schema = Some(form)),
        },
    },
    Flag {
        long: "print-parser",
        short: None,
        group: FlagGroup::Settings,
        help: "Print how vector, goaccess and others read the format",
        action: Action::Take {
            value: "PARSER",
            read: |to, word| values::parser(word).map(|parser| to.print_parser = Some(parser)),
        },
    },
    Flag {
        long: "log",
        short: None,
        group: FlagGroup::Settings,
        help: "The log that those two are about, such as slow.log",
        action: Action::Take {
            value: "NAME",
            read: |to, word| values::log(word).map(|log| to.log = Some(log)),
        },
    },
    Flag {
        long: "log-dir-override",
        short: None,
        group: FlagGroup::Settings,
        help: "Write here, in place of output.directory; also --log-dir",
        action: Action::Take {
            value: "DIR",
            read: |to, word| {
                values::directory(word).map(|directory| to.log_dir_override = Some(directory))
            },
        },
    },
    Flag {
        long: "stdout",
        short: None,
        group: FlagGroup::Settings,
        help: "Write the lines to standard output, in place of access.log",
        action: Action::Set(|to| to.stdout = true),
    },
    Flag {
        long: "profile",
        short: None,
        group: FlagGroup::Settings,
        help: "Simulate a kind of site with visitors of all kinds",
        action: Action::Take {
            value: "PROFILE",
            read: |to, word| values::profile(word).map(|profile| to.profile = Some(profile)),
        },
    },
    Flag {
        long: "scenario",
        short: None,
        group: FlagGroup::Settings,
        help: "Let this happen, too: a name of --list-scenarios, or a file",
        action: Action::Gather {
            value: "SCENARIO",
            read: |to, word| values::scenario(word).map(|name| to.scenarios.push(name)),
        },
    },
    Flag {
        long: "format",
        short: None,
        group: FlagGroup::Settings,
        help: "Write lines like this: json, nginx, '%h %t' (--man 5 has all)",
        action: Action::Take {
            value: "FORMAT",
            read: |to, word| values::format(word).map(|format| to.format = Some(format)),
        },
    },
    Flag {
        long: "port",
        short: None,
        group: FlagGroup::Settings,
        help: "Serve /health, /metrics and the status page here, or nowhere",
        action: Action::Take {
            value: "N|off",
            read: |to, word| values::port(word).map(|port| to.port = Some(port)),
        },
    },
    Flag {
        long: "workers",
        short: None,
        group: FlagGroup::Settings,
        help: "Formatter threads, 1 to 64; they do not change the log",
        action: Action::Take {
            value: "N",
            read: |to, word| values::workers(word).map(|workers| to.workers = Some(workers)),
        },
    },
    Flag {
        long: "exit",
        short: None,
        group: FlagGroup::General,
        help: "Start up, then end: to test an installation",
        action: Action::Set(|to| to.exit = true),
    },
    Flag {
        long: "verbose",
        short: Some('v'),
        group: FlagGroup::General,
        help: "Say more on standard error and in system.log",
        action: Action::Set(|to| to.verbose = true),
    },
    Flag {
        long: "quiet",
        short: Some('q'),
        group: FlagGroup::General,
        help: "Only warnings and errors on standard error, no progress",
        action: Action::Set(|to| to.quiet = true),
    },
    Flag {
        long: "summary",
        short: None,
        group: FlagGroup::General,
        help: "Print the totals on standard output at the end: text or json",
        action: Action::Take {
            value: "FORM",
            read: |to, word| values::form(word).map(|form| to.summary = Some(form)),
        },
    },
    Flag {
        long: "health-check",
        short: None,
        group: FlagGroup::General,
        help: "Ask a run whether it is healthy: 0 yes, 1 no",
        action: Action::MayTake {
            value: "[URL]",
            is_value: values::is_url,
            read: |to, word| values::probe(word).map(|probe| to.health_check = Some(probe)),
        },
    },
    Flag {
        long: "completions",
        short: None,
        group: FlagGroup::General,
        help: "Print completions for a shell: bash, zsh or fish",
        action: Action::Take {
            value: "SHELL",
            read: |to, word| values::shell(word).map(|shell| to.completions = Some(shell)),
        },
    },
    Flag {
        long: "man",
        short: None,
        group: FlagGroup::General,
        help: "Print a manual page: 1, the program, or 5, the configuration",
        action: Action::MayTake {
            value: "[SECTION]",
            is_value: values::is_section,
            read: |to, word| values::manual(word).map(|manual| to.manual = Some(manual)),
        },
    },
    Flag {
        long: "version",
        short: None,
        group: FlagGroup::General,
        help: "Print the version and where it was built from",
        action: Action::Print(Printed::Version),
    },
    Flag {
        long: "list-scenarios",
        short: None,
        group: FlagGroup::General,
        help: "Print the scenarios of --scenario, and what they are for",
        action: Action::Print(Printed::Scenarios),
    },
    Flag {
        long: "help",
        short: Some('h'),
        group: FlagGroup::General,
        help: "Print this help",
        action: Action::Print(Printed::Help),
    },
];
