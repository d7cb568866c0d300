//! From a tree of plain values to checked settings. Every section is read to its end whatever is
//! wrong in it, so that all problems of a configuration are told at once; a value that is wrong is
//! reported and its default stands in for it until the report is looked at. No I/O here.

mod actors;
mod bots;
mod cursor;
mod distributions;
mod error_rates;
mod formats;
mod further_logs;
mod output;
mod page_path;
mod pages;
mod places;
mod scenario;
mod sessions;
mod site;
mod traffic;
mod visitors;
mod weighed_list;
mod weights;
mod whole;

pub use whole::{check as check_whole, too_rare};

use super::keys::Section;
use super::keys::output::RATE;
use super::keys::root::PROFILE;
use super::keys::visitors::{CATEGORIES, SEARCH_TERMS, TABS};
use super::report::FindingReport;
use super::tree::Node;
pub use super::words::plain;
use super::{Config, Distribution, Profile, SessionTimes, defaults};
use cursor::ConfigItem;

/// Reads the settings and writes down in `report` what is wrong with each. What they do to each
/// other is for [`check_whole`].
pub fn check(root: &Node, report: &FindingReport) -> Config {
    let root = ConfigItem::root(root, report);
    let Some(map) = root.map("a map of sections") else { return Config::default() };
    let named = map.get("profile").and_then(|item| profile(&item)).unwrap_or_default();
    let mut config = defaults::profile::config(named);
    map.fill(Config::KEYS, &mut config);
    config.output = output::output(map.section("output"));
    config.site = site::site(map.section("site"), config.site);
    config.state_transitions =
        sessions::state_transitions(map.section("state_transitions"), config.state_transitions);
    config.navigation = pages::navigation(map.get("navigation"), config.navigation);
    config.urls = pages::urls(map.get("urls"));
    let usual = named.map(|_| config.error_rates.clone());
    config.error_rates = error_rates::error_rates(map.section("error_rates"), usual);
    config.status_codes = site::status_codes(map.section("status_codes"));
    let session = map.section("session");
    let has_interval = session.as_ref().is_some_and(sessions::has_interval);
    config.session = sessions::session(session);
    if has_interval && named.is_some() {
        let SessionTimes { min_page_view_interval, max_page_view_interval, .. } = config.session;
        config.actors.people.think_time =
            Distribution::Range(min_page_view_interval, max_page_view_interval);
    }
    if let Some(item) = map.get("traffic_patterns") {
        config.traffic_pattern.days = traffic::traffic_patterns(Some(item));
    }
    if let Some(curve) = map.get("traffic_curve").and_then(|item| traffic::curve(&item)) {
        config.traffic_pattern.curve = curve;
    }
    let has_profile = named.is_some();
    let actors = actors::actors(map.section("actors"), config.actors.clone(), has_profile);
    let failures = actors::failures(map.section("failures"), config.failures.clone(), has_profile);
    let assets = actors::assets(map.section("assets"), config.assets.clone(), has_profile);
    if has_profile {
        (config.actors, config.assets, config.failures) = (actors, assets, failures);
    }
    if let Some(item) = map.get("scenario") {
        config.scenario = scenario::scenario(&item, has_profile);
    }
    config.user_agents = visitors::user_agents(map.section("user_agents"));
    if let Some(networks) = visitors::ip_ranges(map.get("ip_ranges")) {
        config.ip_ranges = networks;
    }
    if let Some(referrers) = visitors::external_referrers(map.get("external_referrers")) {
        config.external_referrers = referrers;
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

fn profile(item: &ConfigItem<'_>) -> Option<Option<Profile>> {
    let name = item.text(PROFILE.expected)?;
    Profile::from_name(name).or_else(|| item.wrong(PROFILE.expected))
}

/// Whether a rate given outside the file is right; if not, what would be.
pub fn rate_is_right(rate: f64) -> Result<(), String> {
    if RATE.contain(rate) { Ok(()) } else { Err(RATE.words()) }
}
