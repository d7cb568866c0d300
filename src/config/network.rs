//! Networks, the addresses of one that hosts can have, and how shards share them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::shard::Shard;

/// A network that visitors come from, such as `203.0.113.0/24` or `2001:db8::/32`. The bits of the
/// address behind the prefix are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// The first address.
    pub address: IpAddr,
    /// Bits of the prefix; at most 32 for IPv4, 128 for IPv6.
    pub prefix: u8,
}

impl Network {
    /// The network of `prefix` bits that an address lies in. A prefix longer than the address
    /// counts as the whole of it.
    pub fn containing(address: IpAddr, prefix: u8) -> Self {
        match address {
            IpAddr::V4(address) => {
                let prefix = prefix.min(32);
                let mask = u32::MAX.checked_shl(u32::from(32 - prefix)).unwrap_or(0);
                let first = Ipv4Addr::from_bits(address.to_bits() & mask);
                Self { address: first.into(), prefix }
            }
            IpAddr::V6(address) => {
                let prefix = prefix.min(128);
                let mask = u128::MAX.checked_shl(u32::from(128 - prefix)).unwrap_or(0);
                let first = Ipv6Addr::from_bits(address.to_bits() & mask);
                Self { address: first.into(), prefix }
            }
        }
    }
}

/// Reads it as it is configured: `203.0.113.0/24`. The error is what is wrong.
impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = text.split_once('/').ok_or("no prefix")?;
        let address = address.parse().map_err(|_| "no address before the prefix")?;
        Ok(Self::containing(address, prefix.parse().map_err(|_| "no number of bits")?))
    }
}

/// As it is configured: `203.0.113.0/24`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

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
