//! What fails when the server fails: what the event of a scenario causes, or else what the hit determines, so that the message
//! and the time that the request took agree.

use super::Hit;
use super::random::mix;
use crate::server_failure::ServerFailure;

/// What failed at a hit whose outcome is a failure of the server and which no event has caused.
#[inline]
pub fn server_failure(hit: &Hit) -> ServerFailure {
    let kinds = &ServerFailure::ALL[..ServerFailure::USUAL];
    kinds[(mix(hit.time ^ hit.visitor) % kinds.len() as u64) as usize]
}

/// How long the application waited before it failed, ms; `None` if it failed at once.
pub fn waited_ms(failure: ServerFailure) -> Option<u64> {
    match failure {
        ServerFailure::DatabaseDown => Some(3_000),
        // nginx's default `proxy_read_timeout`
        ServerFailure::UpstreamTimeout => Some(60_000),
        ServerFailure::Exception
        | ServerFailure::ConnectionRefused
        | ServerFailure::NoneIsUp
        | ServerFailure::DiskFull => None,
        ServerFailure::QueryTimeout => Some(30_000),
        ServerFailure::PoolExhausted => Some(10_000),
        ServerFailure::SessionLocked => Some(5_000),
    }
}
