//! A hit: one request to the site, without the form of any log.

use super::actor_kind::ActorKind;
use super::address::Visitor;
use super::method::Method;
use super::scenario::marks::EventMark;
use super::site::{Outcome, UrlId};
use crate::time::Time;

/// One request to the site: one line of access.log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// When the request came, in simulated time.
    pub time: Time,
    /// The number of the visitor who made the request.
    pub visitor: Visitor,
    /// The URL requested: an id of [`Site::urls`](super::site::Site::urls).
    pub url: UrlId,
    /// The page that the visitor came from.
    pub referrer: Referrer,
    /// The HTTP method of the request.
    pub method: Method,
    /// What became of the request; it determines the status.
    pub outcome: Outcome,
    /// The version of HTTP that the request was made in.
    pub protocol: Protocol,
    /// What the visitor brought along of earlier answers.
    pub credentials: Credentials,
    /// The kind of visitor.
    pub kind: ActorKind,
    /// The event of the scenario that made the hit or changed it.
    pub event: EventMark,
    /// Which connection of the session the request came over, from 0; it starts again after 255.
    pub connection: u8,
    /// Which request on its connection this is, from 1.
    pub on_connection: u8,
}

impl Hit {
    /// The event of the scenario that spoils the line in access.log: its place in the scenario.
    #[inline]
    pub fn spoilt_by(&self) -> Option<usize> {
        usize::from(self.credentials.0 >> Credentials::BITS).checked_sub(1)
    }

    /// Lets an event spoil the line.
    pub(super) fn spoil(&mut self, place: usize) {
        let number = u8::try_from(place + 1).expect("a scenario has few events");
        let own = self.credentials.0 & ((1 << Credentials::BITS) - 1);
        self.credentials.0 = own | number << Credentials::BITS;
    }

    /// A hit that stands for none before the first one is made.
    pub(crate) fn at(time: Time) -> Self {
        Self {
            time,
            visitor: 0,
            url: 0,
            referrer: Referrer::NONE,
            method: Method::Get,
            outcome: Outcome::Success,
            protocol: Protocol::Http11,
            credentials: Credentials::NONE,
            kind: ActorKind::Person,
            event: EventMark::NONE,
            connection: 0,
            on_connection: 1,
        }
    }
}

/// What a visitor brings along of earlier answers. The bits that this leaves have the number of the event that spoils the line,
/// because a hit has no byte left for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credentials(u8);

impl Credentials {
    /// Nothing: a visitor who comes for the first time.
    pub const NONE: Self = Self(0);
    /// The session's cookie.
    pub const COOKIE: Self = Self(1);
    const LOGGED_IN: u8 = 2;
    /// How many bits it takes.
    const BITS: u8 = 2;

    /// The cookie, if the visitor has one, and a user name, if the visitor is logged in.
    #[inline]
    pub fn new(has_cookie: bool, is_logged_in: bool) -> Self {
        Self(has_cookie as u8 | (is_logged_in as u8 * Self::LOGGED_IN))
    }

    /// Whether the request brought the cookie of an earlier answer.
    #[inline]
    pub fn has_cookie(self) -> bool {
        self.0 & Self::COOKIE.0 != 0
    }

    /// Whether the visitor is logged in, and so has a user name.
    #[inline]
    pub fn is_logged_in(self) -> bool {
        self.0 & Self::LOGGED_IN != 0
    }
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Protocol {
    /// HTTP/1.0
    Http10,
    /// HTTP/1.1
    Http11,
    /// HTTP/2
    Http2,
    /// HTTP/3
    Http3,
}

impl Protocol {
    /// The versions as servers log them, by their discriminants.
    pub const NAMES: [&str; 4] = ["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"];
}

/// The page that a request came from: 0 is none, then come the URLs of the site, and those of other sites from the end of all
/// numbers downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Referrer(u32);

/// The kinds of [`Referrer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferrerKind {
    /// No referrer: the visitor typed the address.
    None,
    /// Another site: an index into [`ExternalReferrers::urls`](super::site::ExternalReferrers::urls).
    External(u32),
    /// A page of this site: the id of its URL.
    Page(UrlId),
}

impl Referrer {
    /// No referrer.
    pub const NONE: Self = Self(0);
    /// The number of the last of other sites. There are fewer than so many of them, and fewer URLs than that.
    const LAST_EXTERNAL: u32 = u32::MAX - (1 << 20);

    pub(crate) fn external(index: u32) -> Self {
        Self(u32::MAX - index)
    }

    #[inline]
    pub(crate) fn page(url: UrlId) -> Self {
        Self(1 + url)
    }

    /// The page of this site, if it is one.
    #[inline]
    pub(crate) fn page_id(self) -> Option<UrlId> {
        match self.kind() {
            ReferrerKind::Page(url) => Some(url),
            ReferrerKind::None | ReferrerKind::External(_) => None,
        }
    }

    /// What kind of referrer it is.
    #[inline]
    pub fn kind(self) -> ReferrerKind {
        match self.0 {
            0 => ReferrerKind::None,
            n if n < Self::LAST_EXTERNAL => ReferrerKind::Page(n - 1),
            n => ReferrerKind::External(u32::MAX - n),
        }
    }

    /// A number for each referrer, without gaps: first those of other sites, so many `externals` from the last to the first, then
    /// none, then the URLs of the site.
    #[inline]
    pub fn index(self, externals: u32) -> usize {
        self.0.wrapping_add(externals) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::scenario::MOST_EVENTS;

    #[test]
    fn referrers_of_all_kinds_have_numbers_without_gaps() {
        let kinds = [
            ReferrerKind::External(1),
            ReferrerKind::External(0),
            ReferrerKind::None,
            ReferrerKind::Page(0),
            ReferrerKind::Page(1),
        ];
        for (index, kind) in kinds.into_iter().enumerate() {
            let referrer = match kind {
                ReferrerKind::None => Referrer::NONE,
                ReferrerKind::External(external) => Referrer::external(external),
                ReferrerKind::Page(url) => Referrer::page(url),
            };
            assert_eq!((referrer.kind(), referrer.index(2)), (kind, index));
            let page = if let ReferrerKind::Page(url) = kind { Some(url) } else { None };
            assert_eq!(referrer.page_id(), page);
        }
    }

    #[test]
    fn a_hit_is_small_and_names_any_event_that_spoils_it_beside_its_credentials() {
        assert_eq!(size_of::<Hit>(), 32);
        for place in 0..MOST_EVENTS {
            for (has_cookie, is_logged_in) in [(false, true), (true, false), (true, true)] {
                let credentials = Credentials::new(has_cookie, is_logged_in);
                let mut hit = Hit { credentials, ..Hit::at(7) };
                assert_eq!(hit.spoilt_by(), None);
                hit.spoil(place);
                assert_eq!(hit.spoilt_by(), Some(place));
                assert_eq!(hit.credentials.has_cookie(), has_cookie);
                assert_eq!(hit.credentials.is_logged_in(), is_logged_in);
            }
        }
    }
}
