//! What visitors say they are, where they come from and what they look for: `user_agents`,
//! `ip_ranges`, `external_referrers`, `search_terms`, `product_categories`, `profile_tabs`.

use std::net::IpAddr;

use super::cursor::{ConfigItem, Map};
use super::weighed_list::WeighedEntry;
use super::weights::{have_a_choice, weight};
use crate::config::keys::preset;
use crate::config::keys::visitors::{AGENTS, LONGEST, NETWORK, NETWORKS, REFERRER, REFERRERS};
use crate::config::tree::Value;
use crate::config::words::grouped;
use crate::config::{Network, UserAgent, UserAgents, WeighedList};

/// Reads `user_agents`; absent is the built-in set, and so is a list that is absent from it.
pub fn user_agents(section: Option<Map<'_>>) -> UserAgents {
    let mut agents: UserAgents = preset();
    let Some(map) = section else { return agents };
    let read = |key| agent_list(&map.get(key)?);
    let (desktop, mobile) = (read("desktop"), read("mobile"));
    if desktop.as_ref().is_some_and(Vec::is_empty) && mobile.as_ref().is_some_and(Vec::is_empty) {
        map.item().error("found no user agent at all, expected at least one in either list");
    }
    map.finish();
    agents.desktop = desktop.unwrap_or(agents.desktop);
    agents.mobile = mobile.unwrap_or(agents.mobile);
    agents
}

/// Reads a list of user agents, or a map of them and their weights.
fn agent_list(item: &ConfigItem<'_>) -> Option<Vec<UserAgent>> {
    const ONE: &str = "a user agent";
    if !matches!(item.value(), Value::Map(_)) {
        let texts = texts(&item.list(AGENTS)?, ONE)?;
        return Some(texts.into_iter().map(|name| UserAgent { name, weight: None }).collect());
    }
    let map = item.map(AGENTS)?;
    let read = |(name, item): (&str, ConfigItem<'_>)| {
        if name.trim().is_empty() || name.len() > LONGEST {
            let most = grouped(LONGEST as f64);
            map.wrong_key(name, format!("expected {ONE} of at most {most} bytes, not blank"));
            return None;
        }
        Some(UserAgent { name: name.to_owned(), weight: Some(weight(&item)?) })
    };
    let agents: Vec<Option<UserAgent>> = map.entries().map(read).collect();
    let agents: Vec<UserAgent> = agents.into_iter().collect::<Option<_>>()?;
    have_a_choice(&map, agents.iter().filter_map(|agent| agent.weight), "user agent")
        .then_some(agents)
}

/// Reads a list of texts that may not be empty; absent or wrong it is `None`. `what` is one entry.
pub fn text_list(item: Option<ConfigItem<'_>>, what: &str) -> Option<Vec<String>> {
    let item = item?;
    let list = item.list(&format!("a list, each entry {what}"))?;
    if list.is_empty() {
        return item
            .wrong(format!("at least one entry, {what}: leave the key out for the default"));
    }
    texts(&list, what)
}

fn texts(list: &[ConfigItem<'_>], what: &str) -> Option<Vec<String>> {
    let texts: Vec<String> = list.iter().filter_map(|item| text(item, what)).collect();
    (texts.len() == list.len()).then_some(texts)
}

/// Text that is not blank and not too long; `what` it is.
pub fn text(item: &ConfigItem<'_>, what: &str) -> Option<String> {
    // A whole number is the same text in every spelling; a fraction (1.10) or true is not.
    let text = match item.value() {
        Value::Integer(number) => number.to_string(),
        _ => item.free_text(what)?.to_owned(),
    };
    if text.trim().is_empty() {
        return item.wrong(format!("{what}, not blank"));
    }
    if text.len() > LONGEST {
        return item.wrong(format!(
            "at most {} bytes (it has {})",
            grouped(LONGEST as f64),
            text.len()
        ));
    }
    Some(text)
}

/// Where visitors come from.
const RANGES: WeighedEntry<Network> = WeighedEntry {
    all: NETWORKS.expected,
    one: NETWORK,
    name: "network",
    usual: "the built-in ones",
    read: network_of,
};

/// Reads `ip_ranges`; absent or wrong it is `None`.
pub fn ip_ranges(item: Option<ConfigItem<'_>>) -> Option<WeighedList<Network>> {
    RANGES.list(item)
}

/// A network, or an address alone.
pub fn network(item: &ConfigItem<'_>) -> Option<Network> {
    RANGES.one(item)
}

/// Reads a network or an address alone; the error is what would be right.
fn network_of(text: &str) -> Result<Network, String> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let address = address.trim().parse::<IpAddr>().map_err(|_| NETWORK.to_owned())?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let prefix = match prefix.map(|text| text.trim().parse::<u8>()) {
        None => bits,
        Some(Ok(prefix)) if prefix <= bits => prefix,
        Some(_) => return Err(format!("a prefix of 0 to {bits} bits after the \"/\"")),
    };
    let network = Network::containing(address, prefix);
    if network.address != address {
        return Err(format!(
            "\"{network}\", the network that it lies in, or \"{address}\" for the address alone"
        ));
    }
    Ok(network)
}

/// Which other sites visitors come from.
const ELSEWHERE: WeighedEntry<String> = WeighedEntry {
    all: REFERRERS.expected,
    one: REFERRER,
    name: "referrer",
    usual: "the built-in ones",
    read: referrer_of,
};

/// Reads `external_referrers`; absent or wrong it is `None`.
pub fn external_referrers(item: Option<ConfigItem<'_>>) -> Option<WeighedList<String>> {
    ELSEWHERE.list(item)
}

/// Reads an absolute URL; the error is what would be right.
fn referrer_of(text: &str) -> Result<String, String> {
    if text.len() > LONGEST {
        let most = grouped(LONGEST as f64);
        return Err(format!("at most {most} bytes (it has {})", text.len()));
    }
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    };
    match text.split_once("://") {
        Some((scheme, rest))
            if is_scheme(scheme)
                && !rest.is_empty()
                && !rest.starts_with('/')
                && !rest.contains(|c: char| c.is_whitespace() || c.is_control()) =>
        {
            Ok(text.to_owned())
        }
        _ if text == "-" => Err(format!(
            "{REFERRER}: how many visits come without one, actors.people.external_referrer says"
        )),
        _ => Err(REFERRER.to_owned()),
    }
}
