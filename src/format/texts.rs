//! Tables of texts that are copied fast: by chunks whose length the compiler knows.

use super::buffer::{LONGEST_CHUNK, Line};

/// Texts of any length, one behind the other in one piece of memory.
#[derive(Debug)]
pub struct Texts {
    /// The texts, and behind them as many bytes as a chunk may reach beyond the last.
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// Where a text begins, and how long it is.
#[derive(Clone, Copy, Debug)]
struct Place {
    start: u32,
    len: u32,
}

impl Texts {
    /// A table of these.
    pub fn new(texts: impl Iterator<Item = String>) -> Self {
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        for text in texts {
            places.push(Place { start: bytes.len() as u32, len: text.len() as u32 });
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes.extend_from_slice(&[0; LONGEST_CHUNK]);
        bytes.shrink_to_fit();
        Self { bytes, places }
    }

    /// A text.
    #[inline]
    pub fn get(&self, index: usize) -> &[u8] {
        let Place { start, len } = self.places[index];
        &self.bytes[start as usize..][..len as usize]
    }

    /// The length of the longest, bytes.
    pub fn longest(&self) -> usize {
        self.places.iter().map(|place| place.len as usize).max().unwrap_or(0)
    }

    /// Appends a text. It is fast where most are at most `CHUNK` bytes long, and right where not.
    #[inline(always)]
    pub fn append<const CHUNK: usize>(&self, index: usize, line: &mut Line<'_>) {
        let Place { start, len } = self.places[index];
        let len = len as usize;
        let rest = &self.bytes[start as usize..];
        let chunk: &[u8; CHUNK] = rest.first_chunk().expect("a chunk's length is behind each text");
        if len <= CHUNK {
            line.put_part(chunk, len);
        } else {
            line.put_all(&rest[..len]);
        }
    }
}

/// Short texts: each is in a record of `N` bytes, whose last byte is its length.
#[derive(Debug)]
pub struct Words<const N: usize> {
    records: Box<[[u8; N]]>,
}

impl<const N: usize> Words<N> {
    /// A table of these, none of them longer than `N - 1` bytes.
    pub fn new(words: impl Iterator<Item = String>) -> Self {
        let record = |word: String| {
            let mut record = [0; N];
            record[..word.len()].copy_from_slice(word.as_bytes());
            assert!(word.len() < N, "{word} is no short text");
            record[N - 1] = word.len() as u8;
            record
        };
        Self { records: words.map(record).collect() }
    }

    /// Appends a text.
    #[inline(always)]
    pub fn append(&self, index: usize, line: &mut Line<'_>) {
        let record = &self.records[index];
        line.put_part(record, usize::from(record[N - 1]));
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::Buffer;
    use super::*;

    const TEXTS: [&str; 5] = ["", "a", "four", "longer than a chunk", ""];

    /// What is in the buffer after lines of these texts of a table, each appended in two ways.
    fn lines(order: &[usize], append: impl Fn(usize, &mut Line<'_>)) -> String {
        let mut buffer = Buffer::default();
        for &index in order {
            buffer.append(100, |line| {
                append(index, line);
                line.put(b"|");
            });
        }
        String::from_utf8(buffer.to_vec()).expect("it is ASCII")
    }

    #[test]
    fn each_text_is_appended_whole_and_nothing_else_whatever_the_chunk() {
        let table = Texts::new(TEXTS.iter().map(|text| (*text).to_owned()));
        let found = lines(&[3, 0, 2, 1, 4, 3], |index, line| {
            table.append::<4>(index, line);
            table.append::<160>(index, line);
        });
        let expected: Vec<_> = [3, 0, 2, 1, 4, 3].map(|index| TEXTS[index].repeat(2)).into();
        assert_eq!(found, expected.join("|") + "|");
        assert!((0..TEXTS.len()).all(|index| table.get(index) == TEXTS[index].as_bytes()));
        assert_eq!(table.longest(), 19);
    }

    #[test]
    fn a_word_fills_its_record_but_for_the_length() {
        let words = ["", "seven77", "x"];
        let table = Words::<8>::new(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(
            lines(&[1, 0, 2, 1], |index, line| table.append(index, line)),
            "seven77||x|seven77|"
        );
    }
}
