//! Which hits a further log has: its conditions, made ready for a test of each hit.

use std::sync::Arc;

use super::dictionary::Dictionary;
use crate::config::{Network, Selection};
use crate::stream::Hit;
use crate::stream::site::Outcome;
use crate::stream::timing::Timings;

/// The hits of a log with conditions.
#[derive(Debug)]
pub struct HitFilter {
    /// Whether hits with an outcome may be taken, by [`Outcome`].
    outcomes: [bool; Outcome::ALL.len()],
    /// Whether hits for a URL may be taken, by the id of the URL; `None` if all may.
    urls: Option<Box<[bool]>>,
    network: Option<Network>,
    /// A hit must take longer than so many ns.
    slower_than: Option<(u64, Arc<Timings>)>,
}

impl HitFilter {
    /// The filter of a selection; `None` if it selects all hits. `timings` are those of the site. The host is not asked for:
    /// all hits are for the site's, and a configuration with another one is refused.
    pub fn new(
        selection: &Selection,
        dictionary: &Dictionary,
        timings: impl FnOnce() -> Arc<Timings>,
    ) -> Option<Self> {
        let Selection { status, remote_host, path_prefix, slower_than, host: _ } = selection;
        let is_all = status.is_none()
            && remote_host.is_none()
            && path_prefix.is_none()
            && slower_than.is_none();
        let has = |outcome| status.is_none_or(|status| status.has(dictionary.status(outcome)));
        let by_url = |prefix: &String| {
            let targets = dictionary.targets();
            let begins = |url| targets.get(url).starts_with(prefix.as_bytes());
            (0..targets.count()).map(begins).collect()
        };
        (!is_all).then(|| Self {
            outcomes: Outcome::ALL.map(has),
            urls: path_prefix.as_ref().map(by_url),
            network: *remote_host,
            slower_than: slower_than.map(|time| (time.as_nanos() as u64, timings())),
        })
    }

    /// The outcomes of the hits that are taken.
    pub fn outcomes(&self) -> Vec<Outcome> {
        Outcome::ALL.into_iter().filter(|outcome| self.outcomes[*outcome as usize]).collect()
    }

    /// Whether the log has a hit.
    pub fn takes(&self, dictionary: &Dictionary, hit: &Hit) -> bool {
        let Hit { outcome, url, .. } = *hit;
        let has_url = |urls: &[bool]| urls[url as usize];
        let is_from = |network: Network| {
            let address = dictionary.visitors().address(hit.visitor);
            network.address.is_ipv4() == address.is_ipv4()
                && Network::containing(address, network.prefix) == network
        };
        let is_slower = |(least, timings): &(u64, Arc<Timings>)| {
            timings.of(hit, dictionary.body(hit).into()).total > *least
        };
        self.outcomes[outcome as usize]
            && self.urls.as_deref().is_none_or(has_url)
            && self.network.is_none_or(is_from)
            && self.slower_than.as_ref().is_none_or(is_slower)
    }
}
