//! One reading of a text: values in the library's order to our own tree, numbered and within limits.
//! It speaks serde and so would serve any library that does.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use crate::config::tree::{Node, NodeId, TreeEntry, Value};

/// The deepest nest that is read; no setting lies deeper than 4.
const MAX_DEPTH: u32 = 16;
/// The most values that are read, aliases spelt out.
const MAX_NODES: u32 = 200_000;
/// The most text that is read in bytes, aliases spelt out.
const MAX_TEXT: usize = 16 << 20;

/// What is said of a nest beyond the limit.
pub fn too_deep() -> String {
    format!("found values nested more than {MAX_DEPTH} deep; no setting lies deeper than 4")
}

/// The most entries that a list or map may have; a setting may ask for fewer.
pub const MAX_ENTRIES: usize = 10_000;

/// One reading of a text: numbers its nodes and guards the limits.
pub struct TreeReader {
    /// The node to fail at, in a reading that looks for its place.
    stop_at: Option<NodeId>,
    next_id: Cell<NodeId>,
    text: Cell<usize>,
    /// Our own reason to give up, if it was ours.
    reason: RefCell<Option<String>>,
    /// The list or map that alone holds too much, if one does.
    too_long: Cell<Option<NodeId>>,
}

impl TreeReader {
    /// A reading that fails at the node `stop_at`, or else goes on to the end.
    pub fn new(stop_at: Option<NodeId>) -> Self {
        Self {
            stop_at,
            next_id: Cell::new(0),
            text: Cell::new(0),
            reason: RefCell::new(None),
            too_long: Cell::new(None),
        }
    }

    /// What reads the top of the text.
    pub fn seed(&self) -> ValueSeed<'_> {
        ValueSeed { reader: self, depth: 0 }
    }

    /// Why the reading was given up, if that was our own doing.
    pub fn take_reason(&self) -> Option<String> {
        self.reason.borrow_mut().take()
    }

    /// The list or map that made the reading too large, if one alone did.
    pub fn too_long(&self) -> Option<NodeId> {
        self.too_long.get()
    }

    /// The reading stopped inside a list or map of `entries` so far: if it is too long by itself, that
    /// is why.
    fn blame(&self, id: NodeId, kind: &str, entries: usize) {
        let is_too_large = self.next_id.get() > MAX_NODES;
        if is_too_large && entries > MAX_ENTRIES && self.too_long.get().is_none() {
            self.too_long.set(Some(id));
            *self.reason.borrow_mut() = Some(format!(
                "found more than 200,000 values in one {kind}, expected at most 10,000 entries in a \
                 list or a map"
            ));
        }
    }

    fn refuse<E: de::Error>(&self, reason: impl Into<String>) -> E {
        *self.reason.borrow_mut() = Some(reason.into());
        E::custom("refused")
    }

    fn number<E: de::Error>(&self, text: usize) -> Result<NodeId, E> {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.text.set(self.text.get().saturating_add(text));
        if self.stop_at == Some(id) {
            return Err(self.refuse("found"));
        }
        if id >= MAX_NODES || self.text.get() > MAX_TEXT {
            return Err(self.refuse(format!(
                "found more than 200,000 values or {} MiB of text, expected no more than that, with \
                 each *alias counted as all that it stands for",
                MAX_TEXT >> 20
            )));
        }
        Ok(id)
    }
}

/// Reads a value and all that it holds.
#[derive(Clone, Copy)]
pub struct ValueSeed<'r> {
    reader: &'r TreeReader,
    depth: u32,
}

impl ValueSeed<'_> {
    fn scalar<E: de::Error>(self, value: Value, text: usize) -> Result<Node, E> {
        Ok(Node { id: self.reader.number(text)?, value })
    }

    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.reader.refuse(too_deep()));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Node;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        self.scalar(Value::Null, 0)
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        self.scalar(Value::Null, 0)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        self.scalar(Value::Bool(value), 0)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node, E> {
        self.visit_i128(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        self.visit_i128(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Node, E> {
        self.scalar(Value::Integer(value), 0)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Node, E> {
        match i128::try_from(value) {
            Ok(value) => self.visit_i128(value),
            Err(_) => self.visit_f64(value as f64),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        self.scalar(Value::Float(value), 0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        self.scalar(Value::Text(text.to_owned()), text.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let id = self.reader.number(0)?;
        let inside = self.deeper()?;
        let mut nodes = Vec::new();
        let blame = |entries| self.reader.blame(id, "list", entries);
        while let Some(node) =
            items.next_element_seed(inside).inspect_err(|_| blame(nodes.len()))?
        {
            nodes.push(node);
        }
        Ok(Node { id, value: Value::List(nodes) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let id = self.reader.number(0)?;
        let inside = self.deeper()?;
        let mut entries = Vec::new();
        let blame = |entries| self.reader.blame(id, "map", entries);
        while let Some((key, key_id)) =
            map.next_key_seed(KeySeed(self.reader)).inspect_err(|_| blame(entries.len()))?
        {
            let node = map.next_value_seed(inside).inspect_err(|_| blame(entries.len()))?;
            entries.push(TreeEntry { key, key_id, node });
        }
        Ok(Node { id, value: Value::Map(merged(entries)) })
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, _: A) -> Result<Node, A::Error> {
        Err(self.reader.refuse("found a tag (!name), which means nothing here: take it away"))
    }
}

/// Puts the entries of `<<: *base` (YAML 1.1's merge key) behind the map's own, which win.
fn merged(mut entries: Vec<TreeEntry>) -> Vec<TreeEntry> {
    let is_merge = |entry: &TreeEntry| {
        let is_map = |node: &Node| matches!(node.value, Value::Map(_));
        entry.key == "<<"
            && match &entry.node.value {
                Value::List(nodes) => nodes.iter().all(is_map),
                _ => is_map(&entry.node),
            }
    };
    let Some(at) = entries.iter().position(is_merge) else {
        return entries;
    };
    let bases = match entries.remove(at).node.value {
        Value::List(nodes) => nodes,
        value => vec![Node::new(value)],
    };
    let mut present: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
    for base in bases {
        let Value::Map(inherited) = base.value else { continue };
        for entry in inherited {
            if present.insert(entry.key.clone()) {
                entries.push(entry);
            }
        }
    }
    entries
}

struct KeySeed<'r>(&'r TreeReader);

impl KeySeed<'_> {
    fn key<E: de::Error>(self, key: String) -> Result<(String, NodeId), E> {
        let id = self.0.number(key.len())?;
        Ok((key, id))
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = (String, NodeId);

    fn deserialize<D: de::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = (String, NodeId);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        self.key("null".into())
    }

    fn visit_bool<E: de::Error>(self, key: bool) -> Result<Self::Value, E> {
        self.key(key.to_string())
    }

    fn visit_i64<E: de::Error>(self, key: i64) -> Result<Self::Value, E> {
        self.key(key.to_string())
    }

    fn visit_u64<E: de::Error>(self, key: u64) -> Result<Self::Value, E> {
        self.key(key.to_string())
    }

    fn visit_i128<E: de::Error>(self, key: i128) -> Result<Self::Value, E> {
        self.key(key.to_string())
    }

    fn visit_u128<E: de::Error>(self, key: u128) -> Result<Self::Value, E> {
        self.key(key.to_string())
    }

    fn visit_f64<E: de::Error>(self, key: f64) -> Result<Self::Value, E> {
        self.key(format!("{key:?}"))
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        self.key(key.to_owned())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(self.0.refuse("found a list as a key, expected text"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(self.0.refuse("found a map as a key, expected text"))
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(self.0.refuse("found a tag (!name) on a key, expected plain text"))
    }
}
