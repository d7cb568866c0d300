//! What a grade counts: events, windows of time, addresses or lines.

use serde::Serialize;

/// What is found, missed or falsely detected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Events as a whole.
    Events,
    /// Windows of time.
    Windows,
    /// Remote hosts that attack.
    Addresses,
    /// Single lines.
    Lines,
}

impl Basis {
    /// The names, as a command line takes them.
    pub const NAMES: &[&str] = &["events", "windows", "addresses", "lines"];

    /// The basis with that name.
    pub fn of(name: &str) -> Option<Self> {
        let all = [Self::Events, Self::Windows, Self::Addresses, Self::Lines];
        all.into_iter().find(|basis| basis.name() == name)
    }

    /// The name on a command line.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}
