//! The assets of pages: what a browser loads with a page, and what the page's scripts call.

use super::urls::{BodyKind, UrlId, Urls};
use crate::config::{Config, SiteSettings};
use crate::stream::random::{hash, mix, uniform};

/// The most assets that a page has: a session keeps a bit for each that is to come.
pub const MOST_ASSETS: usize = 32;

/// How many products have images of their own; others share them.
const PICTURED: u64 = 20_000;

/// How many names a file has in turn that has another one with each version of the site.
const NAMES: u64 = 32;

/// What kind of asset it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetKind {
    /// A file that all pages share: the stylesheet, the script, the font.
    Shared,
    /// The site's icon, which a browser asks for once.
    Icon,
    /// A file of the page, such as an image.
    Own,
    /// A call that the page's script makes.
    Call,
    /// A report that the page's script sends: a POST.
    Report,
}

/// A file or call that belongs to a page.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its URL.
    pub url: UrlId,
    /// What kind it is.
    pub kind: AssetKind,
    /// The URL that its request names as the referrer; `None` stands for the page.
    pub from: Option<UrlId>,
    /// Whether it has another URL in each version of the site; they follow each other.
    pub has_versions: bool,
}

impl Asset {
    /// Its URL in a version of the site.
    #[inline]
    pub fn url_in(&self, version: u64) -> UrlId {
        if self.has_versions { Self::url_of(self.url, version) } else { self.url }
    }

    /// The URL of a file with versions, whose first one is `url`.
    #[inline]
    pub fn url_of(url: UrlId, version: u64) -> UrlId {
        url + (version % NAMES) as UrlId
    }
}

/// The assets of all pages.
#[derive(Debug)]
pub struct Assets {
    all: Vec<Asset>,
    /// The assets of each URL: a part of `all`. What is no page has none.
    of: Vec<(u32, u8)>,
    /// The first URL of each file with versions.
    versioned: Vec<UrlId>,
}

impl Assets {
    /// Adds the assets of `pages` to `urls`.
    pub(super) fn new(urls: &mut Urls, pages: &[(UrlId, f64)], config: &Config) -> Self {
        let shared = shared_assets(urls, &config.site.host);
        let versioned = shared.iter().filter(|asset| asset.has_versions);
        let versioned = versioned.map(|asset| asset.url).collect();
        let mut assets = Self { all: Vec::new(), of: vec![(0, 0); urls.len()], versioned };
        for &(page, _) in pages {
            let start = assets.all.len();
            assets.all.extend_from_slice(&shared);
            let target = urls.get(page).target.clone();
            own_assets(&target, urls, &config.site, &mut assets.all);
            assets.all.truncate(start + MOST_ASSETS);
            assets.of[page as usize] = (start as u32, (assets.all.len() - start) as u8);
        }
        assets
    }

    /// The URL that stands for `url` in a version of the site.
    pub fn in_version(&self, url: UrlId, version: u64) -> UrlId {
        let is_of = |first: &&UrlId| (**first..**first + NAMES as UrlId).contains(&url);
        self.versioned.iter().find(is_of).map_or(url, |first| Asset::url_of(*first, version))
    }

    /// Gives a page the assets of another one.
    pub(super) fn share(&mut self, of: UrlId, with: UrlId) {
        self.of.resize(self.of.len().max(with as usize + 1), (0, 0));
        self.of[with as usize] = self.of[of as usize];
    }

    /// Gives a URL assets of its own.
    pub(super) fn give(&mut self, to: UrlId, assets: &[Asset]) {
        self.of.resize(self.of.len().max(to as usize + 1), (0, 0));
        self.of[to as usize] = (self.all.len() as u32, assets.len() as u8);
        self.all.extend_from_slice(assets);
    }

    /// The images of pages, each once.
    pub(super) fn images(&self) -> Vec<UrlId> {
        let own = self.all.iter().filter(|asset| asset.kind == AssetKind::Own);
        let mut images: Vec<UrlId> = own.map(|asset| asset.url).collect();
        images.sort_unstable();
        images.dedup();
        images
    }

    /// The assets of a page.
    #[inline]
    pub fn of(&self, page: UrlId) -> &[Asset] {
        let (start, len) = self.of.get(page as usize).copied().unwrap_or_default();
        &self.all[start as usize..][..usize::from(len)]
    }
}

fn shared_assets(urls: &mut Urls, host: &str) -> Vec<Asset> {
    // A file with its content's mark in its name, which changes with each version.
    let mut marked = |name: &str, ending: &str, size: u32| {
        let ids: Vec<UrlId> = (0..NAMES)
            .map(|version| {
                let mark = mix(hash(name) ^ hash(ending) ^ hash(host) ^ version) >> 32;
                let grown = size + (mark % 2_000) as u32;
                let target = format!("/assets/{name}-{mark:08x}.{ending}");
                urls.intern_sized(&target, grown, BodyKind::Text)
            })
            .collect();
        Asset { url: ids[0], kind: AssetKind::Shared, from: None, has_versions: true }
    };
    let css = marked("app", "css", 28_410);
    let script = marked("app", "js", 171_288);
    let mut same = |target: &str, size, body, kind, from| Asset {
        url: urls.intern_sized(target, size, body),
        kind,
        from,
        has_versions: false,
    };
    let (fixed, shared) = (BodyKind::Fixed, AssetKind::Shared);
    let files = [
        same("/assets/fonts/inter-var.woff2", 98_868, fixed, shared, Some(css.url)),
        same("/favicon.ico", 15_086, fixed, AssetKind::Icon, None),
    ];
    [css, script].into_iter().chain(files).collect()
}

/// Appends what only this page has.
fn own_assets(target: &str, urls: &mut Urls, site: &SiteSettings, assets: &mut Vec<Asset>) {
    let products = u64::from(site.products);
    let own = |url| Asset { url, kind: AssetKind::Own, from: None, has_versions: false };
    let path = target.split('?').next().unwrap_or_default();
    let number = path.strip_prefix("/products/").and_then(|number| number.parse::<u64>().ok());
    let bits = hash(target);
    let thumbs = match (number, path) {
        (Some(number), _) => {
            for view in 1..=1 + bits % 3 {
                let image = picture(number % PICTURED, view, "1200");
                assets.push(own(urls.intern_image(&image, 61_000.0)));
            }
            4
        }
        (None, "/products" | "/search") => 9,
        (None, "/") => {
            for name in ["hero", "new"] {
                assets.push(own(urls.intern_image(&format!("/media/{name}.webp"), 150_000.0)));
            }
            6
        }
        _ => {
            pictures_of(path, bits, urls, site, assets);
            0
        }
    };
    for thumb in 0..thumbs {
        // A lower number is shown more often.
        let share = uniform(mix(bits ^ thumb));
        let product = 1 + (products.min(PICTURED) as f64 * libm::pow(share, 1.6)) as u64;
        let image = picture(product, 1, "320");
        assets.push(own(urls.intern_image(&image, 5_600.0)));
    }
    let call = |url, kind| Asset { url, kind, from: None, has_versions: false };
    if path.starts_with("/products") || path == "/cart" {
        let target = match number {
            Some(number) => format!("/api/recommendations?product={number}"),
            None => "/api/cart".to_owned(),
        };
        assets.push(call(urls.intern_sized(&target, 1_840, BodyKind::Dynamic), AssetKind::Call));
    }
    if bits.is_multiple_of(4) {
        assets.push(call(urls.intern_sized("/api/events", 0, BodyKind::Fixed), AssetKind::Report));
    }
}

/// Appends the pictures of a page that is neither of products nor the front page.
fn pictures_of(
    path: &str,
    bits: u64,
    urls: &mut Urls,
    site: &SiteSettings,
    assets: &mut Vec<Asset>,
) {
    let own = |url| Asset { url, kind: AssetKind::Own, from: None, has_versions: false };
    let name = path.trim_matches('/').replace('/', "-");
    // What is one of many pages is an article, with figures in its text.
    let is_article = name.ends_with(|end: char| end.is_ascii_digit());
    let figures = if is_article { bits >> 8 & 0b11 } else { 0 };
    if !bits.is_multiple_of(3) && !name.is_empty() {
        let image = format!("/media/pages/{name}.webp");
        assets.push(own(urls.intern_image(&image, 48_000.0)));
        if is_article && bits >> 12 & 0x1f == 0 {
            let video = format!("/media/pages/{name}.mp4");
            assets.push(own(urls.intern_image(&video, 900_000.0)));
        }
        for figure in 1..=figures {
            let image = format!("/media/pages/{name}-{figure}.webp");
            assets.push(own(urls.intern_image(&image, 96_000.0)));
        }
    }
    // Beside an article there are small pictures of others, mostly of those that are read most.
    let family = name.trim_end_matches(|end: char| end.is_ascii_digit());
    for other in 0..if is_article { 3 } else { 0 } {
        let share = uniform(mix(bits ^ other));
        let number = 1 + (f64::from(site.pages) * libm::pow(share, 1.8)) as u64;
        let image = format!("/media/pages/{family}{number}-320.webp");
        assets.push(own(urls.intern_image(&image, 7_200.0)));
    }
}

/// The path of a product's picture, as shops name them by their content.
fn picture(product: u64, view: u64, width: &str) -> String {
    let mark = mix(product ^ view << 40 ^ 0x6d61_726b);
    format!("/media/{:02x}/{:02x}/{mark:016x}_{width}.webp", mark >> 56, mark >> 48 & 0xff)
}
