//! The time that a received line is stamped with. It is a hint where to look for the line, never a
//! proof of anything: received lines may be broken in any way.

use jiff::civil::DateTime;

use crate::stream::{SECOND, Time};

/// Lines that are asked for the time together.
const ASKED: usize = 15;
const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The second of a line's stamp, `[10/Oct/2024:13:55:36 +0000]`; `None` where there is none.
pub fn stamp(line: &[u8]) -> Option<Time> {
    memchr::memchr_iter(b'[', line).find_map(|at| read(line.get(at..at + 28)?))
}

fn read(stamp: &[u8]) -> Option<Time> {
    let form = b"[00/aaa/0000:00:00:00 +0000]";
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_alphabetic(),
        b'+' => matches!(byte, b'+' | b'-'),
        other => byte == other,
    };
    if !stamp.iter().zip(form).all(fits) {
        return None;
    }
    let two = |at: usize| i16::from(stamp[at] - b'0') * 10 + i16::from(stamp[at + 1] - b'0');
    let month = MONTHS.iter().position(|month| **month == stamp[4..7])? as i8 + 1;
    let year = two(8) * 100 + two(10);
    let (day, hour, minute, second) = (two(1) as i8, two(13) as i8, two(16) as i8, two(19) as i8);
    let local = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let offset = (i64::from(two(23)) * 60 + i64::from(two(25))) * 60;
    let offset = if stamp[22] == b'-' { -offset } else { offset };
    let utc = local.duration_since(EPOCH).as_secs() - offset;
    // Offsets of which stamps do not show the seconds ended in 1972, with Liberia's.
    u64::try_from(utc).ok()?.checked_mul(SECOND)
}

/// The time that most of the first few of these lines agree on: a single broken stamp does not
/// change it. `None` where none of them has one.
pub fn median<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Time> {
    let mut stamps: Vec<Time> = lines.take(ASKED).filter_map(stamp).collect();
    stamps.sort_unstable();
    // Of two, the earlier one.
    stamps.get(stamps.len().checked_sub(1)? / 2).copied()
}

/// The earliest time of the first few of these lines. `None` where none of them has one.
pub fn earliest<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Time> {
    lines.take(ASKED).filter_map(stamp).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_found_and_read_with_its_offset() {
        for (line, expected) in [
            (
                "10.0.0.1 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\"",
                "2024-10-10T13:55:36Z",
            ),
            ("[x [01/Mar/2026:00:30:00 +0545]", "2026-02-28T18:45:00Z"),
            ("[29/Feb/2028:23:59:59 -0230]", "2028-03-01T02:29:59Z"),
        ] {
            let expected: jiff::Timestamp = expected.parse().unwrap();
            assert_eq!(
                stamp(line.as_bytes()),
                Some(expected.as_second() as u64 * SECOND),
                "{line}"
            );
        }
    }

    #[test]
    fn what_is_no_stamp_has_no_time() {
        for line in [
            "",
            "[",
            "[10/Oct/2024:13:55:36 +0000",
            "[10/Okt/2024:13:55:36 +0000]",
            "[31/Feb/2024:13:55:36 +0000]",
            "[10/Oct/2024:24:55:36 +0000]",
            "[31/Dec/1969:23:59:59 +0000]",
            "2024-10-10 13:55:36",
        ] {
            assert_eq!(stamp(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn one_broken_stamp_among_many_changes_nothing() {
        let right = b"[10/Oct/2024:13:55:36 +0000]".as_slice();
        let wrong = b"[10/Oct/2031:13:55:36 +0000]".as_slice();
        assert_eq!(median([wrong, right, b"none", right].into_iter()), stamp(right));
        assert_eq!(median([wrong, right].into_iter()), stamp(right));
        assert_eq!(median([b"none".as_slice()].into_iter()), None);
    }
}
