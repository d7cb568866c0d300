//! Who visits: the address, the user agent and the user name of a visitor. Each depends only on the
//! visitor's number, the configuration and the shard, so a session needs to keep no more than the
//! number.

use std::net::IpAddr;

use fake::locales::{Data, EN};

use super::address::Addresses;
pub use super::address::Visitor;
use super::attack::attackers::{agent_of, agents as attack_agents, is_attacker};
use super::random::{Choice, below, mix};
use super::traffic::agents;
use super::traffic::app_agents::app_agents;
use super::traffic::bots::bot_of;
use super::traffic::people::{has_app, is_unknown};
use super::traffic::sources::Sources;
use crate::config::Config;
use crate::shard::Shard;

/// Zipf's exponent for the popularity of networks without weights where there is no profile: all are equally popular.
const EQUALLY: f64 = 0.0;

/// The visitors of the site.
#[derive(Debug)]
pub struct Visitors {
    addresses: Addresses,
    agents: Vec<String>,
    agent: Choice<u32>,
    first_names: Vec<String>,
    last_names: Vec<String>,
    /// Where the visitors of a profile come from.
    sources: Option<Sources>,
    /// How many of the agents are people's; those of bots follow, then the application's, and an empty one.
    people: usize,
    /// How many are bots'.
    bots: usize,
    /// The agents of the site's own application, as places behind those of bots.
    apps: Option<Choice<u32>>,
    /// The place of the first agent of attackers.
    attackers: usize,
}

/// A user name in parts: `john`, `doe` and, for some, a number that tells namesakes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserName {
    /// An index into [`Visitors::first_names`].
    pub first: usize,
    /// An index into [`Visitors::last_names`].
    pub last: usize,
    /// 1 to 99; 0 stands for no number.
    pub number: u8,
}

impl Visitors {
    /// The visitors of one shard of the site.
    pub fn new(config: &Config, shard: Shard) -> Self {
        let (mut agents, weights) = agents::of_people(config);
        let people = agents.len();
        let (mut apps, mut bots, mut attackers) = (None, 0, 0);
        if config.profile.is_some() {
            bots = config.actors.bots.len();
            agents.extend(config.actors.bots.iter().map(|bot| bot.user_agent.clone()));
            if config.actors.shares.apps > 0.0 {
                let (names, shares): (Vec<_>, Vec<f64>) = app_agents().into_iter().unzip();
                apps = Some(Choice::new(&shares).map(|agent| agent as u32));
                agents.extend(names);
            }
            attackers = agents.len();
            agents.extend(attack_agents(config).into_iter().map(str::to_owned));
            agents.push(String::new());
        }
        Self {
            sources: config.profile.map(|_| Sources::new(config, shard)),
            people,
            bots,
            apps,
            attackers,
            addresses: Addresses::new(&config.ip_ranges, EQUALLY, shard),
            agents,
            agent: Choice::new(&weights).map(|agent| agent as u32),
            first_names: letters(EN::NAME_FIRST_NAME),
            last_names: letters(EN::NAME_LAST_NAME),
        }
    }

    /// The remote host of a visitor.
    #[inline(always)]
    pub fn address(&self, visitor: Visitor) -> IpAddr {
        match &self.sources {
            None => self.addresses.of(visitor),
            Some(sources) => sources.address(visitor),
        }
    }

    /// The user agents as configured. [`Visitors::agent`] returns an index into them.
    pub fn agents(&self) -> &[String] {
        &self.agents
    }

    /// The user agent of a visitor: an index into [`Visitors::agents`].
    #[inline]
    pub fn agent(&self, visitor: Visitor) -> usize {
        let own = self.agent.pick(agents::bits_of(visitor)) as usize;
        if self.sources.is_none() {
            return own;
        }
        match bot_of(visitor) {
            Some(bot) => self.people + bot,
            None if is_attacker(visitor) => self.attackers + agent_of(visitor),
            None if is_unknown(visitor) => self.agents.len() - 1,
            None => match &self.apps {
                Some(apps) if has_app(visitor) => {
                    let app = apps.pick(agents::bits_of(visitor));
                    self.people + self.bots + app as usize
                }
                _ => own,
            },
        }
    }

    /// The first names of users, in lower-case letters.
    pub fn first_names(&self) -> &[String] {
        &self.first_names
    }

    /// The last names of users, in lower-case letters.
    pub fn last_names(&self) -> &[String] {
        &self.last_names
    }

    /// The user name that a visitor has once logged in.
    #[inline]
    pub fn user(&self, visitor: Visitor) -> UserName {
        let bits = mix(visitor ^ 0x7573_6572);
        let number = (bits & 0xff) as u8;
        UserName {
            first: below(bits, self.first_names.len()),
            last: below(bits << 32, self.last_names.len()),
            // Two in five users have a number.
            number: if number < 100 { number } else { 0 },
        }
    }
}

/// Reduces names to lower-case letters, as sites do for user names.
fn letters(names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| name.chars().filter(char::is_ascii_alphabetic).collect::<String>())
        .map(|name| name.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::config::{Network, Profile, WeighedList, defaults};
    use crate::stream::random::Random;

    fn visitors(ranges: &[(&str, u8)]) -> Visitors {
        let ip_ranges = ranges
            .iter()
            .map(|&(address, prefix)| Network { address: address.parse().unwrap(), prefix })
            .collect::<Vec<_>>();
        let ip_ranges = ip_ranges.into();
        Visitors::new(&Config { ip_ranges, ..Config::default() }, Shard::WHOLE)
    }

    #[test]
    fn addresses_stay_inside_their_networks_and_off_their_ends() {
        let ranges = [("203.0.113.0", 24), ("198.51.100.7", 32), ("2001:db8::", 33)];
        let people = visitors(&ranges);
        let mut random = Random::new(3);
        let mut seen = [0; 3];
        for _ in 0..30_000 {
            match people.address(random.bits()) {
                IpAddr::V4(address) if address.octets()[..3] == [203, 0, 113] => {
                    assert!(!matches!(address.octets()[3], 0 | 255), "{address}");
                    seen[0] += 1;
                }
                IpAddr::V4(address) => {
                    assert_eq!(address, Ipv4Addr::new(198, 51, 100, 7));
                    seen[1] += 1;
                }
                IpAddr::V6(address) => {
                    assert_eq!(address.segments()[..2], [0x2001, 0xdb8]);
                    assert_eq!(address.segments()[2] & 0x8000, 0, "{address}");
                    seen[2] += 1;
                }
            }
        }
        assert!(seen.iter().all(|&count| (9_400..10_600).contains(&count)), "{seen:?}");
    }

    #[test]
    fn a_network_with_a_weight_has_its_share_of_the_visitors_with_and_without_a_profile() {
        let network = |octet: u8| Network { address: [203, 0, octet, 0].into(), prefix: 24 };
        let ip_ranges = WeighedList {
            entries: vec![network(1), network(2), network(3)],
            weights: Some(vec![1.0, 6.0, 3.0]),
        };
        for profile in [None, Some(Profile::Shop)] {
            for index in [0, 2] {
                let config =
                    Config { ip_ranges: ip_ranges.clone(), ..defaults::profile::config(profile) };
                let people = Visitors::new(&config, Shard { index, count: 3 });
                let mut random = Random::new(3);
                let mut seen = [0; 3];
                for _ in 0..30_000 {
                    // The numbers of people with a profile begin with two bits of 0.
                    let person = random.bits() >> if profile.is_some() { 2 } else { 0 };
                    match people.address(person) {
                        IpAddr::V4(address) => seen[usize::from(address.octets()[2]) - 1] += 1,
                        other => panic!("{other} is in no network of the configuration"),
                    }
                }
                let expected = [3_000, 18_000, 9_000];
                let is_near = |(seen, expected): (&i32, i32)| (seen - expected).abs() < 450;
                assert!(seen.iter().zip(expected).all(is_near), "{profile:?}: {seen:?}");
            }
        }
    }

    #[test]
    fn a_visitor_is_always_the_same_person() {
        let (one, other) = (visitors(&[("10.0.0.0", 8)]), visitors(&[("10.0.0.0", 8)]));
        for visitor in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
            assert_eq!(one.address(visitor), other.address(visitor));
            assert_eq!(one.agent(visitor), other.agent(visitor));
            assert_eq!(one.user(visitor), other.user(visitor));
        }
    }
}
