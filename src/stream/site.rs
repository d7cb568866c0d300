//! The site: its pages, the URLs of each page, how pages link, what becomes of a request, and how large
//! the answers are. The site is the same for every seed and every shard, and knows nothing of visitors
//! or time.

mod asset;
mod assets;
mod attack_places;
mod attack_plans;
mod broken;
mod build;
mod campaigns;
mod endpoints;
mod external_referrers;
mod fate;
mod grounds;
mod packing;
mod page_assets;
mod pictures;
mod places;
mod probes;
mod results;
mod shared_files;
mod shares;
mod slugs;
mod style;
mod targets;
mod urls;

pub use asset::{Asset, AssetKind};
pub use assets::MOST_ASSETS;
pub use attack_plans::AttackPlan;
pub use campaigns::AdPlace;
pub use endpoints::Endpoints;
pub use external_referrers::{ExternalReferrers, host_of};
pub use fate::{FateId, Fates, Outcome};
pub use grounds::Grounds;
pub use packing::TextPacking;
pub use probes::TriedPath;
pub use urls::{BodyKind, Url, UrlId, Urls};

use results::Results;

use super::random::{Chance, Choice, Random, mix};
use crate::config::Distribution;

/// The index of a set of links: the pages that a visitor can go to next.
pub type LinksId = u16;

/// The set of links by which visitors enter. Pages without links of their own have it too.
pub const HOME: LinksId = 0;

/// The site that a configuration describes.
#[derive(Debug)]
pub struct Site {
    urls: Urls,
    /// For each set of links, the pages that it leads to, as indexes into `pages`.
    links: Vec<Choice<PageId>>,
    pages: Vec<SitePage>,
    fates: Fates,
    /// Where a log-in is sent to. If nothing strikes, the answer leads the visitor elsewhere.
    pub login: Link,
    /// Where a log-out is sent to, which is answered likewise.
    pub logout: Link,
    /// The page that shows the cart.
    pub cart: Link,
    /// The page after an order; `None` if the site has none.
    thank_you: Option<UrlId>,
    results: Results,
    external_referrers: ExternalReferrers,
    /// The fate of each URL, by its id.
    by_url: Vec<FateId>,
    grounds: Option<Grounds>,
    /// Seconds that pages usually take, and by how much each differs.
    answer_times: (Distribution, f64),
}

/// Where a hit goes, with everything that the walk needs to know about it.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The URL requested.
    pub url: UrlId,
    /// The links that a visitor can follow from there.
    pub leads_to: LinksId,
    /// The outcomes that a hit can have.
    pub fate: FateId,
}

/// A page of `navigation` or `urls`, or one that every shop has. A page can have many URLs.
type PageId = u16;

/// The URLs of a page, by whether they exist.
#[derive(Debug)]
struct SitePage {
    /// The URLs that exist, weighted by popularity.
    living: Members,
    /// URLs that never exist, with the chance that a hit goes to one of them.
    dead: Option<(Chance, Members)>,
}

/// URLs and how often each is requested.
#[derive(Debug)]
enum Members {
    One(Link),
    Many(Choice<Link>),
}

/// How many pages are tried as the target of a redirection.
const MOVED: u32 = 32;

impl Site {
    /// Every URL, by its id.
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// How many seconds the application usually takes for a page, and by how much the answers of a page differ: the standard deviation
    /// of the logarithm.
    pub fn answer_times(&self) -> (&Distribution, f64) {
        (&self.answer_times.0, self.answer_times.1)
    }

    /// What lies around the pages; `None` without a profile.
    pub fn grounds(&self) -> Option<&Grounds> {
        self.grounds.as_ref()
    }

    /// What the attackers of a scenario send, in the order of their events.
    pub fn attacks(&self) -> &[AttackPlan] {
        self.grounds.as_ref().map_or(&[], |grounds| &grounds.attacks)
    }

    /// Whether visitors of all kinds come, as a profile has them.
    pub fn has_traffic(&self) -> bool {
        self.grounds.is_some()
    }

    /// Chooses where a visitor goes who follows one of these links.
    // Inlined always: its result stays in registers.
    #[inline(always)]
    pub fn follow(&self, links: LinksId, random: &mut Random) -> Link {
        let page = &self.pages[usize::from(self.links[usize::from(links)].draw(random))];
        match &page.dead {
            Some((chance, dead)) if random.happens(*chance) => dead.draw(random),
            _ => page.living.draw(random),
        }
    }

    /// A link as a visitor on the page `on` can follow it: the second page of results comes after the first.
    #[inline]
    pub fn in_order(&self, link: Link, on: Option<UrlId>) -> Link {
        if !self.results.is_further(link.url) {
            return link;
        }
        let url = self.results.next(link.url, on);
        Link { url, fate: self.by_url[url as usize], ..link }
    }

    /// Whether a visitor comes to a link in a way that depends on the page before it: see [`Site::in_order`] and
    /// [`Site::is_posted_to`].
    #[inline(always)]
    pub fn depends_on_way(link: Link) -> bool {
        link.fate.is_marked()
    }

    /// Whether a visitor on another page of the site comes to a URL by sending a form.
    #[inline]
    pub fn is_posted_to(&self, url: UrlId) -> bool {
        self.thank_you == Some(url)
    }

    /// Where a redirection of a URL leads: to the same other page each time. `None` if visitors enter by no other page.
    pub fn moved_to(&self, url: UrlId) -> Option<Link> {
        let mut own = Random::new(mix(u64::from(url) ^ 0x6d6f_7665));
        let mut pages = (0..MOVED).map(|_| self.in_order(self.follow(HOME, &mut own), None));
        pages.find(|page| page.url != url)
    }

    /// Draws what becomes of a hit: the URL's own fate, unless the server fails or refuses.
    #[inline]
    pub fn outcome(&self, link: Link, random: &mut Random) -> Outcome {
        self.fates.outcome(link.fate, random)
    }

    /// Draws what becomes of a hit on a URL, whatever page led to it.
    #[inline]
    pub fn outcome_of(&self, url: UrlId, random: &mut Random) -> Outcome {
        self.fates.outcome(self.by_url[url as usize], random)
    }

    /// Where visitors come from who come from another site.
    pub fn external_referrers(&self) -> &ExternalReferrers {
        &self.external_referrers
    }

    /// Draws the index of the page of another site that a visitor comes from.
    pub fn external_referrer(&self, random: &mut Random) -> u32 {
        self.external_referrers.draw(random)
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
