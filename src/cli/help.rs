//! The text of `--help`, made from the page of a command and its table of flags.

use super::flags::{Flag, FlagGroup};
use super::page::{CommandPage, PROGRAM};

/// The column in which the description of a flag begins.
const COLUMN: usize = 31;
/// The longest line, in columns.
const WIDTH: usize = 92;

/// The whole help, including the last line feed.
pub fn help<A>(page: &CommandPage<A>) -> String {
    let mut text = format!("{}.\n\n", page.summary);
    for (number, usage) in page.usage.iter().enumerate() {
        let before = if number == 0 { "Usage:" } else { "" };
        text += &format!("{before:6} {PROGRAM} {usage}\n");
    }
    text.push('\n');
    text.extend(page.operands.iter().map(entry));
    for group in FlagGroup::ALL {
        let mut flags = page.flags.iter().filter(|flag| flag.group == group).map(flag).peekable();
        if flags.peek().is_some() {
            text += &format!("\n{}:\n", group.title());
            text.extend(flags);
        }
    }
    if !page.remarks.is_empty() {
        text += &format!("\n{}\n", wrapped(page.remarks, 0, 0));
    }
    if !page.environment.is_empty() {
        text += "\nEnvironment:\n";
        text.extend(page.environment.iter().map(entry));
    }
    text += "\nExamples:\n";
    text.extend(page.examples.iter().map(|example| format!("  {PROGRAM} {example}\n")));
    let exit: Vec<_> = page.exit.iter().map(|(status, what)| format!("{status} {what}")).collect();
    text += &format!("\n{}\n", wrapped(&format!("Exit status: {}.", exit.join("; ")), 0, 0));
    text + &format!("\nDocumentation: {}\n", env!("CARGO_PKG_REPOSITORY"))
}

fn flag<A>(flag: &Flag<A>) -> String {
    let short = flag.short.map_or("    ".to_owned(), |short| format!("-{short}, "));
    entry(&(&format!("{short}--{}", flag.with_value()), flag.help))
}

/// A name with its meaning, beside it or below it.
fn entry((name, what): &(&str, &str)) -> String {
    let name = format!("  {name}");
    if name.len() < COLUMN {
        format!("{name:COLUMN$}{}\n", wrapped(what, COLUMN, COLUMN))
    } else {
        format!("{name}\n{:COLUMN$}{}\n", "", wrapped(what, COLUMN, COLUMN))
    }
}

/// Wraps a text into lines of at most [`WIDTH`]. The first line begins in column `first`; the others are
/// indented by `indent`.
fn wrapped(text: &str, first: usize, indent: usize) -> String {
    let (mut out, mut column) = (String::new(), first);
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 && column + 1 + word.len() > WIDTH {
            out += &format!("\n{:indent$}", "");
            column = indent;
        } else if number > 0 {
            out.push(' ');
            column += 1;
        }
        out += word;
        column += word.len();
    }
    out
}
