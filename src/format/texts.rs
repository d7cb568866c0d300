//! Tables of texts that are fast to copy, because the compiler knows the length of each copy.

use super::buffer::{LONGEST_CHUNK, LineParts};

/// Texts of any length, stored one after the other.
#[derive(Debug)]
pub struct Texts {
    /// The texts, followed by as many bytes as a chunk may reach beyond the last one.
    bytes: Vec<u8>,
    places: Vec<TextPlace>,
}

/// The beginning of a text in [`Texts`], and its length.
#[derive(Clone, Copy, Debug)]
struct TextPlace {
    start: u32,
    len: u32,
}

impl Texts {
    /// Stores `count` texts, of which `write` appends the one at an index.
    pub fn new(count: usize, mut write: impl FnMut(usize, &mut String)) -> Self {
        let (mut texts, mut places) = (String::new(), Vec::with_capacity(count));
        for index in 0..count {
            let start = texts.len();
            write(index, &mut texts);
            places.push(TextPlace { start: start as u32, len: (texts.len() - start) as u32 });
        }
        let mut bytes = texts.into_bytes();
        bytes.extend_from_slice(&[0; LONGEST_CHUNK]);
        bytes.shrink_to_fit();
        Self { bytes, places }
    }

    /// The text at an index.
    #[inline]
    pub fn get(&self, index: usize) -> &[u8] {
        let TextPlace { start, len } = self.places[index];
        &self.bytes[start as usize..][..len as usize]
    }

    /// The length of the longest text, bytes.
    pub fn longest(&self) -> usize {
        self.places.iter().map(|place| place.len as usize).max().unwrap_or(0)
    }

    /// How many texts there are.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Appends a text. This is fast if most texts have at most `CHUNK` bytes, and correct in any case.
    #[inline(always)]
    fn append<const CHUNK: usize, P: LineParts>(&self, index: usize, line: P) -> P {
        let TextPlace { start, len } = self.places[index];
        put::<CHUNK, P>(&self.bytes[start as usize..], len as usize, line)
    }
}

/// Appends the first `len` of `bytes`. At least as many bytes must follow as a chunk may reach beyond them.
#[inline(always)]
pub fn put<const CHUNK: usize, P: LineParts>(bytes: &[u8], len: usize, line: P) -> P {
    if len <= CHUNK {
        let chunk: &[u8; CHUNK] = bytes.first_chunk().expect("a chunk is behind each text");
        line.put_part(chunk, len)
    } else {
        line.put_all(&bytes[..len])
    }
}

/// Texts that are copied in chunks long enough for most of them.
#[derive(Debug)]
pub struct Table {
    texts: Texts,
    chunk: Chunk,
}

/// The length of a chunk, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chunk {
    C32,
    C64,
    C160,
}

/// The share of texts that must fit into a chunk.
const MOST: f64 = 0.95;

impl Table {
    /// Stores `count` texts, of which `write` appends the one at an index, and chooses the length of their chunks.
    pub fn new(count: usize, write: impl FnMut(usize, &mut String)) -> Self {
        let texts = Texts::new(count, write);
        let fit = |chunk| texts.places.iter().filter(|place| place.len <= chunk).count();
        let most = |chunk| fit(chunk) as f64 >= MOST * texts.count() as f64;
        let chunk = match () {
            () if most(32) => Chunk::C32,
            () if most(64) => Chunk::C64,
            () => Chunk::C160,
        };
        Self { texts, chunk }
    }

    /// The length of the longest text, bytes.
    pub fn longest(&self) -> usize {
        self.texts.longest()
    }

    /// Appends the text at an index.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, index: usize, line: P) -> P {
        match self.chunk {
            Chunk::C32 => self.texts.append::<32, P>(index, line),
            Chunk::C64 => self.texts.append::<64, P>(index, line),
            Chunk::C160 => self.texts.append::<160, P>(index, line),
        }
    }
}

/// Short texts, each in a record of `N` bytes. The last byte of a record is the length of its text.
#[derive(Debug)]
pub struct Words<const N: usize> {
    records: Box<[[u8; N]]>,
}

impl<const N: usize> Words<N> {
    /// The longest text that fits into a record, bytes.
    pub const LONGEST: usize = N - 1;

    /// Stores `words`, none of which may be longer than `N - 1` bytes.
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

    /// Appends the text at an index.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, index: usize, line: P) -> P {
        let record = &self.records[index];
        line.put_part(record, usize::from(record[N - 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::{Buffer, LineRoom};
    use super::*;

    const TEXTS: [&str; 5] = ["", "a", "four", "longer than a chunk", ""];

    /// What is in the buffer after lines of these texts of a table, each appended in two ways.
    fn lines(
        order: &[usize],
        append: impl for<'a> Fn(usize, LineRoom<'a>) -> LineRoom<'a>,
    ) -> String {
        let mut buffer = Buffer::default();
        for &index in order {
            let left = append(index, buffer.line(400)).put_part(b"|", 1).left();
            buffer.add(left);
        }
        String::from_utf8(buffer.to_vec()).expect("it is ASCII")
    }

    #[test]
    fn each_text_is_appended_whole_and_nothing_else_whatever_the_chunk() {
        let table = Texts::new(TEXTS.len(), |index, out| out.push_str(TEXTS[index]));
        let found = lines(&[3, 0, 2, 1, 4, 3], |index, line| {
            table.append::<160, _>(index, table.append::<4, _>(index, line))
        });
        let expected: Vec<_> = [3, 0, 2, 1, 4, 3].map(|index| TEXTS[index].repeat(2)).into();
        assert_eq!(found, expected.join("|") + "|");
        assert!((0..TEXTS.len()).all(|index| table.get(index) == TEXTS[index].as_bytes()));
        assert_eq!((table.longest(), table.count()), (19, 5));
    }

    #[test]
    fn a_table_takes_the_shortest_chunk_that_holds_most_of_its_texts() {
        let table = |lengths: &[usize]| {
            Table::new(lengths.len(), |index, out| out.push_str(&"x".repeat(lengths[index])))
        };
        assert_eq!(table(&[]).chunk, Chunk::C32);
        assert_eq!(table(&[32; 20]).chunk, Chunk::C32);
        assert_eq!(table(&[33, 33, 1]).chunk, Chunk::C64);
        assert_eq!(table(&[[1; 19].as_slice(), &[900]].concat()).chunk, Chunk::C32);
        let long = table(&[65, 300]);
        assert_eq!(long.chunk, Chunk::C160);
        let text = lines(&[0, 1], |index, line| long.append(index, line));
        assert_eq!(text, format!("{}|{}|", "x".repeat(65), "x".repeat(300)));
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
