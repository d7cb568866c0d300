//! Scenarios: what an event is to move moves in its window by as much as was asked for, and nothing outside of it.

use std::collections::{HashMap, HashSet};

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::inside::stream::country::country;
use access_log_generator::inside::stream::scenario::EventMarks;
use access_log_generator::inside::stream::site::BodyKind;
use access_log_generator::inside::stream::visitor::Visitors;
use access_log_generator::{Config, Hit, Method, Outcome, Referrer, SECOND, Shard, Stream, Time};

use crate::START;

pub const MINUTE: Time = 60 * SECOND;

pub fn hits_of(yaml: &str, shard: Shard, minutes: u64) -> (Config, Stream, Vec<Hit>) {
    let config = Config::from_yaml(yaml).unwrap();
    let mut stream = Stream::of_shard(&config, 5, START, shard);
    let mut hits = Vec::new();
    stream.fill(START + minutes * MINUTE, usize::MAX, &mut hits);
    (config, stream, hits)
}

pub fn hits(events: &str, minutes: u64) -> (Config, Stream, Vec<Hit>) {
    let yaml = format!(
        "profile: shop\noutput: {{rate: 20}}\ntraffic_curve: stepped\ntraffic_noise: 0\n\
         traffic_patterns: [{{time: 0-24}}]\nfailures: {{spells_per_day: 0, deploys_per_week: 0}}\n\
         scenario:\n{events}"
    );
    hits_of(&yaml, Shard::WHOLE, minutes)
}

/// The hits from one minute of the run to another.
pub fn during(hits: &[Hit], from: u64, until: u64) -> &[Hit] {
    let at = |minute| hits.partition_point(|hit| hit.time < START + minute * MINUTE);
    &hits[at(from)..at(until)]
}

pub fn named(config: &Config, hit: &Hit) -> String {
    let marks = EventMarks::new(&config.scenario);
    marks.rows()[usize::from(hit.event.0)].event.clone()
}

const ATTACKS: [&str; 17] = [
    "credential_stuffing",
    "password_spraying",
    "directory_probing",
    "nikto",
    "sqlmap",
    "nuclei",
    "sql_injection",
    "xss",
    "path_traversal",
    "log4shell",
    "template_injection",
    "ssrf",
    "web_shell",
    "scraping",
    "carding",
    "id_enumeration",
    "account_takeover",
];

#[test]
fn an_attack_leaves_the_lines_of_all_others_as_they_are() {
    let (_, _, usual) = hits("  []", 90);
    let kinds = ATTACKS.iter().chain(&["ddos"]);
    let events: Vec<String> = kinds
        .map(|kind| format!("  - {{kind: {kind}, at: +20m, for: 30m, shape: sawtooth}}\n"))
        .collect();
    let (_, _, attacked) = hits(&events.concat(), 90);
    let is_other = |hit: &&Hit| hit.kind != ActorKind::Attacker;
    let others: Vec<Hit> = attacked.iter().filter(is_other).copied().collect();
    let differ = others.iter().zip(&usual).find(|(one, other)| one != other);
    assert_eq!(differ, None);
    assert_eq!(others.len(), usual.len());
    let in_window = during(&attacked, 20, 50);
    let in_all = attacked.iter().filter(|hit| hit.kind == ActorKind::Attacker).count();
    assert_eq!(in_window.iter().filter(|hit| hit.kind == ActorKind::Attacker).count(), in_all);
    assert!(in_all > 100_000, "{in_all}");
}

#[test]
fn at_any_moment_an_attack_has_as_many_lines_as_its_rate_and_shape_say_but_for_one() {
    for kind in ATTACKS {
        for (shape, lines_by) in
            [("step", (|gone| gone) as fn(f64) -> f64), ("ramp", |gone| gone * gone / 2.0)]
        {
            let event =
                format!("  - {{kind: {kind}, at: +10m, for: 10m, rate: 4, shape: {shape}}}\n");
            let (config, _, hits) = hits(&event, 25);
            let attack: Vec<&Hit> =
                hits.iter().filter(|hit| hit.kind == ActorKind::Attacker).collect();
            assert!(attack.iter().all(|hit| named(&config, hit) == kind));
            for (lines, hit) in attack.iter().enumerate() {
                let gone = (hit.time - START - 10 * MINUTE) as f64 / (10 * MINUTE) as f64;
                assert!((0.0..1.0).contains(&gone), "{kind}: {gone}");
                // A ramp goes in sixty even steps.
                let expected = 2_400.0 * lines_by(gone);
                assert!(
                    (lines as f64 - expected).abs() <= 1.5,
                    "{kind} {shape}: {lines} {expected}"
                );
            }
            let expected = 2_400.0 * lines_by(1.0);
            assert!((attack.len() as f64 - expected).abs() <= 1.0, "{kind}: {}", attack.len());
        }
    }
}

#[test]
fn a_surge_multiplies_the_lines_of_its_window_and_the_bound_of_the_rate_holds_with_it() {
    for multiplier in [0.0, 0.25, 3.0, 20.0] {
        let event = format!("  - {{kind: surge, at: +30m, for: 20m, multiplier: {multiplier}}}\n");
        let (config, _, hits) = hits(&event, 80);
        let burst = config.burst_seconds(Shard::WHOLE) * 20.0;
        for minute in 0..80_u64 {
            let surged = (minute.clamp(30, 50) - 30) as f64;
            let expected = 1_200.0 * (minute as f64 + surged * (multiplier - 1.0));
            let lines = during(&hits, 0, minute).len() as f64;
            assert!(
                (lines - expected).abs() <= (burst + 1.0) / 2.0,
                "{multiplier}, minute {minute}: {lines}, {expected}"
            );
        }
    }
}

#[test]
fn failures_strike_their_share_of_what_they_concern_and_nothing_outside_of_their_window() {
    let event = "  - {kind: server_errors, at: +20m, for: 30m, share: 0.3, status: 503}\n";
    let (config, stream, found) = hits(event, 70);
    let urls = stream.site().urls();
    let is_dynamic =
        |hit: &&Hit| hit.method != Method::Unread && urls.get(hit.url).body == BodyKind::Dynamic;
    let is_struck = |hit: &&Hit| named(&config, hit) == "server_errors";
    let concerned = during(&found, 20, 50).iter().filter(is_dynamic).count() as f64;
    let struck = found.iter().filter(is_struck).count();
    assert_eq!(during(&found, 20, 50).iter().filter(is_struck).count(), struck);
    assert!(found.iter().filter(is_struck).all(|hit| hit.outcome == Outcome::Unavailable));
    let dynamic = found.iter().filter(is_struck).filter(is_dynamic).count() as f64;
    let sigma = (concerned * 0.3 * 0.7).sqrt();
    assert!((dynamic - concerned * 0.3).abs() < 4.0 * sigma, "{dynamic} of {concerned}");
    // Before the window, the log is that of a run without the event.
    let (_, _, usual) = hits("  []", 70);
    assert_eq!(during(&found, 0, 20), during(&usual, 0, 20));
}

#[test]
fn a_path_that_is_down_fails_always_and_no_other_does() {
    let event = "  - {kind: path_down, at: +20m, for: 30m, page: /products, status: 502}\n";
    let (config, stream, found) = hits(event, 60);
    let path = |hit: &Hit| {
        let target = &stream.site().urls().get(hit.url).target;
        target.split('?').next().unwrap().to_owned()
    };
    let mut down = 0;
    for hit in during(&found, 20, 50) {
        let is_down = named(&config, hit) == "path_down";
        assert_eq!(is_down, path(hit) == "/products", "{hit:?}");
        assert!(!is_down || hit.outcome == Outcome::BadGateway);
        down += usize::from(is_down);
    }
    assert!(down > 200, "{down}");
}

#[test]
fn a_bad_deploy_has_no_stylesheets_and_a_flapping_dependency_fails_every_other_half_minute() {
    let events = "  - {kind: bad_deploy, at: +20m, for: 10m, share: 0.2}\n  \
                  - {kind: flapping_dependency, at: +40m, for: 10m, share: 0.9}\n";
    let (config, stream, found) = hits(events, 60);
    let is_text = |hit: &&Hit| {
        let url = stream.site().urls().get(hit.url);
        url.body == BodyKind::Text
    };
    let lost = during(&found, 20, 30).iter().filter(is_text);
    assert!(lost.clone().count() > 100);
    assert!(lost.clone().all(|hit| hit.outcome == Outcome::NotFound));
    let kept = during(&found, 31, 40).iter().filter(is_text);
    assert!(kept.clone().count() > 100);
    assert!(kept.clone().all(|hit| hit.outcome != Outcome::NotFound));
    let (mut struck, mut spared) = (0, 0);
    for hit in during(&found, 40, 50) {
        let second = (hit.time - START) / SECOND % 60;
        match named(&config, hit).as_str() {
            "flapping_dependency" if second < 30 => struck += 1,
            "flapping_dependency" => panic!("in second {second}"),
            _ => spared += 1,
        }
    }
    assert!(struck > 500 && spared > 500, "{struck}, {spared}");
}

#[test]
fn a_flash_crowd_enters_at_its_page_from_one_site_and_brings_its_share_of_the_lines() {
    let event = "  - {kind: flash_crowd, at: +30m, for: 60m, multiplier: 4, page: /products}\n";
    let (config, stream, found) = hits(event, 120);
    let window = during(&found, 40, 90);
    let of_crowd = window.iter().filter(|hit| named(&config, hit) == "flash_crowd").count() as f64;
    let share = of_crowd / window.len() as f64;
    assert!((share - 0.75).abs() < 0.06, "{share}");
    let mut seen = HashSet::new();
    let mut senders: HashMap<_, usize> = HashMap::new();
    for hit in found.iter().filter(|hit| named(&config, hit) == "flash_crowd") {
        if seen.insert(hit.visitor) && hit.referrer != Referrer::NONE {
            assert_eq!(&*stream.site().urls().get(hit.url).target, "/products", "{hit:?}");
            *senders.entry(hit.referrer).or_default() += 1;
        }
    }
    // The browsers within applications of networks name their own.
    let (most, all) = (senders.values().max().unwrap(), senders.values().sum::<usize>());
    assert!(seen.len() > 500 && most * 10 > all * 7, "{} {senders:?}", seen.len());
}

#[test]
fn shards_have_the_same_events_and_share_out_the_attackers() {
    let yaml = "profile: shop\noutput: {rate: 20}\nscenario:\n  \
                - {kind: credential_stuffing, at: 30 per day, for: 10m, rate: 6, addresses: 60}\n  \
                - {kind: server_errors, at: 20 per day, for: 5m, share: 1}\n";
    let mut windows: Vec<(Time, Time)> = Vec::new();
    let mut hosts = HashSet::new();
    let (mut all, mut lines) = (0, 0);
    for index in 0..3 {
        let shard = Shard { index, count: 3 };
        let (config, _, found) = hits_of(yaml, shard, 240);
        let visitors = Visitors::new(&config, shard);
        let attack: Vec<&Hit> =
            found.iter().filter(|hit| hit.kind == ActorKind::Attacker).collect();
        let own: HashSet<_> = attack.iter().map(|hit| visitors.address(hit.visitor)).collect();
        all += own.len();
        hosts.extend(own);
        lines += attack.len();
        let ends = (attack[0].time, attack.last().unwrap().time);
        windows.push(ends);
    }
    assert_eq!(hosts.len(), all, "an address in two shards");
    for (start, end) in &windows {
        assert!(start.abs_diff(windows[0].0) < 3 * SECOND, "{windows:?}");
        assert!(end.abs_diff(windows[0].1) < 3 * SECOND, "{windows:?}");
    }
    let (_, _, whole) = hits_of(yaml, Shard::WHOLE, 240);
    let of_whole = whole.iter().filter(|hit| hit.kind == ActorKind::Attacker).count();
    assert!(lines.abs_diff(of_whole) <= 60, "{lines} {of_whole}");
}

#[test]
fn an_account_is_taken_over_from_a_country_that_few_visitors_come_from() {
    for seed in 0..12 {
        let event = format!(
            "  - {{kind: account_takeover, name: t{seed}, at: +1m, for: 20m, addresses: 4}}\n"
        );
        let (config, _, found) = hits(&event, 30);
        let visitors = Visitors::new(&config, Shard::WHOLE);
        let (mut people, mut all) = (HashMap::new(), 0);
        let mut from = HashSet::new();
        for hit in &found {
            let country = country(visitors.address(hit.visitor));
            if hit.kind == ActorKind::Attacker {
                from.insert(country);
            } else {
                *people.entry(country).or_insert(0) += 1;
                all += 1;
            }
        }
        assert!(!from.is_empty());
        for country in from {
            let of_country = people.get(country).copied().unwrap_or(0);
            assert!(of_country * 20 < all, "{country}: {of_country} of {all}");
        }
    }
}

#[test]
fn attackers_of_an_api_ask_for_what_an_api_has() {
    for kind in
        ["credential_stuffing", "carding", "ddos", "id_enumeration", "account_takeover", "sqlmap"]
    {
        let yaml = format!(
            "profile: api\noutput: {{rate: 5}}\nscenario:\n  - {{kind: {kind}, at: +1m, for: 10m}}\n"
        );
        let (_, stream, found) = hits_of(&yaml, Shard::WHOLE, 15);
        let attack: Vec<&Hit> =
            found.iter().filter(|hit| hit.kind == ActorKind::Attacker).collect();
        assert!(attack.len() > 20, "{kind}: {}", attack.len());
        for hit in attack {
            let target = &stream.site().urls().get(hit.url).target;
            assert!(target.starts_with("/v1/") || &**target == "/", "{kind}: {target}");
        }
    }
}

#[test]
fn an_address_that_asks_slowly_is_not_refused_and_one_that_asks_often_may_ask_again_later() {
    let refused = |rate: f64| {
        let event = format!(
            "  - {{kind: password_spraying, at: +1m, for: 100m, rate: {rate}, addresses: 1}}\n"
        );
        let (_, _, found) = hits(&event, 110);
        let attack = found.into_iter().filter(|hit| hit.kind == ActorKind::Attacker);
        attack.map(|hit| hit.outcome == Outcome::TooManyRequests).collect::<Vec<bool>>()
    };
    assert!(!refused(0.01).contains(&true));
    let often = refused(0.5);
    // Ten log-ins of each ten minutes are answered.
    let answered = often.iter().filter(|refused| !**refused).count();
    assert!((90..140).contains(&answered), "{answered} of {}", often.len());
    assert!(often.windows(2).any(|two| two == [true, false]));
}

#[test]
fn each_event_of_the_library_happens_within_a_day_and_makes_or_changes_lines() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/scenarios");
    let mut scenarios = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let yaml = format!("profile: shop\noutput: {{rate: 5}}\n{text}");
        let (config, _, found) = hits_of(&yaml, Shard::WHOLE, 26 * 60);
        let marks = EventMarks::new(&config.scenario);
        let mut lines: HashMap<&str, usize> = HashMap::new();
        for hit in &found {
            let event = &marks.rows()[usize::from(hit.event.0)].event;
            *lines.entry(event).or_default() += 1;
            if let Some(place) = hit.spoilt_by() {
                *lines.entry(&config.scenario[place].name).or_default() += 1;
            }
        }
        for event in &config.scenario {
            // A surge brings visitors who are no others than those who come without it, and who stays away has no lines.
            let is_marked = !["surge", "certificate_expired"].contains(&event.kind.name());
            let made = lines.get(event.name.as_str()).copied().unwrap_or(0);
            assert!(!is_marked || made > 0, "{} in {}", event.name, path.display());
        }
        scenarios += 1;
    }
    assert_eq!(scenarios, 13);
}

#[test]
fn a_patched_site_refuses_and_another_one_does_not() {
    let outcomes = |patched: bool| {
        let event = format!(
            "  - {{kind: sql_injection, at: +10m, for: 20m, patched: {patched}}}\n  \
             - {{kind: scraping, at: +10m, for: 20m, addresses: 2, patched: {patched}}}\n"
        );
        let (_, _, found) = hits(&event, 30);
        let attack = found.into_iter().filter(|hit| hit.kind == ActorKind::Attacker);
        let mut count: HashMap<Outcome, usize> = HashMap::new();
        attack.for_each(|hit| *count.entry(hit.outcome).or_default() += 1);
        count
    };
    let (patched, unpatched) = (outcomes(true), outcomes(false));
    assert!(patched[&Outcome::Forbidden] > 1_000, "{patched:?}");
    assert!(patched[&Outcome::TooManyRequests] > 5_000, "{patched:?}");
    assert!(unpatched[&Outcome::Success] > 12_000, "{unpatched:?}");
    assert!(!unpatched.contains_key(&Outcome::TooManyRequests), "{unpatched:?}");
}
