//! A visit that has a hit to come: all that is kept of a visitor who is there. At most 96 bytes.

use crate::stream::actor_kind::ActorKind;
use crate::stream::calendar::Due;
use crate::stream::connection::ConnectionPlace;
use crate::stream::hit::{Hit, Protocol};
use crate::stream::method::Method;
use crate::stream::site::{HOME, LinksId, Outcome, UrlId};
use crate::stream::{EventMark, Referrer, Time};

/// How many bits of the filter of files are set at the most, of 128.
const MOST_FILES: u8 = 72;

/// How many requests a browser sends by HTTP/2 at the least before it speaks HTTP/3, and how many more at the most.
const BY_HTTP2: u64 = 6;

/// One in so many browsers that learn of HTTP/3 speaks it before the page is complete.
const CHANGES_IN_A_PAGE: u64 = 10;

/// Stands for no page before.
const NO_PAGE: UrlId = UrlId::MAX;

/// A visit that has a hit to come.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// The next hit, as it will be given out: who visits, what is requested, and when that is due. It is kept as a whole, because a
    /// processor waits where it reads at once what it has just written in parts.
    pub next: Hit,
    /// The state of the visit's own generator.
    pub random_state: u64,
    /// The page that the visitor looks at.
    pub page: UrlId,
    /// A bit for each asset of the page that is to be fetched.
    pub assets: u32,
    /// A bit for each of them that the browser has and asks about.
    pub current: u32,
    /// Which files the browser has fetched in this visit, as a filter with a bit for each (Bloom 1970).
    files: [u64; 2],
    /// How many of the filter's bits are set.
    fetched: u8,
    /// The page before it, to which the visitor can go back; `NO_PAGE` if there is none.
    before: UrlId,
    /// The links that the visitor can follow from the page.
    pub links: LinksId,
    /// Those of the page before it.
    links_before: LinksId,
    /// How many pages or requests are to come, or what is left of a spell of page views.
    pub left: u16,
    /// Where the visitor stands in what it does: each kind has numbers of its own.
    pub step: u8,
    /// The state of `state_transitions` that a person is in, where there are tables.
    pub state: u8,
    /// Whether the visitor's cache holds the files that pages share.
    pub has_shared: bool,
    /// Whether it holds files of an earlier visit, or an application its answers.
    pub has_earlier: bool,
    /// Whether its browser asks about pictures of an earlier visit.
    pub asks: bool,
    /// Whether it loads pages alone, without what they name.
    pub loads_nothing: bool,
    /// Whether the visitor's cart holds something, as far as an application knows.
    pub has_cart: bool,
    /// Whether the next hit belongs to the page before it, which has reserved a token for it.
    pub is_part: bool,
    /// Whether the next page is the present one, which is loaded again.
    pub reloads: bool,
    /// Whether the browser can speak HTTP/3 and has not been told yet that the site does: see [`Visit::learns_http3`].
    learns_http3: bool,
}

impl Visit {
    /// A visit without a request yet.
    pub fn new(kind: ActorKind, due: Time) -> Self {
        Self {
            next: Hit { kind, ..Hit::at(due) },
            random_state: 0,
            page: 0,
            assets: 0,
            current: 0,
            files: [0; 2],
            fetched: 0,
            before: NO_PAGE,
            links: HOME,
            links_before: HOME,
            left: 0,
            step: 0,
            state: 0,
            has_shared: false,
            has_earlier: false,
            asks: false,
            loads_nothing: false,
            has_cart: false,
            is_part: false,
            reloads: false,
            learns_http3: false,
        }
    }

    /// Lets the browser speak HTTP/2 until the site's answers (`Alt-Svc`, RFC 7838) have led to a connection by HTTP/3.
    pub fn learns_http3(&mut self) {
        (self.next.protocol, self.learns_http3) = (Protocol::Http2, true);
    }

    /// Lets the browser know from an earlier visit that the site speaks HTTP/3, if it does so itself.
    pub fn knows_http3(&mut self) {
        if self.learns_http3 {
            (self.next.protocol, self.learns_http3) = (Protocol::Http3, false);
        }
    }

    /// Lets another visitor be on the way in this visit, who connects as `other` does.
    pub fn pass_to(&mut self, other: &Self) {
        self.next.visitor = other.next.visitor;
        (self.next.protocol, self.learns_http3) = (other.next.protocol, other.learns_http3);
    }

    /// The place of a request whose place would be this one: from some request on, a new connection by HTTP/3.
    #[cold]
    fn learning(&mut self, place: ConnectionPlace) -> ConnectionPlace {
        let first = self.next.connection == place.connection;
        if first && u64::from(place.request) <= BY_HTTP2 + (self.next.visitor >> 8) % BY_HTTP2 {
            return place;
        }
        self.knows_http3();
        if first {
            ConnectionPlace { connection: place.connection.wrapping_add(1), request: 1 }
        } else {
            place
        }
    }

    /// Sets the next request: one for a file of the page. Most browsers change the version of HTTP between two pages alone.
    pub fn get_part(&mut self, url: UrlId, now: Time, wait: Time) {
        let changes = (self.next.visitor >> 16).is_multiple_of(CHANGES_IN_A_PAGE);
        let waits = self.learns_http3 && !changes;
        self.learns_http3 &= !waits;
        self.get(url, now, wait);
        self.learns_http3 |= waits;
        self.is_part = true;
    }

    /// Sets the next request: a GET that succeeds and names no referrer, `wait` ns after `now`.
    pub fn get(&mut self, url: UrlId, now: Time, wait: Time) {
        let Hit { connection, on_connection: request, .. } = self.next;
        let mut place = ConnectionPlace { connection, request }.after(wait);
        if self.learns_http3 {
            place = self.learning(place);
        }
        (self.next.connection, self.next.on_connection) = (place.connection, place.request);
        self.next.time = now + wait;
        self.first(url);
    }

    /// Sets the next request: the same once more, `wait` ns after `now`, as a part of the event that this one has the mark of.
    pub fn ask_again(&mut self, now: Time, wait: Time, mark: EventMark) {
        let Hit { url, method, referrer, .. } = self.next;
        let is_part = self.is_part;
        self.get(url, now, wait);
        (self.next.method, self.next.referrer, self.is_part) = (method, referrer, is_part);
        self.next.event = mark;
    }

    /// Whether the browser has fetched a file in this visit. Rarely, it has fetched another one that has the same bit.
    #[inline]
    pub fn has_fetched(&self, url: UrlId) -> bool {
        let (word, bit) = place_of(url);
        self.files[word] & bit != 0
    }

    /// Notes that the browser fetches a file.
    #[inline]
    pub fn fetches(&mut self, url: UrlId) {
        // A browser that holds so many has given up the first of them.
        if self.fetched > MOST_FILES {
            (self.files, self.fetched) = ([0; 2], 0);
        }
        let (word, bit) = place_of(url);
        self.fetched += u8::from(self.files[word] & bit == 0);
        self.files[word] |= bit;
    }

    /// Notes that the visitor leaves the page for another one, and can go back.
    #[inline]
    pub fn leave_page(&mut self) {
        (self.before, self.links_before) = (self.page, self.links);
        self.reloads = false;
    }

    /// Goes back to the page before this one. Returns false if there is none.
    pub fn go_back(&mut self) -> bool {
        if self.before == NO_PAGE || self.before == self.page {
            return false;
        }
        (self.page, self.links) = (self.before, self.links_before);
        self.before = NO_PAGE;
        true
    }

    /// Sets the first request of the visit: a GET that succeeds and names no referrer.
    pub fn first(&mut self, url: UrlId) {
        self.next.url = url;
        self.next.method = Method::Get;
        self.next.outcome = Outcome::Success;
        self.next.referrer = Referrer::NONE;
        self.is_part = false;
    }
}

/// The word and the bit of a file: Fibonacci hashing (Knuth, volume 3, section 6.4).
#[inline]
fn place_of(url: UrlId) -> (usize, u64) {
    let bit = url.wrapping_mul(0x9e37_79b1) >> 25;
    ((bit >> 6) as usize, 1 << (bit & 63))
}

impl Due for Visit {
    #[inline]
    fn due(&self) -> Time {
        self.next.time
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
