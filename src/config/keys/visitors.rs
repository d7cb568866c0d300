//! The keys of `user_agents`, and the forms of the lists beside it: what visitors say they are, where they come from
//! and what they look for.

use super::shapes::{address, any, json, list, with};
use super::weights;
use super::{ConfigKey, Inside, KeyForm, KeyKind, Section, Worded, rows};
use crate::config::tree::Node;
use crate::config::{UserAgent, UserAgents, WeighedList, defaults};

/// The longest entry in bytes.
pub const LONGEST: usize = 1_000;

/// Texts of which there may be none, with weights or without.
const PERHAPS_EMPTY: Worded = Worded {
    range: "a list, perhaps empty, or weights",
    expected: "a list of user agents, each as text, or a map of them and their weights",
    schema: || any([list_of_texts(0), weighed_agents()]),
};

/// What a message says of a list of user agents.
pub const AGENTS: &str = PERHAPS_EMPTY.expected;

/// Texts of which there is one at least.
const fn texts(expected: &'static str) -> Worded {
    Worded { range: "a list", expected, schema: || list_of_texts(1) }
}

/// What is searched for; a message says so of one entry.
pub const SEARCH_TERMS: Worded = texts("a search term");
/// The shop's categories.
pub const CATEGORIES: Worded = texts("a category");
/// The profile page's tabs.
pub const TABS: Worded = texts("a tab of the profile page");

/// What a message says of a network.
pub const NETWORK: &str =
    "a network such as \"203.0.113.0/24\" or \"2001:db8::/32\", or a single address";

/// Where visitors come from.
pub const NETWORKS: Worded = Worded {
    range: "a list of networks, or weights",
    expected: "a list of networks, such as \"203.0.113.0/24\" or \"2001:db8::/32\", or a map of them and their weights",
    schema: networks,
};

/// What a message says of a referrer.
pub const REFERRER: &str = "an absolute URL of another site, such as \"https://www.example.org/\"";

/// Which other sites visitors come from.
pub const REFERRERS: Worded = Worded {
    range: "a list of URLs, or weights",
    expected: "a list of absolute URLs, such as \"https://www.example.org/\", or a map of them and their weights",
    schema: referrers,
};

/// A list of texts, as it would be written.
pub(super) fn print_texts(texts: &[String]) -> Option<Node> {
    Some(Node::list(texts.iter().map(Node::text)))
}

/// Entries as they would be written, with their weights if they have some.
pub(super) fn print_list<T: ToString>(list: &WeighedList<T>) -> Node {
    let texts = list.entries.iter().map(ToString::to_string);
    match &list.weights {
        None => Node::list(texts.map(Node::text)),
        Some(weights) => weights::print(texts.zip(weights.iter().copied())),
    }
}

/// Agents as they would be written.
fn print_agents(agents: &[UserAgent]) -> Node {
    let weighed = agents.iter().filter_map(|agent| Some((&*agent.name, agent.weight?)));
    let weighed: Vec<(&str, f64)> = weighed.collect();
    if weighed.is_empty() {
        return Node::list(agents.iter().map(|agent| Node::text(&agent.name)));
    }
    weights::print(weighed.into_iter())
}

/// User agents and their weights.
fn weighed_agents() -> Node {
    let name = json(r#"{"pattern": "[^\\s]"}"#);
    weights::weighed(with(name, "maxLength", Node::number(LONGEST as f64)))
}

impl Section for UserAgents {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "desktop",
            also: &[],
            about: "browsers on desktops",
            example: r#"["Agent/1.0"]"#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(PERHAPS_EMPTY),
                told: Some("40 of 2025 and 2026"),
                print: |agents| Some(print_agents(&agents.desktop)),
            },
        },
        ConfigKey {
            name: "mobile",
            also: &[],
            about: "browsers on phones and tablets; one in either list",
            example: r#"["Agent/1.0"]"#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(PERHAPS_EMPTY),
                told: Some("20 of 2025 and 2026"),
                print: |agents| Some(print_agents(&agents.mobile)),
            },
        },
    ];

    fn blank() -> Self {
        defaults::user_agents()
    }
}

/// What visitors say they are: one at least.
pub(super) const USER_AGENTS: Inside =
    Inside { schema: one_in_either_list, ..Inside::map(rows::<UserAgents>) };

/// A list of texts that are not blank; a whole number is its digits.
fn list_of_texts(least: u64) -> Node {
    let longest = Node::number(LONGEST as f64);
    let text = with(json(r#"{"type": "string", "pattern": "[^\\s]"}"#), "maxLength", longest);
    let entries = list(any([text, json(r#"{"type": "integer"}"#)]));
    any([with(entries, "minItems", Node::number(least as f64)), file()])
}

/// The name of a file with an entry on each line.
fn file() -> Node {
    json(r#"{"type": "string", "pattern": "[^\\s]"}"#)
}

/// `user_agents`: of the lists that are given, one has an entry.
fn one_in_either_list(map: Node) -> Node {
    let map = with(
        map,
        "not",
        json(
            r#"{
              "required": ["desktop", "mobile"],
              "properties": {"desktop": {"maxItems": 0}, "mobile": {"maxItems": 0}}
            }"#,
        ),
    );
    any([map, file()])
}

/// Networks. A schema does not know which bits of an address are behind the prefix.
fn networks() -> Node {
    weighed_list(|| address("( */ *[0-9]{1,3} *)?"))
}

/// Absolute URLs.
fn referrers() -> Node {
    weighed_list(|| {
        let url = json(r#"{"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*://[^/]"}"#);
        with(url, "maxLength", Node::number(LONGEST as f64))
    })
}

/// Entries of a form, with weights or without.
fn weighed_list(entry: fn() -> Node) -> Node {
    any([with(list(entry()), "minItems", Node::number(1.0)), weights::weighed(entry()), file()])
}
