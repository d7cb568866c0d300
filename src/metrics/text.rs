//! The text format of Prometheus, version 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::{Display, Write};

use super::kind::MetricKind;
use crate::histogram::Histogram;

/// The content type of the format in HTTP.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A text in this format, as it is being written.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
    name: String,
    /// Where the current metric begins, and where its series begin.
    begin: usize,
    series: usize,
}

impl Exposition {
    /// Begins a metric. Its series follow.
    pub fn begin(&mut self, name: &str, kind: MetricKind, help: &str) {
        self.begin = self.text.len();
        name.clone_into(&mut self.name);
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {}", kind.name()));
        self.series = self.text.len();
    }

    /// Ends the current metric, and removes it if it has no series.
    pub fn end(&mut self) {
        if self.text.len() == self.series {
            self.text.truncate(self.begin);
        }
    }

    /// Adds a series without labels.
    pub fn value(&mut self, value: impl Display) {
        let name = std::mem::take(&mut self.name);
        self.line(format_args!("{name} {value}"));
        self.name = name;
    }

    /// Adds a series with labels, each a name and a value.
    pub fn labelled(&mut self, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> =
            labels.iter().map(|(label, text)| format!("{label}=\"{}\"", escaped(text))).collect();
        let name = std::mem::take(&mut self.name);
        self.line(format_args!("{name}{{{}}} {value}", labels.join(",")));
        self.name = name;
    }

    /// Adds the series of a histogram, in seconds.
    pub fn histogram(&mut self, histogram: &Histogram) {
        let name = std::mem::take(&mut self.name);
        let mut count = 0;
        for (bound, at_most) in histogram.cumulative() {
            let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_owned() };
            self.line(format_args!("{name}_bucket{{le=\"{bound}\"}} {at_most}"));
            count = at_most;
        }
        self.line(format_args!("{name}_sum {}", histogram.sum().as_secs_f64()));
        self.line(format_args!("{name}_count {count}"));
        self.name = name;
    }

    /// Returns the whole text.
    pub fn into_text(self) -> String {
        self.text
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(line);
        self.text.push('\n');
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_metric_has_its_help_its_type_and_its_series() {
        let mut exposition = Exposition::default();
        exposition.begin("a_total", MetricKind::Counter, "What\\it is.");
        exposition.value(7);
        exposition.end();
        exposition.begin("b", MetricKind::Gauge, "Has no series now.");
        exposition.end();
        exposition.begin("c", MetricKind::Gauge, "Text.");
        exposition.labelled(&[("one", "a\"b\\c\nd"), ("two", "x")], 0.25);
        exposition.end();
        assert_eq!(
            exposition.into_text(),
            "# HELP a_total What\\\\it is.\n# TYPE a_total counter\na_total 7\n\
             # HELP c Text.\n# TYPE c gauge\nc{one=\"a\\\"b\\\\c\\nd\",two=\"x\"} 0.25\n"
        );
    }

    #[test]
    fn a_histogram_counts_what_is_at_most_as_long_as_each_bound() {
        let histogram = Histogram::default();
        for micros in [100, 101, 3_000, 60_000_000] {
            histogram.record(Duration::from_micros(micros));
        }
        let mut exposition = Exposition::default();
        exposition.begin("h_seconds", MetricKind::Histogram, "Lengths.");
        exposition.histogram(&histogram);
        exposition.end();
        let text = exposition.into_text();
        for line in [
            "h_seconds_bucket{le=\"0.0001\"} 1\n",
            "h_seconds_bucket{le=\"0.00025\"} 2\n",
            "h_seconds_bucket{le=\"0.005\"} 3\n",
            "h_seconds_bucket{le=\"10\"} 3\n",
            "h_seconds_bucket{le=\"+Inf\"} 4\n",
            "h_seconds_sum 60.003201\n",
            "h_seconds_count 4\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
