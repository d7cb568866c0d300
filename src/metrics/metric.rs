//! One row of the table of metrics.

use std::time::Instant;

use super::kind::MetricKind;
use super::text::Exposition;
use crate::os::Process;
use crate::status::Status;
use crate::time::Time;

/// The prefix of the names of our own metrics.
pub const PREFIX: &str = "access_log_generator_";

/// A metric: its name, its meaning, and how to compute it.
#[derive(Debug)]
pub struct Metric {
    /// The name without [`PREFIX`], or the full name if it begins with `process_`.
    pub name: &'static str,
    /// The type of the metric.
    pub kind: MetricKind,
    /// The meaning of the metric, in one sentence.
    pub help: &'static str,
    /// Writes the series of the metric. A metric without series is left out.
    pub(super) read: fn(&Scrape<'_>, &mut Exposition),
}

impl Metric {
    /// The full name, including the prefix.
    pub fn full_name(&self) -> String {
        let prefix = if self.name.starts_with("process_") { "" } else { PREFIX };
        format!("{prefix}{}", self.name)
    }
}

/// The values that the metrics of one scrape are computed from.
pub(super) struct Scrape<'a> {
    pub status: &'a Status,
    pub now: Instant,
    /// The time by the wall clock.
    pub present: Time,
    /// The system's measurements of this process; `None` if there are none.
    pub process: Option<Process>,
}
