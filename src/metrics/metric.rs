//! What a metric is.

use std::time::Instant;

use super::kind::MetricKind;
use super::text::Exposition;
use crate::os::Process;
use crate::status::Status;
use crate::time::Time;

/// What the names of our own metrics begin with.
pub const PREFIX: &str = "access_log_generator_";

/// A metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name without [`PREFIX`], or the whole of it if that begins with `process_`.
    pub name: &'static str,
    /// Its type.
    pub kind: MetricKind,
    /// What it means, in a sentence.
    pub help: &'static str,
    /// Writes its series; one that writes none is left out.
    pub(super) read: fn(&Scrape<'_>, &mut Exposition),
}

impl Metric {
    /// Its whole name.
    pub fn full_name(&self) -> String {
        let prefix = if self.name.starts_with("process_") { "" } else { PREFIX };
        format!("{prefix}{}", self.name)
    }
}

/// What a scrape looks at.
pub(super) struct Scrape<'a> {
    pub status: &'a Status,
    pub now: Instant,
    /// The wall clock.
    pub present: Time,
    /// The process by what the system says of it; `None` where it says nothing.
    pub process: Option<Process>,
}
