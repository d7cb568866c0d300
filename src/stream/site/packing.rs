//! How well a text can be compressed.

use crate::stream::random::mix;

/// How much larger a text is in other codings than compressed by Brotli.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextPacking {
    /// What gzip adds, in 256ths.
    gzip: u8,
    /// The text itself, in 32nds.
    plain: u8,
}

/// The least of the two for a kind of texts, and by how much kinds differ.
const GZIP: (u64, u64) = (18, 45);
const PLAIN: (u64, u64) = (96, 80);
/// By how much texts of a kind differ, up and down.
const GZIP_OF_ONE: u64 = 6;
const PLAIN_OF_ONE: u64 = 12;

impl TextPacking {
    /// The packing of a text, from numbers that follow from its kind and from itself. What is made from one template or by one
    /// tool can be compressed about as well.
    pub fn new(kind: u64, own: u64) -> Self {
        let (kind, own) = (mix(kind ^ 0x7061_636b), mix(own ^ 0x7061_636b));
        let part = |(least, range): (u64, u64), of_one: u64, shift: u32| {
            let middle = least + (kind >> shift) % range;
            (middle - of_one + (own >> shift) % (2 * of_one + 1)) as u8
        };
        Self { gzip: part(GZIP, GZIP_OF_ONE, 0), plain: part(PLAIN, PLAIN_OF_ONE, 32) }
    }

    /// The size by gzip of a text that has `size` bytes by Brotli.
    #[inline]
    pub fn gzip(self, size: u32) -> u32 {
        size + ((u64::from(size) * u64::from(self.gzip)) >> 8) as u32
    }

    /// The size of the text itself.
    #[inline]
    pub fn plain(self, size: u32) -> u32 {
        ((u64::from(size) * u64::from(self.plain)) >> 5) as u32
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_differ_in_how_well_they_can_be_compressed_and_those_of_a_kind_less() {
        let (mut gzip, mut plain) = (HashSet::new(), HashSet::new());
        for kind in 0..200 {
            let texts: Vec<TextPacking> = (0..50).map(|own| TextPacking::new(kind, own)).collect();
            let sizes: Vec<u32> = texts.iter().map(|text| text.gzip(10_000)).collect();
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            assert!(*least > 10_450 && *most < 12_700 && most - least < 500, "{least} {most}");
            let plain_sizes = texts.iter().map(|text| text.plain(10_000));
            assert!(plain_sizes.clone().all(|size| (25_000..60_000).contains(&size)));
            gzip.extend(sizes);
            plain.extend(plain_sizes);
        }
        assert!(gzip.len() > 40 && plain.len() > 80, "{} {}", gzip.len(), plain.len());
    }
}
