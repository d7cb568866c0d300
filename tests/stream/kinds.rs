//! The kinds of visitors of a profile: each has its share of the lines, and manners that it does not break.

use std::collections::{HashMap, HashSet};

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::inside::stream::visitor::Visitors;
use access_log_generator::{
    Config, Hit, LogId, Method, Outcome, ReferrerKind, SECOND, Shard, Stream, Time,
};

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
        for (kind, share) in ActorKind::USUAL.into_iter().zip(shares) {
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
fn the_bots_of_a_kind_are_those_of_the_configuration_from_their_networks_and_by_their_weights() {
    let yaml = r#"
profile: shop
actors:
  shares: {monitors: 1, ai_crawlers: 1}
  bots:
    - {kind: monitors, user_agent: "Watcher/1", network: 192.0.2.14/32}
    - {kind: ai_crawlers, user_agent: "Reader/1", network: 198.51.100.0/24, hosts: 12, weight: 3}
    - {kind: ai_crawlers, user_agent: "-", network: "2001:db8:7::/48", hosts: 4}
"#;
    for shard in [Shard::WHOLE, Shard { index: 1, count: 3 }] {
        let config = Config::from_yaml(yaml).unwrap();
        let mut stream = Stream::of_shard(&config, 3, START, shard);
        let people = Visitors::new(&config, shard);
        let mut hits = Vec::new();
        stream.fill(Time::MAX, 60_000, &mut hits);
        let mut visits: HashMap<&str, usize> = HashMap::new();
        for hit in &hits {
            let agent = &*people.agents()[people.agent(hit.visitor)];
            let address = people.address(hit.visitor).to_string();
            match hit.kind {
                ActorKind::Monitor => assert_eq!((agent, &*address), ("Watcher/1", "192.0.2.14")),
                ActorKind::AiCrawler => {
                    let network = if agent == "Reader/1" { "198.51.100." } else { "2001:db8:7:" };
                    assert!(address.starts_with(network), "{agent}: {address}");
                    *visits.entry(agent).or_default() += 1;
                }
                ActorKind::SearchCrawler => assert!(agent.contains("bot"), "{agent}"),
                _ => assert_ne!(agent, "Watcher/1"),
            }
        }
        let (three, one) = (visits["Reader/1"] as f64, visits[""] as f64);
        // A visit has hundreds of lines at times.
        assert!((1.5..6.0).contains(&(three / one)), "{visits:?}");
    }
}

#[test]
fn agents_with_weights_come_as_often_as_these_say() {
    let yaml = r#"
profile: shop
user_agents:
  desktop: {"Desk/1": 60, "Desk/2": 20}
  mobile: {"Pocket/1": 20}
"#;
    let (config, _, hits) = hits(yaml, 200_000);
    let all = Visitors::new(&config, Shard::WHOLE);
    assert_eq!(config.user_agents.desktop.len(), 2);
    let people = hits.iter().filter(|hit| hit.kind == ActorKind::Person);
    let visitors: HashSet<u64> = people.map(|hit| hit.visitor).collect();
    let mut of: HashMap<&str, f64> = HashMap::new();
    for visitor in &visitors {
        let agent = &*all.agents()[all.agent(*visitor)];
        *of.entry(agent).or_default() += 1.0 / visitors.len() as f64;
    }
    for (agent, share) in [("Desk/1", 0.6), ("Desk/2", 0.2), ("Pocket/1", 0.2)] {
        assert!((of[agent] - share).abs() < 0.03, "{of:?}");
    }
}

#[test]
fn visitors_who_come_from_other_sites_come_from_those_that_are_configured_alone() {
    let people = "actors: {people: {campaign: 0, check_out: 0}}";
    for rest in
        [format!("profile: shop\n{people}"), format!("profile: api\n{people}"), String::new()]
    {
        let own = "external_referrers: {'https://a.example/': 3, 'https://l.instagram.com/': 1}";
        let (_, stream, hits) = hits(&format!("{own}\n{rest}"), 100_000);
        let urls = stream.site().external_referrers().urls();
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for hit in &hits {
            if let ReferrerKind::External(external) = hit.referrer.kind() {
                *seen.entry(&urls[external as usize]).or_default() += 1;
            }
        }
        let (three, one) = (seen["https://a.example/"], seen["https://l.instagram.com/"]);
        assert!(seen.len() == 2 && three > one, "{rest}: {seen:?}");
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
        let path = stream.site().urls().get(hit.url).target.split('?').next().unwrap();
        let is_picture = [".webp", ".jpg", ".png"].iter().any(|ending| path.ends_with(ending));
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
    assert!(asked > 30, "{asked}");
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

/// The pages of each person who came after the first two hours and was gone before the end, as method and target without query.
fn whole_visits(yaml: &str) -> Vec<Vec<(Time, String)>> {
    let (_, stream, hits) = hits(yaml, 200_000);
    let settled = START + 7_200 * 1_000_000_000;
    let end = hits.last().unwrap().time - 1_800 * 1_000_000_000;
    let mut visits: HashMap<u64, Vec<(Time, String)>> = HashMap::new();
    for hit in hits.iter().filter(|hit| hit.kind == ActorKind::Person) {
        let target = &stream.site().urls().get(hit.url).target;
        let path = target.split('?').next().unwrap();
        // Files have an ending; a connection that ran out is no page.
        if hit.method != Method::Unread && !path.starts_with("/api/") && !path.contains('.') {
            let line = format!("{} {path}", hit.method.name());
            visits.entry(hit.visitor).or_default().push((hit.time, line));
        }
    }
    visits.retain(|_, pages| pages[0].0 > settled && pages.last().unwrap().0 < end);
    visits.into_values().collect()
}

const ALONE: &str = "profile: shop
output: {burst_seconds: 3600}
actors:
  shares: {people: 1, hotlinks: 0, search_crawlers: 0, ai_crawlers: 0, seo_crawlers: 0, monitors: 0, feed_readers: 0, \
                     link_previews: 0, scanners: 0, strays: 0}
  people: {returning: 0, reload: 0, back: 0, add_to_cart: 0, leave_after_failure: 1}
failures: {spells_per_day: 0, deploys_per_week: 0}
error_rates: {cart_abandonment_rate: 0}
";

#[test]
fn people_of_a_profile_go_by_the_tables_of_states_where_there_are_some() {
    let one_page = whole_visits(&format!(
        "{ALONE}state_transitions: {{START: {{DIRECT_ACCESS: 1}}, DIRECT_ACCESS: {{LEAVE: 1}}}}\n"
    ));
    assert!(one_page.len() > 1_000, "{}", one_page.len());
    assert!(one_page.iter().all(|pages| pages.len() == 1), "{one_page:?}");
    let members = whole_visits(&format!(
        "{ALONE}state_transitions:
  START: {{LOGIN: 1}}
  LOGIN: {{BROWSING: 1}}
  BROWSING: {{LOGOUT: 1}}
session: {{min_browsing_duration: 60, max_browsing_duration: 60, page_view_interval: 10}}
"
    ));
    assert!(members.len() > 1_000, "{}", members.len());
    let mut left = 0;
    for pages in &members {
        assert_eq!(pages[0].1, "GET /login", "{pages:?}");
        assert_eq!(pages[1].1, "POST /login", "{pages:?}");
        // A few do not find a page and leave.
        if pages.last().unwrap().1 != "POST /logout" {
            left += 1;
            continue;
        }
        let views = pages.iter().filter(|(_, line)| line.starts_with("GET ")).count();
        // Of 60 s with 5 to 15 s between two pages: five or six pages after the form and the account.
        assert!((6..=16).contains(&views), "{pages:?}");
    }
    assert!(left * 20 < members.len(), "{left} of {}", members.len());
}

/// The times between two lines of one visitor, of the visitors of a kind.
fn gaps_of(hits: &[Hit], kind: ActorKind) -> Vec<Time> {
    let mut last_of = HashMap::new();
    let own = hits.iter().filter(|hit| hit.kind == kind);
    own.filter_map(|hit| Some(hit.time - last_of.insert(hit.visitor, hit.time)?)).collect()
}

#[test]
fn at_a_high_rate_more_readers_come_and_none_asks_many_times_a_minute() {
    // Ten minutes.
    let (_, _, hits) = hits("profile: content\noutput: {rate: 500}", 300_000);
    let asks = hits.iter().filter(|hit| hit.kind == ActorKind::FeedReader).count();
    let gaps = gaps_of(&hits, ActorKind::FeedReader);
    let soon = gaps.iter().filter(|gap| **gap < 60 * SECOND).count();
    assert!(asks > 5_000, "{asks}");
    // Rarely, a reader that goes away is followed by another one at the same address.
    assert!((soon as f64) < 0.02 * asks as f64, "{soon} of {asks}");
}

#[test]
fn a_reader_asks_each_half_hour_or_hour_and_rarely_at_another_moment() {
    for profile in ["shop", "content", "personal"] {
        let (_, _, hits) = hits(&format!("profile: {profile}\noutput: {{rate: 0.46}}"), 120_000);
        let gaps = gaps_of(&hits, ActorKind::FeedReader);
        let is_regular = |gap: &&Time| {
            [1_800, 3_600].iter().any(|every| (**gap).abs_diff(every * SECOND) < 30 * SECOND)
        };
        let regular = gaps.iter().filter(is_regular).count();
        assert!(gaps.len() > 700, "{profile}: {}", gaps.len());
        assert!(regular * 100 > gaps.len() * 88, "{profile}: {regular} of {}", gaps.len());
    }
}

#[test]
fn a_monitor_that_looks_begins_to_look_once_more_rarely_at_any_rate() {
    for rate in [0.46, 20.0, 1_000.0] {
        let (_, _, hits) = hits(&format!("profile: shop\noutput: {{rate: {rate}}}"), 400_000);
        let gaps = gaps_of(&hits, ActorKind::Monitor);
        let looks = hits.iter().filter(|hit| hit.kind == ActorKind::Monitor).count();
        let soon = gaps.iter().filter(|gap| **gap < 59 * SECOND).count();
        assert!(looks > 2_000, "{looks}");
        assert!((soon as f64) < 0.05 * looks as f64, "{rate}: {soon} of {looks}");
    }
}

#[test]
fn the_shards_of_a_site_have_as_many_readers_as_the_whole() {
    let readers = |shard: Shard, count: usize| -> HashSet<u64> {
        let config = Config::from_yaml("profile: content\noutput: {rate: 40}").unwrap();
        let mut stream = Stream::of_shard(&config, 3, START, shard);
        let mut hits = Vec::new();
        stream.fill(Time::MAX, count, &mut hits);
        let own = hits.iter().filter(|hit| hit.kind == ActorKind::FeedReader);
        own.map(|hit| hit.visitor).collect()
    };
    let whole = readers(Shard::WHOLE, 400_000).len();
    let shards = (0..8).map(|index| readers(Shard::new(index, 8).unwrap(), 50_000).len());
    let shards: usize = shards.sum();
    assert!(whole > 500, "{whole}");
    // Those who look when the log begins are as many as in a sample of visits.
    assert!(shards.abs_diff(whole) < whole / 4, "{shards}, not {whole}");
}

#[test]
fn a_browser_follows_a_redirection_at_once_to_another_page_with_the_same_referrer() {
    let yaml = "profile: shop\nerror_rates: {redirect_301: 0.05, redirect_302: 0.05}\n\
                output: {rate: 50}\nactors: {people: {returning: 0}, shares: {people: 1}}";
    let (_, _, hits) = hits(yaml, 200_000);
    let is_redirection = |hit: &&Hit| {
        let outcomes = [Outcome::RedirectPermanent, Outcome::RedirectTemporary];
        hit.method == Method::Get && outcomes.contains(&hit.outcome)
    };
    let (mut last_of, mut leads_to, mut waits) = (HashMap::new(), HashMap::new(), Vec::new());
    for hit in hits.iter().filter(|hit| hit.kind == ActorKind::Person) {
        let last: Option<&Hit> = last_of.insert(hit.visitor, hit);
        let Some(last) = last.filter(is_redirection) else { continue };
        assert_ne!(hit.url, last.url);
        assert_eq!(hit.referrer, last.referrer);
        assert_eq!(*leads_to.entry(last.url).or_insert(hit.url), hit.url, "it leads there always");
        waits.push(hit.time - last.time);
    }
    let left = last_of.values().filter(|last| is_redirection(last)).count();
    assert!(waits.len() > 1_000 && left < 10, "{} followed, {left} not", waits.len());
    // A line for which there is no token waits for one.
    waits.sort_unstable();
    assert!(waits[waits.len() * 9 / 10] < SECOND / 5, "{}", waits[waits.len() * 9 / 10]);
}

#[test]
fn people_within_an_application_come_from_it_alone() {
    let yaml = "profile: shop\noutput: {format: '\"%{User-agent}i\" \"%{Referer}i\" %U%q'}";
    let config = Config::from_yaml(yaml).unwrap();
    let rendered = crate::log::lines(&config, 3, 400_000);
    let text = std::str::from_utf8(rendered.bytes_of(LogId::ACCESS)).unwrap();
    let mut seen = [0; 3];
    for line in text.lines() {
        let parts: Vec<&str> = line.split('"').collect();
        let (agent, referrer, target) = (parts[1], parts[3], parts[4]);
        if referrer == "-" || referrer.starts_with("https://www.example.com") {
            continue;
        }
        let wanted = [
            ("FBAV/", "facebook.com/", "gclid="),
            ("Instagram ", "instagram.com/", "gclid="),
            (" GSA/", "www.google.", "fbclid="),
        ];
        for ((mark, origin, other), seen) in wanted.iter().zip(&mut seen) {
            if agent.contains(mark) {
                let pays = referrer == "https://checkout.stripe.com/";
                assert!(referrer.contains(origin) || pays, "{line}");
                assert!(!target.contains(other), "{line}");
                *seen += 1;
            }
        }
    }
    assert!(seen.iter().all(|seen| *seen > 100), "{seen:?}");
}
