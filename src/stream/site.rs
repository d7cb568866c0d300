//! The site: its pages, the URLs that each page can be, how URLs link, what becomes of a request,
//! and how large the answers are. It is the same for every seed and every shard, and knows nothing
//! of visitors or time.

mod build;
mod fate;
mod shares;
mod urls;

pub use fate::{FateId, Fates, Outcome};
pub use urls::{Url, UrlId, Urls};

use super::random::{Chance, Choice, Random};
use crate::config::Config;

/// A set of pages that a visitor can go to next: its place in the table of these.
pub type LinksId = u16;

/// The set of pages that a visitor enters by, and goes to from pages without links of their own.
pub const HOME: LinksId = 0;

/// The site of a configuration.
#[derive(Debug)]
pub struct Site {
    urls: Urls,
    /// For each set of links the pages that it leads to: indexes into `pages`.
    links: Vec<Choice<PageId>>,
    pages: Vec<SitePage>,
    fates: Fates,
    /// Where a log-in is sent.
    pub login: Link,
    /// Where a log-out is sent.
    pub logout: Link,
    /// The cart.
    pub cart: Link,
    external_referrers: Choice,
}

/// Where a hit goes, and all that the walk has to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The URL.
    pub url: UrlId,
    /// The pages that a visitor can go to from there.
    pub leads_to: LinksId,
    /// What can become of a hit.
    pub fate: FateId,
}

/// A page of `navigation` or `urls`, or one that every shop has. A page can be many URLs.
type PageId = u16;

/// One page.
#[derive(Debug)]
struct SitePage {
    /// The URLs that exist, by popularity.
    living: Members,
    /// URLs that never exist, and the chance that a hit goes to one.
    dead: Option<(Chance, Members)>,
}

/// URLs and how often each is taken.
#[derive(Debug)]
enum Members {
    One(Link),
    Many(Choice<Link>),
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

    /// Where a visitor goes who follows one of these links.
    // Inlined always: its result stays in registers.
    #[inline(always)]
    pub fn follow(&self, links: LinksId, random: &mut Random) -> Link {
        let page = &self.pages[usize::from(self.links[usize::from(links)].draw(random))];
        match &page.dead {
            Some((chance, dead)) if random.happens(*chance) => dead.draw(random),
            _ => page.living.draw(random),
        }
    }

    /// What becomes of a hit: the URL's own fate, unless the server fails or refuses.
    #[inline]
    pub fn outcome(&self, link: Link, random: &mut Random) -> Outcome {
        self.fates.outcome(link.fate, random)
    }

    /// An index into [`EXTERNAL_REFERRERS`].
    pub fn external_referrer(&self, random: &mut Random) -> u32 {
        self.external_referrers.draw(random) as u32
    }
}

impl Members {
    #[inline]
    fn draw(&self, random: &mut Random) -> Link {
        match self {
            Self::One(link) => *link,
            Self::Many(choice) => choice.draw(random),
        }
    }
}

#[cfg(test)]
mod tests;
