//! What `urls` says about a page's hits: the shares that succeed, are not found, and fail. Such shares
//! govern a page alone. `error_rates` does not apply to it, except for `high_error_pages`, which names
//! pages too.

use std::collections::BTreeMap;

use crate::config::links::{matches, path_of};
use crate::config::{Config, Shares, UrlRule};

/// The shares of the first rule that matches a URL, if that rule has shares.
pub fn of_url<'c>(config: &'c Config, target: &str) -> Option<&'c Shares> {
    let path = path_of(target);
    let means = |rule: &&UrlRule| {
        if rule.path.contains('?') { rule.path == target } else { matches(&rule.path, path) }
    };
    config.urls.iter().find(means)?.shares.as_ref()
}

/// The shares of the first rule that matches a page, if that rule has shares.
pub fn of_page<'c>(config: &'c Config, page: &str) -> Option<&'c Shares> {
    config.urls.iter().find(|rule| matches(&rule.path, page))?.shares.as_ref()
}

/// The URLs of a page that are governed by the same shares.
pub struct ShareGroup<'c> {
    /// The shares; `None` if `error_rates` governs.
    pub shares: Option<&'c Shares>,
    /// The indexes of the URLs among the page's members.
    pub members: Vec<usize>,
}

/// Groups the URLs of a page by what governs them: a URL's own shares come before those of its page.
pub fn groups<'c>(
    config: &'c Config,
    page: &str,
    members: &[(String, f64)],
) -> Vec<ShareGroup<'c>> {
    let of_page = of_page(config, page);
    let mut groups: BTreeMap<Option<usize>, ShareGroup<'c>> = BTreeMap::new();
    for (place, (target, _)) in members.iter().enumerate() {
        let shares = of_url(config, target).or(of_page);
        let rule = shares.and_then(|shares| {
            config.urls.iter().position(|rule| {
                rule.shares.as_ref().is_some_and(|others| std::ptr::eq(others, shares))
            })
        });
        let group =
            groups.entry(rule).or_insert_with(|| ShareGroup { shares, members: Vec::new() });
        group.members.push(place);
    }
    groups.into_values().collect()
}

impl Shares {
    /// The share of hits that go to URLs which do not exist, 0 to 1.
    pub(super) fn missing(&self) -> f64 {
        self.not_found / (self.success + self.not_found + self.system_error)
    }

    /// Of the hits on URLs that exist, the share that fails, 0 to 1.
    pub(super) fn failing(&self) -> f64 {
        self.system_error / (self.success + self.system_error).max(f64::MIN_POSITIVE)
    }
}
