//! `error_rates`: how often requests fail, and how.

use super::cursor::Map;
use super::pages::high_error_pages;
use crate::config::ErrorRates;
use crate::config::keys::error_rates::OLDER;
use crate::config::keys::{Section, preset};

/// Reads the section. Absent it is the guide's; in a section that is there, an absent rate is 0.
pub fn error_rates(section: Option<Map<'_>>) -> ErrorRates {
    let Some(map) = section else { return preset() };
    let mut rates = ErrorRates::blank();
    map.fill(ErrorRates::KEYS, &mut rates);
    if let Some(item) = map.get("high_error_pages") {
        rates.high_error_pages = high_error_pages(&item);
    }
    map.accept_older(OLDER);
    map.finish();
    rates
}
