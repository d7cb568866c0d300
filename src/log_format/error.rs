//! Why a text is no format, with its place.

use std::fmt;

/// How much of a format a message shows before and behind the place, characters.
const AROUND: usize = 30;

/// Why a text is no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The whole text.
    pub text: String,
    /// Where the wrong part begins, in bytes from the beginning.
    pub at: usize,
    /// The wrong part.
    pub found: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

impl FormatError {
    /// An error about `found`, a part of `text` that begins at byte `at`.
    pub fn new(text: &str, at: usize, found: &str, reason: impl Into<String>) -> Self {
        Self { text: text.to_owned(), at, found: found.to_owned(), reason: reason.into() }
    }
}

/// What to write instead: one of the names that are near, or else where all are.
pub fn or_table<S: AsRef<str>>(near: &[S]) -> String {
    let names: Vec<_> = near.iter().map(AsRef::as_ref).collect();
    match &*names {
        [] => "; --man 5 has a table of those that there are".to_owned(),
        [one] => format!("; the nearest is {one}"),
        several => format!("; the nearest are {}", several.join(", ")),
    }
}

impl fmt::Display for FormatError {
    /// The reason, and below it the text with the wrong part marked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, at, found, reason } = self;
        write!(f, "{found:?} {reason}")?;
        if found == text {
            return Ok(());
        }
        let printable = |c: char| if c.is_control() { ' ' } else { c };
        let before: Vec<char> =
            text.get(..*at).unwrap_or_default().chars().map(printable).collect();
        let skipped = before.len().saturating_sub(AROUND);
        let behind = text.get(*at..).unwrap_or_default().chars().map(printable);
        let marked = found.chars().count().clamp(1, AROUND);
        let behind: String = behind.take(marked + AROUND).collect();
        let dots = if skipped > 0 { "..." } else { "" };
        let before: String = before[skipped..].iter().collect();
        let room = " ".repeat(dots.len() + before.chars().count());
        write!(f, "\n    {dots}{before}{behind}\n    {room}{}", "^".repeat(marked))
    }
}

impl std::error::Error for FormatError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_marks_the_place_in_the_text() {
        let error = FormatError::new("%h %Q\t%u", 3, "%Q", "is no directive");
        assert_eq!(error.to_string(), "\"%Q\" is no directive\n    %h %Q %u\n       ^^");
        let long = format!("{} %Q {}", "é".repeat(50), "x".repeat(50));
        let text = FormatError::new(&long, 101, "%Q", "is no directive").to_string();
        let lines: Vec<_> = text.lines().collect();
        let at = lines[1].chars().position(|c| c == '%').unwrap();
        assert_eq!(lines[2].chars().position(|c| c == '^'), Some(at));
        assert!(lines[1].chars().count() < 80, "{text}");
    }
}
