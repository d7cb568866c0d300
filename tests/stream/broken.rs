//! What is broken within a site: links to paths that pages had before, links with a mistake, and files that are not there.

use std::collections::{HashMap, HashSet};

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::{Config, Hit, Outcome, ReferrerKind, SECOND, Stream, Time};

use crate::START;

/// Three days of a profile.
fn hits(profile: &str) -> (Stream, Vec<Hit>) {
    let config = Config::from_yaml(&format!("profile: {profile}\noutput: {{rate: 0.46}}")).unwrap();
    let mut stream = Stream::new(&config, 3, START);
    let mut hits = Vec::new();
    stream.fill(Time::MAX, 120_000, &mut hits);
    (stream, hits)
}

#[test]
fn pages_name_some_files_that_are_not_there_and_each_is_asked_for_from_the_same_pages() {
    for profile in ["shop", "content", "personal"] {
        let (stream, hits) = hits(profile);
        let target = |hit: &Hit| &*stream.site().urls().get(hit.url).target;
        let is_file = |hit: &&Hit| {
            hit.kind == ActorKind::Person
                && hit.outcome == Outcome::NotFound
                && matches!(hit.referrer.kind(), ReferrerKind::Page(_))
                && [".jpg", ".png", ".svg", ".js", ".css"]
                    .iter()
                    .any(|end| target(hit).ends_with(end))
        };
        let missing: Vec<&Hit> = hits.iter().filter(is_file).collect();
        let share = missing.len() as f64 / hits.len() as f64;
        assert!((0.000_3..0.02).contains(&share), "{profile}: {share}");
        let mut pages: HashMap<u32, HashSet<u32>> = HashMap::new();
        for hit in &missing {
            let ReferrerKind::Page(page) = hit.referrer.kind() else { continue };
            pages.entry(hit.url).or_default().insert(page);
        }
        // A file is missing in one page, which advertisements lead to by other URLs.
        for (url, pages) in &pages {
            let path = |page: &u32| {
                stream.site().urls().get(*page).target.split('?').next().unwrap().to_owned()
            };
            let paths: HashSet<String> = pages.iter().map(path).collect();
            assert_eq!(paths.len(), 1, "{profile}: {paths:?}");
            assert!(hits.iter().all(|hit| hit.url != *url || hit.outcome == Outcome::NotFound));
        }
        let most =
            pages.keys().map(|url| missing.iter().filter(|hit| hit.url == *url).count()).max();
        assert!(most > Some(5), "{profile}: {most:?}");
    }
}

#[test]
fn who_follows_a_link_to_an_old_path_is_led_on_at_once_and_a_mistaken_link_leads_nowhere() {
    let mut all_mistaken = 0;
    for profile in ["shop", "content", "personal"] {
        let (stream, hits) = hits(profile);
        let target = |url: u32| stream.site().urls().get(url).target.to_string();
        let people: Vec<&Hit> = hits.iter().filter(|hit| hit.kind == ActorKind::Person).collect();
        let mut leads_to: HashMap<u32, HashSet<u32>> = HashMap::new();
        let (mut moved, mut mistaken) = (0, HashSet::new());
        for (place, hit) in people.iter().enumerate() {
            let ReferrerKind::Page(_) = hit.referrer.kind() else { continue };
            if hit.outcome == Outcome::RedirectPermanent {
                let next = people[place + 1..].iter().find(|next| next.visitor == hit.visitor);
                // The log ends in the midst of visits.
                let Some(next) = next else { continue };
                assert_eq!(next.referrer, hit.referrer, "{profile}: {}", target(hit.url));
                assert!(next.time - hit.time < 5 * SECOND);
                leads_to.entry(hit.url).or_default().insert(next.url);
                moved += 1;
            } else if hit.outcome == Outcome::NotFound && !target(hit.url).ends_with(".jpg") {
                mistaken.insert(hit.url);
            }
        }
        assert!((10..400).contains(&moved), "{profile}: {moved}");
        for (from, to) in &leads_to {
            assert_eq!(to.len(), 1, "{profile}: {} {to:?}", target(*from));
        }
        let is_wrong = |url: &u32| !target(*url).ends_with(".js");
        all_mistaken += mistaken.iter().filter(|url| is_wrong(url)).count();
        for url in leads_to.keys().chain(&mistaken) {
            let outcomes: HashSet<_> =
                hits.iter().filter(|hit| hit.url == *url).map(|hit| hit.outcome).collect();
            assert_eq!(outcomes.len(), 1, "{profile}: {} {outcomes:?}", target(*url));
        }
    }
    assert!(all_mistaken > 1, "{all_mistaken}");
}
