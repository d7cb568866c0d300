//! A column: what kind of value it has, in which unit, and what stands for a value that is missing.

use crate::format::is_certain;
use crate::log_format::FieldKind;
use crate::log_format::piece::{FormatColumn, fields};
use crate::log_format::time_form::TimePart;
use crate::log_format::{Element, Field};

/// What kind of value a column has, as its readers take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An instant, or a part of one.
    Timestamp,
}

impl ValueKind {
    /// The name of the kind.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
        }
    }
}

/// A column of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// What its readers call it; no other column of the line has the name.
    pub name: String,
    /// The directive, the variable or the fields that it shows; empty if it is the same in all lines.
    pub source: String,
    /// What kind of value it has.
    pub kind: ValueKind,
    /// The unit of the value; empty if it has none.
    pub unit: &'static str,
    /// What it says.
    pub about: String,
    /// What stands in a line that has no value; `None` if all lines have one.
    pub missing: Option<String>,
    /// What it consists of.
    pub elements: Vec<Element>,
}

impl LineColumn {
    /// The column of a format, with what follows from its elements.
    pub fn new(column: &FormatColumn) -> Self {
        let (kind, missing) = kind(&column.elements);
        Self {
            name: column.name.clone(),
            source: column.source.clone(),
            kind,
            unit: unit(&column.elements, kind),
            about: column.about.clone(),
            missing,
            elements: column.elements.clone(),
        }
    }

    /// The name in letters that regular expressions and databases take: `cs(Referer)` becomes `cs_referer`.
    pub fn identifier(&self) -> String {
        identifier(&self.name)
    }
}

/// A name in lower-case letters, digits and underscores.
pub fn identifier(name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let words = name.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}

/// The kind of value that elements show, and what stands for a missing one.
fn kind(elements: &[Element]) -> (ValueKind, Option<String>) {
    match elements {
        [Element::Literal(text)] => (kind_of_text(text), None),
        [Element::Field { field, missing, .. }] => {
            (kind_of_field(*field), (!is_certain(*field)).then(|| missing.clone().into_owned()))
        }
        [Element::Choice { then, otherwise, .. }] => match (&**then, &**otherwise) {
            ([value @ Element::Field { .. }], [Element::Literal(text)])
            | ([Element::Literal(text)], [value @ Element::Field { .. }]) => {
                let (kind, missing) = kind(std::slice::from_ref(value));
                let is_value = kind_of_text(text) != ValueKind::Text || kind == ValueKind::Text;
                // The text may well be a value: 0 bytes, or a status of its own.
                if is_value && text != "-" {
                    (kind, None)
                } else {
                    (kind, missing.or(Some(text.clone())))
                }
            }
            ([Element::Literal(one)], [Element::Literal(other)])
                if kind_of_text(one) == kind_of_text(other) =>
            {
                (kind_of_text(one), None)
            }
            ([Element::Field { field, .. }], []) => (kind_of_field(*field), Some(String::new())),
            _ => (ValueKind::Text, None),
        },
        several if is_time(several) => (ValueKind::Timestamp, None),
        _ => (ValueKind::Text, None),
    }
}

fn kind_of_field(field: Field) -> ValueKind {
    match field.info().kind {
        FieldKind::Text | FieldKind::Word => ValueKind::Text,
        FieldKind::Integer => ValueKind::Integer,
        FieldKind::Decimal => ValueKind::Number,
    }
}

/// The kind of a text that is the same in all lines.
pub fn kind_of_text(text: &str) -> ValueKind {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit());
    match text {
        _ if is_number && digits.parse::<u64>().is_ok() => ValueKind::Integer,
        _ if is_number && digits.parse::<f64>().is_ok() => ValueKind::Number,
        _ => ValueKind::Text,
    }
}

/// Whether elements show an instant and nothing else: a time, with a part of its second and signs between them.
fn is_time(elements: &[Element]) -> bool {
    const LONGEST_SIGN: usize = 2;
    let is_part = |element: &Element| match element {
        Element::Time(_) => true,
        Element::Literal(text) => text.len() <= LONGEST_SIGN,
        Element::Field { field, .. } => is_fraction(*field),
        Element::Choice { .. } => false,
    };
    elements.iter().any(|element| matches!(element, Element::Time(_)))
        && elements.iter().all(is_part)
}

fn is_fraction(field: Field) -> bool {
    matches!(field, Field::Milliseconds | Field::Microseconds | Field::Nanoseconds)
}

/// The unit of a value: that of its only field, or, of a time that is a number, what it counts since 1970.
fn unit(elements: &[Element], kind: ValueKind) -> &'static str {
    if kind != ValueKind::Timestamp {
        return match (&*fields(elements), kind) {
            ([field], ValueKind::Integer | ValueKind::Number) => field.info().unit,
            _ => "",
        };
    }
    let counts = |element: &Element| match element {
        Element::Time(form) => form.parts().iter().any(|part| matches!(part, TimePart::Epoch)),
        _ => false,
    };
    match elements {
        [time, Element::Field { field, .. }] if counts(time) => field.info().unit,
        [time, ..] if counts(time) => "s",
        _ => "",
    }
}
