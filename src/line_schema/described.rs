//! The description of all logs of a configuration.

use jiff::Timestamp;
use log::Level;

use super::column::{LineColumn, ValueKind};
use super::examples::examples;
use super::shape::LineShape;
use crate::config::Config;
use crate::log_format::piece::Piece;
use crate::log_id::{ACCESS_LOG, ERROR_LOG, LogId, SYSTEM_LOG};
use crate::system_log;

/// What the lines of a log look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedLog {
    /// The name of its file.
    pub file: &'static str,
    /// The name or the string of its format.
    pub format: String,
    /// Its columns, each with an example; empty if no line could be found that has one.
    pub columns: Vec<(LineColumn, String)>,
}

/// The logs of a configuration.
pub fn described(config: &Config) -> Vec<DescribedLog> {
    let output = &config.output;
    let mut logs =
        vec![log(config, LogId::ACCESS, output.format.text().to_owned(), output.format.pieces())];
    if output.error_log {
        let format = output.error_format;
        logs.push(log(config, LogId::ERROR, format.name().to_owned(), &format.pieces()));
    }
    if output.system_log {
        logs.push(system(config));
    }
    logs
}

fn log(config: &Config, log: LogId, format: String, pieces: &[Piece]) -> DescribedLog {
    let shape = LineShape::of(pieces);
    let columns = shape.columns();
    let examples = examples(config, log, &columns);
    let columns = columns.into_iter().cloned().zip(examples).collect();
    let file = if log == LogId::ERROR { ERROR_LOG } else { ACCESS_LOG };
    DescribedLog { file, format, columns }
}

/// system.log: its columns are those of the program's own messages, and the example is one of them.
fn system(config: &Config) -> DescribedLog {
    let message = "The stream has ended";
    let zone = &config.output.timezone;
    let texts = system_log::columns(Timestamp::UNIX_EPOCH, zone, Level::Info, message);
    let column = |((name, about), example): ((&str, &str), String)| {
        let kind = if name == "time" { ValueKind::Timestamp } else { ValueKind::Text };
        let column = LineColumn {
            name: name.to_owned(),
            source: name.to_owned(),
            kind,
            unit: "",
            about: about.to_owned(),
            missing: None,
            elements: Vec::new(),
        };
        (column, example)
    };
    let columns = system_log::COLUMNS.into_iter().zip(texts).map(column).collect();
    DescribedLog { file: SYSTEM_LOG, format: "plain".to_owned(), columns }
}
