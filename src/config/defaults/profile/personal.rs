//! A person's own site: some posts and projects. Machines come more often than people do.

use super::parts::{day_by_day, pages};
use crate::config::{Config, Distribution};

/// Years of posts.
pub fn set(config: &mut Config) {
    config.navigation.home = pages([
        ("/", 0.30),
        ("/posts/*", 0.48),
        ("/projects", 0.03),
        ("/projects/solar-logger", 0.03),
        ("/projects/tiny-keyboard", 0.02),
        ("/projects/bread-timer", 0.015),
        ("/projects/garden-camera", 0.01),
        ("/projects/bus-display", 0.01),
        ("/projects/paper-clock", 0.005),
        ("/about", 0.06),
        ("/contact", 0.02),
        ("/cv", 0.02),
    ]);
    config.site.pages = 1_500;
    config.traffic_pattern = day_by_day(HOURS, 1.0);
    config.error_rates.global_500_rate = 0.000_2;
    config.error_rates.product_404_rate = 0.0;
    let people = &mut config.actors.people;
    people.pages =
        Distribution::percentiles(&[(58.0, 1.0), (80.0, 2.2), (94.0, 4.4), (99.0, 10.0)]);
    people.returning = 0.3;
    (people.back, people.without_assets) = (0.25, 0.1);
    people.mobile = 0.36;
    people.campaign = 0.0;
    people.log_in = 0.0;
    people.add_to_cart = 0.0;
    let shares = &mut config.actors.shares;
    (shares.people, shares.hotlinks) = (0.55, 0.02);
    (shares.search_crawlers, shares.ai_crawlers, shares.seo_crawlers) = (0.10, 0.10, 0.07);
    (shares.monitors, shares.feed_readers, shares.link_previews) = (0.02, 0.04, 0.015);
    (shares.scanners, shares.strays) = (0.06, 0.025);
}

/// Flatter than that of other sites, because machines do not sleep. The mean is 1.
const HOURS: [f64; 24] = [
    0.84, 0.74, 0.68, 0.66, 0.66, 0.70, 0.78, 0.90, 1.02, 1.08, 1.10, 1.10, 1.08, 1.08, 1.10, 1.10,
    1.12, 1.12, 1.14, 1.22, 1.30, 1.28, 1.18, 1.02,
];
