//! What is broken within a site: a page that has moved and that some pages still link by its old path, a link with a mistake in it,
//! files that pages name and the site does not have, and pages that are gone and that crawlers remember.

use std::collections::{HashMap, HashSet};

use super::asset::{Asset, AssetKind};
use super::fate::Outcome;
use super::style::SiteStyle;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::Config;
use crate::config::links::{home_weights, path_of};
use crate::stream::random::{Choice, Random, mix};

/// The shares of the links that people follow from pages below a directory which lead to the old path of a page, and to none.
const MOVED: f64 = 0.02;
const MISTAKEN: f64 = 0.004;
/// Of pages one level down, one in so many has lost its picture.
const LOST: u64 = 30;

/// What stands before or behind the path of a page that has moved since.
const OLD_PATHS: [(&str, &str); 6] =
    [("", ".html"), ("/en", ""), ("", ".php"), ("/page", ""), ("/pages", ""), ("", "/index.html")];
/// Links that authors and scripts get wrong: an address without its scheme, a value that is missing, a space or a stop too many.
const MISTAKES: [&str; 5] = ["/www.instagram.com/", "/undefined", "/null", "*%20", "*."];
/// Files that the template of a page names and that were never put there, or are there no more.
const UNPLACED: [&str; 6] = [
    "/images/placeholder.png",
    "/js/lightbox.min.js",
    "/img/no-image.jpg",
    "/images/rating-half.svg",
    "/css/print.css",
    "/js/jquery.fancybox.js",
];
/// Where pictures were before.
const OLD_PICTURES: [&str; 4] = ["/images/", "/img/", "/pics/", "/assets/images/"];

/// Where pages with a number were before the site had its present form, and how their paths ended.
const NUMBERED: [(&str, &str); 5] = [
    ("/index.php?id=", ""),
    ("/node/", ""),
    ("/archives/", ""),
    ("/item.php?id=", ""),
    ("/p/", ".html"),
];
/// How many pages that are gone had a number, and how many the name of one that is there; Zipf's exponent of all.
const GONE_NUMBERS: u64 = 60;
const GONE_NAMES: usize = 30;
const GONE: f64 = 0.5;

/// A wrong path in the place of a page's.
#[derive(Debug)]
pub struct WrongLink {
    /// The page that is meant.
    page: UrlId,
    /// What the link says.
    pub url: UrlId,
    /// What becomes of a request for it.
    pub outcome: Outcome,
    /// The pages that have it in the place of the right one.
    from: HashSet<UrlId>,
}

/// What is broken within a site.
#[derive(Debug, Default)]
pub struct Broken {
    links: Vec<WrongLink>,
    /// Pages that are gone.
    gone: Option<Choice<UrlId>>,
    /// What becomes of requests for all that is broken.
    outcomes: HashMap<UrlId, Outcome>,
}

impl Broken {
    /// Adds what is broken to `urls`, which hold all that the site has. `pages` are open to all.
    pub(super) fn new(
        urls: &mut Urls,
        pages: &[UrlId],
        files: Vec<UrlId>,
        config: &Config,
        style: SiteStyle,
    ) -> Self {
        let weights = home_weights(config);
        let all: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let share = |path: &str| {
            let own = weights.iter().find(|(linked, _)| linked == path);
            own.map_or(0.0, |(_, weight)| weight / all)
        };
        let is_plain = |target: &str| {
            target.len() > 1 && target.rfind('/') == Some(0) && !target.contains(['?', '.'])
        };
        let known: Vec<(UrlId, f64, String)> = pages
            .iter()
            .map(|page| (*page, urls.get(*page).target.to_string()))
            .map(|(page, target)| (page, share(&target), target))
            .filter(|(_, share, target)| is_plain(target) && *share >= MOVED)
            .collect();
        let mut broken = Self::default();
        broken.outcomes.extend(files.into_iter().map(|file| (file, Outcome::NotFound)));
        broken.remember(urls, pages, style);
        if known.is_empty() {
            return broken;
        }
        let first = style.below("moved", known.len() as u64) as usize;
        let (before, behind) = style.one_of("old path", &OLD_PATHS);
        let (page, share, path) = &known[first];
        let old = format!("{before}{path}{behind}");
        broken.link(urls, pages, (*page, share / MOVED), (&old, Outcome::RedirectPermanent));
        let (page, share, path) = &known[(first + 1) % known.len()];
        let mistake = style.one_of("mistake", &MISTAKES).replace('*', path);
        broken.link(urls, pages, (*page, share / MISTAKEN), (&mistake, Outcome::NotFound));
        broken
    }

    /// Adds a wrong path, if the site has nothing there; one in so many of the pages below a directory has it.
    fn link(
        &mut self,
        urls: &mut Urls,
        pages: &[UrlId],
        (page, one_in): (UrlId, f64),
        (path, outcome): (&str, Outcome),
    ) {
        if urls.id(path).is_some() {
            return;
        }
        let url = urls.intern_sized(path, 0, BodyKind::Fixed);
        self.outcomes.insert(url, outcome);
        let one_in = (one_in as u64).max(1);
        let has_it = |from: &&UrlId| {
            let target = &*urls.get(**from).target;
            target.matches('/').count() > 1 && (urls.bits(target) >> 24).is_multiple_of(one_in)
        };
        let from: HashSet<UrlId> = pages.iter().filter(has_it).copied().collect();
        self.links.push(WrongLink { page, url, outcome, from });
    }

    /// Adds the pages that are gone.
    fn remember(&mut self, urls: &mut Urls, pages: &[UrlId], style: SiteStyle) {
        let (before, behind) = style.one_of("numbered", &NUMBERED);
        let first = 1 + style.below("first number", 3_000);
        let mut paths: Vec<String> = (0..GONE_NUMBERS)
            .map(|number| format!("{before}{}{behind}", first + mix(number) % 900))
            .collect();
        let is_named =
            |target: &&str| target.matches('/').count() > 1 && !target.contains(['?', '.']);
        let stride = (pages.len() / GONE_NAMES).max(1);
        let named = pages.iter().step_by(stride).map(|page| &*urls.get(*page).target);
        paths.extend(named.filter(is_named).map(|target| format!("{target}.html")));
        paths.retain(|path| urls.id(path).is_none());
        // The names stand among the numbers.
        paths.sort_by_key(|path| urls.bits(path));
        let gone: Vec<UrlId> =
            paths.iter().map(|path| urls.intern_sized(path, 0, BodyKind::Fixed)).collect();
        self.outcomes.extend(gone.iter().map(|url| (*url, Outcome::NotFound)));
        self.gone =
            (!gone.is_empty()).then(|| Choice::zipf(gone.len(), GONE).map(|rank| gone[rank]));
    }

    /// A page that is gone.
    pub fn gone(&self, random: &mut Random) -> Option<UrlId> {
        self.gone.as_ref().map(|gone| gone.draw(random))
    }

    /// The wrong path that a page has in the place of another page's.
    #[inline]
    pub fn link_from(&self, from: UrlId, to: UrlId) -> Option<&WrongLink> {
        self.links.iter().find(|link| link.page == to && link.from.contains(&from))
    }

    /// The page that a path has moved to.
    pub fn moved_to(&self, url: UrlId) -> Option<UrlId> {
        let is_moved =
            |link: &&WrongLink| link.url == url && link.outcome == Outcome::RedirectPermanent;
        self.links.iter().find(is_moved).map(|link| link.page)
    }

    /// What becomes of requests for a URL that is broken.
    pub(super) fn outcome(&self, url: UrlId) -> Option<Outcome> {
        self.outcomes.get(&url).copied()
    }
}

/// The files that pages name and the site does not have.
#[derive(Debug)]
pub struct MissingFiles {
    /// The page whose template is wrong, and what it names.
    template: Option<(UrlId, &'static str)>,
    old_pictures: &'static str,
}

impl MissingFiles {
    /// The files that `pages` name.
    pub(super) fn new(urls: &Urls, pages: &[(UrlId, f64)], style: SiteStyle) -> Self {
        let is_plain = |page: &UrlId| {
            let target = &*urls.get(*page).target;
            target.len() > 1 && target.rfind('/') == Some(0) && !target.contains('?')
        };
        let plain: Vec<UrlId> = pages.iter().map(|(page, _)| *page).filter(is_plain).collect();
        let template = (!plain.is_empty()).then(|| style.one_of("wrong template", &plain));
        Self {
            template: template.map(|page| (page, style.one_of("unplaced", &UNPLACED))),
            old_pictures: style.one_of("old pictures", &OLD_PICTURES),
        }
    }

    /// Appends what a page names in vain.
    pub(super) fn append(&self, page: UrlId, urls: &mut Urls, assets: &mut Vec<Asset>) {
        let target = urls.get(page).target.clone();
        let path = path_of(&target);
        let (parent, name) = path.rsplit_once('/').unwrap_or_default();
        let lost;
        let named = match self.template {
            Some((wrong, named)) if wrong == page => named,
            _ if !parent.is_empty() && urls.bits(path).rotate_right(40).is_multiple_of(LOST) => {
                lost = format!("{}{name}.jpg", self.old_pictures);
                &lost
            }
            _ => return,
        };
        if urls.id(named).is_none_or(|url| assets.iter().all(|asset| asset.url != url)) {
            let url = urls.intern_sized(named, 0, BodyKind::Fixed);
            assets.push(Asset::plain(url, AssetKind::Missing));
        }
    }
}
