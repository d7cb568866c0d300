//! `error_rates`: how often requests fail, and how.

use super::cursor::{Limits, Map};
use super::pages::high_error_pages;
use crate::config::{ErrorRates, defaults};

const RATE: Limits = Limits::between(0.0, 1.0);

/// Reads the section. Absent it is the guide's; in a section that is there, an absent rate is 0.
pub fn error_rates(section: Option<Map<'_>>) -> ErrorRates {
    let Some(map) = section else { return defaults::error_rates() };
    let rate = |spellings: &[&'static str]| {
        map.spelt(spellings).and_then(|item| item.number(RATE)).unwrap_or(0.0)
    };
    let rates = ErrorRates {
        global_500_rate: rate(&["global_500_rate", "global_500"]),
        product_404_rate: rate(&["product_404_rate", "product_404"]),
        cart_abandonment_rate: rate(&["cart_abandonment_rate", "cart_abandon"]),
        redirect_301: rate(&["redirect_301"]),
        redirect_302: rate(&["redirect_302"]),
        forbidden_access: rate(&["forbidden_access"]),
        auth_failure: rate(&["auth_failure"]),
        high_error_pages: map
            .get("high_error_pages")
            .map(|item| high_error_pages(&item, RATE))
            .unwrap_or_default(),
    };
    map.accept_older(
        "checkout_500",
        "the older versions read it and used it nowhere; write \
        high_error_pages: {/checkout: 0.01} for what it says",
    );
    map.finish();
    rates
}
