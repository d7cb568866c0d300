//! A visit that has a hit to come: all that is kept of a visitor who is there. At most 96 bytes.

use crate::stream::actor_kind::ActorKind;
use crate::stream::address::Visitor;
use crate::stream::calendar::Due;
use crate::stream::connection::ConnectionPlace;
use crate::stream::hit::{Method, Protocol};
use crate::stream::site::{HOME, LinksId, Outcome, UrlId};
use crate::stream::{Referrer, Time};

/// A visit that has a hit to come.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// When the next hit is due.
    pub due: Time,
    /// The state of the visit's own generator.
    pub random_state: u64,
    /// Who visits.
    pub visitor: Visitor,
    /// The next request: its URL, method and outcome, and the referrer that it names.
    pub url: UrlId,
    /// The method of the next request.
    pub method: Method,
    /// What becomes of the next request.
    pub outcome: Outcome,
    /// The referrer of the next request.
    pub referrer: Referrer,
    /// The page that the visitor looks at.
    pub page: UrlId,
    /// A bit for each asset of the page that is to be fetched.
    pub assets: u32,
    /// The links that the visitor can follow from the page.
    pub links: LinksId,
    /// How many pages or requests are to come.
    pub left: u16,
    /// What kind of visitor it is.
    pub kind: ActorKind,
    /// Where the visitor stands in what it does: each kind has numbers of its own.
    pub step: u8,
    /// The version of HTTP that the visitor speaks.
    pub protocol: Protocol,
    /// Whether the visitor has the site's cookie.
    pub has_cookie: bool,
    /// Whether the visitor's cache holds the files that pages share.
    pub has_shared: bool,
    /// Whether the next hit belongs to the page before it, which has reserved a token for it.
    pub is_part: bool,
    /// Over which connection the next hit comes.
    pub place: ConnectionPlace,
}

impl Visit {
    /// A visit without a request yet.
    pub fn new(kind: ActorKind, due: Time) -> Self {
        Self {
            due,
            random_state: 0,
            visitor: 0,
            url: 0,
            method: Method::Get,
            outcome: Outcome::Success,
            referrer: Referrer::NONE,
            page: 0,
            assets: 0,
            links: HOME,
            left: 0,
            kind,
            step: 0,
            protocol: Protocol::Http11,
            has_cookie: false,
            has_shared: false,
            is_part: false,
            place: ConnectionPlace::FIRST,
        }
    }

    /// Sets the next request: a GET that succeeds and names no referrer, `wait` ns after `now`.
    pub fn get(&mut self, url: UrlId, now: Time, wait: Time) {
        self.place = self.place.after(wait);
        self.due = now + wait;
        self.first(url);
    }

    /// Sets the first request of the visit: a GET that succeeds and names no referrer.
    pub fn first(&mut self, url: UrlId) {
        self.url = url;
        self.method = Method::Get;
        self.outcome = Outcome::Success;
        self.referrer = Referrer::NONE;
        self.is_part = false;
    }
}

impl Due for Visit {
    #[inline]
    fn due(&self) -> Time {
        self.due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_visitor_costs_at_most_96_bytes() {
        assert!(size_of::<Visit>() <= 96, "{}", size_of::<Visit>());
    }
}
