//! What stands where a profile is named and a key is absent: a file for each profile, which says what differs from the defaults
//! of the table of keys.

mod api;
mod content;
mod parts;
mod personal;
mod shop;

use super::{external_referrers_of_a_profile, ip_ranges_of_a_profile};
use crate::config::keys::preset;
use crate::config::{Config, Distribution, Profile, StateTransitions};

/// The settings of a profile where nothing else is configured; without one, the guide's.
pub fn config(profile: Option<Profile>) -> Config {
    let mut config = Config { profile, ..preset() };
    if profile.is_some() {
        config.state_transitions = StateTransitions::default();
        config.ip_ranges = ip_ranges_of_a_profile().into();
        // The typical sizes of the kinds of pages, compressed.
        config.site.page_size = Distribution::LogNormal { median: 11_000.0, sigma: 0.65 };
        config.external_referrers = external_referrers_of_a_profile().into();
    }
    match profile {
        None => {}
        Some(Profile::Shop) => shop::set(&mut config),
        Some(Profile::Content) => content::set(&mut config),
        Some(Profile::Personal) => personal::set(&mut config),
        Some(Profile::Api) => api::set(&mut config),
    }
    config
}
