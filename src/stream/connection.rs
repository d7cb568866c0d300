//! How long a browser uses a connection: which one a request comes over, and which request on it that is.

use super::{SECOND, Time};

/// How long a connection without a request is kept open: nginx's default (`keepalive_timeout`).
const KEPT_ALIVE: Time = 75 * SECOND;
/// How many requests a connection can have: Apache's default (`MaxKeepAliveRequests`).
const MOST_REQUESTS: u8 = 100;

/// A place on a connection of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionPlace {
    /// The number of the connection in its session, from 0; it starts again after 255.
    pub connection: u8,
    /// Which request on the connection it is, from 1.
    pub request: u8,
}

impl ConnectionPlace {
    /// The first request of a session.
    pub const FIRST: Self = Self { connection: 0, request: 1 };

    /// The place of a request that comes `wait` ns after this one.
    #[inline(always)]
    pub fn after(self, wait: Time) -> Self {
        if wait > KEPT_ALIVE || self.request == MOST_REQUESTS {
            Self { connection: self.connection.wrapping_add(1), request: 1 }
        } else {
            Self { request: self.request + 1, ..self }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_ends_after_a_long_wait_and_after_its_last_request() {
        let mut place = ConnectionPlace::FIRST;
        for request in 2..=MOST_REQUESTS {
            place = place.after(KEPT_ALIVE);
            assert_eq!(place, ConnectionPlace { connection: 0, request });
        }
        let next = ConnectionPlace { connection: 1, request: 1 };
        assert_eq!(place.after(0), next);
        assert_eq!(ConnectionPlace::FIRST.after(KEPT_ALIVE + 1), next);
    }
}
