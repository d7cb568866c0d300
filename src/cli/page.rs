//! What is said of a command besides its flags: the help and the manual page are made of it.

use super::flags::Flag;

/// A command as its users are told of it.
pub struct CommandPage<A: 'static> {
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Its command lines, without the program's name.
    pub usage: &'static [&'static str],
    /// What else stands on them, and what that is.
    pub operands: &'static [PageEntry],
    /// Its flags.
    pub flags: &'static [Flag<A>],
    /// What else is to be known, in sentences.
    pub remarks: &'static str,
    /// Variables of the environment that it looks at.
    pub environment: &'static [PageEntry],
    /// Command lines to copy, without the program's name.
    pub examples: &'static [&'static str],
    /// Its exit statuses.
    pub exit: &'static [PageEntry],
}

/// A name, or several, and what they mean.
pub type PageEntry = (&'static str, &'static str);

/// The program's name.
pub const PROGRAM: &str = env!("CARGO_PKG_NAME");
