//! The manual page, from the same rows as the help: `--man` prints it in the language of man(7).

use super::flags::Flag;
use super::page::{Entry, PROGRAM, Page};
use crate::version::{BUILD_DATE, VERSION};

/// The page of the program, with the command `verify` and its options in it.
pub fn man<A, B>(run: &Page<A>, verify: &Page<B>) -> String {
    let date = BUILD_DATE.get(..10).unwrap_or_default();
    let mut page = Roff::default();
    page.request(&format!(
        "TH {} 1 \"{date}\" \"{PROGRAM} {VERSION}\" \"User Commands\"",
        PROGRAM.to_uppercase()
    ));
    page.section("NAME");
    page.text(&format!("{PROGRAM} - {}", uncapitalised(run.summary)));
    page.section("SYNOPSIS");
    for usage in run.usage {
        page.synopsis(usage);
    }
    page.section("DESCRIPTION");
    page.text(&format!("{}.", run.summary));
    page.entries(run.operands);
    page.section("OPTIONS");
    page.flags(run.flags);
    page.section("VERIFY");
    page.text(&format!("{}.", verify.summary));
    page.entries(verify.operands);
    page.flags(verify.flags);
    page.paragraph(verify.remarks);
    page.section("ENVIRONMENT");
    page.entries(run.environment);
    page.section("FILES");
    page.entries(FILES);
    page.section("EXIT STATUS");
    page.text("Of a run:");
    page.entries(run.exit);
    page.paragraph("Of verify:");
    page.entries(verify.exit);
    page.section("EXAMPLES");
    for example in run.examples.iter().chain(verify.examples) {
        page.example(&format!("{PROGRAM} {example}"));
    }
    page.section("SEE ALSO");
    page.text(env!("CARGO_PKG_REPOSITORY"));
    page.0
}

/// What a run keeps in its directory.
const FILES: &[Entry] = &[
    ("access.log", "The hits of the simulated site"),
    ("error.log", "What failed on it"),
    ("system.log", "What the generator itself did"),
    ("run.json", "What the run is made of; verify needs it"),
];

/// A text in the language of man(7).
#[derive(Default)]
struct Roff(String);

impl Roff {
    fn request(&mut self, line: &str) {
        self.0 += &format!(".{line}\n");
    }

    fn section(&mut self, title: &str) {
        self.request(&format!("SH {title}"));
    }

    fn text(&mut self, text: &str) {
        self.0 += &escaped(text);
        self.0.push('\n');
    }

    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.request("PP");
            self.text(text);
        }
    }

    /// A command line: what is typed as it stands is bold, as are the options.
    fn synopsis(&mut self, usage: &str) {
        self.0 += &format!("\\fB{}\\fR {}\n.br\n", escaped(PROGRAM), escaped(usage));
    }

    fn entries(&mut self, entries: &[Entry]) {
        for (name, what) in entries {
            self.tagged(&format!("\\fB{}\\fR", escaped(name)), what);
        }
    }

    fn flags<A>(&mut self, flags: &[Flag<A>]) {
        for flag in flags {
            let short = flag.short.map(|short| format!("\\fB\\-{short}\\fR, ")).unwrap_or_default();
            let value = flag
                .value()
                .map(|value| format!(" \\fI{}\\fR", escaped(value)))
                .unwrap_or_default();
            let name = format!("{short}\\fB\\-\\-{}\\fR{value}", escaped(flag.long));
            self.tagged(&name, flag.help);
        }
    }

    fn tagged(&mut self, tag: &str, what: &str) {
        self.request("TP");
        self.0 += &format!("{tag}\n");
        self.text(&format!("{what}."));
    }

    fn example(&mut self, line: &str) {
        self.request("PP");
        self.request("nf");
        self.0 += &format!("    {}\n", escaped(line));
        self.request("fi");
    }
}

/// A text without anything that roff would take for its own: a backslash, a hyphen that is to be
/// typed, and a dot or an apostrophe at the beginning of a line.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

/// A sentence as the line behind a name has it.
fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
