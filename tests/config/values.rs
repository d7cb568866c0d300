//! Texts, user agents and networks of every kind that a configuration can have.

use std::collections::HashSet;
use std::fmt::Debug;
use std::hash::Hash;
use std::net::IpAddr;

use access_log_generator::inside::config::{Network, UserAgent, UserAgents, WeighedList};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// Text of every kind that YAML has trouble with, but not blank.
pub fn text() -> impl Strategy<Value = String> {
    let tricky = prop::sample::select(vec![
        "yes",
        "null",
        "~",
        "1.0",
        "0x1f",
        "1_000",
        "- a",
        "a: b",
        "#",
        "'",
        "\"",
        "{",
        "*a",
        "&a",
        "!t",
        "|",
        ">",
        "%",
        "@",
        "`",
        "a\nb",
        " a ",
        "\t.",
        "\u{85}.",
        "\u{feff}.",
        "\u{2028}.",
        "---",
        "...",
        "=",
        "<<",
        ".inf",
        "2025-01-01",
        "é",
        "😀",
        "\u{0}.",
        "\u{7f}.",
        "a\r\nb",
    ]);
    let any = any::<String>().prop_filter("not blank", |text| !text.trim().is_empty());
    prop_oneof![tricky.prop_map(str::to_owned), any, "[a-z ]{0,400}z"]
}

pub fn texts(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    vec(text(), count)
}

pub fn user_agents() -> impl Strategy<Value = UserAgents> {
    (agents(0..4), agents(1..4)).prop_map(|(desktop, mobile)| UserAgents { desktop, mobile })
}

/// Distinct agents, all with a weight or none.
fn agents(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<UserAgent>> {
    let weight = prop_oneof![Just(1e-9), Just(1e9), Just(2.0), 0.001..1e6];
    (any::<bool>(), btree_map(text(), weight, count)).prop_map(|(are_weighed, agents)| {
        let agent = |(name, weight)| UserAgent { name, weight: are_weighed.then_some(weight) };
        agents.into_iter().map(agent).collect()
    })
}

pub fn ip_ranges() -> impl Strategy<Value = WeighedList<Network>> {
    weighed_list(network())
}

pub fn external_referrers() -> impl Strategy<Value = WeighedList<String>> {
    weighed_list("(https?|android-app)://[a-z0-9.-]{1,20}(:[0-9]{1,4})?(/[!-~]{0,30})?")
}

/// Entries with weights or without. Those with weights are distinct.
fn weighed_list<T: Clone + Eq + Hash + Debug>(
    entry: impl Strategy<Value = T>,
) -> impl Strategy<Value = WeighedList<T>> {
    let weight = prop_oneof![Just(1e-9), Just(1e9), Just(2.0), 0.001..1e6];
    (any::<bool>(), vec((entry, weight), 1..6)).prop_map(|(are_weighed, entries)| {
        if !are_weighed {
            return entries.into_iter().map(|(entry, _)| entry).collect::<Vec<_>>().into();
        }
        let mut seen = HashSet::new();
        let distinct = entries.into_iter().filter(|(entry, _)| seen.insert(entry.clone()));
        let (entries, weights) = distinct.unzip();
        WeighedList { entries, weights: Some(weights) }
    })
}

pub fn network() -> impl Strategy<Value = Network> {
    (any::<IpAddr>(), 0..=128u8).prop_map(|(address, prefix)| Network::containing(address, prefix))
}
