//! A grok pattern, with the names of logstash-patterns-core where one of them is what a column shows.

use super::regex::{pattern, value};
use crate::line_schema::{LineColumn, LineShape, ValueKind};
use crate::log_format::{Element, Field};

/// The forms of time that a pattern has the name of.
const TIMES: [(&str, &str); 3] = [
    (r"\d{2}/[A-Za-z]+/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}", "HTTPDATE"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", "TIMESTAMP_ISO8601"),
    (r"[A-Za-z]+ [ 0-9][0-9] \d{2}:\d{2}:\d{2}", "SYSLOGTIMESTAMP"),
];

/// The pattern for lines of this shape.
pub fn text(shape: &LineShape) -> Result<String, (String, &'static str)> {
    match shape {
        LineShape::Json(_) => Err((
            "its lines are JSON objects, whose members may be missing".to_owned(),
            "in Logstash, use the filter json; vector, fluent-bit and clickhouse have a parser",
        )),
        LineShape::Pairs(items) | LineShape::Text(items) => {
            Ok(format!("^{}$\n", pattern(items, &column)))
        }
    }
}

fn column(column: &LineColumn) -> String {
    let (name, value) = (column.identifier(), value(column));
    let own = || format!("(?<{name}>{value})");
    let (inner, around) = match column.kind {
        ValueKind::Integer => (format!("%{{INT:{name}:int}}"), ""),
        ValueKind::Number => (format!("%{{NUMBER:{name}:float}}"), ""),
        ValueKind::Timestamp => {
            let Some((inside, around)) = in_brackets(&value) else { return own() };
            match TIMES.iter().find(|(form, name)| {
                inside == *form || (*name == "TIMESTAMP_ISO8601" && is_iso(inside))
            }) {
                Some((_, pattern)) => (format!("%{{{pattern}:{name}}}"), around),
                None => return own(),
            }
        }
        _ => match &*column.elements {
            [Element::Field { field: Field::RemoteHost, .. }] => (format!("%{{IP:{name}}}"), ""),
            [Element::Field { field: Field::Method, .. }] => (format!("%{{WORD:{name}}}"), ""),
            _ => return own(),
        },
    };
    let inner = if around.is_empty() { inner } else { format!(r"\[{inner}\]") };
    match &column.missing {
        Some(missing) if missing.is_empty() => format!("(?:{inner})?"),
        Some(missing) => format!("(?:{inner}|{})", super::regex::quoted(missing)),
        None => inner,
    }
}

/// An expression without the brackets around what it matches, and whether there were some.
fn in_brackets(value: &str) -> Option<(&str, &'static str)> {
    match value.strip_prefix(r"\[") {
        Some(inside) => Some((inside.strip_suffix(r"\]")?, "[]")),
        None => Some((value, "")),
    }
}

/// Whether a time is one of ISO 8601, with or without a part of the second, and with an offset or `Z`.
fn is_iso(value: &str) -> bool {
    let Some(rest) = value.strip_prefix(TIMES[1].0) else { return false };
    let rest = rest.strip_prefix(r"\.\d+").unwrap_or(rest);
    matches!(rest, "" | "Z" | r"[+-]\d{2}:\d{2}" | r"[+-]\d{4}")
}
