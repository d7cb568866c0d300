//! Attacks of a scenario: requests that come in addition to those of the site's visitors, which they do not change. What an
//! attack sends is laid out when the site is built ([`plans`](super::site::attack_plans)); here is who sends it and when.

pub mod attackers;
pub mod payloads;
pub mod references;
pub mod waves;
