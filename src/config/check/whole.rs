//! Rules that no setting breaks alone: a session must make hits and come to an end, the next line must
//! lie within the range of times, the live sessions must fit into memory, and what is said of a page must
//! concern a page that gets hits.

use crate::config::event_kind::EventKind;
use crate::config::keys::output::LEAST_RATE;
use crate::config::links::{is_meant, leads_to, linked, reached};
use crate::config::report::{FindingReport, Severity};
use crate::config::tree::{Node, NodeId, Value, quoted};
use crate::config::words::{grouped, grouped_whole, plain};
use crate::config::{Config, State, StateTransitions};
use crate::shard::Shard;

/// The smallest share of sessions that make a hit: below it, hardly anything but empty sessions
/// would be drawn.
const LEAST_SHARE_WITH_HITS: f64 = 0.01;
/// After so many transitions at most [`SHARE_UNDER_WAY`] of the sessions may be under way.
const MOST_TRANSITIONS: u32 = 10_000;
const SHARE_UNDER_WAY: f64 = 0.001;
/// At 64 bytes each, 6 GiB.
const MOST_LIVE_SESSIONS: f64 = 100_000_000.0;

/// Checks settings against each other. To be asked only where each is right in itself.
pub fn check(config: &Config, root: &Node, report: &FindingReport) {
    let error = |path: &[&str], message: String| {
        report.note(Severity::Error, place(root, path), &path.join("."), message);
    };
    check_reached(config, root, report);
    check_states(config, root, report);
    if let Some(message) = too_rare(config, Shard::WHOLE) {
        error(&["output", "rate"], message);
    }
    check_hosts(config, root, report);
    check_format_changes(config, root, report);
    let multiplier = config.traffic_pattern.highest();
    let times = &config.session;
    let mean = (times.min_page_view_interval + times.max_page_view_interval) / 2.0;
    let live = config.output.rate * multiplier * mean;
    if live > MOST_LIVE_SESSIONS {
        let is_plain = multiplier == config.traffic_pattern.bounds().1;
        let within = if is_plain { "" } else { " (traffic_curve and traffic_noise included)" };
        error(
            &["output", "rate"],
            format!(
                "found {} lines/s; with a line from each session every {} s on average and a \
                 highest multiplier of {}{}, {} sessions would be live, expected at most \
                 {}: lower the rate, session.max_page_view_interval or the multiplier",
                grouped(config.output.rate),
                plain(mean),
                plain(multiplier),
                within,
                grouped(live.round()),
                grouped(MOST_LIVE_SESSIONS)
            ),
        );
    }
}

/// Reports tables of states by which sessions make no hits or come to no end.
fn check_states(config: &Config, root: &Node, report: &FindingReport) {
    if config.state_transitions.is_empty() {
        return;
    }
    let error = |path: &[&str], message: String| {
        report.note(Severity::Error, place(root, path), &path.join("."), message);
    };
    let share = share_with_hits(config);
    if share < LEAST_SHARE_WITH_HITS {
        error(
            &["state_transitions", "START"],
            format!(
                "found that {} % of the sessions would make a hit, expected at least 1 %: LOGIN, \
                 DIRECT_ACCESS, BROWSING and ERROR make one, ABANDON with \
                 error_rates.cart_abandonment_rate ({}), LEAVE, END and LOGOUT without LOGIN none",
                share * 100.0,
                config.error_rates.cart_abandonment_rate
            ),
        );
    }
    if share_under_way(&config.state_transitions) > SHARE_UNDER_WAY {
        error(
            &["state_transitions"],
            format!(
                "found that sessions would go on for more than {} states, expected a way out: give LOGOUT, \
                 ABANDON, LEAVE, ERROR or END more weight",
                grouped_whole(MOST_TRANSITIONS.into())
            ),
        );
    }
}

/// What is wrong where the lines of a shard would be too far apart.
pub fn too_rare(config: &Config, shard: Shard) -> Option<String> {
    let mean = config.traffic_pattern.mean();
    (shard.part_of(config.output.rate) * mean < LEAST_RATE).then(|| {
        let part = match shard.count {
            1 => String::new(),
            count => format!(" and {} shards", grouped_whole(count.into())),
        };
        // A sum of tenths is not always the tenth that a reader expects.
        let rounded = (mean * 1e6).round() / 1e6;
        let shown = if rounded > 0.0 { rounded } else { mean };
        format!(
            "found {} lines/s; with a mean multiplier of {}{part} that is less than a line in three \
             years, expected at least {} lines/s over the day",
            grouped(config.output.rate),
            plain(shown),
            plain(LEAST_RATE)
        )
    })
}

/// Reports the further logs that ask for a host that no request is for.
fn check_hosts(config: &Config, root: &Node, report: &FindingReport) {
    let own = &config.site.host;
    let name = own.rsplit_once(':').map_or(&**own, |(name, _)| name);
    for (index, log) in config.output.logs.iter().enumerate() {
        let Some(host) = &log.selection.host else { continue };
        if host.eq_ignore_ascii_case(own) || host.eq_ignore_ascii_case(name) {
            continue;
        }
        let message = format!(
            "found the host {}, expected {}, which is site.host: all requests are for it. Visitors are selected by \
             \"remote_host\"",
            quoted(host),
            quoted(own)
        );
        let path = format!("output.logs[{index}].host");
        let id = entry(root, &["output", "logs"], index);
        report.note(Severity::Error, id, &path, message);
    }
}

/// Reports the events that change the format of access.log to the one that it has.
fn check_format_changes(config: &Config, root: &Node, report: &FindingReport) {
    for (index, event) in config.scenario.iter().enumerate() {
        let own = &config.output.format;
        let is_same = event.format_beside(own).elements() == own.elements();
        if event.kind == EventKind::FormatChange && is_same {
            let path = format!("scenario[{index}].format");
            let id = entry(root, &["scenario"], index);
            let message =
                "found the format that access.log has, expected another one, such as \"common\"";
            report.note(Severity::Error, id, &path, message.to_owned());
        }
    }
}

/// Reports the pages that the configuration says something of and that no visitor comes to.
fn check_reached(config: &Config, root: &Node, report: &FindingReport) {
    let (pages, linked) = (reached(config), linked(config));
    let unreached = |section: &[&str], place_in: usize, page: &str| {
        let message = format!(
            "nothing leads to {}, so that it gets no hits: give it a weight under navigation.home, \
             or under a page that leads there",
            quoted(page)
        );
        let id = entry(root, section, place_in);
        report.note(Severity::Unreached, id, &section.join("."), message);
    };
    let led_to = |named: &str| {
        pages.iter().any(|page| is_meant(page, named))
            || linked.iter().any(|page| leads_to(page, named))
    };
    let named = |section: &[&str], named: &[&str]| {
        for (place_in, page) in named.iter().enumerate().filter(|(_, page)| !led_to(page)) {
            unreached(section, place_in, page);
        }
    };
    let high: Vec<&str> =
        config.error_rates.high_error_pages.iter().map(|(page, _)| page.as_str()).collect();
    named(&["error_rates", "high_error_pages"], &high);
    let urls: Vec<&str> = config.urls.iter().map(|rule| rule.path.as_str()).collect();
    named(&["urls"], &urls);
}

/// The node of an entry of a list or map, as near as there is one.
fn entry(root: &Node, section: &[&str], place_in: usize) -> NodeId {
    let Some(node) = root.at(section) else { return root.id };
    match &node.value {
        Value::List(nodes) => nodes.get(place_in).map_or(node.id, |node| node.id),
        Value::Map(entries) => entries.get(place_in).map_or(node.id, |entry| entry.key_id),
        _ => node.id,
    }
}

/// The node at a path, or the deepest that there is.
fn place(root: &Node, path: &[&str]) -> NodeId {
    let Some((key, rest)) = path.split_first() else { return root.id };
    let Value::Map(entries) = &root.value else { return root.id };
    let entry = entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key));
    entry.map_or(root.id, |entry| match rest {
        [] => entry.key_id,
        _ => place(&entry.node, rest),
    })
}

/// START is never a next state, so the first transition decides.
fn share_with_hits(config: &Config) -> f64 {
    let hits = |state: State| match state {
        State::Abandon => config.error_rates.cart_abandonment_rate,
        State::Leave | State::Logout | State::End | State::Start => 0.0,
        _ => 1.0,
    };
    let table = &config.state_transitions.start;
    let total: f64 = table.iter().map(|(_, weight)| weight).sum();
    table.iter().map(|(state, weight)| weight / total * hits(*state)).sum()
}

/// The share of sessions that are not over after [`MOST_TRANSITIONS`].
fn share_under_way(tables: &StateTransitions) -> f64 {
    const UNDER_WAY: [State; 3] = [State::Login, State::DirectAccess, State::Browsing];
    let shares = |table: &[(State, f64)]| {
        let total: f64 = table.iter().map(|(_, weight)| weight).sum();
        UNDER_WAY.map(|state| {
            let to_it = table.iter().filter(|(to, _)| *to == state);
            to_it.map(|(_, weight)| weight / total).sum::<f64>()
        })
    };
    let rows = [&tables.login, &tables.direct_access, &tables.browsing].map(|table| shares(table));
    let mut at = shares(&tables.start);
    for _ in 0..MOST_TRANSITIONS {
        let to = |state: usize| (0..3).map(|from| at[from] * rows[from][state]).sum();
        at = [to(0), to(1), to(2)];
        if at.iter().sum::<f64>() <= SHARE_UNDER_WAY {
            break;
        }
    }
    at.iter().sum()
}
