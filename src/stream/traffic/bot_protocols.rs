//! Which version of HTTP a bot speaks: that of the client that its user agent names. A host of a bot has always the same.

use crate::config::bots::{Bot, HttpVersion};
use crate::stream::address::Visitor;
use crate::stream::hit::Protocol;

/// How many parts the hosts of a bot are divided into.
const PARTS: u64 = 8;

/// What begins or stands in a user agent, and of how many parts of a bot's hosts the version is the one that is named. The others
/// speak HTTP/1.1, as all do that are not named: most clients are not made for more, or do not offer it.
const CLIENTS: [(&str, u64, Protocol); 16] = [
    ("Googlebot", 1, Protocol::Http2),
    ("bingbot", PARTS, Protocol::Http2),
    ("Applebot", PARTS, Protocol::Http2),
    ("GPTBot", PARTS, Protocol::Http2),
    ("ClaudeBot", PARTS, Protocol::Http2),
    ("SemrushBot", PARTS, Protocol::Http2),
    // What is written in Go speaks HTTP/2 wherever TLS offers it, unless it says otherwise.
    ("Blackbox Exporter", PARTS, Protocol::Http2),
    ("Miniflux", PARTS, Protocol::Http2),
    ("Go-http-client/2.0", PARTS, Protocol::Http2),
    // So do curl and what is made with it.
    ("curl/", PARTS, Protocol::Http2),
    ("insomnia", PARTS, Protocol::Http2),
    ("okhttp/4", PARTS, Protocol::Http2),
    ("okhttp/5", PARTS, Protocol::Http2),
    // Old clients and simple ones.
    ("Wget/1.1", PARTS, Protocol::Http10),
    ("ApacheBench", PARTS, Protocol::Http10),
    ("libwww-perl/5", PARTS, Protocol::Http10),
];
/// Of scanners that send no user agent, those that speak HTTP/1.0.
const NAMELESS: u64 = 3;

/// The versions that the hosts of a bot speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BotProtocol {
    other: Protocol,
    parts: u64,
}

impl BotProtocol {
    /// Those of a bot.
    pub fn of(bot: &Bot) -> Self {
        match bot.http {
            None => Self::of_agent(&bot.user_agent),
            Some(version) => Self { other: protocol(version), parts: PARTS },
        }
    }

    /// Those of a bot with this user agent.
    fn of_agent(user_agent: &str) -> Self {
        if user_agent.is_empty() {
            return Self { other: Protocol::Http10, parts: NAMELESS };
        }
        let client = CLIENTS.iter().find(|(mark, ..)| user_agent.contains(mark));
        client.map_or(Self { other: Protocol::Http11, parts: 0 }, |(_, parts, other)| Self {
            other: *other,
            parts: *parts,
        })
    }

    /// That of one of its hosts.
    #[inline]
    pub fn of_host(self, host: Visitor) -> Protocol {
        if (host >> 9) % PARTS < self.parts { self.other } else { Protocol::Http11 }
    }
}

fn protocol(version: HttpVersion) -> Protocol {
    match version {
        HttpVersion::Http10 => Protocol::Http10,
        HttpVersion::Http11 => Protocol::Http11,
        HttpVersion::Http2 => Protocol::Http2,
        HttpVersion::Http3 => Protocol::Http3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_in_go_never_speak_http_1_0_and_readers_that_run_php_speak_http_1_1() {
        let spoken = |agent: &str| {
            let of = BotProtocol::of_agent(agent);
            let mut all: Vec<_> = (0..4_096u64).map(|host| of.of_host(host << 6)).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        for (agent, versions) in [
            ("Blackbox Exporter/0.27.0", &[Protocol::Http2][..]),
            ("Go-http-client/1.1", &[Protocol::Http11]),
            ("FreshRSS/1.27.1 (Linux; https://freshrss.org)", &[Protocol::Http11]),
            ("Mozilla/5.0 (compatible; bingbot/2.0)", &[Protocol::Http2]),
            ("facebookexternalhit/1.1", &[Protocol::Http11]),
            ("Mozilla/5.0 (compatible; Googlebot/2.1)", &[Protocol::Http11, Protocol::Http2]),
            ("", &[Protocol::Http10, Protocol::Http11]),
        ] {
            assert_eq!(spoken(agent), versions, "{agent}");
        }
    }
}
