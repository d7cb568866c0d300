//! The effective configuration as it would be written: every section and key in the guide's
//! spelling. Reading it gives the same settings back.

use super::tree::{Node, Value};
use super::{
    Config, DiskMonitor, ErrorRates, HealthCheck, LogRotation, Navigation, Output, PageWeights,
    RotationUnit, Scheme, State, StateTransitions, UrlRule, raw,
};
use crate::duration::format_duration;

/// A configuration as YAML that can be fed back.
pub fn to_yaml(config: &Config) -> String {
    raw::write(&tree(config))
}

/// A configuration as a tree, its keys in the order of the guide.
pub fn tree(config: &Config) -> Node {
    let codes = &config.status_codes;
    let code = |code: u16| Node::number(code.into());
    Node::map([
        ("output", output(&config.output)),
        (
            "site",
            Node::map([
                ("host", Node::text(&config.site.host)),
                ("scheme", Node::text(scheme(config.site.scheme))),
                ("products", Node::number(config.site.products.into())),
            ]),
        ),
        ("state_transitions", state_transitions(&config.state_transitions)),
        ("navigation", navigation(&config.navigation)),
        ("urls", Node::map(config.urls.iter().map(|rule| (&rule.path, url_rule(rule))))),
        ("error_rates", error_rates(&config.error_rates)),
        (
            "status_codes",
            Node::map([
                ("success", code(codes.success)),
                ("not_found", code(codes.not_found)),
                ("server_error", code(codes.server_error)),
                ("forbidden", code(codes.forbidden)),
                ("unauthorized", code(codes.unauthorized)),
                ("redirect_permanent", code(codes.redirect_permanent)),
                ("redirect_temporary", code(codes.redirect_temporary)),
            ]),
        ),
        (
            "session",
            Node::map([
                ("min_browsing_duration", Node::number(config.session.min_browsing_duration)),
                ("max_browsing_duration", Node::number(config.session.max_browsing_duration)),
                ("min_page_view_interval", Node::number(config.session.min_page_view_interval)),
                ("max_page_view_interval", Node::number(config.session.max_page_view_interval)),
            ]),
        ),
        ("traffic_patterns", traffic_patterns(&config.traffic_pattern)),
        (
            "user_agents",
            Node::map([
                ("desktop", texts(&config.user_agents.desktop)),
                ("mobile", texts(&config.user_agents.mobile)),
            ]),
        ),
        ("ip_ranges", Node::list(config.ip_ranges.iter().map(|n| Node::text(n.to_string())))),
        ("search_terms", texts(&config.search_terms)),
        ("product_categories", texts(&config.product_categories)),
        ("profile_tabs", texts(&config.profile_tabs)),
    ])
}

fn boolean(value: bool) -> Node {
    Node::new(Value::Bool(value))
}

fn texts(texts: &[String]) -> Node {
    Node::list(texts.iter().map(Node::text))
}

fn output(output: &Output) -> Node {
    let seed = output.seed.map_or(Value::Null, |seed| Value::Integer(seed.into()));
    let pre_warm = match output.pre_warm {
        none if none.is_zero() => boolean(false),
        some => Node::text(format_duration(some)),
    };
    let timezone = output.timezone.iana_name().unwrap_or("UTC");
    Node::map([
        ("directory", Node::text(output.directory.to_string_lossy())),
        ("error_log", boolean(output.error_log)),
        ("system_log", boolean(output.system_log)),
        ("rate", Node::number(output.rate)),
        ("burst_seconds", Node::number(output.burst_seconds)),
        ("seed", Node::new(seed)),
        ("debug", boolean(output.debug)),
        ("pre_warm", pre_warm),
        ("timezone", Node::text(timezone)),
        ("health_check", health_check(output.health_check.as_ref())),
        ("log_rotation", log_rotation(output.log_rotation.as_ref())),
        ("disk_monitor", disk_monitor(output.disk_monitor.as_ref())),
    ])
}

/// A feature that is off is printed with what it would be by default.
fn health_check(health_check: Option<&HealthCheck>) -> Node {
    let on = health_check.cloned().unwrap_or_default();
    Node::map([
        ("enabled", boolean(health_check.is_some())),
        ("port", Node::number(on.port.into())),
        ("address", Node::text(on.address.to_string())),
    ])
}

fn log_rotation(log_rotation: Option<&LogRotation>) -> Node {
    const MIB: f64 = 1_048_576.0;
    let on = log_rotation.cloned().unwrap_or_default();
    let when = on.every.map_or("never".to_owned(), |period| unit(period.when));
    Node::map([
        ("enabled", boolean(log_rotation.is_some())),
        ("max_size_mb", Node::number(on.max_bytes.map_or(0.0, |bytes| bytes as f64 / MIB))),
        ("when", Node::text(when)),
        ("interval", Node::number(on.every.map_or(1, |period| period.interval).into())),
        ("backup_count", Node::number(on.backup_count.into())),
        ("compress", boolean(on.compress)),
        ("compression_level", Node::number(on.compression_level.into())),
    ])
}

fn unit(unit: RotationUnit) -> String {
    match unit {
        RotationUnit::Second => "s".into(),
        RotationUnit::Minute => "m".into(),
        RotationUnit::Hour => "h".into(),
        RotationUnit::Day => "d".into(),
        RotationUnit::Midnight => "midnight".into(),
        RotationUnit::Weekday(day) => format!("w{day}"),
    }
}

fn disk_monitor(disk_monitor: Option<&DiskMonitor>) -> Node {
    let on = disk_monitor.cloned().unwrap_or_default();
    Node::map([
        ("enabled", boolean(disk_monitor.is_some())),
        ("min_free_gb", on.min_free_gb.map_or_else(|| Node::text("auto"), Node::number)),
        ("check_interval", Node::number(on.check_interval.as_secs_f64())),
    ])
}

fn scheme(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    }
}

fn state_transitions(tables: &StateTransitions) -> Node {
    let table = |table: &[(State, f64)]| {
        Node::map(table.iter().map(|(state, weight)| (state.name(), Node::number(*weight))))
    };
    Node::map([
        (State::Start.name(), table(&tables.start)),
        (State::Login.name(), table(&tables.login)),
        (State::DirectAccess.name(), table(&tables.direct_access)),
        (State::Browsing.name(), table(&tables.browsing)),
    ])
}

fn page_weights(weights: &PageWeights) -> Node {
    Node::map(weights.iter().map(|(page, weight)| (page, Node::number(*weight))))
}

fn navigation(navigation: &Navigation) -> Node {
    let home = std::iter::once(("home", page_weights(&navigation.home)));
    let pages = navigation.pages.iter().map(|(page, next)| (page.as_str(), page_weights(next)));
    Node::map(home.chain(pages))
}

fn url_rule(rule: &UrlRule) -> Node {
    let shares = rule.shares.iter().flat_map(|shares| {
        [
            ("success", Node::number(shares.success)),
            ("not_found", Node::number(shares.not_found)),
            ("system_error", Node::number(shares.system_error)),
        ]
    });
    Node::map(shares.chain([("next_pages", page_weights(&rule.next_pages))]))
}

fn error_rates(rates: &ErrorRates) -> Node {
    let page = |(path, rate): &(String, f64)| {
        Node::map([("path", Node::text(path)), ("error_rate", Node::number(*rate))])
    };
    Node::map([
        ("global_500_rate", Node::number(rates.global_500_rate)),
        ("product_404_rate", Node::number(rates.product_404_rate)),
        ("cart_abandonment_rate", Node::number(rates.cart_abandonment_rate)),
        ("redirect_301", Node::number(rates.redirect_301)),
        ("redirect_302", Node::number(rates.redirect_302)),
        ("forbidden_access", Node::number(rates.forbidden_access)),
        ("auth_failure", Node::number(rates.auth_failure)),
        ("high_error_pages", Node::list(rates.high_error_pages.iter().map(page))),
    ])
}

/// Neighbouring hours of one multiplier make one range.
fn traffic_patterns(pattern: &[f64; 24]) -> Node {
    let mut ranges = Vec::new();
    let mut start = 0;
    for run in pattern.chunk_by(|a, b| a == b) {
        let end = start + run.len();
        let time = Node::text(format!("{start}-{end}"));
        ranges.push(Node::map([("time", time), ("multiplier", Node::number(run[0]))]));
        start = end;
    }
    Node::list(ranges)
}
