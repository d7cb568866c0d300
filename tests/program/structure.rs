//! The structure of the source tree holds: which file may import which, how long files are, and that a name means
//! one thing. The longest function is clippy's to hold (clippy.toml).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// No file is longer, in lines.
const LONGEST_FILE: usize = 450;

/// A module by its path from the crate's root, such as `["files", "lock"]`.
type Module = Vec<String>;

/// The source without comments and tests, by module.
struct Source(BTreeMap<Module, String>);

fn files(directory: &str) -> Vec<PathBuf> {
    fn search(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                search(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    search(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut found);
    found
}

/// The code of a file: no comments, and nothing from its first module of tests on.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

impl Source {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let module = |path: &Path| -> Module {
            let path = path.strip_prefix(&root).unwrap().with_extension("");
            path.iter().map(|part| part.to_str().unwrap().to_owned()).collect()
        };
        let all: BTreeMap<_, _> = files("src")
            .iter()
            .map(|path| (module(path), code(&fs::read_to_string(path).unwrap())))
            .collect();
        // Modules that only tests have, with those in them.
        let of_tests: Vec<Module> = all
            .iter()
            .flat_map(|(module, code)| {
                let declared = code.split("#[cfg(test)]\n").skip(1);
                let name =
                    |rest: &str| Some(rest.split_once("mod ")?.1.split_once(';')?.0.to_owned());
                declared.filter_map(name).map(|name| [&module[..], &[name]].concat())
            })
            .collect();
        let is_kept = |module: &Module| {
            !["lib", "main"].contains(&&*module[0])
                && !of_tests.iter().any(|of| module.starts_with(of))
        };
        Self(all.into_iter().filter(|(module, _)| is_kept(module)).collect())
    }

    /// Which file each file imports from, re-exports followed to where a name comes from.
    fn imports(&self) -> BTreeSet<(Module, Module)> {
        let mut imports = BTreeSet::new();
        for (module, code) in &self.0 {
            let children = self
                .0
                .keys()
                .filter(|other| other.split_last().is_some_and(|parts| parts.1 == module));
            let children = children.filter_map(|child| child.last());
            for path in
                paths(code).into_iter().chain(children.flat_map(|child| bare_paths(code, child)))
            {
                if let Some(from) = self.resolve(module, &path, 0).filter(|from| from != module) {
                    imports.insert((module.clone(), from));
                }
            }
        }
        imports
    }

    /// The module that a path leads to from a module; `None` where it leads out of the crate.
    fn resolve(&self, module: &Module, path: &[String], depth: usize) -> Option<Module> {
        let (mut at, mut rest) = match path.split_first()? {
            (first, rest) if first == "crate" => (Vec::new(), rest),
            (first, rest) if first == "self" => (module.clone(), rest),
            (first, _) if first == "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                (module[..module.len().checked_sub(ups)?].to_vec(), &path[ups..])
            }
            (first, _)
                if self.0.contains_key(&[&module[..], std::slice::from_ref(first)].concat()) =>
            {
                (module.clone(), path)
            }
            _ => return None,
        };
        while let Some((first, behind)) = rest.split_first() {
            let child = [&at[..], std::slice::from_ref(first)].concat();
            if !self.0.contains_key(&child) {
                break;
            }
            (at, rest) = (child, behind);
        }
        let name = rest.first();
        let exported = self.0.get(&at).into_iter().flat_map(|code| exports(code));
        let origin = exported.filter(|path| path.last() == name && depth < 5 && name.is_some());
        origin
            .filter_map(|path| self.resolve(&at, &path, depth + 1))
            .find(|origin| *origin != at)
            .or((!at.is_empty()).then_some(at))
    }
}

/// The paths of all `use` items, and of what is named by a path from the crate's root or the module above.
fn paths(code: &str) -> Vec<Module> {
    let mut paths: Vec<_> = uses(code).iter().flat_map(|text| flattened(text)).collect();
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let text: String = code[at..].chars().take_while(|c| is_name(*c)).collect();
            // The root of a tree is read with the tree, and a second `super` with the first.
            if text.ends_with("::") || code[..at].ends_with(':') {
                continue;
            }
            paths.push(text.split("::").filter(|part| !part.is_empty()).map(Into::into).collect());
        }
    }
    paths
}

/// What is named by a path that begins with a module of its own.
fn bare_paths(code: &str, child: &str) -> Vec<Module> {
    let root = format!("{child}::");
    let begins = |at: &usize| {
        let before = code[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
    };
    let found = code.match_indices(&root).map(|(at, _)| at).filter(begins);
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let texts = found.map(|at| code[at..].chars().take_while(|c| is_name(*c)).collect::<String>());
    texts
        .map(|text| text.split("::").filter(|part| !part.is_empty()).map(Into::into).collect())
        .collect()
}

fn exports(code: &str) -> Vec<Module> {
    let exported = code.match_indices("pub use ").map(|(at, found)| &code[at + found.len()..]);
    exported.filter_map(|rest| rest.split(';').next()).flat_map(flattened).collect()
}

fn uses(code: &str) -> Vec<&str> {
    let found = code.match_indices("use ").filter(|(at, _)| {
        code[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
    });
    found.filter_map(|(at, found)| code[at + found.len()..].split(';').next()).collect()
}

/// The paths of a tree of `use`: `a::{b, c::d}` is `a::b` and `a::c::d`; names are those before `as`.
fn flattened(tree: &str) -> Vec<Module> {
    let tree = tree.trim().trim_start_matches("::");
    if let Some((head, inner)) = tree.split_once('{') {
        let inner = inner.rsplit_once('}').map_or(inner, |parts| parts.0);
        let head: Module =
            head.split("::").filter(|part| !part.is_empty()).map(Into::into).collect();
        let (mut depth, mut parts) = (0, vec![String::new()]);
        for c in inner.chars() {
            match c {
                ',' if depth == 0 => parts.push(String::new()),
                c => {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    parts.last_mut().unwrap().push(c);
                }
            }
        }
        let parts = parts.iter().filter(|part| !part.trim().is_empty());
        return parts
            .flat_map(|part| flattened(part))
            .map(|path| [&head[..], &path].concat())
            .collect();
    }
    // `a::{self}` is `a`; `self::a` begins where it stands.
    let path = tree.split(" as ").next().unwrap_or_default().trim();
    let parts = path.split("::").map(str::trim).filter(|part| !part.is_empty() && path != "self");
    vec![parts.map(Into::into).collect()]
}

#[test]
fn no_files_import_each_other_by_whatever_way() {
    let found = Source::read().imports();
    assert!(found.len() > 500, "the imports are found: {}", found.len());
    let reaches = |start: &Module| {
        let (mut reached, mut ahead) = (BTreeSet::new(), vec![start.clone()]);
        while let Some(at) = ahead.pop() {
            let next = found.iter().filter(|(file, _)| *file == at).map(|(_, from)| from);
            ahead.extend(next.filter(|from| reached.insert((*from).clone())).cloned());
        }
        reached
    };
    let reached: BTreeMap<_, _> = found.iter().map(|(file, _)| (file, reaches(file))).collect();
    let is_back = |(file, from): &&(Module, Module)| {
        reached.get(from).is_some_and(|reached| reached.contains(file))
    };
    let circles: Vec<_> = found
        .iter()
        .filter(is_back)
        .map(|(file, from)| format!("{} -> {}", file.join("/"), from.join("/")))
        .collect();
    assert!(circles.is_empty(), "these files import each other:\n{}", circles.join("\n"));
}

/// The rooms in the order of the table in src/README.md, the lowest first.
fn rooms() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/README.md");
    let text = fs::read_to_string(path).unwrap();
    let table = text.split("## The rooms").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| "));
    let names =
        rows.filter_map(|row| row.split('|').nth(2)).flat_map(|cell| cell.split('`').skip(1));
    names.step_by(2).map(Into::into).collect()
}

#[test]
fn a_room_imports_from_lower_rooms_alone() {
    let rooms = rooms();
    let layer = |room: &str| {
        let found = rooms.iter().position(|other| other == room);
        found.unwrap_or_else(|| panic!("{room} is not in the table of src/README.md"))
    };
    assert_eq!(rooms.iter().collect::<BTreeSet<_>>().len(), rooms.len(), "each is named once");
    for (file, from) in Source::read().imports() {
        let (of, to) = (layer(&file[0]), layer(&from[0]));
        assert!(of >= to, "{} imports from {}, which is above it", file.join("/"), from.join("/"));
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    for path in files("src").into_iter().chain(files("tests")) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
    }
}

#[test]
fn a_type_has_a_name_of_its_own() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (module, code) in Source::read().0 {
        for line in code.lines() {
            let words: Vec<_> = line.split([' ', '<', '(', ':', ';', '{', '=']).collect();
            let words = &words[words.iter().position(|word| KINDS.contains(word)).unwrap_or(0)..];
            if !line.starts_with(' ') && words.len() > 1 && KINDS.contains(&words[0]) {
                files.entry(words[1].to_owned()).or_default().push(module.join("/"));
            }
        }
    }
    let doubled: Vec<_> = files.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(doubled.is_empty(), "{doubled:#?}");
}

/// What begins the definition of a type.
const KINDS: [&str; 4] = ["struct", "enum", "trait", "type"];

#[test]
fn a_tree_of_imports_is_flattened_and_its_names_are_followed() {
    let shown = |text: &str| -> Vec<String> {
        flattened(text).iter().map(|path| path.join("::")).collect()
    };
    assert_eq!(shown("a::b"), ["a::b"]);
    assert_eq!(shown("a::{self, b as c, d::{e, f}}"), ["a", "a::b", "a::d::e", "a::d::f"]);
    let source = Source::read();
    let module = |text: &str| -> Module { text.split("::").map(Into::into).collect() };
    let from = |module_: &str, path: &str| source.resolve(&module(module_), &module(path), 0);
    assert_eq!(from("threads::writer", "crate::stream::Time"), Some(module("time")));
    assert_eq!(from("files::sink", "super::lines::Lines"), Some(module("files::lines")));
    assert_eq!(from("run", "crate::files::Lines"), Some(module("files::lines")));
    assert_eq!(from("run", "std::path::Path"), None);
}
