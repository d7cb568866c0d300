//! What is at which path.

use std::time::Instant;

use super::answer::Answer;
use crate::status::Status;

/// The path whose last answer holds the final count of a run.
pub const HEALTH: &str = "/health";

/// The path that says whether the run is under way.
pub const READY: &str = "/ready";

/// Answers a request of `method` for `target`, as they stand in the request line.
pub fn answer(method: &str, target: &str, status: &Status, now: Instant) -> Answer {
    let path = path(target);
    if path != HEALTH && path != READY {
        return Answer::error(404, format!("nothing is at {path}; try {HEALTH} or {READY}"));
    }
    if method != "GET" && method != "HEAD" {
        let message = format!("{path} cannot be asked with {method}, only with GET or HEAD");
        return Answer { allow: Some("GET, HEAD"), ..Answer::error(405, message) };
    }
    if path == HEALTH {
        let (code, body) = status.health(now);
        Answer::json(code, &body)
    } else {
        let (code, body) = status.ready();
        Answer::json(code, &body)
    }
}

/// The path of a request's target: without its query, and without scheme and host, which a
/// client of a proxy sends (RFC 9112, section 3.2.2).
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
    use crate::status::Run;

    fn ask(method: &str, target: &str) -> (Answer, serde_json::Value) {
        let started = Instant::now();
        let status = Status::new(Run {
            output_directory: "/var/log/app".into(),
            rate: 10.0,
            seed: 42,
            start: "2026-11-01T00:00:00Z".parse().unwrap(),
            version: "v2.0.0",
            started,
        });
        let answer = answer(method, target, &status, started);
        let body = serde_json::from_slice(&answer.body).unwrap();
        (answer, body)
    }

    #[test]
    fn each_path_has_its_answer() {
        let (answer, body) = ask("GET", "/health");
        assert_eq!((answer.code, &body["status"]), (200, &"healthy".into()));
        let (answer, body) = ask("HEAD", "/ready");
        assert_eq!((answer.code, &body["status"]), (503, &"not ready".into()));
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
            [("GET", "/"), ("GET", "/health/"), ("POST", "/Health"), ("OPTIONS", "*")]
        {
            let (answer, body) = ask(method, target);
            assert_eq!(answer.code, 404, "{method} {target}");
            assert!(body["error"].as_str().unwrap().contains("try /health or /ready"));
        }
    }

    #[test]
    fn another_method_is_told_which_are_allowed() {
        let (answer, body) = ask("POST", "/ready");
        assert_eq!((answer.code, answer.allow), (405, Some("GET, HEAD")));
        assert_eq!(body["error"], "/ready cannot be asked with POST, only with GET or HEAD");
    }
}
