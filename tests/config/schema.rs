//! The JSON Schema against the checks: what is right is accepted, and what is broken is refused wherever a schema can.

use std::fs;
use std::path::{Path, PathBuf};

use access_log_generator::inside::config::{Config, print, raw, schema};
use jsonschema::Validator;
use serde_json::Value;

use crate::support::files;
use crate::table::{rows, samples, with};

/// Broken configurations that no schema can refuse, and why.
const BEYOND_A_SCHEMA: &[(&str, &str)] = &[
    ("ip_text", "a text may be the name of a file"),
    ("duplicate_key", TWICE),
    ("duplicate_section", TWICE),
    ("further_log_of_another_host", "one key is the value of another"),
    ("high_error_pages_twice", "two entries of a list may differ in one key"),
    ("ip_host_bits", "the bits behind a prefix are arithmetic"),
    ("multiplier_is_tiny", RATES),
    ("navigation_same_page_twice", "two spellings of one path are two keys"),
    ("rate_less_than_a_line_in_three_years", RATES),
    ("scenario_without_profile", "one key refers to the value of another"),
    ("session_max_below_default_min", ORDER),
    ("session_min_above_max", ORDER),
    ("sessions_in_a_ring", SESSIONS),
    ("sessions_without_carts", SESSIONS),
    ("sessions_without_end", SESSIONS),
    ("event_bot_wave_that_takes_lines_away", "the range depends on the kind"),
    ("event_format_that_is_no_change", ORDER),
    ("sessions_without_hits", SESSIONS),
    ("state_target_twice", "two spellings of one state are two keys"),
    ("timezone_misspelt", "the names are those of a database, in upper or lower case"),
    ("too_many_sessions", RATES),
    ("traffic_all_zero", HOURS),
    ("traffic_days_overlap", HOURS),
    ("traffic_hourly_overlap", HOURS),
    ("traffic_overlap", HOURS),
    ("traffic_overlap_wrapping", HOURS),
    ("urls_twice", "two entries of a list may differ in one key"),
];
const TWICE: &str = "a key that is there twice is for the editor, which keeps one of the two";
const RATES: &str = "products and sums of several keys";
const ORDER: &str = "one key refers to the value of another";
const SESSIONS: &str = "shares of sums, and what several tables do together";
const HOURS: &str = "which hours the ranges cover together is arithmetic";

fn document() -> Value {
    serde_json::from_str(&schema::text()).unwrap()
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&document()).unwrap()
}

/// YAML as an editor sees it; of keys that are there twice, the last.
fn instance_of(yaml: &str) -> Option<Value> {
    let root = raw::read(yaml).ok()?;
    // Through the text, which has room for numbers of any length; what is no number is nothing in JSON.
    Some(serde_json::from_str(&serde_json::to_string(&root).unwrap()).unwrap())
}

/// A file as an editor sees it, if it can be read at all.
fn instance(path: &Path) -> Option<Value> {
    instance_of(std::str::from_utf8(&fs::read(path).unwrap()).ok()?)
}

fn name(path: &Path) -> &str {
    path.file_stem().and_then(|name| name.to_str()).unwrap()
}

#[test]
fn the_schema_is_one_by_the_rules_of_its_draft() {
    jsonschema::draft202012::meta::validate(&document()).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_shipped_and_every_good_configuration_is_accepted() {
    let validator = validator();
    let folders = ["configs", "tests/config/good", "tests/config/noted"];
    let paths: Vec<PathBuf> = folders.iter().flat_map(|folder| files(folder, "yaml")).collect();
    assert!(paths.len() > 20, "only {} are left", paths.len());
    for path in paths {
        let instance = instance(&path).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&instance).map(|error| format!("{error}")).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn what_is_printed_is_accepted() {
    let printed = serde_json::to_value(print::tree(&Config::default())).unwrap();
    validator().validate(&printed).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_broken_configuration_is_refused_unless_no_schema_can() {
    let validator = validator();
    let (mut refused, mut unreadable, mut wrong) = (0, 0, Vec::new());
    for path in files("tests/config/broken", "yaml") {
        let beyond = BEYOND_A_SCHEMA.iter().find(|(beyond, _)| *beyond == name(&path));
        // What is no map in YAML never comes to a schema: the editor says so by itself.
        let Some(instance) = instance(&path) else {
            unreadable += 1;
            continue;
        };
        match (validator.is_valid(&instance), beyond) {
            (true, None) => wrong.push(format!("{} is accepted", name(&path))),
            (false, Some(_)) => wrong.push(format!("{} is refused after all", name(&path))),
            (is_valid, _) => refused += u32::from(!is_valid),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        refused >= 130 && unreadable < 30,
        "only {refused} are refused, {unreadable} cannot be read"
    );
}

#[test]
fn each_end_of_a_range_is_accepted_and_what_lies_just_outside_is_refused() {
    /// Sums of parts, names that a database or another key would have to know, bits behind a prefix, and formats.
    const NOT_REFUSED: [&str; 15] = [
        "\"61 * * * *\"",
        "0 per day",
        "1001 per day",
        "999ms",
        "30d1s",
        "\"3660d1s\"",
        "\"0s\"",
        "1h1ms",
        "10m1s",
        "Mars/Base",
        "www.example.org",
        "203.0.113.7/24",
        "nearly_json",
        "\"%h %Q\"",
        "\"$remote_adr\"",
    ];
    let validator = validator();
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for row in rows() {
        let (inside, outside) = samples(&row).unwrap();
        for (value, is_right) in
            inside.iter().map(|v| (v, true)).chain(outside.iter().map(|v| (v, false)))
        {
            let yaml = with(&row.key, value);
            asked += 1;
            let expected = is_right || NOT_REFUSED.contains(&value.as_str());
            if validator.is_valid(&instance_of(&yaml).unwrap()) != expected {
                wrong.push(format!("{yaml}: expected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 200, "only {asked} values were asked for");
}

#[test]
fn what_no_schema_can_refuse_is_there_and_says_why() {
    let broken = files("tests/config/broken", "yaml");
    for (beyond, why) in BEYOND_A_SCHEMA {
        let path = broken.iter().find(|path| name(path) == *beyond);
        assert!(path.is_some_and(|path| instance(path).is_some()), "{beyond} is not there");
        assert!(why.len() > 10, "{beyond}");
    }
}
