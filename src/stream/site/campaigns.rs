//! Advertisements: the URLs with a campaign by which they lead to the most popular pages.

use std::collections::HashMap;

use super::urls::{BodyKind, Url, UrlId, Urls};
use crate::stream::random::{Random, mix};

/// To how many pages advertisements lead, and how many there are for each.
const ADVERTISED: usize = 400;
const CAMPAIGNS_A_PAGE: u8 = 12;

/// For each page that advertisements lead to, the first of its URLs with a campaign and how many it has.
#[derive(Debug)]
pub struct Campaigns(HashMap<UrlId, (UrlId, u8)>);

impl Campaigns {
    /// Adds the advertisements for the most popular of `pages` to `urls`.
    pub(super) fn new(urls: &mut Urls, pages: &[(UrlId, f64)]) -> Self {
        Self(campaigns(urls, pages))
    }

    /// The URL of an advertisement that leads to a page; the page's own if there is none.
    pub fn advertised(&self, page: UrlId, random: &mut Random) -> UrlId {
        match self.0.get(&page) {
            Some((first, len)) => first + random.below(u64::from(*len)) as UrlId,
            None => page,
        }
    }

    /// Each page with each URL that leads to it.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (UrlId, UrlId)> {
        let urls = |(page, (first, len)): (&UrlId, &(UrlId, u8))| {
            let page = *page;
            (*first..*first + UrlId::from(*len)).map(move |url| (page, url))
        };
        self.0.iter().flat_map(urls)
    }
}

/// Adds the URLs of advertisements, which lead to the most popular pages.
fn campaigns(urls: &mut Urls, pages: &[(UrlId, f64)]) -> HashMap<UrlId, (UrlId, u8)> {
    let mut popular = pages.to_vec();
    popular.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    popular.truncate(ADVERTISED);
    let mut advertise = |(page, _): (UrlId, f64)| {
        let Url { target, size, .. } = urls.get(page);
        let (target, size) = (target.clone(), *size);
        let joint = if target.contains('?') { '&' } else { '?' };
        let first = urls.len() as UrlId;
        for number in 0..CAMPAIGNS_A_PAGE {
            let query = campaign(page.into(), number.into());
            urls.intern_sized(&format!("{target}{joint}{query}"), size, BodyKind::Dynamic);
        }
        (page, (first, CAMPAIGNS_A_PAGE))
    };
    popular.into_iter().map(&mut advertise).collect()
}

/// The query of an advertisement that leads to a page.
fn campaign(page: u64, number: u64) -> String {
    const CAMPAIGNS: [&str; 6] = [
        "utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=",
        "utm_source=google&utm_medium=cpc&utm_campaign=autumn-sale&gclid=",
        "utm_source=facebook&utm_medium=paid_social&utm_campaign=autumn-sale&fbclid=",
        "utm_source=newsletter&utm_medium=email&utm_campaign=2026-11&mc_eid=",
        "gclid=",
        "fbclid=",
    ];
    let id = mix(page << 8 ^ number ^ 0x6361_6d70);
    let length = 2 + (id % 3) as usize;
    let text: String =
        (0..length as u64).map(|part| format!("{:x}", mix(id ^ part << 50))).collect();
    format!("{}{text}", CAMPAIGNS[(id % 6) as usize])
}
