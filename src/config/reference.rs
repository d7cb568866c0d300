//! The tables of configs/README.md: each key with its range, its default and its other spellings, from its row.

use super::keys::{KeyForm, Row, all};
use super::tree::{Node, Value};

/// A line of a table.
pub struct ReferenceLine {
    /// The path of the key.
    pub key: String,
    /// The path of the section that it is told in; empty for the keys that stand in none and beside none.
    pub section: String,
    /// What is right.
    pub form: KeyForm,
    /// A value to copy, as JSON; empty where the default says enough.
    pub example: &'static str,
    /// Its cells, the key's own first.
    pub cells: [String; 5],
}

/// The headlines of the columns.
pub const HEADLINES: [&str; 5] = ["key", "meaning", "range", "default", "also"];

/// All lines, in the order of the table of keys.
pub fn lines() -> Vec<ReferenceLine> {
    let mut lines = Vec::new();
    let rows = all();
    for row in &rows {
        add(row, ("", beside(row, &rows)), &mut lines);
    }
    lines
}

/// The section that a key in none is told in, if there is one: that which has its first word and more.
fn beside(row: &Row, all: &[Row]) -> &'static str {
    let is_section = |other: &&Row| matches!(other.form, KeyForm::Inside(_));
    let Some((word, _)) = row.name.split_once('_').filter(|_| !is_section(&row)) else { return "" };
    let alike = |other: &&Row| other.name.split_once('_').is_some_and(|(other, _)| other == word);
    all.iter().filter(is_section).find(alike).map_or("", |section| section.name)
}

/// The line of a key, or those of the keys inside it.
fn add(row: &Row, (around, section): (&str, &str), lines: &mut Vec<ReferenceLine>) {
    let key = match around {
        "" => row.name.to_owned(),
        // A path in quotes is a word of its own already.
        around => format!("{around}.{}", row.name),
    };
    if let KeyForm::Inside(inside) = row.form {
        // The entries of a list are told where the list is.
        let section = if inside.at.is_empty() || section.is_empty() { &key } else { section };
        let around = format!("{key}{}", inside.at);
        let rows = (inside.rows)();
        // A section that has no plain keys has no table.
        let is_section = |row: &Row| matches!(row.form, KeyForm::Inside(_));
        let section = if rows.iter().all(is_section) { "" } else { section };
        rows.iter().for_each(|row| add(row, (&around, section), lines));
        return;
    }
    let default = row.told.map_or_else(|| told(row.default.as_ref()), str::to_owned);
    let also: Vec<String> = row.also.iter().map(|also| format!("`{}`", also.name())).collect();
    let cells =
        [format!("`{key}`"), row.about.to_owned(), row.form.range(), default, also.join(", ")];
    lines.push(ReferenceLine {
        key,
        section: section.to_owned(),
        form: row.form,
        example: row.example,
        cells,
    });
}

/// A default, as it is told.
fn told(default: Option<&Node>) -> String {
    match default.map(|node| &node.value) {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Map(entries)) if entries.is_empty() => "none".to_owned(),
        Some(Value::Map(entries)) => {
            let plain = |value: &Value| value.to_string().trim_matches('"').to_owned();
            let weights =
                entries.iter().map(|entry| format!("{} {}", entry.key, plain(&entry.node.value)));
            weights.collect::<Vec<_>>().join(", ")
        }
        Some(value) => format!("`{}`", value.to_string().trim_matches('"')),
    }
}
