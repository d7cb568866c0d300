//! From the configuration's pages to the site: which URLs a page can be, what links where.

use std::collections::{HashMap, HashSet};

use super::fate::{FateId, Fates, Outcome, Strikes};
use super::urls::{UrlId, Urls};
use super::{EXTERNAL_REFERRERS, HOME, Link, LinksId, Members, Page, PageId, Site};
use crate::config::{Config, UrlRule};
use crate::stream::random::{Chance, Choice, zipf_weights};

const LOGIN: &str = "/login";
const LOGOUT: &str = "/logout";
const CART: &str = "/cart";
const CHECKOUT: &str = "/checkout";
const THANK_YOU: &str = "/thank-you";
const PRODUCTS: &str = "/products";
const ANY_PRODUCT: &str = "/products/*";
const SEARCH: &str = "/search";
const PROFILE: &str = "/profile";
const ADMIN: &str = "/admin";

/// Zipf's exponent for what visitors choose among: products, terms, categories.
const POPULARITY: f64 = 0.9;
/// How many pages of results a search has, at most.
const RESULT_PAGES: usize = 5;
/// How many URLs a page `/name/*` has, and how many links to nowhere a page can have.
const FAMILY: usize = 200;
/// Links to nowhere: what people and old links append to a page that is there.
const DEAD_ENDINGS: [&str; 8] =
    [".html", ".php", "/index.html", "/old", ".htm", "/archive", ".bak", "/2019"];
/// Share of the home set that goes to a page which the configuration gives an error rate of its
/// own (/admin, /profile) but no weight.
const HIDDEN_PAGE: f64 = 0.02;

pub(super) fn site(config: &Config) -> Site {
    Builder::new(config).build()
}

struct Builder<'a> {
    config: &'a Config,
    urls: Urls,
    pages: Vec<Draft>,
    /// The path of each page, by its id.
    paths: Vec<String>,
    ids: HashMap<String, PageId>,
    /// The URLs that never exist.
    dead: HashSet<UrlId>,
}

/// A page of which not yet all is known.
struct Draft {
    living: Choice<UrlId>,
    /// URLs that never exist, and the chance that a hit goes to one.
    dead: Option<(Chance, Choice<UrlId>)>,
    /// Its own links; without, the home set.
    links: Option<Choice<PageId>>,
}

impl<'a> Builder<'a> {
    fn new(config: &'a Config) -> Self {
        Self {
            config,
            urls: Urls::default(),
            pages: Vec::new(),
            paths: Vec::new(),
            ids: HashMap::new(),
            dead: HashSet::new(),
        }
    }

    fn build(mut self) -> Site {
        let home = self.home_weights();
        let home = self.links(&home);
        let [login, logout, cart] = [LOGIN, LOGOUT, CART].map(|path| {
            let page = self.page(path);
            (page, self.urls.intern(path))
        });
        // Where products have links of their own, /products leads to them too.
        let linked = |path: &str| matches(path, ANY_PRODUCT);
        if self.config.urls.iter().any(|rule| linked(&rule.path) && !rule.next_pages.is_empty())
            || self.config.navigation.pages.iter().any(|(path, _)| linked(path))
        {
            self.page(ANY_PRODUCT);
        }
        // Following links finds pages, which have links of their own, until none is new.
        let mut next = 0;
        while next < self.pages.len() {
            let path = self.paths[next].clone();
            if let Some(weights) = self.links_from(&path) {
                self.pages[next].links = Some(self.links(&weights));
            }
            next += 1;
        }
        // A page of the configuration that looks like a link to nowhere is there all the same.
        for page in &self.pages {
            for url in page.living.items() {
                self.dead.remove(&url);
            }
        }
        self.finish(home, [login, logout, cart])
    }

    /// The site, now that its pages are complete. `home` is the home set.
    fn finish(mut self, home: Choice<PageId>, [login, logout, cart]: [(PageId, UrlId); 3]) -> Site {
        self.urls.finish();
        let mut fates = Fates::default();
        let by_url: Vec<FateId> = self
            .urls
            .iter()
            .enumerate()
            .map(|(id, url)| {
                let dead = self.dead.contains(&(id as UrlId));
                fates.intern(strikes(self.config, &url.target, dead))
            })
            .collect();
        let mut links = vec![home];
        let by_page: Vec<LinksId> = self
            .pages
            .iter_mut()
            .map(|page| match page.links.take() {
                Some(own) => {
                    links.push(own);
                    (links.len() - 1) as LinksId
                }
                None => HOME,
            })
            .collect();
        let product = self.ids.get(ANY_PRODUCT).copied();
        let link = |page: PageId, url: UrlId| {
            // From a product its own links are followed, whichever page led there.
            let product = product.filter(|_| is_product(&self.urls.get(url).target));
            let leads_to = by_page[usize::from(product.unwrap_or(page))];
            Link { url, leads_to, fate: by_url[url as usize] }
        };
        let members = |page: PageId, urls: &Choice<UrlId>| match urls.items().next() {
            Some(only) if urls.items().len() == 1 => Members::One(link(page, only)),
            _ => Members::Many(urls.map(|url| link(page, url))),
        };
        let page = |(id, page): (PageId, &Draft)| Page {
            living: members(id, &page.living),
            dead: page.dead.as_ref().map(|(chance, dead)| (*chance, members(id, dead))),
        };
        Site {
            pages: (0..).zip(&self.pages).map(page).collect(),
            login: link(login.0, login.1),
            logout: link(logout.0, logout.1),
            cart: link(cart.0, cart.1),
            external_referrers: Choice::zipf(EXTERNAL_REFERRERS.len(), 1.2),
            urls: self.urls,
            links,
            fates,
        }
    }

    /// The home set, with the pages that have an error rate but no weight.
    fn home_weights(&self) -> Vec<(String, f64)> {
        let mut weights = self.config.navigation.home.clone();
        let rates = &self.config.error_rates;
        for (rate, path) in [(rates.forbidden_access, ADMIN), (rates.auth_failure, PROFILE)] {
            let known = |pages: &[(String, f64)]| pages.iter().any(|(page, _)| page == path);
            let linked = known(&weights)
                || self.config.navigation.pages.iter().any(|(_, pages)| known(pages))
                || self.config.urls.iter().any(|rule| known(&rule.next_pages));
            if rate > 0.0 && !linked {
                let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
                weights.push((path.to_owned(), sum * HIDDEN_PAGE));
            }
        }
        weights
    }

    /// The weights of the pages after `path`, where they are not the home set's.
    fn links_from(&self, path: &str) -> Option<Vec<(String, f64)>> {
        let rule = self.config.urls.iter().find(|rule| matches(&rule.path, path));
        if let Some(UrlRule { next_pages, .. }) = rule
            && !next_pages.is_empty()
        {
            return Some(next_pages.clone());
        }
        let own = self.config.navigation.pages.iter().find(|(page, _)| page == path);
        if let Some((_, weights)) = own {
            return Some(weights.clone());
        }
        let beside_home: &[(&str, f64)] = match path.split(['?', '*']).next().unwrap_or(path) {
            PRODUCTS | "/products/" => &[(CART, 0.15), (CHECKOUT, 0.05)],
            CART => &[(CHECKOUT, 0.5)],
            CHECKOUT => &[(THANK_YOU, 0.6)],
            _ => return None,
        };
        let mut weights = self.home_weights();
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let home = 1.0 - beside_home.iter().map(|(_, share)| share).sum::<f64>();
        weights.extend(
            beside_home.iter().map(|(page, share)| ((*page).to_owned(), sum / home * share)),
        );
        Some(weights)
    }

    fn links(&mut self, weights: &[(String, f64)]) -> Choice<PageId> {
        let pages: Vec<PageId> = weights.iter().map(|(path, _)| self.page(path)).collect();
        let weights: Vec<f64> = weights.iter().map(|(_, weight)| *weight).collect();
        Choice::among(&pages, &weights)
    }

    /// The page of a path, new or known.
    fn page(&mut self, path: &str) -> PageId {
        if let Some(&id) = self.ids.get(path) {
            return id;
        }
        let id = self.pages.len() as PageId;
        let living = self.living(path);
        let dead = self.dead(path);
        self.pages.push(Draft { living, dead, links: None });
        self.paths.push(path.to_owned());
        self.ids.insert(path.to_owned(), id);
        id
    }

    fn living(&mut self, path: &str) -> Choice<UrlId> {
        match path {
            PRODUCTS => {
                let mut members = vec![(PRODUCTS.to_owned(), 0.15)];
                let categories = &self.config.product_categories;
                let ids =
                    categories.iter().map(|id| format!("/products?categoryID={}", encode(id)));
                members.extend(shared(0.35, ids));
                members.extend(shared(0.5, products(1, self.config.site.products)));
                self.members(members)
            }
            ANY_PRODUCT => {
                let members = shared(1.0, products(1, self.config.site.products)).collect();
                self.members(members)
            }
            SEARCH => {
                let mut members = vec![(SEARCH.to_owned(), 0.1)];
                let terms = self.config.search_terms.iter();
                let queries: Vec<_> = terms.map(|t| format!("/search?q={}", encode(t))).collect();
                for (query, share) in shared(0.9, queries) {
                    // Few look at the second page of results, and few of these at the third.
                    let depth: Vec<f64> = zipf_weights(RESULT_PAGES, 2.0).collect();
                    let sum: f64 = depth.iter().sum();
                    members.push((query.clone(), share * depth[0] / sum));
                    members.extend((2..=RESULT_PAGES).map(|page| {
                        (format!("{query}&page={page}"), share * depth[page - 1] / sum)
                    }));
                }
                self.members(members)
            }
            PROFILE => {
                let mut members = vec![(PROFILE.to_owned(), 0.4)];
                let tabs = self.config.profile_tabs.iter();
                let tabs: Vec<_> = tabs.map(|t| format!("/profile?tab={}", encode(t))).collect();
                members.extend(shared(0.6, tabs));
                self.members(members)
            }
            _ => match path.strip_suffix('*') {
                Some(prefix) => {
                    let family = (1..=FAMILY).map(|number| format!("{prefix}{number}"));
                    let members = shared(1.0, family.collect::<Vec<_>>()).collect();
                    self.members(members)
                }
                None => self.members(vec![(path.to_owned(), 1.0)]),
            },
        }
    }

    /// The URLs near `path` that never exist, and the share of its hits that goes to them.
    fn dead(&mut self, path: &str) -> Option<(Chance, Choice<UrlId>)> {
        let rule = self.config.urls.iter().find(|rule| matches(&rule.path, path));
        let not_found = rule.map_or(0.0, |rule| rule.not_found / sum(rule));
        let product = path == PRODUCTS || path == ANY_PRODUCT;
        let rate = if product { self.config.error_rates.product_404_rate } else { 0.0 };
        let share = 1.0 - (1.0 - not_found) * (1.0 - rate);
        if share <= 0.0 {
            return None;
        }
        let targets: Vec<String> = if product {
            let products = self.config.site.products;
            products_gone(products).collect()
        } else {
            let stem = path.split('?').next().unwrap_or(path);
            match stem.strip_suffix('*') {
                Some(prefix) => (1..=FAMILY).map(|n| format!("{prefix}{}", FAMILY + n)).collect(),
                None => {
                    let stem = if stem == "/" { "/home" } else { stem };
                    DEAD_ENDINGS.iter().map(|ending| format!("{stem}{ending}")).collect()
                }
            }
        };
        let members = self.members(shared(1.0, targets).collect());
        self.dead.extend(members.items());
        Some((Chance::new(share), members))
    }

    fn members(&mut self, members: Vec<(String, f64)>) -> Choice<UrlId> {
        let urls: Vec<UrlId> = members.iter().map(|(target, _)| self.urls.intern(target)).collect();
        let weights: Vec<f64> = members.iter().map(|(_, weight)| *weight).collect();
        Choice::among(&urls, &weights)
    }
}

/// The products that exist, the most popular first. Their numbers start at `first`, and popularity
/// does not follow the numbers: a step that shares no factor with the count walks through them all.
fn products(first: u32, count: u32) -> impl ExactSizeIterator<Item = String> {
    let gcd = |mut a: u64, mut b: u64| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let total = u64::from(count);
    let step = (total * 618 / 1000..).find(|&step| gcd(step, total) == 1).unwrap_or(1);
    (0..count).map(move |rank| {
        format!("/products/{}", u64::from(first) + (u64::from(rank) * step + 7) % total)
    })
}

/// Products that never exist: a fifth as many as do, numbered behind them.
fn products_gone(products_there: u32) -> impl ExactSizeIterator<Item = String> {
    products(products_there + 1, (products_there / 5).max(20))
}

/// `total` shared out among targets by popularity.
fn shared<I>(total: f64, targets: I) -> impl Iterator<Item = (String, f64)>
where
    I: IntoIterator<Item = String>,
    I::IntoIter: ExactSizeIterator,
{
    let targets = targets.into_iter();
    let weights: Vec<f64> = zipf_weights(targets.len(), POPULARITY).collect();
    let sum: f64 = weights.iter().sum();
    targets.zip(weights).map(move |(target, weight)| (target, total * weight / sum))
}

/// The strikes on the hits of one URL.
fn strikes(config: &Config, target: &str, dead: bool) -> Strikes {
    let rates = &config.error_rates;
    let path = target.split('?').next().unwrap_or(target);
    let high = rates
        .high_error_pages
        .iter()
        .filter(|(page, _)| if page.contains('?') { page == target } else { matches(page, path) });
    let rule = config.urls.iter().find(|rule| {
        if rule.path.contains('?') { rule.path == target } else { matches(&rule.path, path) }
    });
    let failing = rule.map_or(0.0, |rule| {
        // The shares of success and failure among the hits that go to a page that is there.
        rule.system_error / (rule.success + rule.system_error).max(f64::MIN_POSITIVE)
    });
    let spared = high.fold((1.0 - rates.global_500_rate) * (1.0 - failing), |spared, (_, rate)| {
        spared * (1.0 - rate)
    });
    let form = path == LOGIN || path == LOGOUT;
    let on = |page: &str, rate: f64| if path == page { rate } else { 0.0 };
    let redirect = |rate: f64| if form || dead { 0.0 } else { rate };
    Strikes {
        server_error: 1.0 - spared,
        forbidden: on(ADMIN, rates.forbidden_access),
        unauthorized: on(PROFILE, rates.auth_failure),
        redirect_permanent: redirect(rates.redirect_301),
        redirect_temporary: redirect(rates.redirect_302),
        own: if dead { Outcome::NotFound } else { Outcome::Success },
    }
}

/// Whether a URL is that of one product.
fn is_product(target: &str) -> bool {
    target.strip_prefix("/products/").is_some_and(|id| !id.contains(['/', '?']))
}

fn sum(rule: &UrlRule) -> f64 {
    rule.success + rule.not_found + rule.system_error
}

/// Whether a page of the configuration is meant by `pattern`, whose last segment may be `*`.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => {
            path == pattern
                || path
                    .strip_prefix(prefix)
                    .is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
        }
        None => pattern == path,
    }
}

/// A value of a query, encoded as an HTML form does (WHATWG URL, application/x-www-form-urlencoded).
fn encode(value: &str) -> String {
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
