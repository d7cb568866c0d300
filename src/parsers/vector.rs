//! A program in VRL for Vector's transform `remap`: the event has the line in its field `message`.

use super::regex::{pattern, value};
use crate::line_schema::{LineColumn, LineItem, LineShape, ValueKind};
use crate::log_format::time_form::{TimeForm, TimePart};
use crate::log_format::{Element, Field, LogFormat, NAMED};

/// The formats that VRL has a function for that reads all of a line.
const FUNCTIONS: [(&str, &str); 6] = [
    ("combined", "parse_apache_log!(string!(.message), format: \"combined\")"),
    ("common", "parse_common_log!(string!(.message))"),
    ("nginx", "parse_nginx_log!(string!(.message), format: \"combined\")"),
    ("alb", "parse_aws_alb_log!(string!(.message))"),
    ("rfc3164", "parse_syslog!(string!(.message))"),
    ("rfc5424", "parse_syslog!(string!(.message))"),
];

/// The program for lines of this shape.
pub fn text(format: &LogFormat, shape: &LineShape) -> String {
    let name = named(format);
    if let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| Some(*known) == name) {
        return format!(". = object!({function})\n");
    }
    let (mut lines, columns) = match shape {
        LineShape::Json(_) => return ". = object!(parse_json!(string!(.message)))\n".to_owned(),
        LineShape::Pairs(_) => {
            (vec![". = object!(parse_logfmt!(string!(.message)))".to_owned()], shape.columns())
        }
        LineShape::Text(items) => {
            let expression = expression(items).replace('\'', "\\x27");
            let header = "if starts_with(string!(.message), \"#\") { abort }".to_owned();
            let read = format!(". = parse_regex!(string!(.message), r'{expression}')");
            // The lines of a header are no events.
            let header = format.file_header().map(|_| header);
            (header.into_iter().chain([read]).collect(), shape.columns())
        }
    };
    lines.extend(columns.into_iter().filter_map(converted));
    lines.join("\n") + "\n"
}

fn expression(items: &[LineItem]) -> String {
    let column = |column: &LineColumn| format!("(?P<{}>{})", column.identifier(), value(column));
    format!("^{}$", pattern(items, &column))
}

/// The statement that makes a number or a time of a text; what is missing becomes null.
fn converted(column: &LineColumn) -> Option<String> {
    let name = column.identifier();
    let number = |function: &str| match &column.missing {
        Some(_) => format!(".{name} = {function}(.{name}) ?? null"),
        None => format!(".{name} = {function}!(.{name})"),
    };
    match column.kind {
        ValueKind::Integer => Some(number("to_int")),
        ValueKind::Number => Some(number("to_float")),
        ValueKind::Timestamp => {
            let form = chrono(&column.elements)?;
            Some(format!(".{name} = parse_timestamp!(.{name}, \"{}\")", form.replace('"', "\\\"")))
        }
        _ => None,
    }
}

/// The form of a time as chrono takes it; `None` if the time leaves its offset open.
fn chrono(elements: &[Element]) -> Option<String> {
    let mut out = String::new();
    let mut is_whole = false;
    for element in elements {
        match element {
            Element::Literal(text) => out += &text.replace('%', "%%"),
            Element::Time(form) => {
                is_whole |= has_offset(form) && form.is_readable();
                for part in form.parts() {
                    match part {
                        TimePart::Text(text) => out += &text.replace('%', "%%"),
                        TimePart::Second => out += "%S",
                        TimePart::Epoch => out += "%s",
                        TimePart::Offset { colon } => out += if *colon { "%:z" } else { "%z" },
                        TimePart::Directive(letter) => out.extend(['%', *letter]),
                        TimePart::HexEpoch | TimePart::Zone => return None,
                    }
                }
            }
            // chrono's `%.f` takes the point with the digits.
            Element::Field {
                field: Field::Milliseconds | Field::Microseconds | Field::Nanoseconds,
                ..
            } => {
                out = format!("{}%.f", out.strip_suffix('.')?);
            }
            _ => return None,
        }
    }
    // An offset may stand in a later part than the date.
    let has_date =
        elements.iter().any(|element| matches!(element, Element::Time(form) if form.is_readable()));
    let offset =
        elements.iter().any(|element| matches!(element, Element::Time(form) if has_offset(form)));
    (is_whole || (has_date && offset)).then_some(out)
}

fn has_offset(form: &TimeForm) -> bool {
    form.parts().iter().any(|part| matches!(part, TimePart::Offset { .. } | TimePart::Epoch))
}

/// The name of a named format, if `format` has its elements.
fn named(format: &LogFormat) -> Option<&'static str> {
    let is_same = |name: &&str| {
        LogFormat::parse(name).is_ok_and(|named| named.elements() == format.elements())
    };
    NAMED.iter().map(|named| named.name).find(is_same)
}
