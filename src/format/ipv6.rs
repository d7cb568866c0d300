//! IPv6 addresses as text (RFC 5952), for lines in which a quarter of the visitors have one.

use std::net::Ipv6Addr;

use super::buffer::LineParts;

/// Appends an address.
#[inline]
pub fn ipv6<P: LineParts>(address: Ipv6Addr, line: P) -> P {
    let groups = address.segments();
    if groups.contains(&0) { with_zeros(groups, line) } else { without_zeros(groups, line) }
}

/// Appends an address of groups that are all to be written, as most hosts have it.
#[inline]
fn without_zeros<P: LineParts>(groups: [u16; 8], mut line: P) -> P {
    let [first @ .., last] = groups;
    for group in first {
        let (digits, count) = hexadecimal(group);
        // The digits and the colon behind them go in one piece.
        let text = u64::from(digits) | u64::from(b':') << (8 * count);
        line = line.put_part::<8>(&text.to_le_bytes(), count + 1);
    }
    let (digits, count) = hexadecimal(last);
    line.put_part::<4>(&digits.to_le_bytes(), count)
}

#[inline(never)]
fn with_zeros<P: LineParts>(groups: [u16; 8], mut line: P) -> P {
    // The first of the longest runs of zeros, of two groups at least, is left out.
    let (mut from, mut longest) = (groups.len(), 1);
    let mut run = 0;
    for (at, group) in groups.iter().enumerate() {
        run = if *group == 0 { run + 1 } else { 0 };
        if run > longest {
            (from, longest) = (at + 1 - run, run);
        }
    }
    let left_out = if from < groups.len() { longest } else { 0 };
    for (at, &value) in groups.iter().enumerate() {
        if at == from {
            line = line.put_part::<2>(b"::", 2);
        }
        if (from..from + left_out).contains(&at) {
            continue;
        }
        let has_colon = at > 0 && at != from + left_out;
        let (digits, count) = hexadecimal(value);
        line = line
            .put_part::<1>(b":", usize::from(has_colon))
            .put_part::<4>(&digits.to_le_bytes(), count);
    }
    line
}

/// The digits of a group, the first in the lowest byte, and how many it has: as few as possible.
#[inline(always)]
fn hexadecimal(group: u16) -> (u32, usize) {
    let zeros = (group | 1).leading_zeros() / 4;
    // A byte for each digit, the first in the lowest.
    let bits = u32::from(group << (4 * zeros));
    let halves = bits >> 12 | (bits & 0x0f00) | (bits & 0x00f0) << 12 | (bits & 0x000f) << 24;
    let above_nine = (halves + 0x0606_0606) >> 4 & 0x0101_0101;
    (halves + 0x3030_3030 + above_nine * u32::from(b'a' - b'9' - 1), 4 - zeros as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::buffer::{Buffer, Length};
    use crate::stream::random::Random;

    #[test]
    fn an_address_is_written_as_the_standard_library_writes_it() {
        let mut random = Random::new(9);
        for _ in 0..20_000 {
            // Many groups are zero, and many are short.
            let group = |random: &mut Random| match random.below(3) {
                0 => 0,
                1 => random.below(300) as u16,
                _ => random.bits() as u16,
            };
            let address = Ipv6Addr::from(std::array::from_fn::<u16, 8, _>(|_| group(&mut random)));
            let mut buffer = Buffer::default();
            let left = ipv6(address, buffer.line(64)).left();
            buffer.add(left);
            let shown = String::from_utf8(buffer.to_vec()).unwrap();
            if address.to_ipv4_mapped().is_none() && address.to_ipv4().is_none() {
                assert_eq!(shown, address.to_string());
            }
            assert_eq!(ipv6(address, Length::default()).0, shown.len());
        }
    }
}
