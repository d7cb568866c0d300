//! Regular expressions for lines of text: each column by the alphabet of its own values, with the text of the format between
//! them. They are in what RE2, Rust, Onigmo and Python have in common.

use crate::format::is_certain;
use crate::line_schema::{LineColumn, LineItem};
use crate::log_format::FieldKind;
use crate::log_format::element::Condition;
use crate::log_format::time_form::{TimeForm, TimePart};
use crate::log_format::{Element, Escape, Field};

/// What an address consists of.
pub const ADDRESS: &str = "[0-9a-fA-F.:]+";
/// Text in which quotes have a backslash before them.
const ESCAPED: &str = r#"(?:[^"\\]|\\.)*"#;

/// The expression for items of a line. `column` says how a column is captured.
pub fn pattern(items: &[LineItem], column: &impl Fn(&LineColumn) -> String) -> String {
    let item = |item: &LineItem| match item {
        LineItem::Text(text) => quoted(text),
        LineItem::Column(one) => column(one),
        LineItem::Optional { then, otherwise } => {
            either(&pattern(then, column), &quoted(otherwise))
        }
    };
    items.iter().map(item).collect()
}

/// The expression for the value of a column.
pub fn value(column: &LineColumn) -> String {
    elements(&column.elements)
}

/// Text as an expression that matches this text alone.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            // A quote ends the expression in some languages that hold it.
            '\'' => out.push_str("\\x27"),
            _ if r"\.+*?()|[]{}^$".contains(c) => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

fn elements(parts: &[Element]) -> String {
    parts.iter().map(element).collect()
}

fn element(element: &Element) -> String {
    match element {
        Element::Literal(text) => quoted(text),
        Element::Time(form) => time(form),
        Element::Field { field, escape, missing } => {
            let value = self::field(*field, *escape);
            if is_certain(*field) { value } else { either(&value, &quoted(missing)) }
        }
        Element::Choice { condition, then, otherwise } => {
            let (then, otherwise) = (elements(then), elements(otherwise));
            match condition {
                // What is right for some statuses alone may be part of the other.
                Condition::StatusIs(_) if then == otherwise => then,
                _ => either(&then, &otherwise),
            }
        }
    }
}

/// One expression or the other, which may be empty.
fn either(one: &str, other: &str) -> String {
    match (one, other) {
        (one, other) if one == other => one.to_owned(),
        (one, "") => format!("(?:{one})?"),
        ("", other) => format!("(?:{other})?"),
        (one, other) => format!("(?:{one}|{other})"),
    }
}

/// The expression for what an unescaped field shows.
fn field(field: Field, escape: Escape) -> String {
    let text = match field.info().kind {
        FieldKind::Integer => r"\d+",
        FieldKind::Decimal => r"\d+\.\d+",
        FieldKind::Word => word(field),
        FieldKind::Text => match (field, escape) {
            (_, Escape::Plus | Escape::Percent) => r"\S+",
            (Field::Target | Field::Path | Field::Query | Field::QueryString, _) => r"\S+",
            (_, Escape::Logfmt) => r#"(?:"(?:[^"\\]|\\.)*"|[^ "]+)"#,
            (_, Escape::None) => ".*?",
            _ => ESCAPED,
        },
    };
    text.to_owned()
}

fn word(field: Field) -> &'static str {
    match field {
        Field::RemoteHost | Field::ProxyAddress | Field::ServerAddress => ADDRESS,
        Field::ForwardedFor => "[0-9a-fA-F.:]+(?:, [0-9a-fA-F.:]+)*",
        Field::Method | Field::Country | Field::Level => "[A-Z]+",
        Field::RequestId | Field::TraceId | Field::SpanId | Field::TraceTail | Field::ActorId => {
            "[0-9a-f]+"
        }
        _ => r#"[^\s"]+"#,
    }
}

/// The expression for what a form of time shows.
pub fn time(form: &TimeForm) -> String {
    let part = |part: &TimePart| match part {
        TimePart::Text(text) => quoted(text),
        TimePart::Second => r"\d{2}".to_owned(),
        TimePart::Epoch => r"\d{10}".to_owned(),
        TimePart::HexEpoch => "[0-9a-f]{8}".to_owned(),
        TimePart::Offset { colon: true } => r"[+-]\d{2}:\d{2}".to_owned(),
        TimePart::Offset { colon: false } => r"[+-]\d{4}".to_owned(),
        TimePart::Zone => "[A-Za-z0-9+-]+".to_owned(),
        TimePart::Directive(letter) => match letter {
            'Y' | 'G' => r"\d{4}",
            'j' => r"\d{3}",
            'u' | 'w' => r"\d",
            'e' | 'k' | 'l' => "[ 0-9][0-9]",
            'a' | 'A' | 'b' | 'B' | 'p' | 'P' => "[A-Za-z]+",
            _ => r"\d{2}",
        }
        .to_owned(),
    };
    form.parts().iter().map(part).collect()
}
