//! The URL of the run that `--health-check` asks. Values only; this module makes no request.

use std::net::Ipv6Addr;

/// The path that tells whether a run is healthy. It is used if a URL has none.
pub const HEALTH: &str = "/health";
/// How to write a URL, for an error message.
pub const URL_FORM: &str = "write a URL such as http://localhost:8080/health";

/// The run to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The run of this host's configuration.
    Configured,
    /// The run at this URL.
    Url(ProbeUrl),
}

/// The parts of an `http` URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeUrl {
    /// A name or an address; an IPv6 address without its brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// The path, and the query if there is one.
    pub target: String,
}

impl Probe {
    /// Parses `http://HOST`, with or without a port and a path. `None` for any other text.
    pub fn url(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("http://")?;
        let (authority, target) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, HEALTH),
        };
        // An IPv6 address is in brackets, so that the colon after them begins the port.
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (host, rest) = rest.split_once(']')?;
                host.parse::<Ipv6Addr>().ok()?;
                (host, rest)
            }
            None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        };
        let port = match port.strip_prefix(':') {
            Some(port) => port.parse().ok()?,
            None if port.is_empty() => 80,
            None => return None,
        };
        let is_part = |byte: u8| byte.is_ascii_graphic() && !b"[]?#@".contains(&byte);
        let is_name = !host.is_empty() && host.bytes().all(is_part);
        let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
        (is_name && is_plain)
            .then(|| Self::Url(ProbeUrl { host: host.to_owned(), port, target: target.to_owned() }))
    }
}

impl ProbeUrl {
    /// The host and the port in the form of a request.
    pub fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Option<(String, u16, String)> {
        match Probe::url(text)? {
            Probe::Url(ProbeUrl { host, port, target }) => Some((host, port, target)),
            Probe::Configured => None,
        }
    }

    #[test]
    fn a_url_has_a_host_and_may_have_a_port_and_a_path() {
        let parts =
            |host: &str, port, target: &str| Some((host.to_owned(), port, target.to_owned()));
        assert_eq!(url("http://localhost:8080/ready"), parts("localhost", 8080, "/ready"));
        assert_eq!(url("http://10.0.0.1"), parts("10.0.0.1", 80, "/health"));
        assert_eq!(url("http://[::1]:8080"), parts("::1", 8080, "/health"));
        for wrong in [
            "",
            "localhost",
            "https://localhost",
            "http://",
            "http://a:port",
            "http://a b",
            "http://::1",
            "http://::1]:80",
            "http://[::1",
            "http://[a]:80",
            "http://h?x",
        ] {
            assert_eq!(url(wrong), None, "{wrong}");
        }
    }
}
