use std::net::IpAddr;

use super::*;
use crate::config::{Config, Network, UserAgents};
use crate::stream::random::Random;
use crate::stream::site::{HOME, Outcome, Site, UrlId};
use crate::stream::{Method, Referrer};

fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config {
        ip_ranges: vec![Network { address: IpAddr::from([192, 168, 1, 100]), prefix: 32 }],
        user_agents: UserAgents { desktop: vec!["Agent \"A\"".into()], mobile: vec![] },
        ..Config::default()
    };
    change(&mut config);
    config
}

fn url(site: &Site, target: &str) -> UrlId {
    site.urls().iter().position(|url| &*url.target == target).expect("it is on the site") as UrlId
}

/// A hit on a target of the site at 2024-10-10T13:55:36.999Z.
fn hit(site: &Site, target: &str) -> Hit {
    Hit {
        time: 1_728_568_536_999_000_000,
        visitor: 1,
        url: url(site, target),
        referrer: Referrer::NONE,
        method: Method::Get,
        outcome: Outcome::Success,
        logged_in: false,
    }
}

fn render(config: &Config, hits: impl Fn(&Site) -> Vec<Hit>) -> (String, String) {
    let site = Site::new(config);
    let hits = hits(&site);
    let mut lines = Lines::default();
    Formatter::new(Arc::new(Tables::new(config, &site))).render(&hits, &mut lines);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is ASCII");
    (text(&lines.access), text(&lines.error))
}

#[test]
fn a_hit_is_a_line_of_the_combined_format() {
    let config = config(|_| {});
    let (access, error) = render(&config, |site| {
        let page = site.follow(HOME, &mut Random::new(1)).url;
        let from_page = Hit { referrer: Referrer::page(page), ..hit(site, "/about") };
        let logged_in = Hit { logged_in: true, referrer: Referrer::external(0), ..from_page };
        let login = Hit { method: Method::Post, ..hit(site, "/login") };
        vec![hit(site, "/products?categoryID=4"), logged_in, login]
    });
    let site = Site::new(&config);
    let size = |target| site.urls().get(url(&site, target)).size;
    let visitors = crate::stream::visitor::Visitors::new(&config, crate::shard::Shard::WHOLE);
    let user = visitors.user(1);
    let number = if user.number > 0 { user.number.to_string() } else { String::new() };
    let expected = [
        format!(
            r#"192.168.1.100 - - [10/Oct/2024:13:55:36 +0000] "GET /products?categoryID=4 HTTP/1.1" 200 {} "-" "Agent \"A\"""#,
            size("/products?categoryID=4")
        ),
        format!(
            r#"192.168.1.100 - {}_{}{number} [10/Oct/2024:13:55:36 +0000] "GET /about HTTP/1.1" 200 {} "https://www.google.com/" "Agent \"A\"""#,
            visitors.first_names()[user.first],
            visitors.last_names()[user.last],
            size("/about")
        ),
        format!(
            r#"192.168.1.100 - - [10/Oct/2024:13:55:36 +0000] "POST /login HTTP/1.1" 200 {} "-" "Agent \"A\"""#,
            size("/login")
        ),
    ];
    assert_eq!(access.lines().collect::<Vec<_>>(), expected);
    assert_eq!(error, "");
}

#[test]
fn a_referrer_is_an_absolute_url_of_the_sites_own_host() {
    let config = config(|config| {
        config.site.host = "shop.example:8443".into();
        config.site.scheme = crate::config::Scheme::Http;
    });
    let (access, _) = render(&config, |site| {
        vec![Hit { referrer: Referrer::page(url(site, "/cart")), ..hit(site, "/checkout") }]
    });
    assert!(access.contains(r#" "http://shop.example:8443/cart" "#), "{access}");
}

#[test]
fn a_status_without_a_body_has_no_size() {
    let config = config(|config| {
        config.status_codes.success = 204;
        config.status_codes.redirect_temporary = 304;
    });
    let (access, _) = render(&config, |site| {
        let moved = Hit { outcome: Outcome::RedirectTemporary, ..hit(site, "/about") };
        let posted = Hit { method: Method::Post, ..hit(site, "/logout") };
        vec![hit(site, "/about"), moved, posted]
    });
    let results: Vec<_> = access.lines().map(|line| line.split('"').nth(2)).collect();
    assert_eq!(results, [Some(" 204 - "), Some(" 304 - "), Some(" 204 - ")]);
}

#[test]
fn each_outcome_has_the_configured_status() {
    let config = config(|config| config.status_codes.server_error = 503);
    let outcomes = [
        (Outcome::NotFound, " 404 "),
        (Outcome::ServerError, " 503 "),
        (Outcome::Forbidden, " 403 "),
        (Outcome::Unauthorized, " 401 "),
        (Outcome::RedirectPermanent, " 301 "),
        (Outcome::RedirectTemporary, " 302 "),
    ];
    let (access, _) = render(&config, |site| {
        outcomes.map(|(outcome, _)| Hit { outcome, ..hit(site, "/about") }).into()
    });
    for (line, (outcome, status)) in access.lines().zip(outcomes) {
        let result = line.split('"').nth(2).expect("a line has a result");
        assert!(result.starts_with(status), "{outcome:?}: {line}");
    }
}

#[test]
fn error_log_says_what_failed_for_whom_and_where() {
    let (access, error) = render(&config(|_| {}), |site| {
        let hit = hit(site, "/checkout");
        [Outcome::Success, Outcome::NotFound, Outcome::ServerError, Outcome::Forbidden]
            .map(|outcome| Hit { outcome, ..hit })
            .into_iter()
            .chain([Hit { outcome: Outcome::Unauthorized, logged_in: true, ..hit }])
            .collect()
    });
    assert_eq!(access.lines().count(), 5);
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("2024-10-10 13:55:36 - ERROR - "), "{}", lines[0]);
    assert!(lines[0].ends_with(": GET /checkout for 192.168.1.100 answered 500"), "{}", lines[0]);
    assert_eq!(
        lines[1],
        "2024-10-10 13:55:36 - WARNING - Access denied: GET /checkout for 192.168.1.100 answered 403"
    );
    assert!(lines[2].starts_with("2024-10-10 13:55:36 - WARNING - Authentication required: "));
    assert!(lines[2].contains(" for 192.168.1.100 (user "), "{}", lines[2]);
}

#[test]
fn error_log_goes_by_the_status_not_by_its_cause() {
    let config = config(|config| {
        config.status_codes.not_found = 503;
        config.status_codes.server_error = 400;
    });
    let (_, error) = render(&config, |site| {
        let hit = hit(site, "/about");
        [Outcome::NotFound, Outcome::ServerError].map(|outcome| Hit { outcome, ..hit }).into()
    });
    assert_eq!(error.lines().count(), 1);
    assert!(error.ends_with(" answered 503\n"), "{error}");
}

#[test]
fn no_line_holds_a_byte_that_could_break_it() {
    let config = config(|config| {
        config.user_agents.desktop = vec!["a\nb\u{0}\"\\é".into()];
        config.search_terms = vec!["x y\"\n&é".into()];
    });
    let site = Site::new(&config);
    let query = url(&site, "/search?q=x+y%22%0A%26%C3%A9");
    let (access, _) = render(&config, |site| vec![Hit { url: query, ..hit(site, "/") }]);
    assert!(access.ends_with("\"a\\nb\\x00\\\"\\\\\\xc3\\xa9\"\n"), "{access}");
    assert!(access.bytes().all(|byte| byte == b'\n' || (0x20..0x7f).contains(&byte)));
    assert_eq!(access.lines().count(), 1);
}

#[test]
fn an_ipv6_visitor_is_written_in_the_canonical_form() {
    let config = config(|config| {
        let address: IpAddr = "2001:db8:0:0:1::5".parse().expect("an address");
        config.ip_ranges = vec![Network { address, prefix: 128 }];
    });
    let (access, _) = render(&config, |site| vec![hit(site, "/")]);
    assert!(access.starts_with("2001:db8::1:0:0:5 - - ["), "{access}");
}

#[test]
fn each_second_that_has_lines_is_marked_where_its_first_line_begins() {
    let config = config(|_| {});
    let site = Site::new(&config);
    let mut lines = Lines::default();
    let mut formatter = Formatter::new(Arc::new(Tables::new(&config, &site)));
    let at = |milliseconds: u64, outcome| {
        let time = 1_728_568_536_000_000_000 + milliseconds * 1_000_000;
        Hit { time, outcome, ..hit(&site, "/") }
    };
    let hits = [
        at(0, Outcome::Success),
        at(999, Outcome::Success),
        at(1_000, Outcome::ServerError),
        at(3_500, Outcome::ServerError),
        at(3_600, Outcome::ServerError),
    ];
    // In two batches of one buffer, as if it had not been cleared between them.
    formatter.render(&hits[..2], &mut lines);
    formatter.render(&hits[2..], &mut lines);
    let marked = |text: &[u8], marks: &[Mark]| -> Vec<(Time, String)> {
        let text = std::str::from_utf8(text).expect("it is ASCII");
        let line = |mark: &Mark| text[mark.offset..].lines().next().expect("a line").to_owned();
        marks.iter().map(|mark| (mark.time, line(mark))).collect()
    };
    let expect = |marked: Vec<(Time, String)>, hits: &[Hit], stamps: &[&str]| {
        let times: Vec<_> = hits.iter().map(|hit| hit.time).collect();
        assert_eq!(marked.iter().map(|(time, _)| *time).collect::<Vec<_>>(), times);
        for ((_, line), stamp) in marked.iter().zip(stamps) {
            assert!(line.contains(stamp), "{stamp}: {line}");
        }
    };
    let access = marked(&lines.access, &lines.access_marks);
    expect(access, &[hits[0], hits[2], hits[3]], &["13:55:36 +", "13:55:37 +", "13:55:39 +"]);
    let error = marked(&lines.error, &lines.error_marks);
    expect(error, &[hits[2], hits[3]], &["13:55:37 -", "13:55:39 -"]);
    let first = |text: &[u8], offset| offset == 0 || text[offset - 1] == b'\n';
    assert!(lines.access_marks.iter().all(|mark| first(&lines.access, mark.offset)));
    assert!(lines.error_marks.iter().all(|mark| first(&lines.error, mark.offset)));
}
