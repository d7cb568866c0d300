//! How a browser loads a page: the order of its files, and what it asks about.

use std::collections::HashMap;

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::{Config, Hit, Method, Outcome, ReferrerKind, Stream, Time};

use crate::START;

/// What a browser asks for, in the order in which it does: a later one never comes before an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Style,
    Script,
    Rest,
    Report,
    Icon,
}

fn part_of(target: &str, method: Method) -> Part {
    let path = target.split('?').next().unwrap();
    match path {
        "/favicon.ico" => Part::Icon,
        _ if method == Method::Post => Part::Report,
        _ if path.ends_with(".css") => Part::Style,
        _ if path.ends_with(".js") => Part::Script,
        _ => Part::Rest,
    }
}

/// The loads of people in so many lines of a profile: the files and calls of each, in their order.
fn loads(profile: &str, count: usize) -> Vec<Vec<(Part, Hit)>> {
    let mut stream =
        Stream::new(&Config::from_yaml(&format!("profile: {profile}")).unwrap(), 3, START);
    let mut hits = Vec::new();
    stream.fill(Time::MAX, count, &mut hits);
    let mut loads: Vec<Vec<(Part, Hit)>> = Vec::new();
    let mut of_visitor: HashMap<u64, (u32, usize)> = HashMap::new();
    for hit in hits.into_iter().filter(|hit| hit.kind == ActorKind::Person) {
        let grounds = stream.site().grounds().unwrap();
        let target = &*stream.site().urls().get(hit.url).target;
        if !grounds.assets(hit.url).is_empty() {
            of_visitor.insert(hit.visitor, (hit.url, loads.len()));
            loads.push(Vec::new());
        } else if let Some((page, load)) = of_visitor.get(&hit.visitor)
            && let ReferrerKind::Page(from) = hit.referrer.kind()
            && (from == *page || stream.site().urls().get(from).target.contains(".css"))
        {
            loads[*load].push((part_of(target, hit.method), hit));
        }
    }
    loads
}

#[test]
fn stylesheets_come_before_scripts_these_before_all_else_the_report_late_and_the_icon_last() {
    for profile in ["shop", "content", "personal", "api"] {
        let loads = loads(profile, 100_000);
        let long = loads.iter().filter(|load| load.len() > 3).count();
        let is_broken = |load: &&Vec<(Part, Hit)>| !load.is_sorted_by_key(|(part, _)| *part);
        let broken = loads.iter().filter(is_broken).count();
        assert!(long > 40, "{profile}: {long}");
        // One who has two windows open loads two pages at once.
        assert!(broken * 200 <= long, "{profile}: {broken} of {long}");
    }
}

#[test]
fn who_has_to_load_the_stylesheet_asks_about_no_file_of_the_page() {
    for profile in ["shop", "content", "personal"] {
        let loads = loads(profile, 100_000);
        let is = |load: &[(Part, Hit)], part: Part, outcome: Outcome| {
            load.iter().any(|(own, hit)| *own == part && hit.outcome == outcome)
        };
        let fresh = loads.iter().filter(|load| is(load, Part::Style, Outcome::Success));
        let (mut all, mut asking) = (0, 0);
        for load in fresh {
            all += 1;
            asking += u32::from(load.iter().any(|(_, hit)| hit.outcome == Outcome::NotModified));
        }
        assert!(all > 500 && asking * 500 <= all, "{profile}: {asking} of {all}");
        let asked = loads.iter().filter(|load| is(load, Part::Rest, Outcome::NotModified)).count();
        assert!(asked > 20, "{profile}: {asked}");
    }
}
