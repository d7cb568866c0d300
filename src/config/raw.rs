//! YAML text to our own tree and back. This is the only file that knows the YAML library: another
//! one could take its place without anybody noticing.
//!
//! The library tells lines and columns only in its errors. So nodes are numbered in the order in
//! which they are met, and the place of a node is found by reading the text again up to its number
//! and failing there. That costs a reading for each problem and nothing for a good configuration.

mod reader;

use std::collections::{BTreeSet, HashMap};

use serde::de::DeserializeSeed;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::tree::{Node, NodeId, Value};
pub use reader::MAX_ENTRIES;
use reader::{TreeReader, too_deep};

/// Bytes that [`locate`] reads before it gives up and leaves the other places unknown.
const LOCATE_BUDGET: usize = 32 << 20;

/// A place in the text, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Why a text is no configuration at all.
#[derive(Debug, PartialEq, Eq)]
pub struct UnreadableText {
    /// Where, if that is known.
    pub location: Option<Location>,
    /// What was found and what would be right.
    pub message: String,
}

/// Reads a text whose top level is a map.
///
/// # Errors
/// Bad syntax; an empty text; more than one document; a nest deeper than 16; more than 200,000
/// values or 16 MiB of text once aliases are spelt out; a top level that is no map.
pub fn read(text: &str) -> Result<Node, UnreadableText> {
    scan(text)?;
    let reader = TreeReader::new(None);
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let root = match documents.next() {
        Some(document) => reader
            .seed()
            .deserialize(document)
            .map_err(|error| unreadable(&reader, &error, text))?,
        None => Node::new(Value::Null),
    };
    if let Some(second) = documents.next() {
        let stop = TreeReader::new(Some(0));
        let location = stop.seed().deserialize(second).err().and_then(|error| location(&error));
        let message = if text.lines().any(|line| line.starts_with("---")) {
            "found a second YAML document (after \"---\"), expected one only: put the settings of \
             both into one, or each in a file of its own"
        } else {
            "found more text behind the end of the configuration, expected one map of sections \
             such as \"output:\""
        };
        return Err(UnreadableText { location, message: message.into() });
    }
    let place = locate(text, [root.id]).remove(&root.id);
    match root.value {
        Value::Map(_) => Ok(root),
        Value::Null => Err(UnreadableText {
            location: None,
            message: "the configuration is empty: give at least \"output:\" with a \"directory\" \
                      and a \"rate\", or {} for the defaults"
                .into(),
        }),
        other => Err(UnreadableText {
            location: place,
            message: format!(
                "found {other} at the top level, expected a map of sections such as \"output:\""
            ),
        }),
    }
}

/// Reads a tree that was written as JSON, which allows characters that YAML does not.
///
/// # Errors
/// Bad syntax, or more than [`read`] takes.
pub fn read_json(text: &str) -> Result<Node, String> {
    let reader = TreeReader::new(None);
    let root = reader.seed().deserialize(&mut serde_json::Deserializer::from_str(text));
    root.map_err(|error| reader.take_reason().unwrap_or_else(|| error.to_string()))
}

/// The places of nodes of `text`, which has been read before. Where the text is large and the
/// nodes are many, those that come last are left out.
pub fn locate(text: &str, ids: impl IntoIterator<Item = NodeId>) -> HashMap<NodeId, Location> {
    let readings = LOCATE_BUDGET / text.len().max(1);
    let ids: BTreeSet<NodeId> = ids.into_iter().collect();
    let find = |id: NodeId| {
        let document = serde_yaml::Deserializer::from_str(text).next()?;
        let error = TreeReader::new(Some(id)).seed().deserialize(document).err()?;
        Some((id, location(&error)?))
    };
    ids.into_iter().take(readings.max(1)).filter_map(find).collect()
}

/// A tree as YAML.
pub fn write(root: &Node) -> String {
    serde_yaml::to_string(root).expect("a tree of plain values has a YAML form")
}

fn location(error: &serde_yaml::Error) -> Option<Location> {
    error.location().map(|at| Location { line: at.line(), column: at.column() })
}

/// What would cost or mislead if the library met it.
///
/// - Brackets nested deeper than any configuration nests them: the library's time grows with the
///   square of that depth. Those in quotes and comments count too, and the limit leaves them room.
/// - Characters that YAML does not allow, which the library reports without a line.
fn scan(text: &str) -> Result<(), UnreadableText> {
    const ROOM: u32 = 1_000;
    let mut at = Location { line: 1, column: 0 };
    let mut depth = 0_u32;
    let unreadable = |at, message| Err(UnreadableText { location: Some(at), message });
    for c in text.chars() {
        at.column += 1;
        match c {
            '\n' => at = Location { line: at.line + 1, column: 0 },
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            '\t' | '\r' | '\u{85}' => {}
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                let code = u32::from(c);
                let message = format!(
                    "found the character U+{code:04X}, which YAML does not allow: take it away, or \
                     write \"\\u{code:04x}\" in double quotes"
                );
                return unreadable(at, message);
            }
            _ => {}
        }
        if depth > ROOM {
            return unreadable(at, too_deep());
        }
    }
    Ok(())
}

/// Why the library, or our own limits, gave up.
fn unreadable(reader: &TreeReader, error: &serde_yaml::Error, text: &str) -> UnreadableText {
    let place = location(error);
    if let Some(message) = reader.take_reason() {
        let whole = reader.too_long().and_then(|id| locate(text, [id]).remove(&id));
        return UnreadableText { location: whole.or(place), message };
    }
    let mut message = error.to_string();
    if let Some(at) = place {
        // The place is told once, in front; what else the library says of places stays.
        let told = format!(" at line {} column {}", at.line, at.column);
        message = message.replacen(&told, "", 1);
    }
    let line = place.and_then(|at| text.lines().nth(at.line - 1)).unwrap_or_default();
    let advice = advice(&message, line).unwrap_or_default();
    UnreadableText { location: place, message: format!("not valid YAML: {message}{advice}") }
}

/// What would mend the mistakes that are made most often, behind the library's own words.
fn advice(message: &str, line: &str) -> Option<&'static str> {
    let indent = line.len() - line.trim_start().len();
    if line[..indent].contains('\t') {
        return Some("; there is a tab before the text, indent with spaces");
    }
    // YAML 1.1 and 1.2 both ask that of a key that shares its line with its value.
    if line.len() > 1_024 && message.contains("mapping values are not allowed") {
        return Some("; a key longer than 1,024 characters needs \"? \" before it");
    }
    let advice = [
        (
            "mapping values are not allowed",
            "; is a colon missing in the line above, is the line indented differently, or is there \
             \": \" in text without quotes?",
        ),
        (
            "repetition limit exceeded",
            "; too many aliases (*name) of aliases, write the values out",
        ),
        ("recursion limit exceeded", "; values are nested too deep, no setting lies deeper than 4"),
        (
            "unknown anchor",
            "; *name stands for what &name marks above it, text with * needs quotes",
        ),
        ("found unexpected end of stream", "; is a closing quote missing?"),
    ];
    advice.into_iter().find(|(mistake, _)| message.contains(mistake)).map(|(_, advice)| advice)
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => serializer.serialize_i64(value),
                (_, Ok(value)) => serializer.serialize_u64(value),
                _ => serializer.serialize_i128(*value),
            },
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(nodes) => nodes.serialize(serializer),
            Value::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for entry in entries {
                    map.serialize_entry(&entry.key, &entry.node)?;
                }
                map.end()
            }
        }
    }
}
