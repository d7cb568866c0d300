//! The keys of `traffic_patterns`: the rate's multiplier for each hour of the week.

use super::shapes::{self, json};
use super::{Also, ConfigKey, Inside, KeyForm, KeyKind, NumberLimits, Section, Worded, rows};
use crate::config::tree::Node;
use crate::config::{TrafficCurve, TrafficPattern, WeekDays};

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

/// Days of the week.
pub const DAYS: Worded = Worded {
    range: "days, or a list of them",
    expected: WeekDays::EXPECTED,
    schema: || {
        let day = shapes::any_case(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
        let day = day.trim_matches(['^', '$']);
        let pattern = Node::text(format!("^ *{day} *(- *{day} *)?$"));
        let days = || shapes::with(json(r#"{"type": "string"}"#), "pattern", pattern.clone());
        let list = shapes::with(shapes::list(days()), "minItems", Node::number(1.0));
        shapes::any([days(), list])
    },
};

/// How the rate goes from one hour to the next.
pub(super) const CURVE: Worded = Worded {
    range: "`stepped`, `smooth`",
    expected: TrafficCurve::EXPECTED,
    schema: || json(r#"{"enum": ["stepped", "smooth"]}"#),
};

/// The standard deviation of an hour's factor.
pub(super) const NOISE: NumberLimits = NumberLimits::between(0.0, 1.0);

/// A range of hours and its multiplier, as it would be written.
#[derive(Clone)]
struct Range {
    /// The days that it is for, if it names them.
    days: Option<WeekDays>,
    hours: (usize, usize),
    multiplier: f64,
}

/// The pattern where no range is given.
pub fn even() -> TrafficPattern {
    TrafficPattern::every_day([UNCHANGED; 24])
}

/// Hours, as they would be written.
pub fn hours((start, end): (usize, usize)) -> String {
    format!("{start}-{end}")
}

impl Section for Range {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "days",
            also: &[],
            about: "days that the range is for: `sat`, `mon-fri`, `fri-mon` over the end of the week, or a list, `[tue, thu]`. Without it, all days whose hours no range with `days` covers",
            example: r#""mon-fri""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(DAYS),
                told: Some("all days"),
                print: |range| range.days.map(print_days),
            },
        },
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
        Self { days: None, hours: WHOLE_DAY, multiplier: UNCHANGED }
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

/// Days: one text where that says all of them, else a list.
fn print_days(days: WeekDays) -> Node {
    match days.texts().as_slice() {
        [text] => Node::text(text),
        texts => Node::list(texts.iter().map(Node::text)),
    }
}

/// The week, as it would be written: neighbouring hours of one multiplier make one range, and only ranges in which the
/// days differ name them.
pub(super) fn print_pattern(days: &[[f64; 24]; 7]) -> Node {
    let alike = |hour: usize| days.iter().all(|day| day[hour] == days[0][hour]);
    let mut ranges = ranges(None, |hour| alike(hour).then(|| days[0][hour]));
    for (named, day) in WeekDays::alike(days) {
        ranges.extend(self::ranges(Some(named), |hour| (!alike(hour)).then(|| day[hour])));
    }
    Node::list(ranges.iter().map(super::print))
}

/// The ranges of the hours that have a multiplier.
fn ranges(days: Option<WeekDays>, at: impl Fn(usize) -> Option<f64>) -> Vec<Range> {
    let hours: Vec<Option<f64>> = (0..24).map(at).collect();
    let mut start = 0;
    let runs = hours.chunk_by(|a, b| a == b).map(|run| {
        let hours = (start, start + run.len());
        start = hours.1;
        Some(Range { days, hours, multiplier: run[0]? })
    });
    runs.flatten().collect()
}
