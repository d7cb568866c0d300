//! The page of the library of scenarios: it shows each with what it says of itself, and with its picture.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// No picture is larger, bytes: each is in the repository.
const LARGEST: u64 = 30_000;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/scenarios")
}

/// The names of the files with an ending in a directory, without it.
fn names(directory: &Path, ending: &str) -> BTreeSet<String> {
    let all = fs::read_dir(directory).unwrap();
    let name =
        |entry: fs::DirEntry| Some(entry.file_name().to_str()?.strip_suffix(ending)?.to_owned());
    all.filter_map(|entry| name(entry.unwrap())).collect()
}

#[test]
fn the_page_shows_each_scenario_as_the_program_lists_it_with_its_picture() {
    let page = fs::read_to_string(scenarios().join("README.md")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    let listed = command.env_clear().arg("--list-scenarios").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut shown = BTreeSet::new();
    let mut expected = String::new();
    for line in listed.lines() {
        match line.strip_prefix("  ") {
            Some(said) => expected += &format!("{said}\n"),
            None => {
                assert!(page.contains(&expected), "make pictures writes the page anew: {expected}");
                expected = format!("## [{line}]({line}.yaml)\n\n");
                let picture = format!("](pictures/{line}.svg)");
                assert!(page.contains(&picture), "{picture}");
                shown.insert(line.to_owned());
            }
        }
    }
    assert!(page.contains(&expected), "make pictures writes the page anew: {expected}");
    assert_eq!(shown, names(&scenarios(), ".yaml"));
    assert_eq!(shown, names(&scenarios().join("pictures"), ".svg"));
    for name in shown {
        let path = scenarios().join("pictures").join(format!("{name}.svg"));
        let text = fs::read_to_string(&path).unwrap();
        assert!(fs::metadata(&path).unwrap().len() < LARGEST, "{name}");
        assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"), "{name}");
        // Three panels, and at least one event in the background.
        for part in ["lines a second", "% of the lines", "response time, ms", "fill-opacity"] {
            assert!(text.contains(part), "{name} without {part}");
        }
    }
}
