//! Tables of short texts that are copied fast: by a chunk whose length the compiler knows, which is a
//! few instructions, where a copy of the text's own length is a call and a jump nobody can predict.

/// The longest chunk; most user agents are shorter.
const LONGEST: usize = 160;

/// Texts, one behind the other in one piece of memory.
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
        bytes.extend_from_slice(&[0; LONGEST]);
        bytes.shrink_to_fit();
        Self { bytes, places }
    }

    /// A text.
    #[inline]
    pub fn get(&self, index: usize) -> &[u8] {
        let Place { start, len } = self.places[index];
        &self.bytes[start as usize..][..len as usize]
    }

    /// Appends a text. It is fast where most are at most `CHUNK` bytes long, and right where not.
    #[inline(always)]
    pub fn append<const CHUNK: usize>(&self, index: usize, out: &mut Vec<u8>) {
        const { assert!(CHUNK <= LONGEST) };
        let Place { start, len } = self.places[index];
        let len = len as usize;
        let rest = &self.bytes[start as usize..];
        let chunk: &[u8; CHUNK] = rest.first_chunk().expect("a chunk's length is behind each text");
        let end = out.len() + len;
        out.extend_from_slice(chunk);
        if len > CHUNK {
            out.extend_from_slice(&rest[CHUNK..len]);
        }
        out.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_appended_whole_and_nothing_else_whatever_the_chunk() {
        let texts = ["", "a", "four", "longer than a chunk", ""];
        let table = Texts::new(texts.iter().map(|text| (*text).to_owned()));
        let mut out = Vec::new();
        for index in [3, 0, 2, 1, 4, 3] {
            table.append::<4>(index, &mut out);
            table.append::<160>(index, &mut out);
            out.push(b'|');
        }
        let expected: Vec<_> = [3, 0, 2, 1, 4, 3].map(|index| texts[index].repeat(2)).into();
        assert_eq!(String::from_utf8(out).expect("it is ASCII"), expected.join("|") + "|");
        assert!((0..texts.len()).all(|index| table.get(index) == texts[index].as_bytes()));
    }
}
