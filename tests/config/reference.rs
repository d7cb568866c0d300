//! configs/README.md against the program: its tables are those of the table of keys, and every key that is printed is
//! there, with the default that it has. `UPDATE_GOLDEN=1` writes the tables anew; what stands between them stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use access_log_generator::LogFormat;
use access_log_generator::inside::cli::Arguments;
use access_log_generator::inside::config::reference::{HEADLINES, lines};
use access_log_generator::inside::config::tree::{Node, Value};
use access_log_generator::inside::config::{
    Config, DiskMonitor, FurtherLog, HealthCheck, LogRotation, Profile, Selection, Shares,
    StatusSelection, UrlRule, defaults, print,
};
use access_log_generator::inside::log_format::reference::tables;

use access_log_generator::settings::bots::{Bot, BotKind, HttpVersion};
use access_log_generator::settings::probe_list::{ProbeList, ScannerPath};
use access_log_generator::settings::scenario::{
    EventClass, EventKind, EventShape, EventTimes, FailureStatus, KINDS, ScenarioEvent,
    ServerFailure, Steered,
};

use crate::support::{load, load_yaml};

/// A row of the reference: what is said of a key.
struct Row {
    default: String,
    also: Vec<String>,
}

fn reference() -> BTreeMap<String, Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/README.md");
    let text = fs::read_to_string(path).unwrap();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [key, _, _, default, also] = cells.as_slice() else { continue };
        let also = also.split(',').map(|word| word.trim().trim_matches('`').to_owned());
        let also = also.filter(|word| !word.is_empty()).collect();
        let row = Row { default: (*default).to_owned(), also };
        let earlier = rows.insert(key.trim_matches('`').to_owned(), row);
        assert!(earlier.is_none(), "{key} is described twice");
    }
    rows
}

/// The keys of a printed configuration, pages and list entries without their own names, and what
/// stands there if it is a plain value.
fn keys(node: &Node, path: &str, found: &mut BTreeMap<String, Option<String>>) {
    match &node.value {
        Value::Map(entries) if !is_weights(node) => {
            for entry in entries {
                let key = if entry.key.starts_with('/') { "\"/page\"" } else { &entry.key };
                let dot = if path.is_empty() { "" } else { "." };
                keys(&entry.node, &format!("{path}{dot}{key}"), found);
            }
        }
        Value::List(nodes) if matches!(nodes.first(), Some(first) if is_map(first)) => {
            keys(&nodes[0], &format!("{path}[]"), found);
        }
        Value::Map(_) | Value::List(_) => {
            found.insert(path.to_owned(), None);
        }
        plain => {
            found.insert(path.to_owned(), Some(plain.to_string().trim_matches('"').to_owned()));
        }
    }
}

fn is_map(node: &Node) -> bool {
    matches!(node.value, Value::Map(_))
}

/// A map of states, pages or percentiles to numbers, whose keys the reader chooses, or another distribution.
fn is_weights(node: &Node) -> bool {
    let Value::Map(entries) = &node.value else { return false };
    if matches!(entries.first(), Some(first) if ["law", "from"].contains(&&*first.key)) {
        return true;
    }
    let is_percentile =
        |key: &str| key.strip_prefix('p').is_some_and(|at| at.parse::<f64>().is_ok());
    let is_name = |key: &str| {
        key.starts_with('/') || is_percentile(key) || key.chars().all(|c| !c.is_lowercase())
    };
    let is_number = |node: &Node| matches!(node.value, Value::Integer(_) | Value::Float(_));
    entries.iter().all(|entry| is_name(&entry.key) && is_number(&entry.node))
}

/// The defaults, with something in every list and every feature on.
fn full() -> Node {
    let mut tree = print::tree(&settings());
    // They are printed with a profile.
    let mut with_profile = Config { profile: Some(Profile::Shop), ..Config::default() };
    with_profile.actors.bots = vec![Bot {
        http: Some(HttpVersion::Http11),
        paths: vec![ScannerPath::List(ProbeList::Secrets)],
        ..Bot::blank(BotKind::Scanners)
    }];
    for section in ["actors", "assets", "failures"] {
        let printed = print::tree(&with_profile);
        tree.set(section, printed.at(&[section]).unwrap().clone());
    }
    tree
}

fn settings() -> Config {
    let mut config = Config::default();
    config.output.health_check = Some(HealthCheck::default());
    config.output.log_rotation = Some(LogRotation::default());
    config.output.disk_monitor = Some(DiskMonitor::default());
    config.output.logs.push(FurtherLog {
        file: "a.log".into(),
        selection: Selection {
            status: Some(StatusSelection::Errors),
            host: Some(config.site.host.clone()),
            remote_host: Some(config.ip_ranges.entries[0]),
            path_prefix: Some("/".into()),
            slower_than: Some(Duration::from_secs(1)),
        },
        ..FurtherLog::default()
    });
    config.scenario.push(ScenarioEvent {
        kind: EventKind::Surge,
        name: "surge".into(),
        at: EventTimes::parse("+1h").unwrap(),
        length: Duration::from_secs(60),
        shape: EventShape::Step,
        multiplier: Some(2.0),
        share: Some(0.5),
        status: Some(FailureStatus::Unavailable),
        cause: Some(ServerFailure::DiskFull),
        page: Some("/".into()),
        visitors: Some(0.5),
        upstream: Some(2),
        factor: Some(2.0),
        timeout: Some(Duration::from_secs(60)),
        rate: Some(1.0),
        addresses: Some(2),
        patched: Some(true),
        steered: Steered::default(),
        line_length: Some(16_384),
        offset: Some(-90),
        format: Some(LogFormat::parse("common").unwrap()),
    });
    config.navigation.pages.push(("/page".into(), defaults::home_pages()));
    config.urls.push(UrlRule {
        path: "/page".into(),
        shares: Some(Shares { success: 1.0, not_found: 0.0, system_error: 0.0 }),
        next_pages: defaults::home_pages(),
    });
    config.error_rates.high_error_pages.push(("/page".into(), 0.5));
    config.traffic_pattern.days[6] = [0.5; 24];
    config
}

#[test]
fn the_reference_describes_every_key_and_no_other() {
    let mut known = BTreeMap::new();
    keys(&full(), "", &mut known);
    assert!(known.len() > 50, "{known:?}");
    let known: BTreeSet<&String> = known.keys().collect();
    let reference = reference();
    let described: BTreeSet<&String> = reference.keys().collect();
    assert_eq!(described, known);
}

#[test]
fn the_reference_tells_the_default_of_every_plain_value() {
    let mut known = BTreeMap::new();
    keys(&full(), "", &mut known);
    let reference = reference();
    let mut compared = 0;
    for (key, value) in known {
        let row = &reference[&key];
        if let (Some(told), Some(value)) = (row.default.strip_prefix('`'), value) {
            assert_eq!(told.trim_end_matches('`'), value, "{key}");
            compared += 1;
        }
    }
    assert!(compared >= 40, "only {compared} defaults are told");
}

#[test]
fn each_kind_of_event_is_in_the_reference_with_what_it_does() {
    let text = include_str!("../../configs/README.md");
    for row in KINDS {
        let keys: Vec<String> =
            row.kind.keys().iter().map(|key| format!("`{}`", key.name())).collect();
        let attack = match row.class {
            EventClass::Attack => format!("{} lines/s, {} ", row.rate, row.addresses),
            _ => String::new(),
        };
        let line = format!("| `{}` | {} | {} | {attack}|", row.name, row.about, keys.join(", "));
        assert!(text.contains(&line), "{line}");
    }
}

#[test]
fn every_other_spelling_is_understood() {
    let mut understood = 0;
    for (key, row) in reference() {
        let section = key.split(['.', '[']).next().unwrap();
        let value = match section {
            "output" => "true",
            "state_transitions" => "{BROWSING: 1, LOGOUT: 1}",
            "navigation" => "{/: 1}",
            "traffic_patterns" => "{0-24: 1}",
            _ => "0.5",
        };
        for other in row.also {
            let yaml = format!("{section}: {{{other}: {value}}}");
            let loaded =
                load_yaml(yaml.as_bytes()).unwrap_or_else(|errors| panic!("{yaml}\n{errors}"));
            assert_eq!(loaded.warnings, [], "{yaml}");
            understood += 1;
        }
    }
    assert!(understood >= 15, "only {understood} other spellings are told");
}

/// The text of the reference with its tables made anew. A table has the keys of the section that its headline names;
/// the table under a headline of another kind has the keys that are in no other.
fn with_its_tables(text: &str) -> String {
    let all = lines();
    let headlines: BTreeSet<&str> = text.lines().filter_map(|line| headline(line)).collect();
    let (mut out, mut at, mut in_table) = (String::new(), "", false);
    for line in text.lines() {
        at = headline(line).unwrap_or(at);
        let begins = line.starts_with("| key | meaning |");
        in_table = line.starts_with('|') && (begins || in_table);
        if !in_table {
            out += &format!("{line}\n");
        } else if begins {
            out += &format!("| {} |\n|---|---|---|---|---|\n", HEADLINES.join(" | "));
            for line in &all {
                let has_its_own = headlines.contains(&*line.section);
                if line.section == at || !has_its_own && at == "Visitors" {
                    out += &format!("| {} |\n", line.cells.join(" | ").trim_end());
                }
            }
        }
    }
    out
}

fn headline(line: &str) -> Option<&str> {
    Some(line.strip_prefix('#')?.trim_start_matches('#').trim())
}

#[test]
fn the_tables_of_the_reference_are_those_of_the_table_of_keys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let made = with_its_tables(&text);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let told = |text: &str| text.lines().filter(|line| line.starts_with("| `")).count();
    assert!(told(&made) >= lines().len(), "a section has no table under its headline");
    let text = fs::read_to_string(&path).unwrap();
    let differ = text.lines().zip(made.lines()).filter(|(there, made)| there != made);
    let differences: Vec<String> =
        differ.map(|(there, made)| format!("-{there}\n+{made}")).collect();
    assert!(text == made, "{}", differences.join("\n"));
}

#[test]
fn the_built_in_sets_have_as_many_entries_as_the_reference_says() {
    let reference = reference();
    let agents = defaults::user_agents();
    let sizes = [
        ("user_agents.desktop", agents.desktop.len()),
        ("user_agents.mobile", agents.mobile.len()),
        ("ip_ranges", defaults::ip_ranges().len()),
        ("external_referrers", defaults::external_referrers().len()),
        ("search_terms", defaults::search_terms().len()),
        ("profile_tabs", defaults::profile_tabs().len()),
    ];
    for (key, size) in sizes {
        let told = &reference[key].default;
        assert!(told.starts_with(&format!("{size} ")), "{key}: {told}, but there are {size}");
    }
}

#[test]
fn the_built_in_default_runs_with_the_file_that_the_reference_names() {
    let example = Arguments { config: Some("configs/example.yaml".into()), ..Arguments::default() };
    let example = load(&example, &[]).unwrap().config;
    assert_eq!(load(&Arguments::default(), &[]).unwrap().config, example);
}

/// The line below which configs/README.md has the tables of formats, up to its end.
const BELOW: &str = "The tables are made from the program's own.\n\n";

#[test]
fn the_tables_of_formats_are_those_that_the_program_reads_formats_by() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, found) = text.split_once(BELOW).expect("the reference has formats at its end");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, [head, BELOW, &tables()].concat()).unwrap();
    } else {
        assert_eq!(found, tables(), "write it anew with UPDATE_GOLDEN=1");
    }
}
