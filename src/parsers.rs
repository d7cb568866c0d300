//! What other programs need to read a format: a pattern, a program or a statement for each. They follow from the shape of the
//! line alone, so they change with the format. Pure: no file, no clock.

mod clickhouse;
mod fluent_bit;
mod goaccess;
mod grok;
mod regex;
#[cfg(test)]
mod tests;
mod vector;

use std::fmt;

use crate::cli::documents::LogParser;
use crate::line_schema::LineShape;
use crate::log_format::LogFormat;

/// Why a program cannot read a format, and which can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    parser: LogParser,
    format: String,
    reason: String,
    /// What would work.
    advice: &'static str,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parser, format, reason, advice } = self;
        write!(to, "{} cannot read the format `{format}`: {reason}; {advice}", parser.name())
    }
}

/// What a program needs to read the lines of a log in a format. `file` is the name of the log's file.
///
/// # Errors
/// The program cannot read it.
pub fn text(parser: LogParser, file: &str, format: &LogFormat) -> Result<String, Unreadable> {
    let (name, shape) = (name_of(file), LineShape::of(format.pieces()));
    let text = match parser {
        LogParser::Grok => grok::text(&shape),
        LogParser::Vector => Ok(vector::text(format, &shape)),
        LogParser::FluentBit => Ok(fluent_bit::text(&name, &shape)),
        LogParser::Goaccess => goaccess::text(&shape),
        LogParser::Clickhouse => Ok(clickhouse::text((&name, file), format, &shape)),
    };
    text.map_err(|(reason, advice)| {
        let format = format.text().trim().to_owned();
        Unreadable { parser, format, reason, advice }
    })
}

/// The name of a log where a program takes one word: `access_log` for access.log.
fn name_of(file: &str) -> String {
    let word = file.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    // No word of ClickHouse begins with a digit.
    if word.starts_with(|c: char| c.is_ascii_digit()) { format!("log_{word}") } else { word }
}
