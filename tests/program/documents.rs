//! What the documents say of the source tree is true.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use access_log_generator::inside::metrics::METRICS;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The rows of the table of threads in src/lib.rs: name and file.
fn threads() -> Vec<(String, String)> {
    read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"))
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            (cells[0].to_owned(), cells[1].to_owned())
        })
        .collect()
}

#[test]
fn the_table_of_threads_names_each_file_of_threads_once_and_no_other() {
    let named: Vec<String> = threads().into_iter().map(|(_, file)| file).collect();
    let there: BTreeSet<String> = fs::read_dir(root().join("src/threads"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".rs"))
        .map(|name| format!("threads/{name}"))
        .collect();
    assert_eq!(named.len(), there.len());
    assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), there);
}

#[test]
fn each_thread_is_spawned_under_the_name_that_the_table_gives_it() {
    let files = ["src/pipeline.rs", "src/pipeline/around.rs", "src/pipeline/disk_guards.rs"];
    let pipeline: String = files.map(read).concat();
    for (name, _) in threads() {
        let name = name.split('`').next().unwrap();
        let spawned = name.replace("-0", "-{number}");
        assert!(pipeline.contains(&format!("\"{spawned}\"")), "{name}");
    }
}

#[test]
fn only_the_pipelines_spawn_threads() {
    fn search(directory: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                search(&path, found);
            } else if fs::read_to_string(&path).unwrap().split("#[cfg(test)]").next().is_some_and(
                |code| {
                    let code: String = code.split_whitespace().collect();
                    code.contains("Builder::new().name") || code.contains("thread::spawn")
                },
            ) {
                found.push(path.strip_prefix(root()).unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    search(&root().join("src"), &mut found);
    found.retain(|file| !file.ends_with("tests.rs"));
    found.sort();
    assert_eq!(found, ["src/pipeline/threads.rs", "src/verify/pipeline.rs"]);
}

#[test]
fn the_map_names_every_module_at_the_top() {
    let map = read("src/lib.rs");
    let modules = map.lines().filter_map(|line| line.strip_prefix("mod "));
    for module in modules.map(|line| line.trim_end_matches(';')) {
        assert!(
            map.contains(&format!("[`{module}`]")) || module == "threads",
            "{module} is not on the map"
        );
    }
}

/// The names of the records of decisions.
fn decisions() -> Vec<String> {
    fs::read_dir(root().join("src/decisions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect()
}

#[test]
fn the_index_of_decisions_has_a_line_for_each() {
    let index = read("src/decisions/README.md");
    for name in decisions() {
        assert_eq!(index.matches(&format!("\n- [{name}]({name}): ")).count(), 1, "{name}");
    }
}

#[test]
fn every_file_that_the_documents_link_to_is_there() {
    let documents = [
        ".github/CONTRIBUTING.md",
        "README.md",
        "CHANGELOG.md",
        "configs/README.md",
        "packaging/README.md",
        "src/README.md",
        "src/decisions/README.md",
        "src/files/README.md",
        "src/score/README.md",
        "src/status/README.md",
        "src/truth/README.md",
        "src/verify/README.md",
        "tests/README.md",
    ];
    let decisions = decisions().into_iter().map(|name| format!("src/decisions/{name}"));
    for document in documents.map(str::to_owned).into_iter().chain(decisions) {
        let document = &*document;
        let text = read(document);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap();
            let path = root().join(document).with_file_name(file);
            assert!(path.exists(), "{document} links to {link}");
        }
    }
}

/// The texts of a drawing, without what is around them.
fn texts(svg: &str) -> Vec<String> {
    let lines = svg.lines().filter(|line| line.starts_with("<text"));
    let plain = |line: &str| {
        let parts = line.split('<').map(|part| part.split_once('>').map_or(part, |part| part.1));
        let text: String = parts.collect();
        text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    lines.map(plain).collect()
}

#[test]
fn the_picture_in_the_readme_shows_what_its_command_writes() {
    let shown = texts(&read(".github/images/terminal.svg"));
    let (command, lines) = shown.split_first().unwrap();
    let words = command.strip_prefix("$ access-log-generator ").unwrap();
    let words = words.split(" && ").next().unwrap().split(' ');
    let directory = tempfile::tempdir().unwrap();
    let mut generator = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    let health_check_off = "output: {health_check: {enabled: false}}";
    generator.args(words).current_dir(directory.path()).env_clear();
    assert!(
        generator.env("LOG_GENERATOR_CONFIG_YAML", health_check_off).status().unwrap().success()
    );
    let log = fs::read_to_string(directory.path().join("logs/access.log")).unwrap();
    assert_eq!(log.lines().count(), lines.len());
    for (line, shown) in log.lines().zip(lines) {
        assert!(line.starts_with(shown.trim_end_matches('…')), "{shown}\n{line}");
    }
}

#[test]
fn the_deployment_guide_has_a_row_for_each_metric_and_no_other() {
    let rows: Vec<(String, String)> = read("packaging/README.md")
        .lines()
        .filter(|line| {
            line.starts_with("| `access_log_generator_") || line.starts_with("| `process_")
        })
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            (cells[1].trim_matches('`').to_owned(), cells[2].to_owned())
        })
        .collect();
    let metrics: Vec<(String, String)> =
        METRICS.iter().map(|metric| (metric.full_name(), metric.kind.name().to_owned())).collect();
    assert_eq!(rows, metrics);
}
