//! A log, made in memory and read back.

use access_log_generator::Stream;
use access_log_generator::inside::config::Config;
use access_log_generator::{Formatter, Logs, RenderedHits};

use crate::START;

/// The lines of the first `n` hits of a stream.
pub fn lines(config: &Config, seed: u64, n: usize) -> RenderedHits {
    let mut stream = Stream::new(config, seed, START);
    let logs = Logs::new(config, stream.site());
    let mut hits = Vec::new();
    stream.fill(u64::MAX, n, &mut hits);
    let mut lines = RenderedHits::default();
    Formatter::new(logs).render(&hits, &mut lines);
    lines
}

/// A line of access.log as its reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'a> {
    pub host: &'a str,
    pub user: &'a str,
    /// Seconds since midnight of the first day.
    pub second: u32,
    pub method: &'a str,
    pub target: &'a str,
    pub status: u16,
    /// The size of the body, or `-`.
    pub size: &'a str,
    pub referrer: &'a str,
    pub agent: &'a str,
}

/// Reads a line; the log is of 2026-01-01 and in UTC.
pub fn entry(line: &str) -> Entry<'_> {
    let parts: Vec<&str> = line.split('"').collect();
    let [before, request, result, referrer, " ", agent, ""] = parts[..] else {
        panic!("not a combined line: {line}");
    };
    let [host, "-", user, stamp, "+0000]", ""] = before.split(' ').collect::<Vec<_>>()[..] else {
        panic!("not a combined line: {line}");
    };
    let [method, target, "HTTP/1.1"] = request.split(' ').collect::<Vec<_>>()[..] else {
        panic!("not a request: {line}");
    };
    let clock = stamp.strip_prefix("[01/Jan/2026:").expect("the first day");
    let second = clock.split(':').fold(0, |sum, part| sum * 60 + part.parse::<u32>().unwrap());
    let [_, status, size, ""] = result.split(' ').collect::<Vec<_>>()[..] else {
        panic!("no status and size: {line}");
    };
    let status = status.parse().unwrap();
    Entry { host, user, second, method, target, status, size, referrer, agent }
}
