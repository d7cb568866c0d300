//! A shop: people look for products, put them into a cart and pay. The defaults of the table of keys are its own.

use super::parts::{day_by_day, pages};
use crate::config::Config;

/// The front page, categories and products are what people come for. A shop that is well kept fails rarely.
pub fn set(config: &mut Config) {
    config.navigation.home = pages([
        ("/", 0.34),
        ("/products", 0.42),
        ("/search", 0.14),
        ("/about", 0.02),
        ("/contact", 0.02),
        ("/shipping", 0.02),
        ("/blog/*", 0.04),
    ]);
    config.error_rates.global_500_rate = 0.001;
    config.error_rates.product_404_rate = 0.004;
    config.traffic_pattern = day_by_day(HOURS, WEEKEND);
}

/// Quiet at night, busiest in the evening. The mean is 1.
const HOURS: [f64; 24] = [
    0.52, 0.34, 0.24, 0.20, 0.21, 0.30, 0.52, 0.82, 1.05, 1.20, 1.27, 1.28, 1.24, 1.20, 1.20, 1.22,
    1.25, 1.30, 1.40, 1.55, 1.66, 1.62, 1.34, 0.87,
];

/// What comes on a Saturday or Sunday, compared with other days.
const WEEKEND: f64 = 0.92;
