//! Where visitors come from: a remote host for each visitor's number. The shards of a site divide its
//! networks among themselves. Each shard has every N-th address, so no two shards share a visitor.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::random::{Choice, mix, zipf_weights};
use crate::config::network::has_any;
use crate::config::{Network, WeighedList};
use crate::shard::Shard;

/// A visitor's number: 64 random bits.
pub type Visitor = u64;

/// The addresses that the visitors of one shard come from.
#[derive(Debug)]
pub struct Addresses {
    networks: Vec<Network>,
    /// How often visitors come from each of them.
    weights: Box<[f64]>,
    popularity: Choice<u32>,
    /// Which networks the shard has no address of its own in.
    foreign: Vec<bool>,
    shard: Shard,
}

impl Addresses {
    /// The part of `networks` that belongs to `shard`: at least [one address](has_any). Where they have no weights, their
    /// popularity falls as Zipf's law says, with this exponent.
    pub fn new(networks: &WeighedList<Network>, exponent: f64, shard: Shard) -> Self {
        let own = |place: &usize| has_any(&[networks.entries[*place]], shard);
        let places: Vec<usize> = (0..networks.entries.len()).filter(own).collect();
        assert!(!places.is_empty(), "the configuration is refused where a shard has no address");
        let own: Vec<Network> = places.iter().map(|place| networks.entries[*place]).collect();
        let weights: Vec<f64> = match &networks.weights {
            Some(weights) => places.iter().map(|place| weights[*place]).collect(),
            None => zipf_weights(own.len(), exponent).collect(),
        };
        Self::weighed(&own, &weights, shard)
    }

    /// All of `networks`, in their order. Of one that has no address of the shard's own, it has those of others.
    pub fn all(networks: &[Network], shard: Shard) -> Self {
        Self::weighed(networks, &vec![1.0; networks.len()], shard)
    }

    fn weighed(networks: &[Network], weights: &[f64], shard: Shard) -> Self {
        Self {
            networks: networks.to_vec(),
            popularity: Choice::new(weights).map(|network| network as u32),
            weights: weights.into(),
            foreign: networks.iter().map(|network| !has_any(&[*network], shard)).collect(),
            shard,
        }
    }

    /// The remote host of a visitor. Every address within a network is equally likely, except the first and the last of an IPv4
    /// network, which no host has.
    #[inline(always)]
    pub fn of(&self, visitor: Visitor) -> IpAddr {
        self.within(self.network(visitor), mix(visitor ^ 0x6164_6472))
    }

    /// The network that 64 random bits stand for, by how often visitors come from each.
    #[inline(always)]
    pub fn network(&self, bits: u64) -> usize {
        self.popularity.pick(bits) as usize
    }

    /// How often visitors come from each network.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// How many networks there are.
    pub fn len(&self) -> usize {
        self.networks.len()
    }

    /// How many leading bits the addresses of a network share.
    pub fn prefix(&self, network: usize) -> u8 {
        self.networks[network].prefix
    }

    /// An address of a network: `host`, 64 random bits, says where in it.
    #[inline(always)]
    pub fn within(&self, network: usize, host: u64) -> IpAddr {
        let is_whole = !self.shard.is_part() || self.foreign[network];
        let network = self.networks[network];
        match network.address {
            IpAddr::V4(first) => {
                let size = 1u64 << (32 - network.prefix);
                let offset = if size > 2 {
                    1 + ((u128::from(host) * u128::from(size - 2)) >> 64) as u64
                } else {
                    host & (size - 1)
                };
                let address = first.to_bits() + offset as u32;
                if is_whole {
                    return Ipv4Addr::from_bits(address).into();
                }
                let own = self.own(address.into(), network);
                Ipv4Addr::from_bits(own as u32).into()
            }
            IpAddr::V6(first) => {
                let bits = u128::from(host) << 64 | u128::from(mix(host));
                let offset = bits.checked_shr(u32::from(network.prefix)).unwrap_or(0);
                let address = first.to_bits() | offset;
                if is_whole {
                    return Ipv6Addr::from_bits(address).into();
                }
                Ipv6Addr::from_bits(self.own(address, network)).into()
            }
        }
    }

    /// An address of a network: `group`, 64 random bits, says near which place, and `host` which of those there.
    pub fn beside(&self, network: usize, group: u64, host: u64) -> IpAddr {
        let Network { address, prefix } = self.networks[network];
        if prefix > 31 || address.is_ipv6() {
            return self.within(network, mix(group ^ host));
        }
        // The last 8 bits of an address say which host it is in a /24.
        let size = 32 - u32::from(prefix);
        let last = size.min(8);
        let near = (group.rotate_left(32).wrapping_add(host)) & ((1 << last) - 1);
        let upper = (group >> (64 - size)) & !((1 << last) - 1);
        // The middle of the part of 64 bits that stands for the address.
        self.within(network, (2 * (upper | near) + 1) << (63 - size))
    }

    /// The address nearest to `address` that belongs to this shard, within the network.
    fn own(&self, address: u128, network: Network) -> u128 {
        let (index, count) = (u128::from(self.shard.index), u128::from(self.shard.count));
        let (first, last) = network.hosts();
        // The network has an address of this shard, so the nearest is at most `count` away.
        let floor = address - address % count;
        match floor.checked_add(index).filter(|own| *own <= last) {
            Some(own) if own >= first => own,
            Some(own) => own + count,
            None => floor + index - count,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::stream::random::Random;

    fn network(text: &str) -> Network {
        let (address, prefix) = text.split_once('/').unwrap();
        Network { address: address.parse().unwrap(), prefix: prefix.parse().unwrap() }
    }

    fn shards(count: u32) -> impl Iterator<Item = Shard> {
        (0..count).map(move |index| Shard { index, count })
    }

    #[test]
    fn the_shards_of_a_network_have_all_its_hosts_and_none_twice() {
        for (text, hosts) in [("203.0.113.0/24", 254), ("2001:db8::/120", 256)] {
            let mut seen = BTreeSet::new();
            let mut all = 0;
            for shard in shards(7) {
                let addresses = Addresses::new(&vec![network(text)].into(), 0.0, shard);
                let mut random = Random::new(5);
                let own: BTreeSet<_> = (0..5_000).map(|_| addresses.of(random.bits())).collect();
                all += own.len();
                seen.extend(own);
            }
            assert_eq!((seen.len(), all), (hosts, hosts), "{text}");
        }
    }

    #[test]
    fn a_network_too_small_for_all_shards_belongs_to_those_that_have_an_address_in_it() {
        let small = [network("198.51.100.4/31")];
        let with: Vec<u32> =
            shards(4).filter(|shard| has_any(&small, *shard)).map(|shard| shard.index).collect();
        // 198.51.100.4 is a multiple of 4.
        assert_eq!(with, [0, 1]);
        let addresses = Addresses::new(&small.to_vec().into(), 0.0, Shard { index: 1, count: 4 });
        assert_eq!(addresses.of(7), "198.51.100.5".parse::<IpAddr>().unwrap());
    }

    proptest! {
        #[test]
        fn an_address_lies_in_its_network_and_is_the_shards_own(
            v6 in any::<bool>(),
            bits in any::<u128>(),
            prefix in 0u8..=128,
            count in 1u32..5_000,
            index in any::<prop::sample::Index>(),
            visitor in any::<u64>(),
        ) {
            let address = if v6 {
                IpAddr::V6(Ipv6Addr::from_bits(bits))
            } else {
                IpAddr::V4(Ipv4Addr::from_bits(bits as u32))
            };
            let network = Network::containing(address, prefix);
            let shard = Shard { index: index.index(count as usize) as u32, count };
            prop_assume!(has_any(&[network], shard));
            let found = Addresses::new(&vec![network].into(), 0.0, shard).of(visitor);
            let (first, last) = network.hosts();
            let found = match found {
                IpAddr::V4(found) => u128::from(found.to_bits()),
                IpAddr::V6(found) => found.to_bits(),
            };
            prop_assert!((first..=last).contains(&found));
            prop_assert_eq!(found % u128::from(count), u128::from(shard.index));
        }
    }
}
