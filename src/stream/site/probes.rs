//! What scanners try: lists of paths that are known to be tried together, each in the order in which it is tried.

use super::fate::Outcome;
use super::urls::{BodyKind, UrlId, Urls};
use crate::stream::method::Method;

/// A list of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ProbeList {
    /// What a survey of the net asks each host for.
    Survey,
    /// Settings and keys that were left behind.
    Secrets,
    /// Traces that show software with weak places.
    Traces,
    /// Copies of WordPress, and its doors.
    WordPress,
    /// Shells that others have left.
    Shells,
    /// A tool for tests that runs what it is sent.
    PhpUnit,
    /// Routers, and servers of applications.
    Devices,
    /// Pages that administer databases.
    Panels,
}

impl ProbeList {
    /// All lists, in the order of their discriminants.
    pub const ALL: [Self; 8] = [
        Self::Survey,
        Self::Secrets,
        Self::Traces,
        Self::WordPress,
        Self::Shells,
        Self::PhpUnit,
        Self::Devices,
        Self::Panels,
    ];

    /// Its requests, a line for each: a path, with the method before it unless that is GET.
    const fn text(self) -> &'static str {
        match self {
            Self::Survey => "/\n/favicon.ico\n/robots.txt\n",
            Self::Secrets => include_str!("probes/secrets.txt"),
            Self::Traces => include_str!("probes/traces.txt"),
            Self::WordPress => include_str!("probes/wordpress.txt"),
            Self::Shells => include_str!("probes/shells.txt"),
            Self::PhpUnit => include_str!("probes/phpunit.txt"),
            Self::Devices => include_str!("probes/devices.txt"),
            Self::Panels => include_str!("probes/panels.txt"),
        }
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

/// All lists.
#[derive(Debug)]
pub struct Probes([Box<[TriedPath]>; ProbeList::ALL.len()]);

/// What is there for all.
const FOUND: [&str; 3] = ["/", "/favicon.ico", "/robots.txt"];

impl Probes {
    /// Adds what the lists name to `urls`.
    pub(super) fn new(urls: &mut Urls) -> Self {
        Self(ProbeList::ALL.map(|list| list.text().lines().map(|line| probe(line, urls)).collect()))
    }

    /// A list.
    #[inline]
    pub fn of(&self, list: ProbeList) -> &[TriedPath] {
        &self.0[list as usize]
    }
}

fn probe(line: &str, urls: &mut Urls) -> TriedPath {
    let (method, target) = match line.split_once(' ') {
        Some(("POST", target)) => (Method::Post, target),
        Some(("OPTIONS", target)) => (Method::Options, target),
        _ => (Method::Get, line),
    };
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
            let lines: Vec<&str> = list.text().lines().collect();
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
        let has = |list, outcome| probes.of(list).iter().any(|probe| probe.outcome == outcome);
        assert!(has(ProbeList::Secrets, Outcome::Forbidden));
        assert!(has(ProbeList::Shells, Outcome::NotFound));
        assert!(probes.of(ProbeList::Survey).iter().all(|one| one.outcome == Outcome::Success));
        assert!(has(ProbeList::WordPress, Outcome::MethodNotAllowed));
    }
}
