//! The tables of configs/README.md, row by row: the default that a row tells is what an absent key
//! gives, each end of its range is accepted, and what lies just outside is refused.
//!
//! A row in words that this file does not know fails: what the reference says must be something
//! that a test can hold.

use std::time::Duration;

use access_log_generator::inside::config::keys::KeyForm;
use access_log_generator::inside::config::print;
use access_log_generator::inside::config::reference::lines;
use access_log_generator::inside::config::tree::{Node, Value};

use access_log_generator::settings::scenario::EventShape;

use crate::samples::{of_event, of_further_log, of_list};
use crate::support::load_yaml;

/// A row of a table.
pub struct Row {
    /// The path of the key.
    pub key: String,
    range: String,
    default: String,
}

pub fn rows() -> Vec<Row> {
    let text = include_str!("../../configs/README.md");
    let rows = text.lines().filter(|line| line.starts_with("| `")).filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [key, _, range, default, _] = cells.as_slice() else { return None };
        let key = key.trim_matches('`').to_owned();
        Some(Row { key, range: (*range).to_owned(), default: (*default).to_owned() })
    });
    let rows: Vec<Row> = rows.collect();
    assert!(rows.len() > 55, "only {} rows were found", rows.len());
    rows
}

/// A configuration where a key has a value and, where the key asks for it, others beside it.
pub fn with(key: &str, value: &str) -> String {
    // Without a profile, its keys do nothing.
    let profile = match key {
        // Another format than that of access.log.
        "scenario[].format" => "profile: shop\noutput: {format: ecs}\n",
        key if needs_profile(key) => "profile: shop\n",
        _ => "",
    };
    format!("{profile}{}", with_alone(key, value))
}

fn needs_profile(key: &str) -> bool {
    ["actors.", "assets.", "failures.", "scenario[]"].iter().any(|section| key.starts_with(section))
}

/// What a bot needs beside a key.
fn beside_in_a_bot(key: &str) -> &'static str {
    match key {
        "actors.bots[].kind" => ", user_agent: a, network: 192.0.2.0/24",
        "actors.bots[].user_agent" => ", kind: search_crawlers, network: 192.0.2.0/24",
        "actors.bots[].paths" => ", kind: scanners, user_agent: a, network: 192.0.2.0/24",
        "actors.bots[].network" => ", kind: search_crawlers, user_agent: a",
        _ => ", kind: search_crawlers, user_agent: a, network: 192.0.2.0/24",
    }
}

fn with_alone(key: &str, value: &str) -> String {
    let beside = match key {
        // Each needs another one to make sense.
        "output.log_rotation.max_size_mb" => ", when: h",
        "output.log_rotation.when" | "output.log_rotation.interval" => ", max_size_mb: 1",
        "session.min_browsing_duration" => ", max_browsing_duration: 86400",
        "session.max_browsing_duration" => ", min_browsing_duration: 0",
        "session.min_page_view_interval" => ", max_page_view_interval: 86400",
        "session.max_page_view_interval" => ", min_page_view_interval: 0.001",
        "actors.people.http2" => ", http3: 0",
        "actors.people.http3" => ", http2: 0",
        "actors.people.mobile" => ", office: 0",
        "actors.people.office" => ", mobile: 0",
        key if key.starts_with("actors.bots[].") => beside_in_a_bot(key),
        key if key.starts_with("output.logs[].") && !key.ends_with(".file") => ", file: a.log",
        "scenario[].kind" => ", at: +1h, for: 10m, multiplier: 2",
        "scenario[].at" => ", kind: nikto, for: 10m",
        "scenario[].for" => ", kind: nikto, at: +1h",
        "scenario[].multiplier" => ", kind: surge, at: +1h, for: 10m",
        "scenario[].share" => ", kind: server_errors, at: +1h, for: 10m",
        "scenario[].status" | "scenario[].cause" | "scenario[].page" => {
            ", kind: server_errors, share: 0.5, at: +1h, for: 10m"
        }
        "scenario[].length" => ", kind: long_lines, at: +1h, for: 10m",
        "scenario[].offset" => ", kind: clock_skew, at: +1h, for: 10m",
        "scenario[].format" => ", kind: format_change, at: +1h, for: 10m",
        "scenario[].visitors" | "scenario[].upstream" => {
            ", kind: server_errors, share: 0.5, at: +1h, for: 10m"
        }
        "scenario[].factor" => ", kind: slow_responses, at: +1h, for: 10m",
        "scenario[].timeout" => ", kind: slow_responses, factor: 2, at: +1h, for: 10m",
        key if key.starts_with("scenario[].") => ", kind: nikto, at: +1h, for: 10m",
        "error_rates.high_error_pages[].path" => ", error_rate: 0.5",
        "error_rates.high_error_pages[].error_rate" => ", path: /",
        // Days that are as all the others are not printed.
        "traffic_patterns[].days" => ", multiplier: 0.5",
        "urls.\"/page\".success" => ", not_found: 1",
        "urls.\"/page\".not_found" | "urls.\"/page\".system_error" => ", success: 1",
        _ => "",
    };
    let (open, last) = match key.rsplit_once('.') {
        Some((parents, last)) => (parents, last),
        None => return format!("{key}: {value}"),
    };
    let entry = format!("{last}: {value}{beside}");
    let mut yaml = match open.strip_suffix("[]") {
        // A multiplier of 0 needs an hour with another one.
        Some("traffic_patterns") if last == "multiplier" => {
            return format!("traffic_patterns: [{{time: 0-1, {entry}}}, {{time: 1-24}}]");
        }
        Some(_) => format!("[{{{entry}}}]"),
        None => format!("{{{entry}}}"),
    };
    for (index, part) in open.split('.').rev().enumerate() {
        let part = part.trim_end_matches("[]");
        yaml = if index + 1 < open.split('.').count() {
            format!("{{{part}: {yaml}}}")
        } else {
            format!("{part}: {yaml}")
        };
    }
    yaml
}

/// Formats of error.log that are right, and some that are wrong.
const ERROR_FORMATS: (&[&str], &[&str]) =
    (&["plain", "apache", "nginx", "json"], &["combined", "Apache", "1"]);
/// Formats that are right, and some that are wrong.
const FORMATS: (&[&str], &[&str]) = (
    &["combined", "JSON", "\"%h %t %{%F %T}t\"", "\"$remote_addr $msec\""],
    &["\" \"", "1", "[]", "nearly_json", "\"%h %Q\"", "\"$remote_adr\""],
);

/// Values that a range has at its ends, and values that lie just outside.
pub type Samples = (Vec<String>, Vec<String>);

/// The samples of a range, or `None` where its words are not known.
pub fn samples(row: &Row) -> Option<Samples> {
    // A number is a distribution, too.
    let range = row.range.trim_start_matches("a distribution, ");
    let range = range.replace(", at least the shortest", "").replace(", one above 0", "");
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    if range.starts_with('`') && !range.contains(" or ") && !range.contains('=') {
        let words: Vec<&str> = range.split(", ").map(|word| word.trim_matches('`')).collect();
        return Some((list(&words), list(&["other", "1.5", "[]"])));
    }
    let (special, numbers) = match range.split_once(", or ") {
        Some((special, numbers)) => (Some(special.trim_matches('`').to_owned()), numbers),
        None => (None, &*range),
    };
    if let Some((low, high)) = numbers.split_once(" to ") {
        let (low, high) = (low.replace(',', ""), high.replace(',', ""));
        if let (Ok(least), Ok(most)) = (low.parse::<f64>(), high.parse::<f64>()) {
            let mut right = vec![low.clone(), high.clone()];
            right.extend(special);
            let wrong = if is_whole(&row.key) {
                // Of 64 bits no float knows the end.
                vec![
                    (low.parse::<i128>().ok()? - 1).to_string(),
                    (high.parse::<i128>().ok()? + 1).to_string(),
                ]
            } else {
                vec![format!("{:e}", least.next_down()), format!("{:e}", most.next_up())]
            };
            // YAML wants a point in what has an exponent.
            let pointed = |text: String| match text.split_once('e') {
                Some((digits, exponent)) if !digits.contains('.') => {
                    format!("{digits}.0e{exponent}")
                }
                _ => text,
            };
            return Some((right, wrong.into_iter().map(pointed).collect()));
        }
    }
    let (right, wrong): (&[&str], &[&str]) = match range.as_str() {
        "a path" => (&["/var/log/app", "logs"], &["\"\"", "1", "[]"]),
        _ if row.key.ends_with(".format") => FORMATS,
        _ if row.key == "output.error_format" => ERROR_FORMATS,
        "an IANA name, or `local`" => {
            (&["UTC", "Europe/Berlin", "local"], &["Mars/Base", "\"+01:00\"", "1"])
        }
        "an IPv4 or IPv6 address" => {
            (&["127.0.0.1", "\"::1\""], &["localhost", "127.0.0.256", "1"])
        }
        "one of them" => (
            &["s", "m", "h", "d", "midnight", "w0", "w6", "never", "S", "W6"],
            &["w7", "hours", "1"],
        ),
        "a name or an address" => {
            (&["example.org", "127.0.0.1", "\"localhost:8080\""], &["\"\"", "\"http://a\"", "1"])
        }
        "weights" if row.key.starts_with("state_transitions") => (
            &[
                "{BROWSING: 0.000000001, LOGOUT: 0.000000001}",
                "{BROWSING: 1000000000, LOGOUT: 1000000000}",
                "{END: 0, ERROR: 1}",
            ],
            &["{}", "{END: 0}", "{END: -1}", "{END: 1000000001}", "{START: 1}", "1"],
        ),
        "weights" => (
            &["{/: 0.000000001, /a: 1000000000}", "{/: 0, /a/*: 1}"],
            &["{a: 1}", "{/: -1}", "{/: 1000000001}", "[]"],
        ),
        "a weight" => (&["0", "0.000000001", "1000000000"], &["-1", "1000000001", "x"]),
        "a page without `*`" => (&["/", "\"/a?b=c\""], &["\"/a/*\"", "a", "1"]),
        _ if row.key == "output.pre_warm" => (
            &["false", "true", "90m", "36h", "7d", "1d12h", "3660d"],
            &["\"3661d\"", "\"3660d1s\"", "24", "x"],
        ),
        "`auto`, or 0 to 3,600" => (&["auto", "0", "3600"], &["-1", "3601", "x"]),
        "days, or a list of them" => (
            &["sat", "mon-fri", "FRI-Mon", "[tue, thu]", "[sat - sun]"],
            &["monday", "[]", "[mon, x]", "\"mon,tue\"", "1", "{}"],
        ),
        _ if row.key == "traffic_patterns[].time" => (
            &["9-12", "21-2", "21-24", "\"7\"", "0-23", "0-24", "23-24"],
            &["24-2", "9-25", "9-9", "x", "1.5"],
        ),
        range => of_list(range).or_else(|| of_further_log(range)).or_else(|| of_event(range))?,
    };
    Some((list(right), list(wrong)))
}

/// Whether the numbers of a key are whole.
fn is_whole(key: &str) -> bool {
    let line = lines().into_iter().find(|line| line.key == key);
    line.is_some_and(|line| matches!(line.form, KeyForm::Whole(_) | KeyForm::WholeOrNone(_)))
}

#[test]
fn each_end_of_a_range_is_accepted_and_what_lies_just_outside_is_refused() {
    let mut wrong = Vec::new();
    for row in rows() {
        let Some((inside, outside)) = samples(&row) else {
            wrong.push(format!("{}: no test knows the range {:?}", row.key, row.range));
            continue;
        };
        for value in inside {
            let yaml = with(&row.key, &value);
            if let Err(errors) = load_yaml(yaml.as_bytes()) {
                wrong.push(format!("{yaml} is refused: {errors}"));
            }
        }
        for value in outside {
            let yaml = with(&row.key, &value);
            if load_yaml(yaml.as_bytes()).is_ok() {
                wrong.push(format!("{yaml} is accepted, beside {:?}", row.range));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What an absent key gives: the value in the printed configuration of a text without it.
fn absent(key: &str) -> Option<Value> {
    let section = match key {
        key if key.starts_with("output.logs[]") => "output: {logs: [{file: a.log}]}".to_owned(),
        key if key.starts_with("output.") && key.matches('.').count() == 2 => {
            format!("output: {{{}: {{}}}}", key.split('.').nth(1)?)
        }
        key if key.starts_with("traffic_patterns[]") => "traffic_patterns: [{}]".to_owned(),
        key if key.starts_with("urls.") => "urls: {/page: {success: 1}}".to_owned(),
        key if key.starts_with("actors.bots[]") => {
            "{profile: shop, actors: {bots: [{kind: search_crawlers, user_agent: a, network: 192.0.2.0/24}]}}".to_owned()
        }
        key if needs_profile(key) => "profile: shop".to_owned(),
        _ => "{}".to_owned(),
    };
    let loaded = load_yaml(section.as_bytes()).unwrap_or_else(|errors| panic!("{key}: {errors}"));
    let mut node = print::tree(&loaded.config);
    for part in key.split('.') {
        let name = part.trim_end_matches("[]").trim_matches('"');
        node = node.at(&[name])?.clone();
        if part.ends_with("[]") {
            let Value::List(nodes) = &node.value else { return None };
            node = nodes.first()?.clone();
        }
    }
    Some(node.value)
}

/// How a default is told.
fn told(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Map(entries)) if entries.is_empty() => "none".to_owned(),
        Some(Value::Map(entries)) => {
            let plain = |node: &Node| node.value.to_string().trim_matches('"').to_owned();
            let weight = |(key, node): (&str, &Node)| format!("{key} {}", plain(node));
            let weights = entries.iter().map(|entry| weight((&entry.key, &entry.node)));
            weights.collect::<Vec<_>>().join(", ")
        }
        Some(Value::List(nodes)) => nodes.len().to_string(),
        Some(value) => format!("`{}`", value.to_string().trim_matches('"')),
    }
}

/// Whether an event has such a default.
fn of_an_event(key: &str, default: &str) -> bool {
    let yaml = "{profile: shop, scenario: [{kind: nikto, at: +1h, for: 1m}]}";
    let event = load_yaml(yaml.as_bytes()).unwrap().config.scenario.remove(0);
    match (key, default) {
        ("scenario[].name", "the kind") => event.name == "nikto",
        ("scenario[].shape", "`step`") => event.shape == EventShape::Step,
        ("scenario[].visitors", "all") => event.visitors.is_none(),
        ("scenario[].upstream", "all") => event.upstream.is_none(),
        ("scenario[].timeout", "`1m`") => event.timeout() == Duration::from_secs(60),
        ("scenario[].patched", "`true`") => event.is_patched(),
        // A kind that does not fail.
        ("scenario[].cause", "by the status") => event.cause.is_none(),
        (_, "by the kind") => {
            let row = event.kind.row();
            (event.rate(), event.addresses()) == (row.rate, row.addresses)
        }
        _ => false,
    }
}

#[test]
fn the_default_of_a_row_is_what_an_absent_key_gives() {
    let mut wrong = Vec::new();
    for Row { key, default, .. } in rows() {
        let value = absent(&key);
        let is = told(value.as_ref());
        let right = match default.as_str() {
            "required" => {
                let yaml = match key.split('.').next() {
                    Some("actors") => "{profile: shop, actors: {bots: [{}]}}",
                    Some("output") => "output: {logs: [{}]}",
                    Some("scenario[]") => "scenario: [{multiplier: 2}]",
                    _ => "error_rates: {high_error_pages: [{}]}",
                };
                load_yaml(yaml.as_bytes()).is_err()
            }
            "what the other two leave of 1" => {
                let yaml = b"urls: {/page: {not_found: 0.25, system_error: 0.5}}";
                load_yaml(yaml).unwrap().config.urls[0]
                    .shares
                    .is_some_and(|shares| shares.success == 0.25)
            }
            "1 to 20" => {
                let Some(Value::List(nodes)) = value else { panic!("{key} is no list") };
                nodes
                    .iter()
                    .map(|node| &node.value)
                    .eq(&(1..=20).map(|number| Value::Text(number.to_string())).collect::<Vec<_>>())
            }
            // "40 of 2025 and 2026", "80 blocks of public IPv4 space".
            default if matches!(value, Some(Value::List(_))) => {
                default == "none" && is == "0" || default.split(' ').next() == Some(&*is)
            }
            "all days" => value.is_none(),
            _ if key.starts_with("scenario[].") => of_an_event(&key, &default),
            default => default == is,
        };
        if !right {
            wrong.push(format!("{key}: the reference tells {default}, an absent key gives {is}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
