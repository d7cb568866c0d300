//! Memory that lines are rendered into. Room for a whole line is made before its first byte, so that
//! putting together its parts is copying and adding, and nothing is asked of the allocator.

use std::fmt;
use std::ops::Deref;

/// The longest chunk that may be put down at once: see [`Parts::put_part`].
pub const LONGEST_CHUNK: usize = 160;
/// The least that a buffer grows to, bytes.
const LEAST: usize = 4096;

/// Lines, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    /// The lines are in its first `len` bytes; what is behind them is room.
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Appends what `render` puts into a line, which is at most `longest` bytes long.
    #[inline(always)]
    pub fn append(&mut self, longest: usize, render: impl FnOnce(&mut Line<'_>)) {
        let needed = self.len + longest + LONGEST_CHUNK;
        if self.bytes.len() < needed {
            self.grow(needed);
        }
        let mut line = Line { room: &mut self.bytes[self.len..], len: 0 };
        render(&mut line);
        self.len += line.len;
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

/// What the parts of a line go to, one after the other.
pub trait Parts: fmt::Write {
    /// Puts down the first `len` bytes of a chunk, which is at most [`LONGEST_CHUNK`] long.
    fn put_part<const N: usize>(&mut self, chunk: &[u8; N], len: usize);

    /// Puts down a text of any length.
    fn put_all(&mut self, text: &[u8]);
}

/// A line, as far as it is put together.
#[derive(Debug)]
pub struct Line<'a> {
    room: &'a mut [u8],
    len: usize,
}

impl Parts for Line<'_> {
    /// All of the chunk is copied, which is a few instructions, where a copy of just `len` bytes would be a
    /// call and a jump that no processor can predict.
    #[inline(always)]
    fn put_part<const N: usize>(&mut self, chunk: &[u8; N], len: usize) {
        const { assert!(N <= LONGEST_CHUNK) };
        let room: &mut [u8; N] =
            self.room[self.len..].first_chunk_mut().expect("room was made for the line");
        // The compiler makes a call of what is longer than this.
        let half = N.min(128);
        room[..half].copy_from_slice(&chunk[..half]);
        room[half..].copy_from_slice(&chunk[half..]);
        self.len += len;
    }

    fn put_all(&mut self, text: &[u8]) {
        self.room[self.len..][..text.len()].copy_from_slice(text);
        self.len += text.len();
    }
}

impl fmt::Write for Line<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put_all(text.as_bytes());
        Ok(())
    }
}

/// How long a line is, without its bytes.
#[derive(Debug, Default)]
pub struct Length(pub usize);

impl Parts for Length {
    fn put_part<const N: usize>(&mut self, _: &[u8; N], len: usize) {
        self.0 += len;
    }

    fn put_all(&mut self, text: &[u8]) {
        self.0 += text.len();
    }
}

impl fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
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
                buffer.append(text.len() + 3, |line| {
                    line.put_all(text.as_bytes());
                    line.put_part(b"abcdefgh", 2);
                    line.put_part(b"\n", 1);
                });
                expected.extend_from_slice(format!("{text}ab\n").as_bytes());
            }
            assert!(*buffer == *expected);
        }
    }
}
