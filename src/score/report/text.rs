//! Writes a report as text: a table, and what is to be known about it.

use std::fmt;

use indicatif::HumanCount;

use super::{GradeFigures, ScoreReport};
use crate::score::value::shown;

/// What stands where a figure is undefined.
const UNDEFINED: &str = "-";

impl fmt::Display for ScoreReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let GradeFigures { found, missed, wrong, .. } = self.all;
        let [found, all, wrong, read] =
            [found, found + missed, wrong, self.detections].map(HumanCount);
        let of = match self.window_seconds {
            Some(length) => format!("windows of {}", delay(length)),
            None => self.by.name().to_owned(),
        };
        let detections = if self.detections == 1 { "detection" } else { "detections" };
        writeln!(f, "{found} of {all} {of} found, {wrong} false, from {read} {detections}.\n")?;
        let header = [
            "kind",
            self.by.name(),
            "found",
            "missed",
            "false",
            "precision",
            "recall",
            "F1",
            "delay",
            "longest",
        ];
        let mut rows = vec![header.map(str::to_owned)];
        rows.extend(self.kinds.iter().map(|kind| row(&kind.kind, &kind.figures)));
        rows.push(row("all", &self.all));
        table(f, &rows)?;
        if self.all.median_delay_seconds.is_some() {
            writeln!(f, "\nThe delay is the median over the events that were detected.")?;
        } else if !self.hints.is_empty() {
            writeln!(f)?;
        }
        for hint in &self.hints {
            writeln!(f, "{hint}")?;
        }
        Ok(())
    }
}

/// The cells of a kind, or of all.
fn row(kind: &str, figures: &GradeFigures) -> [String; 10] {
    let count = |count: u64| HumanCount(count).to_string();
    let share = |share: Option<f64>| {
        share.map_or_else(|| UNDEFINED.to_owned(), |share| format!("{share:.3}"))
    };
    let time = |seconds: Option<f64>| seconds.map_or_else(|| UNDEFINED.to_owned(), delay);
    [
        shown(kind),
        count(figures.found + figures.missed),
        count(figures.found),
        count(figures.missed),
        count(figures.wrong),
        share(figures.precision),
        share(figures.recall),
        share(figures.f1),
        time(figures.median_delay_seconds),
        time(figures.longest_delay_seconds),
    ]
}

/// Writes rows with aligned columns: the first one to the left, the others to the right.
fn table<const N: usize>(f: &mut fmt::Formatter<'_>, rows: &[[String; N]]) -> fmt::Result {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    for row in rows {
        write!(f, "{:<1$}", row[0], widths[0])?;
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            write!(f, "  {cell:>width$}")?;
        }
        writeln!(f)?;
    }
    Ok(())
}

/// A length of time in its two largest units: `0.25s`, `12.5s`, `2m05s`, `3h07m`, `4d00h`.
fn delay(seconds: f64) -> String {
    let hundredths = (seconds * 100.0).round() as u64;
    let whole = seconds.round() as u64;
    let minutes = (whole + 30) / 60;
    let hours = (minutes + 30) / 60;
    if hundredths < 6_000 {
        format!("{}s", hundredths as f64 / 100.0)
    } else if whole < 3_600 {
        format!("{}m{:02}s", whole / 60, whole % 60)
    } else if minutes < 1_440 {
        format!("{}h{:02}m", minutes / 60, minutes % 60)
    } else {
        format!("{}d{:02}h", hours / 24, hours % 24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_shows_two_units() {
        for (seconds, expected) in [
            (0.0, "0s"),
            (0.254, "0.25s"),
            (12.5, "12.5s"),
            (59.994, "59.99s"),
            (59.996, "1m00s"),
            (125.4, "2m05s"),
            (3_599.6, "1h00m"),
            (11_250.0, "3h08m"),
            (86_399.0, "1d00h"),
            (345_600.0, "4d00h"),
        ] {
            assert_eq!(delay(seconds), expected, "{seconds}");
        }
    }
}
