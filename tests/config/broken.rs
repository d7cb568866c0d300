//! Broken configurations and what is said about them. `UPDATE_GOLDEN=1` writes the messages anew:
//! read each one before it is committed.

use std::path::Path;

use access_log_generator::inside::cli::Arguments;

use crate::support::{files, golden, load};

fn arguments(path: &Path, check: bool) -> Arguments {
    // The name stands in the messages, so it must not depend on where the package lies.
    let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned();
    Arguments { config: Some(name), check, ..Arguments::default() }
}

#[test]
fn every_broken_configuration_gets_its_message() {
    let files = files("tests/config/broken", "yaml");
    assert!(files.len() >= 70, "only {} are left", files.len());
    let mut differences = Vec::new();
    for path in files {
        match load(&arguments(&path, true), &[]) {
            Ok(_) => differences.push(format!("{} was accepted", path.display())),
            Err(errors) => differences.extend(golden(&path, &errors.to_string())),
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn what_is_only_doubtful_runs_with_a_warning() {
    let mut differences = Vec::new();
    for path in files("tests/config/warned", "yaml") {
        let loaded = load(&arguments(&path, false), &[]).unwrap();
        let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
        differences.extend(golden(&path, &warnings.join("\n")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn what_may_surprise_is_right_with_a_note_in_a_check_too() {
    let mut differences = Vec::new();
    for path in files("tests/config/noted", "yaml") {
        let loaded = load(&arguments(&path, true), &[]).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(loaded.warnings, [], "{}", path.display());
        let notes: Vec<String> = loaded.notes.iter().map(ToString::to_string).collect();
        differences.extend(golden(&path, &notes.join("\n")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn a_page_that_nothing_leads_to_is_a_warning_in_a_run_and_an_error_in_a_check() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/warned/unreached_pages.yaml");
    let run = load(&arguments(&path, false), &[]).unwrap();
    let check = load(&arguments(&path, true), &[]).unwrap_err();
    assert_eq!(run.warnings.len(), 4);
    assert_eq!(run.warnings.len(), check.findings.len());
}

#[test]
fn an_unknown_key_is_a_warning_in_a_run_and_an_error_in_a_check() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config/warned/misspelt_keys.yaml");
    let run = load(&arguments(&path, false), &[]).unwrap();
    let check = load(&arguments(&path, true), &[]).unwrap_err();
    assert_eq!(run.warnings.len(), check.findings.len());
}

#[test]
fn no_message_names_the_same_place_and_problem_twice() {
    for path in files("tests/config/broken", "yaml") {
        let errors = load(&arguments(&path, true), &[]).unwrap_err();
        let mut messages: Vec<String> = errors.findings.iter().map(ToString::to_string).collect();
        let all = messages.len();
        messages.sort();
        messages.dedup();
        assert_eq!(messages.len(), all, "{}", path.display());
    }
}
