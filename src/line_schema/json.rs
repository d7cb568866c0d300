//! Formats whose lines are JSON objects. The text of a format is one, once a mark stands in the place of each column, so
//! a JSON parser finds out where the columns are.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::column::{LineColumn, ValueKind, kind_of_text};
use crate::log_format::FieldKind;
use crate::log_format::piece::{FormatColumn, Piece, elements, fields};
use crate::log_format::{Element, Escape};

/// A part of a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonNode {
    /// An object: its members, in their order.
    Object(Vec<(String, JsonNode)>),
    /// An array.
    List(Vec<JsonNode>),
    /// A value.
    Value(JsonValue),
}

/// A value in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonValue {
    /// What stands there.
    pub column: LineColumn,
    /// Whether it stands in quotes.
    pub is_quoted: bool,
    /// Whether some lines have `null` there, or nothing at all.
    pub can_lack: bool,
}

impl JsonNode {
    /// The columns, in their order.
    pub fn columns(&self) -> Vec<&LineColumn> {
        match self {
            Self::Object(members) => {
                // The key of a pair is in the names of the columns that belong to it.
                let is_pair = members.len() == 2 && members[0].0 == "key";
                let own = &members[usize::from(is_pair)..];
                own.iter().flat_map(|(_, node)| node.columns()).collect()
            }
            Self::List(items) => items.iter().flat_map(Self::columns).collect(),
            Self::Value(value) => vec![&value.column],
        }
    }
}

/// The object that each line of a format is; `None` if the lines are no JSON.
pub fn object(pieces: &[Piece]) -> Option<JsonNode> {
    // A text with the escapes of another language is not always one of JSON.
    let breaks = |element: &Element| match element {
        Element::Field { field, escape, .. } => {
            field.info().kind == FieldKind::Text && *escape != Escape::Json
        }
        _ => false,
    };
    let starts =
        matches!(pieces.first(), Some(Piece::Text(text)) if text.trim_start().starts_with('{'));
    if !starts || elements(pieces).iter().any(breaks) {
        return None;
    }
    let mut marked = Marked::default();
    marked.add(pieces, false)?;
    let found: Found = serde_json::from_str(&marked.text).ok()?;
    Some(marked.node(&found, &mut String::new()))
}

/// What stands around the number of a column in the place of its value.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// A format as a JSON text with marks.
#[derive(Default)]
struct Marked<'p> {
    text: String,
    in_string: bool,
    /// The columns, each with whether it is in quotes and can be missing.
    columns: Vec<(&'p FormatColumn, bool, bool)>,
}

impl<'p> Marked<'p> {
    fn add(&mut self, pieces: &'p [Piece], can_lack: bool) -> Option<()> {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.add_text(text),
                Piece::Column(column) => {
                    let quote = if self.in_string { "" } else { "\"" };
                    let mark =
                        format!("{quote}{}{}{}{quote}", MARKS[0], self.columns.len(), MARKS[1]);
                    self.text.push_str(&mark);
                    self.columns.push((column, self.in_string, can_lack));
                }
                Piece::Optional { then, otherwise, .. }
                    if otherwise.is_empty() || otherwise == "null" =>
                {
                    self.add(then, true)?;
                }
                Piece::Optional { .. } => return None,
            }
        }
        Some(())
    }

    fn add_text(&mut self, text: &str) {
        let mut is_escaped = false;
        for c in text.chars() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => self.in_string = !self.in_string,
                _ => {}
            }
        }
        self.text.push_str(text);
    }

    fn node(&self, found: &Found, path: &mut String) -> JsonNode {
        let before = path.len();
        let mut within = |step: &str, found: &Found| {
            path.push_str(step);
            let node = self.node(found, path);
            path.truncate(before);
            node
        };
        let dot = if before == 0 { "" } else { "." };
        match found {
            Found::Object(members) => JsonNode::Object(
                members
                    .iter()
                    .map(|(name, found)| (name.clone(), within(&format!("{dot}{name}"), found)))
                    .collect(),
            ),
            Found::List(items) => {
                let node = |item: &Found| match item.key() {
                    Some(key) => within(&format!("[{key}]"), item),
                    None => within("[]", item),
                };
                JsonNode::List(items.iter().map(node).collect())
            }
            Found::Text(text) => JsonNode::Value(self.value(text, path)),
            Found::Constant(text, kind) => {
                let column = FormatColumn::named(path, vec![(&**text).into()]);
                let column = LineColumn { kind: *kind, ..LineColumn::new(&column) };
                JsonNode::Value(JsonValue { column, is_quoted: false, can_lack: false })
            }
        }
    }

    /// The value that a JSON string with marks stands for.
    fn value(&self, text: &str, name: &str) -> JsonValue {
        let mut pieces = Vec::new();
        let (mut is_quoted, mut can_lack) = (true, false);
        let mut rest = text;
        while let Some((before, number, behind)) = mark(rest) {
            let (column, quoted, lacks) = self.columns[number];
            (is_quoted, can_lack) = (quoted, can_lack || lacks);
            pieces.extend([Piece::Text(before.to_owned()), Piece::Column(column.clone())]);
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        let column = match &*pieces {
            [Piece::Column(column)] => FormatColumn { name: name.to_owned(), ..column.clone() },
            several => {
                let own = |piece: &Piece| match piece {
                    Piece::Column(column) => Some(column.source.clone()),
                    _ => None,
                };
                let column = FormatColumn::named(name, elements(several));
                let sources: Vec<_> = several.iter().filter_map(own).collect();
                let is_time = LineColumn::new(&column).kind == ValueKind::Timestamp;
                let source = if is_time { column.source.clone() } else { sources.join(", ") };
                FormatColumn { source, ..column }
            }
        };
        let mut column = LineColumn::new(&column);
        let lacks_field = fields(&column.elements).len() == 1 && column.missing.is_some();
        if is_quoted && column.kind != ValueKind::Timestamp {
            (column.kind, column.unit) = (ValueKind::Text, column.unit);
        }
        if can_lack {
            column.missing = None;
        }
        JsonValue { column, is_quoted, can_lack: can_lack || (!is_quoted && lacks_field) }
    }
}

/// The text before the first mark, its number, and the text behind it.
fn mark(text: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = text.split_once(MARKS[0])?;
    let (number, behind) = rest.split_once(MARKS[1])?;
    Some((before, number.parse().ok()?, behind))
}

/// What a JSON parser found. The members of objects keep their order.
enum Found {
    Object(Vec<(String, Found)>),
    List(Vec<Found>),
    Text(String),
    /// What is in no quotes, and of what kind.
    Constant(String, ValueKind),
}

impl Found {
    /// The text of the member `key`, by which OTLP names what is in its lists.
    fn key(&self) -> Option<&str> {
        let Self::Object(members) = self else { return None };
        members.iter().find_map(|(name, found)| match found {
            Self::Text(text) if name == "key" => Some(&**text),
            _ => None,
        })
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FoundVisitor)
    }
}

struct FoundVisitor;

impl<'de> Visitor<'de> for FoundVisitor {
    type Value = Found;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Found, E> {
        Ok(Found::Constant(value.to_string(), ValueKind::Boolean))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Found, E> {
        Ok(Found::Constant(value.to_string(), ValueKind::Integer))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Found, E> {
        Ok(Found::Constant(value.to_string(), ValueKind::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Found, E> {
        let text = value.to_string();
        let kind = kind_of_text(&text);
        Ok(Found::Constant(text, kind))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Found, E> {
        Ok(Found::Text(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(Found::Constant("null".to_owned(), ValueKind::Text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(Found::List(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Found, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(Found::Object(all))
    }
}
