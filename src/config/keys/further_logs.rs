//! The keys of the entries of `output.logs`: the file of a further log, its format, and which hits it has.

use std::time::Duration;

use super::formats::FORMAT;
use super::shapes::{address, json, list, requires, with};
use super::visitors::NETWORK;
use super::{ConfigKey, Inside, KeyForm, KeyKind, Section, Worded, rows, section};
use crate::config::tree::Node;
use crate::config::{FurtherLog, Output};
use crate::duration::format_duration;

/// The most further logs.
pub const MOST_LOGS: usize = 16;
/// The longest name of a file, bytes.
pub const LONGEST_FILE: usize = 100;
/// The shortest and the longest time that a request may be asked to take.
pub const SLOWER_THAN_LIMITS: (Duration, Duration) =
    (Duration::from_millis(1), Duration::from_secs(3_600));

/// The file.
pub const FILE: Worded = Worded {
    range: "a name",
    expected: "the name of a file in the log directory that ends in \".log\", such as \"slow.log\": letters, digits, \
               \".\", \"_\" and \"-\", a letter or a digit first, 100 at most",
    schema: || {
        json(
            r#"{"type": "string", "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*[.]log$",
                "not": {"pattern": "^([Aa][Cc][Cc][Ee][Ss][Ss]|[Ee][Rr][Rr][Oo][Rr]|[Ss][Yy][Ss][Tt][Ee][Mm])[.]log$"}}"#,
        )
    },
};

/// The status.
pub const STATUS: Worded = Worded {
    range: "`errors`, `1xx`, `2xx`, `3xx`, `4xx`, `5xx`",
    expected: "errors (400 and above), 1xx, 2xx, 3xx, 4xx or 5xx",
    schema: || {
        json(r#"{"type": "string", "pattern": "^([Ee][Rr][Rr][Oo][Rr][Ss]|[1-5][Xx][Xx])$"}"#)
    },
};

/// The host.
pub const HOST: Worded = Worded {
    range: "the site's",
    expected: "the name of the site's host, as site.host has it",
    schema: || json(r#"{"type": "string", "pattern": "[^\\s]"}"#),
};

/// The visitor's network.
pub const REMOTE_HOST: Worded =
    Worded { range: "a network", expected: NETWORK, schema: || address("( */ *[0-9]{1,3} *)?") };

/// How the path begins.
pub const PATH_PREFIX: Worded = Worded {
    range: "text that begins with `/`",
    expected: "how the path begins, such as \"/api\", without spaces and without \"?\"",
    schema: || json(r#"{"type": "string", "pattern": "^/[^\\s?#]*$"}"#),
};

/// How long it takes.
pub const SLOWER_THAN: Worded = Worded {
    range: "a duration, `\"1ms\"` to `\"1h\"`",
    expected: "a length of time with a unit, such as \"500ms\" or \"1s\", from \"1ms\" to \"1h\"",
    schema: || {
        json(
            r#"{"type": "string", "pattern": "^(?=[0-9])([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"}"#,
        )
    },
};

/// The further logs.
pub(super) const LOGS: ConfigKey<Output> = section(
    "logs",
    "further logs beside access.log, at the same time and from the same hits",
    Inside {
        at: "[]",
        schema: |entry| {
            let entries = list(requires(entry, &["file"]));
            with(entries, "maxItems", Node::number(MOST_LOGS as f64))
        },
        ..Inside::map(rows::<FurtherLog>)
    },
    |output| Some(Node::list(output.logs.iter().map(super::print))),
);

const fn condition(
    name: &'static str,
    about: &'static str,
    example: &'static str,
    form: Worded,
    print: fn(&FurtherLog) -> Option<Node>,
) -> ConfigKey<FurtherLog> {
    let kind = KeyKind::Own { form: KeyForm::Worded(form), told: None, print };
    ConfigKey { name, also: &[], about, example, kind }
}

impl Section for FurtherLog {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "file",
            also: &[],
            about: "a further log: the name of its file in the log directory, which ends in `.log`; up to 16 logs. It has the hits that \
                    meet all of the conditions below; all hits where none is given",
            example: r#""slow.log""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(FILE),
                told: Some("required"),
                print: |log| Some(Node::text(&log.file)),
            },
        },
        ConfigKey {
            name: "format",
            also: &[],
            about: "what its lines look like, as `output.format`",
            example: r#""json""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(FORMAT),
                told: None,
                print: |log| Some(Node::text(log.format.text())),
            },
        },
        condition(
            "status",
            "hits with such a status; `errors` is 400 and above",
            r#""5xx""#,
            STATUS,
            |log| log.selection.status.map(|status| Node::text(status.name())),
        ),
        condition(
            "host",
            "hits for this host; a site has one, `site.host`, so any other name is an error",
            r#""www.example.com""#,
            HOST,
            |log| log.selection.host.as_ref().map(Node::text),
        ),
        condition(
            "remote_host",
            "hits of visitors with an address in this network",
            r#""203.0.113.0/24""#,
            REMOTE_HOST,
            |log| log.selection.remote_host.map(|network| Node::text(network.to_string())),
        ),
        condition(
            "path_prefix",
            "hits whose path begins so, as it stands in the request line: `/api` is for `/apis`, too",
            r#""/products""#,
            PATH_PREFIX,
            |log| log.selection.path_prefix.as_ref().map(Node::text),
        ),
        condition(
            "slower_than",
            "hits that take longer, until the last byte is sent (`%D`)",
            r#""500ms""#,
            SLOWER_THAN,
            |log| log.selection.slower_than.map(|time| Node::text(format_duration(time))),
        ),
    ];

    fn blank() -> Self {
        Self::default()
    }
}
