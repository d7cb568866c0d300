//! The keys of `traffic_patterns`: the rate's multiplier for each hour of the day.

use super::shapes::{self, json};
use super::{Also, ConfigKey, Inside, KeyForm, KeyKind, NumberLimits, Section, Worded, rows};
use crate::config::tree::Node;

/// Of the rate.
pub const MULTIPLIER: NumberLimits = NumberLimits::between(0.0, 1_000.0);
/// What a range without a multiplier has.
pub const UNCHANGED: f64 = 1.0;

/// Hours of the day.
pub const HOURS: Worded = Worded {
    range: "0 to 23, the end up to 24",
    expected: "hours such as \"9-12\" or \"21-2\", 0 to 23, the end at most 24 and not part of the range",
    schema: || {
        let hour = json(r#"{"type": "integer", "minimum": 0, "maximum": 23}"#);
        shapes::any([
            shapes::with(json(r#"{"type": "string"}"#), "pattern", Node::text(RANGE)),
            hour,
        ])
    },
};

/// Two hours that differ, or one.
const RANGE: &str =
    "^(?! *0?([0-9]+) *- *0?\\1 *$) *([01]?[0-9]|2[0-3]) *(- *([01]?[0-9]|2[0-4]) *)?$";

/// What a range without `time` covers.
pub const WHOLE_DAY: (usize, usize) = (0, 24);

/// A range of hours and its multiplier, as it would be written.
#[derive(Clone)]
struct Range {
    hours: (usize, usize),
    multiplier: f64,
}

/// Hours, as they would be written.
pub fn hours((start, end): (usize, usize)) -> String {
    format!("{start}-{end}")
}

impl Section for Range {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "time",
            also: HOURLY,
            about: "hours: `\"9-12\"` (12 is not part of it), `\"21-2\"` past midnight, `\"21-24\"`, or one hour, `\"7\"`. `\"0-23\"` alone is the whole day",
            example: r#""9-12""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(HOURS),
                told: None,
                print: |range| Some(Node::text(hours(range.hours))),
            },
        },
        ConfigKey {
            name: "multiplier",
            also: HOURLY,
            about: "of `output.rate`",
            example: "0.5",
            kind: KeyKind::Own {
                form: KeyForm::Number(MULTIPLIER.and("one above 0")),
                told: None,
                print: |range| Some(Node::number(range.multiplier)),
            },
        },
    ];

    fn blank() -> Self {
        Self { hours: WHOLE_DAY, multiplier: UNCHANGED }
    }
}

/// The map that may stand in the list's place says both. It is a key of the section and none of a range.
const HOURLY: &[Also] = &[Also::Instead("hourly")];

/// A list of ranges, or a map with `hourly`.
pub(super) const TRAFFIC: Inside = Inside {
    at: "[]",
    schema: |range| {
        let mut hourly = json(r#"{"type": "object"}"#);
        let pattern = shapes::with(json("{}"), "pattern", Node::text(RANGE));
        hourly = shapes::with(hourly, "propertyNames", pattern);
        let multiplier = shapes::of(&KeyForm::Number(MULTIPLIER));
        hourly = shapes::with(hourly, "additionalProperties", multiplier);
        let map = shapes::with_property(
            json(r#"{"type": "object", "properties": {}, "additionalProperties": false}"#),
            "hourly",
            shapes::described(hourly, "A multiplier for each range of hours"),
        );
        shapes::any([shapes::list(range), shapes::requires(map, &["hourly"])])
    },
    ..Inside::map(rows::<Range>)
};

/// The day, as it would be written: neighbouring hours of one multiplier make one range.
pub(super) fn print_pattern(pattern: &[f64; 24]) -> Node {
    let mut ranges = Vec::new();
    let mut start = 0;
    for run in pattern.chunk_by(|a, b| a == b) {
        let end = start + run.len();
        ranges.push(super::print(&Range { hours: (start, end), multiplier: run[0] }));
        start = end;
    }
    Node::list(ranges)
}
