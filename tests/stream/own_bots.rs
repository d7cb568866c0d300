//! What `actors.bots` says of a bot: how it speaks and, of a scanner, what it tries.

use std::collections::HashSet;

use access_log_generator::inside::stream::Protocol;
use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::{Config, Hit, Method, Outcome, Stream, Time};

use crate::START;

/// The lines of a shop with these bots, and the stream that made them.
fn lines(bots: &str) -> (Stream, Vec<Hit>) {
    let yaml = format!("profile: shop\nactors: {{bots: [{bots}]}}");
    let mut stream = Stream::new(&Config::from_yaml(&yaml).unwrap(), 4, START);
    let mut hits = Vec::new();
    stream.fill(Time::MAX, 60_000, &mut hits);
    (stream, hits)
}

fn version_of(hit: &Hit) -> &'static str {
    Protocol::NAMES[hit.protocol as usize]
}

/// The requests of scanners with these paths, each with its outcome.
fn tried(paths: &str) -> HashSet<(String, &'static str, Outcome)> {
    let bot = "{kind: scanners, user_agent: a, network: 192.0.2.0/24, paths: ";
    let (stream, hits) = lines(&format!("{bot}{paths}}}"));
    let of_scanners: Vec<&Hit> = hits.iter().filter(|hit| hit.kind == ActorKind::Scanner).collect();
    assert!(of_scanners.len() > 500, "{}", of_scanners.len());
    let request = |hit: &&Hit| {
        let target = stream.site().urls().get(hit.url).target.to_string();
        (target, hit.method.name(), hit.outcome)
    };
    of_scanners.iter().map(request).collect()
}

#[test]
fn a_scanner_with_paths_of_its_own_tries_these_and_no_others() {
    let tried =
        tried("[/.secret, /backup.zip, POST /door.php, /about, POST /about, HEAD /contact]");
    let expected = [
        ("/.secret", "GET", Outcome::Forbidden),
        ("/about", "GET", Outcome::Success),
        ("/about", "POST", Outcome::MethodNotAllowed),
        ("/backup.zip", "GET", Outcome::NotFound),
        ("/contact", "HEAD", Outcome::Success),
        ("/door.php", "POST", Outcome::NotFound),
    ];
    assert_eq!(tried, expected.map(|(path, method, is)| (path.to_owned(), method, is)).into());
}

#[test]
fn a_list_by_its_name_is_the_built_in_one() {
    let (named, with_more) = (tried("[secrets]"), tried("[secrets, /more]"));
    assert!(named.iter().any(|(path, ..)| path == "/.env"), "{named:?}");
    let more: Vec<_> = with_more.difference(&named).collect();
    assert_eq!(more, [&("/more".to_owned(), Method::Get.name(), Outcome::NotFound)]);
}

#[test]
fn a_bot_speaks_the_version_that_it_is_given_and_others_are_as_they_were() {
    for version in ["1.0", "1.1", "2.0", "3.0"] {
        let bot = "{kind: feed_readers, user_agent: Miniflux/2.0, network: 192.0.2.0/24, http: ";
        let (_, hits) = lines(&format!("{bot}{version}}}"));
        let readers = hits.iter().filter(|hit| hit.kind == ActorKind::FeedReader);
        let spoken: HashSet<&str> = readers.map(version_of).collect();
        let name = format!("HTTP/{version}");
        assert_eq!(spoken.into_iter().collect::<Vec<_>>(), [name.as_str()]);
    }
    let bot = "{kind: feed_readers, user_agent: Miniflux/2.0, network: 192.0.2.0/24}";
    let (_, hits) = lines(bot);
    let mut readers = hits.iter().filter(|hit| hit.kind == ActorKind::FeedReader);
    assert!(readers.all(|hit| version_of(hit) == "HTTP/2.0"));
}
