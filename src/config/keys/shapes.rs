//! Pieces of JSON Schema: what the forms of the table are to a program that knows only their text. A schema that cannot
//! say a rule says less than it, never more: what the checks accept is accepted. What one key alone asks for stands
//! beside its row.

use super::KeyForm;
use crate::config::raw::{MAX_ENTRIES, read_json};
use crate::config::tree::{Node, TreeEntry, Value};

/// A piece that is written as JSON.
pub fn json(text: &str) -> Node {
    read_json(text).expect("a piece of schema in the code is JSON")
}

/// An object with one more entry, which takes the place of one that has its name.
pub fn with(mut object: Node, key: &str, value: Node) -> Node {
    if let Value::Map(entries) = &mut object.value {
        entries.retain(|entry| entry.key != key);
        entries.push(TreeEntry { key: key.to_owned(), key_id: 0, node: value });
    }
    object
}

/// A list of pieces with one more, under a name of an object.
pub fn with_one_more(object: Node, key: &str, value: Node) -> Node {
    let mut all = match object.at(&[key]).map(|node| &node.value) {
        Some(Value::List(nodes)) => nodes.clone(),
        _ => Vec::new(),
    };
    all.push(value);
    with(object, key, Node::list(all))
}

/// A map with one more property.
pub fn with_property(mut map: Node, name: &str, schema: Node) -> Node {
    if let Some(properties) = map.at_mut(&["properties"]) {
        *properties = with(properties.clone(), name, schema);
    }
    map
}

/// A map that has one of two keys at most.
pub fn either(map: Node, one: &str, other: &str) -> Node {
    let both = Node::map([("required", Node::list([Node::text(one), Node::text(other)]))]);
    with_one_more(map, "allOf", Node::map([("not", both)]))
}

/// A map that has all of these keys.
pub fn requires(map: Node, keys: &[&str]) -> Node {
    with(map, "required", Node::list(keys.iter().map(|key| Node::text(*key))))
}

/// What one of these accepts.
pub fn any(of: impl IntoIterator<Item = Node>) -> Node {
    Node::map([("anyOf", Node::list(of))])
}

/// A list of entries of one kind.
pub fn list(entry: Node) -> Node {
    let most = Node::number(MAX_ENTRIES as f64);
    Node::map([("type", Node::text("array")), ("maxItems", most), ("items", entry)])
}

/// The same with a description.
pub fn described(schema: Node, about: &str) -> Node {
    with(schema, "description", Node::text(about))
}

/// The piece of a form that has no keys inside it.
pub fn of(form: &KeyForm) -> Node {
    let number = |low: f64, high: f64| {
        let (low, high) = (Node::number(low), Node::number(high));
        Node::map([("type", Node::text("number")), ("minimum", low), ("maximum", high)])
    };
    let whole = |kind: Node, (low, high): (u64, u64)| {
        let end = |end: u64| Node::new(Value::Integer(end.into()));
        Node::map([("type", kind), ("minimum", end(low)), ("maximum", end(high))])
    };
    match form {
        KeyForm::Number(limits) => number(limits.low, limits.high),
        KeyForm::ZeroOr(least, limits) => {
            any([json(r#"{"const": 0}"#), number(*least, limits.high)])
        }
        KeyForm::WordOr(word, limits) => {
            let spelt = Node::map([
                ("type", Node::text("string")),
                ("pattern", Node::text(any_case(&[word]))),
            ]);
            let word = Node::map([("const", Node::text(*word))]);
            any([word, number(limits.low, limits.high), spelt])
        }
        KeyForm::Whole(range) => whole(Node::text("integer"), *range),
        KeyForm::WholeOrNone(range) => whole(json(r#"["integer", "null"]"#), *range),
        KeyForm::Boolean => json(r#"{"type": "boolean"}"#),
        KeyForm::Distribution(limits) => distribution(number(limits.low, limits.high)),
        KeyForm::Worded(worded) => (worded.schema)(),
        KeyForm::Inside(_) => json(r#"{"type": "object"}"#),
    }
}

/// A pattern for words in upper or lower case.
pub fn any_case(words: &[&str]) -> String {
    let letter = |c: char| match c.is_ascii_alphabetic() {
        true => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        false => c.to_string(),
    };
    let words: Vec<String> = words.iter().map(|word| word.chars().map(letter).collect()).collect();
    format!("^({})$", words.join("|"))
}

/// An address of IPv4 or IPv6, with what may follow one of IPv4. Of IPv6 only the characters are looked at.
pub fn address(behind: &str) -> Node {
    const BYTE: &str = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    let of_4 = format!("^{BYTE}([.]{BYTE}){{3}}{behind}$");
    let of_6 = format!("^[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*{behind}$");
    let pattern = |pattern: String| {
        Node::map([("type", Node::text("string")), ("pattern", Node::text(pattern))])
    };
    any([pattern(of_4), pattern(of_6)])
}

/// A distribution of such numbers.
fn distribution(number: Node) -> Node {
    let map = |names: &[&str]| {
        let properties = Node::map(names.iter().map(|name| (*name, number.clone())));
        let map = json(r#"{"type": "object", "additionalProperties": false}"#);
        requires(with(map, "properties", properties), names)
    };
    let percentiles = json(
        r#"{"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[pP][0-9]{1,2}([.][0-9]+)?$"}}"#,
    );
    let law = json(
        r#"{"type": "object", "required": ["law"], "properties": {
              "law": {"enum": ["lognormal", "exponential", "pareto"]},
              "median": {"type": "number"}, "sigma": {"type": "number"}, "mean": {"type": "number"},
              "least": {"type": "number"}, "alpha": {"type": "number"}
            }, "additionalProperties": false}"#,
    );
    let percentiles = with(percentiles, "additionalProperties", number.clone());
    any([number.clone(), map(&["from", "to"]), percentiles, law])
}
