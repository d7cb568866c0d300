//! What lines look like: `format` and `error_format`.

use super::cursor::ConfigItem;
use crate::config::keys::formats::{ERROR_FORMAT, FORMAT};
use crate::log_format::{ErrorFormat, LogFormat};

/// The format of a log's lines.
pub fn format(item: &ConfigItem<'_>) -> Option<LogFormat> {
    let text = item.free_text(FORMAT.expected)?;
    LogFormat::parse(text).map_err(|error| item.error(error.to_string())).ok()
}

/// The format of the lines of error.log.
pub fn error_format(item: &ConfigItem<'_>) -> Option<ErrorFormat> {
    let text = item.text(ERROR_FORMAT.expected)?;
    ErrorFormat::named(text).or_else(|| item.wrong(ERROR_FORMAT.expected))
}
