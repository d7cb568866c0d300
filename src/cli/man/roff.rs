//! A text in the language of man(7), piece by piece. What stands on the pages is decided elsewhere.

use std::borrow::Cow;

/// The text so far.
#[derive(Debug, Default)]
pub struct Roff(String);

impl Roff {
    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }

    /// A line that roff obeys.
    pub fn request(&mut self, line: &str) {
        self.0 += &format!(".{line}\n");
    }

    /// The headline of a section.
    pub fn section(&mut self, title: &str) {
        self.request(&format!("SH {title}"));
    }

    /// Text as people write it.
    pub fn text(&mut self, text: &str) {
        self.rendered(&escaped(text));
    }

    /// Text in which everything is escaped already.
    pub fn rendered(&mut self, text: &str) {
        let text = text.trim();
        // At the beginning of a line these two make a request of it.
        let guard = if text.starts_with(['.', '\'']) { "\\&" } else { "" };
        self.0 += &format!("{guard}{text}\n");
    }

    /// A paragraph, if there is anything in it.
    pub fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.request("PP");
            self.text(text);
        }
    }

    /// A name, escaped already, and below it, indented, what it means, as people write it.
    pub fn tagged(&mut self, tag: &str, what: &str) {
        self.request("TP");
        self.rendered(tag);
        self.text(&format!("{what}."));
    }

    /// Lines that stay as they are.
    pub fn example(&mut self, lines: &str) {
        self.request("PP");
        self.request("nf");
        for line in lines.lines() {
            self.0 += &format!("    {}\n", verbatim(line));
        }
        self.request("fi");
    }
}

/// A text without anything that roff would take for its own: a backslash, a hyphen that is to be typed, and two signs
/// that it would draw as accents.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '-', '~', '^']) {
        return text.into();
    }
    text.replace('\\', "\\e").replace('-', "\\-").replace('~', "\\(ti").replace('^', "\\(ha").into()
}

/// As [`escaped`]; the quotes too stay as they are typed.
pub fn verbatim(text: &str) -> String {
    escaped(text).replace('\'', "\\(aq").replace('`', "\\(ga")
}

/// What is typed as it stands.
pub fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", verbatim(text))
}
