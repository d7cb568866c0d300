//! The one table of configuration keys: a row has a key's name and other spellings, its form and range, its
//! default, what is said of it, and the field that it sets. The checks, `--print-config`, the hints about unknown
//! keys, the tables of configs/README.md (and so the manual page) and the schema are made from it.
//!
//! A new key is a row here, a field in [`config`](super), and its use. `UPDATE_GOLDEN=1 cargo test --test config` then
//! writes the tables of the reference, and the messages that list the keys of a section, anew.
//!
//! A room for each part of a configuration. What is read from a file may not enter here, and neither may a message
//! about it: the checks ask the table, never the other way round.

pub mod actors;
mod api;
pub mod assets;
pub mod bots;
pub mod distributions;
pub mod error_rates;
mod failures;
pub mod features;
mod form;
pub mod formats;
pub mod further_logs;
mod machines;
pub mod output;
pub mod pages;
pub mod paths;
mod people;
pub mod root;
pub mod scenario;
pub mod sessions;
pub mod shapes;
pub mod site;
pub mod traffic;
pub mod visitors;
pub mod weights;

pub use form::{Also, Inside, KeyForm, NumberLimits, Row, Worded};

use super::Distribution;
use super::tree::{Node, Value};

/// One key of a section that is an `S`.
pub struct ConfigKey<S: 'static> {
    /// Its name, in the spelling that is printed.
    pub name: &'static str,
    /// Its other spellings.
    pub also: &'static [Also],
    /// What it says, in a sentence without its full stop.
    pub about: &'static str,
    /// A value to copy, as JSON; empty where the default says enough.
    pub example: &'static str,
    /// What it holds, and where that goes.
    pub kind: KeyKind<S>,
}

/// What a key holds, and where that goes. Plain values are read, printed and have their default by their row alone.
pub enum KeyKind<S: 'static> {
    /// A number.
    Number {
        /// What is right.
        limits: NumberLimits,
        /// Where nothing is configured.
        default: f64,
        /// The field.
        at: fn(&mut S) -> &mut f64,
    },
    /// A whole number, in a field of 16 bits.
    Whole16 {
        /// What is right; both ends belong to it.
        range: (u64, u64),
        /// Where nothing is configured.
        default: u16,
        /// The field.
        at: fn(&mut S) -> &mut u16,
    },
    /// A whole number, in a field of 32 bits.
    Whole32 {
        /// What is right; both ends belong to it.
        range: (u64, u64),
        /// Where nothing is configured.
        default: u32,
        /// The field.
        at: fn(&mut S) -> &mut u32,
    },
    /// `true` or `false`.
    Boolean {
        /// Where nothing is configured.
        default: bool,
        /// The field.
        at: fn(&mut S) -> &mut bool,
    },
    /// How a quantity is spread.
    Distribution {
        /// What is right for a value.
        limits: NumberLimits,
        /// Where nothing is configured.
        default: UsualSpread,
        /// The field.
        at: fn(&mut S) -> &mut Distribution,
    },
    /// What the checks read by a function of their own. Its default is what [`Section::blank`] has.
    Own {
        /// What is right.
        form: KeyForm,
        /// How the default is told, where its value says too little or too much.
        told: Option<&'static str>,
        /// How it is printed, if it is.
        print: fn(&S) -> Option<Node>,
    },
    /// Whether the section is on, which [`print_feature`] knows.
    Switch,
}

/// The distribution of a quantity where nothing is configured.
#[derive(Clone, Copy)]
pub enum UsualSpread {
    /// Percentiles and their values.
    Percentiles(&'static [(f64, f64)]),
    /// Any other.
    Law(fn() -> Distribution),
}

impl UsualSpread {
    /// The distribution.
    pub fn distribution(self) -> Distribution {
        match self {
            Self::Percentiles(points) => Distribution::percentiles(points),
            Self::Law(law) => law(),
        }
    }
}

/// A part of a configuration whose keys are rows.
pub trait Section: Clone + 'static {
    /// Its keys, in the order in which they are told and printed.
    const KEYS: &'static [ConfigKey<Self>];

    /// The section where nothing is configured, but for the fields that have their default from their row: what
    /// stands in these has no meaning.
    fn blank() -> Self;
}

/// A section where nothing is configured.
pub fn preset<S: Section>() -> S {
    let mut section = S::blank();
    for key in S::KEYS {
        match key.kind {
            KeyKind::Number { default, at, .. } => *at(&mut section) = default,
            KeyKind::Whole16 { default, at, .. } => *at(&mut section) = default,
            KeyKind::Whole32 { default, at, .. } => *at(&mut section) = default,
            KeyKind::Boolean { default, at, .. } => *at(&mut section) = default,
            KeyKind::Distribution { default, at, .. } => {
                *at(&mut section) = default.distribution();
            }
            KeyKind::Own { .. } | KeyKind::Switch => {}
        }
    }
    section
}

/// A section as it would be written.
pub fn print<S: Section>(section: &S) -> Node {
    // The rows have one way to a field, and that is to change it.
    let mut copy = section.clone();
    let printed = S::KEYS.iter().filter_map(|key| Some((key.name, value(key, &mut copy)?)));
    Node::map(printed.collect::<Vec<_>>())
}

/// A section that may be off; then it is printed with what it would be by default.
pub fn print_feature<S: Section>(section: Option<&S>) -> Node {
    let mut copy = section.cloned().unwrap_or_else(preset);
    let printed = S::KEYS.iter().filter_map(|key| {
        let value = match key.kind {
            KeyKind::Switch => Some(boolean(section.is_some())),
            _ => value(key, &mut copy),
        };
        Some((key.name, value?))
    });
    Node::map(printed.collect::<Vec<_>>())
}

/// The value of a key, as it would be written.
fn value<S>(key: &ConfigKey<S>, section: &mut S) -> Option<Node> {
    match key.kind {
        KeyKind::Number { at, .. } => Some(Node::number(*at(section))),
        KeyKind::Whole16 { at, .. } => Some(Node::number((*at(section)).into())),
        KeyKind::Whole32 { at, .. } => Some(Node::number((*at(section)).into())),
        KeyKind::Boolean { at, .. } => Some(boolean(*at(section))),
        KeyKind::Distribution { at, .. } => Some(distributions::print(at(section))),
        KeyKind::Own { print, .. } => print(section),
        KeyKind::Switch => None,
    }
}

/// `true` or `false`.
pub(crate) fn boolean(value: bool) -> Node {
    Node::new(Value::Bool(value))
}

/// The rows of a section.
pub fn rows<S: Section>() -> Vec<Row> {
    let mut section = preset::<S>();
    let row = |key: &ConfigKey<S>| {
        let (form, told) = match key.kind {
            KeyKind::Number { limits, .. } => (KeyForm::Number(limits), None),
            KeyKind::Whole16 { range, .. } | KeyKind::Whole32 { range, .. } => {
                (KeyForm::Whole(range), None)
            }
            KeyKind::Boolean { .. } | KeyKind::Switch => (KeyForm::Boolean, None),
            KeyKind::Distribution { limits, .. } => (KeyForm::Distribution(limits), None),
            KeyKind::Own { form, told, .. } => (form, told),
        };
        let default = match key.kind {
            KeyKind::Switch => Some(boolean(true)),
            _ => value(key, &mut section),
        };
        let ConfigKey { name, also, about, example, .. } = *key;
        Row { name, also, about, example, form, default, told }
    };
    S::KEYS.iter().map(row).collect()
}

/// The rows of a whole configuration.
pub fn all() -> Vec<Row> {
    rows::<super::Config>()
}

/// A section that is read by a row of the section around it.
pub(crate) const fn section<S: Section>(
    name: &'static str,
    about: &'static str,
    inside: Inside,
    print: fn(&S) -> Option<Node>,
) -> ConfigKey<S> {
    ConfigKey {
        name,
        also: &[],
        about,
        example: "",
        kind: KeyKind::Own { form: KeyForm::Inside(inside), told: None, print },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::actors::*;
    use crate::config::assets::AssetSettings;
    use crate::config::bots::Bot;
    use crate::config::*;

    /// How many keys a section has; adds what is wrong with them.
    fn look<S: Section>(found: &mut Vec<String>) -> usize {
        found.extend(S::KEYS.iter().filter_map(wrong));
        let spellings = S::KEYS.iter().flat_map(|key| {
            let same =
                key.also.iter().filter(|also| !matches!(also, Also::Other(..) | Also::Instead(_)));
            std::iter::once(key.name).chain(same.map(Also::name))
        });
        let all: Vec<&str> = spellings.collect();
        let once: BTreeSet<&str> = all.iter().copied().collect();
        if once.len() != all.len() {
            found.push(format!("twice in {all:?}"));
        }
        S::KEYS.len()
    }

    /// What is wrong with the numbers of a row.
    fn wrong<S>(key: &ConfigKey<S>) -> Option<String> {
        let fits = |(low, high): (u64, u64), default: u64, most: u64| {
            high <= most && (low..=high).contains(&default)
        };
        let right = match key.kind {
            KeyKind::Number { limits, default, .. } => limits.contain(default),
            KeyKind::Distribution { limits, default, .. } => [0.01, 0.5, 0.99]
                .map(|at| default.distribution().value(at))
                .into_iter()
                .all(|value| limits.contain(value)),
            KeyKind::Whole16 { range, default, .. } => fits(range, default.into(), u16::MAX.into()),
            KeyKind::Whole32 { range, default, .. } => fits(range, default.into(), u32::MAX.into()),
            _ => true,
        };
        (!right).then(|| format!("{}: its default or its field is out of its range", key.name))
    }

    #[test]
    fn a_default_lies_within_its_range_and_a_range_in_its_field_and_no_name_is_there_twice() {
        let mut found = Vec::new();
        let looks = [
            look::<Config>,
            look::<Output>,
            look::<FurtherLog>,
            look::<HealthCheck>,
            look::<LogRotation>,
            look::<DiskMonitor>,
            look::<SiteSettings>,
            look::<AssetSettings>,
            look::<StateTransitions>,
            look::<Navigation>,
            look::<UrlRule>,
            look::<ErrorRates>,
            look::<StatusCodes>,
            look::<SessionTimes>,
            look::<UserAgents>,
            look::<FailureTimes>,
            look::<ScenarioEvent>,
            look::<Actors>,
            look::<LineShares>,
            look::<People>,
            look::<Hotlinks>,
            look::<Crawlers<{ SEARCH }>>,
            look::<Crawlers<{ AI }>>,
            look::<Crawlers<{ SEO }>>,
            look::<Monitors>,
            look::<FeedReaders>,
            look::<LinkPreviews>,
            look::<Scanners>,
            look::<Strays>,
            look::<Bot>,
        ];
        let looked_at: usize = looks.iter().map(|look| look(&mut found)).sum();
        assert!(found.is_empty(), "{found:?}");
        assert!(looked_at > 130, "only {looked_at} were looked at");
    }

    #[test]
    fn a_row_that_is_out_of_its_range_is_found() {
        let key = |default| ConfigKey::<SiteSettings> {
            name: "products",
            also: &[],
            about: "",
            example: "",
            kind: KeyKind::Whole32 { range: (1, 9), default, at: |site| &mut site.products },
        };
        assert_eq!(wrong(&key(9)), None);
        assert!(wrong(&key(10)).is_some());
    }
}
