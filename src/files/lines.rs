//! Lines on their way into a file, as the files see them: bytes, and the times of the lines. What a line
//! says does not matter here, and neither does whether lines are packed.

use crate::codec::Codec;
use crate::format::Mark;
use crate::pack::Packed;
use crate::time::Time;

/// What a file consists of. No unit is ever torn: it is in the file whole, or not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// A line, which ends with its line feed.
    #[default]
    Line,
    /// A member of an archive, which holds whole lines.
    Member(Codec),
}

impl Unit {
    /// The unit of a log that is packed in this form, or not at all.
    pub fn of(codec: Option<Codec>) -> Self {
        codec.map_or(Self::Line, Self::Member)
    }

    /// The form of the archive whose members these are.
    pub fn codec(self) -> Option<Codec> {
        match self {
            Self::Line => None,
            Self::Member(codec) => Some(codec),
        }
    }

    /// What the name of a file of such units has behind the name of its log.
    pub fn ending(self) -> &'static str {
        self.codec().map_or("", Codec::ending)
    }

    /// The name of the unit in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Member(_) => "member",
        }
    }

    /// What failed where a torn unit could not be removed, as an error says it.
    pub fn cutting(self) -> &'static str {
        match self {
            Self::Line => "cut the torn last line of",
            Self::Member(_) => "cut the torn last member of",
        }
    }

    /// The same of a file that another one takes the place of.
    pub fn cutting_the_old(self) -> &'static str {
        match self {
            Self::Line => "cut the torn last line of the old",
            Self::Member(_) => "cut the torn last member of the old",
        }
    }
}

/// Whole units, one after the other, with the times of their lines.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The lines, each with its line feed; or the members that hold them.
    pub bytes: &'a [u8],
    /// The times of the lines, in the order of the offsets. Each mark is at the beginning of a unit, and
    /// the first is at offset 0 unless there are no lines. Every member has one.
    pub marks: &'a [Mark],
    /// What the bytes consist of.
    pub unit: Unit,
}

impl<'a> Lines<'a> {
    /// Lines as they are.
    pub fn plain(bytes: &'a [u8], marks: &'a [Mark]) -> Self {
        Self { bytes, marks, unit: Unit::Line }
    }

    /// Lines that are packed.
    pub fn packed(packed: &'a Packed) -> Self {
        let Packed { bytes, marks, codec, .. } = packed;
        Self { bytes, marks, unit: Unit::Member(*codec) }
    }

    /// The time of the line at `offset`, ns.
    pub fn time_at(&self, offset: usize) -> Time {
        let behind = self.marks.partition_point(|mark| mark.offset <= offset);
        let mark = behind.checked_sub(1).map(|last| self.marks[last]);
        mark.expect("lines have a mark at their beginning").time
    }

    /// The first offset after `offset` at which a line's time is `end` or later. If there is none, the
    /// length of the bytes.
    pub fn first_from(&self, end: Time, offset: usize) -> usize {
        let behind = self.marks.partition_point(|mark| mark.offset <= offset);
        let late = self.marks[behind..].iter().find(|mark| mark.time >= end);
        late.map_or(self.bytes.len(), |mark| mark.offset)
    }

    /// The offset after the unit that holds the byte at `offset`.
    pub fn end_of_unit(&self, offset: usize) -> usize {
        let end = match self.unit {
            Unit::Line => {
                let newline = self.bytes[offset..].iter().position(|byte| *byte == b'\n');
                newline.map(|newline| offset + newline + 1)
            }
            Unit::Member(_) => {
                let behind = self.marks.partition_point(|mark| mark.offset <= offset);
                self.marks.get(behind).map(|mark| mark.offset)
            }
        };
        end.unwrap_or(self.bytes.len())
    }

    /// The end of the last unit that ends after `from` and not after `until`.
    pub fn last_end(&self, from: usize, until: usize) -> Option<usize> {
        match self.unit {
            Unit::Line => {
                let newline = self.bytes[from..until].iter().rposition(|byte| *byte == b'\n');
                newline.map(|newline| from + newline + 1)
            }
            Unit::Member(_) if until == self.bytes.len() => (from < until).then_some(until),
            Unit::Member(_) => {
                let behind = self.marks.partition_point(|mark| mark.offset <= until);
                let begun = behind.checked_sub(1).map(|last| self.marks[last].offset);
                begun.filter(|end| *end > from)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: [Mark; 2] = [Mark { offset: 0, time: 10 }, Mark { offset: 5, time: 20 }];

    fn members() -> Lines<'static> {
        Lines { bytes: b"a\n\nbcdefg", marks: &MARKS, unit: Unit::Member(Codec::Gzip) }
    }

    #[test]
    fn a_line_ends_with_its_line_feed() {
        let lines = Lines::plain(b"a\nbcd\n", &MARKS[..1]);
        assert_eq!([0, 1, 2, 5].map(|at| lines.end_of_unit(at)), [2, 2, 6, 6]);
        let found = [(0, 1), (0, 2), (0, 5), (2, 5), (2, 6)].map(|(a, b)| lines.last_end(a, b));
        assert_eq!(found, [None, Some(2), Some(2), None, Some(6)]);
    }

    #[test]
    fn a_member_ends_where_the_next_one_begins_whatever_its_bytes_are() {
        assert_eq!([0, 2, 4, 5, 8].map(|at| members().end_of_unit(at)), [5, 5, 5, 9, 9]);
        let found = [(0, 4), (0, 5), (0, 8), (5, 8), (5, 9)].map(|(a, b)| members().last_end(a, b));
        assert_eq!(found, [None, Some(5), Some(5), None, Some(9)]);
    }
}
