//! What the network shows of a hit: connections, ports, ids, proxies and encryption. Everything follows from the hit, so that
//! all logs agree and a line that does not show it costs nothing.

use std::net::{IpAddr, Ipv4Addr};

use super::address::Visitor;
use super::hit::Protocol;
use super::random::mix;
use super::{Hit, SECOND};

/// The cipher suites that visitors use, the best first: OpenSSL's name, and the number that IANA gives. The last two are of
/// TLS 1.2.
pub const CIPHERS: [(&str, u16); 5] = [
    ("TLS_AES_128_GCM_SHA256", 0x1301),
    ("TLS_AES_256_GCM_SHA384", 0x1302),
    ("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
    ("ECDHE-RSA-AES128-GCM-SHA256", 0xc02f),
    ("ECDHE-RSA-AES256-GCM-SHA384", 0xc030),
];
/// How many of [`CIPHERS`] are of TLS 1.3.
pub const OF_TLS_1_3: usize = 3;
/// The upper ends of the ciphers' parts of 256 equal chances.
const CIPHER_PARTS: [u8; 4] = [150, 205, 240, 250];

/// The addresses of the application's servers.
pub const UPSTREAMS: [&str; 3] = ["10.0.1.11:8080", "10.0.1.12:8080", "10.0.1.13:8080"];
/// The addresses of the proxies before the server.
pub const PROXIES: [&str; 3] = ["10.0.0.5", "10.0.0.6", "10.0.0.7"];
/// The address of the server.
pub const SERVER: &str = "10.0.0.20";
/// How many processes the server has, and the id of the first.
const PROCESSES: (u64, u64) = (8, 1_201);
/// How many threads the server has, with the id of the first and the distance between two: stacks of 8 MiB and a page.
const THREADS: (u64, u64, u64) = (64, 139_872_654_321_216, 8_392_704);

/// How many other requests the server answers at most, and one more than the connections that wait for a request.
const MOST_REQUESTS: u32 = 8;
const MOST_IDLE: u64 = 6;

/// The request as a number that hardly any other has.
#[inline]
fn request(hit: &Hit) -> u64 {
    mix(hit.time ^ hit.visitor.rotate_left(32))
}

/// The connection of a hit as a number that hardly any other has.
#[inline]
fn connection(hit: &Hit) -> u64 {
    mix(hit.visitor ^ 0x636f_6e6e_0000 ^ u64::from(hit.connection))
}

/// The number of the connection: up to ten digits.
#[inline]
pub fn connection_number(hit: &Hit) -> u64 {
    connection(hit) >> 32
}

/// The port of the visitor's connection, from the range that Linux gives out.
#[inline]
pub fn remote_port(hit: &Hit) -> u64 {
    32_768 + (connection(hit) & 0xffff_ffff) % 28_232
}

/// How many requests the server is answering apart from this one: none half of the time, and so on.
#[inline]
pub fn requests_in_progress(hit: &Hit) -> u64 {
    (mix(request(hit) ^ 0x6c6f_6164) | 1 << MOST_REQUESTS).trailing_zeros().into()
}

/// How many connections the server has: one for each request that it is answering, and those that browsers keep. Their number
/// changes by the second, and not with each request.
#[inline]
pub fn open_connections(hit: &Hit) -> u64 {
    1 + requests_in_progress(hit) + mix((hit.time / SECOND) ^ 0x6964_6c65) % MOST_IDLE
}

/// The process that serves the connection.
#[inline]
pub fn process_id(hit: &Hit) -> u64 {
    PROCESSES.1 + connection(hit) % PROCESSES.0
}

/// The thread that serves the connection.
#[inline]
pub fn thread_id(hit: &Hit) -> u64 {
    THREADS.1 + connection(hit) / PROCESSES.0 % THREADS.0 * THREADS.2
}

/// The id of the request.
#[inline]
pub fn request_id(hit: &Hit) -> [u64; 2] {
    let request = request(hit);
    [request, mix(request ^ 0x7265_7175)]
}

/// The id of the trace.
#[inline]
pub fn trace_id(hit: &Hit) -> [u64; 2] {
    let trace = mix(request(hit) ^ 0x7472_6163);
    [trace, mix(trace)]
}

/// The id of the server's span, which is never zero.
#[inline]
pub fn span_id(hit: &Hit) -> u64 {
    mix(request(hit) ^ 0x7370_616e) | 1
}

/// The id in the session's cookie.
#[inline]
pub fn session_id(hit: &Hit) -> [u64; 2] {
    let session = mix(hit.visitor ^ 0x636f_6f6b);
    [session, mix(session)]
}

/// The cipher suite of a visitor: an index into [`CIPHERS`]. HTTP/3 has TLS 1.3 alone (RFC 9001), and browsers that speak HTTP/2
/// have it, too.
#[inline]
pub fn cipher(hit: &Hit) -> usize {
    let chance = (mix(hit.visitor ^ 0x746c_7373) >> 56) as u8;
    let suite = CIPHER_PARTS.iter().filter(|end| chance >= **end).count();
    match hit.protocol {
        Protocol::Http10 | Protocol::Http11 => suite,
        Protocol::Http2 | Protocol::Http3 => suite % OF_TLS_1_3,
    }
}

/// The server of the application that answers: an index into [`UPSTREAMS`].
#[inline]
pub fn upstream(hit: &Hit) -> usize {
    (request(hit) >> 40) as usize % UPSTREAMS.len()
}

/// The proxy that the connection comes from: an index into [`PROXIES`].
#[inline]
pub fn proxy(hit: &Hit) -> usize {
    (connection(hit) >> 40) as usize % PROXIES.len()
}

/// The address in a visitor's own network that a proxy there noted before the visitor's public address; `None` for the seven in
/// eight visitors without such a proxy.
#[inline]
pub fn inner_address(visitor: Visitor) -> Option<IpAddr> {
    let bits = mix(visitor ^ 0x696e_6e65);
    let [.., a, b] = (bits as u32).to_be_bytes();
    (bits >> 61 == 0).then(|| Ipv4Addr::new(192, 168, a % 4, b.clamp(2, 254)).into())
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::config::Config;
    use crate::stream::Stream;

    fn hits() -> Vec<Hit> {
        let config = Config::from_yaml("session: {max_page_view_interval: 300}").unwrap();
        let mut hits = Vec::new();
        Stream::new(&config, 7, 1_793_491_200 * SECOND).fill(u64::MAX, 50_000, &mut hits);
        hits
    }

    #[test]
    fn a_connection_belongs_to_one_session_and_its_requests_are_counted() {
        let mut connections: HashMap<u64, (u64, Vec<u8>)> = HashMap::new();
        for hit in hits() {
            let (visitor, requests) =
                connections.entry(connection_number(&hit)).or_insert((hit.visitor, Vec::new()));
            assert_eq!(*visitor, hit.visitor);
            requests.push(hit.on_connection);
        }
        let counted =
            |requests: &[u8]| requests.iter().zip(1..).all(|(one, number)| *one == number);
        assert!(connections.values().all(|(_, requests)| counted(requests)));
        let longest = connections.values().map(|(_, requests)| requests.len()).max();
        assert!(longest > Some(2), "{longest:?}");
        let sessions: HashSet<u64> = hits().iter().map(|hit| hit.visitor).collect();
        assert!(connections.len() > sessions.len(), "long pauses end connections");
    }

    #[test]
    fn ids_are_unique_and_those_of_a_session_are_the_same() {
        let hits = hits();
        let requests: HashSet<_> = hits.iter().map(request_id).collect();
        assert_eq!(requests.len(), hits.len());
        let sessions: HashSet<_> = hits.iter().map(|hit| (hit.visitor, session_id(hit))).collect();
        let visitors: HashSet<_> = hits.iter().map(|hit| hit.visitor).collect();
        assert_eq!(sessions.len(), visitors.len());
        assert!(hits.iter().all(|hit| (32_768..=60_999).contains(&remote_port(hit))));
    }

    #[test]
    fn a_server_has_a_connection_for_each_request_and_is_seldom_busy() {
        let hits = hits();
        let counts: HashSet<_> =
            hits.iter().map(|hit| (requests_in_progress(hit), open_connections(hit))).collect();
        assert!(counts.iter().all(|(requests, open)| requests < open && *open <= 14), "{counts:?}");
        assert!(counts.len() > 30, "{counts:?}");
        let alone = hits.iter().filter(|hit| requests_in_progress(hit) == 0).count();
        assert!((0.48..0.52).contains(&(alone as f64 / hits.len() as f64)), "{alone}");
    }

    #[test]
    fn most_visitors_use_tls_1_3_and_some_do_not() {
        let hits = hits();
        let new = hits.iter().filter(|hit| cipher(hit) < OF_TLS_1_3).count();
        let share = new as f64 / hits.len() as f64;
        assert!((0.90..0.97).contains(&share), "{share}");
        let by_http3 = |hit: &Hit| Hit { protocol: Protocol::Http3, ..*hit };
        assert!(hits.iter().all(|hit| cipher(&by_http3(hit)) < OF_TLS_1_3));
    }
}
