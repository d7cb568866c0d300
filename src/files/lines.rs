//! Lines on their way into a file, as the files see them: bytes, and when which of them were
//! written. What a line says does not matter here.

use crate::format::Mark;
use crate::time::Time;

/// Whole lines, one behind the other, with their times.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The lines, each with its newline.
    pub bytes: &'a [u8],
    /// From where on lines have which time: in the order of their offsets, each the beginning of a
    /// line. The first is 0, unless there are no lines.
    pub marks: &'a [Mark],
}

impl Lines<'_> {
    /// The time of the line at `offset`.
    pub fn time_at(&self, offset: usize) -> Time {
        let behind = self.marks.partition_point(|mark| mark.offset <= offset);
        let mark = behind.checked_sub(1).map(|last| self.marks[last]);
        mark.expect("lines have a mark at their beginning").time
    }

    /// The first offset behind `offset` whose line's time is at or beyond `end`; that behind the
    /// last line where there is none.
    pub fn first_from(&self, end: Time, offset: usize) -> usize {
        let behind = self.marks.partition_point(|mark| mark.offset <= offset);
        let late = self.marks[behind..].iter().find(|mark| mark.time >= end);
        late.map_or(self.bytes.len(), |mark| mark.offset)
    }

    /// The offset behind the line at `offset`.
    pub fn end_of_line(&self, offset: usize) -> usize {
        let rest = &self.bytes[offset..];
        let newline = rest.iter().position(|byte| *byte == b'\n');
        newline.map_or(self.bytes.len(), |newline| offset + newline + 1)
    }
}
