//! The memory that lines are rendered into. A buffer makes room for a whole line before its first byte,
//! so putting a line together only copies and adds, and never calls the allocator.

use std::ops::Deref;

/// The longest chunk that [`LineParts::put_part`] accepts, bytes.
pub const LONGEST_CHUNK: usize = 160;
/// The smallest size that a buffer grows to, bytes.
const LEAST: usize = 4096;

/// Rendered lines, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    /// The first `len` bytes hold the lines; the rest is room for more.
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// Removes all lines and keeps the memory.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Starts a line after the others, with room for at most `longest` bytes. The line counts once it is
    /// [added](Buffer::add).
    #[inline(always)]
    pub fn line(&mut self, longest: usize) -> LineRoom<'_> {
        let needed = self.len + longest + LONGEST_CHUNK;
        if self.bytes.len() < needed {
            self.grow(needed);
        }
        LineRoom { room: &mut self.bytes[self.len..] }
    }

    /// Adds the line started last, which has [left](LineRoom::left) so much of its room.
    #[inline(always)]
    pub fn add(&mut self, left: usize) {
        self.len = self.bytes.len() - left;
    }

    /// The lines from an offset on.
    pub fn from(&mut self, at: usize) -> &mut [u8] {
        &mut self.bytes[at..self.len]
    }

    /// Removes everything from an offset on.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Makes room for `more` bytes at an offset: what stands there moves back. Returns all from the offset on.
    pub fn open(&mut self, at: usize, more: usize) -> &mut [u8] {
        let end = self.len;
        if self.bytes.len() < end + more {
            self.grow(end + more);
        }
        self.bytes.copy_within(at..end, at + more);
        self.len = end + more;
        self.from(at)
    }

    #[cold]
    fn grow(&mut self, needed: usize) {
        let len = needed.max(self.bytes.len() * 3 / 2).max(LEAST);
        self.bytes.resize(len, 0);
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Takes the parts of a line, one after the other. It is passed on by value, so that the end of the line
/// stays in a register whatever is called meanwhile.
pub trait LineParts: Sized {
    /// Appends the first `len` bytes of a chunk, which is at most [`LONGEST_CHUNK`] bytes long.
    fn put_part<const N: usize>(self, chunk: &[u8; N], len: usize) -> Self;

    /// Appends a text of any length.
    fn put_all(self, text: &[u8]) -> Self;
}

/// The room behind a line that is being put together. It is no more than a slice, because two words stay in registers
/// when a function takes or returns them, and three do not.
#[derive(Debug)]
pub struct LineRoom<'a> {
    room: &'a mut [u8],
}

impl<'a> LineRoom<'a> {
    /// Room that a text of known length fits into, with the rest of its last chunk.
    pub fn new(room: &'a mut [u8]) -> Self {
        Self { room }
    }

    /// How many bytes the line has not taken.
    #[inline(always)]
    pub fn left(&self) -> usize {
        self.room.len()
    }
}

impl LineParts for LineRoom<'_> {
    /// Copies all of the chunk, which takes a few instructions. A copy of just `len` bytes would take a
    /// call and a jump that no processor can predict.
    #[inline(always)]
    fn put_part<const N: usize>(self, chunk: &[u8; N], len: usize) -> Self {
        const { assert!(N <= LONGEST_CHUNK) };
        let room: &mut [u8; N] = self.room.first_chunk_mut().expect("room was made for the line");
        // The compiler turns a longer copy into a call.
        let half = N.min(128);
        room[..half].copy_from_slice(&chunk[..half]);
        room[half..].copy_from_slice(&chunk[half..]);
        Self { room: &mut self.room[len..] }
    }

    #[inline(always)]
    fn put_all(self, text: &[u8]) -> Self {
        let (room, rest) = self.room.split_at_mut(text.len());
        room.copy_from_slice(text);
        Self { room: rest }
    }
}

/// The length of a line in bytes, measured without writing the line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Length(pub usize);

impl LineParts for Length {
    #[inline(always)]
    fn put_part<const N: usize>(self, _: &[u8; N], len: usize) -> Self {
        Self(self.0 + len)
    }

    #[inline(always)]
    fn put_all(self, text: &[u8]) -> Self {
        Self(self.0 + text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_behind_each_other_however_often_the_buffer_has_to_grow() {
        let mut buffer = Buffer::default();
        for _ in 0..2 {
            buffer.clear();
            let mut expected = Vec::new();
            for number in 0..3_000_u32 {
                let text = format!("{number} ");
                let line = buffer.line(text.len() + 3).put_all(text.as_bytes());
                let left = line.put_part(b"abcdefgh", 2).put_part(b"\n", 1).left();
                buffer.add(left);
                expected.extend_from_slice(format!("{text}ab\n").as_bytes());
            }
            assert!(*buffer == *expected);
        }
    }
}
