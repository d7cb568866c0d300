//! The keys of `output`: where the lines go, how fast, and the features around the files.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::formats::{ERROR_FORMAT, FORMAT};
use super::shapes::json;
use super::{
    Also, ConfigKey, KeyForm, KeyKind, NumberLimits, Section, Worded, boolean, features,
    further_logs,
};
use crate::config::tree::{Node, Value};
use crate::config::{Destination, Output};
use crate::duration::format_duration;
use crate::log_format::{ErrorFormat, LogFormat};

/// The least rate of a process over the day, in lines per second: a line in three years. The next
/// line lies at most two tokens ahead, and so 6.4 years; from the last instant that is written, the
/// end of 2499, that is well within the 64 bits of a time, which end in 2554.
pub const LEAST_RATE: f64 = 0.000_000_01;
/// Lines a second.
pub const RATE: NumberLimits = NumberLimits::between(LEAST_RATE, 10_000_000.0);
/// Seconds of lines that the bucket holds.
pub const BURST_SECONDS: NumberLimits = NumberLimits::between(0.0, 3_600.0).of("seconds");
/// How far arrivals may run ahead of or behind the rate.
pub const BURST: Worded = Worded {
    range: "`auto`, or 0 to 3,600",
    expected: "\"auto\", or a number of seconds, 0 to 3,600",
    schema: || {
        json(r#"{"anyOf": [{"const": "auto"}, {"type": "number", "minimum": 0, "maximum": 3600}]}"#)
    },
};
/// Every number of 64 bits is a seed.
pub const SEED: (u64, u64) = (0, u64::MAX);
/// The longest history.
pub const LONGEST_PRE_WARM: Duration = Duration::from_secs(3_660 * 86_400);

/// The log files' directory.
pub const DIRECTORY: Worded = Worded {
    range: "a path",
    expected: "the directory of the log files, such as \"/var/log/app\"",
    schema: || json(r#"{"type": "string", "pattern": "[^\\s\\u0000]"}"#),
};

/// Where the lines of access.log go.
pub const DESTINATION: Worded = Worded {
    range: "`files`, `stdout`, `both`",
    expected: Destination::EXPECTED,
    schema: || json(r#"{"enum": ["files", "stdout", "both"]}"#),
};

/// How far back the log starts.
pub const PRE_WARM: Worded = Worded {
    range: "`false`; `true` = 24 hours; `\"90m\"`, `\"36h\"`, `\"7d\"`, `\"1d12h\"`, up to `\"3660d\"`",
    expected: "true (24 hours), false, or how far back as a number with a unit: \"90m\", \"36h\" or \"7d\", at \
               most \"3660d\"",
    schema: || {
        json(
            r#"{"anyOf": [
              {"type": "boolean"},
              {"type": "string",
               "pattern": "^(?=[0-9])(0*([0-9]{1,3}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-5][0-9]|3660)d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"}
            ]}"#,
        )
    },
};

/// The zone of the log.
pub const TIMEZONE: Worded = Worded {
    range: "an IANA name, or `local`",
    expected: "the IANA name of a time zone, such as \"UTC\" or \"Europe/Berlin\", or local",
    schema: || json(r#"{"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9/_+-]*$"}"#),
};

impl Section for Output {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "directory",
            also: &[],
            about: "the directory of the log files, made if missing; `~` at its start is no home but a name, with a warning",
            example: r#""/var/log/app""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(DIRECTORY),
                told: None,
                print: |output| Some(Node::text(output.directory.as_ref()?.to_string_lossy())),
            },
        },
        ConfigKey {
            name: "destination",
            also: &[],
            about: "where the lines of access.log go: to the file, to standard output, or to both. With `stdout` and no directory named, no file is written at all",
            example: r#""both""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(DESTINATION),
                told: None,
                print: |output| Some(Node::text(output.destination.name())),
            },
        },
        ConfigKey {
            name: "format",
            also: &[],
            about: "what the lines of access.log look like: see [Formats](#formats)",
            example: r#""json""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(FORMAT),
                told: None,
                print: |output| Some(Node::text(output.format.text())),
            },
        },
        ConfigKey {
            name: "error_format",
            also: &[],
            about: "what the lines of error.log look like: the guide's, those of a server, or JSON; each is what the server logs for that failure",
            example: r#""nginx""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(ERROR_FORMAT),
                told: None,
                print: |output| Some(Node::text(output.error_format.name())),
            },
        },
        ConfigKey {
            name: "error_log",
            also: &[Also::Opposite("no_error_log")],
            about: "write error.log; `no_error_log: true` turns it off, too",
            example: "false",
            kind: KeyKind::Boolean { default: true, at: |output| &mut output.error_log },
        },
        ConfigKey {
            name: "system_log",
            also: &[Also::Opposite("no_system_log")],
            about: "write system.log; `no_system_log: true` turns it off, too. The messages still go to standard error",
            example: "false",
            kind: KeyKind::Boolean { default: true, at: |output| &mut output.system_log },
        },
        ConfigKey {
            name: "rate",
            also: &[],
            about: "lines of access.log per second at multiplier 1.0",
            example: "0.5",
            kind: KeyKind::Number { limits: RATE, default: 10.0, at: |output| &mut output.rate },
        },
        ConfigKey {
            name: "burst_seconds",
            also: &[],
            about: "how far arrivals may run ahead of or behind the rate, in seconds of `rate`; 0 spaces them evenly; `auto` is 2, and with a [profile](#profiles) 800 lines at least",
            example: "0",
            kind: KeyKind::Own {
                form: KeyForm::Worded(BURST),
                told: None,
                print: |output| {
                    Some(output.burst_seconds.map_or_else(|| Node::text("auto"), Node::number))
                },
            },
        },
        ConfigKey {
            name: "seed",
            also: &[],
            about: "the seed of the stream; none draws one at start and logs it",
            example: "42",
            kind: KeyKind::Own {
                form: KeyForm::WholeOrNone(SEED),
                told: None,
                print: |output| {
                    let seed = output.seed.map(|seed| Value::Integer(seed.into()));
                    Some(Node::new(seed.unwrap_or(Value::Null)))
                },
            },
        },
        ConfigKey {
            name: "debug",
            also: &[],
            about: "log messages of level DEBUG too",
            example: "true",
            kind: KeyKind::Boolean { default: false, at: |output| &mut output.debug },
        },
        ConfigKey {
            name: "pre_warm",
            also: &[],
            about: "how far before now the log starts",
            example: r#""7d""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(PRE_WARM),
                told: None,
                print: |output| {
                    Some(match output.pre_warm {
                        none if none.is_zero() => boolean(false),
                        some => Node::text(format_duration(some)),
                    })
                },
            },
        },
        ConfigKey {
            name: "timezone",
            also: &[],
            about: "the zone of the time stamps and of the hours in `traffic_patterns`; from a database that is built in. `local` is the host's: the one that `TZ` names, else `/etc/localtime`, else UTC",
            example: r#""Europe/Berlin""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(TIMEZONE),
                told: None,
                print: |output| Some(Node::text(output.timezone.iana_name().unwrap_or("UTC"))),
            },
        },
        further_logs::LOGS,
        features::HEALTH_CHECK,
        features::LOG_ROTATION,
        features::DISK_MONITOR,
    ];

    fn blank() -> Self {
        Self {
            directory: Some(PathBuf::from(Self::USUAL_DIRECTORY)),
            destination: Destination::Files,
            format: LogFormat::default(),
            error_format: ErrorFormat::default(),
            logs: Vec::new(),
            rate: 0.0,
            burst_seconds: None,
            error_log: true,
            system_log: true,
            seed: None,
            debug: false,
            pre_warm: Duration::ZERO,
            timezone: TimeZone::UTC,
            health_check: None,
            log_rotation: None,
            disk_monitor: None,
        }
    }
}
