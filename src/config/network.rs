//! The addresses of a network that hosts can have, and how shards share them.

use std::net::IpAddr;

use super::Network;
use crate::shard::Shard;

/// Whether a shard has any address in these networks.
pub fn has_any(networks: &[Network], shard: Shard) -> bool {
    let (index, count) = (u128::from(shard.index), u128::from(shard.count));
    networks.iter().any(|network| {
        let (first, last) = network.hosts();
        let ahead = (index + count - first % count) % count;
        first.checked_add(ahead).is_some_and(|own| own <= last)
    })
}

impl Network {
    /// The first and the last address that a host can have.
    pub fn hosts(self) -> (u128, u128) {
        match self.address {
            IpAddr::V4(first) => {
                let first = u128::from(first.to_bits());
                let last = first + ((1u128 << (32 - self.prefix)) - 1);
                if last - first > 1 { (first + 1, last - 1) } else { (first, last) }
            }
            IpAddr::V6(first) => {
                let rest = u128::MAX.checked_shr(u32::from(self.prefix)).unwrap_or(0);
                (first.to_bits(), first.to_bits() | rest)
            }
        }
    }
}
