//! The names of what can be wrong with a received line.

use serde::Serialize;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The line was written, but not received.
    Missing,
    /// The line was received more than once.
    Doubled,
    /// The line came too early or too late.
    OutOfOrder,
    /// The line came with a different text.
    Altered,
    /// The line belongs to no run.
    Foreign,
}

impl Fault {
    /// All faults, in the order of the report.
    pub const ALL: [Self; 5] =
        [Self::Missing, Self::Doubled, Self::OutOfOrder, Self::Altered, Self::Foreign];

    /// The name of the fault on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Doubled => "doubled",
            Self::OutOfOrder => "out-of-order",
            Self::Altered => "altered",
            Self::Foreign => "foreign",
        }
    }

    /// The name of the fault in a sentence.
    pub fn words(self) -> &'static str {
        if self == Self::OutOfOrder { "out of order" } else { self.name() }
    }
}
