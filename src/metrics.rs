//! What /metrics says: a table of metrics, each read off the status of the run, in the text format of
//! Prometheus ([`text`]). What is not in the table is not told.

mod table;
pub mod text;

use std::time::Instant;

use self::text::Exposition;
use crate::os::{self, Process};
use crate::status::Status;
use crate::stream::Time;

pub use self::table::METRICS;

/// What the names of our own metrics begin with.
pub const PREFIX: &str = "access_log_generator_";

/// A metric.
#[derive(Debug)]
pub struct Metric {
    /// Its name without [`PREFIX`], or the whole of it if that begins with `process_`.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it means, in a sentence.
    pub help: &'static str,
    /// Writes its series; one that writes none is left out.
    read: fn(&Seen<'_>, &mut Exposition),
}

impl Metric {
    /// Its whole name.
    pub fn full_name(&self) -> String {
        let prefix = if self.name.starts_with("process_") { "" } else { PREFIX };
        format!("{prefix}{}", self.name)
    }
}

/// The types of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What only rises, until the process ends.
    Counter,
    /// What rises and falls.
    Gauge,
    /// Counts by length.
    Histogram,
}

impl Kind {
    /// What it is called in the format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// What a scrape looks at.
struct Seen<'a> {
    status: &'a Status,
    now: Instant,
    /// The wall clock.
    present: Time,
    /// The process by what the system says of it; `None` where it says nothing.
    process: Option<Process>,
}

/// The answer to a scrape at `now`, when the wall clock says `present`.
pub fn exposition(status: &Status, now: Instant, present: Time) -> String {
    let seen = Seen { status, now, present, process: os::process() };
    let mut exposition = Exposition::default();
    for metric in METRICS {
        exposition.begin(&metric.full_name(), metric.kind, metric.help);
        (metric.read)(&seen, &mut exposition);
        exposition.end();
    }
    exposition.into_text()
}

#[cfg(test)]
mod tests;
