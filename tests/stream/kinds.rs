//! The kinds of visitors of a profile: each has its share of the lines, and manners that it does not break.

use std::collections::HashSet;

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::{Config, Hit, Method, Outcome, ReferrerKind, Stream, Time};

use crate::START;

fn hits(yaml: &str, count: usize) -> (Config, Stream, Vec<Hit>) {
    let config = Config::from_yaml(yaml).unwrap();
    let mut stream = Stream::new(&config, 3, START);
    let mut hits = Vec::new();
    stream.fill(Time::MAX, count, &mut hits);
    (config, stream, hits)
}

#[test]
fn each_kind_has_its_share_of_the_lines() {
    for profile in ["shop", "content", "personal", "api"] {
        let (config, _, hits) = hits(&format!("profile: {profile}"), 600_000);
        let shares = config.actors.shares.weights();
        let sum: f64 = shares.iter().sum();
        for (kind, share) in ActorKind::ALL.into_iter().zip(shares) {
            let lines = hits.iter().filter(|hit| hit.kind == kind).count() as f64;
            let wanted = share / sum * hits.len() as f64;
            // A visit of some kinds has hundreds of lines, so that the sum varies by some percent.
            assert!(
                (lines - wanted).abs() <= wanted * 0.2,
                "{profile}, {kind:?}: {lines} {wanted}"
            );
        }
    }
}

#[test]
fn a_browser_that_was_never_here_asks_about_no_picture_that_it_has_not_fetched() {
    let yaml =
        "profile: shop\nactors: {people: {returning: 0}, shares: {people: 1, hotlinks: 0}}\n";
    let (_, stream, hits) = hits(yaml, 100_000);
    let mut fetched = HashSet::new();
    let mut asked = 0;
    // Visits that were under way when the log began have fetched files before.
    let settled = START + 7_200 * 1_000_000_000;
    let mut early = HashSet::new();
    for hit in hits.iter().filter(|hit| hit.kind == ActorKind::Person) {
        let is_picture = stream.site().urls().get(hit.url).target.starts_with("/media/");
        if hit.time < settled {
            early.insert(hit.visitor);
        }
        match hit.outcome {
            Outcome::Success => drop(fetched.insert((hit.visitor, hit.url))),
            Outcome::NotModified if !early.contains(&hit.visitor) => {
                assert!(!is_picture || fetched.contains(&(hit.visitor, hit.url)), "{hit:?}");
                asked += 1;
            }
            _ => {}
        }
    }
    assert!(asked > 100, "{asked}");
}

#[test]
fn a_form_is_sent_from_a_page_of_the_site() {
    let (_, _, hits) = hits("profile: shop", 300_000);
    let posts =
        hits.iter().filter(|hit| hit.kind == ActorKind::Person && hit.method == Method::Post);
    let mut sent = 0;
    for hit in posts {
        assert!(matches!(hit.referrer.kind(), ReferrerKind::Page(_)), "{hit:?}");
        sent += 1;
    }
    assert!(sent > 500, "{sent}");
}
