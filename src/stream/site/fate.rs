//! What becomes of a request: the URL's own fate (it exists or it does not), unless the server fails or
//! refuses, which happens to hits by chance (a strike).

use crate::stream::random::Random;

/// How a request ended. `status_codes` gives each outcome its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// The server returned the page.
    Success,
    /// The page never existed.
    NotFound,
    /// The server failed.
    ServerError,
    /// The server refused access.
    Forbidden,
    /// The server refused access because the visitor is not logged in.
    Unauthorized,
    /// The page has moved for good.
    RedirectPermanent,
    /// The page is elsewhere for now.
    RedirectTemporary,
    /// What the visitor has is still current.
    NotModified,
    /// The server returned a part of the file.
    Partial,
    /// The server took what it was sent, and has nothing to say.
    NoContent,
    /// The server does not understand the request.
    BadRequest,
    /// The page does not take this method.
    MethodNotAllowed,
    /// The visitor sent no request in time.
    RequestTimeout,
    /// The visitor went away before the answer.
    ClientClosed,
    /// The application does not answer.
    BadGateway,
    /// The application is not ready.
    Unavailable,
    /// The visitor asks too often (RFC 6585).
    TooManyRequests,
    /// The application did not answer in time.
    GatewayTimeout,
    /// There is no room for what was sent (RFC 4918).
    InsufficientStorage,
}

impl Outcome {
    /// All outcomes, in the order of their discriminants.
    pub const ALL: [Self; 19] = [
        Self::Success,
        Self::NotFound,
        Self::ServerError,
        Self::Forbidden,
        Self::Unauthorized,
        Self::RedirectPermanent,
        Self::RedirectTemporary,
        Self::NotModified,
        Self::Partial,
        Self::NoContent,
        Self::BadRequest,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::ClientClosed,
        Self::BadGateway,
        Self::Unavailable,
        Self::TooManyRequests,
        Self::GatewayTimeout,
        Self::InsufficientStorage,
    ];

    /// Whether the server or the application has failed.
    #[inline]
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            Self::ServerError
                | Self::BadGateway
                | Self::Unavailable
                | Self::GatewayTimeout
                | Self::InsufficientStorage
        )
    }
}

/// The index of a fate in [`Fates`], with a mark for links that visitors do not come to from everywhere in the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FateId(pub(super) u16);

impl FateId {
    const MARK: u16 = 1 << 15;

    /// The fate with the mark.
    pub(super) fn marked(self) -> Self {
        Self(self.0 | Self::MARK)
    }

    /// Whether it has the mark.
    #[inline(always)]
    pub fn is_marked(self) -> bool {
        self.0 & Self::MARK != 0
    }

    #[inline(always)]
    fn index(self) -> usize {
        usize::from(self.0 & !Self::MARK)
    }
}

/// The distinct fates of the site's URLs; there are only a handful.
#[derive(Debug, Default)]
pub struct Fates {
    table: Vec<Fate>,
}

/// The shares of a URL's hits that are struck, each 0 to 1, and what becomes of the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Strikes {
    pub server_error: f64,
    pub forbidden: f64,
    pub unauthorized: f64,
    pub redirect_permanent: f64,
    pub redirect_temporary: f64,
    pub own: Outcome,
}

impl Strikes {
    /// No strikes: every hit has the outcome `own`.
    pub(super) fn none(own: Outcome) -> Self {
        Self {
            server_error: 0.0,
            forbidden: 0.0,
            unauthorized: 0.0,
            redirect_permanent: 0.0,
            redirect_temporary: 0.0,
            own,
        }
    }
}

#[derive(Debug)]
struct Fate {
    strikes: Strikes,
    /// The upper end of each strike's part of the 2^32 equal chances, in the order of [`STRUCK`].
    below: [u64; 5],
}

/// The order in which strikes take their part of the chances.
const STRUCK: [Outcome; 5] = [
    Outcome::ServerError,
    Outcome::Forbidden,
    Outcome::Unauthorized,
    Outcome::RedirectPermanent,
    Outcome::RedirectTemporary,
];

impl Fates {
    /// The id of a fate; adds the fate if it is new. A strike can only hit what no earlier strike has hit.
    pub(super) fn intern(&mut self, strikes: Strikes) -> FateId {
        if let Some(known) = self.table.iter().position(|fate| fate.strikes == strikes) {
            return FateId(known as u16);
        }
        let mut spared = 1.0;
        let below = [
            strikes.server_error,
            strikes.forbidden,
            strikes.unauthorized,
            strikes.redirect_permanent,
            strikes.redirect_temporary,
        ]
        .map(|share| {
            spared *= 1.0 - share;
            ((1.0 - spared) * 4_294_967_296.0) as u64
        });
        self.table.push(Fate { strikes, below });
        FateId((self.table.len() - 1) as u16)
    }

    /// The fate of a form that is sent to a URL with the fate `id`: a success leads the visitor elsewhere.
    pub(super) fn of_form(&mut self, id: FateId) -> FateId {
        let strikes = self.table[id.index()].strikes;
        self.intern(match strikes.own {
            Outcome::Success => Strikes { own: Outcome::RedirectTemporary, ..strikes },
            _ => strikes,
        })
    }

    /// Draws the outcome of one hit.
    #[inline]
    pub fn outcome(&self, id: FateId, random: &mut Random) -> Outcome {
        let fate = &self.table[id.index()];
        let chance = random.bits() >> 32;
        if chance >= fate.below[4] {
            return fate.strikes.own;
        }
        let struck = fate.below.iter().position(|&below| chance < below);
        STRUCK[struck.expect("the last part ends above this chance")]
    }
}
