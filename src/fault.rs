//! What may be wrong with a received line, by its name.

use serde::Serialize;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Was written and not received.
    Missing,
    /// Was received once more.
    Doubled,
    /// Came too early or too late.
    OutOfOrder,
    /// Came with another text.
    Altered,
    /// Is of no run.
    Foreign,
}

impl Fault {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 5] =
        [Self::Missing, Self::Doubled, Self::OutOfOrder, Self::Altered, Self::Foreign];

    /// Its name on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Doubled => "doubled",
            Self::OutOfOrder => "out-of-order",
            Self::Altered => "altered",
            Self::Foreign => "foreign",
        }
    }

    /// Its name in a sentence.
    pub fn words(self) -> &'static str {
        if self == Self::OutOfOrder { "out of order" } else { self.name() }
    }
}
