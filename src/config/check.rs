//! From a tree of plain values to checked settings. Every section is read to its end whatever is
//! wrong in it, so that all problems of a configuration are told at once; a value that is wrong is
//! reported and its default stands in for it until the report is looked at. No I/O here.

mod cursor;
mod error_rates;
mod formats;
mod further_logs;
mod output;
mod page_path;
mod pages;
mod places;
mod sessions;
mod site;
mod traffic;
mod visitors;
mod weights;
mod whole;

pub use whole::{check as check_whole, too_rare};

use super::Config;
use super::keys::output::RATE;
use super::keys::visitors::{CATEGORIES, SEARCH_TERMS, TABS};
use super::keys::{Section, preset};
use super::report::FindingReport;
use super::tree::Node;
pub use super::words::plain;
use cursor::ConfigItem;

/// Reads the settings and writes down in `report` what is wrong with each. What they do to each
/// other is for [`check_whole`].
pub fn check(root: &Node, report: &FindingReport) -> Config {
    let root = ConfigItem::root(root, report);
    let Some(map) = root.map("a map of sections") else { return Config::default() };
    let mut config: Config = preset();
    map.fill(Config::KEYS, &mut config);
    config.output = output::output(map.section("output"));
    config.site = site::site(map.section("site"));
    config.state_transitions = sessions::state_transitions(map.section("state_transitions"));
    config.navigation = pages::navigation(map.get("navigation"));
    config.urls = pages::urls(map.get("urls"));
    config.error_rates = error_rates::error_rates(map.section("error_rates"));
    config.status_codes = site::status_codes(map.section("status_codes"));
    config.session = sessions::session(map.section("session"));
    config.traffic_pattern.days = traffic::traffic_patterns(map.get("traffic_patterns"));
    if let Some(curve) = map.get("traffic_curve").and_then(|item| traffic::curve(&item)) {
        config.traffic_pattern.curve = curve;
    }
    config.user_agents = visitors::user_agents(map.section("user_agents"));
    if let Some(networks) = visitors::ip_ranges(map.get("ip_ranges")) {
        config.ip_ranges = networks;
    }
    for (key, form, texts) in [
        ("search_terms", SEARCH_TERMS, &mut config.search_terms),
        ("product_categories", CATEGORIES, &mut config.product_categories),
        ("profile_tabs", TABS, &mut config.profile_tabs),
    ] {
        if let Some(read) = visitors::text_list(map.get(key), form.expected) {
            *texts = read;
        }
    }
    map.finish();
    config
}

/// Whether a rate given outside the file is right; if not, what would be.
pub fn rate_is_right(rate: f64) -> Result<(), String> {
    if RATE.contain(rate) { Ok(()) } else { Err(RATE.words()) }
}
