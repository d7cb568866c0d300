//! Builds the site from the pages of a configuration: which URLs a page has, and which pages link where.

use std::collections::{HashMap, HashSet};

use super::broken::Broken;
use super::external_referrers::ExternalReferrers;
use super::fate::{FateId, Fates, Outcome, Strikes};
use super::grounds::Grounds;
use super::results::Results;
use super::shares::{self, ShareGroup};
use super::style::SiteStyle;
use super::targets::{dead_targets, members_of, shared};
use super::urls::{UrlId, Urls};
use super::{HOME, Link, LinksId, Members, PageId, Site, SitePage};
use crate::config::links::{
    ADMIN, ANY_PRODUCT, CART, LOGIN, LOGOUT, PRODUCTS, PROFILE, THANK_YOU, home_weights,
    is_product, links_from, matches, path_of, products_have_links, reached, takes_in,
};
use crate::config::{Config, Shares};
use crate::stream::random::{Chance, Choice, zipf_weights};

/// The share of a page's hits that go to a URL which belongs to the page only because the configuration names it:
/// what one product category had in earlier versions, in which 20 of them shared 70 % of the hits.
const NAMED: f64 = 0.035;
/// The most that all such URLs of a page have together.
const ALL_NAMED: f64 = 0.5;

impl Site {
    /// Builds the site that a configuration describes.
    pub fn new(config: &Config) -> Self {
        Builder::new(config).build()
    }
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
    /// Those of `dead` that only pages with shares of their own lead to.
    governed: HashSet<UrlId>,
    /// Those of `dead` that `urls` declares to be missing.
    gone: HashSet<UrlId>,
    /// The URLs that `urls` and `high_error_pages` name and that are not pages themselves.
    named: Vec<&'a str>,
}

/// A page under construction.
struct Draft {
    living: Choice<UrlId>,
    /// URLs that never exist, with the chance that a hit goes to one of them.
    dead: Option<(Chance, Choice<UrlId>)>,
    /// The page's own links; `None` stands for the home set.
    links: Option<Choice<PageId>>,
}

impl<'a> Builder<'a> {
    fn new(config: &'a Config) -> Self {
        let pages = reached(config);
        let urls = config.urls.iter().map(|rule| &rule.path);
        let high = config.error_rates.high_error_pages.iter().map(|(page, _)| page);
        let is_url = |named: &&String| !path_of(named).contains('*') && !pages.contains(*named);
        let named = urls.chain(high).filter(is_url).map(String::as_str).collect();
        Self {
            config,
            governed: HashSet::new(),
            gone: HashSet::new(),
            named,
            urls: Urls::new(config),
            pages: Vec::new(),
            paths: Vec::new(),
            ids: HashMap::new(),
            dead: HashSet::new(),
        }
    }

    fn build(mut self) -> Site {
        let home = home_weights(self.config);
        let home = self.links(&home);
        let [login, logout, cart] = [LOGIN, LOGOUT, CART].map(|path| self.place(path));
        if products_have_links(self.config) {
            self.page(ANY_PRODUCT);
        }
        // Following links finds pages with links of their own, so go on until no page is new.
        let mut next = 0;
        while next < self.pages.len() {
            let path = self.paths[next].clone();
            if let Some(weights) = links_from(self.config, &path) {
                self.pages[next].links = Some(self.links(&weights));
            }
            next += 1;
        }
        // A page of the configuration exists even if it looks like a dead link.
        for page in &self.pages {
            for url in page.living.items().filter(|url| !self.gone.contains(url)) {
                self.dead.remove(&url);
            }
        }
        self.finish(home, [login, logout, cart])
    }

    /// Completes the site once all pages are known. `home` is the home set of links.
    fn finish(mut self, home: Choice<PageId>, [login, logout, cart]: [(PageId, UrlId); 3]) -> Site {
        let grounds = SiteStyle::of(self.config).map(|style| self.grounds(&home, style));
        let results = Results::among(&self.urls, self.config);
        let thank_you = self.urls.id(THANK_YOU);
        self.urls.finish();
        let mut fates = Fates::default();
        let broken = grounds.as_ref().map(|grounds| &grounds.broken);
        let by_url = self.fates_by_url(&mut fates, broken);
        let by_page_and_url = self.fates_by_page(&mut fates);
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
            // From a product, visitors follow the product's own links, whichever page led there.
            let product = product.filter(|_| is_product(&self.urls.get(url).target));
            let leads_to = by_page[usize::from(product.unwrap_or(page))];
            let fate = by_page_and_url.get(&(page, url)).copied().unwrap_or(by_url[url as usize]);
            let depends_on_way = results.is_further(url) || thank_you == Some(url);
            Link { url, leads_to, fate: if depends_on_way { fate.marked() } else { fate } }
        };
        let members = |page: PageId, urls: &Choice<UrlId>| match urls.items().next() {
            Some(only) if urls.items().len() == 1 => Members::One(link(page, only)),
            _ => Members::Many(urls.map(|url| link(page, url))),
        };
        let page = |(id, page): (PageId, &Draft)| SitePage {
            living: members(id, &page.living),
            dead: page.dead.as_ref().map(|(chance, dead)| (*chance, members(id, dead))),
        };
        let pages = (0..).zip(&self.pages).map(page).collect();
        let form = |(page, url): (PageId, UrlId), fates: &mut Fates| {
            let link = link(page, url);
            Link { fate: fates.of_form(link.fate), ..link }
        };
        let answers = &self.config.site;
        let cart = link(cart.0, cart.1);
        let [login, logout] = [login, logout].map(|place| form(place, &mut fates));
        Site {
            pages,
            login,
            logout,
            cart,
            thank_you,
            results,
            external_referrers: ExternalReferrers::new(self.config),
            grounds,
            by_url,
            urls: self.urls,
            links,
            fates,
            answer_times: (answers.answer_time.clone(), answers.answer_variation),
        }
    }

    /// What lies around the pages. The popularity of a page is that among those linked from home.
    fn grounds(&mut self, home: &Choice<PageId>, style: SiteStyle) -> Grounds {
        let mut weights: HashMap<UrlId, f64> = HashMap::new();
        for (id, page) in (0..).zip(&self.pages) {
            let of_page = if home.items().any(|at_home| at_home == id) { 1.0 } else { 0.3 };
            let urls: Vec<UrlId> = page.living.items().collect();
            let each = zipf_weights(urls.len(), self.config.site.popularity);
            for (url, weight) in urls.iter().zip(each) {
                *weights.entry(*url).or_default() += of_page * weight;
            }
        }
        let mut pages: Vec<(UrlId, f64)> =
            weights.into_iter().filter(|(url, _)| !self.dead.contains(url)).collect();
        pages.sort_unstable_by_key(|(url, _)| *url);
        self.urls.become_pages();
        Grounds::new(&mut self.urls, &pages, self.config, style)
    }

    /// The fate of each URL, by its id.
    fn fates_by_url(&self, fates: &mut Fates, broken: Option<&Broken>) -> Vec<FateId> {
        let fate = |(id, url): (usize, &super::Url)| {
            let id = id as UrlId;
            if let Some(outcome) = broken.and_then(|broken| broken.outcome(id)) {
                return fates.intern(Strikes::none(outcome));
            }
            let shares = shares::of_url(self.config, &url.target);
            fates.intern(match self.dead.contains(&id) {
                true if self.governed.contains(&id) => Strikes::none(Outcome::NotFound),
                dead => strikes(self.config, &url.target, dead, shares),
            })
        };
        self.urls.iter().enumerate().map(fate).collect()
    }

    /// The fate of a URL when it is reached by a page that has shares of its own.
    fn fates_by_page(&self, fates: &mut Fates) -> HashMap<(PageId, UrlId), FateId> {
        let mut by_page = HashMap::new();
        for (id, page) in (0..).zip(&self.pages) {
            let Some(shares) = shares::of_page(self.config, &self.paths[usize::from(id)]) else {
                continue;
            };
            for url in page.living.items() {
                let target = &self.urls.get(url).target;
                if shares::of_url(self.config, target).is_none() {
                    let fate = fates.intern(strikes(self.config, target, false, Some(shares)));
                    by_page.insert((id, url), fate);
                }
            }
        }
        by_page
    }

    /// The page at a path with the URL of that path.
    fn place(&mut self, path: &str) -> (PageId, UrlId) {
        let page = self.page(path);
        (page, self.urls.intern(path))
    }

    fn links(&mut self, weights: &[(String, f64)]) -> Choice<PageId> {
        let pages: Vec<PageId> = weights.iter().map(|(path, _)| self.page(path)).collect();
        let weights: Vec<f64> = weights.iter().map(|(_, weight)| *weight).collect();
        Choice::among(&pages, &weights)
    }

    /// The id of the page at a path; makes the page if it is new.
    fn page(&mut self, path: &str) -> PageId {
        if let Some(&id) = self.ids.get(path) {
            return id;
        }
        let id = self.pages.len() as PageId;
        let mut members = members_of(self.config, path);
        self.take_in_named(path, &mut members);
        let (living, dead) = self.shared_out(path, members);
        self.pages.push(Draft { living, dead, links: None });
        self.paths.push(path.to_owned());
        self.ids.insert(path.to_owned(), id);
        id
    }

    /// Adds the URLs that belong to a page because the configuration names them; the other URLs give up
    /// their share.
    fn take_in_named(&self, path: &str, members: &mut Vec<(String, f64)>) {
        let mut new: Vec<&str> =
            self.named.iter().copied().filter(|named| takes_in(path, named)).collect();
        if new.is_empty() {
            return;
        }
        let known: HashSet<&str> = members.iter().map(|(target, _)| target.as_str()).collect();
        new.retain(|named| !known.contains(named));
        new.sort_unstable();
        new.dedup();
        let total = (new.len() as f64 * NAMED).min(ALL_NAMED);
        let others: f64 = members.iter().map(|(_, weight)| weight).sum();
        let each = others * total / (1.0 - total) / new.len() as f64;
        members.extend(new.into_iter().map(|named| (named.to_owned(), each)));
    }

    /// Splits a page's URLs: those that exist, and those that do not with the share of hits that go to them.
    fn shared_out(
        &mut self,
        path: &str,
        members: Vec<(String, f64)>,
    ) -> (Choice<UrlId>, Option<(Chance, Choice<UrlId>)>) {
        let any = self.config.urls.iter().any(|rule| rule.shares.is_some());
        let groups = if any { shares::groups(self.config, path, &members) } else { Vec::new() };
        if groups.iter().any(|group| group.shares.is_some()) {
            return self.governed(path, members, &groups);
        }
        let living = self.members(members);
        let product = path == PRODUCTS || path == ANY_PRODUCT;
        let rate = if product { self.config.error_rates.product_404_rate } else { 0.0 };
        if rate <= 0.0 {
            return (living, None);
        }
        let dead =
            self.members(shared(self.config, 1.0, dead_targets(self.config, path, true)).collect());
        self.dead.extend(dead.items());
        // The rounding must stay: every stream depends on it.
        (living, Some((Chance::new(1.0 - (1.0 - rate)), dead)))
    }

    /// [`Builder::shared_out`] for a page where shares govern some of the URLs. Each group keeps its
    /// part of the page's hits and has its own share of missing URLs.
    fn governed(
        &mut self,
        path: &str,
        mut members: Vec<(String, f64)>,
        groups: &[ShareGroup<'_>],
    ) -> (Choice<UrlId>, Option<(Chance, Choice<UrlId>)>) {
        let total: f64 = members.iter().map(|(_, weight)| weight).sum();
        let (mut missing, mut dead) = (0.0, Vec::new());
        let all_missing =
            groups.iter().all(|group| group.shares.is_some_and(|shares| shares.missing() >= 1.0));
        for group in groups {
            let weight: f64 = group.members.iter().map(|&place| members[place].1).sum();
            let product = group.members.iter().any(|&place| is_product(&members[place].0));
            let share = match group.shares {
                Some(shares) => shares.missing(),
                None if product => self.config.error_rates.product_404_rate,
                None => 0.0,
            };
            if share <= 0.0 {
                continue;
            }
            let part = weight * share / total;
            missing += part;
            let first = dead.len();
            if share < 1.0 {
                dead.extend(shared(self.config, part, dead_targets(self.config, path, product)));
            } else {
                dead.extend(group.members.iter().map(|&place| members[place].clone()));
            }
            if group.shares.is_some() {
                for (target, _) in &dead[first..] {
                    let url = self.urls.intern(target);
                    self.governed.insert(url);
                    if share >= 1.0 {
                        self.gone.insert(url);
                    }
                }
            }
            // If no URL exists, the weights do not matter, but a choice needs one above 0.
            for &place in group.members.iter().filter(|_| !all_missing) {
                members[place].1 *= 1.0 - share;
            }
        }
        let living = self.members(members);
        if dead.is_empty() {
            return (living, None);
        }
        let dead = self.members(dead);
        self.dead.extend(dead.items());
        (living, Some((Chance::new(missing), dead)))
    }

    fn members(&mut self, members: Vec<(String, f64)>) -> Choice<UrlId> {
        let urls: Vec<UrlId> = members.iter().map(|(target, _)| self.urls.intern(target)).collect();
        let weights: Vec<f64> = members.iter().map(|(_, weight)| *weight).collect();
        Choice::among(&urls, &weights)
    }
}

/// The strikes on the hits of one URL, from its own shares or from `error_rates`.
fn strikes(config: &Config, target: &str, dead: bool, shares: Option<&Shares>) -> Strikes {
    let rates = &config.error_rates;
    let path = path_of(target);
    let high = rates
        .high_error_pages
        .iter()
        .filter(|(page, _)| if page.contains('?') { page == target } else { matches(page, path) });
    let failing = shares.map_or(rates.global_500_rate, Shares::failing);
    let spared = high.fold(1.0 - failing, |spared, (_, rate)| spared * (1.0 - rate));
    let own = if dead { Outcome::NotFound } else { Outcome::Success };
    let server_error = 1.0 - spared;
    if shares.is_some() {
        return Strikes { server_error, ..Strikes::none(own) };
    }
    let form = path == LOGIN || path == LOGOUT;
    let on = |page: &str, rate: f64| if path == page { rate } else { 0.0 };
    let redirect = |rate: f64| if form || dead { 0.0 } else { rate };
    Strikes {
        server_error,
        forbidden: on(ADMIN, rates.forbidden_access),
        unauthorized: on(PROFILE, rates.auth_failure),
        redirect_permanent: redirect(rates.redirect_301),
        redirect_temporary: redirect(rates.redirect_302),
        own,
    }
}
