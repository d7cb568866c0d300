//! The table of flags. The parser and the help read it, so that neither can know a flag that the
//! other does not.

use std::ffi::OsStr;

use super::Arguments;
use super::values;

/// One flag of a command whose arguments are `A`.
#[derive(Debug)]
pub struct Flag<A: 'static = Arguments> {
    /// The name after `--`.
    pub long: &'static str,
    /// The letter after `-`, if there is one.
    pub short: Option<char>,
    /// Where it stands in the help.
    pub group: Group,
    /// What it does, in one sentence without its full stop.
    pub help: &'static str,
    /// What the parser does with it.
    pub action: Action<A>,
}

impl<A> Flag<A> {
    /// The name of its value in the help, if it takes one.
    pub fn value(&self) -> Option<&'static str> {
        match self.action {
            Action::Take { value, .. } => Some(value),
            _ => None,
        }
    }
}

/// A part of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What is written, how fast and how long.
    Stream,
    /// Where from and where to.
    Settings,
    /// What is compared with what.
    Comparison,
    /// Everything else.
    General,
}

impl Group {
    /// All groups, in the order of the help.
    pub const ALL: [Self; 4] = [Self::Stream, Self::Settings, Self::Comparison, Self::General];

    /// The headline in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Stream => "The log",
            Self::Settings => "Settings",
            Self::Comparison => "What is compared",
            Self::General => "General",
        }
    }
}

/// What the parser does with a flag.
#[derive(Debug)]
pub enum Action<A: 'static = Arguments> {
    /// Ends the parsing: print the help.
    Help,
    /// Ends the parsing: print the version.
    Version,
    /// Sets a switch.
    Set(fn(&mut A)),
    /// Takes a value.
    Take {
        /// The value's name in the help.
        value: &'static str,
        /// Reads the value; an error says what was found and what would be right.
        read: fn(&mut A, &OsStr) -> Result<(), String>,
    },
}

/// All flags of a run, each group in the order of the help.
pub const FLAGS: &[Flag] = &[
    Flag {
        long: "rate",
        short: None,
        group: Group::Stream,
        help: "Lines per second (0.1 or 100000), in place of output.rate",
        action: Action::Take {
            value: "N",
            read: |to, word| values::rate(word).map(|rate| to.rate = Some(rate)),
        },
    },
    Flag {
        long: "seed",
        short: None,
        group: Group::Stream,
        help: "Same seed, same --from, same settings: the same log",
        action: Action::Take {
            value: "N",
            read: |to, word| values::seed(word).map(|seed| to.seed = Some(seed)),
        },
    },
    Flag {
        long: "from",
        short: None,
        group: Group::Stream,
        help: "Start at this time, or -7d; the past is written at once",
        action: Action::Take {
            value: "T",
            read: |to, word| values::moment(word).map(|from| to.from = Some(from)),
        },
    },
    Flag {
        long: "until",
        short: None,
        group: Group::Stream,
        help: "Stop at this time",
        action: Action::Take {
            value: "T",
            read: |to, word| values::moment(word).map(|until| to.until = Some(until)),
        },
    },
    Flag {
        long: "lines",
        short: None,
        group: Group::Stream,
        help: "Stop after this many lines of access.log",
        action: Action::Take {
            value: "N",
            read: |to, word| values::lines(word).map(|lines| to.lines = Some(lines)),
        },
    },
    Flag {
        long: "duration",
        short: None,
        group: Group::Stream,
        help: "Stop after this much simulated time: 30s, 90m, 1h30m, 7d",
        action: Action::Take {
            value: "D",
            read: |to, word| values::duration(word).map(|length| to.duration = Some(length)),
        },
    },
    Flag {
        long: "bytes",
        short: None,
        group: Group::Stream,
        help: "Stop when access.log has grown by this much: 10GiB, 500MB",
        action: Action::Take {
            value: "SIZE",
            read: |to, word| values::bytes(word).map(|bytes| to.bytes = Some(bytes)),
        },
    },
    Flag {
        long: "no-wait",
        short: None,
        group: Group::Stream,
        help: "Never wait for the clock: the future is written at once, too",
        action: Action::Set(|to| to.no_wait = true),
    },
    Flag {
        long: "check",
        short: None,
        group: Group::Settings,
        help: "Check the configuration and end",
        action: Action::Set(|to| to.check = true),
    },
    Flag {
        long: "print-config",
        short: None,
        group: Group::Settings,
        help: "Print the configuration in effect, as YAML, and end",
        action: Action::Set(|to| to.print_config = true),
    },
    Flag {
        long: "log-dir-override",
        short: None,
        group: Group::Settings,
        help: "Write to this directory, in place of output.directory",
        action: Action::Take {
            value: "DIR",
            read: |to, word| {
                values::directory(word).map(|directory| to.log_dir_override = Some(directory))
            },
        },
    },
    Flag {
        long: "workers",
        short: None,
        group: Group::Settings,
        help: "Formatter threads, 1 to 64; the log does not depend on it",
        action: Action::Take {
            value: "N",
            read: |to, word| values::workers(word).map(|workers| to.workers = Some(workers)),
        },
    },
    Flag {
        long: "exit",
        short: None,
        group: Group::General,
        help: "Start up, then end at once: tests an installation",
        action: Action::Set(|to| to.exit = true),
    },
    Flag {
        long: "verbose",
        short: Some('v'),
        group: Group::General,
        help: "Say more on standard error and in system.log",
        action: Action::Set(|to| to.verbose = true),
    },
    Flag {
        long: "quiet",
        short: Some('q'),
        group: Group::General,
        help: "Only warnings and errors on standard error, no progress",
        action: Action::Set(|to| to.quiet = true),
    },
    Flag {
        long: "summary",
        short: None,
        group: Group::General,
        help: "Print the totals on standard output at the end: text or json",
        action: Action::Take {
            value: "FORM",
            read: |to, word| values::form(word).map(|form| to.summary = Some(form)),
        },
    },
    Flag {
        long: "version",
        short: None,
        group: Group::General,
        help: "Print the version and where it was built from",
        action: Action::Version,
    },
    Flag {
        long: "help",
        short: Some('h'),
        group: Group::General,
        help: "Print this help",
        action: Action::Help,
    },
];
