//! What fails when the server fails. The hit determines it, so that the message and the time that the request took agree.

use super::Hit;
use super::random::mix;

/// How the application failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ServerFailure {
    /// The database could not be reached.
    DatabaseDown,
    /// The application did not answer in time.
    UpstreamTimeout,
    /// The application threw an exception.
    Exception,
    /// A query of the database took too long.
    QueryTimeout,
    /// All connections to the database were in use.
    PoolExhausted,
    /// The session's data were locked for too long.
    SessionLocked,
}

impl ServerFailure {
    /// All kinds, in the order of their discriminants.
    pub const ALL: [Self; 6] = [
        Self::DatabaseDown,
        Self::UpstreamTimeout,
        Self::Exception,
        Self::QueryTimeout,
        Self::PoolExhausted,
        Self::SessionLocked,
    ];

    /// What failed at a hit whose outcome is a failure of the server.
    #[inline]
    pub fn of(hit: &Hit) -> Self {
        Self::ALL[(mix(hit.time ^ hit.visitor) % Self::ALL.len() as u64) as usize]
    }

    /// How long the application waited before it failed, ms; `None` if it failed at once.
    pub fn waited_ms(self) -> Option<u64> {
        match self {
            Self::DatabaseDown => Some(3_000),
            // nginx's default `proxy_read_timeout`
            Self::UpstreamTimeout => Some(60_000),
            Self::Exception => None,
            Self::QueryTimeout => Some(30_000),
            Self::PoolExhausted => Some(10_000),
            Self::SessionLocked => Some(5_000),
        }
    }
}
