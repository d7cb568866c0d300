//! error.log: one line for each server error and each refused access, such as
//! `2024-10-10 13:55:36 - ERROR - Failed to connect to database ...`. A line says what failed, for whom
//! and where.

use crate::server_failure::ServerFailure;

/// The messages of an application that fails, in the order of [`ServerFailure::ALL`].
const FAILURES: [&str; ServerFailure::ALL.len()] = [
    "Failed to connect to database",
    "Upstream timed out while reading the response",
    "Unhandled exception in request handler",
    "Database query exceeded its time limit",
    "Connection pool exhausted",
    "Failed to acquire lock on session store",
    "Connection refused while connecting to upstream",
    "No live upstreams while connecting to upstream",
    "No space left on device",
];

/// The kind of failure that error.log reports about a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server failed.
    Failed,
    /// The visitor may not access the page.
    Forbidden,
    /// The visitor must log in first.
    Unauthorized,
}

impl Failure {
    /// The failure that a status stands for; `None` if error.log omits it.
    pub fn of(status: u16) -> Option<Self> {
        match status {
            500..=599 => Some(Self::Failed),
            403 => Some(Self::Forbidden),
            401 => Some(Self::Unauthorized),
            _ => None,
        }
    }

    /// The severity that the line shows.
    pub fn level(self) -> &'static str {
        match self {
            Self::Failed => "ERROR",
            Self::Forbidden | Self::Unauthorized => "WARNING",
        }
    }

    /// The application's message about this failure, of which `cause` says what has failed.
    pub fn text(self, cause: impl FnOnce() -> ServerFailure) -> &'static str {
        match self {
            Self::Failed => FAILURES[cause() as usize],
            Self::Forbidden => "Access denied",
            Self::Unauthorized => "Authentication required",
        }
    }

    /// The length of the longest message, bytes.
    pub fn longest() -> usize {
        FAILURES.iter().map(|text| text.len()).max().unwrap_or(0)
    }
}
