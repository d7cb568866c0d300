//! What a shell can offer as the value of a flag.

use super::documents::{LOG_PARSERS, SCHEMA_FORMS, SHELLS};
use super::flags::{Action, Flag};
use super::values::{FORMS, PROFILES};
use crate::basis::Basis;
use crate::codec::Codec;
use crate::config::scenario_library;

/// The possible values of a flag, as far as a shell can know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidates {
    /// The path of a file.
    Files,
    /// The path of a directory.
    Directories,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A value that a shell cannot know.
    Unknown,
}

impl<A> Flag<A> {
    /// What a shell can offer as the value; `None` if the flag needs none.
    pub fn candidates(&self) -> Option<Candidates> {
        let (Action::Take { value, .. } | Action::Gather { value, .. }) = self.action else {
            return None;
        };
        Some(match value {
            "FILE" => Candidates::Files,
            "DIR" => Candidates::Directories,
            "BASIS" => Candidates::Words(Basis::NAMES),
            "FORM" => Candidates::Words(FORMS),
            "CODEC" => Candidates::Words(Codec::NAMES),
            "SHELL" => Candidates::Words(SHELLS),
            "AS" => Candidates::Words(SCHEMA_FORMS),
            "PROFILE" => Candidates::Words(PROFILES),
            "SCENARIO" => Candidates::Words(&scenario_library::NAMES),
            "PARSER" => Candidates::Words(LOG_PARSERS),
            _ => Candidates::Unknown,
        })
    }
}
