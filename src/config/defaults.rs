//! What stands where nothing is configured and is more than a row of the table of keys can hold: the guide's tables
//! and the built-in sets.

mod bots;
mod networks;
pub mod profile;
mod referrers;
mod terms;
mod user_agents;

pub use bots::bots;

use super::{Navigation, Network, PageWeights, State, StateTransitions, UserAgent, UserAgents};

/// The configuration that is used where none is found: a shop, writing to `./logs`.
/// It is the shipped example, so that the two cannot differ.
pub const BUILT_IN: &str = include_str!("../../configs/example.yaml");

/// The guide's transitions.
pub fn state_transitions() -> StateTransitions {
    use State::{Abandon, Browsing, DirectAccess, Error, Leave, Login, Logout};
    StateTransitions {
        start: vec![(Login, 0.7), (DirectAccess, 0.3)],
        login: vec![(Browsing, 0.9), (Abandon, 0.1)],
        direct_access: vec![(Browsing, 0.8), (Leave, 0.2)],
        browsing: vec![(Logout, 0.4), (Abandon, 0.3), (Error, 0.05), (Browsing, 0.25)],
    }
}

/// The guide's pages.
pub fn home_pages() -> PageWeights {
    let pages = [("/", 0.2), ("/about", 0.3), ("/products", 0.4), ("/search", 0.1)];
    pages.map(|(path, weight)| (path.to_owned(), weight)).into()
}

/// The guide's pages, and none with weights of its own.
pub fn navigation() -> Navigation {
    Navigation { home: home_pages(), pages: Vec::new() }
}

/// Browsers of 2025 and 2026.
pub fn user_agents() -> UserAgents {
    let agents = |names: &[&str]| names.iter().copied().map(UserAgent::from).collect();
    UserAgents { desktop: agents(&user_agents::DESKTOP), mobile: agents(&user_agents::MOBILE) }
}

/// Blocks of public unicast IPv4 space.
pub fn ip_ranges() -> Vec<Network> {
    let network = |(first, prefix): &([u8; 4], u8)| Network::containing((*first).into(), *prefix);
    networks::IPV4.iter().map(network).collect()
}

/// The same, and networks of IPv6: a quarter of the IPv4 networks' number, between them by popularity.
pub fn ip_ranges_of_a_profile() -> Vec<Network> {
    let mut ranges = ip_ranges();
    for (place, network) in networks::IPV6.into_iter().enumerate() {
        ranges.insert(place * 3 + 1, network.parse().expect("the table has networks"));
    }
    ranges
}

/// Search engines and networks.
pub fn external_referrers() -> Vec<String> {
    owned(&referrers::ALL[..referrers::GUIDES])
}

/// The same, and many others.
pub fn external_referrers_of_a_profile() -> Vec<String> {
    owned(&referrers::ALL)
}

/// What visitors of a shop for electronics and household goods search for.
pub fn search_terms() -> Vec<String> {
    owned(&terms::SEARCH)
}

/// Twenty categories, by number as in the guide's `categoryID=4`.
pub fn product_categories() -> Vec<String> {
    (1..=20).map(|id| id.to_string()).collect()
}

/// Tabs of the profile page.
pub fn profile_tabs() -> Vec<String> {
    owned(&terms::PROFILE_TABS)
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
