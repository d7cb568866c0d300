//! The table of keys from outside: what a row says holds wherever the key is met.

use access_log_generator::inside::config::reference::{ReferenceLine, lines};
use access_log_generator::inside::config::report::Severity;
use access_log_generator::inside::config::tree::{Node, Value};
use access_log_generator::inside::config::{print, raw, schema};

use crate::support::load_yaml;
use crate::table::with;

/// The value of a key in a printed configuration; of a list, that of its first entry.
fn printed(root: &Node, key: &str) -> Option<Value> {
    let (part, rest) = key.split_once('.').map_or((key, None), |(part, rest)| (part, Some(rest)));
    let node = root.at(&[part.trim_end_matches("[]").trim_matches('"')])?;
    match (rest, &node.value) {
        (Some(rest), Value::List(nodes)) => nodes.iter().find_map(|node| printed(node, rest)),
        (Some(rest), _) => printed(node, rest),
        (None, value) => Some(value.clone()),
    }
}

/// The value without the places where it stands.
fn plain(value: &Value) -> String {
    serde_json::to_string(&Node::new(value.clone())).unwrap()
}

#[test]
fn a_key_of_the_table_is_read_checked_printed_and_described() {
    let reference = include_str!("../../configs/README.md");
    let schema = schema::text();
    let mut read = 0;
    for ReferenceLine { key, example, cells, .. } in lines() {
        assert!(reference.contains(&format!("| {} |", cells[0])), "{key} is not in the reference");
        let name = key.rsplit('.').next().unwrap().trim_end_matches("[]");
        let is_chosen = name.starts_with('"');
        assert!(is_chosen || schema.contains(&format!("\"{name}\": {{")), "{key} is in no schema");
        // A key that does not exist fails here, and so does one that is read into another field.
        if !example.is_empty() {
            let yaml = with(&key, example);
            let loaded =
                load_yaml(yaml.as_bytes()).unwrap_or_else(|errors| panic!("{yaml}\n{errors}"));
            let unknown = loaded.warnings.iter().find(|w| w.severity == Severity::UnknownKey);
            assert_eq!(unknown, None, "{yaml}");
            let value = printed(&print::tree(&loaded.config), &key).unwrap();
            // Neighbouring hours of one multiplier are printed as one range.
            if key != "traffic_patterns[].time" {
                assert_eq!(plain(&value), plain(&raw::read_json(example).unwrap().value), "{key}");
            }
            read += 1;
        }
        let wrong = load_yaml(with(&key, "{\"?\": [[]]}").as_bytes());
        assert!(wrong.is_err(), "{key} takes anything");
    }
    assert!(read >= 35, "only {read} keys have an example");
}
