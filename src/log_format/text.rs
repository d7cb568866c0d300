//! Backslashes in the text of formats, as the configuration files of Apache and nginx have them.

use super::error::FormatError;

/// The text that a backslash or a control character at byte `at` of a format stands for, and how many bytes it takes.
///
/// # Errors
/// It is a line feed: a line of a log is one line.
pub fn escaped(format: &str, at: usize) -> Result<(String, usize), FormatError> {
    let rest = &format[at..];
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or_default();
    let second = chars.next();
    let text = match (first, second) {
        ('\\', Some('"')) => "\"",
        ('\\', Some('\'')) => "'",
        ('\\', Some('\\')) => "\\",
        ('\\', Some('t')) => "\t",
        ('\\', Some('n' | 'r')) => return Err(line_feed(format, at, &rest[..2])),
        ('\\', _) => return Ok(("\\".to_owned(), 1)),
        _ => return Err(line_feed(format, at, &rest[..first.len_utf8()])),
    };
    Ok((text.to_owned(), 2))
}

fn line_feed(format: &str, at: usize, found: &str) -> FormatError {
    FormatError::new(format, at, found, "would break the line in two; a format is one line")
}
