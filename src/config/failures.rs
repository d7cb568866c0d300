//! `failures`: when the server of a site with a profile fails for a while.

use super::distribution::Distribution;

/// `failures`: times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct FailureTimes {
    /// Spells in which requests fail, on average.
    pub spells_per_day: f64,
    /// How long a spell is.
    pub spell_length: Distribution,
    /// The share of the requests for pages that fail in a spell, 0 to 1.
    pub spell_share: f64,
    /// New versions of the site, on average.
    pub deploys_per_week: f64,
    /// How long the site does not answer when a new version comes.
    pub deploy_length: Distribution,
}
