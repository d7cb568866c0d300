//! The API of an application: people use it on their phones, programs of other companies read it, and some developers look at
//! its documentation.

use super::parts::{day_by_day, pages};
use crate::config::Config;

/// Most lines are calls; pages are the documentation's.
pub fn set(config: &mut Config) {
    config.navigation.home = pages([
        ("/", 0.22),
        ("/docs", 0.22),
        ("/docs/*", 0.40),
        ("/changelog", 0.08),
        ("/status", 0.08),
    ]);
    config.site.host = "api.example.com".to_owned();
    config.site.pages = 120;
    config.error_rates.global_500_rate = 0.001_5;
    config.error_rates.product_404_rate = 0.01;
    config.traffic_pattern = day_by_day(HOURS, WEEKEND);
    let people = &mut config.actors.people;
    people.campaign = 0.0;
    people.log_in = 0.0;
    people.add_to_cart = 0.0;
    let shares = &mut config.actors.shares;
    (shares.apps, shares.partners, shares.people) = (0.70, 0.14, 0.05);
    (shares.hotlinks, shares.feed_readers, shares.link_previews) = (0.0, 0.0, 0.002);
    (shares.search_crawlers, shares.ai_crawlers, shares.seo_crawlers) = (0.012, 0.016, 0.008);
    (shares.monitors, shares.scanners, shares.strays) = (0.022, 0.038, 0.018);
}

/// Phones are in use from the way to work until late. The mean is 1.
const HOURS: [f64; 24] = [
    0.54, 0.34, 0.24, 0.21, 0.24, 0.42, 0.82, 1.16, 1.22, 1.12, 1.06, 1.10, 1.28, 1.24, 1.12, 1.10,
    1.16, 1.31, 1.42, 1.52, 1.62, 1.58, 1.30, 0.88,
];

/// What comes on a Saturday or Sunday, compared with other days.
const WEEKEND: f64 = 0.95;
