//! What only one page has: its pictures, and the calls that its script makes.

use super::asset::{Asset, AssetKind};
use super::pictures::{Picture, PictureKind, Pictures};
use super::slugs::{Month, Slugs};
use super::style::SiteStyle;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::keys::assets::MOST_FILES;
use crate::config::links::{ANY_PRODUCT, PRODUCTS, is_product, linked, path_of};
use crate::config::{AssetSettings, Config};
use crate::stream::random::{hash, mix, uniform};

/// How many products have pictures of their own; others share them.
const PICTURED: u32 = 20_000;
/// What sets the draws of a page apart from each other.
const SMALL: u64 = 0x736d_616c;
const LARGE: u64 = 0x6c61_7267;
const FILM: u64 = 0x6669_6c6d;
const CALLS: u64 = 0x6361_6c6c;
const REPORTS: u64 = 0x7265_706f;
/// What the large pictures of front pages are called.
const FRONT: [&str; 12] = [
    "hero",
    "banner",
    "home-header",
    "slide-1",
    "welcome",
    "season",
    "teaser",
    "team",
    "cover",
    "start",
    "headline",
    "spotlight",
];

/// Articles: the pages that a `*` stands for, but products.
#[derive(Debug)]
struct Family {
    prefix: String,
    slugs: Slugs,
    /// The hash of the prefix.
    key: u64,
}

/// The assets of the pages of one site.
#[derive(Debug)]
pub struct PageAssets {
    style: SiteStyle,
    pictures: Pictures,
    products: Slugs,
    /// How many products have pictures.
    pictured: u32,
    has_more_products: bool,
    families: Vec<Family>,
    /// How many URLs a family has.
    pages: u32,
    sells: bool,
    settings: AssetSettings,
}

impl PageAssets {
    /// The assets of the pages of a configuration.
    pub fn new(config: &Config, style: SiteStyle) -> Self {
        let linked = linked(config);
        let sells = linked.iter().any(|page| page == PRODUCTS || page == ANY_PRODUCT);
        let prefixes = linked.iter().filter(|page| *page != ANY_PRODUCT);
        let mut prefixes: Vec<&str> = prefixes.filter_map(|page| page.strip_suffix('*')).collect();
        prefixes.sort_unstable();
        let family = |prefix: &str| Family {
            prefix: prefix.to_owned(),
            slugs: Slugs::new(config, prefix, config.site.pages),
            key: hash(prefix),
        };
        Self {
            style,
            pictures: Pictures::new(style, &config.assets),
            products: Slugs::new(config, "/products/", config.site.products),
            pictured: config.site.products.min(PICTURED),
            has_more_products: config.site.products > PICTURED,
            families: prefixes.into_iter().map(family).collect(),
            pages: config.site.pages,
            sells,
            settings: config.assets.clone(),
        }
    }

    /// Appends what only the page of a target has, in the order in which it comes: large pictures last.
    pub fn append(&mut self, target: &str, urls: &mut Urls, assets: &mut Vec<Asset>) {
        let path = path_of(target);
        let bits = urls.bits(target);
        let own = |url| Asset::plain(url, AssetKind::Own);
        let product = is_product(path).then(|| path.rsplit('/').next().unwrap_or_default());
        let settings = &self.settings;
        let small = match (product, path) {
            (Some(_), _) => settings.product_small.whole(mix(bits ^ SMALL), MOST_FILES),
            (None, "/products" | "/search") => {
                self.style.whole("listed", &settings.list_small, MOST_FILES)
            }
            (None, "/") => self.style.whole("shown", &settings.front_small, MOST_FILES),
            _ => 0,
        };
        self.small_ones(small, bits, urls, assets);
        self.calls(product, path, bits, urls, assets);
        match (product, path) {
            (Some(slug), _) => {
                let shared = 1 + (hash(slug) % u64::from(self.pictured)) as u32;
                let stem = if self.has_more_products { &self.products.of(shared) } else { slug };
                let month = self.products.month_of(stem);
                for view in 1..=self.settings.product_large.whole(bits, MOST_FILES) {
                    // Some products have a table of sizes, or show how large they are.
                    let is_drawn = view > 1 && (bits >> 16 ^ view).is_multiple_of(5);
                    let kind = if is_drawn { PictureKind::Drawing } else { PictureKind::Photo };
                    let picture = Picture { stem, month, view, kind };
                    assets.push(own(self.pictures.large(urls, picture)));
                }
            }
            (None, "/") => {
                let first = self.style.below("front", FRONT.len() as u64);
                for number in
                    0..self.style.whole("front pictures", &self.settings.front_large, MOST_FILES)
                {
                    let stem = FRONT[(first + 5 * number) as usize % FRONT.len()];
                    let month = Month::of_late(hash(stem) % 9);
                    let picture = Picture { stem, month, view: 1, kind: PictureKind::Banner };
                    assets.push(own(self.pictures.large(urls, picture)));
                }
            }
            (None, "/products" | "/search") => {}
            _ => self.pictures_of(path, bits, urls, assets),
        }
    }

    /// Appends small pictures of products, or of articles where nothing is sold.
    fn small_ones(&mut self, count: u64, bits: u64, urls: &mut Urls, assets: &mut Vec<Asset>) {
        for place in 0..count {
            // A lower number is shown more often.
            let share = uniform(mix(bits ^ place));
            let url = if self.sells {
                let number = 1 + (f64::from(self.pictured) * libm::pow(share, 1.5)) as u32;
                self.pictures.small(urls, &self.products, 0, number)
            } else if let Some(family) = self.families.first() {
                let number = 1 + (f64::from(self.pages) * libm::pow(share, 1.8)) as u32;
                self.pictures.small(urls, &family.slugs, family.key, number)
            } else {
                return;
            };
            assets.push(Asset::plain(url, AssetKind::Own));
        }
    }

    /// Appends the pictures of a page that is neither of products nor the front page.
    fn pictures_of(&mut self, path: &str, bits: u64, urls: &mut Urls, assets: &mut Vec<Asset>) {
        let own = |url: UrlId| Asset::plain(url, AssetKind::Own);
        let is_of = |family: &&Family| {
            let slug = path.strip_prefix(&*family.prefix);
            slug.is_some_and(|slug| !slug.is_empty() && !slug.contains('/'))
        };
        // What is one of many pages is an article, with figures in its text.
        let article = self.families.iter().find(is_of);
        let name = path.trim_matches('/');
        let name = match article {
            Some(_) => name.rsplit('/').next().unwrap_or_default().to_owned(),
            None => name.replace('/', "-"),
        };
        // Beside an article there are small pictures of others, mostly of those that are read most.
        let others = self.settings.article_small.whole(mix(bits ^ SMALL), MOST_FILES);
        for (other, family) in (0..others).zip(article.iter().cycle()) {
            let share = uniform(mix(bits ^ other));
            let number = 1 + (f64::from(self.pages) * libm::pow(share, 1.8)) as u32;
            let url = self.pictures.small(urls, &family.slugs, family.key, number);
            assets.push(own(url));
        }
        if name.is_empty() {
            return;
        }
        let (month, large) = match article {
            Some(family) => (family.slugs.month_of(&name), &self.settings.article_large),
            None => (Month::of_late(bits % 100), &self.settings.other_large),
        };
        let first = Picture { stem: &name, month, view: 1, kind: PictureKind::Photo };
        for view in 1..=large.whole(mix(bits ^ LARGE), MOST_FILES) {
            // Charts and screenshots stand among the photos.
            let is_drawn = view > 1 && (bits >> 16 ^ view).is_multiple_of(3);
            let kind = if is_drawn { PictureKind::Drawing } else { PictureKind::Photo };
            let picture = Picture { view, kind, ..first };
            assets.push(own(self.pictures.large(urls, picture)));
        }
        if article.is_some() && uniform(mix(bits ^ FILM)) < self.settings.films {
            let film = Picture { kind: PictureKind::Film, ..first };
            assets.push(own(self.pictures.large(urls, film)));
        }
    }

    /// Appends the calls of a page.
    fn calls(
        &self,
        product: Option<&str>,
        path: &str,
        bits: u64,
        urls: &mut Urls,
        assets: &mut Vec<Asset>,
    ) {
        let may_call = path.starts_with("/products") || path == "/cart";
        if may_call && uniform(mix(bits ^ CALLS)) < self.settings.calls {
            let target = match product {
                Some(slug) => {
                    let shown = self.products.shown_in(slug);
                    let number = shown.unwrap_or_else(|| 1_000 + hash(slug) % 900_000);
                    format!("/api/recommendations?product={number}")
                }
                None => "/api/cart".to_owned(),
            };
            let size = self.style.size("call", 1_800.0, 0.4);
            let url = urls.intern_sized(&target, size, BodyKind::Dynamic);
            assets.push(Asset::plain(url, AssetKind::Call));
        }
        if uniform(mix(bits ^ REPORTS)) < self.settings.reports {
            let url = urls.intern_sized("/api/events", 0, BodyKind::Fixed);
            assets.push(Asset::plain(url, AssetKind::Report));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::stream::site::{Outcome, Site};

    fn site(profile: &str, host: &str) -> Site {
        let yaml = format!("profile: {profile}\nsite: {{host: {host}}}");
        Site::new(&Config::from_yaml(&yaml).unwrap())
    }

    /// The files of a page with their sizes.
    fn files(site: &Site, page: &str) -> HashSet<(String, u32)> {
        let urls = site.urls();
        let page = urls.iter().position(|url| &*url.target == page).unwrap() as UrlId;
        let assets = site.grounds().unwrap().assets(page).iter();
        let files =
            assets.filter(|asset| !matches!(asset.kind, AssetKind::Call | AssetKind::Report));
        files.map(|file| urls.get(file.url)).map(|url| (url.target.to_string(), url.size)).collect()
    }

    #[test]
    fn two_sites_have_no_file_of_the_front_page_in_common_and_a_site_keeps_its_own() {
        for profile in ["shop", "content", "personal", "api"] {
            let hosts = ["a.example.com", "b.example.com", "c.example.com", "d.example.com"];
            let sites = hosts.map(|host| files(&site(profile, host), "/"));
            assert_eq!(sites[0], files(&site(profile, hosts[0]), "/"));
            let mut ways: HashSet<String> = HashSet::new();
            for (number, one) in sites.iter().enumerate() {
                for other in &sites[..number] {
                    let both: Vec<_> = one.intersection(other).collect();
                    let icon = |file: &&(String, u32)| file.0 == "/favicon.ico";
                    assert!(both.iter().all(icon), "{profile}: {both:?}");
                }
                let css = one.iter().find(|file| file.0.contains(".css")).unwrap();
                ways.insert(css.0.split('/').nth(1).unwrap().to_owned());
            }
            assert!(ways.len() > 1, "{ways:?}");
        }
        let shop = files(&site("shop", "www.example.com"), "/");
        assert_ne!(shop, files(&site("content", "www.example.com"), "/"));
    }

    #[test]
    fn the_pages_of_a_star_are_slugs_of_its_own_directory_and_have_pictures_of_the_same_name() {
        for (profile, prefix, least) in
            [("shop", "/products/", 5_000), ("content", "/articles/", 1_500)]
        {
            let site = site(profile, "www.example.com");
            let pages: Vec<UrlId> = (0..site.urls().len() as UrlId)
                .filter(|url| site.urls().get(*url).target.starts_with(prefix))
                .collect();
            assert!(pages.len() >= least, "{}", pages.len());
            let (mut named, mut illustrated) = (0, 0);
            for page in pages.iter().copied() {
                let target = &site.urls().get(page).target;
                let slug = path_of(target).strip_prefix(prefix).unwrap();
                assert!(!slug.contains('/'), "{slug}");
                named += usize::from(slug.contains(|letter: char| letter.is_ascii_alphabetic()));
                let files = site.grounds().unwrap().assets(page).iter();
                let has_own = |file: &Asset| site.urls().get(file.url).target.contains(slug);
                illustrated += usize::from(files.filter(|file| has_own(file)).count() > 0);
            }
            assert!(named * 10 > pages.len() * 9, "{named} of {}", pages.len());
            assert!(illustrated > 900, "{illustrated}");
        }
    }

    #[test]
    fn a_url_that_is_named_in_numbers_stays_a_page_of_the_site() {
        let yaml = "profile: shop\nerror_rates: {high_error_pages: {/products/123: 1.0}}";
        let site = Site::new(&Config::from_yaml(yaml).unwrap());
        let mut random = crate::stream::random::Random::new(3);
        let hits: Vec<_> = (0..200_000)
            .map(|_| site.follow(crate::stream::site::HOME, &mut random))
            .filter(|link| &*site.urls().get(link.url).target == "/products/123")
            .collect();
        assert!(hits.len() > 1_000, "{}", hits.len());
        let fails = |link| site.outcome(link, &mut random) == Outcome::ServerError;
        assert!(hits.into_iter().all(fails));
    }
}
