//! The description of all logs of a configuration.

use jiff::Timestamp;
use log::Level;

use super::column::{LineColumn, ValueKind};
use super::examples::{START, examples};
use super::shape::LineShape;
use crate::config::Config;
use crate::log_format::LogFormat;
use crate::log_format::piece::Piece;
use crate::log_id::{ACCESS_LOG, ERROR_LOG, LogId, SYSTEM_LOG};
use crate::system_log;

/// What the lines of a log look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedLog {
    /// The name of its file.
    pub file: String,
    /// The name or the string of its format.
    pub format: String,
    /// Its columns, each with an example; empty if no line could be found that has one.
    pub columns: Vec<(LineColumn, String)>,
}

/// The logs of a configuration, in the order of their numbers. The examples of each are from lines that it has.
pub fn described(config: &Config) -> Vec<DescribedLog> {
    let output = &config.output;
    let hits = |id, file: &str, format: &LogFormat| {
        log(config, id, file, format.text().trim(), format.pieces())
    };
    let mut logs = vec![hits(LogId::ACCESS, ACCESS_LOG, &output.format)];
    if output.error_log {
        let format = output.error_format;
        logs.push(log(config, LogId::ERROR, ERROR_LOG, format.name(), &format.pieces()));
    }
    if output.system_log {
        logs.push(system(config));
    }
    let further = output.logs.iter().enumerate();
    logs.extend(further.map(|(at, log)| hits(LogId::further(at), &log.file, &log.format)));
    logs
}

fn log(config: &Config, id: LogId, file: &str, format: &str, pieces: &[Piece]) -> DescribedLog {
    let shape = LineShape::of(pieces);
    let columns = shape.columns();
    let examples = examples(config, id, &columns);
    let columns = columns.into_iter().cloned().zip(examples).collect();
    DescribedLog { file: file.to_owned(), format: format.to_owned(), columns }
}

/// system.log: its columns are those of the program's own messages, and the example is one of them.
fn system(config: &Config) -> DescribedLog {
    let message = "The stream has ended";
    let zone = &config.output.timezone;
    let time = Timestamp::from_nanosecond(START.into()).expect("START is within jiff's years");
    let texts = system_log::columns(time, zone, Level::Info, message);
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
    DescribedLog { file: SYSTEM_LOG.to_owned(), format: "plain".to_owned(), columns }
}
