//! Builds a text in the language of man(7), piece by piece. Other modules decide what is on the pages.

use std::borrow::Cow;

/// The text so far.
#[derive(Debug, Default)]
pub struct Roff(String);

impl Roff {
    /// Returns the whole text.
    pub fn into_text(self) -> String {
        self.0
    }

    /// Adds a roff request.
    pub fn request(&mut self, line: &str) {
        self.0 += &format!(".{line}\n");
    }

    /// Adds the heading of a section.
    pub fn section(&mut self, title: &str) {
        self.request(&format!("SH {title}"));
    }

    /// Adds plain text and escapes it.
    pub fn text(&mut self, text: &str) {
        self.rendered(&escaped(text));
    }

    /// Adds text that is escaped already.
    pub fn rendered(&mut self, text: &str) {
        let text = text.trim();
        // At the beginning of a line, these characters would make a request of it.
        let guard = if text.starts_with(['.', '\'']) { "\\&" } else { "" };
        self.0 += &format!("{guard}{text}\n");
    }

    /// Adds a paragraph, unless it is empty.
    pub fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.request("PP");
            self.text(text);
        }
    }

    /// Adds an escaped name and, indented below it, its meaning as plain text.
    pub fn tagged(&mut self, tag: &str, what: &str) {
        self.request("TP");
        self.rendered(tag);
        self.text(&format!("{what}."));
    }

    /// Adds lines that stay as they are.
    pub fn example(&mut self, lines: &str) {
        self.request("PP");
        self.request("nf");
        for line in lines.lines() {
            self.0 += &format!("    {}\n", verbatim(line));
        }
        self.request("fi");
    }
}

/// Escapes what roff would interpret: backslashes, hyphens that the user must type, and two characters
/// that it would draw as accents.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '-', '~', '^']) {
        return text.into();
    }
    text.replace('\\', "\\e").replace('-', "\\-").replace('~', "\\(ti").replace('^', "\\(ha").into()
}

/// As [`escaped`], and keeps quotes as they are typed.
pub fn verbatim(text: &str) -> String {
    escaped(text).replace('\'', "\\(aq").replace('`', "\\(ga")
}

/// Text to be typed literally, which is bold.
pub fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", verbatim(text))
}
