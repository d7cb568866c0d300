//! How the application behind the simulated site can fail.

/// How the application failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
}
