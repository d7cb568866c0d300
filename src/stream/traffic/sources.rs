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
use crate::stream::random::{Choice, below, mix, zipf_weights};

/// Zipf's exponent for the popularity of networks.
const POPULARITY: f64 = 0.75;
/// The share of the visitors that come from unusual countries, all of these together.
const RARE: f64 = 0.1;
/// How many /16 of a larger network visitors come from.
const PARTS: u64 = 5;
/// How many addresses a mobile network shares out among its customers, and an office network among its people.
const MOBILE: u64 = 14;
const OFFICE: u64 = 2;
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
    network: Choice<u32>,
    /// Of 65,536 people, how many are in mobile networks, and how many in those or in offices.
    mobile: u64,
    shared: u64,
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
        let people = Addresses::new(&config.ip_ranges, shard);
        let actors = &config.actors.people;
        Self {
            abroad: abroad(&people),
            mobile: (actors.mobile * EACH) as u64,
            shared: ((actors.mobile + actors.office) * EACH) as u64,
            network: Choice::zipf(people.len(), POPULARITY).map(|network| network as u32),
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
        let network = self.network.pick(mix(bits)) as usize;
        within_part(&self.people, network, (bits >> 8) % PARTS, self.shared(network, bits))
    }

    /// The remote host of an attacker.
    #[cold]
    fn of_attacker(&self, attacker: Visitor) -> IpAddr {
        let bits = mix(attacker ^ 0x6164_6472);
        match origin_of(attacker) {
            AttackOrigin::Homes => {
                let network = self.network.pick(mix(bits)) as usize;
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
            kind if kind < self.mobile => one_of(network, MOBILE, bits),
            kind if kind < self.shared => one_of(network, OFFICE, bits),
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
fn abroad(people: &Addresses) -> Box<[(u32, u64)]> {
    let mut shares: HashMap<&str, f64> = HashMap::new();
    let mut parts = Vec::new();
    for (network, weight) in (0..people.len()).zip(zipf_weights(people.len(), POPULARITY)) {
        for part in 0..PARTS {
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

/// The bits of one of so many addresses of a network. Those of a mobile network and of offices are others, because the numbers
/// of addresses differ.
#[inline]
fn one_of(network: usize, addresses: u64, bits: u64) -> u64 {
    mix(network as u64 ^ (addresses << 32) ^ (((bits >> 16) % addresses) << 20))
}
