//! In which country a network is. The registry that an address belongs to follows from IANA's allocation (iana.org, IPv4 and
//! IPv6 address space); the country within its region is drawn by the network, by the number of people online there.

use std::net::IpAddr;

use super::random::mix;

/// The countries of a registry's region with their weights.
type Region = &'static [(&'static str, u32)];

const ARIN: Region = &[("US", 88), ("CA", 12)];
const RIPE: Region = &[
    ("DE", 20),
    ("GB", 16),
    ("FR", 14),
    ("IT", 11),
    ("ES", 9),
    ("NL", 7),
    ("PL", 7),
    ("TR", 6),
    ("SE", 4),
    ("UA", 3),
    ("RO", 3),
];
const APNIC: Region =
    &[("JP", 24), ("CN", 22), ("IN", 20), ("KR", 12), ("AU", 10), ("ID", 6), ("VN", 3), ("TW", 3)];
const LACNIC: Region = &[("BR", 50), ("MX", 20), ("AR", 14), ("CO", 9), ("CL", 7)];
const AFRINIC: Region = &[("ZA", 40), ("EG", 22), ("NG", 20), ("KE", 10), ("MA", 8)];

/// The regions of the first octets of IPv4 addresses that are not ARIN's.
const FIRST_OCTETS: [(&[u8], Region); 4] = [
    (
        &[
            1, 14, 27, 36, 39, 42, 43, 49, 58, 59, 60, 61, 101, 103, 106, 110, 111, 112, 113, 114,
            115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 133, 150, 153, 163, 171,
            175, 180, 182, 183, 202, 203, 210, 211, 218, 219, 220, 221, 222, 223,
        ],
        APNIC,
    ),
    (
        &[
            2, 5, 25, 31, 37, 46, 51, 53, 57, 62, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88,
            89, 90, 91, 92, 93, 94, 95, 109, 141, 145, 151, 176, 178, 185, 188, 193, 194, 195, 212,
            213, 217,
        ],
        RIPE,
    ),
    (&[177, 179, 181, 186, 187, 189, 190, 191, 200, 201], LACNIC),
    (&[41, 102, 105, 154, 196, 197], AFRINIC),
];
/// The regions of the first 16 bits of IPv6 addresses, from each on.
const FIRST_SEGMENTS: [(u16, Region); 6] = [
    (0x2001, RIPE),
    (0x2400, APNIC),
    (0x2600, ARIN),
    (0x2800, LACNIC),
    (0x2a00, RIPE),
    (0x2c00, AFRINIC),
];

/// The country of an address (ISO 3166-1 alpha-2). All addresses of a /16 (IPv4) or a /32 (IPv6) have the same.
pub fn country(address: IpAddr) -> &'static str {
    let (region, network) = match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let found = FIRST_OCTETS.iter().find(|(octets, _)| octets.contains(&first));
            (found.map_or(ARIN, |(_, region)| *region), u64::from(first) << 8 | u64::from(second))
        }
        IpAddr::V6(address) => {
            let [first, second, ..] = address.segments();
            let found = FIRST_SEGMENTS.iter().rev().find(|(from, _)| first >= *from);
            (found.map_or(ARIN, |(_, region)| *region), u64::from(first) << 16 | u64::from(second))
        }
    };
    let total: u32 = region.iter().map(|(_, weight)| weight).sum();
    let mut left = (mix(network ^ 0x636e_7472) % u64::from(total)) as u32;
    let drawn = region.iter().find(|(_, weight)| {
        let is_here = left < *weight;
        left = left.saturating_sub(*weight);
        is_here
    });
    drawn.map_or(region[0].0, |(country, _)| country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_in_one_country_of_its_registrys_region() {
        let of = |address: &str| country(address.parse().unwrap());
        assert_eq!(of("203.0.113.7"), of("203.0.200.9"));
        let countries =
            |region: Region| region.iter().map(|(country, _)| *country).collect::<Vec<_>>();
        for (address, region) in [
            ("203.0.113.7", APNIC),
            ("85.1.2.3", RIPE),
            ("73.1.2.3", ARIN),
            ("190.1.2.3", LACNIC),
            ("41.1.2.3", AFRINIC),
            ("2a00:1450::1", RIPE),
            ("2600::1", ARIN),
        ] {
            assert!(countries(region).contains(&of(address)), "{address}: {}", of(address));
        }
        let germans = (0..=255).filter(|second| of(&format!("85.{second}.0.1")) == "DE").count();
        assert!((30..75).contains(&germans), "{germans}");
    }
}
