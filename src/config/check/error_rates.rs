//! `error_rates`: how often requests fail, and how.

use super::cursor::Map;
use super::pages::high_error_pages;
use crate::config::ErrorRates;
use crate::config::keys::error_rates::OLDER;
use crate::config::keys::{Section, preset};

/// Reads the section. What is absent is what a profile has as `usual`. Without a profile, an absent section is the guide's; in
/// a section that is there, an absent rate is 0.
pub fn error_rates(section: Option<Map<'_>>, usual: Option<ErrorRates>) -> ErrorRates {
    let Some(map) = section else { return usual.unwrap_or_else(preset) };
    let mut rates = usual.unwrap_or_else(ErrorRates::blank);
    map.fill(ErrorRates::KEYS, &mut rates);
    if let Some(item) = map.get("high_error_pages") {
        rates.high_error_pages = high_error_pages(&item);
    }
    map.accept_older(OLDER);
    map.finish();
    rates
}
