//! A configuration as it was written: a tree of plain values, before anything is known about what
//! they mean. It knows no file format; `raw` makes it from YAML and writes it as YAML.

use std::fmt;

/// The number of a node in the order of the text; `raw::locate` finds its line by it.
pub type NodeId = u32;

/// A value and the place where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its number; 0 in a tree that was not read from a text.
    pub id: NodeId,
    /// What stands there.
    pub value: Value,
}

/// A key of a map and what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeEntry {
    /// The key, as text even where it was written as a number.
    pub key: String,
    /// The number of the key's own node.
    pub key_id: NodeId,
    /// What belongs to it.
    pub node: Node,
}

/// A plain value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing: `null`, `~`, or a key with nothing behind it.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction, an infinity or not a number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text; a key that was given twice is in it twice.
    Map(Vec<TreeEntry>),
}

impl Node {
    /// A node that stands in no text.
    pub fn new(value: Value) -> Self {
        Self { id: 0, value }
    }

    /// What stands behind these keys, each in the map behind the one before it.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = keys.split_first() else { return Some(self) };
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|entry| entry.key == *first)?.node.at(rest)
    }

    /// [`Node::at`], to be changed.
    pub fn at_mut(&mut self, keys: &[&str]) -> Option<&mut Self> {
        let Some((first, rest)) = keys.split_first() else { return Some(self) };
        let Value::Map(entries) = &mut self.value else { return None };
        entries.iter_mut().find(|entry| entry.key == *first)?.node.at_mut(rest)
    }

    /// Sets a key of a map.
    pub fn set(&mut self, key: &str, node: Node) {
        self.remove(key);
        if let Value::Map(entries) = &mut self.value {
            entries.push(TreeEntry { key: key.to_owned(), key_id: 0, node });
        }
    }

    /// Removes a key of a map, if it is there.
    pub fn remove(&mut self, key: &str) {
        if let Value::Map(entries) = &mut self.value {
            entries.retain(|entry| entry.key != key);
        }
    }

    /// A map that stands in no text.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Node)>) -> Self {
        let entry = |(key, node): (K, Node)| TreeEntry { key: key.into(), key_id: 0, node };
        Self::new(Value::Map(entries.into_iter().map(entry).collect()))
    }

    /// A list that stands in no text.
    pub fn list(nodes: impl IntoIterator<Item = Node>) -> Self {
        Self::new(Value::List(nodes.into_iter().collect()))
    }

    /// Text that stands nowhere yet.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Value::Text(text.into()))
    }

    /// A number; whole ones are written without a fraction.
    pub fn number(number: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: whole numbers below it are exact
        if number.fract() == 0.0 && number.abs() < EXACT {
            Self::new(Value::Integer(number as i128))
        } else {
            Self::new(Value::Float(number))
        }
    }
}

/// What was found, in the words of a message: `"9-25"`, `12`, `a list of 3`, `nothing`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) if value.is_nan() => f.write_str(".nan (not a number)"),
            Self::Float(value) if value.is_infinite() => {
                write!(f, "{}.inf (infinity)", if *value < 0.0 { "-" } else { "" })
            }
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(nodes) if nodes.is_empty() => f.write_str("an empty list"),
            Self::List(nodes) => write!(f, "a list of {}", nodes.len()),
            Self::Map(entries) if entries.is_empty() => f.write_str("an empty map"),
            Self::Map(entries) => {
                let keys: Vec<_> = entries.iter().take(3).map(|e| quoted(&e.key)).collect();
                let more = if entries.len() > 3 { ", …" } else { "" };
                write!(f, "a map with {}{more}", keys.join(", "))
            }
        }
    }
}

/// Text in quotes, escaped and no longer than a message can bear.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    shown = shown.replace("\\'", "'");
    if text.chars().nth(LONGEST).is_some() {
        format!("\"{shown}…\"")
    } else {
        format!("\"{shown}\"")
    }
}
