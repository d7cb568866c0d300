//! A value on its way to becoming a setting: it knows its key path and where to report, and says
//! the same things about wrong types and ranges everywhere. No section is known here.

use std::cell::RefCell;
use std::fmt::Display;

use super::places;
use crate::config::keys::{Also, ConfigKey, KeyKind, NumberLimits};
use crate::config::raw::MAX_ENTRIES;
use crate::config::report::{FindingReport, Severity};
use crate::config::tree::{Node, NodeId, TreeEntry, Value, quoted};
use crate::config::words::{grouped, grouped_whole, path_of, suggestion_for_number};
use crate::likeness::likely;

/// A value with its key path.
#[derive(Clone)]
pub struct ConfigItem<'a> {
    node: &'a Node,
    path: String,
    report: &'a FindingReport,
}

impl<'a> ConfigItem<'a> {
    /// The top of a configuration.
    pub fn root(node: &'a Node, report: &'a FindingReport) -> Self {
        Self { node, path: String::new(), report }
    }

    /// What stands there.
    pub fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// Its number.
    pub fn id(&self) -> NodeId {
        self.node.id
    }

    /// Its key path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reports an error in words of its own.
    pub fn error(&self, message: impl Into<String>) {
        self.report.note(Severity::Error, self.node.id, &self.path, message.into());
    }

    /// Reports an error that has a second place.
    pub fn error_with(&self, other: NodeId, message: impl Into<String>) {
        let nodes = (self.node.id, Some(other));
        self.report.note_with(Severity::Error, nodes, &self.path, message.into());
    }

    /// Reports a warning.
    pub fn warning(&self, message: impl Into<String>) {
        self.report.note(Severity::Warning, self.node.id, &self.path, message.into());
    }

    /// Reports what is right and may yet surprise.
    pub fn note(&self, message: impl Into<String>) {
        self.report.note(Severity::Note, self.node.id, &self.path, message.into());
    }

    /// Reports that something else would be right here. Returns `None`, for the caller to return.
    pub fn wrong<T>(&self, expected: impl Display) -> Option<T> {
        self.error(format!("found {}, expected {expected}", self.node.value));
        None
    }

    /// A number within limits.
    pub fn number(&self, limits: NumberLimits) -> Option<f64> {
        let number = match self.value() {
            Value::Integer(number) => *number as f64,
            Value::Float(number) => *number,
            Value::Text(text) => {
                let hint = suggestion_for_number(text, limits.unit);
                return self.wrong(format!("{}{hint}", limits.words()));
            }
            _ => return self.wrong(limits.words()),
        };
        if limits.contain(number) { Some(number) } else { self.wrong(limits.words()) }
    }

    /// A whole number in a range; both ends belong to it.
    pub fn whole(&self, (low, high): (u64, u64)) -> Option<u64> {
        let words = || format!("a whole number, {} to {}", grouped_whole(low), grouped_whole(high));
        let number = match self.value() {
            Value::Integer(number) => u64::try_from(*number).ok(),
            // 5.0 is the same number as 5, and some tools write it so.
            Value::Float(number) if number.fract() == 0.0 && (0.0..1e15).contains(number) => {
                Some(*number as u64)
            }
            Value::Text(text) => {
                return self.wrong(format!("{}{}", words(), suggestion_for_number(text, "")));
            }
            _ => None,
        };
        match number {
            Some(number) if (low..=high).contains(&number) => Some(number),
            _ => self.wrong(words()),
        }
    }

    /// `true` or `false`.
    pub fn boolean(&self) -> Option<bool> {
        match self.value() {
            Value::Bool(value) => Some(*value),
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" | "true" => self.wrong("true or false: write true, no quotes"),
                "no" | "off" | "n" | "false" => self.wrong("true or false: write false, no quotes"),
                _ => self.wrong("true or false"),
            },
            _ => self.wrong("true or false"),
        }
    }

    /// Text; `expected` says which.
    pub fn text(&self, expected: &str) -> Option<&'a str> {
        match self.value() {
            Value::Text(text) => Some(text),
            _ => self.wrong(expected),
        }
    }

    /// Text that may be any, so that what is no text may only want quotes.
    pub fn free_text(&self, expected: &str) -> Option<&'a str> {
        match self.value() {
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
                self.wrong(format!("{expected}: put it in quotes if it is meant as text"))
            }
            _ => self.text(expected),
        }
    }

    /// A list; `expected` says of what.
    pub fn list(&self, expected: &str) -> Option<Vec<ConfigItem<'a>>> {
        let Value::List(nodes) = self.value() else {
            return self.wrong(expected);
        };
        if nodes.len() > MAX_ENTRIES {
            return self.wrong(format!("at most {} entries", grouped(MAX_ENTRIES as f64)));
        }
        let item = |(index, node)| {
            let path = format!("{}[{index}]", self.path);
            ConfigItem { node, path, report: self.report }
        };
        Some(nodes.iter().enumerate().map(item).collect())
    }

    /// A map of settings that may say whether it is on.
    pub fn feature(&self) -> Option<Map<'a>> {
        self.map("a map of settings, such as \"enabled: true\" indented below it")
    }

    /// A map; `expected` says of what. Keys given twice are reported.
    pub fn map(&self, expected: &str) -> Option<Map<'a>> {
        let Value::Map(entries) = self.value() else {
            return match self.value() {
                // "rate:10" is one word to YAML.
                Value::Text(text) if is_run_together(text) => {
                    self.wrong(format!("{expected}: write a space after each colon"))
                }
                _ => self.wrong(expected),
            };
        };
        if entries.len() > MAX_ENTRIES {
            return self.wrong(format!("at most {} entries", grouped(MAX_ENTRIES as f64)));
        }
        let map = Map {
            item: self.clone(),
            entries,
            asked: RefCell::default(),
            older: RefCell::default(),
        };
        map.report_duplicates();
        Some(map)
    }
}

/// Takes a value, if there is one.
fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn is_run_together(text: &str) -> bool {
    let key = text.split_once(':').map_or("", |(key, _)| key);
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A map and the keys that were asked for; the others mean nothing.
pub struct Map<'a> {
    item: ConfigItem<'a>,
    entries: &'a [TreeEntry],
    asked: RefCell<Vec<&'static str>>,
    /// Those that are accepted and do nothing.
    older: RefCell<Vec<&'static str>>,
}

impl<'a> Map<'a> {
    /// The map as a value.
    pub fn item(&self) -> &ConfigItem<'a> {
        &self.item
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &'static str) -> Option<ConfigItem<'a>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key).map(|entry| self.enter(entry))
    }

    /// The value of a key that must be there; `expected` says what it holds.
    pub fn require(&self, key: &'static str, expected: &str) -> Option<ConfigItem<'a>> {
        let item = self.get(key);
        if item.is_none() {
            self.item.error(format!("found no \"{key}\", expected {expected}"));
        }
        item
    }

    /// The value of a key, and whether it is in a spelling that means the opposite.
    fn spelt<S>(&self, key: &ConfigKey<S>) -> Option<(ConfigItem<'a>, bool)> {
        let others = key.also.iter().filter_map(|also| match also {
            Also::Same(name) => Some((*name, false)),
            Also::Opposite(name) => Some((*name, true)),
            Also::Other(..) | Also::Instead(_) => None,
        });
        self.first_of(std::iter::once((key.name, false)).chain(others))
    }

    /// The value of what has these spellings and is no key of the table. More than one of them is an error.
    pub fn one_of(&self, spellings: &[&'static str]) -> Option<ConfigItem<'a>> {
        self.first_of(spellings.iter().map(|name| (*name, ()))).map(|(item, ())| item)
    }

    fn first_of<T>(
        &self,
        spellings: impl Iterator<Item = (&'static str, T)>,
    ) -> Option<(ConfigItem<'a>, T)> {
        let given: Vec<_> =
            spellings.filter_map(|(name, means)| Some((name, self.get(name)?, means))).collect();
        if let [(first, item, _), (second, other, _), ..] = given.as_slice() {
            let message =
                format!("\"{second}\" is another spelling of \"{first}\": keep one of them");
            other.error_with(item.id(), message);
        }
        given.into_iter().next().map(|(_, item, means)| (item, means))
    }

    /// Accepts keys that older configurations have and that do nothing, each with the reason.
    pub fn accept_older(&self, older: &[(&'static str, &str)]) {
        for (key, why) in older {
            self.older.borrow_mut().push(key);
            if self.entries.iter().any(|entry| entry.key == *key) {
                self.note_key(Severity::Note, key, format!("does nothing: {why}"));
            }
        }
    }

    /// Every entry with its key, which may be any. None of them is unknown.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, ConfigItem<'a>)> {
        self.entries.iter().map(|entry| (entry.key.as_str(), self.enter(entry)))
    }

    /// Reports an error about a key itself.
    pub fn wrong_key(&self, key: &str, message: impl Into<String>) {
        self.note_key(Severity::Error, key, message.into());
    }

    /// The value of a key of the table, in any of its spellings. More than one of them is an error.
    pub fn of<S>(&self, key: &ConfigKey<S>) -> Option<ConfigItem<'a>> {
        self.spelt(key).map(|(item, _)| item)
    }

    /// Reads the plain keys of a section into it. What is absent or wrong leaves what is there; the other keys are
    /// asked for, so that they are known here.
    pub fn fill<S>(&self, keys: &[ConfigKey<S>], section: &mut S) {
        for key in keys {
            let Some((item, means_opposite)) = self.spelt(key) else { continue };
            match key.kind {
                KeyKind::Number { limits, at, .. } => set(at(section), item.number(limits)),
                // The ranges lie within the fields' types: a test holds it.
                KeyKind::Whole16 { range, at, .. } => {
                    set(at(section), item.whole(range).and_then(|number| number.try_into().ok()));
                }
                KeyKind::Whole32 { range, at, .. } => {
                    set(at(section), item.whole(range).and_then(|number| number.try_into().ok()));
                }
                KeyKind::Boolean { at, .. } => {
                    set(at(section), item.boolean().map(|on| on != means_opposite));
                }
                KeyKind::Distribution { limits, at, .. } => {
                    set(at(section), item.distribution(limits));
                }
                KeyKind::Own { .. } | KeyKind::Switch => {}
            }
        }
    }

    /// Whether a section that is there is on.
    pub fn is_on(&self) -> bool {
        self.get("enabled").and_then(|item| item.boolean()).unwrap_or(true)
    }

    /// A map that belongs to a key.
    pub fn section(&self, key: &'static str) -> Option<Map<'a>> {
        self.get(key)?.map("a map of settings, indented below it")
    }

    /// A map that belongs to a key and may say whether it is on.
    pub fn feature(&self, key: &'static str) -> Option<Map<'a>> {
        self.get(key)?.feature()
    }

    /// Reports a key that means nothing here.
    pub fn unknown_key(&self, key: &str, hint: &str) {
        let message = format!("unknown key, which does nothing; {hint}");
        self.note_key(Severity::UnknownKey, key, message);
    }

    /// Reports the keys that were not asked for.
    pub fn finish(self) {
        let (asked, older) = (self.asked.borrow(), self.older.borrow());
        for TreeEntry { key, .. } in self.entries {
            if asked.contains(&key.as_str()) || older.contains(&key.as_str()) {
                continue;
            }
            let hint = match (likely(key, asked.iter().copied()), places::of(key)) {
                (Some(key), _) => format!("did you mean \"{key}\"?"),
                (None, Some(path)) => format!("its place is {path}"),
                (None, None) => format!("the keys here are {}", asked.join(", ")),
            };
            self.unknown_key(key, &hint);
        }
    }

    fn note_key(&self, severity: Severity, key: &str, message: String) {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        let id = entry.map_or(self.item.id(), |entry| entry.key_id);
        self.item.report.note(severity, id, &path_of(&self.item.path, key), message);
    }

    fn enter(&self, entry: &'a TreeEntry) -> ConfigItem<'a> {
        let path = path_of(&self.item.path, &entry.key);
        ConfigItem { node: &entry.node, path, report: self.item.report }
    }

    fn report_duplicates(&self) {
        let mut first = std::collections::HashMap::new();
        for entry in self.entries {
            if let Some(&other) = first.get(&entry.key) {
                let path = path_of(&self.item.path, &entry.key);
                let message = format!("found {} twice, expected each key once", quoted(&entry.key));
                let nodes = (entry.key_id, Some(other));
                self.item.report.note_with(Severity::Error, nodes, &path, message);
            } else {
                first.insert(&entry.key, entry.key_id);
            }
        }
    }
}
