//! The types of metrics, as the text format names them.

/// The types of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// What only rises, until the process ends.
    Counter,
    /// What rises and falls.
    Gauge,
    /// Counts by length.
    Histogram,
}

impl MetricKind {
    /// What it is called in the format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}
