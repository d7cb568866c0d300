//! Who attacks: the numbers of attackers, from which their addresses and user agents follow.

use crate::config::Config;
use crate::config::event_kind::EventClass;
use crate::stream::address::Visitor;
use crate::stream::attack::payloads::{PayloadPlace, payloads};

/// The mark of an attacker, in the highest bits of the number: that of a bot and one more.
const MARK: Visitor = 0b111 << 61;
/// Where the index of the user agent stands in the number, and its bits.
const AGENT: u32 = 48;
const AGENT_BITS: Visitor = 0x1fff;
/// The marks of an attacker who comes from a network of homes, and from one of a country that the site's visitors rarely come from.
const AT_HOME: Visitor = 1 << 47;
const ABROAD: Visitor = 1 << 46;

/// Networks of hosting companies, from which attacks come.
pub const HOSTING: [&str; 16] = [
    "45.155.204.0/23",
    "185.220.100.0/22",
    "193.32.160.0/22",
    "92.118.160.0/23",
    "80.94.92.0/23",
    "141.98.80.0/22",
    "146.70.0.0/16",
    "104.248.0.0/16",
    "167.71.0.0/16",
    "157.245.0.0/16",
    "51.79.0.0/16",
    "139.99.0.0/16",
    "5.188.204.0/22",
    "103.151.120.0/22",
    "47.236.0.0/14",
    "8.208.0.0/12",
];

/// User agents of scripts and of the browsers that scripts pretend to be.
const AGENTS: [&str; 8] = [
    "python-requests/2.32.3",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
    "Go-http-client/1.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0",
    "curl/8.5.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
];

/// Where attackers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttackOrigin {
    /// Networks of hosting companies.
    Hosting,
    /// Networks of homes.
    Homes,
    /// Networks of homes in countries that few of the site's visitors come from.
    Abroad,
}

/// An attacker's number.
pub fn attacker(host: u64, from: AttackOrigin) -> Visitor {
    let marks = match from {
        AttackOrigin::Hosting => 0,
        AttackOrigin::Homes => AT_HOME,
        AttackOrigin::Abroad => ABROAD,
    };
    MARK | (host & (ABROAD - 1)) | marks
}

/// The same attacker with the user agent at an index of [`agents`].
#[inline]
pub fn with_agent(attacker: Visitor, agent: u16) -> Visitor {
    without_agent(attacker) | (Visitor::from(agent) & AGENT_BITS) << AGENT
}

/// The same attacker with the first user agent.
#[inline]
pub fn without_agent(attacker: Visitor) -> Visitor {
    attacker & !(AGENT_BITS << AGENT)
}

/// Whether a visitor is an attacker.
#[inline]
pub fn is_attacker(visitor: Visitor) -> bool {
    visitor & MARK == MARK
}

/// Where an attacker comes from.
#[inline]
pub fn origin_of(attacker: Visitor) -> AttackOrigin {
    match attacker & (AT_HOME | ABROAD) {
        0 => AttackOrigin::Hosting,
        AT_HOME => AttackOrigin::Homes,
        _ => AttackOrigin::Abroad,
    }
}

/// The index of an attacker's user agent among the [`agents`].
#[inline]
pub fn agent_of(attacker: Visitor) -> usize {
    (attacker >> AGENT & AGENT_BITS) as usize
}

/// The user agents of all attackers of a configuration; none without attacks. First those of scripts and browsers.
pub fn agents(config: &Config) -> Vec<&'static str> {
    let is_attack = |class| class == EventClass::Attack;
    if !config.scenario.iter().any(|event| is_attack(event.kind.class())) {
        return Vec::new();
    }
    let mut agents = AGENTS.to_vec();
    for event in &config.scenario {
        let Some(file) = payloads(event.kind) else { continue };
        let sent = file.requests.iter().filter(|request| request.place == PayloadPlace::Agent);
        for agent in file.agents.iter().copied().chain(sent.map(|request| request.text)) {
            if !agents.contains(&agent) {
                agents.push(agent);
            }
        }
    }
    agents
}

/// How many of the [`agents`] are those of scripts and browsers.
pub const USUAL_AGENTS: u64 = AGENTS.len() as u64;
