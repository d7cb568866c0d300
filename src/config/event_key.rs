//! The keys of the entries of `scenario` that only some kinds of events take.

/// A key that only some kinds of events take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKey {
    /// `multiplier`
    Multiplier,
    /// `share`
    Share,
    /// `status`
    Status,
    /// `cause`
    Cause,
    /// `page`
    Page,
    /// `visitors`
    Visitors,
    /// `upstream`
    Upstream,
    /// `factor`
    Factor,
    /// `timeout`
    Timeout,
    /// `rate`
    Rate,
    /// `addresses`
    Addresses,
    /// `patched`
    Patched,
    /// `length`
    Length,
    /// `offset`
    Offset,
    /// `format`
    Format,
}

impl EventKey {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Multiplier,
        Self::Share,
        Self::Status,
        Self::Cause,
        Self::Page,
        Self::Visitors,
        Self::Upstream,
        Self::Factor,
        Self::Timeout,
        Self::Rate,
        Self::Addresses,
        Self::Patched,
        Self::Length,
        Self::Offset,
        Self::Format,
    ];

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Multiplier => "multiplier",
            Self::Share => "share",
            Self::Status => "status",
            Self::Cause => "cause",
            Self::Page => "page",
            Self::Visitors => "visitors",
            Self::Upstream => "upstream",
            Self::Factor => "factor",
            Self::Timeout => "timeout",
            Self::Rate => "rate",
            Self::Addresses => "addresses",
            Self::Patched => "patched",
            Self::Length => "length",
            Self::Offset => "offset",
            Self::Format => "format",
        }
    }
}
