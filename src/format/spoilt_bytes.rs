//! What becomes of the bytes of a line that is spoilt on purpose. The line is the last of a buffer and has its line feed, and it
//! still has one afterwards, and no other: whatever follows is whole. `bits` are random bits that follow from the hit.

use super::buffer::Buffer;

/// The letters that become others, and these in ISO 8859-1.
const LETTERS: [(u8, u8); 5] =
    [(b'a', 0xe4), (b'e', 0xe9), (b'i', 0xed), (b'o', 0xf6), (b'u', 0xfc)];
/// What a long word is made of.
const FILLER: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// How many bytes the line has without its line feed.
fn length(lines: &Buffer, start: usize) -> usize {
    lines.len() - start - 1
}

/// A number from `from` to `until`, which is not reached unless both are equal.
fn within(bits: u64, from: usize, until: usize) -> usize {
    from + (bits % (until.saturating_sub(from).max(1)) as u64) as usize
}

/// The line a second time.
pub fn double(lines: &mut Buffer, start: usize) {
    let length = lines.len() - start;
    lines.open(start, length);
    lines.from(start).copy_within(length.., 0);
}

/// Only a beginning of the line, which is neither nothing nor all.
pub fn tear(lines: &mut Buffer, start: usize, bits: u64) {
    let length = length(lines, start);
    if length > 1 {
        lines.truncate(start + within(bits, 1, length) + 1);
        *lines.from(start).last_mut().expect("a line has its line feed") = b'\n';
    }
}

/// In the line, somewhere in its second quarter, the beginning of another write: its own first three quarters.
pub fn interleave(lines: &mut Buffer, start: usize, bits: u64) {
    let length = length(lines, start);
    let (at, piece) = (within(bits, length / 4, length / 2), length * 3 / 4);
    let from_there = lines.open(start + at, piece);
    // The piece is what stands before it and, since the rest has moved back, what stands behind it.
    from_there.copy_within(piece..piece + (piece - at), at);
    lines.from(start).copy_within(..at, at);
}

/// A letter within a word as ISO 8859-1 has it, or another byte if there is no such letter.
pub fn write_in_latin1(lines: &mut Buffer, start: usize, bits: u64) {
    let length = length(lines, start);
    let line = &mut lines.from(start)[..length];
    let from = within(bits, 0, length);
    let is_within_a_word = |at: &usize| {
        let around = line.get(at.wrapping_sub(1)..at + 2);
        around.is_some_and(|around| around.iter().all(u8::is_ascii_lowercase))
    };
    let other = |letter: u8| LETTERS.iter().find(|(plain, _)| *plain == letter).map(|(_, is)| *is);
    let places = (from..length).chain(1..from);
    let found = places.filter(is_within_a_word).find_map(|at| Some((at, other(line[at])?)));
    let (at, letter) = found.unwrap_or((length / 2, 0xe9));
    if let Some(byte) = line.get_mut(at) {
        *byte = letter;
    }
}

/// NULs in the place of the line's beginning, up to somewhere in its third quarter: as behind a crash, after which a file has its
/// length and not all of its blocks.
pub fn blank(lines: &mut Buffer, start: usize, bits: u64) {
    let length = length(lines, start);
    let until = within(bits, length.div_ceil(2), length * 3 / 4);
    lines.from(start)[..until].fill(0);
}

/// A word so long that the line has `wanted` bytes, unless it has more already.
pub fn lengthen(lines: &mut Buffer, start: usize, wanted: usize) {
    let length = length(lines, start);
    let Some(more) = wanted.checked_sub(length) else { return };
    let line = &lines.from(start)[..length];
    let is_in_word = |at: &usize| {
        let around = line.get(at.wrapping_sub(1)..at + 1);
        around.is_some_and(|around| around.iter().all(u8::is_ascii_lowercase))
    };
    let at = (length / 3..length).find(is_in_word).unwrap_or(length / 2);
    let word = &mut lines.open(start + at, more)[..more];
    for (byte, letter) in word.iter_mut().zip(FILLER.iter().cycle()) {
        *byte = *letter;
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::LineParts;
    use super::*;
    use crate::stream::random::mix;

    const LINE: &str = "203.0.113.9 - - [10/Oct/2024:13:55:36 +0000] \"GET /products?categoryID=4 HTTP/1.1\" 200 8421 \"-\" \"Mozilla/5.0 (X11; Linux)\"";

    /// What becomes of a line that stands behind another one.
    fn spoilt(line: &str, spoil: impl FnOnce(&mut Buffer, usize)) -> Vec<u8> {
        let mut lines = Buffer::default();
        for text in ["first", line] {
            let left = lines.line(text.len() + 1).put_all(text.as_bytes()).put_all(b"\n").left();
            lines.add(left);
        }
        spoil(&mut lines, 6);
        assert_eq!(&lines[..6], b"first\n");
        lines[6..].to_vec()
    }

    #[test]
    fn a_line_keeps_one_line_feed_and_is_another_whatever_spoils_it_and_however_short_it_is() {
        for line in [LINE, "-", "ab", "abc", "a b c", "12345678", "aeiou aeiou aeiou"] {
            for bits in (0..300).map(mix) {
                let mut all = vec![
                    spoilt(line, |lines, start| interleave(lines, start, bits)),
                    spoilt(line, |lines, start| write_in_latin1(lines, start, bits)),
                    spoilt(line, |lines, start| lengthen(lines, start, 8_000)),
                ];
                if line.len() > 1 {
                    all.push(spoilt(line, |lines, start| tear(lines, start, bits)));
                    all.push(spoilt(line, |lines, start| blank(lines, start, bits)));
                }
                for found in all {
                    let feeds = found.iter().filter(|byte| **byte == b'\n').count();
                    assert_eq!((feeds, found.last()), (1, Some(&b'\n')), "{line}");
                    if line.len() > 4 {
                        assert_ne!(found, format!("{line}\n").into_bytes());
                    }
                }
            }
        }
    }

    #[test]
    fn each_way_does_to_a_line_what_its_name_says() {
        let whole = LINE.as_bytes();
        for bits in (0..300).map(mix) {
            let torn = spoilt(LINE, |lines, start| tear(lines, start, bits));
            let torn = torn.strip_suffix(b"\n").unwrap();
            assert!(!torn.is_empty() && torn.len() < whole.len() && whole.starts_with(torn));
            let mixed = spoilt(LINE, |lines, start| interleave(lines, start, bits));
            let piece = whole.len() * 3 / 4;
            let is_at = |at: &usize| {
                mixed[..*at] == whole[..*at]
                    && mixed[*at..at + piece] == whole[..piece]
                    && mixed[at + piece..mixed.len() - 1] == whole[*at..]
            };
            assert!((whole.len() / 4..whole.len() / 2).any(|at| is_at(&at)));
            let blanked = spoilt(LINE, |lines, start| blank(lines, start, bits));
            let nuls = blanked.iter().filter(|byte| **byte == 0).count();
            assert!(blanked[..nuls].iter().all(|byte| *byte == 0) && nuls >= whole.len() / 2);
            let kept = blanked.iter().zip(whole).filter(|(one, other)| one == other).count();
            assert_eq!(kept + nuls, whole.len());
            let latin1 = spoilt(LINE, |lines, start| write_in_latin1(lines, start, bits));
            assert!(std::str::from_utf8(&latin1).is_err());
            assert_eq!(latin1.iter().zip(whole).filter(|(one, other)| one != other).count(), 1);
        }
        let twice = spoilt(LINE, double);
        assert_eq!(twice, format!("{LINE}\n{LINE}\n").into_bytes());
        let long = spoilt(LINE, |lines, start| lengthen(lines, start, 8_000));
        assert_eq!(long.len(), 8_001);
        assert!(long.starts_with(&whole[..whole.len() / 3]));
        assert!(long.ends_with(b" (X11; Linux)\"\n"));
        assert_eq!(spoilt(LINE, |lines, start| lengthen(lines, start, 9)).len(), whole.len() + 1);
    }
}
