//! The stream as a whole: the law (the same inputs, the same bytes), the rate invariant, and
//! sessions as they can be read back from a log.

// A test that cannot go on says so by a panic.
#![allow(clippy::unwrap_used)]

mod law;
mod log;
mod rate;
mod sessions;
mod shards;
mod steady;

use access_log_generator::config::Config;
use access_log_generator::stream::Time;

/// 2026-01-01T00:00:00Z, a Thursday.
const START: Time = 1_767_225_600_000_000_000;

/// The default configuration, changed.
fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    change(&mut config);
    config
}
