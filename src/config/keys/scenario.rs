//! The keys of the entries of `scenario`: what happens, when, how long and how strongly.

use std::time::Duration;

use super::formats::FORMAT;
use super::paths::{PagePath, page};
use super::shapes::{described, json, list, requires, with};
use super::{ConfigKey, Inside, KeyForm, KeyKind, NumberLimits, Section, Worded, rows, section};
use crate::config::event_kind::{EventKind, KINDS};
use crate::config::event_times::EventTimes;
use crate::config::scenario::{EventShape, ScenarioEvent};
use crate::config::tree::Node;
use crate::config::{Config, Steered};
use crate::duration::format_duration;
use crate::server_failure::ServerFailure;

/// The most events: a hit names its event in a byte.
pub const MOST_EVENTS: usize = 40;
/// The longest name, bytes.
pub const LONGEST_NAME: usize = 30;
/// How long an event may last.
pub const LENGTHS: (Duration, Duration) =
    (Duration::from_secs(1), Duration::from_secs(30 * 86_400));

/// The factor on the rate.
pub const MULTIPLIER: NumberLimits = NumberLimits::between(0.0, 1_000.0);
/// The factor of kinds that bring lines and take none away.
pub const INCREASE: NumberLimits = NumberLimits::between(1.0, MULTIPLIER.high);
/// The share that fails.
pub const SHARE: NumberLimits = NumberLimits::between(0.0, 1.0);
/// The servers of the application, by their numbers.
pub const UPSTREAMS: (u64, u64) = (1, 3);
/// How many times as long answers take.
pub const FACTOR: NumberLimits = NumberLimits::between(1.0, 1_000.0);
/// After how long a server gives up.
pub const TIMEOUTS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(600));
/// Lines a second of an attack.
pub const RATE: NumberLimits = NumberLimits::between(0.001, 1_000_000.0).of("lines/s");
/// From how many addresses an attack comes.
pub const ADDRESSES: (u64, u64) = (1, 1_000_000);
/// How many bytes a long line has.
pub const LINE_LENGTH: (u64, u64) = (8_000, 1_000_000);
/// The most bytes that long lines add to a line in the mean: a batch of lines has to fit the memory.
pub const MOST_ADDED: f64 = 65_536.0;
/// By how many seconds times may be off.
pub const MOST_OFFSET: i32 = 86_400;

/// What happens.
pub const KIND: Worded = Worded {
    range: "a kind of event",
    expected: "a kind of event, such as \"surge\", \"server_errors\" or \"credential_stuffing\"",
    schema: || {
        let names = KINDS.iter().map(|row| {
            let name = Node::map([("const", Node::text(row.name))]);
            described(name, row.about)
        });
        Node::map([("oneOf", Node::list(names))])
    },
};

/// What ground truth calls it.
pub const NAME: Worded = Worded {
    range: "a name, as ground truth has it",
    expected: "a name of letters, digits, \"_\" and \"-\", a letter first, 30 at most",
    schema: || {
        json(r#"{"type": "string", "maxLength": 30, "pattern": "^[A-Za-z][A-Za-z0-9_-]*$"}"#)
    },
};

/// When it begins.
pub const AT: Worded = Worded {
    range: "a time, cron's five fields, `N per day`, or `on demand`",
    expected: EventTimes::EXPECTED,
    schema: || {
        json(
            r#"{"type": "string", "pattern": "^([+][0-9a-z]+|@[0-9.]+|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9.]+ +per day|([^ ]+ +){4}[^ ]+|on demand)$"}"#,
        )
    },
};

/// How long it lasts.
pub const FOR: Worded = Worded {
    range: "a duration, `1s` to `30d`",
    expected: "a length of time with a unit, such as \"90s\" or \"20m\", from \"1s\" to \"30d\"",
    schema: || {
        json(
            r#"{"type": "string", "pattern": "^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"}"#,
        )
    },
};

/// After how long a server gives up.
pub const TIMEOUT: Worded = Worded {
    range: "a duration, `1s` to `10m`",
    expected: "a length of time with a unit, such as \"60s\", from \"1s\" to \"10m\"",
    schema: FOR.schema,
};

/// How its strength goes.
pub const SHAPE: Worded = Worded {
    range: "`step`, `ramp`, `spike`, `sawtooth`, `recovery`",
    expected: "step, ramp, spike, sawtooth or recovery",
    schema: || json(r#"{"enum": ["step", "ramp", "spike", "sawtooth", "recovery"]}"#),
};

/// The status of what fails.
pub const STATUS: Worded = Worded {
    range: "`500`, `502`, `503`, `504`, `507`",
    expected: "500, 502, 503, 504 or 507",
    schema: || json(r#"{"enum": [500, 502, 503, 504, 507]}"#),
};

/// What has failed.
pub const CAUSE: Worded = Worded {
    range: "what can fail",
    expected: "database_down, upstream_timeout, exception, query_timeout, pool_exhausted, session_locked, connection_refused, \
               none_is_up or disk_full",
    schema: || {
        let names = ServerFailure::ALL.map(|failure| Node::text(failure.name()));
        Node::map([("enum", Node::list(names))])
    },
};

/// By how many seconds times are off.
pub const OFFSET: Worded = Worded {
    range: "-86400 to 86400 s, whole, not 0",
    expected: "a whole number of seconds from -86400 to 86400 that is not 0",
    schema: || {
        json(r#"{"type": "integer", "minimum": -86400, "maximum": 86400, "not": {"const": 0}}"#)
    },
};

/// A page.
pub const PAGE: Worded = Worded {
    range: "a page of the site",
    expected: "the path of a page, such as \"/checkout\"; \"*\" as the last segment stands for any",
    schema: || with(page(PagePath::OneOrMany), "allOf", json(r#"[{"pattern": "^[^?]*$"}]"#)),
};

/// All events.
pub(super) const SCENARIO: ConfigKey<Config> = section(
    "scenario",
    "what happens to the site and its log: surges, failures, attacks and spoilt lines, at known times",
    Inside {
        at: "[]",
        schema: |entry| {
            let entries = list(requires(entry, &["kind", "at", "for"]));
            with(entries, "maxItems", Node::number(MOST_EVENTS as f64))
        },
        ..Inside::map(rows::<ScenarioEvent>)
    },
    |config| Some(Node::list(config.scenario.iter().map(super::print))),
);

const fn key(
    name: &'static str,
    about: &'static str,
    example: &'static str,
    form: KeyForm,
    told: Option<&'static str>,
    print: fn(&ScenarioEvent) -> Option<Node>,
) -> ConfigKey<ScenarioEvent> {
    ConfigKey { name, also: &[], about, example, kind: KeyKind::Own { form, told, print } }
}

const BY_KIND: Option<&str> = Some("by the kind");

impl Section for ScenarioEvent {
    const KEYS: &'static [ConfigKey<Self>] = &[
        key(
            "kind",
            "what happens; the kinds are listed below",
            r#""surge""#,
            KeyForm::Worded(KIND),
            Some("required"),
            |event| Some(Node::text(event.kind.name())),
        ),
        key(
            "name",
            "what ground truth calls the event",
            r#""slow_database""#,
            KeyForm::Worded(NAME),
            Some("the kind"),
            |event| Some(Node::text(&event.name)),
        ),
        key(
            "at",
            "when it begins: a time, or a length of time after the start of the run; cron's five fields; so many times a day at \
             random; or only when [`ctl start`](../README.md#steering-it) begins it ([more](#when-an-event-begins))",
            r#""30 9 * * mon-fri""#,
            KeyForm::Worded(AT),
            Some("required"),
            |event| Some(Node::text(event.at.text())),
        ),
        key(
            "for",
            "how long it lasts; where an event would begin before the one before it is over, that one ends",
            r#""20m""#,
            KeyForm::Worded(FOR),
            Some("required"),
            |event| Some(Node::text(format_duration(event.length))),
        ),
        key(
            "shape",
            "how its strength goes: `step` is full from the beginning to the end; `ramp` grows from nothing; `spike` is full after \
             a tenth of the time and declines; `sawtooth` grows four times from nothing; `recovery` is full for one half and \
             declines; [the formulas](#how-strong-an-event-is)",
            r#""ramp""#,
            KeyForm::Worded(SHAPE),
            None,
            |event| Some(Node::text(event.shape.name())),
        ),
        key(
            "multiplier",
            "how many times the usual lines there are at full strength; below 1 in a surge alone",
            "3",
            KeyForm::Number(MULTIPLIER),
            BY_KIND,
            |event| event.multiplier.map(Node::number),
        ),
        key(
            "share",
            "the share that fails at full strength, or of the lines that are spoilt (0.01; 0.25 of `clock_skew`, 1 of `format_change`)",
            "0.3",
            KeyForm::Number(SHARE),
            BY_KIND,
            |event| event.share.map(Node::number),
        ),
        key(
            "status",
            "the status of what fails; of `disk_full`, `500` or `507`",
            "503",
            KeyForm::Worded(STATUS),
            BY_KIND,
            |event| event.status.map(|status| Node::number(status.number().into())),
        ),
        key(
            "cause",
            "what has failed, as error.log says it: `database_down`, `upstream_timeout`, `exception`, `query_timeout`, \
             `pool_exhausted`, `session_locked`, `connection_refused`, `none_is_up` (no server of the application is), `disk_full`",
            r#""database_down""#,
            KeyForm::Worded(CAUSE),
            Some("by the status"),
            |event| event.cause.map(|cause| Node::text(cause.name())),
        ),
        key(
            "page",
            "the page that is concerned",
            r#""/checkout""#,
            KeyForm::Worded(PAGE),
            BY_KIND,
            |event| event.page.as_ref().map(Node::text),
        ),
        key(
            "visitors",
            "the share of the visitors whom it concerns: the same ones all the time, and never the others",
            "0.25",
            KeyForm::Number(SHARE),
            Some("all"),
            |event| event.visitors.map(Node::number),
        ),
        key(
            "upstream",
            "the server of the application that it concerns, by its number: the first is 10.0.1.11:8080 in formats that show it",
            "2",
            KeyForm::Whole(UPSTREAMS),
            Some("all"),
            |event| event.upstream.map(|number| Node::number(number.into())),
        ),
        key(
            "factor",
            "how many times as long answers take at full strength; while other events bring a multiple of the usual lines, that \
             many times as long again",
            "20",
            KeyForm::Number(FACTOR),
            BY_KIND,
            |event| event.factor.map(Node::number),
        ),
        key(
            "timeout",
            "after how long the server gives up waiting for the application: `proxy_read_timeout` of nginx, `ProxyTimeout` of Apache",
            r#""30s""#,
            KeyForm::Worded(TIMEOUT),
            Some("`1m`"),
            |event| event.timeout.map(|timeout| Node::text(format_duration(timeout))),
        ),
        key(
            "rate",
            "lines a second of an attack at full strength, in addition to `output.rate`",
            "5",
            KeyForm::Number(RATE),
            BY_KIND,
            |event| event.rate.map(Node::number),
        ),
        key(
            "addresses",
            "from how many addresses an attack comes",
            "40",
            KeyForm::Whole(ADDRESSES),
            BY_KIND,
            |event| event.addresses.map(|number| Node::number(number.into())),
        ),
        key(
            "patched",
            "whether the site withstands an attack: if not, its answers say that it has worked",
            "false",
            KeyForm::Boolean,
            Some("`true`"),
            |event| event.patched.map(super::boolean),
        ),
        key(
            "length",
            "how many bytes a long line has",
            "16384",
            KeyForm::Whole(LINE_LENGTH),
            BY_KIND,
            |event| event.line_length.map(|bytes| Node::number(bytes.into())),
        ),
        key(
            "offset",
            "by how many seconds the times of lines are off: below 0, they are too early",
            "-90",
            KeyForm::Worded(OFFSET),
            BY_KIND,
            |event| event.offset.map(|seconds| Node::number(seconds.into())),
        ),
        key(
            "format",
            "what lines look like meanwhile",
            r#""common""#,
            KeyForm::Worded(FORMAT),
            BY_KIND,
            |event| event.format.as_ref().map(|format| Node::text(format.text())),
        ),
    ];

    fn blank() -> Self {
        Self {
            kind: EventKind::Surge,
            name: String::new(),
            at: EventTimes::Random(1.0),
            length: LENGTHS.0,
            shape: EventShape::Step,
            multiplier: None,
            share: None,
            status: None,
            cause: None,
            page: None,
            visitors: None,
            upstream: None,
            factor: None,
            timeout: None,
            rate: None,
            addresses: None,
            patched: None,
            steered: Steered::default(),
            line_length: None,
            offset: None,
            format: None,
        }
    }
}
