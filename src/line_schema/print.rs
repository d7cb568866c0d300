//! Descriptions as JSON, YAML and Markdown.

use serde_json::{Value, json};

use super::column::LineColumn;
use super::described::DescribedLog;
use crate::cli::documents::SchemaForm;

/// What is said of each column, in this order.
const FIELDS: [&str; 6] = ["name", "directive", "type", "unit", "description", "example"];

/// The description of logs in a form.
pub fn text(form: SchemaForm, logs: &[DescribedLog]) -> String {
    match form {
        SchemaForm::Json => json(logs),
        SchemaForm::Yaml => yaml(logs),
        SchemaForm::Markdown => markdown(logs),
    }
}

fn values((column, example): &(LineColumn, String)) -> [String; FIELDS.len()] {
    let about = match &column.missing {
        Some(text) if !text.is_empty() => format!("{}; `{text}` for none", column.about),
        Some(_) => format!("{}; empty for none", column.about),
        None => column.about.clone(),
    };
    let (kind, unit) = (column.kind.name().to_owned(), column.unit.to_owned());
    [column.name.clone(), column.source.clone(), kind, unit, about, example.clone()]
}

/// A line for each column, so that people can read it, too.
fn json(logs: &[DescribedLog]) -> String {
    let field = |column: &(LineColumn, String)| {
        let pairs = FIELDS
            .iter()
            .zip(values(column))
            .map(|(name, value)| format!("{}: {}", quoted(name), quoted(&value)));
        format!("        {{{}}}", pairs.collect::<Vec<_>>().join(", "))
    };
    let log = |log: &DescribedLog| {
        let fields: Vec<_> = log.columns.iter().map(field).collect();
        format!(
            "    {{\n      \"log\": {},\n      \"format\": {},\n      \"fields\": [\n{}\n      ]\n    }}",
            quoted(&log.file),
            quoted(&log.format),
            fields.join(",\n")
        )
    };
    let logs: Vec<_> = logs.iter().map(log).collect();
    format!("{{\n  \"logs\": [\n{}\n  ]\n}}\n", logs.join(",\n"))
}

/// A text of JSON is one of YAML.
fn yaml(logs: &[DescribedLog]) -> String {
    let mut out = String::from("logs:\n");
    for log in logs {
        out += &format!(
            "  - log: {}\n    format: {}\n    fields:\n",
            quoted(&log.file),
            quoted(&log.format)
        );
        for column in &log.columns {
            for (at, (name, value)) in FIELDS.iter().zip(values(column)).enumerate() {
                let dash = if at == 0 { "- " } else { "  " };
                out += &format!("      {dash}{name}: {}\n", quoted(&value));
            }
        }
    }
    out
}

fn markdown(logs: &[DescribedLog]) -> String {
    let section = |log: &DescribedLog| {
        let row = |column: &(LineColumn, String)| {
            let [name, source, kind, unit, about, example] = values(column);
            let code = |text: &str| if text.is_empty() { String::new() } else { code(text) };
            let cells = [code(&name), code(&source), kind, unit, about, code(&example)];
            format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
        };
        let rows: String = log.columns.iter().map(row).collect();
        let rule = format!("|{}\n", "---|".repeat(FIELDS.len()));
        format!(
            "## {}\n\nThe format is {}.\n\n| {} |\n{rule}{rows}",
            log.file,
            code(&log.format),
            FIELDS.join(" | ")
        )
    };
    logs.iter().map(section).collect::<Vec<_>>().join("\n")
}

/// Text as Markdown's code, on one line.
fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let fence = if text.contains('`') { "``" } else { "`" };
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text in JSON's quotes.
fn quoted(text: &str) -> Value {
    json!(text)
}
