//! The stream as a whole: the law (the same inputs, the same bytes), the rate invariant, and
//! sessions as they can be read back from a log.

// A test that cannot go on says so by a panic.
#![allow(clippy::unwrap_used)]

mod api;
mod broken;
mod cache_curve;
mod day_log;
mod failures;
mod kinds;
mod law;
mod load_events;
mod loading;
mod log;
mod manners;
mod own_bots;
mod page_loads;
mod rate;
mod realism;
mod scenario;
mod sessions;
mod shards;
mod site_settings;
mod spoilt;
mod steady;
mod steering;

use access_log_generator::Time;
use access_log_generator::inside::config::Config;

/// 2026-01-01T00:00:00Z, a Thursday.
const START: Time = 1_767_225_600_000_000_000;

/// The default configuration, changed.
fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    change(&mut config);
    config
}
