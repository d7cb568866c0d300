//! Which path has which answer.

use std::time::Instant;

use jiff::Timestamp;

use super::answer::{Answer, Content};
use super::page::PAGE;
use crate::metrics::exposition;
pub use crate::probe_url::HEALTH;
use crate::status::Status;
use crate::time::time;

/// The path that tells whether the run is under way.
pub const READY: &str = "/ready";

/// Makes the answer of a path at `now`, when the wall clock says `present`.
type Route = fn(status: &Status, now: Instant, present: Timestamp) -> Answer;

/// All paths. The page requests `status.json`, relative to itself.
const ROUTES: [(&str, Route); 5] = [
    ("/", |_, _, _| Answer::text(Content::Page, PAGE)),
    (HEALTH, |status, now, present| {
        let (code, body) = status.health(now, present);
        Answer::json(code, &body)
    }),
    (READY, |status, now, _| {
        let (code, body) = status.ready(now);
        Answer::json(code, &body)
    }),
    ("/metrics", |status, now, present| {
        Answer::text(Content::Metrics, exposition(status, now, time(present)))
    }),
    ("/status.json", |status, now, present| Answer::json(200, &status.view(now, present))),
];

/// Answers a request of `method` for `target`, as they stand in the request line.
pub fn answer(
    method: &str,
    target: &str,
    status: &Status,
    now: Instant,
    present: Timestamp,
) -> Answer {
    let path = path(target);
    let Some((_, route)) = ROUTES.iter().find(|route| route.0 == path) else {
        let paths = ROUTES.map(|route| route.0).join(", ");
        return Answer::error(404, format!("nothing is at {path}; try one of {paths}"));
    };
    if method != "GET" && method != "HEAD" {
        let message = format!("{path} cannot be asked with {method}, only with GET or HEAD");
        return Answer { allow: Some("GET, HEAD"), ..Answer::error(405, message) };
    }
    route(status, now, present)
}

/// The path of a request's target, without the query, and without the scheme and host that clients of a
/// proxy send (RFC 9112, section 3.2.2).
pub fn path(target: &str) -> &str {
    let without_host = match target.strip_prefix("http://") {
        Some(rest) => rest.find(['/', '?']).map_or("/", |start| &rest[start..]),
        None => target,
    };
    match without_host.split(['?', '#']).next() {
        None | Some("") => "/",
        Some(path) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::shard::Shard;
    use crate::status::RunFacts;

    fn ask(method: &str, target: &str) -> (Answer, serde_json::Value) {
        let started = Instant::now();
        let status = Status::new(RunFacts {
            started,
            version: "v2.0.0",
            ..RunFacts::new(
                &Config::default(),
                42,
                "2026-11-01T00:00:00Z".parse().unwrap(),
                Shard::WHOLE,
            )
        });
        let answer = answer(method, target, &status, started, Timestamp::now());
        let body = serde_json::from_slice(&answer.body).unwrap_or_default();
        (answer, body)
    }

    #[test]
    fn each_path_has_its_answer() {
        let (answer, body) = ask("GET", "/health");
        assert_eq!((answer.code, &body["status"]), (200, &"healthy".into()));
        let (answer, body) = ask("HEAD", "/ready");
        assert_eq!((answer.code, &body["status"]), (503, &"not ready".into()));
        let (answer, body) = ask("GET", "/status.json");
        assert_eq!((answer.code, &body["repeat"]), (200, &REPEAT.into()));
        for (path, content) in [("/", Content::Page), ("/metrics", Content::Metrics)] {
            let (answer, _) = ask("GET", path);
            assert_eq!((answer.code, answer.content), (200, content));
        }
    }

    const REPEAT: &str =
        "access-log-generator --repeat ./logs/run.json --log-dir-override NEW-DIRECTORY";

    #[test]
    fn the_page_alone_has_a_policy() {
        let has =
            |path| ask("GET", path).0.headers().iter().any(|header| header.0.contains("Policy"));
        assert!(has("/") && !has("/metrics") && !has("/health"));
    }

    #[test]
    fn a_query_or_a_host_before_the_path_changes_nothing() {
        for target in ["/health?", "/health?a=/ready", "http://h:8080/health", "/health#top"] {
            assert_eq!(ask("GET", target).0.code, 200, "{target}");
        }
        assert_eq!(path("http://host"), "/");
        assert_eq!(path("http://host?/health"), "/");
    }

    #[test]
    fn another_path_is_not_found_whatever_the_method() {
        for (method, target) in
            [("GET", "/x"), ("GET", "/health/"), ("POST", "/Health"), ("OPTIONS", "*")]
        {
            let (answer, body) = ask(method, target);
            assert_eq!(answer.code, 404, "{method} {target}");
            assert!(body["error"].as_str().unwrap().contains("try one of /, /health, /ready"));
        }
    }

    #[test]
    fn another_method_is_told_which_are_allowed() {
        let (answer, body) = ask("POST", "/ready");
        assert_eq!((answer.code, answer.allow), (405, Some("GET, HEAD")));
        assert_eq!(body["error"], "/ready cannot be asked with POST, only with GET or HEAD");
    }
}
