//! Which page leads to which: the pages of a configuration as a graph, before any of them has URLs.
//! It answers what a visitor can reach, and nothing about what becomes of a hit.

use std::collections::HashSet;

use super::{Config, State, UrlRule};

pub(crate) const LOGIN: &str = "/login";
pub(crate) const LOGOUT: &str = "/logout";
pub(crate) const CART: &str = "/cart";
pub(crate) const CHECKOUT: &str = "/checkout";
pub(crate) const THANK_YOU: &str = "/thank-you";
pub(crate) const PRODUCTS: &str = "/products";
pub(crate) const ANY_PRODUCT: &str = "/products/*";
pub(crate) const PROFILE: &str = "/profile";
pub(crate) const ADMIN: &str = "/admin";

/// Share of the home set that goes to a page which the configuration gives an error rate of its
/// own (/admin, /profile) but no weight.
const HIDDEN_PAGE: f64 = 0.02;

/// The home set, with the pages that have an error rate but no weight.
pub(crate) fn home_weights(config: &Config) -> Vec<(String, f64)> {
    let mut weights = config.navigation.home.clone();
    let rates = &config.error_rates;
    for (rate, path) in [(rates.forbidden_access, ADMIN), (rates.auth_failure, PROFILE)] {
        let known = |pages: &[(String, f64)]| pages.iter().any(|(page, _)| page == path);
        let linked = known(&weights)
            || config.navigation.pages.iter().any(|(_, pages)| known(pages))
            || config.urls.iter().any(|rule| known(&rule.next_pages));
        if rate > 0.0 && !linked {
            let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
            weights.push((path.to_owned(), sum * HIDDEN_PAGE));
        }
    }
    weights
}

/// The weights of the pages after `path`, where they are not the home set's.
pub(crate) fn links_from(config: &Config, path: &str) -> Option<Vec<(String, f64)>> {
    let rule = config.urls.iter().find(|rule| matches(&rule.path, path));
    if let Some(UrlRule { next_pages, .. }) = rule
        && !next_pages.is_empty()
    {
        return Some(next_pages.clone());
    }
    let own = config.navigation.pages.iter().find(|(page, _)| page == path);
    if let Some((_, weights)) = own {
        return Some(weights.clone());
    }
    let beside_home: &[(&str, f64)] = match path.split(['?', '*']).next().unwrap_or(path) {
        // With a profile, people put things into the cart, check out and pay.
        PRODUCTS | "/products/" if config.profile.is_some() => &[(CART, 0.04)],
        _ if config.profile.is_some() => return None,
        PRODUCTS | "/products/" => &[(CART, 0.15), (CHECKOUT, 0.05)],
        CART => &[(CHECKOUT, 0.5)],
        CHECKOUT => &[(THANK_YOU, 0.6)],
        _ => return None,
    };
    let mut weights = home_weights(config);
    let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let home = 1.0 - beside_home.iter().map(|(_, share)| share).sum::<f64>();
    weights
        .extend(beside_home.iter().map(|(page, share)| ((*page).to_owned(), sum / home * share)));
    Some(weights)
}

/// Whether products have links of their own. Then /products leads to them too.
pub(crate) fn products_have_links(config: &Config) -> bool {
    let linked = |path: &str| matches(path, ANY_PRODUCT);
    config.urls.iter().any(|rule| linked(&rule.path) && !rule.next_pages.is_empty())
        || config.navigation.pages.iter().any(|(path, _)| linked(path))
}

/// Whether sessions come to a state.
fn entered(config: &Config, state: State) -> bool {
    let tables = &config.state_transitions;
    let tables = [&tables.start, &tables.login, &tables.direct_access, &tables.browsing];
    tables.iter().any(|table| table.iter().any(|(to, weight)| *to == state && *weight > 0.0))
}

/// The pages that a link leads to: a hit on one of them may be on any of its URLs.
pub fn linked(config: &Config) -> HashSet<String> {
    let mut linked = HashSet::new();
    let mut open: Vec<String> = Vec::new();
    if entered(config, State::Login) {
        open.push(LOGIN.to_owned());
    }
    let mut go_to = |weights: Vec<(String, f64)>, open: &mut Vec<String>| {
        for (page, _) in weights.into_iter().filter(|(_, weight)| *weight > 0.0) {
            if linked.insert(page.clone()) {
                open.push(page);
            }
        }
    };
    go_to(home_weights(config), &mut open);
    while let Some(page) = open.pop() {
        if let Some(weights) = links_from(config, &page) {
            go_to(weights, &mut open);
        }
        if page == PRODUCTS && products_have_links(config) {
            go_to(vec![(ANY_PRODUCT.to_owned(), 1.0)], &mut open);
        }
    }
    linked
}

/// The pages that a visitor can come to: those that are linked, and those that a state asks for by their very
/// path.
pub fn reached(config: &Config) -> HashSet<String> {
    let mut reached = linked(config);
    if entered(config, State::Login) {
        reached.insert(LOGIN.to_owned());
        // A log-out needs a log-in before it.
        if entered(config, State::Logout) {
            reached.insert(LOGOUT.to_owned());
        }
    }
    if entered(config, State::Abandon) && config.error_rates.cart_abandonment_rate > 0.0 {
        reached.insert(CART.to_owned());
    }
    reached
}

/// Whether `page` is what `named` means, a page of `urls` or `high_error_pages`.
pub fn is_meant(page: &str, named: &str) -> bool {
    named == page || matches(named, path_of(page))
}

/// Whether some of the URLs of `page` are meant by `named`.
pub fn leads_to(page: &str, named: &str) -> bool {
    is_meant(page, named) || takes_in(page, named)
}

/// Whether `named` is, or is a pattern for, URLs that `page` has because they are named.
pub(crate) fn takes_in(page: &str, named: &str) -> bool {
    let path = path_of(named);
    let is_product = page == PRODUCTS && (path == ANY_PRODUCT || is_product(path));
    !page.contains('?') && (matches(page, path) || is_product)
}

/// A target without its query.
pub(crate) fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or(target)
}

/// Whether a page of the configuration is meant by `pattern`, whose last segment may be `*`.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
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

/// Whether a URL is that of one product.
pub(crate) fn is_product(target: &str) -> bool {
    target.strip_prefix("/products/").is_some_and(|id| !id.contains(['/', '?']))
}
