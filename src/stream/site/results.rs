//! The pages of results of a search: a further page comes after the one before it.

use std::collections::HashSet;
use std::ops::Range;

use super::targets::{RESULT_PAGES, queries};
use super::urls::{UrlId, Urls};
use crate::config::Config;
use crate::config::links::reached;

/// The URLs of results: [`RESULT_PAGES`] pages for each query, which follow each other.
#[derive(Debug)]
pub struct Results {
    urls: Range<UrlId>,
    /// Those that the configuration leads to by their very URL, from any page.
    by_name: Box<[UrlId]>,
}

impl Results {
    /// The results among `urls`. If something else stands among them, no order is known.
    pub(super) fn among(urls: &Urls, config: &Config) -> Self {
        let queries: HashSet<String> = queries(config).into_iter().collect();
        let Some(start) = queries.iter().filter_map(|query| urls.id(query)).min() else {
            return Self { urls: 0..0, by_name: Box::default() };
        };
        let end = start + queries.len() as UrlId * RESULT_PAGES;
        let is_in_place = |url: UrlId| {
            let page = (url - start) % RESULT_PAGES;
            let query = &*urls.get(url - page).target;
            let target =
                if page == 0 { query.to_owned() } else { format!("{query}&page={}", page + 1) };
            queries.contains(query) && urls.id(&target) == Some(url)
        };
        let are_whole = end as usize <= urls.len() && (start..end).all(is_in_place);
        Self {
            urls: if are_whole { start..end } else { 0..0 },
            by_name: reached(config).iter().filter_map(|page| urls.id(page)).collect(),
        }
    }

    /// Whether a URL is a further page of results that visitors come to from the page before it alone.
    #[inline]
    pub fn is_further(&self, url: UrlId) -> bool {
        self.urls.contains(&url) && self.page(url) > 0 && !self.by_name.contains(&url)
    }

    /// The page that a visitor on the page `on` gets in place of the further page `url`: the next page of the visitor's own query,
    /// or else the first page of the query of `url`.
    pub fn next(&self, url: UrlId, on: Option<UrlId>) -> UrlId {
        match on.filter(|on| self.urls.contains(on)) {
            Some(on) if self.page(on) + 1 < RESULT_PAGES => on + 1,
            _ => url - self.page(url),
        }
    }

    fn page(&self, url: UrlId) -> UrlId {
        (url - self.urls.start) % RESULT_PAGES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::site::Site;

    #[test]
    fn a_further_page_of_results_comes_after_the_one_before_it() {
        let site = Site::new(&Config::default());
        let target = |url: UrlId| site.urls().get(url).target.to_string();
        let find = |wanted: &str| site.urls().iter().position(|url| &*url.target == wanted);
        let (results, mut further) = (&site.results, 0);
        for url in (0..site.urls().len() as UrlId).filter(|url| results.is_further(*url)) {
            further += 1;
            let (query, page) = target(url)
                .split_once("&page=")
                .map(|(q, p)| (q.to_owned(), p.to_owned()))
                .unwrap();
            let first = results.next(url, None);
            assert_eq!(target(first), query);
            // From the page before it, the next one; from the last, the first.
            assert_eq!(results.next(url, Some(url - 1)), url);
            assert!(page != "5" || results.next(url, Some(url)) == first);
        }
        let queries = Config::default().search_terms.len();
        assert_eq!(further, 4 * queries);
        assert!(!results.is_further(find("/search").unwrap() as UrlId));
    }

    #[test]
    fn a_further_page_that_the_configuration_leads_to_by_name_is_free() {
        let (named, other) = ("/search?q=laptop&page=2", "/search?q=laptop&page=3");
        let mut config = Config::default();
        config.navigation.home.push((named.to_owned(), 0.1));
        let site = Site::new(&config);
        let find = |wanted: &str| site.urls().iter().position(|url| &*url.target == wanted);
        let is_further = |wanted: &str| site.results.is_further(find(wanted).unwrap() as UrlId);
        assert!(is_further(other) && !is_further(named));
    }
}
