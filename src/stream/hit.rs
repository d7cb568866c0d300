//! A hit: one request to the site, without the form of any log.

use super::address::Visitor;
use super::site::{EXTERNAL_REFERRERS, Outcome, UrlId};
use crate::time::Time;

/// One request to the site: one line of access.log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// When.
    pub time: Time,
    /// By whom.
    pub visitor: Visitor,
    /// For what: an id of [`Site::urls`](super::site::Site::urls).
    pub url: UrlId,
    /// Where the visitor came from.
    pub referrer: Referrer,
    /// How.
    pub method: Method,
    /// With what result.
    pub outcome: Outcome,
    /// Whether the visitor has a user name.
    pub logged_in: bool,
}

/// The method of a request (RFC 9110, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

impl Method {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 2] = [Self::Get, Self::Post];

    /// Its name, as HTTP spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// The page that a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referrer(u32);

/// What a [`Referrer`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferrerKind {
    /// None: the visitor typed the address.
    None,
    /// Another site: an index into [`EXTERNAL_REFERRERS`].
    External(u32),
    /// A page of this site.
    Page(UrlId),
}

impl Referrer {
    /// No referrer.
    pub const NONE: Self = Self(0);
    const PAGES: u32 = 1 + EXTERNAL_REFERRERS.len() as u32;

    pub(crate) fn external(index: u32) -> Self {
        Self(1 + index)
    }

    #[inline]
    pub(crate) fn page(url: UrlId) -> Self {
        Self(Self::PAGES + url)
    }

    /// What it is.
    pub fn kind(self) -> ReferrerKind {
        match self.0 {
            0 => ReferrerKind::None,
            n if n < Self::PAGES => ReferrerKind::External(n - 1),
            n => ReferrerKind::Page(n - Self::PAGES),
        }
    }

    /// A number for each referrer, without gaps: none, the external ones, the URLs of the site.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
