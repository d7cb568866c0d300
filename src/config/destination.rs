//! Where the lines of access.log go.

/// `output.destination`: where the lines of access.log go. The other logs are always files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Destination {
    /// `files`: to access.log.
    #[default]
    Files,
    /// `stdout`: to standard output, and there is no access.log.
    Stdout,
    /// `both`: to access.log and to standard output, in step.
    Both,
}

impl Destination {
    /// What would be right, in words.
    pub const EXPECTED: &'static str = "\"files\", \"stdout\" or \"both\"";

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Stdout => "stdout",
            Self::Both => "both",
        }
    }

    /// The destination of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Files, Self::Stdout, Self::Both].into_iter().find(|known| known.name() == name)
    }

    /// Whether there is an access.log.
    pub fn has_file(self) -> bool {
        self != Self::Stdout
    }

    /// Whether lines go to standard output.
    pub fn has_stdout(self) -> bool {
        self != Self::Files
    }
}
