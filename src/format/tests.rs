mod golden;
mod inverse;

use std::net::IpAddr;
use std::sync::Arc;

use super::*;
use crate::config::{Config, Network, UserAgents};
use crate::log_format::NAMED;
use crate::log_format::apache::directives::DIRECTIVES;
use crate::log_format::nginx::variables::VARIABLES;
use crate::log_id::LogId;
use crate::stream::actor_kind::ActorKind;
use crate::stream::random::Random;
use crate::stream::site::{HOME, Outcome, Site, UrlId};
use crate::stream::{Credentials, EventMark, Hit, Method, Protocol, Referrer};
use crate::time::Time;

fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config {
        ip_ranges: vec![Network { address: IpAddr::from([192, 168, 1, 100]), prefix: 32 }].into(),
        user_agents: UserAgents { desktop: vec!["Agent \"A\"".into()], mobile: vec![] },
        ..Config::default()
    };
    change(&mut config);
    config
}

fn url(site: &Site, target: &str) -> UrlId {
    site.urls().iter().position(|url| &*url.target == target).expect("it is on the site") as UrlId
}

/// A hit on a target of the site, at 2024-10-10T13:55:36.999Z.
fn hit(site: &Site, target: &str) -> Hit {
    Hit {
        time: 1_728_568_536_999_000_000,
        visitor: 1,
        url: url(site, target),
        referrer: Referrer::NONE,
        method: Method::Get,
        outcome: Outcome::Success,
        protocol: Protocol::Http11,
        kind: ActorKind::Person,
        credentials: Credentials::NONE,
        event: EventMark::NONE,
        connection: 0,
        on_connection: 1,
    }
}

fn render(config: &Config, hits: impl Fn(&Site) -> Vec<Hit>) -> (String, String) {
    let site = Site::new(config);
    let hits = hits(&site);
    let mut lines = RenderedHits::default();
    Formatter::new(Logs::new(config, &site)).render(&hits, &mut lines);
    let text = |log| String::from_utf8(lines.bytes_of(log).to_vec()).expect("it is ASCII");
    (text(LogId::ACCESS), text(LogId::ERROR))
}

#[test]
fn a_hit_is_a_line_of_the_combined_format() {
    let config = config(|_| {});
    let (access, error) = render(&config, |site| {
        let page = site.follow(HOME, &mut Random::new(1)).url;
        let from_page = Hit { referrer: Referrer::page(page), ..hit(site, "/about") };
        let logged_in = Hit {
            credentials: Credentials::new(false, true),
            referrer: Referrer::external(0),
            ..from_page
        };
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
            .chain([Hit {
                outcome: Outcome::Unauthorized,
                credentials: Credentials::new(false, true),
                ..hit
            }])
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
        config.ip_ranges = vec![Network { address, prefix: 128 }].into();
    });
    let (access, _) = render(&config, |site| vec![hit(site, "/")]);
    assert!(access.starts_with("2001:db8::1:0:0:5 - - ["), "{access}");
}

#[test]
fn each_second_that_has_lines_is_marked_where_its_first_line_begins() {
    let config = config(|_| {});
    let site = Site::new(&config);
    let mut lines = RenderedHits::default();
    let mut formatter = Formatter::new(Logs::new(&config, &site));
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
    let [access, error] = &lines.logs[..] else { panic!("two logs") };
    assert_eq!((access.lines(), error.lines()), (5, 3));
    let marked = |of: &Rendered| marked(&of.bytes, &of.marks);
    expect(
        marked(access),
        &[hits[0], hits[2], hits[3]],
        &["13:55:36 +", "13:55:37 +", "13:55:39 +"],
    );
    expect(marked(error), &[hits[2], hits[3]], &["13:55:37 -", "13:55:39 -"]);
    let first = |text: &[u8], offset| offset == 0 || text[offset - 1] == b'\n';
    for of in [access, error] {
        assert!(of.marks.iter().all(|mark| first(&of.bytes, mark.offset)));
    }
}

/// One line of each kind of hit.
fn hits_of_all_kinds(site: &Site) -> Vec<Hit> {
    let of_target = |target: &'static str| {
        let outcomes = Outcome::ALL.into_iter().flat_map(move |outcome| {
            Method::ALL.map(|method| Hit { method, outcome, ..hit(site, target) })
        });
        let referrer = Referrer::page(url(site, target));
        outcomes.chain([
            Hit {
                referrer,
                credentials: Credentials::new(false, true),
                visitor: 4,
                ..hit(site, target)
            },
            Hit { referrer: Referrer::external(3), visitor: u64::MAX, ..hit(site, target) },
        ])
    };
    ["/", "/products?categoryID=4", "/login"].into_iter().flat_map(of_target).collect()
}

/// The lines of one format, each with its line feed.
fn lines_in(format: &str, config: &Config, site: &Site, hits: &[Hit]) -> String {
    let mut rendered = RenderedHits::default();
    let logs = Logs::in_format(config, site, format).unwrap();
    Formatter::new(logs).render(hits, &mut rendered);
    String::from_utf8(rendered.bytes_of(LogId::ACCESS).to_vec()).unwrap()
}

/// A configuration whose addresses are long and whose agents have every kind of character.
fn hard_config() -> Config {
    config(|config| {
        let address: IpAddr = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff".parse().unwrap();
        config.ip_ranges = vec![Network { address, prefix: 128 }].into();
        config.user_agents.desktop = vec![(&*"é\t\"\\".repeat(100)).into()];
        config.output.timezone = jiff::tz::TimeZone::get("America/St_Johns").unwrap();
    })
}

#[test]
fn no_line_is_longer_than_said_and_each_is_as_long_as_said() {
    let all = [&*all_directives("|"), &*all_variables("|"), "%{%c %A %B %Z}t%b"];
    let named = NAMED.iter().map(|named| named.name);
    for config in [config(|_| {}), hard_config()] {
        let site = Site::new(&config);
        for format in named.clone().chain(all) {
            let logs = Logs::in_format(&config, &site, format).unwrap();
            let mut formatter = Formatter::new(Arc::clone(&logs));
            let mut lengths = LineLengths::new(Arc::clone(&logs));
            for hit in hits_of_all_kinds(&site) {
                let mut lines = RenderedHits::default();
                formatter.render(&[hit], &mut lines);
                let length = lines.bytes_of(LogId::ACCESS).len();
                assert_eq!(length as u64, lengths.of(&hit), "{format}");
                assert!(length <= logs.access().longest(), "{format}: {length}");
            }
        }
        let logs = Logs::new(&config, &site);
        let mut lines = RenderedHits::default();
        for hit in hits_of_all_kinds(&site) {
            lines.clear();
            Formatter::new(Arc::clone(&logs)).render(&[hit], &mut lines);
            for (spec, rendered) in logs.specs().iter().zip(&lines.logs) {
                assert!(rendered.bytes.len() <= spec.program().longest());
            }
        }
    }
}

#[test]
fn lines_that_show_more_than_combined_take_long() {
    let config = config(|_| {});
    let site = Site::new(&config);
    let take_long = |format| Logs::in_format(&config, &site, format).unwrap().take_long();
    assert!(!["combined", "common", "nginx", crate::COMBINED].into_iter().any(take_long));
    assert!(["json", "ecs", "alb", "%h %D"].into_iter().all(take_long));
}

/// All directives of Apache, with a text between them.
fn all_directives(between: &str) -> String {
    let texts = DIRECTIVES.iter().map(|row| row.text.replace("NAME", "X-Other"));
    texts.collect::<Vec<_>>().join(between)
}

/// All variables of nginx, with a text between them.
fn all_variables(between: &str) -> String {
    VARIABLES.iter().map(|row| format!("${{{}}}", row.name)).collect::<Vec<_>>().join(between)
}

#[test]
fn a_format_says_the_same_whatever_stands_beside_its_directives() {
    let config = config(|_| {});
    let site = Site::new(&config);
    let hits = hits_of_all_kinds(&site);
    let directives: Vec<_> =
        DIRECTIVES.iter().map(|row| row.text.replace("NAME", "X-Other")).collect();
    let variables: Vec<_> = VARIABLES.iter().map(|row| format!("${{{}}}", row.name)).collect();
    for parts in [directives, variables] {
        let alone = |part: &String| -> Vec<String> {
            lines_in(part, &config, &site, &hits).lines().map(str::to_owned).collect()
        };
        let alone: Vec<_> = parts.iter().map(alone).collect();
        for between in ["|", "", " a text that is longer than the thirty-two bytes of a step "] {
            let together = lines_in(&parts.join(between), &config, &site, &hits);
            for (number, line) in together.lines().enumerate() {
                let expected: Vec<_> = alone.iter().map(|part| &*part[number]).collect();
                assert_eq!(line, expected.join(between));
            }
        }
    }
}

#[test]
fn a_directive_for_some_statuses_says_the_same_within_a_table_and_outside() {
    let config = config(|_| {});
    let site = Site::new(&config);
    let hits = hits_of_all_kinds(&site);
    let of = |format: &str| lines_in(format, &config, &site, &hits);
    for part in ["m", "U", "b", "{Referer}i", "{User-Agent}i", "u", "D", "h", "{%H}t", "q"] {
        let (chosen, rest) = (of(&format!("%200,404{part}")), of(&format!("%!200,404{part}")));
        let (all, statuses) = (of(&format!("%{part}")), of("%s"));
        let lines = chosen.lines().zip(rest.lines()).zip(all.lines().zip(statuses.lines()));
        for ((chosen, rest), (all, status)) in lines {
            let expected = if ["200", "404"].contains(&status) { (all, "-") } else { ("-", all) };
            assert_eq!((chosen, rest), expected, "{part}");
        }
    }
}

#[test]
fn the_lines_of_json_formats_are_json() {
    for config in [config(|_| {}), hard_config()] {
        let site = Site::new(&config);
        for format in ["json", "ecs", "otel", "caddy"] {
            for line in lines_in(format, &config, &site, &hits_of_all_kinds(&site)).lines() {
                let parsed: Result<serde_json::Value, _> = serde_json::from_str(line);
                assert!(parsed.is_ok(), "{format}: {parsed:?}: {line}");
            }
        }
    }
}

#[test]
fn the_stamp_of_every_named_format_is_read_again() {
    let config = hard_config();
    let site = Site::new(&config);
    for named in NAMED {
        let format = crate::log_format::LogFormat::parse(named.name).unwrap();
        // RFC 3164's own stamp has no year.
        let stamp = format.stamp().unwrap_or_else(|| panic!("{} has a stamp", named.name));
        for line in lines_in(named.name, &config, &site, &hits_of_all_kinds(&site)).lines() {
            let read = stamp.read(line.as_bytes(), &config.output.timezone);
            assert_eq!(read, Some(1_728_568_536_000_000_000), "{}: {line}", named.name);
        }
    }
}

#[test]
fn what_is_rendered_into_used_memory_is_of_its_own_logs_alone() {
    let config = config(|_| {});
    let site = Site::new(&config);
    let hits = hits_of_all_kinds(&site);
    let mut lines = RenderedHits::default();
    let mut formatter = Formatter::new(Logs::new(&config, &site));
    formatter.render(&hits, &mut lines);
    let expected = lines.bytes_of(LogId::ACCESS).to_vec();
    lines.clear();
    formatter.follow(&Logs::alone(&config, &site, crate::shard::Shard::WHOLE, LogId::ACCESS));
    formatter.render(&hits, &mut lines);
    assert_eq!((lines.bytes_of(LogId::ACCESS), lines.logs.len()), (&*expected, 1));
    assert_eq!(lines.status_classes.iter().sum::<u64>(), hits.len() as u64);
}
