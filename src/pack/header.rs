//! The header of a member. It says how long the member is and when its lines begin, in a place that
//! readers skip. It lets the generator find the end of the last whole member, and the first time of a
//! file, without unpacking anything.
//!
//! ```text
//! bytes  a gzip member (RFC 1952)
//!    16  1f 8b 08 04, no time, 00, ff; 10 00, "AL", 0c 00: an extra field
//!     4  the length of the whole member
//!     8  the time of the first line, ns since 1970
//!        deflate; CRC-32 and length of the lines
//! ```
//!
//! All numbers are little-endian.

use memchr::memmem::rfind_iter;

use crate::codec::Codec;
use crate::time::Time;

/// The length of a header, bytes.
pub const HEADER: usize = 28;
/// The length of its constant beginning.
const BEGINNING: usize = 16;

/// What the header of a member says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The length of the whole member, bytes.
    pub len: u64,
    /// The time of its first line.
    pub first: Time,
}

impl Header {
    /// The header at the beginning of `bytes`; `None` if these are not a member of this program.
    pub fn read(codec: Codec, bytes: &[u8]) -> Option<Self> {
        let numbers = bytes.get(..HEADER)?.strip_prefix(beginning(codec))?;
        let (len, first) = numbers.split_first_chunk()?;
        let first = first.first_chunk()?;
        Some(Self { len: u32::from_le_bytes(*len).into(), first: Time::from_le_bytes(*first) })
    }

    /// Where the last whole header in `bytes` begins.
    pub fn find_last(codec: Codec, bytes: &[u8]) -> Option<usize> {
        rfind_iter(bytes, beginning(codec)).find(|at| bytes.len() - at >= HEADER)
    }

    /// Whether these few bytes are the beginning of a header that is not whole.
    pub fn may_begin_with(codec: Codec, bytes: &[u8]) -> bool {
        let len = bytes.len().min(BEGINNING);
        bytes.len() < HEADER && bytes[..len] == beginning(codec)[..len]
    }

    /// Appends the header of a member to which its content will be appended. It has no length yet.
    pub(super) fn begin(codec: Codec, first: Time, out: &mut Vec<u8>) {
        out.extend_from_slice(beginning(codec));
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&first.to_le_bytes());
    }

    /// Puts the length of a member that is whole into its header.
    pub(super) fn finish(member: &mut [u8]) {
        let len = u32::try_from(member.len()).expect("a batch is far smaller than 4 GiB");
        member[BEGINNING..][..4].copy_from_slice(&len.to_le_bytes());
    }
}

/// How a member begins.
fn beginning(codec: Codec) -> &'static [u8; BEGINNING] {
    match codec {
        Codec::Gzip => b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x10\0AL\x0c\0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_told_from_other_bytes_and_from_a_part_of_one() {
        for codec in Codec::ALL {
            let mut member = Vec::new();
            Header::begin(codec, 7, &mut member);
            member.extend_from_slice(b"the content");
            Header::finish(&mut member);
            let header = Header { len: member.len() as u64, first: 7 };
            assert_eq!(Header::read(codec, &member), Some(header));
            for len in 0..HEADER {
                assert_eq!(Header::read(codec, &member[..len]), None);
                assert!(Header::may_begin_with(codec, &member[..len]));
            }
            assert!(!Header::may_begin_with(codec, &member[..HEADER]));
            assert!(!Header::may_begin_with(codec, b"\x1f\x8b\x08\0"));
            let archive = [&member[..], &member, &member[..HEADER - 1]].concat();
            assert_eq!(Header::find_last(codec, &archive), Some(member.len()));
            assert_eq!(Header::find_last(codec, &member[1..]), None);
        }
    }
}
