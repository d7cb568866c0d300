//! The documents that the program can print about itself, by their names on the command line.
//! `completions`, `man` and `config::schema` produce them.

/// A shell that completes command lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// GNU Bash 4 or later.
    Bash,
    /// The Z shell.
    Zsh,
    /// The fish shell.
    Fish,
}

/// The names of the shells, as `--completions` takes them.
pub const SHELLS: &[&str] = &["bash", "zsh", "fish"];

impl Shell {
    /// The shell with that name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "bash" => Some(Self::Bash),
            "zsh" => Some(Self::Zsh),
            "fish" => Some(Self::Fish),
            _ => None,
        }
    }
}

/// A manual page, chosen by its section (man(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manual {
    /// Section 1, programs: access-log-generator(1).
    Program,
    /// Section 5, files: access-log-generator.yaml(5).
    Configuration,
}
