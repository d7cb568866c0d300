//! The site: its pages, the URLs of each page, how pages link, what becomes of a request, and how large
//! the answers are. The site is the same for every seed and every shard, and knows nothing of visitors
//! or time.

mod asset;
mod assets;
mod attack_places;
mod attack_plans;
mod build;
mod campaigns;
mod endpoints;
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
pub use fate::{FateId, Fates, Outcome};
pub use grounds::Grounds;
pub use packing::TextPacking;
pub use probes::{ProbeList, TriedPath};
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
    external_referrers: Choice,
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

/// The search engines and other sites that link here, the most used first. A visitor's browser sends
/// only the origin (the default `Referrer-Policy: strict-origin-when-cross-origin`).
pub const EXTERNAL_REFERRERS: [&str; 84] = [
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
    "https://checkout.stripe.com/",
    "android-app://com.google.android.googlequicksearchbox/",
    "https://www.pinterest.com/",
    "https://l.instagram.com/",
    "https://lm.facebook.com/",
    "https://l.facebook.com/",
    "https://m.facebook.com/",
    "https://chatgpt.com/",
    "https://search.brave.com/",
    "https://www.startpage.com/",
    "https://www.google.de/",
    "https://www.google.co.uk/",
    "https://outlook.live.com/",
    "https://mail.google.com/",
    "https://news.google.com/",
    "https://yandex.ru/",
    "https://www.perplexity.ai/",
    "https://en.wikipedia.org/",
    "https://github.com/",
    "https://www.trustpilot.com/",
    "https://www.idealo.de/",
    "https://shopping.google.com/",
    "https://www.mydealz.de/",
    "https://www.quora.com/",
    "https://www.google.fr/",
    "https://www.google.it/",
    "https://www.google.es/",
    "https://www.google.nl/",
    "https://www.google.pl/",
    "https://www.google.com.br/",
    "https://www.google.ca/",
    "https://www.google.co.in/",
    "https://www.google.com.au/",
    "https://www.google.at/",
    "https://www.google.ch/",
    "https://www.google.be/",
    "https://www.google.se/",
    "https://www.google.dk/",
    "https://www.google.cz/",
    "https://www.google.pt/",
    "https://www.google.ie/",
    "https://www.google.no/",
    "https://www.google.fi/",
    "https://www.google.gr/",
    "https://www.google.hu/",
    "https://www.google.ro/",
    "https://www.google.co.jp/",
    "https://www.google.com.mx/",
    "https://www.google.com.tr/",
    "https://www.tiktok.com/",
    "https://out.reddit.com/",
    "https://old.reddit.com/",
    "https://bsky.app/",
    "https://www.threads.net/",
    "https://web.telegram.org/",
    "https://web.whatsapp.com/",
    "https://teams.microsoft.com/",
    "https://gemini.google.com/",
    "https://copilot.microsoft.com/",
    "https://claude.ai/",
    "https://kagi.com/",
    "https://www.qwant.com/",
    "https://html.duckduckgo.com/",
    "https://medium.com/",
    "https://stackoverflow.com/",
    "https://www.xing.com/",
    "https://mail.yahoo.com/",
    "https://feedly.com/",
    "https://flipboard.com/",
    "https://mastodon.social/",
    "https://lobste.rs/",
    "https://www.baidu.com/",
];

/// How many pages are tried as the target of a redirection.
const MOVED: u32 = 32;
/// How many of [`EXTERNAL_REFERRERS`] a site without a profile has.
const GUIDES: usize = 12;
/// Those that advertisements beside search results, in networks and in mails come from.
const OF_SEARCH: [u32; 4] = [0, 0, 0, 13];
const OF_NETWORKS: [u32; 5] = [16, 17, 15, 18, 3];
const OF_MAILS: [u32; 2] = [25, 24];
/// Mails that are read in a browser: of this many, one.
const MAILS: u64 = 3;
/// The index of the payment provider. No link leads from there to the site.
const PAYMENT_PROVIDER: u32 = 12;

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

    /// The index in [`EXTERNAL_REFERRERS`] of the provider of payments.
    pub fn payment_provider(&self) -> u32 {
        PAYMENT_PROVIDER
    }

    /// Draws the index in [`EXTERNAL_REFERRERS`] of where an advertisement stands; a program for mails names none.
    pub fn referrer_of(&self, place: AdPlace, random: &mut Random) -> Option<u32> {
        let among: &[u32] = match place {
            AdPlace::Search => &OF_SEARCH,
            AdPlace::Network => &OF_NETWORKS,
            AdPlace::Mail if random.below(MAILS) > 0 => return None,
            AdPlace::Mail => &OF_MAILS,
        };
        Some(among[random.below(among.len() as u64) as usize])
    }

    /// Draws an index into [`EXTERNAL_REFERRERS`].
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
