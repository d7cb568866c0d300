//! Where visitors come from: networks that cluster as those of real visitors do. Homes, mobile networks in which hundreds share
//! an address, offices, and the networks of bots.

use std::net::IpAddr;

use super::bots::bot_of;
use super::people::{DEVICE, is_unknown};
use crate::config::{Config, Network};
use crate::shard::Shard;
use crate::stream::address::{Addresses, Visitor};
use crate::stream::attack::attackers::{HOSTING, is_at_home, is_attacker, without_agent};
use crate::stream::random::{Choice, mix};

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
}

impl Sources {
    /// The sources of a configuration.
    pub fn new(config: &Config, shard: Shard) -> Self {
        let hosting = HOSTING.map(|text| text.parse().expect("the table has networks"));
        let bots: Vec<Network> = config.actors.bots.iter().map(|bot| bot.network).collect();
        let people = Addresses::new(&config.ip_ranges, shard);
        let actors = &config.actors.people;
        Self {
            mobile: (actors.mobile * EACH) as u64,
            shared: ((actors.mobile + actors.office) * EACH) as u64,
            network: Choice::zipf(people.len(), 0.75).map(|network| network as u32),
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
        let bits = line_of(visitor);
        if let Some(bot) = bot_of(visitor) {
            return self.bots.within(bot, bits);
        }
        let network = self.network.pick(mix(bits)) as usize;
        let prefix = self.people.prefix(network);
        let own = if is_unknown(visitor) { bits } else { self.shared(network, bits) };
        if prefix >= 16 {
            return self.people.within(network, own);
        }
        // The upper bits say which /16.
        let upper = u64::MAX << (48 + u32::from(prefix));
        let part = mix(network as u64 ^ (((bits >> 8) % PARTS) << 32));
        self.people.within(network, part & upper | own & !upper)
    }

    /// The remote host of an attacker.
    #[cold]
    fn of_attacker(&self, attacker: Visitor) -> IpAddr {
        let bits = mix(attacker ^ 0x6164_6472);
        if is_at_home(attacker) {
            let network = self.network.pick(mix(bits)) as usize;
            return self.people.within(network, bits);
        }
        self.hosting.within((bits >> 7) as usize % self.hosting.len(), mix(bits))
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

/// The bits of one of so many addresses of a network. Those of a mobile network and of offices are others, because the numbers
/// of addresses differ.
#[inline]
fn one_of(network: usize, addresses: u64, bits: u64) -> u64 {
    mix(network as u64 ^ (addresses << 32) ^ (((bits >> 16) % addresses) << 20))
}
