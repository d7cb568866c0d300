//! Statements for ClickHouse: a table with the columns of the format, and what reads the log into it.

use super::regex::{pattern, value};
use crate::line_schema::{JsonNode, JsonValue, LineColumn, LineItem, LineShape, ValueKind};
use crate::log_format::LogFormat;

/// A log: the name of its table, and that of its file.
type NamedTable<'n> = (&'n str, &'n str);

/// The statements for lines of this shape in a log.
pub fn text(log: NamedTable<'_>, format: &LogFormat, shape: &LineShape) -> String {
    match shape {
        LineShape::Json(JsonNode::Object(members)) => {
            let columns =
                members.iter().map(|(name, node)| (name.clone(), json_type(node))).collect();
            let settings = ["date_time_input_format = 'best_effort'".to_owned()];
            statements(log, columns, &settings, "JSONEachRow")
        }
        LineShape::Json(_) => unreachable!("a line of JSON is an object"),
        LineShape::Pairs(items) | LineShape::Text(items) => {
            text_table(log, items, format.file_header().is_some())
        }
    }
}

fn statements(
    (table, file): NamedTable<'_>,
    columns: Vec<(String, String)>,
    settings: &[String],
    format: &str,
) -> String {
    let columns: Vec<_> =
        columns.iter().map(|(name, kind)| format!("    {} {kind}", quoted(name))).collect();
    let settings = settings.join(",\n    ");
    format!(
        "CREATE TABLE {table}\n(\n{}\n)\nENGINE = MergeTree\nORDER BY tuple();\n\nINSERT INTO {table}\nFROM INFILE \
         '{file}'\nSETTINGS\n    {settings}\nFORMAT {format};\n",
        columns.join(",\n")
    )
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

/// What is captured is a column, in their order.
fn text_table(log: NamedTable<'_>, items: &[LineItem], has_header: bool) -> String {
    let mut columns = Vec::new();
    collect(items, false, &mut columns);
    let expression = format!("^{}$", pattern(items, &|column| format!("({})", value(column))));
    let mut settings = vec![
        format!("format_regexp = '{}'", expression.replace('\\', "\\\\").replace('\'', "\\'")),
        "format_regexp_escaping_rule = 'Raw'".to_owned(),
        "date_time_input_format = 'best_effort'".to_owned(),
    ];
    if has_header {
        // The lines of a header are no rows.
        settings.push("format_regexp_skip_unmatched = 1".to_owned());
    }
    if columns.iter().any(|(_, kind)| kind.starts_with("Nullable")) {
        settings.push("format_tsv_null_representation = '-'".to_owned());
    }
    statements(log, columns, &settings, "Regexp")
}

/// The columns with their types. Only `-` can stand for a missing number; a text keeps what stands there.
fn collect(items: &[LineItem], is_optional: bool, columns: &mut Vec<(String, String)>) {
    for item in items {
        match item {
            LineItem::Text(_) => {}
            LineItem::Column(column) => {
                columns.push((column.identifier(), text_type(column, is_optional)))
            }
            LineItem::Optional { then, .. } => collect(then, true, columns),
        }
    }
}

fn text_type(column: &LineColumn, is_optional: bool) -> String {
    let number = match column.kind {
        ValueKind::Integer => "Int64",
        ValueKind::Number => "Float64",
        _ => return "String".to_owned(),
    };
    match &column.missing {
        None if !is_optional => number.to_owned(),
        Some(missing) if missing == "-" && !is_optional => format!("Nullable({number})"),
        _ => "String".to_owned(),
    }
}

/// The type of a part of a JSON object.
fn json_type(node: &JsonNode) -> String {
    match node {
        JsonNode::Object(members) => {
            let member =
                |(name, node): &(String, JsonNode)| format!("{} {}", quoted(name), json_type(node));
            format!("Tuple({})", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        JsonNode::List(items) => format!("Array({})", merged(items)),
        JsonNode::Value(value) => value_type(value),
    }
}

/// The one type of all items of an array.
fn merged(items: &[JsonNode]) -> String {
    let mut all: Vec<(String, Vec<JsonNode>)> = Vec::new();
    for item in items {
        let JsonNode::Object(members) = item else {
            return items.first().map_or("String".to_owned(), json_type);
        };
        for (name, node) in members {
            match all.iter_mut().find(|(known, _)| known == name) {
                Some((_, nodes)) => nodes.push(node.clone()),
                None => all.push((name.clone(), vec![node.clone()])),
            }
        }
    }
    let member = |(name, nodes): &(String, Vec<JsonNode>)| {
        format!("{} {}", quoted(name), merged_member(nodes))
    };
    format!("Tuple({})", all.iter().map(member).collect::<Vec<_>>().join(", "))
}

/// The type of a member that several items have: of objects, one with the members of all.
fn merged_member(nodes: &[JsonNode]) -> String {
    match nodes.first() {
        Some(JsonNode::Object(_)) => merged(nodes),
        Some(node) => json_type(node),
        None => "String".to_owned(),
    }
}

fn value_type(value: &JsonValue) -> String {
    let kind = match value.column.kind {
        ValueKind::Integer => "Int64",
        ValueKind::Number => "Float64",
        ValueKind::Boolean => "Bool",
        ValueKind::Timestamp if value.is_quoted && value.column.unit.is_empty() => "DateTime64(6)",
        ValueKind::Timestamp if !value.is_quoted => "Float64",
        ValueKind::Text | ValueKind::Timestamp => "String",
    };
    if value.can_lack { format!("Nullable({kind})") } else { kind.to_owned() }
}
