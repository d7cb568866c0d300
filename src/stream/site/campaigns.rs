//! Advertisements: the URLs with a campaign by which they lead to the most popular pages.

use std::collections::HashMap;

use super::urls::{UrlId, Urls};
use crate::stream::random::{Random, mix};

/// To how many pages advertisements lead, and how many there are for each.
const ADVERTISED: usize = 400;
const CAMPAIGNS_A_PAGE: u8 = 12;

/// Where an advertisement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdPlace {
    /// Beside the results of a search engine.
    Search,
    /// In a network of people.
    Network,
    /// In a mail.
    Mail,
}

/// The kinds of advertisements: where each stands, its query with the name of the click's id, how the id begins, how many letters
/// follow, and how it ends, as those services write it.
const KINDS: [(AdPlace, &str, &str, u64, &str); 6] = [
    (
        AdPlace::Search,
        "utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=",
        "Cj0KCQjw",
        79,
        "_BwE",
    ),
    (AdPlace::Search, "gad_source=1&gclid=", "EAIaIQobChMI", 43, "_BwE"),
    (
        AdPlace::Network,
        "utm_source=facebook&utm_medium=paid_social&utm_campaign=retargeting&fbclid=",
        "IwY2xjaw",
        92,
        "",
    ),
    (
        AdPlace::Mail,
        "utm_source=newsletter&utm_medium=email&utm_campaign=weekly&mc_eid=",
        "",
        10,
        "",
    ),
    (
        AdPlace::Search,
        "utm_source=google&utm_medium=cpc&utm_campaign=nonbrand&gclid=",
        "CjwKCAjw",
        79,
        "_BwE",
    ),
    (AdPlace::Network, "fbclid=", "IwZXh0bgNhZW0C", 88, ""),
];
/// What ids of clicks are made of; those of mails have hexadecimal digits.
const LETTERS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";

/// For each page that advertisements lead to, the first of its URLs with a campaign and how many it has.
#[derive(Debug)]
pub struct Campaigns(HashMap<UrlId, (UrlId, u8)>);

impl Campaigns {
    /// Adds the advertisements for the most popular of `pages` to `urls`.
    pub(super) fn new(urls: &mut Urls, pages: &[(UrlId, f64)]) -> Self {
        Self(campaigns(urls, pages))
    }

    /// The URL of an advertisement that leads to a page, and where it stands: `at` this place, if one is given. `None` if there is
    /// none.
    pub fn advertised(
        &self,
        page: UrlId,
        at: Option<AdPlace>,
        random: &mut Random,
    ) -> Option<(UrlId, AdPlace)> {
        let (first, len) = self.0.get(&page)?;
        let drawn = random.below(u64::from(*len)) as UrlId;
        let place_of = |number: UrlId| KINDS[number as usize % KINDS.len()].0;
        let mut numbers = (drawn..UrlId::from(*len)).chain(0..drawn);
        let number = numbers.find(|number| at.is_none_or(|at| place_of(*number) == at))?;
        Some((first + number, place_of(number)))
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
        let target = urls.get(page).target.clone();
        let joint = if target.contains('?') { '&' } else { '?' };
        let first = urls.len() as UrlId;
        for number in 0..CAMPAIGNS_A_PAGE {
            let query = campaign(urls.bits(&target) ^ u64::from(number), number.into());
            urls.intern_like(&format!("{target}{joint}{query}"), page);
        }
        (page, (first, CAMPAIGNS_A_PAGE))
    };
    popular.into_iter().map(&mut advertise).collect()
}

/// The query of an advertisement that leads to a page. Its id follows from `bits`.
fn campaign(bits: u64, number: u64) -> String {
    let (_, query, mark, length, end) = KINDS[number as usize % KINDS.len()];
    let id = mix(bits ^ 0x6361_6d70);
    let letters = if query.ends_with("mc_eid=") { &LETTERS[..16] } else { &LETTERS[..] };
    let letter = |place: u64| {
        let bits = mix(id ^ place << 50);
        char::from(letters[(bits % letters.len() as u64) as usize])
    };
    let text: String = (0..length).map(letter).collect();
    format!("{query}{mark}{text}{end}")
}
