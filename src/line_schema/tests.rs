use serde_json::Value;

use super::described::{DescribedLog, described};
use super::examples::texts;
use super::*;
use crate::cli::documents::SchemaForm;
use crate::config::{Config, FurtherLog, Selection, StatusSelection};
use crate::log_format::piece::{Piece, elements};
use crate::log_format::{ErrorFormat, LogFormat, NAMED};
use crate::log_id::LogId;

const LINES: usize = 500;

fn config() -> Config {
    Config::default()
}

/// All formats with a log that has it: the named ones, those of error.log, and strings of both servers.
fn formats() -> Vec<(String, LogId, Vec<Piece>)> {
    let strings = [
        r#"%h "%!200,304{Referer}i" %q %{%s}t%{msec_frac}t %X %{X-Own}i %L %{Cookie}i %200b %T"#,
        "log_format main escape=json '{\"at\":\"$time_iso8601\",\"took\":$request_time,\"by\":\"$http_user_agent\",\"all\":\"$host$uri\"}';",
        "$remote_addr [$msec] $https \"$request\" $upstream_status|$upstream_response_time",
    ];
    let named = NAMED.iter().map(|named| named.name).chain(strings);
    let access = named.map(|text| {
        (text.to_owned(), LogId::ACCESS, LogFormat::parse(text).unwrap().pieces().to_vec())
    });
    let errors = ErrorFormat::ALL
        .map(|format| (format!("error {}", format.name()), LogId::ERROR, format.pieces()));
    access.chain(errors).collect()
}

fn lines(log: LogId, pieces: &[Piece]) -> Vec<String> {
    let lines = texts(&config(), log, &[elements(pieces)], LINES).remove(0);
    assert_eq!(lines.len(), LINES);
    lines
}

/// The values of columns in each line.
fn values(log: LogId, columns: &[&LineColumn]) -> Vec<Vec<String>> {
    let parts: Vec<_> = columns.iter().map(|column| column.elements.clone()).collect();
    texts(&config(), log, &parts, LINES)
}

fn is_of(column: &LineColumn, text: &str) -> bool {
    if column.missing.as_deref() == Some(text) || text == "-" && column.elements == ["-".into()] {
        return true;
    }
    match column.kind {
        ValueKind::Text | ValueKind::Timestamp => true,
        ValueKind::Integer => text.parse::<i64>().is_ok(),
        ValueKind::Number => text.parse::<f64>().is_ok(),
        ValueKind::Boolean => text == "true" || text == "false",
    }
}

#[test]
fn the_columns_with_the_text_between_them_are_the_line() {
    for (name, log, pieces) in formats() {
        let lines = lines(log, &pieces);
        let (LineShape::Text(items) | LineShape::Pairs(items)) = LineShape::of(&pieces) else {
            continue;
        };
        let columns = shape::columns(&items);
        let values = values(log, &columns);
        for (number, line) in lines.iter().enumerate() {
            let rest = without(&items, line, &|column| {
                let at = columns.iter().position(|one| one.name == column.name).unwrap();
                let value = &values[at][number];
                assert!(is_of(column, value), "{name}: {} is {value:?}", column.name);
                value.clone()
            });
            assert_eq!(rest, Some(""), "{name}: {line}");
        }
    }
}

/// What is behind the items in a line; `None` if they are not what it begins with.
fn without<'l>(
    items: &[LineItem],
    line: &'l str,
    value: &impl Fn(&LineColumn) -> String,
) -> Option<&'l str> {
    let mut rest = line;
    for item in items {
        rest = match item {
            LineItem::Text(text) => rest.strip_prefix(&**text)?,
            LineItem::Column(column) => rest.strip_prefix(&*value(column))?,
            LineItem::Optional { then, otherwise } => {
                let found = without(then, rest, value);
                found.or_else(|| rest.strip_prefix(&**otherwise))?
            }
        };
    }
    Some(rest)
}

#[test]
fn a_line_of_json_has_each_column_with_its_kind_and_no_other() {
    let mut count = 0;
    for (name, log, pieces) in formats() {
        let LineShape::Json(object) = LineShape::of(&pieces) else { continue };
        count += 1;
        let values = values(log, &object.columns());
        for (number, line) in lines(log, &pieces).iter().enumerate() {
            let parsed: Value = serde_json::from_str(line).unwrap();
            let mut at = 0;
            let found = same(&object, Some(&parsed), &mut || {
                at += 1;
                values[at - 1][number].clone()
            });
            assert_eq!(found, Ok(()), "{name}: {line}");
        }
    }
    assert_eq!(count, 7, "json, ecs, otel, caddy, truth, a string of nginx, and the errors");
}

/// Whether a JSON value is what a node says.
fn same(
    node: &JsonNode,
    found: Option<&Value>,
    value: &mut impl FnMut() -> String,
) -> Result<(), String> {
    match (node, found) {
        (JsonNode::Object(members), Some(Value::Object(found))) => {
            if let Some(other) =
                found.keys().find(|key| members.iter().all(|(name, _)| name != *key))
            {
                return Err(format!("{other} is not in the schema"));
            }
            let is_pair = members.len() == 2 && members[0].0 == "key";
            for (name, node) in &members[usize::from(is_pair)..] {
                same(node, found.get(name), value)?;
            }
            Ok(())
        }
        (JsonNode::List(items), Some(Value::Array(found))) => {
            let key = |node: &JsonNode| match node {
                JsonNode::Object(members) => match members.first() {
                    Some((name, JsonNode::Value(value))) if name == "key" => {
                        Some(value.column.elements.clone())
                    }
                    _ => None,
                },
                _ => None,
            };
            for (number, item) in items.iter().enumerate() {
                let of_key = |found: &&Value| {
                    key(item) == found["key"].as_str().map(|text| vec![text.into()])
                };
                let one =
                    if key(item).is_some() { found.iter().find(of_key) } else { found.get(number) };
                same(item, one, value)?;
            }
            Ok(())
        }
        (JsonNode::Object(members), None) => {
            let is_pair = members.len() == 2 && members[0].0 == "key";
            members[usize::from(is_pair)..].iter().try_for_each(|(_, node)| same(node, None, value))
        }
        (JsonNode::List(items), None) => items.iter().try_for_each(|node| same(node, None, value)),
        (JsonNode::Value(known), found) => {
            let text = value();
            let column = &known.column;
            let is_right = match found {
                None | Some(Value::Null) => known.can_lack || is_within_optional(known),
                Some(Value::String(found)) => known.is_quoted && unescaped(&text) == *found,
                Some(Value::Number(found)) => {
                    !known.is_quoted && is_of(column, &found.to_string()) && is_of(column, &text)
                }
                Some(Value::Bool(found)) => {
                    column.kind == ValueKind::Boolean && found.to_string() == text
                }
                Some(_) => false,
            };
            if is_right {
                Ok(())
            } else {
                Err(format!("{} is {found:?} and not {text:?}", column.name))
            }
        }
        (_, found) => Err(format!("{node:?} is {found:?}")),
    }
}

/// A text that is the same in all lines, in a member that some lines do not have.
fn is_within_optional(value: &JsonValue) -> bool {
    value.column.source.is_empty()
}

fn unescaped(text: &str) -> String {
    serde_json::from_str(&format!("\"{text}\"")).unwrap()
}

#[test]
fn no_two_columns_of_a_line_have_the_same_name_and_each_says_something() {
    for (name, _, pieces) in formats() {
        let shape = LineShape::of(&pieces);
        let mut names: Vec<_> = shape.columns().iter().map(|column| column.name.clone()).collect();
        assert!(shape.columns().iter().all(|column| !column.about.is_empty()), "{name}");
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!((all, all > 2), (names.len(), true), "{name}: {names:?}");
    }
}

#[test]
fn the_header_of_a_format_names_its_columns() {
    let mut count = 0;
    for named in NAMED {
        let Some((_, fields)) = named.header.split_once("#Fields: ") else { continue };
        let shape = LineShape::of(&named.pieces());
        let names: Vec<_> = shape.columns().iter().map(|column| column.name.as_str()).collect();
        assert_eq!(fields.split_whitespace().collect::<Vec<_>>(), names, "{}", named.name);
        count += 1;
    }
    assert_eq!(count, 2);
}

#[test]
fn the_keys_of_logfmt_are_the_names_of_its_columns() {
    let format = LogFormat::parse("logfmt").unwrap();
    let LineShape::Pairs(items) = LineShape::of(format.pieces()) else { panic!() };
    for pair in items.chunks(2) {
        let [LineItem::Text(key), LineItem::Column(column)] = pair else { panic!("{pair:?}") };
        assert_eq!(key.trim_start(), format!("{}=", column.name));
    }
}

#[test]
fn a_further_log_is_described_by_lines_that_it_has() {
    let mut config = config();
    config.output.logs = [("all.log", None), ("errors.log", Some(StatusSelection::Errors))]
        .map(|(file, status)| FurtherLog {
            file: file.to_owned(),
            format: LogFormat::parse("%>s %m %h").unwrap(),
            selection: Selection { status, ..Selection::default() },
        })
        .into();
    let described = described(&config);
    let files: Vec<_> = described.iter().map(|log| &*log.file).collect();
    assert_eq!(files, ["access.log", "error.log", "system.log", "all.log", "errors.log"]);
    let example = |log: usize| {
        let [status, ..] = &*described[log].columns else { panic!("{:?}", described[log]) };
        (&*described[log].format, &*status.0.source, status.1.parse::<u16>().unwrap() >= 400)
    };
    assert_eq!(example(3), ("%>s %m %h", "%>s", false));
    assert_eq!(example(4), ("%>s %m %h", "%>s", true));
}

#[test]
fn all_logs_are_described_in_every_form() {
    let described: Vec<DescribedLog> = described(&config());
    assert_eq!(
        described.iter().map(|log| &*log.file).collect::<Vec<_>>(),
        ["access.log", "error.log", "system.log"]
    );
    for log in &described {
        assert!(log.columns.iter().all(|(_, example)| !example.is_empty()), "{log:?}");
    }
    let json: Value = serde_json::from_str(&text(SchemaForm::Json, &described)).unwrap();
    let yaml: Value = serde_yaml::from_str(&text(SchemaForm::Yaml, &described)).unwrap();
    assert_eq!(json, yaml);
    let fields = json["logs"][0]["fields"].as_array().unwrap();
    assert_eq!(fields[3]["directive"], "%t");
    assert_eq!(fields[5]["type"], "integer");
    let rows = text(SchemaForm::Markdown, &described)
        .lines()
        .filter(|line| line.starts_with("| `"))
        .count();
    assert_eq!(rows, described.iter().map(|log| log.columns.len()).sum::<usize>());
}
