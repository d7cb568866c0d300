//! A section `[PARSER]` for Fluent Bit. Its regular expressions are Onigmo's.

use super::regex::{pattern, value};
use crate::line_schema::{LineColumn, LineItem, LineShape, ValueKind};
use crate::log_format::piece::fields;
use crate::log_format::time_form::TimePart;
use crate::log_format::{Element, Field};

/// The section with a name for lines of this shape.
pub fn text(name: &str, shape: &LineShape) -> String {
    let mut lines = vec!["[PARSER]".to_owned(), setting("Name", name)];
    match shape {
        LineShape::Json(_) => lines.push(setting("Format", "json")),
        LineShape::Pairs(_) => lines.push(setting("Format", "logfmt")),
        LineShape::Text(items) => {
            lines.push(setting("Format", "regex"));
            lines.push(setting("Regex", &expression(items)));
        }
    }
    let columns = shape.columns();
    // Fluent Bit finds the time of an event among its top members alone.
    let is_whole = |column: &&&LineColumn| {
        column.kind == ValueKind::Timestamp
            && !column.name.contains(['.', '['])
            && form(column).is_some()
    };
    if let Some(time) = columns.iter().find(is_whole) {
        let name =
            if matches!(shape, LineShape::Json(_)) { time.name.clone() } else { time.identifier() };
        lines.push(setting("Time_Key", &name));
        lines.push(setting("Time_Format", &form(time).unwrap_or_default()));
        lines.push(setting("Time_Keep", "On"));
    }
    if !matches!(shape, LineShape::Json(_)) {
        let typed = |column: &&LineColumn| {
            let kind = match column.kind {
                ValueKind::Integer => "integer",
                ValueKind::Number => "float",
                _ => return None,
            };
            Some(format!("{}:{kind}", column.identifier()))
        };
        let types: Vec<_> = columns.iter().filter_map(typed).collect();
        if !types.is_empty() {
            lines.push(setting("Types", &types.join(" ")));
        }
    }
    lines.join("\n") + "\n"
}

fn setting(name: &str, value: &str) -> String {
    format!("    {name:<12} {value}")
}

fn expression(items: &[LineItem]) -> String {
    let column = |column: &LineColumn| format!("(?<{}>{})", column.identifier(), value(column));
    format!("^{}$", pattern(items, &column))
}

/// The form of a time as Fluent Bit's strptime takes it; `None` if it says too little.
fn form(column: &LineColumn) -> Option<String> {
    let mut out = String::new();
    let mut is_readable = false;
    for element in &column.elements {
        match element {
            Element::Literal(text) => out += &text.replace('%', "%%"),
            Element::Time(form) => {
                is_readable |= form.is_readable();
                for part in form.parts() {
                    match part {
                        TimePart::Text(text) => out += &text.replace('%', "%%"),
                        TimePart::Second => out += "%S",
                        TimePart::Epoch => out += "%s",
                        TimePart::HexEpoch | TimePart::Zone => return None,
                        TimePart::Offset { .. } => out += "%z",
                        TimePart::Directive(letter) => out.extend(['%', *letter]),
                    }
                }
            }
            Element::Field {
                field: Field::Milliseconds | Field::Microseconds | Field::Nanoseconds,
                ..
            } => {
                // What stands behind the point is one number of any length there.
                out = format!("{}.%L", out.strip_suffix('.')?);
            }
            _ => return None,
        }
    }
    (is_readable && fields(&column.elements).len() < 2).then_some(out)
}
