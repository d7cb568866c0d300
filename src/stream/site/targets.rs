//! The targets of a page: the URLs that belong to it, with the popularity of each, and those near it that never exist.

use super::slugs::Slugs;
use crate::config::Config;
use crate::config::links::{ANY_PRODUCT, PRODUCTS, PROFILE, path_of};
use crate::stream::random::zipf_weights;

const SEARCH: &str = "/search";

/// The most pages of results that a search has.
pub(super) const RESULT_PAGES: u32 = 5;
/// The most dead links that a page can have.
const MOST_DEAD: u32 = 200;
/// Dead links: what people and old links append to the path of a page that exists.
const DEAD_ENDINGS: [&str; 8] =
    [".html", ".php", "/index.html", "/old", ".htm", "/archive", ".bak", "/2019"];

/// The URLs of a page that exist, each with its popularity.
pub(super) fn members_of(config: &Config, path: &str) -> Vec<(String, f64)> {
    match path {
        PRODUCTS => {
            let mut members = vec![(PRODUCTS.to_owned(), 0.15)];
            let categories = &config.product_categories;
            let ids = categories.iter().map(|id| format!("/products?categoryID={}", encode(id)));
            members.extend(shared(config, 0.35, ids));
            members.extend(shared(config, 0.5, products(config)));
            members
        }
        ANY_PRODUCT => shared(config, 1.0, products(config)).collect(),
        SEARCH => {
            let mut members = vec![(SEARCH.to_owned(), 0.1)];
            for (query, share) in shared(config, 0.9, queries(config)) {
                // Few visitors look at the second page of results, and few of those at the third.
                let depth: Vec<f64> = zipf_weights(RESULT_PAGES as usize, 2.0).collect();
                let sum: f64 = depth.iter().sum();
                members.push((query.clone(), share * depth[0] / sum));
                members.extend((2..=RESULT_PAGES).map(|page| {
                    (format!("{query}&page={page}"), share * depth[page as usize - 1] / sum)
                }));
            }
            members
        }
        PROFILE => {
            let mut members = vec![(PROFILE.to_owned(), 0.4)];
            let tabs = config.profile_tabs.iter();
            let tabs: Vec<_> = tabs.map(|t| format!("/profile?tab={}", encode(t))).collect();
            members.extend(shared(config, 0.6, tabs));
            members
        }
        _ => match path.strip_suffix('*') {
            Some(prefix) => {
                let slugs = Slugs::new(config, prefix, config.site.pages);
                let family = 1..=config.site.pages;
                let family = family.map(|number| format!("{prefix}{}", slugs.of(number)));
                shared(config, 1.0, family.collect::<Vec<_>>()).collect()
            }
            None => vec![(path.to_owned(), 1.0)],
        },
    }
}

/// URLs near a page that never exist: products that are gone, or the page's path with a wrong ending.
pub(super) fn dead_targets(config: &Config, path: &str, product: bool) -> Vec<String> {
    let targets: Vec<String> = if product {
        products_gone(config).collect()
    } else {
        let stem = path_of(path);
        match stem.strip_suffix('*') {
            Some(prefix) => {
                let living = config.site.pages;
                let slugs = Slugs::new(config, prefix, living);
                (1..=MOST_DEAD).map(|n| format!("{prefix}{}", slugs.of(living + n))).collect()
            }
            None => {
                let stem = if stem == "/" { "/home" } else { stem };
                DEAD_ENDINGS.iter().map(|ending| format!("{stem}{ending}")).collect()
            }
        }
    };
    targets
}

/// The products that exist, the most popular first.
fn products(config: &Config) -> impl ExactSizeIterator<Item = String> {
    numbered_products(config, 1, config.site.products)
}

/// Products whose numbers start at `first`, the most popular first. Popularity does not follow the numbers: a step that
/// shares no factor with the count walks through them all.
fn numbered_products(
    config: &Config,
    first: u32,
    count: u32,
) -> impl ExactSizeIterator<Item = String> {
    let gcd = |mut a: u64, mut b: u64| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let total = u64::from(count);
    let step = (total * 618 / 1000..).find(|&step| gcd(step, total) == 1).unwrap_or(1);
    let slugs = Slugs::new(config, "/products/", config.site.products);
    (0..count).map(move |rank| {
        let number = u64::from(first) + (u64::from(rank) * step + 7) % total;
        format!("/products/{}", slugs.of(number as u32))
    })
}

/// Products that never exist: a fifth as many as do exist, but at least 20, numbered after them.
fn products_gone(config: &Config) -> impl ExactSizeIterator<Item = String> {
    let there = config.site.products;
    numbered_products(config, there + 1, (there / 5).max(20))
}

/// Shares out `total` among targets, of which visitors choose each less often than those before it.
pub(super) fn shared<I>(
    config: &Config,
    total: f64,
    targets: I,
) -> impl Iterator<Item = (String, f64)>
where
    I: IntoIterator<Item = String>,
    I::IntoIter: ExactSizeIterator,
{
    let targets = targets.into_iter();
    let weights: Vec<f64> = zipf_weights(targets.len(), config.site.popularity).collect();
    let sum: f64 = weights.iter().sum();
    targets.zip(weights).map(move |(target, weight)| (target, total * weight / sum))
}

/// The first page of results of each query.
pub(super) fn queries(config: &Config) -> Vec<String> {
    config.search_terms.iter().map(|term| format!("{SEARCH}?q={}", encode(term))).collect()
}

/// Encodes a query value as an HTML form does (WHATWG URL, application/x-www-form-urlencoded).
pub(super) fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
