//! From a tree of plain values to checked settings. Every section is read to its end whatever is
//! wrong in it, so that all problems of a configuration are told at once; a value that is wrong is
//! reported and its default stands in for it until the report is looked at. No I/O here.

mod cursor;
mod error_rates;
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
mod words;

pub use whole::{check as check_whole, too_rare};
pub use words::plain;

use super::report::Report;
use super::tree::Node;
use super::{Config, defaults};
use cursor::Item;

/// Reads the settings and writes down in `report` what is wrong with each. What they do to each
/// other is for [`check_whole`].
pub fn check(root: &Node, report: &Report) -> Config {
    let root = Item::root(root, report);
    let Some(map) = root.map("a map of sections") else { return Config::default() };
    let words = |key, what| visitors::text_list(map.get(key), what);
    let config = Config {
        output: output::output(map.section("output")),
        site: site::site(map.section("site")),
        state_transitions: sessions::state_transitions(map.section("state_transitions")),
        navigation: pages::navigation(map.get("navigation")),
        urls: pages::urls(map.get("urls")),
        error_rates: error_rates::error_rates(map.section("error_rates")),
        status_codes: site::status_codes(map.section("status_codes")),
        session: sessions::session(map.section("session")),
        traffic_pattern: traffic::traffic_patterns(map.get("traffic_patterns")),
        user_agents: visitors::user_agents(map.section("user_agents")),
        ip_ranges: visitors::ip_ranges(map.get("ip_ranges")).unwrap_or_else(defaults::ip_ranges),
        search_terms: words("search_terms", "a search term").unwrap_or_else(defaults::search_terms),
        product_categories: words("product_categories", "a category")
            .unwrap_or_else(defaults::product_categories),
        profile_tabs: words("profile_tabs", "a tab of the profile page")
            .unwrap_or_else(defaults::profile_tabs),
    };
    map.finish();
    config
}

/// Whether a rate given outside the file is right; if not, what would be.
pub fn rate_is_right(rate: f64) -> Result<(), String> {
    if output::RATE.contain(rate) { Ok(()) } else { Err(output::RATE.words()) }
}
