//! The sizes of answers that are no success. An error page names what was asked for and offers what is like it, so its size
//! differs from target to target. A site has a few dozen sizes for each outcome, so that tables can hold them all.

use std::sync::Arc;

use crate::stream::random::{hash, mix};
use crate::stream::site::{Outcome, Site, UrlId};

/// How many kinds of error pages a site has.
const KINDS: u64 = 64;
/// By how many bytes the pages of two kinds differ at the most.
const SPREAD: u64 = 1_024;

/// The error pages of a site.
#[derive(Debug)]
pub struct ErrorPages {
    /// The size of the shortest page in bytes, by [`Outcome`].
    shortest: [u32; Outcome::ALL.len()],
    /// The kind of each URL's page, by the id of the URL.
    kinds: Arc<[u8]>,
    /// A URL of each kind.
    examples: Box<[UrlId]>,
}

impl ErrorPages {
    /// The error pages of the site at `location`. With visitors of all kinds, what differs is known of each hit.
    pub fn new(site: &Site, location: &str) -> Self {
        let kinds = if site.has_traffic() { 1 } else { KINDS };
        let kind = |target: &str| (hash(target) % kinds) as u8;
        let kinds_of: Arc<[u8]> = site.urls().iter().map(|url| kind(&url.target)).collect();
        // A site's own error pages have a few kB.
        let own = match site.grounds() {
            Some(grounds) => grounds.style.size("error page", 2_900.0, 0.8).max(340),
            None => 1_800 + (hash(location) % 1_200) as u32,
        };
        let example = |kind| kinds_of.iter().position(|of| u64::from(*of) == kind).unwrap_or(0);
        Self {
            shortest: Outcome::ALL.map(|outcome| shortest(outcome, location, own)),
            examples: (0..kinds).map(|kind| example(kind) as UrlId).collect(),
            kinds: kinds_of,
        }
    }

    /// The size of the page at a URL, bytes.
    #[inline]
    pub fn size(&self, outcome: Outcome, url: UrlId) -> u32 {
        self.shortest[outcome as usize] + longer(outcome, self.kinds[url as usize])
    }

    /// The kind of each URL's page, by the id of the URL. Pages of a kind have the same size.
    pub fn kinds(&self) -> &Arc<[u8]> {
        &self.kinds
    }

    /// A URL of each kind.
    pub fn examples(&self) -> &[UrlId] {
        &self.examples
    }
}

/// The size of the shortest page of an outcome in bytes, where the site's page for what is not there has `own` bytes. The
/// text of a redirection is Apache's.
fn shortest(outcome: Outcome, location: &str, own: u32) -> u32 {
    match outcome {
        Outcome::Success | Outcome::NotFound => own,
        Outcome::ServerError => own / 2,
        Outcome::Forbidden | Outcome::Unauthorized => own / 3,
        Outcome::RedirectPermanent | Outcome::RedirectTemporary => 220 + location.len() as u32,
        Outcome::NotModified | Outcome::NoContent | Outcome::ClientClosed => 0,
        Outcome::Partial => own,
        // These are the sizes of Apache's own pages.
        Outcome::BadRequest => 226,
        Outcome::MethodNotAllowed => 225,
        Outcome::RequestTimeout => 0,
        Outcome::BadGateway => 341,
        Outcome::Unavailable => 299,
        Outcome::TooManyRequests => 94,
        Outcome::GatewayTimeout => 247,
        Outcome::InsufficientStorage => 312,
    }
}

/// By how many bytes the page of a kind is longer than the shortest. The text of a redirection differs by the path that it
/// leads to.
fn longer(outcome: Outcome, kind: u8) -> u32 {
    let longer = (mix(kind.into()) % SPREAD) as u32;
    match outcome {
        Outcome::NotFound => longer,
        Outcome::ServerError => longer / 4,
        Outcome::Forbidden | Outcome::Unauthorized => longer / 8,
        Outcome::RedirectPermanent | Outcome::RedirectTemporary => longer / 16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::config::Config;

    const PAGES: [Outcome; 5] = [
        Outcome::NotFound,
        Outcome::ServerError,
        Outcome::Forbidden,
        Outcome::Unauthorized,
        Outcome::RedirectPermanent,
    ];

    fn sizes(site: &Site, outcome: Outcome) -> HashSet<u32> {
        let pages = ErrorPages::new(site, "https://www.example.com/");
        (0..site.urls().len() as UrlId).map(|url| pages.size(outcome, url)).collect()
    }

    #[test]
    fn the_error_pages_of_an_outcome_have_many_sizes_in_a_small_range() {
        let site = Site::new(&Config::default());
        for outcome in PAGES {
            let sizes = sizes(&site, outcome);
            assert!((25..=64).contains(&sizes.len()), "{outcome:?}: {}", sizes.len());
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            assert!(*most < 2 * least, "{outcome:?}: {least} to {most}");
        }
    }

    #[test]
    fn pages_of_a_kind_have_the_size_of_its_example() {
        let site = Site::new(&Config::default());
        let pages = ErrorPages::new(&site, "https://www.example.com/");
        for (url, kind) in (0..).zip(pages.kinds().iter()) {
            let example = pages.examples()[usize::from(*kind)];
            for outcome in PAGES {
                assert_eq!(pages.size(outcome, url), pages.size(outcome, example));
            }
        }
    }

    #[test]
    fn with_a_profile_what_differs_is_left_to_the_hit() {
        let site = Site::new(&Config::from_yaml("profile: shop").unwrap());
        assert!(PAGES.iter().all(|outcome| sizes(&site, *outcome).len() == 1));
    }
}
