//! Packs rendered lines: lines -> members. A member is a part of a compressed log that can be unpacked
//! alone, and a log is its members one after the other. So all formatters pack at once, and whatever
//! ends with a whole member can be read. It is pure: no thread, no I/O and no wall clock may enter here.

mod gzip;
pub mod header;

use gzip::GzipEncoder;
use header::Header;

use crate::codec::Codec;
use crate::format::Mark;
use crate::time::Time;

/// Lines of one log, packed.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The form of the members.
    pub codec: Codec,
    /// The members, one after the other.
    pub bytes: Vec<u8>,
    /// For each member its offset, and the time of its first line.
    pub marks: Vec<Mark>,
    /// For each member where its lines begin among the plain lines, and at the end the length of these.
    plain: Vec<usize>,
}

impl Packed {
    /// A value without lines.
    pub fn new(codec: Codec) -> Self {
        Self { codec, bytes: Vec::new(), marks: Vec::new(), plain: Vec::new() }
    }

    /// How many bytes of the plain lines are in the members that end within the first `written` bytes.
    pub fn plain_within(&self, written: usize) -> usize {
        if written >= self.bytes.len() {
            return self.plain.last().copied().unwrap_or(0);
        }
        let begun = self.marks.partition_point(|mark| mark.offset <= written);
        begun.checked_sub(1).map_or(0, |last| self.plain[last])
    }
}

/// Packs the lines of batches. It keeps the memory of the compression, so each thread needs its own.
#[derive(Debug)]
pub struct Packer {
    codec: Codec,
    encoder: GzipEncoder,
}

impl Packer {
    /// A packer for one form.
    pub fn new(codec: Codec) -> Self {
        let encoder = match codec {
            Codec::Gzip => GzipEncoder::new(),
        };
        Self { codec, encoder }
    }

    /// Packs lines with their marks into `packed`, in place of what was there. `end_of_period` returns
    /// the first instant after the rotation period of a time: the lines of a period get members of their
    /// own, so that a file can end there.
    pub fn pack(
        &mut self,
        lines: &[u8],
        mut marks: &[Mark],
        end_of_period: impl Fn(Time) -> Time,
        packed: &mut Packed,
    ) {
        packed.bytes.clear();
        packed.marks.clear();
        packed.plain.clear();
        while let Some(first) = marks.first() {
            let end = end_of_period(first.time);
            let of_period = marks.iter().position(|mark| mark.time >= end).unwrap_or(marks.len());
            marks = &marks[of_period.max(1)..];
            let until = marks.first().map_or(lines.len(), |next| next.offset);
            packed.marks.push(Mark { offset: packed.bytes.len(), time: first.time });
            packed.plain.push(first.offset);
            let plain = &lines[first.offset..until];
            self.append(plain, first.time, &mut packed.bytes);
        }
        packed.plain.push(lines.len());
    }

    /// Appends a member with these lines, of which the first has the time `first`. The same lines always
    /// give the same member.
    pub fn append(&mut self, lines: &[u8], first: Time, out: &mut Vec<u8>) {
        let start = out.len();
        Header::begin(self.codec, first, out);
        self.encoder.append(lines, out);
        Header::finish(&mut out[start..]);
    }
}

#[cfg(test)]
mod tests;
