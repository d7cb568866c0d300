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
    /// Nothing listens where the application should.
    ConnectionRefused,
    /// The server knows of no application that is up.
    NoneIsUp,
    /// There is no room on the disk.
    DiskFull,
}

impl ServerFailure {
    /// All kinds, in the order of their discriminants.
    pub const ALL: [Self; 9] = [
        Self::DatabaseDown,
        Self::UpstreamTimeout,
        Self::Exception,
        Self::QueryTimeout,
        Self::PoolExhausted,
        Self::SessionLocked,
        Self::ConnectionRefused,
        Self::NoneIsUp,
        Self::DiskFull,
    ];

    /// How many of them, from the first on, happen by themselves; the others need an event that causes them.
    pub const USUAL: usize = 6;

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::DatabaseDown => "database_down",
            Self::UpstreamTimeout => "upstream_timeout",
            Self::Exception => "exception",
            Self::QueryTimeout => "query_timeout",
            Self::PoolExhausted => "pool_exhausted",
            Self::SessionLocked => "session_locked",
            Self::ConnectionRefused => "connection_refused",
            Self::NoneIsUp => "none_is_up",
            Self::DiskFull => "disk_full",
        }
    }

    /// The kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.name() == name)
    }
}
