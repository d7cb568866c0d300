//! The types of metrics in the text format.

/// The types of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// A value that only rises until the process ends.
    Counter,
    /// A value that rises and falls.
    Gauge,
    /// Counts of durations by their length.
    Histogram,
}

impl MetricKind {
    /// The name of the type in the text format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}
