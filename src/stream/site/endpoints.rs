//! What the API of a site offers: the calls that make up the screens of its application, those that change something, and the
//! lists that other companies' programs read from end to end.

use std::collections::HashMap;

use super::asset::{Asset, AssetKind};
use super::assets::Assets;
use super::targets::{encode, queries};
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::Config;
use crate::config::keys::site::PAGE_SIZE;
use crate::stream::random::{Choice, hash, normal, zipf_weights};

/// The API of a site.
#[derive(Debug)]
pub struct Endpoints {
    /// The first call of the application's first screen. The other calls of a screen are its assets.
    pub start: UrlId,
    /// Where the application learns who uses it.
    pub account: UrlId,
    /// Where a token is exchanged for a new one.
    pub token: UrlId,
    /// The first calls of the other screens, by popularity.
    pub screens: Choice<UrlId>,
    /// Items that do not exist any more.
    pub gone: Choice<UrlId>,
    /// What is posted to.
    pub created: Choice<UrlId>,
    /// What is put.
    pub replaced: Choice<UrlId>,
    /// What is deleted.
    pub removed: Choice<UrlId>,
    /// Where orders are posted to.
    pub orders: UrlId,
    /// Of each part of a list, the next one.
    next_parts: HashMap<UrlId, UrlId>,
    /// The parts of the whole catalogue, in their order.
    catalogue: Box<[UrlId]>,
}

/// How many parts of a list the application can ask for.
const LIST_PARTS: u32 = 5;
/// How many items a part of a list has, and one of the catalogue.
const LISTED: u32 = 30;
const EXPORTED: u32 = 500;
/// The most items that have calls of their own.
const MOST_ITEMS: u32 = 20_000;
/// Primes, of which no count up to [`MOST_ITEMS`] is a multiple of both.
const STEPS: [u32; 2] = [7_919, 7_907];
/// How many bytes an answer about an item has usually, compressed.
const ITEM: f64 = 1_900.0;
/// How many lines of carts, and favourites, have a URL.
const NUMBERED: u32 = 400;

impl Endpoints {
    /// Adds the API to `urls`, and the further calls of its screens to `assets`.
    pub(super) fn new(urls: &mut Urls, assets: &mut Assets, config: &Config) -> Self {
        let mut api = Api { urls, assets, config, screens: Vec::new() };
        let start = api.start();
        let next_parts = api.lists();
        api.searches();
        let items = config.site.products.min(MOST_ITEMS);
        api.items(items);
        api.account();
        let gone = (1..=(items / 5).max(20)).map(|number| format!("/v1/items/{}", items + number));
        let (cart, favourites) = ("/v1/cart/items", "/v1/me/favourites");
        let created = [cart, favourites].map(str::to_owned);
        Self {
            start,
            next_parts,
            account: api.call("/v1/me", 640.0),
            token: api.call("/v1/auth/token", 910.0),
            gone: api.choice(gone, 0.0),
            created: api.choice(created, 520.0),
            replaced: api.choice(numbered(cart), 640.0),
            removed: api.choice(numbered(cart).chain(numbered(favourites)), 0.0),
            orders: api.call("/v1/orders", 780.0),
            catalogue: api.catalogue(items),
            screens: {
                let (ids, weights): (Vec<UrlId>, Vec<f64>) = api.screens.into_iter().unzip();
                Choice::among(&ids, &weights)
            },
        }
    }

    /// The next part of a list; `None` if the URL is none that has one.
    pub fn next_part(&self, url: UrlId) -> Option<UrlId> {
        self.next_parts.get(&url).copied()
    }

    /// A part of the catalogue. Behind the last part, the first comes again.
    pub fn part(&self, number: u32) -> UrlId {
        self.catalogue[number as usize % self.catalogue.len()]
    }
}

/// An API under construction.
struct Api<'a> {
    urls: &'a mut Urls,
    assets: &'a mut Assets,
    config: &'a Config,
    /// The first calls of screens, with their weights.
    screens: Vec<(UrlId, f64)>,
}

impl Api<'_> {
    /// The screen that the application opens with: its first call.
    fn start(&mut self) -> UrlId {
        let others =
            [("/v1/me", 640.0), ("/v1/feed?limit=20", 6_900.0), ("/v1/notifications/unread", 58.0)];
        self.screen(("/v1/config", 3_180.0), &others)
    }

    /// The lists of the categories. Returns for each part of one the next part.
    fn lists(&mut self) -> HashMap<UrlId, UrlId> {
        let mut next_parts = HashMap::new();
        for (category, weight) in self.config.product_categories.iter().zip(zipf(self.config)) {
            let list = format!("/v1/items?category={}&limit={LISTED}", encode(category));
            let offsets = (0..LIST_PARTS).map(|part| part * LISTED);
            let parts: Vec<UrlId> = offsets
                .map(|offset| self.call(&format!("{list}&offset={offset}"), 8_400.0))
                .collect();
            self.screens.push((parts[0], 0.9 * weight));
            next_parts.extend(parts.windows(2).map(|two| (two[0], two[1])));
        }
        next_parts
    }

    fn searches(&mut self) {
        for (query, weight) in queries(self.config).into_iter().zip(zipf(self.config)) {
            let suggestions = format!("/v1/suggestions{}", query.trim_start_matches("/search"));
            let results = format!("/v1{query}&limit=20");
            let url = self.screen((&results, 5_200.0), &[(&suggestions, 310.0)]);
            self.screens.push((url, 0.35 * weight));
        }
    }

    fn items(&mut self, count: u32) {
        // Popularity does not follow the numbers. The step, a prime, shares no factor with the count, so it walks through all.
        let step = if count.is_multiple_of(STEPS[0]) { STEPS[1] } else { STEPS[0] };
        for (rank, weight) in (0..count).zip(zipf(self.config)) {
            let number = 1 + (u64::from(rank) * u64::from(step) + 11) % u64::from(count);
            let item = format!("/v1/items/{number}");
            let reviews = format!("{item}/reviews?limit=3");
            let related = format!("{item}/related");
            let url = self.screen((&item, ITEM), &[(&reviews, 880.0), (&related, 2_600.0)]);
            self.screens.push((url, 1.6 * weight));
        }
    }

    fn account(&mut self) {
        let shipping = [("/v1/cart/shipping", 420.0), ("/v1/vouchers", 190.0)];
        let cart = self.screen(("/v1/cart", 1_240.0), &shipping);
        self.screens.push((cart, 2.2));
        for (path, size, weight) in [
            ("/v1/me/orders?limit=10", 4_100.0, 0.8),
            ("/v1/me/favourites", 2_700.0, 1.1),
            ("/v1/feed?limit=20&refresh=1", 6_900.0, 1.8),
        ] {
            let screen = self.screen((path, size), &[]);
            self.screens.push((screen, weight));
        }
    }

    /// The parts of the whole catalogue.
    fn catalogue(&mut self, items: u32) -> Box<[UrlId]> {
        let part = |offset| format!("/v1/export/items?limit={EXPORTED}&offset={offset}");
        let offsets = (0..items.div_ceil(EXPORTED)).map(|part| part * EXPORTED);
        offsets.map(|offset| self.call(&part(offset), 61_000.0)).collect()
    }

    /// The URL of a call whose answer has around `median` bytes, compressed, where that about an item has [`ITEM`].
    fn call(&mut self, target: &str, median: f64) -> UrlId {
        let of_item = self.config.site.call_size.at(normal(self.urls.bits(target)));
        let size = median / ITEM * of_item.clamp(PAGE_SIZE.low, PAGE_SIZE.high);
        self.urls.intern_sized(target, size as u32, BodyKind::Dynamic)
    }

    /// A screen: its first call, after which it makes the others. One in four reports that it was seen.
    fn screen(&mut self, first: (&str, f64), others: &[(&str, f64)]) -> UrlId {
        let url = self.call(first.0, first.1);
        let mut calls: Vec<Asset> = others
            .iter()
            .map(|(target, median)| Asset::plain(self.call(target, *median), AssetKind::Call))
            .collect();
        if hash(first.0).is_multiple_of(4) {
            calls.push(Asset::plain(self.call("/v1/events", 0.0), AssetKind::Report));
        }
        self.assets.give(url, &calls);
        url
    }

    /// A choice among URLs, the first of which is the most frequent.
    fn choice(&mut self, targets: impl IntoIterator<Item = String>, median: f64) -> Choice<UrlId> {
        let urls: Vec<UrlId> =
            targets.into_iter().map(|target| self.call(&target, median)).collect();
        let weights: Vec<f64> = zipf_weights(urls.len(), 0.4).collect();
        Choice::among(&urls, &weights)
    }
}

/// URLs of the things that belong to a path.
fn numbered(path: &'static str) -> impl Iterator<Item = String> {
    (1..=NUMBERED).map(move |number| format!("{path}/{number}"))
}

/// Weights of what visitors choose among.
fn zipf(config: &Config) -> impl Iterator<Item = f64> {
    zipf_weights(100_000, config.site.popularity)
}
