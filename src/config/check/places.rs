//! Where a key belongs that was found in the wrong section.

use std::sync::LazyLock;

use super::words::path_of;
use crate::config::tree::{Node, Value};
use crate::config::{Config, print};

/// The path of the only setting of that name; `None` where there is none or several.
pub fn of(key: &str) -> Option<String> {
    static KNOWN: LazyLock<Node> = LazyLock::new(|| print::tree(&Config::default()));
    let mut found = Vec::new();
    search(&KNOWN, "", key, &mut found);
    if found.len() == 1 { found.pop() } else { None }
}

fn search(node: &Node, path: &str, key: &str, found: &mut Vec<String>) {
    let Value::Map(entries) = &node.value else { return };
    for entry in entries {
        let path = path_of(path, &entry.key);
        search(&entry.node, &path, key, found);
        if entry.key == key {
            found.push(path);
        }
    }
}
