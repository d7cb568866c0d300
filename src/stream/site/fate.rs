//! What becomes of a request: the URL's own fate (it exists or it does not), unless the server
//! fails or refuses, which strikes hits by chance.

use crate::stream::random::Random;

/// How a hit ended. `status_codes` gives each its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// The page, as asked for.
    Success,
    /// There is no such page, and never was.
    NotFound,
    /// The server failed.
    ServerError,
    /// Refused.
    Forbidden,
    /// Refused for want of a log-in.
    Unauthorized,
    /// It is elsewhere, for good.
    RedirectPermanent,
    /// It is elsewhere, for now.
    RedirectTemporary,
}

impl Outcome {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Success,
        Self::NotFound,
        Self::ServerError,
        Self::Forbidden,
        Self::Unauthorized,
        Self::RedirectPermanent,
        Self::RedirectTemporary,
    ];
}

/// The place of a fate in [`Fates`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FateId(pub(super) u16);

/// The different fates that the site's URLs have; a handful.
#[derive(Debug, Default)]
pub struct Fates {
    table: Vec<Fate>,
}

/// The shares of a URL's hits that are struck, each 0 to 1, and what the others meet.
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
    /// No strike: every hit meets `own`.
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
    /// The upper ends of the strikes' parts of the 2^32 equal chances, in the order of [`STRUCK`].
    below: [u64; 5],
}

/// The order in which strikes share out the chances.
const STRUCK: [Outcome; 5] = [
    Outcome::ServerError,
    Outcome::Forbidden,
    Outcome::Unauthorized,
    Outcome::RedirectPermanent,
    Outcome::RedirectTemporary,
];

impl Fates {
    /// The id of a fate, new or known. A strike can only hit what no strike before it has hit.
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

    /// Draws what becomes of one hit.
    #[inline]
    pub fn outcome(&self, id: FateId, random: &mut Random) -> Outcome {
        let fate = &self.table[usize::from(id.0)];
        let chance = random.bits() >> 32;
        if chance >= fate.below[4] {
            return fate.strikes.own;
        }
        let struck = fate.below.iter().position(|&below| chance < below);
        STRUCK[struck.expect("the last part ends above this chance")]
    }
}
