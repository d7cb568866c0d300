//! What single visitors do not do: each of these gave logs away as made up.

use std::collections::{HashMap, HashSet};

use access_log_generator::inside::stream::Protocol;
use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::inside::stream::site::{ProbeList, TriedPath};
use access_log_generator::inside::stream::visitor::Visitors;
use access_log_generator::{Config, Hit, Method, Outcome, ReferrerKind, Shard, Stream, Time};

use crate::START;

fn hits(yaml: &str, count: usize) -> (Stream, Vec<Hit>) {
    let mut stream = Stream::new(&Config::from_yaml(yaml).unwrap(), 3, START);
    let mut hits = Vec::new();
    stream.fill(Time::MAX, count, &mut hits);
    (stream, hits)
}

/// When all visits that were under way at the start are over.
const SETTLED: Time = START + 7_200 * 1_000_000_000;

/// The hits of people who came after [`SETTLED`].
fn of_new_people(hits: Vec<Hit>) -> Vec<Hit> {
    let early: HashSet<u64> =
        hits.iter().filter(|hit| hit.time < SETTLED).map(|hit| hit.visitor).collect();
    let is_new = |hit: &Hit| hit.kind == ActorKind::Person && !early.contains(&hit.visitor);
    hits.into_iter().filter(is_new).collect()
}

#[test]
fn a_browser_fetches_the_files_of_pages_that_it_has_fetched_alone() {
    for profile in ["shop", "content"] {
        let (stream, hits) = hits(&format!("profile: {profile}"), 250_000);
        let target = |url| &*stream.site().urls().get(url).target;
        let mut fetched = HashSet::new();
        let mut files = 0;
        for hit in of_new_people(hits) {
            fetched.insert((hit.visitor, hit.url));
            let path = target(hit.url).split('?').next().unwrap();
            let is_file =
                path.starts_with("/api/") || path.rsplit('/').next().unwrap().contains('.');
            // What has moved, or is misspelt, is no file.
            let is_file = is_file && matches!(hit.outcome, Outcome::Success | Outcome::NotModified);
            if let (true, ReferrerKind::Page(page)) = (is_file, hit.referrer.kind()) {
                let is_style = target(page).contains(".css");
                assert!(is_style || fetched.contains(&(hit.visitor, page)), "{hit:?}");
                files += 1;
            }
        }
        assert!(files > 20_000, "{files}");
    }
}

#[test]
fn a_file_that_changes_its_name_with_its_content_is_asked_for_again_by_who_loads_the_page_again() {
    let (stream, hits) = hits("profile: shop", 250_000);
    let target = |url| &*stream.site().urls().get(url).target;
    let mut loads: HashMap<(u64, u32), u32> = HashMap::new();
    let (mut files, mut again) = (0, 0);
    for hit in of_new_people(hits) {
        *loads.entry((hit.visitor, hit.url)).or_default() += 1;
        let ReferrerKind::Page(page) = hit.referrer.kind() else { continue };
        if target(hit.url).ends_with(".css") || target(hit.url).ends_with(".js") {
            files += 1;
            if hit.outcome == Outcome::NotModified {
                assert!(loads[&(hit.visitor, page)] > 1, "{hit:?}");
                again += 1;
            }
        }
    }
    assert!((10..files / 20).contains(&again), "{again} of {files}");
}

#[test]
fn a_browser_that_is_new_speaks_http_2_before_http_3_and_few_speak_http_1_1() {
    let config = "profile: shop\nactors: {people: {returning: 0}}";
    let (_, hits) = hits(config, 250_000);
    let mut spoken: HashMap<u64, Vec<Protocol>> = HashMap::new();
    for hit in of_new_people(hits) {
        spoken.entry(hit.visitor).or_default().push(hit.protocol);
    }
    let mut learnt = 0;
    for protocols in spoken.values() {
        assert!(protocols[0] != Protocol::Http3, "{protocols:?}");
        assert!(protocols.is_sorted(), "{protocols:?}");
        learnt += usize::from(protocols.contains(&Protocol::Http3));
    }
    let with_1_1 = spoken.values().filter(|spoken| spoken[0] == Protocol::Http11).count();
    assert!(with_1_1 * 40 < spoken.len(), "{with_1_1} of {}", spoken.len());
    assert!(learnt * 15 > spoken.len(), "{learnt} of {}", spoken.len());
}

#[test]
fn a_crawler_that_renders_pages_loads_what_they_name() {
    let (stream, hits) = hits("profile: content", 100_000);
    let crawlers: Vec<_> = hits.iter().filter(|hit| hit.kind == ActorKind::SearchCrawler).collect();
    let loaded = crawlers.iter().filter(|hit| matches!(hit.referrer.kind(), ReferrerKind::Page(_)));
    let mut rendered = 0;
    for hit in loaded {
        let ReferrerKind::Page(page) = hit.referrer.kind() else { continue };
        let grounds = stream.site().grounds().unwrap();
        let is_named = grounds.assets(page).iter().any(|asset| asset.url == hit.url);
        let target = &stream.site().urls().get(hit.url).target;
        // What a stylesheet names has the stylesheet as its referrer.
        let is_of_style = stream.site().urls().get(page).target.contains(".css");
        assert!(is_named || target.ends_with("s") || is_of_style, "{hit:?}");
        rendered += 1;
    }
    assert!(rendered * 8 > crawlers.len() && rendered * 2 < crawlers.len(), "{rendered}");
}

#[test]
fn a_scanner_goes_through_a_list_in_its_order() {
    let (stream, hits) = hits("profile: personal", 200_000);
    let probes = &stream.site().grounds().unwrap().probes;
    let lists = ProbeList::ALL.map(|list| probes.of(list as usize));
    let follows = |before: u32, after: u32| {
        let goes_on = |list: &&[TriedPath]| {
            let next = list.iter().skip(1).chain(list.iter().take(1));
            list.iter().zip(next).any(|(one, next)| (one.url, next.url) == (before, after))
        };
        lists.iter().any(goes_on)
    };
    let mut last: HashMap<u64, (Time, u32)> = HashMap::new();
    let (mut steps, mut in_order) = (0, 0);
    for hit in hits.iter().filter(|hit| hit.kind == ActorKind::Scanner) {
        let is_probe = |probe: &TriedPath| probe.url == hit.url;
        assert!(lists.iter().any(|list| list.iter().any(is_probe)), "{hit:?}");
        if let Some((time, before)) = last.insert(hit.visitor, (hit.time, hit.url))
            && hit.time - time < 20 * 1_000_000_000
        {
            steps += 1;
            in_order += u32::from(follows(before, hit.url));
        }
    }
    // Two visits of one host may overlap.
    assert!(steps > 5_000 && in_order * 100 >= steps * 97, "{in_order} of {steps}");
}

#[test]
fn bots_come_from_their_own_networks_and_a_survey_asks_for_three_files_alone() {
    let config = Config::from_yaml("profile: personal").unwrap();
    let rendered = crate::log::lines(&config, 3, 150_000);
    let text = std::str::from_utf8(rendered.first()).unwrap();
    let mut seen = [0; 3];
    for line in text.lines() {
        let host = line.split(' ').next().unwrap();
        if line.contains("CensysInspect") {
            let target = line.split(' ').nth(6).unwrap();
            assert!(["/", "/favicon.ico", "/robots.txt"].contains(&target), "{line}");
            seen[0] += 1;
        } else if line.contains("Googlebot") {
            let parts: Vec<u8> = host.split('.').map(|part| part.parse().unwrap()).collect();
            assert!(parts[..2] == [66, 249] && (64..80).contains(&parts[2]), "{line}");
            seen[1] += 1;
        } else if line.contains("DotBot") {
            assert!(host.starts_with("216.244.66."), "{line}");
            seen[2] += 1;
        }
    }
    assert!(seen.iter().all(|seen| *seen > 100), "{seen:?}");
}

#[test]
fn a_picture_alone_is_found_in_a_search_and_a_touch_icon_is_wanted_by_phones_of_apple() {
    const SEARCHES: [&str; 9] = [
        "google.",
        "bing.",
        "yandex.",
        "duckduckgo.",
        "yahoo.",
        "pinterest.",
        "ecosia.",
        "brave.",
        "baidu.",
    ];
    let config = Config::from_yaml("profile: content").unwrap();
    let rendered = crate::log::lines(&config, 3, 200_000);
    let text = std::str::from_utf8(rendered.first()).unwrap();
    let (mut pictures, mut icons) = (0, 0);
    for line in text.lines() {
        let parts: Vec<&str> = line.split('"').collect();
        let [_, request, _, referrer, _, agent, ..] = parts[..] else { continue };
        let is_own = referrer == "-" || referrer.starts_with("https://www.example.com");
        let is_picture = [".webp", ".jpg", ".avif", ".png?"];
        if is_picture.iter().any(|ending| request.contains(ending)) && !is_own {
            assert!(SEARCHES.iter().any(|search| referrer.contains(search)), "{line}");
            assert!(!agent.contains("FBAV/") && !agent.contains("Instagram "), "{line}");
            pictures += 1;
        }
        if request.contains("/apple-touch-icon") {
            assert!(agent.contains("iPhone") || agent.contains("iPad"), "{line}");
            icons += 1;
        }
        assert!(!request.contains("favicon.svg") && !request.contains(".webmanifest"), "{line}");
    }
    assert!(pictures > 1_000 && icons > 300, "{pictures} {icons}");
}

#[test]
fn an_image_found_in_a_search_is_asked_about_by_a_browser_that_has_fetched_it_alone() {
    let (_, hits) = hits("profile: content\noutput: {rate: 0.46}", 300_000);
    let (mut fetched, mut asked) = (HashSet::new(), 0);
    for hit in hits.iter().filter(|hit| hit.kind == ActorKind::Hotlink) {
        match hit.outcome {
            Outcome::Success => drop(fetched.insert((hit.visitor, hit.url))),
            Outcome::NotModified if hit.time > SETTLED => {
                assert!(fetched.contains(&(hit.visitor, hit.url)), "{hit:?}");
                asked += 1;
            }
            _ => {}
        }
    }
    assert!(asked > 100, "{asked}");
}

/// All keys that take a distribution of times.
const TIMES: [(&str, &str); 10] = [
    ("people", "think_time"),
    ("people", "first_asset"),
    ("people", "next_asset"),
    ("search_crawlers", "pace"),
    ("ai_crawlers", "pace"),
    ("monitors", "interval"),
    ("scanners", "pace"),
    ("apps", "think_time"),
    ("apps", "next_call"),
    ("partners", "pace"),
];

#[test]
fn time_never_goes_back_however_heavy_the_tail_of_a_law_is() {
    let law = "{law: pareto, least: 1, alpha: 0.02}";
    for (kind, key) in TIMES {
        let yaml = format!(
            "{{profile: api, output: {{rate: 300}}, traffic_patterns: [], actors: {{{kind}: {{{key}: {law}}}}}}}"
        );
        let (_, hits) = hits(&yaml, 6_000);
        assert!(hits.is_sorted_by_key(|hit| hit.time), "{kind}.{key}");
    }
}

#[test]
fn few_follow_a_link_to_the_page_that_they_are_on() {
    for profile in ["shop", "content", "personal"] {
        let (stream, hits) =
            hits(&format!("profile: {profile}\nactors: {{people: {{reload: 0}}}}"), 100_000);
        let (mut steps, mut same) = (0, 0);
        for hit in hits.iter().filter(|hit| hit.kind == ActorKind::Person) {
            if hit.method != Method::Get {
                continue;
            }
            let ReferrerKind::Page(from) = hit.referrer.kind() else { continue };
            if !stream.site().grounds().unwrap().assets(hit.url).is_empty() {
                steps += 1;
                same += u32::from(from == hit.url);
            }
        }
        assert!(steps > 1_500, "{profile}: {steps}");
        assert!(same * 15 < steps, "{profile}: {same} of {steps}");
    }
}

#[test]
fn crawlers_look_for_pages_that_are_gone_and_one_that_takes_images_asks_for_no_page() {
    let config = Config::from_yaml("profile: shop\noutput: {rate: 0.46}").unwrap();
    let (stream, hits) = hits("profile: shop\noutput: {rate: 0.46}", 120_000);
    let people = Visitors::new(&config, Shard::WHOLE);
    let (mut gone, mut crawled) = (0, 0);
    for hit in hits.iter().filter(|hit| ActorKind::CRAWLERS.contains(&hit.kind)) {
        crawled += 1;
        gone += u32::from(hit.outcome == Outcome::NotFound);
        if people.agents()[people.agent(hit.visitor)].starts_with("Googlebot-Image") {
            let target = &stream.site().urls().get(hit.url).target;
            assert!(target.contains('.'), "{target}");
        }
    }
    assert!((100..=250).contains(&(gone * 10_000 / crawled)), "{gone} of {crawled}");
}

#[test]
fn a_path_with_a_slash_too_many_is_redirected_and_who_is_led_on_asks_for_the_page() {
    for profile in ["shop", "content", "personal"] {
        let (stream, hits) = hits(&format!("profile: {profile}"), 60_000);
        let target = |hit: &Hit| stream.site().urls().get(hit.url).target.to_string();
        // People are led on by pages that have moved.
        let is_moved =
            |hit: &&Hit| hit.outcome == Outcome::RedirectPermanent && hit.kind != ActorKind::Person;
        let moved: Vec<&Hit> = hits.iter().filter(is_moved).collect();
        assert!((20..400).contains(&moved.len()), "{profile}: {}", moved.len());
        let mut led_on = 0;
        for moved in moved {
            let from = target(moved);
            assert_eq!(
                from.strip_suffix('/').map(|path| path.matches('/').count()),
                Some(1),
                "{from}"
            );
            assert!(hits.iter().all(|hit| hit.url != moved.url || hit.outcome == moved.outcome));
            let mut own = hits.iter().filter(|hit| hit.visitor == moved.visitor);
            let is_page = |hit: &Hit| hit.time > moved.time && from == format!("{}/", target(hit));
            led_on += usize::from(own.any(is_page));
        }
        assert!(led_on > 5, "{profile}: {led_on}");
    }
}

#[test]
fn as_many_visits_end_with_a_connection_that_runs_out_unused_as_are_configured() {
    for silent in [0.0, 0.5] {
        let yaml = format!(
            "profile: shop\nactors: {{shares: {{people: 1}}, people: {{returning: 0, silent: {silent}}}}}"
        );
        let (_, hits) = hits(&yaml, 150_000);
        let (unused, used): (Vec<&Hit>, Vec<&Hit>) = hits
            .iter()
            .filter(|hit| hit.kind == ActorKind::Person)
            .partition(|hit| hit.outcome == Outcome::RequestTimeout);
        let visits: HashSet<u64> = used.iter().map(|hit| hit.visitor).collect();
        let share = unused.len() as f64 / visits.len() as f64;
        assert!(visits.len() > 3_000, "{}", visits.len());
        assert!((share - silent).abs() < 0.04, "{silent}: {share}");
    }
}
