//! The profile of an API: what its application and other companies' programs do.

use std::collections::{HashMap, HashSet};

use access_log_generator::Config;
use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::{Hit, Method, Outcome, Referrer, SECOND, Stream};

use crate::START;

/// Hits of half a day, with the target of each.
fn half_a_day() -> Vec<(Hit, String)> {
    let config = Config::from_yaml("profile: api\noutput: {rate: 1}").unwrap();
    let mut stream = Stream::new(&config, 7, START);
    let mut hits = Vec::new();
    stream.fill(START + 43_200 * SECOND, usize::MAX, &mut hits);
    let urls = stream.site().urls();
    hits.into_iter().map(|hit| (hit, urls.get(hit.url).target.to_string())).collect()
}

#[test]
fn an_application_exchanges_a_token_that_has_expired_before_it_asks_again() {
    let mut before: HashMap<u64, Outcome> = HashMap::new();
    let mut exchanged = 0;
    for (hit, target) in half_a_day().iter().filter(|(hit, _)| hit.kind == ActorKind::App) {
        if before.insert(hit.visitor, hit.outcome) == Some(Outcome::Unauthorized) {
            assert_eq!((hit.method, target.as_str()), (Method::Post, "/v1/auth/token"));
            exchanged += 1;
        }
    }
    assert!(exchanged > 100, "{exchanged}");
}

#[test]
fn an_application_names_no_referrer_and_asks_for_a_part_of_a_list_after_the_one_before_it() {
    let mut seen: HashSet<(u64, String)> = HashSet::new();
    let mut further = 0;
    let hits = half_a_day();
    // Those who are there when the log begins have seen parts before it.
    let of_later = hits.iter().filter(|(hit, _)| hit.time > START + 7_200 * SECOND);
    for (hit, target) in of_later.filter(|(hit, _)| hit.kind == ActorKind::App) {
        assert_eq!(hit.referrer, Referrer::NONE);
        seen.insert((hit.visitor, target.clone()));
        let Some((list, offset)) = target.split_once("&offset=") else { continue };
        let offset: u32 = offset.parse().unwrap();
        if offset > 0 {
            let before = format!("{list}&offset={}", offset - 30);
            assert!(seen.contains(&(hit.visitor, before)), "{target}");
            further += 1;
        }
    }
    assert!(further > 50, "{further}");
}

#[test]
fn calls_have_the_methods_of_an_api_and_most_lines_are_calls() {
    let hits = half_a_day();
    let share = |of: &dyn Fn(&(Hit, String)) -> bool| {
        hits.iter().filter(|hit| of(hit)).count() as f64 / hits.len() as f64
    };
    for method in [Method::Post, Method::Put, Method::Patch, Method::Delete] {
        assert!(share(&|(hit, _)| hit.method == method) > 0.001, "{method:?}");
    }
    let calls = share(&|(_, target)| target.starts_with("/v1/"));
    assert!((0.75..0.95).contains(&calls), "{calls}");
    let limited = share(&|(hit, _)| hit.outcome == Outcome::TooManyRequests);
    assert!((0.0005..0.005).contains(&limited), "{limited}");
}
