//! The site: its pages, the URLs that each page can be, how URLs link, what becomes of a request,
//! and how large the answers are. It is the same for every seed and every shard, and knows nothing
//! of visitors or time.

mod build;
mod fate;
mod urls;

pub use fate::{Fates, Outcome};
pub use urls::{Url, UrlId, Urls};

use super::random::{Chance, Choice, Random};
use crate::config::Config;

/// A page of `navigation` or `urls`, or one that every shop has. A page can be many URLs.
pub type PageId = u16;

/// The site of a configuration.
#[derive(Debug)]
pub struct Site {
    urls: Urls,
    pages: Vec<Page>,
    fates: Fates,
    /// The set of pages that a visitor enters by, and goes to from pages without links of their own.
    home: Links,
    /// Where a log-in is sent.
    pub login: (PageId, UrlId),
    /// Where a log-out is sent.
    pub logout: (PageId, UrlId),
    /// The cart.
    pub cart: (PageId, UrlId),
    external_referrers: Choice,
}

/// One page.
#[derive(Debug)]
struct Page {
    /// The URLs that exist, by popularity.
    living: Members,
    /// URLs that never exist, and the chance that a hit goes to one.
    dead: Option<(Chance, Members)>,
    /// Its own links; without, the home set.
    links: Option<Links>,
}

/// URLs and how often each is taken.
#[derive(Debug)]
struct Members {
    urls: Vec<UrlId>,
    choice: Choice,
}

/// Pages and how often each comes next.
#[derive(Debug)]
struct Links {
    pages: Vec<PageId>,
    choice: Choice,
}

/// Popularity of search engines and other sites that link here, most used first. A visitor's
/// browser sends the origin alone (the default `Referrer-Policy: strict-origin-when-cross-origin`).
pub const EXTERNAL_REFERRERS: [&str; 12] = [
    "https://www.google.com/",
    "https://www.bing.com/",
    "https://duckduckgo.com/",
    "https://www.facebook.com/",
    "https://t.co/",
    "https://www.reddit.com/",
    "https://search.yahoo.com/",
    "https://www.linkedin.com/",
    "https://www.instagram.com/",
    "https://www.youtube.com/",
    "https://news.ycombinator.com/",
    "https://www.ecosia.org/",
];

impl Site {
    /// Lays out the site of a configuration.
    pub fn new(config: &Config) -> Self {
        build::site(config)
    }

    /// Every URL, by its id.
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// The page that a visitor enters by.
    pub fn entry(&self, random: &mut Random) -> (PageId, UrlId) {
        self.follow(&self.home, random)
    }

    /// The page that follows `page`.
    #[inline]
    pub fn next(&self, page: PageId, random: &mut Random) -> (PageId, UrlId) {
        let links = self.pages[usize::from(page)].links.as_ref().unwrap_or(&self.home);
        self.follow(links, random)
    }

    #[inline]
    fn follow(&self, links: &Links, random: &mut Random) -> (PageId, UrlId) {
        let id = links.pages[links.choice.draw(random)];
        let page = &self.pages[usize::from(id)];
        let url = match &page.dead {
            Some((chance, dead)) if random.happens(*chance) => dead.draw(random),
            _ => page.living.draw(random),
        };
        (self.urls.get(url).leads_from.unwrap_or(id), url)
    }

    /// What becomes of a hit on `url`: its own fate, unless the server fails or refuses.
    #[inline]
    pub fn outcome(&self, url: UrlId, random: &mut Random) -> Outcome {
        self.fates.outcome(self.urls.get(url).fate, random)
    }

    /// An index into [`EXTERNAL_REFERRERS`].
    pub fn external_referrer(&self, random: &mut Random) -> u32 {
        self.external_referrers.draw(random) as u32
    }
}

impl Members {
    #[inline]
    fn draw(&self, random: &mut Random) -> UrlId {
        match self.urls.as_slice() {
            [only] => *only,
            urls => urls[self.choice.draw(random)],
        }
    }
}

#[cfg(test)]
mod tests;
