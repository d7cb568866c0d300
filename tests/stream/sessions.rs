//! Sessions, read back from the log that they leave.

use std::collections::{HashMap, HashSet};

use access_log_generator::LogId;
use access_log_generator::inside::config::Config;

use crate::config;
use crate::log::{Entry, entry, lines};

/// Two simulated hours.
const SPAN: u32 = 7_200;
const RATE: f64 = 100.0;

/// The sessions of a log: with addresses from four billion, a visitor is a session.
fn sessions<'a>(text: &'a str) -> Vec<Vec<Entry<'a>>> {
    let mut order = Vec::new();
    let mut sessions: HashMap<&str, Vec<Entry<'a>>> = HashMap::new();
    for line in text.lines() {
        let entry = entry(line);
        let session = sessions.entry(entry.host).or_default();
        if session.is_empty() {
            order.push(entry.host);
        }
        session.push(entry);
    }
    order.iter().filter_map(|host| sessions.remove(host)).collect()
}

fn read(change: impl FnOnce(&mut Config), test: impl Fn(&[Vec<Entry<'_>>])) {
    let config = config(|config| {
        config.output.rate = RATE;
        // A network so large that no two sessions share an address.
        config.ip_ranges = vec![access_log_generator::inside::config::Network {
            address: "2001:db8::".parse().unwrap(),
            prefix: 32,
        }]
        .into();
        change(config);
    });
    let lines = lines(&config, 11, (RATE * f64::from(SPAN)) as usize);
    let text = String::from_utf8(lines.bytes_of(LogId::ACCESS).to_vec()).unwrap();
    let sessions = sessions(&text);
    assert!(sessions.len() > 10_000, "{}", sessions.len());
    test(&sessions);
}

const SITE: &str = "https://www.example.com/";

fn is_log_in(hit: &Entry<'_>) -> bool {
    hit.method == "POST" && hit.target == "/login"
}

/// Sessions that began in the log and had time to end in it: without those already under way when
/// it began, and before the last twenty minutes.
fn whole<'a, 'b>(sessions: &'b [Vec<Entry<'a>>]) -> impl Iterator<Item = &'b Vec<Entry<'a>>> {
    sessions
        .iter()
        .filter(|session| session[0].second > 60 && session[0].second < SPAN - 1_800)
        .filter(|session| is_log_in(&session[0]) || !session[0].referrer.starts_with(SITE))
}

#[test]
fn a_session_has_one_agent_and_one_user_from_log_in_to_log_out() {
    read(
        |_| {},
        |sessions| {
            let mut logged_in = 0;
            for session in whole(sessions) {
                assert!(session.iter().all(|hit| hit.agent == session[0].agent));
                // Visitors whose log-in fails are not logged in.
                let takes = |hit: &Entry<'_>| hit.target == "/login" && hit.status == 302;
                let login = session.iter().position(takes);
                let before = login.unwrap_or(session.len());
                assert!(session[..before].iter().all(|hit| hit.user == "-"));
                if let Some(login) = login {
                    logged_in += 1;
                    assert_eq!(session[login].method, "POST");
                    assert_ne!(session[login].user, "-");
                    assert!(session[login..].iter().all(|hit| hit.user == session[login].user));
                }
                let logout = session.iter().position(|hit| hit.target == "/logout");
                assert!(logout.is_none() || login.is_some(), "{session:?}");
                assert!(logout.is_none_or(|logout| logout == session.len() - 1));
            }
            assert!(logged_in > 5_000, "{logged_in}");
        },
    );
}

#[test]
fn a_form_that_is_taken_leads_elsewhere_and_only_those_who_logged_in_log_out() {
    read(
        |_| {},
        |sessions| {
            let (mut taken, mut without) = (0, 0);
            for session in sessions {
                for hit in session.iter().filter(|hit| ["/login", "/logout"].contains(&hit.target))
                {
                    let is_taken = hit.target == "/logout" || hit.status == 302;
                    assert!(hit.method == "POST" && (hit.user != "-") == is_taken, "{hit:?}");
                    assert!([302, 500].contains(&hit.status), "{hit:?}");
                    assert!(hit.status == 500 || hit.size.parse::<u32>().unwrap() < 400, "{hit:?}");
                    taken += usize::from(hit.status == 302);
                }
            }
            for session in whole(sessions) {
                // The form of the log-in was loaded before.
                assert!(!is_log_in(&session[0]) || session[0].referrer == format!("{SITE}login"));
                without += usize::from(session.iter().all(|hit| hit.user == "-"));
            }
            assert!(taken > 5_000 && without > 1_000, "{taken} {without}");
        },
    );
}

#[test]
fn an_order_is_posted_and_a_further_page_of_results_comes_after_the_one_before_it() {
    read(
        |config| config.navigation.home.push(("/search".into(), 0.5)),
        |sessions| {
            let (mut orders, mut further) = (0, 0);
            for hit in sessions.iter().flatten() {
                let from = hit.referrer.strip_prefix(SITE.trim_end_matches('/'));
                if hit.target == "/thank-you" {
                    assert_eq!((hit.method, from), ("POST", Some("/checkout")));
                    orders += 1;
                }
                let Some((query, page)) = hit.target.split_once("&page=") else { continue };
                let before = match page {
                    "2" => query.to_owned(),
                    page => format!("{query}&page={}", page.parse::<u32>().unwrap() - 1),
                };
                assert_eq!(from, Some(&*before), "{hit:?}");
                further += usize::from(page != "2");
            }
            assert!(orders > 1_000 && further > 1_000, "{orders} {further}");
        },
    );
}

#[test]
fn errors_differ_in_size_from_target_to_target_and_a_target_keeps_its_own() {
    read(
        |_| {},
        |sessions| {
            for status in [404, 500] {
                let mut by_target: HashMap<&str, &str> = HashMap::new();
                let mut sizes = HashSet::new();
                for hit in sessions.iter().flatten().filter(|hit| hit.status == status) {
                    sizes.insert(hit.size);
                    assert_eq!(*by_target.entry(hit.target).or_insert(hit.size), hit.size);
                }
                assert!(sizes.len() > 20, "{status}: {sizes:?}");
            }
        },
    );
}

#[test]
fn the_referrer_is_the_page_the_visitor_was_on() {
    read(
        |_| {},
        |sessions| {
            for session in sessions {
                for pair in session.windows(2) {
                    let page = format!("https://www.example.com{}", pair[0].target);
                    assert_eq!(pair[1].referrer, page);
                }
            }
            let external = whole(sessions)
                .filter(|session| session[0].referrer != "-" && session[0].method == "GET")
                .count();
            assert!(external > 1_000, "{external}");
        },
    );
}

#[test]
fn think_times_stay_in_the_configured_range() {
    read(
        |config| {
            config.session.min_page_view_interval = 3.0;
            config.session.max_page_view_interval = 8.0;
        },
        |sessions| {
            let mut seen = [0u32; 12];
            for pair in sessions.iter().flat_map(|session| session.windows(2)) {
                // Whole seconds: the true time is less than one second off.
                seen[(pair[1].second - pair[0].second) as usize] += 1;
            }
            assert_eq!(seen[..2], [0, 0], "{seen:?}");
            assert_eq!(seen[9..], [0, 0, 0], "{seen:?}");
            assert!(seen[3..8].iter().all(|&count| count > 50_000), "{seen:?}");
        },
    );
}

/// A share of whole sessions, within four standard deviations of what the table says.
fn near(what: &str, of: usize, total: usize, share: f64) {
    let sigma = (total as f64 * share * (1.0 - share)).sqrt();
    let off = (of as f64 - total as f64 * share) / sigma;
    assert!(off.abs() <= 4.0, "{what}: {of} of {total}, {off:.1} sigma off {share}");
}

#[test]
fn transitions_have_the_shares_of_the_table() {
    read(
        |config| {
            // Only the state ERROR fails, so that it can be told apart; and carts are only left.
            config.error_rates.global_500_rate = 0.0;
            config.error_rates.cart_abandonment_rate = 0.0;
        },
        |sessions| {
            let all: Vec<_> = whole(sessions).collect();
            let (logins, direct): (Vec<_>, Vec<_>) =
                all.iter().partition(|session| is_log_in(&session[0]));
            near("START to LOGIN", logins.len(), all.len(), 0.7);
            let single = |sessions: &[&&Vec<Entry<'_>>]| {
                sessions.iter().filter(|session| session.len() == 1).count()
            };
            near("LOGIN to ABANDON", single(&logins), logins.len(), 0.1);
            near("DIRECT_ACCESS to LEAVE", single(&direct), direct.len(), 0.2);
            // A spell of browsing that does not lead to another leads to one of these.
            let browsed: Vec<_> = all.iter().filter(|session| session.len() > 1).collect();
            let last = |is: &dyn Fn(&Entry<'_>) -> bool| {
                browsed.iter().filter(|session| session.last().is_some_and(is)).count()
            };
            let logout = last(&|hit| hit.target == "/logout");
            // Only those who logged in log out.
            let logged_in = browsed.iter().filter(|session| session[0].user != "-").count();
            near("BROWSING to LOGOUT", logout, logged_in, 0.4 / 0.75);
            let error = last(&|hit| hit.status == 500);
            near("BROWSING to ERROR", error, browsed.len(), 0.05 / 0.75);
            let abandoned =
                last(&|hit| hit.user != "-" && hit.target != "/logout" && hit.status != 500);
            near("to ABANDON", abandoned, logged_in, 0.3 / 0.75);
        },
    );
}

#[test]
fn spells_of_browsing_follow_each_other_as_often_as_the_table_says() {
    read(
        |config| {
            // Every spell takes just as long: the number of views tells the number of spells.
            config.session.min_browsing_duration = 25.0;
            config.session.max_browsing_duration = 25.0;
            config.session.min_page_view_interval = 10.0;
            config.session.max_page_view_interval = 10.0;
            config.error_rates.cart_abandonment_rate = 0.0;
            config.error_rates.global_500_rate = 0.0;
            config.state_transitions.browsing.retain(|(state, _)| {
                use access_log_generator::inside::config::State;
                matches!(state, State::Browsing | State::Logout)
            });
        },
        |sessions| {
            let (mut spells, mut sessions_browsing) = (0, 0);
            for session in whole(sessions).filter(|session| session.len() > 1) {
                // An entry, three views a spell, the log-out of those who logged in.
                let others = 1 + usize::from(is_log_in(&session[0]));
                assert_eq!((session.len() - others) % 3, 0, "{session:?}");
                spells += (session.len() - others) / 3;
                sessions_browsing += 1;
            }
            near("BROWSING to BROWSING", spells - sessions_browsing, spells, 0.25 / 0.65);
        },
    );
}
