//! error.log: a line for each server error and each refused access, in the form
//! `2024-10-10 13:55:36 - ERROR - Failed to connect to database ...`. It says what failed, for whom
//! and where.

use super::element::Element;
use super::stamp::StampForm;
use crate::stream::Hit;
use crate::stream::random::mix;

/// What an application says when it fails. Which of them a hit gets follows from the hit.
const FAILURES: [&str; 6] = [
    "Failed to connect to database",
    "Upstream timed out while reading the response",
    "Unhandled exception in request handler",
    "Database query exceeded its time limit",
    "Connection pool exhausted",
    "Failed to acquire lock on session store",
];

/// What error.log says of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server failed.
    Failed,
    /// The visitor may not.
    Forbidden,
    /// The visitor must log in first.
    Unauthorized,
}

impl Failure {
    /// What error.log says of a hit with this status, if anything.
    pub fn of(status: u16) -> Option<Self> {
        match status {
            500..=599 => Some(Self::Failed),
            403 => Some(Self::Forbidden),
            401 => Some(Self::Unauthorized),
            _ => None,
        }
    }

    /// How severe it is.
    pub fn level(self) -> &'static str {
        match self {
            Self::Failed => "ERROR",
            Self::Forbidden | Self::Unauthorized => "WARNING",
        }
    }

    /// What the application says of it.
    pub fn text(self, hit: &Hit) -> &'static str {
        match self {
            Self::Failed => {
                FAILURES[(mix(hit.time ^ hit.visitor) % FAILURES.len() as u64) as usize]
            }
            Self::Forbidden => "Access denied",
            Self::Unauthorized => "Authentication required",
        }
    }

    /// The length of the longest text, bytes.
    pub fn longest() -> usize {
        FAILURES.iter().map(|text| text.len()).max().unwrap_or(0)
    }
}

/// The elements of its lines.
pub fn elements() -> Vec<Element> {
    vec![
        Element::Stamp(StampForm::Plain),
        " - ".into(),
        Element::Level,
        " - ".into(),
        Element::Failure,
        ": ".into(),
        Element::Method,
        " ".into(),
        Element::Target,
        " for ".into(),
        Element::Host,
        Element::UserNote,
        " answered ".into(),
        Element::Status,
        "\n".into(),
    ]
}
