//! Lists that stand in files of their own, one entry a line: where a list may stand, the name of such a file may. The entries take
//! the place of the name, so that the recorded configuration needs no file.

use std::collections::HashMap;
use std::path::Path;

use super::text::{self, ReadError};
use crate::config::report::{FindingReport, Severity};
use crate::config::tree::{Node, NodeId, TreeEntry, Value, quoted};

/// The keys that a file can give the list of.
const LISTS: [&[&str]; 7] = [
    &["ip_ranges"],
    &["external_referrers"],
    &["user_agents", "desktop"],
    &["user_agents", "mobile"],
    &["search_terms"],
    &["product_categories"],
    &["profile_tabs"],
];

/// The first keys of the lists whose entries may have weights.
const WEIGHED: [&str; 3] = ["ip_ranges", "external_referrers", "user_agents"];

/// Puts the entries of files in the place of their names, which are relative to `directory`. What cannot be read is written down in
/// `report`.
pub fn resolve(root: &mut Node, directory: &Path, report: &FindingReport) {
    split_agents(root);
    for keys in LISTS {
        let Some(node) = root.at_mut(keys) else { continue };
        let Value::Text(name) = &node.value else { continue };
        let read = entries(&directory.join(name), node.id).and_then(|entries| {
            match WEIGHED.contains(&keys[0]) {
                true => Ok(counted(&entries)?.unwrap_or_else(|| list_of(&entries))),
                false => Ok(list_of(&entries)),
            }
        });
        match read {
            Ok(value) => node.value = value,
            Err(cause) => {
                let message = format!(
                    "found {}, a file that {cause}, expected a list, or the name of a file with an entry on each line",
                    quoted(name)
                );
                report.note(Severity::Error, node.id, &keys.join("."), message);
                // Nothing starts; this one entry keeps the checks from a second message.
                let entry = if keys[0] == "ip_ranges" { "0.0.0.0/0" } else { "https://a.example/" };
                node.value = Value::List(vec![Node::text(entry)]);
            }
        }
    }
}

/// A file for all user agents is one for the desktop's, without others.
fn split_agents(root: &mut Node) {
    let Some(node) = root.at_mut(&["user_agents"]) else { return };
    if let Value::Text(_) = node.value {
        let id = node.id;
        let entry = |key: &str, value| TreeEntry {
            key: key.to_owned(),
            key_id: id,
            node: Node { id, value },
        };
        let file = std::mem::replace(&mut node.value, Value::Null);
        let none = Value::List(Vec::new());
        node.value = Value::Map(vec![entry("desktop", file), entry("mobile", none)]);
    }
}

/// A line of a file that has an entry.
struct Line {
    /// Its number, from 1.
    number: usize,
    node: Node,
}

fn list_of(lines: &[Line]) -> Value {
    Value::List(lines.iter().map(|line| line.node.clone()).collect())
}

/// Entries with the number that stands before each of them, as `uniq -c` counts lines; `None` if most have none. The error is the
/// line without a number, where most have one.
fn counted(lines: &[Line]) -> Result<Option<Value>, String> {
    let mut sums: Vec<(NodeId, String, f64)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let counts: Vec<Option<(f64, &str)>> = lines.iter().map(|line| count_of(&line.node)).collect();
    if counts.iter().flatten().count() * 2 <= counts.len() {
        return Ok(None);
    }
    for (line, count) in lines.iter().zip(counts) {
        let Some((count, name)) = count else {
            return Err(format!(
                "has counts before its entries, but none in line {} ({})",
                line.number, line.node.value
            ));
        };
        let place = *places.entry(name.to_owned()).or_insert(sums.len());
        match sums.get_mut(place) {
            Some((_, _, sum)) => *sum += count,
            None => sums.push((line.node.id, name.to_owned(), count)),
        }
    }
    let entry =
        |(id, key, sum)| TreeEntry { key, key_id: id, node: Node { id, ..Node::number(sum) } };
    Ok(Some(Value::Map(sums.into_iter().map(entry).collect())))
}

/// The number before an entry, and the entry. An agent or referrer that was empty stands for none, as `-` does.
fn count_of(node: &Node) -> Option<(f64, &str)> {
    let Value::Text(line) = &node.value else { return None };
    let (count, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let count = count.parse::<f64>().ok().filter(|count| count.is_finite() && *count >= 0.0)?;
    let name = name.trim_start();
    Some((count, if name.is_empty() { "-" } else { name }))
}

/// The entries of a file: its lines, but for those that are blank or begin with `#`.
fn entries(path: &Path, id: NodeId) -> Result<Vec<Line>, String> {
    if path.is_dir() {
        return Err("is a directory".to_owned());
    }
    let text = text::from_file(path).map_err(|error| match error {
        ReadError::UnreadableText(error) => format!("cannot be read ({error})"),
        ReadError::Wrong(message) => message,
    })?;
    let lines = (1..).zip(text.lines().map(str::trim));
    let entries: Vec<Line> = lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| Line {
            number,
            node: Node { id, value: Value::Text(line.to_owned()) },
        })
        .collect();
    if entries.is_empty() { Err("has no entry".to_owned()) } else { Ok(entries) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::raw;

    /// The tree of a text beside a file with these lines, and how many errors there were.
    fn resolved(yaml: &str, lines: &str) -> (Node, usize) {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("list.txt"), lines).unwrap();
        let mut root = raw::read(yaml).unwrap_or_else(|_| panic!("{yaml} is YAML"));
        let report = FindingReport::default();
        resolve(&mut root, directory.path(), &report);
        (root, report.errors())
    }

    fn texts(root: &Node, keys: &[&str]) -> Vec<String> {
        let Some(Value::List(nodes)) = root.at(keys).map(|node| &node.value) else { return vec![] };
        nodes.iter().map(|node| node.value.to_string()).collect()
    }

    #[test]
    fn the_lines_of_a_file_are_the_entries_of_a_list() {
        let lines = "# of October\n203.0.113.0/24\n\n  2001:db8::/32  \n";
        let (root, errors) = resolved("ip_ranges: list.txt", lines);
        assert_eq!(texts(&root, &["ip_ranges"]), ["\"203.0.113.0/24\"", "\"2001:db8::/32\""]);
        assert_eq!(errors, 0);
    }

    #[test]
    fn a_file_for_all_user_agents_leaves_no_others() {
        let (root, errors) = resolved("user_agents: list.txt", "Agent/1.0\nAgent/2.0\n");
        assert_eq!(texts(&root, &["user_agents", "desktop"]).len(), 2);
        assert_eq!(texts(&root, &["user_agents", "mobile"]).len(), 0);
        assert_eq!(errors, 0);
    }

    #[test]
    fn a_file_of_agents_may_have_the_counts_of_uniq() {
        let lines = "      7 Agent/1.0 (a; b)\n     12 -\n   3 Agent/1.0 (a; b)\n";
        let (root, errors) = resolved("user_agents: {mobile: list.txt}", lines);
        let Some(Value::Map(entries)) = root.at(&["user_agents", "mobile"]).map(|n| &n.value)
        else {
            panic!("{root:?}")
        };
        let found: Vec<(&str, String)> =
            entries.iter().map(|entry| (&*entry.key, entry.node.value.to_string())).collect();
        assert_eq!(found, [("Agent/1.0 (a; b)", "10".to_owned()), ("-", "12".to_owned())]);
        assert_eq!(errors, 0);
    }

    #[test]
    fn a_file_of_networks_may_have_the_counts_of_uniq() {
        let lines = "    120 203.0.113.0/24\n      7 2001:db8::/32\n      1 198.51.100.7\n";
        let (root, errors) = resolved("ip_ranges: list.txt", lines);
        let Some(Value::Map(entries)) = root.at(&["ip_ranges"]).map(|node| &node.value) else {
            panic!("{root:?}")
        };
        let found: Vec<(&str, String)> =
            entries.iter().map(|entry| (&*entry.key, entry.node.value.to_string())).collect();
        let expected = [("203.0.113.0/24", "120"), ("2001:db8::/32", "7"), ("198.51.100.7", "1")];
        assert_eq!(found, expected.map(|(network, count)| (network, count.to_owned())));
        assert_eq!(errors, 0);
    }

    #[test]
    fn an_agent_that_was_empty_stands_for_none_and_counts_may_have_fractions() {
        let (root, errors) = resolved("user_agents: list.txt", "  9 Agent/1.0\n 7 \n 1.5 -\n");
        let Some(Value::Map(entries)) = root.at(&["user_agents", "desktop"]).map(|n| &n.value)
        else {
            panic!("{root:?}")
        };
        let found: Vec<(&str, String)> =
            entries.iter().map(|entry| (&*entry.key, entry.node.value.to_string())).collect();
        assert_eq!(found, [("Agent/1.0", "9".to_owned()), ("-", "8.5".to_owned())]);
        assert_eq!(errors, 0);
    }

    #[test]
    fn a_file_of_counts_with_a_line_that_has_none_is_an_error() {
        let lines = "12 203.0.113.0/24\n7 198.51.100.0/24\n192.0.2.0/24\n";
        assert_eq!(resolved("ip_ranges: list.txt", lines).1, 1);
        let agents = "12 Agent/1.0\nAgent/2.0\n3 Agent/3.0\n";
        assert_eq!(resolved("user_agents: list.txt", agents).1, 1);
    }

    #[test]
    fn a_file_in_which_few_lines_begin_with_a_number_has_agents_alone() {
        let (root, _) = resolved("user_agents: list.txt", "7 of nine\nAgent/1.0\n");
        let expected = ["\"7 of nine\"", "\"Agent/1.0\""];
        assert_eq!(texts(&root, &["user_agents", "desktop"]), expected);
    }

    #[test]
    fn a_file_that_is_not_there_or_has_no_entry_is_an_error() {
        assert_eq!(resolved("ip_ranges: other.txt", "").1, 1);
        assert_eq!(resolved("search_terms: list.txt", "# nothing\n").1, 1);
        assert_eq!(resolved("user_agents: {mobile: .}", "").1, 1);
    }
}
