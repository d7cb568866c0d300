//! The lines of a configuration file for goaccess: log-format, date-format and time-format. goaccess goes through a line from
//! left to right, and a value ends where the next character of the format stands.

mod instant;

use self::instant::GoaccessTime;
use super::regex::{ADDRESS, value};
use crate::line_schema::{JsonNode, LineColumn, LineItem, LineShape, ValueKind};
use crate::log_format::FieldKind;
use crate::log_format::piece::fields;
use crate::log_format::{Element, Field, TimeUnit};

type Reason = (String, &'static str);

/// What would read what goaccess does not.
const OTHERS: &str = "vector, fluent-bit and clickhouse have a parser for it";

/// The lines for lines of this shape.
pub fn text(shape: &LineShape) -> Result<String, Reason> {
    let columns = shape.columns();
    if columns.iter().any(|column| column.name.contains("[http.")) {
        return Err((
            "its attributes are lists of pairs, and goaccess names members".to_owned(),
            OTHERS,
        ));
    }
    let instant = GoaccessTime::among(&columns).ok_or_else(|| {
        (
            "no date with a time of day behind it is in its lines".to_owned(),
            "use a format with %t or $time_local; grok, vector, fluent-bit and clickhouse have a parser for this one",
        )
    })?;
    let work = GoaccessFormat { specifiers: specifiers(&columns), instant };
    let format = match shape {
        LineShape::Json(object) => work.object(object),
        LineShape::Pairs(items) | LineShape::Text(items) => work.line(items)?,
    };
    if let Some(what) = lacks(&format) {
        return Err((format!("no {what} is in its lines"), OTHERS));
    }
    let GoaccessTime { date, time, .. } = work.instant;
    let note = if format.contains("%h:") { PORT } else { "" };
    Ok(format!("{note}log-format {format}\ndate-format {date}\ntime-format {time}\n"))
}

/// What goaccess does with an address that a port follows.
const PORT: &str = "# goaccess ends an address at its first colon, so it rejects the lines of visitors with IPv6.\n";

/// What a format lacks that goaccess cannot do without, apart from the time.
fn lacks(format: &str) -> Option<&'static str> {
    let has = |specifier| format.contains(specifier);
    match (has("%h"), has("%s"), has("%r") || has("%U")) {
        (false, ..) => Some("address"),
        (_, false, _) => Some("status"),
        (.., false) => Some("path"),
        _ => None,
    }
}

struct GoaccessFormat {
    /// The columns that goaccess wants, by their names.
    specifiers: Vec<(String, &'static str)>,
    instant: GoaccessTime,
}

impl GoaccessFormat {
    /// What stands for a column; `None` if goaccess does not want it.
    fn specifier(&self, column: &LineColumn) -> Option<String> {
        if let Some(text) = self.instant.specifier(column) {
            return Some(text.to_owned());
        }
        self.specifiers
            .iter()
            .find(|(name, _)| *name == column.name)
            .map(|(_, text)| (*text).to_owned())
    }

    /// A JSON object with the members that goaccess wants.
    fn object(&self, object: &JsonNode) -> String {
        self.node(object).unwrap_or_default()
    }

    fn node(&self, node: &JsonNode) -> Option<String> {
        match node {
            JsonNode::Object(members) => {
                let member = |(name, node): &(String, JsonNode)| {
                    Some(format!("\"{name}\":{}", self.node(node)?))
                };
                let members: Vec<_> = members.iter().filter_map(member).collect();
                (!members.is_empty()).then(|| format!("{{{}}}", members.join(",")))
            }
            JsonNode::List(items) => Some(format!("[{}]", self.node(items.first()?)?)),
            JsonNode::Value(value) => Some(format!("\"{}\"", self.specifier(&value.column)?)),
        }
    }

    /// A line of text: between two values that goaccess wants it skips what is there.
    fn line(&self, items: &[LineItem]) -> Result<String, Reason> {
        let items = with_joined_queries(items);
        let mut out = String::new();
        let mut skipped: Vec<&LineItem> = Vec::new();
        let mut refused = None;
        for (at, item) in items.iter().copied().enumerate() {
            let wanted = match item {
                LineItem::Column(column) => self.specifier(column).map(|text| (column, text)),
                _ => None,
            };
            let Some((column, specifier)) = wanted else {
                skipped.push(item);
                continue;
            };
            let is_time = self.instant.specifier(column).is_some();
            let end = if is_time { Ok(()) } else { check_end(column, items.get(at + 1).copied()) };
            match skip(&skipped, out.is_empty()).and_then(|skipped| end.map(|()| skipped)) {
                Ok(skipped) => out += &(skipped + &specifier),
                // goaccess can do without most of them.
                Err(reason) => {
                    refused.get_or_insert(reason);
                    skipped.push(item);
                    continue;
                }
            }
            skipped.clear();
        }
        let has_time = ["%t", "%x"].iter().any(|time| out.contains(time));
        if let (Some(reason), true) = (refused, lacks(&out).is_some() || !has_time) {
            return Err(reason);
        }
        // goaccess does not look at what is behind the last value, but must know where it ends.
        match skipped.first() {
            Some(LineItem::Text(text)) if skipped.len() == 1 => out += text,
            Some(LineItem::Text(text)) => {
                out += &format!("{}%^", text.chars().next().unwrap_or(' '))
            }
            Some(_) => {
                return Err(("a value has nothing behind it that ends it".to_owned(), OTHERS));
            }
            None => {}
        }
        Ok(out)
    }
}

/// The items without a query, with its question mark, right behind its path: goaccess reads both as the path.
fn with_joined_queries(items: &[LineItem]) -> Vec<&LineItem> {
    let only = |item: &LineItem| match item {
        LineItem::Column(column) => match (&*column.elements, &*fields(&column.elements)) {
            ([_], [field]) => Some(*field),
            _ => None,
        },
        _ => None,
    };
    let mut joined: Vec<&LineItem> = Vec::new();
    let mut is_behind_path = false;
    for item in items {
        if is_behind_path && only(item) == Some(Field::QueryString) {
            continue;
        }
        is_behind_path = matches!(only(item), Some(Field::Path | Field::DecodedPath));
        joined.push(item);
    }
    joined
}

/// How goaccess goes over items up to the next value that it wants.
fn skip(items: &[&LineItem], at_start: bool) -> Result<String, Reason> {
    let [before @ .., LineItem::Text(last)] = items else {
        return match items {
            [] if at_start => Ok(String::new()),
            _ => Err(("a value begins where the one before it ends".to_owned(), OTHERS)),
        };
    };
    if before.is_empty() {
        return Ok(last.clone());
    }
    // A character that is only in the last text ends all that comes before it.
    let texts: String =
        before.iter().map(|item| if let LineItem::Text(text) = item { text } else { "" }).collect();
    let is_safe = before.iter().all(|item| match item {
        LineItem::Text(_) => true,
        LineItem::Column(column) => !can_be_anything(column),
        LineItem::Optional { .. } => false,
    });
    let is_new = |c: char| is_safe && !texts.contains(c) && "]|;[".contains(c);
    if let (Some(at), Some(LineItem::Column(_) | LineItem::Text(_))) =
        (last.find(is_new), before.first())
    {
        let lead = match before.first() {
            Some(LineItem::Text(text)) if !at_start => text.chars().next().map(String::from),
            _ => None,
        };
        return Ok(format!("{}%^{}", lead.unwrap_or_default(), &last[at..]));
    }
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        match item {
            LineItem::Text(text) => out += text,
            LineItem::Column(column) => {
                check_end(column, items.get(at + 1).copied())?;
                out += "%^";
            }
            LineItem::Optional { .. } => out += "%^",
        }
    }
    Ok(out)
}

/// Whether a column shows text that is not of this program's making.
fn can_be_anything(column: &LineColumn) -> bool {
    fields(&column.elements).iter().any(|field| field.info().kind == FieldKind::Text)
}

/// Refuses a value that may have the character in it that ends it.
fn check_end(column: &LineColumn, next: Option<&LineItem>) -> Result<(), Reason> {
    let refuse = |what: String| Err((format!("the value of {} {what}", column.source), OTHERS));
    let end = match next {
        Some(LineItem::Text(text)) => text.chars().next(),
        Some(_) => return refuse("has nothing behind it that ends it".to_owned()),
        None => return Ok(()),
    };
    let can_be_anything = can_be_anything(column);
    let value = value(column);
    let can_have = match end {
        Some(' ') => (can_be_anything && value.contains(r#"[^"\\]"#)) || value.contains(' '),
        Some('"' | '\t') | None => false,
        Some(_) if column.kind == ValueKind::Timestamp => false,
        Some(':') if value == ADDRESS => false,
        Some(other) => can_be_anything || value.contains(other),
    };
    if can_have {
        return refuse(format!(
            "may have the character {end:?} in it that ends it",
            end = end.unwrap_or(' ')
        ));
    }
    Ok(())
}

/// The columns that goaccess has a specifier for, each with its own.
fn specifiers(columns: &[&LineColumn]) -> Vec<(String, &'static str)> {
    let mut found: Vec<(String, &'static str)> = Vec::new();
    let only = |column: &LineColumn| match (&*column.elements, &*fields(&column.elements)) {
        ([Element::Field { .. } | Element::Choice { .. }], [field]) => Some(*field),
        _ => None,
    };
    let has_body = columns.iter().any(|column| only(column) == Some(Field::BodyBytes));
    for column in columns {
        let specifier = match only(column) {
            Some(Field::BytesSent) if has_body => None,
            Some(field) => specifier(field),
            None if column.name.starts_with("request") && column.source.contains("target") => {
                Some("%r")
            }
            None if matches!(&*column.source, "%r" | "$request") => Some("%r"),
            None if column.name.ends_with("protocol") => Some("%H"),
            None => None,
        };
        if let Some(specifier) = specifier
            && found
                .iter()
                .all(|(_, known)| *known != specifier && group(known) != group(specifier))
        {
            found.push((column.name.clone(), specifier));
        }
    }
    // The request line has them all.
    if found.iter().any(|(_, specifier)| *specifier == "%r") {
        found.retain(|(_, specifier)| !["%m", "%U", "%q", "%H"].contains(specifier));
    }
    found
}

/// Specifiers of which a line may have one.
fn group(specifier: &str) -> &str {
    if ["%T", "%L", "%D", "%n"].contains(&specifier) { "%T" } else { specifier }
}

fn specifier(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::RemoteHost => "%h",
        Field::Method => "%m",
        Field::Target | Field::Path | Field::DecodedPath => "%U",
        Field::Query => "%q",
        Field::Status => "%s",
        Field::BodyBytes | Field::BytesSent => "%b",
        Field::Referrer => "%R",
        Field::Agent => "%u",
        Field::User => "%e",
        Field::ServerName | Field::Host => "%v",
        Field::ContentType => "%M",
        Field::TlsCipher => "%k",
        Field::ResponseTime(TimeUnit::SecondsToMillis | TimeUnit::SecondsToMicros) => "%T",
        Field::ResponseTime(TimeUnit::Millis) => "%L",
        Field::ResponseTime(TimeUnit::Micros) => "%D",
        Field::ResponseTime(TimeUnit::Nanos) => "%n",
        _ => return None,
    })
}
