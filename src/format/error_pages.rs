//! The sizes of answers that are no success. An error page names what was asked for and offers what is like it, so its size
//! differs from target to target. A site without a profile has a few dozen sizes for each outcome, so that tables can hold them
//! all; a profile's site shows pages of its own, nginx's or Apache's.

use std::sync::Arc;

use crate::stream::Hit;
use crate::stream::body::vary;
use crate::stream::random::{hash, mix};
use crate::stream::site::{BodyKind, Grounds, Outcome, Site, TextPacking, UrlId};

/// How many kinds of error pages a site has.
const KINDS: u64 = 64;
/// By how many bytes the pages of two kinds differ at the most.
const SPREAD: u64 = 1_024;

/// Who makes the pages for what is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PageMaker {
    /// The application: they are compressed, and differ as its other pages do.
    Own,
    /// nginx: they say no more than the status, and the server's version, which is so long.
    Nginx(u32),
    /// Apache: they name the path.
    Apache,
}

const MAKERS: [PageMaker; 6] = [
    PageMaker::Own,
    PageMaker::Own,
    PageMaker::Own,
    PageMaker::Nginx(0),
    // `nginx/1.24.0 (Ubuntu)`
    PageMaker::Nginx(16),
    PageMaker::Apache,
];
/// What nginx adds to a page for Chrome, whose own page would take the place of a short one (`msie_padding`).
const PADDING: u32 = 402;

/// The error pages of a site.
#[derive(Debug)]
pub struct ErrorPages {
    maker: PageMaker,
    /// How well the application's pages can be compressed.
    packing: TextPacking,
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
        let bits = |grounds: &Grounds| grounds.style.bits("packing of error pages");
        let bits = site.grounds().map_or(0, bits);
        let of_site = |grounds: &Grounds| grounds.style.one_of("maker of error pages", &MAKERS);
        let maker = site.grounds().map_or(PageMaker::Own, of_site);
        let example = |kind| kinds_of.iter().position(|of| u64::from(*of) == kind).unwrap_or(0);
        Self {
            shortest: Outcome::ALL.map(|outcome| match maker {
                PageMaker::Nginx(version) => of_nginx(outcome, version),
                PageMaker::Own | PageMaker::Apache => shortest(outcome, location, own, maker),
            }),
            maker,
            packing: TextPacking::new(bits, bits),
            examples: (0..kinds).map(|kind| example(kind) as UrlId).collect(),
            kinds: kinds_of,
        }
    }

    /// The size of the page at a URL, bytes.
    #[inline]
    pub fn size(&self, outcome: Outcome, url: UrlId) -> u32 {
        let shortest = self.shortest[outcome as usize];
        match self.maker {
            PageMaker::Own => shortest + longer(outcome, self.kinds[url as usize]),
            PageMaker::Nginx(_) | PageMaker::Apache => shortest,
        }
    }

    /// The size of the page that answers a hit on a `target` of a profile's site, bytes. `is_chrome` says whether the visitor's
    /// program calls itself that.
    #[inline]
    pub fn answer(&self, hit: &Hit, target: &[u8], is_chrome: impl FnOnce() -> bool) -> u32 {
        let size = self.size(hit.outcome, hit.url);
        match (self.maker, hit.outcome) {
            (PageMaker::Own, Outcome::NotFound) => vary(size, BodyKind::Dynamic, self.packing, hit),
            (PageMaker::Apache, Outcome::NotFound) => {
                let end = target.iter().position(|byte| *byte == b'?');
                size + end.unwrap_or(target.len()) as u32
            }
            (PageMaker::Nginx(_), outcome) if is_padded(outcome) && is_chrome() => size + PADDING,
            _ => size,
        }
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

/// Whether nginx adds to the page of an outcome for Chrome: if it is a failure that it tells the visitor of.
fn is_padded(outcome: Outcome) -> bool {
    !matches!(
        outcome,
        Outcome::Success
            | Outcome::Partial
            | Outcome::NoContent
            | Outcome::NotModified
            | Outcome::RedirectPermanent
            | Outcome::RedirectTemporary
            | Outcome::RequestTimeout
            | Outcome::ClientClosed
    )
}

/// The size of nginx's own page of an outcome in bytes: it says the status twice.
fn of_nginx(outcome: Outcome, version: u32) -> u32 {
    let says = match outcome {
        Outcome::Success | Outcome::Partial | Outcome::NotFound => "404 Not Found",
        Outcome::ServerError => "500 Internal Server Error",
        Outcome::Forbidden => "403 Forbidden",
        Outcome::Unauthorized => "401 Authorization Required",
        Outcome::RedirectPermanent => "301 Moved Permanently",
        Outcome::RedirectTemporary => "302 Found",
        Outcome::BadRequest => "400 Bad Request",
        Outcome::MethodNotAllowed => "405 Not Allowed",
        Outcome::BadGateway => "502 Bad Gateway",
        Outcome::Unavailable => "503 Service Temporarily Unavailable",
        Outcome::TooManyRequests => "429 Too Many Requests",
        Outcome::GatewayTimeout => "504 Gateway Time-out",
        Outcome::InsufficientStorage => "507 Insufficient Storage",
        Outcome::NotModified
        | Outcome::NoContent
        | Outcome::ClientClosed
        | Outcome::RequestTimeout => return 0,
    };
    120 + 2 * says.len() as u32 + version
}

/// The size of the shortest page of an outcome in bytes, where the site's page for what is not there has `own` bytes. The
/// text of a redirection is Apache's.
fn shortest(outcome: Outcome, location: &str, own: u32, maker: PageMaker) -> u32 {
    match outcome {
        Outcome::NotFound if maker == PageMaker::Apache => 197,
        Outcome::Forbidden if maker == PageMaker::Apache => 199,
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

    /// The sizes of the answers 404 of the site at a host to many visitors, by the path, of which some have a query and some
    /// visitors call themselves Chrome.
    fn missing(host: &str) -> (PageMaker, HashSet<(usize, u32)>) {
        let yaml = format!("profile: shop\nsite: {{host: {host}}}");
        let site = Site::new(&Config::from_yaml(&yaml).unwrap());
        let pages = ErrorPages::new(&site, "https://www.example.com/");
        let mut hit = Hit { outcome: Outcome::NotFound, ..Hit::at(0) };
        let mut sizes = HashSet::new();
        for (visitor, path) in (0..2_000).zip(["/old", "/older?x=1", "/oldest/page"].iter().cycle())
        {
            (hit.visitor, hit.url) = (visitor, visitor as UrlId % 90);
            let len = path.find('?').unwrap_or(path.len());
            sizes.insert((len, pages.answer(&hit, path.as_bytes(), || visitor % 2 == 0)));
        }
        (pages.maker, sizes)
    }

    #[test]
    fn what_is_not_there_has_the_applications_page_or_that_of_nginx_or_of_apache() {
        let mut makers = HashSet::new();
        for number in 0..12 {
            let (maker, sizes) = missing(&format!("{number}.example.com"));
            let distinct: HashSet<u32> = sizes.iter().map(|(_, size)| *size).collect();
            let (least, most) = (distinct.iter().min().unwrap(), distinct.iter().max().unwrap());
            match maker {
                PageMaker::Own => {
                    makers.insert("own");
                    assert!(distinct.len() > 5 && most - least < 12, "{distinct:?}");
                }
                PageMaker::Nginx(_) => {
                    makers.insert("nginx");
                    assert!(distinct == [*least, least + 402].into() && [146, 162].contains(least));
                }
                PageMaker::Apache => {
                    makers.insert("apache");
                    assert!(sizes.iter().all(|(len, size)| *size == 197 + *len as u32));
                }
            }
        }
        assert_eq!(makers.len(), 3, "{makers:?}");
    }
}
