//! Whatever the text, loading ends in settings or in messages, never in a panic.

use std::fs;
use std::sync::LazyLock;

use access_log_generator::inside::config::print;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::{files, load_yaml};

/// Every configuration of the tests, right and wrong, but none that is large.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folders = ["tests/config/good", "tests/config/broken", "tests/config/warned", "configs"];
    let all = folders.iter().flat_map(|folder| files(folder, "yaml"));
    all.map(|path| fs::read(path).unwrap()).filter(|bytes| bytes.len() < 8_000).collect()
});

/// What wrong configurations are made of.
const MORSELS: [&str; 48] = [
    ".nan",
    ".inf",
    "-.inf",
    "-1",
    "0",
    "1e308",
    "1e-308",
    "18446744073709551616",
    "null",
    "~",
    "",
    "true",
    "yes",
    "\"\"",
    "\"10\"",
    "[]",
    "{}",
    "[[[[]]]]",
    "{a: {b: {c: d}}}",
    "&a x",
    "*a",
    "<<: *a",
    "<<: {a: 1}",
    "!t x",
    "|\n  text",
    ">\n  text",
    "? a\n: b",
    "---",
    "...",
    "#",
    "- ",
    ": ",
    "\t",
    "'",
    "\"",
    "\u{feff}",
    "\u{0}",
    "é",
    "\u{2028}",
    "\"0-24\"",
    "\"9-9\"",
    "/*",
    "START",
    "home",
    "path",
    "enabled",
    "10.0.0.0/33",
    "%",
];

#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Remove(Index, usize),
    Insert(Index, &'static str),
    /// Puts a line elsewhere.
    MoveLine(Index, Index),
    RepeatLine(Index),
    /// Indents a line differently.
    Indent(Index, usize),
    /// Puts something else behind the colon of a line.
    Value(Index, &'static str),
    /// Puts something else before the colon of a line.
    ConfigKey(Index, &'static str),
    /// Appends a piece of another configuration.
    Splice(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    let morsel = || prop::sample::select(&MORSELS[..]);
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(at, byte)| Edit::Flip(at, byte)),
        (index(), 1..20usize).prop_map(|(at, count)| Edit::Remove(at, count)),
        (index(), morsel()).prop_map(|(at, text)| Edit::Insert(at, text)),
        (index(), index()).prop_map(|(from, to)| Edit::MoveLine(from, to)),
        index().prop_map(Edit::RepeatLine),
        (index(), 0..12usize).prop_map(|(at, by)| Edit::Indent(at, by)),
        (index(), morsel()).prop_map(|(at, text)| Edit::Value(at, text)),
        (index(), morsel()).prop_map(|(at, text)| Edit::ConfigKey(at, text)),
        (index(), index()).prop_map(|(from, at)| Edit::Splice(from, at)),
    ]
}

fn apply(bytes: Vec<u8>, edit: &Edit) -> Vec<u8> {
    match edit {
        Edit::Flip(..) | Edit::Remove(..) | Edit::Insert(..) => edit_bytes(bytes, edit),
        Edit::Splice(from, at) => {
            let other = &SEEDS[from.index(SEEDS.len())];
            let cut = if other.is_empty() { 0 } else { at.index(other.len()) };
            [bytes.as_slice(), b"\n", &other[cut..]].concat()
        }
        _ => edit_lines(bytes, edit),
    }
}

fn edit_bytes(mut bytes: Vec<u8>, edit: &Edit) -> Vec<u8> {
    let at = |index: &Index, length: usize| index.index(length.max(1)).min(length);
    match edit {
        Edit::Flip(index, byte) => {
            let place = at(index, bytes.len());
            if let Some(old) = bytes.get_mut(place) {
                *old ^= byte;
            }
        }
        Edit::Remove(index, count) => {
            let start = at(index, bytes.len());
            bytes.drain(start..(start + count).min(bytes.len()));
        }
        Edit::Insert(index, text) => {
            let start = at(index, bytes.len());
            bytes.splice(start..start, text.bytes());
        }
        _ => {}
    }
    bytes
}

fn edit_lines(bytes: Vec<u8>, edit: &Edit) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let count = lines.len();
    match edit {
        Edit::MoveLine(from, to) => {
            let line = lines.remove(from.index(count));
            lines.insert(to.index(count), line);
        }
        Edit::RepeatLine(at) => {
            let line = lines[at.index(count)].clone();
            lines.insert(at.index(count), line);
        }
        Edit::Indent(at, by) => {
            let line = &mut lines[at.index(count)];
            let text = line.trim_ascii_start().to_vec();
            *line = [vec![b' '; *by], text].concat();
        }
        Edit::Value(at, text) => {
            let line = &mut lines[at.index(count)];
            let colon = line.iter().rposition(|b| *b == b':').map_or(0, |colon| colon + 1);
            line.truncate(colon);
            line.push(b' ');
            line.extend(text.bytes());
        }
        Edit::ConfigKey(at, text) => {
            let line = &mut lines[at.index(count)];
            let indent = line.len() - line.trim_ascii_start().len();
            if let Some(colon) = line.iter().position(|b| *b == b':') {
                line.splice(indent.min(colon)..colon, text.bytes());
            }
        }
        _ => {}
    }
    lines.join(&b'\n')
}

/// Loads, and checks what holds of every outcome.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    match load_yaml(bytes) {
        Ok(loaded) => {
            let printed = print::to_yaml(&loaded.config);
            let again = load_yaml(printed.as_bytes())
                .map_err(|errors| TestCaseError::fail(format!("{errors}\n{printed}")))?;
            prop_assert_eq!(again.config, loaded.config);
        }
        Err(errors) => {
            let message = errors.to_string();
            prop_assert!(message.ends_with("; nothing was started"), "{}", message);
            prop_assert!(!errors.findings.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    #[test]
    fn a_damaged_configuration_never_panics(
        seed in any::<Index>(),
        edits in vec(edit(), 1..8),
    ) {
        let start = SEEDS[seed.index(SEEDS.len())].clone();
        survives(&edits.iter().fold(start, apply))?;
    }

    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..300)) {
        survives(&bytes)?;
    }

    #[test]
    fn random_yaml_never_panics(morsels in vec((0..6usize, prop::sample::select(&MORSELS[..])), 0..30)) {
        let line = |(indent, text): &(usize, &str)| format!("{}{text}\n", " ".repeat(*indent));
        survives(morsels.iter().map(line).collect::<String>().as_bytes())?;
    }
}
