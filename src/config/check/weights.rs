//! Weights: shares of a whole that need not add up to one.

use super::cursor::{ConfigItem, Map};
use crate::config::keys::weights::{LIGHTEST, WEIGHT};
use crate::config::words::plain;

/// A weight: 0, or from 1e-9 to 1e9.
pub fn weight(item: &ConfigItem<'_>) -> Option<f64> {
    let weight = item.number(WEIGHT)?;
    if weight > 0.0 && weight < LIGHTEST {
        return item.wrong(format!("0, or at least {}", plain(LIGHTEST)));
    }
    Some(weight)
}

/// How far a sum may be from 1 for want of digits: as far as the older versions let it be.
const SLACK: f64 = 0.01;

/// Notes that shares do not add up to 1, which the older versions refused.
pub fn note_sum(item: &ConfigItem<'_>, weights: impl Iterator<Item = f64>) {
    let sum: f64 = weights.sum();
    if (sum - 1.0).abs() > SLACK {
        item.note(format!(
            "the weights add up to {}, not to 1: each counts as its share of that sum",
            (sum * 1e6).round() / 1e6
        ));
    }
}

/// Reports a table that is empty or all zero. `of` is what is weighed.
pub fn have_a_choice(map: &Map<'_>, weights: impl Iterator<Item = f64>, of: &str) -> bool {
    if map.is_empty() {
        map.item().error(format!("found an empty map, expected at least one {of} and its weight"));
        return false;
    }
    if weights.into_iter().all(|weight| weight == 0.0) {
        map.item().error(format!("found only weights of 0, expected at least one {of} above 0"));
        return false;
    }
    true
}
