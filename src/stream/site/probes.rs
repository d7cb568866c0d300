//! What scanners try: lists of paths that are known to be tried together, each in the order in which it is tried.

use super::fate::Outcome;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::bots::Bot;
use crate::config::probe_list::{ProbeList, ScannerPath};
use crate::stream::method::Method;

/// The requests of a list, a line for each: a path, with the method before it unless that is GET.
const fn text(list: ProbeList) -> &'static str {
    match list {
        ProbeList::Survey => "/\n/favicon.ico\n/robots.txt\n",
        ProbeList::Secrets => include_str!("probes/secrets.txt"),
        ProbeList::Traces => include_str!("probes/traces.txt"),
        ProbeList::WordPress => include_str!("probes/wordpress.txt"),
        ProbeList::Shells => include_str!("probes/shells.txt"),
        ProbeList::PhpUnit => include_str!("probes/phpunit.txt"),
        ProbeList::Devices => include_str!("probes/devices.txt"),
        ProbeList::Panels => include_str!("probes/panels.txt"),
    }
}

/// A request of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriedPath {
    /// What is asked for.
    pub url: UrlId,
    /// How.
    pub method: Method,
    /// The answer, which is the same each time.
    pub outcome: Outcome,
}

/// All lists: the built-in ones in the order of [`ProbeList::ALL`], then those that bots of the configuration have of their own.
#[derive(Debug)]
pub struct Probes(Vec<Box<[TriedPath]>>);

/// What is there for all.
const FOUND: [&str; 3] = ["/", "/favicon.ico", "/robots.txt"];

impl Probes {
    /// Adds what the built-in lists name to `urls`.
    pub(super) fn new(urls: &mut Urls) -> Self {
        let list = |list| text(list).lines().map(|line| probe(line, urls)).collect();
        Self(ProbeList::ALL.into_iter().map(list).collect())
    }

    /// Adds the lists that bots have of their own, and what these name to `urls`.
    pub(super) fn add_those_of(&mut self, bots: &[Bot], urls: &mut Urls) {
        for bot in bots.iter().filter(|bot| !bot.paths.is_empty()) {
            let mut own = Vec::new();
            for path in &bot.paths {
                match path {
                    ScannerPath::List(list) => own.extend_from_slice(self.of(*list as usize)),
                    ScannerPath::Request(line) => own.push(configured(line, urls)),
                }
            }
            self.0.push(own.into());
        }
    }

    /// The list with an index.
    #[inline]
    pub fn of(&self, list: usize) -> &[TriedPath] {
        &self.0[list]
    }
}

/// A request that is configured: what the site has answers as a page of the site does.
fn configured(line: &str, urls: &mut Urls) -> TriedPath {
    let target = line.rsplit(' ').next().unwrap_or(line);
    let is_there = urls.id(target).is_some_and(|url| urls.get(url).size > 0);
    let tried = probe(line, urls);
    match tried.method {
        Method::Get | Method::Head if is_there => TriedPath { outcome: Outcome::Success, ..tried },
        _ if is_there => TriedPath { outcome: Outcome::MethodNotAllowed, ..tried },
        _ => tried,
    }
}

fn probe(line: &str, urls: &mut Urls) -> TriedPath {
    let (method, target) = line.split_once(' ').unwrap_or(("GET", line));
    let method = Method::ALL.into_iter().find(|known| known.name() == method);
    let method = method.unwrap_or(Method::Get);
    let path = target.split('?').next().unwrap_or_default();
    let is_hidden = path.contains("/.") && !path.starts_with("/.well-known/");
    let outcome = match method {
        Method::Options => Outcome::MethodNotAllowed,
        Method::Post if path == "/xmlrpc.php" => Outcome::MethodNotAllowed,
        Method::Get if FOUND.contains(&target) => Outcome::Success,
        // As servers are set up: what begins with a dot is kept from all.
        _ if is_hidden || path == "/server-status" => Outcome::Forbidden,
        _ => Outcome::NotFound,
    };
    TriedPath { url: urls.intern_sized(target, 0, BodyKind::Fixed), method, outcome }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::config::Config;

    #[test]
    fn a_list_names_each_request_once_and_no_line_is_more_than_a_request() {
        for list in ProbeList::ALL {
            let lines: Vec<&str> = text(list).lines().collect();
            let distinct: HashSet<&&str> = lines.iter().collect();
            assert_eq!(distinct.len(), lines.len(), "{list:?}");
            for line in lines {
                let target = line.rsplit(' ').next().unwrap();
                let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
                assert!(target.starts_with('/') && is_plain && !target.contains('\\'), "{line}");
            }
        }
    }

    #[test]
    fn what_begins_with_a_dot_is_forbidden_and_what_is_not_there_is_not_found() {
        let probes = Probes::new(&mut Urls::new(&Config::default()));
        let has = |list: ProbeList, outcome| {
            probes.of(list as usize).iter().any(|probe| probe.outcome == outcome)
        };
        assert!(has(ProbeList::Secrets, Outcome::Forbidden));
        assert!(has(ProbeList::Shells, Outcome::NotFound));
        assert!(
            probes.of(ProbeList::Survey as usize).iter().all(|one| one.outcome == Outcome::Success)
        );
        assert!(has(ProbeList::WordPress, Outcome::MethodNotAllowed));
    }
}
