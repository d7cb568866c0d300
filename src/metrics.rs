//! The answer of /metrics: a table of metrics, each computed from the status of the run, in the text
//! format of Prometheus ([`text`]). Only the metrics in the table are exposed.

mod kind;
mod metric;
mod table;
pub mod text;

use std::time::Instant;

use self::metric::Scrape;
pub use self::table::METRICS;
use self::text::Exposition;
use crate::os;
use crate::status::Status;
use crate::time::Time;

/// The answer to a scrape at `now`, when the wall clock says `present`.
pub fn exposition(status: &Status, now: Instant, present: Time) -> String {
    let seen = Scrape { status, now, present, process: os::process() };
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
