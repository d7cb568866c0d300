//! Where visitors come from: networks that cluster as those of real visitors do. Homes, mobile networks in which hundreds share
//! an address, offices, and the networks of bots.

use std::collections::HashMap;
use std::net::IpAddr;

use super::bots::{bot_of, place_beside};
use super::people::{DEVICE, is_unknown, person_of};
use crate::config::{Config, Network};
use crate::shard::Shard;
use crate::stream::address::{Addresses, Visitor};
use crate::stream::attack::attackers::{
    AttackOrigin, HOSTING, is_attacker, origin_of, without_agent,
};
use crate::stream::country::country;
use crate::stream::random::{below, mix};

/// Zipf's exponent for the popularity of networks without weights.
const POPULARITY: f64 = 0.75;
/// The share of the visitors that come from unusual countries, all of these together.
const RARE: f64 = 0.1;
/// What keeps the addresses that a mobile network shares out from those of an office in the same network.
const MOBILE: u64 = 14 << 32;
const OFFICE: u64 = 2 << 32;
/// A share of 1, in [`Sources`].
const EACH: f64 = 65_536.0;

/// The bits of the line that a visitor comes over, by which its address is chosen. The lowest of them are in mobile networks,
/// the next ones in offices.
#[inline]
pub fn line_of(visitor: Visitor) -> u64 {
    mix(visitor & !DEVICE ^ 0x6164_6472)
}

/// The addresses of all visitors of a shard.
#[derive(Debug)]
pub struct Sources {
    people: Addresses,
    /// Of 65,536 people, how many are in mobile networks, and how many in those or in offices.
    mobile: u64,
    shared: u64,
    /// How many addresses people share in a part of a mobile network, and in one of an office.
    mobile_addresses: u64,
    office_addresses: u64,
    /// How many /16 of a larger network people come from.
    parts: u64,
    bots: Addresses,
    /// Networks of hosting companies, from which attackers come.
    hosting: Addresses,
    /// The parts of networks in countries that few visitors come from.
    abroad: Box<[(u32, u64)]>,
}

impl Sources {
    /// The sources of a configuration.
    pub fn new(config: &Config, shard: Shard) -> Self {
        let hosting = HOSTING.map(|text| text.parse().expect("the table has networks"));
        let bots: Vec<Network> = config.actors.bots.iter().map(|bot| bot.network).collect();
        let people = Addresses::new(&config.ip_ranges, POPULARITY, shard);
        let actors = &config.actors.people;
        Self {
            abroad: abroad(&people, actors.network_parts.into()),
            mobile_addresses: actors.mobile_addresses.into(),
            office_addresses: actors.office_addresses.into(),
            parts: actors.network_parts.into(),
            mobile: (actors.mobile * EACH) as u64,
            shared: ((actors.mobile + actors.office) * EACH) as u64,
            people,
            bots: Addresses::all(&bots, shard),
            hosting: Addresses::all(&hosting, shard),
        }
    }

    /// The remote host of a visitor.
    #[inline]
    pub fn address(&self, visitor: Visitor) -> IpAddr {
        if is_attacker(visitor) {
            return self.of_attacker(without_agent(visitor));
        }
        if let Some(bot) = bot_of(visitor) {
            let (group, host) = place_beside(visitor);
            return self.bots.beside(bot, mix(group ^ 0x6164_6472), host);
        }
        if is_unknown(visitor) {
            return self.of_unknown(visitor);
        }
        self.of_person(visitor)
    }

    /// The remote host of a visitor without a user agent: a machine somewhere, or a person's.
    #[cold]
    fn of_unknown(&self, visitor: Visitor) -> IpAddr {
        match person_of(visitor) {
            Some(person) => self.of_person(person),
            None => {
                let bits = line_of(visitor);
                self.hosting.within((bits >> 7) as usize % self.hosting.len(), mix(bits))
            }
        }
    }

    #[inline]
    fn of_person(&self, visitor: Visitor) -> IpAddr {
        let bits = line_of(visitor);
        let network = self.people.network(mix(bits));
        within_part(&self.people, network, (bits >> 8) % self.parts, self.shared(network, bits))
    }

    /// The remote host of an attacker.
    #[cold]
    fn of_attacker(&self, attacker: Visitor) -> IpAddr {
        let bits = mix(attacker ^ 0x6164_6472);
        match origin_of(attacker) {
            AttackOrigin::Homes => {
                let network = self.people.network(mix(bits));
                self.people.within(network, bits)
            }
            AttackOrigin::Abroad => {
                let (network, part) = self.abroad[below(mix(bits), self.abroad.len())];
                within_part(&self.people, network as usize, part, bits)
            }
            AttackOrigin::Hosting => {
                self.hosting.within((bits >> 7) as usize % self.hosting.len(), mix(bits))
            }
        }
    }

    /// The bits of an address, shared with others in mobile and office networks.
    #[inline]
    fn shared(&self, network: usize, bits: u64) -> u64 {
        match bits >> 48 {
            kind if kind < self.mobile => one_of(network, self.mobile_addresses, MOBILE, bits),
            kind if kind < self.shared => one_of(network, self.office_addresses, OFFICE, bits),
            _ => bits,
        }
    }
}

/// An address in a part of a network: `own` says which. A part of a large network is a /16.
#[inline]
fn within_part(networks: &Addresses, network: usize, part: u64, own: u64) -> IpAddr {
    let prefix = networks.prefix(network);
    if prefix >= 16 {
        return networks.within(network, own);
    }
    // The upper bits say which /16.
    let upper = u64::MAX << (48 + u32::from(prefix));
    let part = mix(network as u64 ^ (part << 32));
    networks.within(network, part & upper | own & !upper)
}

/// The parts of networks in the countries that the fewest visitors come from: a tenth of the visitors in all, or the rarest country.
fn abroad(people: &Addresses, of_each: u64) -> Box<[(u32, u64)]> {
    let mut shares: HashMap<&str, f64> = HashMap::new();
    let mut parts = Vec::new();
    for (network, weight) in people.weights().iter().enumerate() {
        for part in 0..of_each {
            let country = country(within_part(people, network, part, 0));
            *shares.entry(country).or_default() += weight;
            parts.push((country, (network as u32, part)));
        }
    }
    let all: f64 = shares.values().sum();
    let mut countries: Vec<(&str, f64)> = shares.into_iter().collect();
    countries.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(other.0)));
    let mut sum = 0.0;
    let is_rare = |(_, share): &&(&str, f64)| {
        sum += share;
        sum <= RARE * all
    };
    let rare = countries.iter().take_while(is_rare).count().max(1);
    let is_abroad = |country: &str| countries[..rare].iter().any(|(other, _)| *other == country);
    let abroad = parts.into_iter().filter(|(country, _)| is_abroad(country));
    abroad.map(|(_, part)| part).collect()
}

/// The bits of one of so many addresses of a network, which `kind` keeps from those of another kind.
#[inline]
fn one_of(network: usize, addresses: u64, kind: u64, bits: u64) -> u64 {
    mix(network as u64 ^ kind ^ (((bits >> 16) % addresses) << 20))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::config::actors::People;
    use crate::config::{Profile, defaults};
    use crate::stream::random::Random;

    /// The addresses of 20,000 people whose networks are these.
    fn addresses(network: &str, set: impl FnOnce(&mut People)) -> HashSet<IpAddr> {
        let mut config = defaults::profile::config(Some(Profile::Shop));
        config.ip_ranges = vec![network.parse().unwrap()].into();
        set(&mut config.actors.people);
        let sources = Sources::new(&config, Shard::WHOLE);
        let mut random = Random::new(9);
        (0..20_000).map(|_| sources.address(random.bits() >> 2)).collect()
    }

    #[test]
    fn mobile_networks_and_offices_have_as_many_addresses_as_are_configured_and_none_in_common() {
        let shared = |mobile, office, mobile_addresses, office_addresses| {
            addresses("203.0.0.0/16", |people| {
                (people.mobile, people.office) = (mobile, office);
                people.mobile_addresses = mobile_addresses;
                people.office_addresses = office_addresses;
            })
        };
        assert_eq!(shared(1.0, 0.0, 30, 1).len(), 30);
        assert_eq!(shared(0.0, 1.0, 1, 7).len(), 7);
        assert_eq!(shared(0.5, 0.5, 6, 6).len(), 12);
    }

    #[test]
    fn people_come_from_as_many_parts_of_a_large_network_as_are_configured() {
        for parts in [1, 3] {
            let found = addresses("11.0.0.0/8", |people| people.network_parts = parts);
            let first_two = |address: &IpAddr| match address {
                IpAddr::V4(address) => [address.octets()[0], address.octets()[1]],
                IpAddr::V6(_) => panic!("{address} is not in the network"),
            };
            let seen: HashSet<[u8; 2]> = found.iter().map(first_two).collect();
            assert_eq!(seen.len(), parts as usize, "{seen:?}");
        }
    }
}
