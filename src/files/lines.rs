//! Lines on their way into a file, as the files see them: bytes, and the times of the lines. What a line
//! says does not matter here.

use crate::format::Mark;
use crate::time::Time;

/// Whole lines, one after the other, with their times.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The lines, each with its line feed.
    pub bytes: &'a [u8],
    /// The times of the lines, in the order of the offsets. Each mark is at the beginning of a line, and
    /// the first is at offset 0 unless there are no lines.
    pub marks: &'a [Mark],
}

impl Lines<'_> {
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

    /// The offset after the line that begins at `offset`.
    pub fn end_of_line(&self, offset: usize) -> usize {
        let rest = &self.bytes[offset..];
        let newline = rest.iter().position(|byte| *byte == b'\n');
        newline.map_or(self.bytes.len(), |newline| offset + newline + 1)
    }
}
