//! What the profiles are written with.

use crate::config::{PageWeights, TrafficCurve, TrafficPattern};

/// Pages and their weights.
pub fn pages<const LEN: usize>(pages: [(&str, f64); LEN]) -> PageWeights {
    pages.map(|(path, weight)| (path.to_owned(), weight)).into()
}

/// By how much an hour of one day differs from that of another, as a standard deviation. Hours of real sites vary by 10 to 40 %.
const NOISE: f64 = 0.15;

/// A week of such days, with what comes on a Saturday or Sunday compared with other days.
pub fn day_by_day(hours: [f64; 24], weekend: f64) -> TrafficPattern {
    let days = std::array::from_fn(|day| match day {
        5 | 6 => hours.map(|multiplier| (multiplier * weekend * 100.0).round() / 100.0),
        _ => hours,
    });
    TrafficPattern { days, curve: TrafficCurve::Smooth, noise: NOISE }
}
