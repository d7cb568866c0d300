//! The logs beside access.log, error.log and system.log.

use std::time::Duration;

use super::network::Network;
use crate::log_format::LogFormat;

/// An entry of `output.logs`: a log with the hits that meet all of its conditions, in a format of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FurtherLog {
    /// The name of its file, which ends in `.log`; no two are alike, and none is that of a usual log.
    pub file: String,
    /// What its lines look like.
    pub format: LogFormat,
    /// Which hits it has.
    pub selection: Selection,
}

/// Which hits a log has: those that meet each condition that is given; all where none is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The status.
    pub status: Option<StatusSelection>,
    /// The host that the request is for. It is `site.host`, because a site has no other.
    pub host: Option<String>,
    /// The network of the visitor's address.
    pub remote_host: Option<Network>,
    /// How the path begins, as it stands in a request line.
    pub path_prefix: Option<String>,
    /// The request takes longer than this, until the last byte is sent.
    pub slower_than: Option<Duration>,
}

/// `output.logs[].status`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusSelection {
    /// `errors`: 400 and above.
    Errors,
    /// `1xx` to `5xx`: the class, 1 to 5.
    Class(u16),
}

impl StatusSelection {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Errors,
        Self::Class(1),
        Self::Class(2),
        Self::Class(3),
        Self::Class(4),
        Self::Class(5),
    ];

    /// Its name in a configuration.
    pub fn name(self) -> String {
        match self {
            Self::Errors => "errors".to_owned(),
            Self::Class(class) => format!("{class}xx"),
        }
    }

    /// The selection of a name, in upper or lower case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// Whether it has a status.
    pub fn has(self, status: u16) -> bool {
        match self {
            Self::Errors => status >= 400,
            Self::Class(class) => status / 100 == class,
        }
    }
}
