//! Everything for standard output and standard error except the log. A reader that is gone, or a full
//! disk, is no reason to panic. No other module writes to standard error, so that no message collides
//! with the progress bar.

pub mod bar;
pub mod journal;
mod unblocked;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use log::Level;

use crate::exit_status;

/// The form of a printed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// For programs: one JSON object on one line.
    Json,
}

/// Prints `text` to standard output and returns the exit status: success, even if the reader had enough
/// (`| head`), or failure if the text could not be written.
pub fn print(text: impl Display) -> ExitCode {
    print_by(|stdout| write!(stdout, "{text}"))
}

/// [`print`] for what is too long to be in memory: `write` writes it, in pieces.
pub fn print_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> ExitCode {
    let mut stdout = io::stdout().lock();
    let written = write(&mut stdout).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(format_args!("cannot write to standard output: {error}"));
            ExitCode::from(exit_status::FAILED)
        }
        _ => ExitCode::from(exit_status::DONE),
    }
}

/// Writes to standard error, unless that would block: a run must not stop because its messages are not read.
pub fn mention(text: impl Display) {
    let mut text = for_the_reader(Level::Warn, text);
    text.push('\n');
    let _ = Mention.write_all(text.as_bytes());
}

/// Standard error as [`mention`] writes to it: text that would block is dropped.
#[derive(Clone, Copy, Debug)]
pub struct Mention;

impl Write for Mention {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bar::aside(|| unblocked::write_unless_it_waits(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes to standard error and ignores errors.
pub fn complain(text: impl Display) {
    let text = for_the_reader(Level::Error, text);
    bar::aside(|| {
        let _ = writeln!(io::stderr().lock(), "{text}");
    });
}

/// Writes an answer to standard error, because standard output is in use, and ignores errors.
pub fn report(text: impl Display) {
    bar::aside(|| {
        let _ = write!(io::stderr().lock(), "{text}");
    });
}

/// Formats the text for whatever reads standard error.
fn for_the_reader(level: Level, text: impl Display) -> String {
    let text = text.to_string();
    if journal::is_reading() { journal::with_priority(level, &text) } else { text }
}

/// Quotes a word for a shell if it would not stay one word otherwise.
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_one_word_when_the_command_is_pasted() {
        assert_eq!(shell_word("/var/log/app/run.json"), "/var/log/app/run.json");
        assert_eq!(shell_word("my logs/run.json"), "'my logs/run.json'");
        assert_eq!(shell_word("it's $HOME/run.json"), r"'it'\''s $HOME/run.json'");
    }
}
