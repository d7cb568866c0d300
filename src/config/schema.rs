//! The JSON Schema of a configuration, for editors: each key with its title, description, default, range and example,
//! from the table of keys. What no schema can say (sums, references from one key to another, what two lists have in
//! common) is for the checks alone.

use super::keys::shapes::{described, either, json, of, with, with_property};
use super::keys::{Also, Inside, KeyForm, Row, all};
use super::raw::read_json;
use super::tree::{Node, Value};

/// The whole schema, as JSON.
pub fn text() -> String {
    let head = [
        ("$schema", Node::text("https://json-schema.org/draft/2020-12/schema")),
        ("title", Node::text(env!("CARGO_PKG_NAME"))),
        ("description", Node::text("The configuration of access-log-generator.")),
    ];
    let mut schema = Node::map(head);
    if let Value::Map(body) = map("", &Inside::map(all)).value {
        schema =
            body.into_iter().fold(schema, |schema, entry| with(schema, &entry.key, entry.node));
    }
    let text =
        serde_json::to_string_pretty(&schema).expect("a tree of plain values has a JSON form");
    text + "\n"
}

/// A map with the keys of a section and no others.
fn map(path: &str, inside: &Inside) -> Node {
    let empty = r#"{"type": "object", "properties": {}, "additionalProperties": false}"#;
    let mut map = json(empty);
    // A name in quotes stands for one that the reader chooses.
    for row in (inside.rows)().iter().filter(|row| !row.name.starts_with('"')) {
        map = with_row(map, path, row);
    }
    for (older, why) in inside.older {
        let about = format!("Does nothing: {why}.");
        map = with_property(
            map,
            older,
            with(described(json("{}"), &about), "deprecated", json("true")),
        );
    }
    map
}

/// A map with a key and its other spellings, of which one may be given.
fn with_row(map: Node, path: &str, row: &Row) -> Node {
    let spellings: Vec<&Also> =
        row.also.iter().filter(|also| !matches!(also, Also::Instead(_))).collect();
    let mut map = with_property(map, row.name, property(path, row));
    for also in &spellings {
        let (schema, about) = match also {
            Also::Opposite(_) => (of(&row.form), format!("`true` turns `{}` off.", row.name)),
            Also::Other(_, form, about) => (of(form), sentence(about)),
            _ => (of(&row.form), format!("Another spelling of `{}`.", row.name)),
        };
        map = with_property(map, also.name(), described(schema, &about));
    }
    let names: Vec<&str> =
        std::iter::once(row.name).chain(spellings.iter().map(|also| also.name())).collect();
    for (number, one) in names.iter().enumerate() {
        for other in &names[number + 1..] {
            map = either(map, one, other);
        }
    }
    map
}

/// The schema of a key's value, with what is said of the key.
fn property(path: &str, row: &Row) -> Node {
    let path = if path.is_empty() { row.name.to_owned() } else { format!("{path}.{}", row.name) };
    let schema = match &row.form {
        KeyForm::Inside(inside) => (inside.schema)(self::map(&path, inside)),
        form => of(form),
    };
    // A default that is no value is told in words.
    let default = row.told.map(|told| format!(" Default: {told}.")).unwrap_or_default();
    let schema = described(schema, &(sentence(row.about) + &default));
    let mut schema = with(schema, "title", Node::text(path));
    if let (Some(default), None, false) =
        (&row.default, row.told, matches!(row.form, KeyForm::Inside(_)))
    {
        schema = with(schema, "default", default.clone());
    }
    if !row.example.is_empty() {
        let example = read_json(row.example).expect("an example in the table is JSON");
        schema = with(schema, "examples", Node::list([example]));
    }
    schema
}

/// What is said of a key, as a sentence.
fn sentence(about: &str) -> String {
    let mut letters = about.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
