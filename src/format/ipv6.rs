//! IPv6 addresses as text (RFC 5952), for lines in which a quarter of the visitors have one.

use std::net::Ipv6Addr;

use super::buffer::LineParts;

/// Appends an address.
pub fn ipv6<P: LineParts>(address: Ipv6Addr, mut line: P) -> P {
    let groups = address.segments();
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
        line = group(value, has_colon, line);
    }
    line
}

/// Appends a group in as few digits as it has, behind a colon.
#[inline]
fn group<P: LineParts>(group: u16, has_colon: bool, line: P) -> P {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [3, 2, 1, 0].map(|place| DIGITS[usize::from(group >> (4 * place) & 0xf)]);
    let digits = (4 - group.leading_zeros() as usize / 4).max(1);
    text.rotate_left(4 - digits);
    line.put_part::<1>(b":", usize::from(has_colon)).put_part::<4>(&text, digits)
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
