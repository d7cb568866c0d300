//! A site that is read: a magazine, a news site, documentation. People come for an article, often from a search or a network,
//! and many leave after it; crawlers take more of the lines than they do of a shop.

use super::parts::{day_by_day, pages};
use crate::config::{Config, Distribution};

/// Articles with a long tail of old ones; nothing is sold.
pub fn set(config: &mut Config) {
    config.navigation.home = pages([
        ("/", 0.16),
        ("/articles/*", 0.62),
        ("/topics/*", 0.10),
        ("/search", 0.05),
        ("/archive", 0.03),
        ("/about", 0.02),
        ("/contact", 0.02),
    ]);
    config.search_terms = SEARCHED.map(str::to_owned).into();
    config.site.pages = 1_500;
    config.error_rates.global_500_rate = 0.000_5;
    config.error_rates.product_404_rate = 0.0;
    config.traffic_pattern = day_by_day(HOURS, WEEKEND);
    let people = &mut config.actors.people;
    people.other_tab = 0.35;
    people.pages = Distribution::percentiles(&[
        (64.0, 1.0),
        (80.0, 2.2),
        (92.0, 4.4),
        (98.5, 9.0),
        (99.8, 30.0),
    ]);
    people.think_time = Distribution::percentiles(&[
        (2.0, 1.0),
        (25.0, 12.0),
        (50.0, 40.0),
        (80.0, 150.0),
        (95.0, 500.0),
        (99.5, 1_600.0),
    ]);
    (people.back, people.without_assets) = (0.25, 0.1);
    people.external_referrer = 0.55;
    people.campaign = 0.08;
    people.log_in = 0.01;
    people.add_to_cart = 0.0;
    let shares = &mut config.actors.shares;
    (shares.people, shares.search_crawlers, shares.ai_crawlers) = (0.68, 0.075, 0.075);
    (shares.feed_readers, shares.link_previews, shares.hotlinks) = (0.022, 0.015, 0.04);
}

/// What readers look for, the most frequent first.
const SEARCHED: [&str; 60] = [
    "election",
    "interest rates",
    "heat wave",
    "champions league",
    "recipe",
    "sleep",
    "museum",
    "housing prices",
    "train strike",
    "solar panels",
    "interview",
    "podcast",
    "best books",
    "ai",
    "migration",
    "diet",
    "film review",
    "documentary",
    "space telescope",
    "electric cars",
    "tax",
    "night train",
    "vaccination",
    "orchestra",
    "local news",
    "crossword",
    "marathon",
    "photography",
    "climate",
    "startups",
    "inflation",
    "hiking",
    "school reform",
    "quantum computer",
    "pension",
    "public transport",
    "elections 2026",
    "opera",
    "football",
    "volcano",
    "gardening",
    "chess",
    "heat pump",
    "series",
    "language learning",
    "wildfire",
    "archaeology",
    "coffee",
    "sauna",
    "street art",
    "obituary",
    "letter to the editor",
    "cycling",
    "flood",
    "budget",
    "theatre",
    "bees",
    "concert",
    "wine",
    "astronomy",
];

/// Mornings and evenings, with a dip at noon that readers at work do not fill. The mean is 1.
const HOURS: [f64; 24] = [
    0.55, 0.38, 0.28, 0.24, 0.26, 0.40, 0.74, 1.10, 1.30, 1.34, 1.30, 1.26, 1.24, 1.22, 1.20, 1.20,
    1.22, 1.24, 1.28, 1.36, 1.44, 1.40, 1.14, 0.91,
];

/// What comes on a Saturday or Sunday, compared with other days.
const WEEKEND: f64 = 0.75;
