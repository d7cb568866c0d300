//! Which hits error.log speaks of.

/// The hits that error.log speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorLog {
    /// The server failed.
    Failed,
    /// The visitor may not.
    Forbidden,
    /// The visitor must log in first.
    Unauthorized,
}

impl ErrorLog {
    /// Whether a hit with this status is spoken of, and how.
    pub fn of(status: u16) -> Option<Self> {
        match status {
            500..=599 => Some(Self::Failed),
            403 => Some(Self::Forbidden),
            401 => Some(Self::Unauthorized),
            _ => None,
        }
    }
}
