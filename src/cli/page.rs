//! What a command says about itself besides its flags. The help, the manual page and the completions are made
//! from it.

use super::candidates::Candidates;
use super::flags::Flag;

/// The description of a command for its users.
pub struct CommandPage<A: 'static> {
    /// What the command does, in one sentence.
    pub summary: &'static str,
    /// The command lines, without the program's name.
    pub usage: &'static [&'static str],
    /// The operands on these lines, and their meaning.
    pub operands: &'static [PageEntry],
    /// Its flags.
    pub flags: &'static [Flag<A>],
    /// Other remarks, in sentences.
    pub remarks: &'static str,
    /// The environment variables that the command reads.
    pub environment: &'static [PageEntry],
    /// Command lines to copy, without the program's name.
    pub examples: &'static [&'static str],
    /// The exit statuses of the command.
    pub exit: &'static [PageEntry],
}

/// A page without the type of the arguments, so that all commands can stand in one list.
pub struct PageView {
    /// What the command does, in one sentence.
    pub summary: &'static str,
    /// The operands, and their meaning.
    pub operands: &'static [PageEntry],
    /// The flags.
    pub flags: Vec<FlagView>,
    /// Other remarks, in sentences.
    pub remarks: &'static str,
    /// Command lines to copy, without the program's name.
    pub examples: &'static [&'static str],
    /// The exit statuses of the command.
    pub exit: &'static [PageEntry],
}

/// A flag without what the parser does with it.
pub struct FlagView {
    /// The name after `--`.
    pub long: &'static str,
    /// The letter after `-`, if any.
    pub short: Option<char>,
    /// What the flag does.
    pub help: &'static str,
    /// The name of its value, if it takes one.
    pub value: Option<&'static str>,
    /// What a shell can offer as the value; `None` if the flag needs none.
    pub candidates: Option<Candidates>,
}

/// A command beside a run, as the manual page and the shells present it.
pub struct Subcommand {
    /// The word that selects it.
    pub name: &'static str,
    /// What it does, in a few words.
    pub brief: &'static str,
    /// What its operands are, in a few words.
    pub files: &'static str,
    /// What it says about itself.
    pub page: PageView,
}

impl<A> CommandPage<A> {
    /// The page without the type of the arguments.
    pub fn view(&self) -> PageView {
        PageView {
            summary: self.summary,
            operands: self.operands,
            flags: self.flags.iter().map(FlagView::of).collect(),
            remarks: self.remarks,
            examples: self.examples,
            exit: self.exit,
        }
    }
}

impl FlagView {
    fn of<A>(flag: &Flag<A>) -> Self {
        let Flag { long, short, help, .. } = *flag;
        Self { long, short, help, value: flag.value(), candidates: flag.candidates() }
    }
}

/// A name, or several, and the meaning.
pub type PageEntry = (&'static str, &'static str);

/// The program's name.
pub const PROGRAM: &str = env!("CARGO_PKG_NAME");
