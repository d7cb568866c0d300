//! Variables of the environment, and the sources of a configuration that were passed over.

use std::ffi::OsString;
use std::fmt;

/// Looks up a variable of the environment.
pub type Variables<'e> = &'e dyn Fn(&str) -> Option<OsString>;

/// A source that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Its name: `LOG_GENERATOR_CONFIG_PATH`.
    pub source: String,
    /// Why: `not set`.
    pub reason: String,
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.source, self.reason)
    }
}
