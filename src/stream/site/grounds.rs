//! What lies around the pages of a site: the assets that a browser loads with a page, the files that machines ask for, and the
//! paths that are tried in vain. A site without a profile has none of it.

use std::hint::black_box;

use super::asset::{Asset, AssetKind};
use super::assets::Assets;
use super::attack_plans::{AttackPlan, attack_plans};
use super::broken::Broken;
use super::campaigns::Campaigns;
use super::endpoints::Endpoints;
use super::places::SitePlaces;
use super::probes::Probes;
use super::style::SiteStyle;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::Config;
use crate::config::links::{ADMIN, CART, LOGIN, LOGOUT, PROFILE, is_product, path_of};
use crate::stream::random::{Choice, Random};

/// What a site has besides pages.
#[derive(Debug)]
pub struct Grounds {
    /// What sets the site apart from others.
    pub style: SiteStyle,
    assets: Assets,
    /// The URLs of advertisements.
    pub campaigns: Campaigns,
    /// URLs that have a use of their own.
    pub places: SitePlaces,
    /// What scanners try.
    pub probes: Probes,
    /// Pages that exist, by popularity, as crawlers know them.
    pub pages: Choice<UrlId>,
    /// Paths of pages with a slash too many, and the pages that they lead on to; `None` where no page has a path of its own.
    slashes: Option<Choice<(UrlId, UrlId)>>,
    /// What is broken within the site.
    pub broken: Broken,
    /// Images that other sites show or that search engines list.
    pub images: Choice<UrlId>,
    /// The API, if visitors come who use it.
    endpoints: Option<Endpoints>,
    /// What the attackers of a scenario send, in the order of their events.
    pub attacks: Vec<AttackPlan>,
    /// Whether a URL is a product's page.
    is_product: Box<[bool]>,
}

/// Zipf's exponent for images that are asked for alone.
const IMAGES: f64 = 0.6;

/// Zipf's exponent for paths with a slash too many.
const SLASHES: f64 = 0.6;

/// The power of a page's popularity with which machines ask for it: they see more of the tail than people do.
const FLAT: f64 = 0.75;

impl Grounds {
    /// Adds to `urls`, which hold the site's `pages` with their popularity, what lies around them.
    pub(super) fn new(
        urls: &mut Urls,
        pages: &[(UrlId, f64)],
        config: &Config,
        style: SiteStyle,
    ) -> Self {
        let mut assets = Assets::new(urls, pages, config, style);
        let places = SitePlaces::new(urls, style, config);
        let mut probes = Probes::new(urls);
        let campaigns = Campaigns::new(urls, pages);
        campaigns.pairs().for_each(|(page, url)| assets.share(page, url));
        let mut images = assets.of_kind(AssetKind::Own);
        if images.is_empty() {
            // What searches for images find on a site without pictures.
            images.extend(assets.of_kind(AssetKind::Icon));
        }
        let missing = assets.of_kind(AssetKind::Missing);
        let has_api = config.actors.shares.have_api();
        let endpoints = has_api.then(|| Endpoints::new(urls, &mut assets, config));
        // What robots.txt keeps crawlers from: forms, what is a visitor's own, and results of searches.
        let is_open = |url: &UrlId| {
            let path = path_of(&urls.get(*url).target);
            ![LOGIN, LOGOUT, CART, PROFILE, ADMIN, "/checkout", "/search"].contains(&path)
        };
        let open = pages.iter().filter(|(url, _)| is_open(url)).copied();
        let (mut ids, mut weights): (Vec<UrlId>, Vec<f64>) = open.unzip();
        if ids.is_empty() {
            (ids, weights) = pages.iter().copied().unzip();
        }
        let slashes = slashes(urls, &ids);
        let broken = Broken::new(urls, &ids, missing, config, style);
        probes.add_those_of(&config.actors.bots, urls);
        // Last, so that a scenario changes no number of another URL.
        let attacks = attack_plans(urls, pages, config);
        let flat: Vec<f64> = weights.iter().map(|weight| libm::pow(*weight, FLAT)).collect();
        Self {
            style,
            pages: Choice::among(&ids, &flat),
            images: Choice::zipf(images.len(), IMAGES).map(|rank| images[rank]),
            is_product: urls.iter().map(|url| is_product(&url.target)).collect(),
            slashes,
            broken,
            assets,
            endpoints,
            campaigns,
            places,
            attacks,
            probes,
        }
    }

    /// The API.
    #[inline]
    pub fn endpoints(&self) -> &Endpoints {
        self.endpoints.as_ref().expect("visitors who use the API come to a site that has one")
    }

    /// Whether a URL is a product's page.
    #[inline]
    pub fn is_product(&self, url: UrlId) -> bool {
        self.is_product[url as usize]
    }

    /// A path with a slash too many, and the page that it leads on to.
    #[inline]
    pub fn slash(&self, random: &mut Random) -> Option<(UrlId, UrlId)> {
        self.slashes.as_ref().map(|slashes| slashes.draw(random))
    }

    /// The URL that stands for `url` in a version of the site.
    pub fn in_version(&self, url: UrlId, version: u64) -> UrlId {
        self.assets.in_version(url, version)
    }

    /// Reads the assets of a page that will be asked for, so that they are in the processor's cache by then.
    #[inline]
    pub fn read_ahead(&self, page: UrlId) {
        black_box(self.assets(page).first().map(|asset| asset.url));
    }

    /// The assets of a page.
    #[inline]
    pub fn assets(&self, page: UrlId) -> &[Asset] {
        self.assets.of(page)
    }
}

/// The paths of the pages at the top of the site, with a slash too many, beside these pages.
fn slashes(urls: &mut Urls, pages: &[UrlId]) -> Option<Choice<(UrlId, UrlId)>> {
    let mut pairs = Vec::new();
    for page in pages {
        let target = &*urls.get(*page).target;
        let is_plain = target.rfind('/') == Some(0) && !target.contains(['?', '.']);
        let with_slash = format!("{target}/");
        // What the site has or lacks under that path already stays so.
        if is_plain && target.len() > 1 && urls.id(&with_slash).is_none() {
            pairs.push((urls.intern_sized(&with_slash, 0, BodyKind::Fixed), *page));
        }
    }
    (!pairs.is_empty()).then(|| Choice::zipf(pairs.len(), SLASHES).map(|rank| pairs[rank]))
}
