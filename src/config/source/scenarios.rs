//! The scenarios that a command line names: their events are added to those of the configuration.

use std::path::Path;

use super::text::{self, ReadError};
use crate::config::report::{ConfigErrors, Finding, FindingReport, Severity};
use crate::config::tree::{Node, TreeEntry, Value, quoted};
use crate::config::{check, raw, scenario_library};

/// Adds the events of these scenarios, names of the library or files, to the configuration.
///
/// # Errors
/// What is wrong in a file, with its place; or a scenario is there twice, or has an event with a name that is taken.
pub fn add(root: &mut Node, names: &[String], directory: &Path) -> Result<(), ConfigErrors> {
    let own = match root.at(&["scenario"]).map(|node| &node.value) {
        Some(Value::List(events)) => {
            events.iter().filter_map(event_name).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let mut taken: Vec<(String, &str)> =
        own.into_iter().map(|name| (name, "the configuration")).collect();
    for (place, name) in names.iter().enumerate() {
        let wrong =
            |message| ConfigErrors::one(Finding::of_source(format!("--scenario {name}"), message));
        if names[..place].contains(name) {
            return Err(wrong("found twice, expected each scenario once".to_owned()));
        }
        let events = events(name, directory)?;
        for event in events.iter().filter_map(event_name) {
            if let Some((_, by)) = taken.iter().find(|(other, _)| other == event) {
                let event = quoted(event);
                return Err(wrong(format!(
                    "found the event {event}, a name that {by} has, too; expected one name for each event"
                )));
            }
        }
        taken.extend(events.iter().filter_map(event_name).map(|event| (event.to_owned(), &**name)));
        let Value::Map(entries) = &mut root.value else { return Ok(()) };
        match entries.iter_mut().find(|entry| entry.key == "scenario").map(|entry| &mut entry.node)
        {
            Some(Node { value: Value::List(own), .. }) => own.extend(events),
            // What is no list is for the checks to tell.
            Some(Node { value, .. }) if *value != Value::Null => {}
            Some(node) => node.value = Value::List(events),
            None => root.set("scenario", Node::list(events)),
        }
    }
    Ok(())
}

/// The events of a scenario, which stand in no text any more.
fn events(name: &str, directory: &Path) -> Result<Vec<Node>, ConfigErrors> {
    let error = |message: String| ConfigErrors::one(Finding::of_source(name, message));
    let text = match scenario_library::text(name) {
        Some(text) => text.to_owned(),
        None => text::from_file(&directory.join(name)).map_err(|cause| {
            error(match cause {
                ReadError::UnreadableText(cause) => format!("cannot be read ({cause})"),
                ReadError::Wrong(message) => message,
            })
        })?,
    };
    let mut root = raw::read(&text).map_err(|unreadable| {
        let mut finding = Finding::of_source(name, unreadable.message);
        finding.location = unreadable.location;
        ConfigErrors::one(finding)
    })?;
    let Value::Map(entries) = &mut root.value else {
        return Err(error("found no map, expected \"scenario:\" and a list of events".to_owned()));
    };
    if let Some(other) = entries.iter().find(|entry| entry.key != "scenario") {
        let key = &other.key;
        return Err(error(format!("found the key {key:?}, expected \"scenario\" and no other")));
    }
    // Whatever the configuration is, the events must be right in themselves.
    root.set("profile", Node::text("shop"));
    let report = FindingReport::default();
    check::check(&root, &report);
    let (findings, untold) = report.findings(name, &text);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(ConfigErrors { findings, untold });
    }
    match root.at(&["scenario"]).map(|node| &node.value) {
        Some(Value::List(events)) => Ok(events.iter().map(without_place).collect()),
        _ => Err(error("found no list of events below \"scenario\"".to_owned())),
    }
}

/// What ground truth calls an event.
fn event_name(event: &Node) -> Option<&str> {
    let named = event.at(&["name"]).or_else(|| event.at(&["kind"]));
    named.and_then(|node| match &node.value {
        Value::Text(text) => Some(&**text),
        _ => None,
    })
}

fn without_place(node: &Node) -> Node {
    Node::new(match &node.value {
        Value::List(nodes) => Value::List(nodes.iter().map(without_place).collect()),
        Value::Map(entries) => {
            let entry = |entry: &TreeEntry| TreeEntry {
                key: entry.key.clone(),
                key_id: 0,
                node: without_place(&entry.node),
            };
            Value::Map(entries.iter().map(entry).collect())
        }
        value => value.clone(),
    })
}
