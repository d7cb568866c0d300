//! What a command says about itself besides its flags. The help and the manual page are made from it.

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

/// A name, or several, and the meaning.
pub type PageEntry = (&'static str, &'static str);

/// The program's name.
pub const PROGRAM: &str = env!("CARGO_PKG_NAME");
