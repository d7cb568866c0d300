//! Reads files of JSON lines, one line after the other: plain, packed, or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::archive::unpacked;

/// How many bytes are read at once.
const BLOCK: usize = 256 << 10;
/// The longest line, bytes.
const LONGEST: u64 = 1 << 20;

/// A file of JSON lines.
pub struct JsonLines {
    name: String,
    input: Box<dyn BufRead>,
    line: Vec<u8>,
    number: u64,
}

impl JsonLines {
    /// The lines of a file, or of standard input (`-`).
    ///
    /// # Errors
    /// The file cannot be opened or read.
    pub fn open(path: &Path) -> Result<Self, String> {
        if path == Path::new("-") {
            return Self::new("standard input", io::stdin().lock());
        }
        let name = path.display().to_string();
        let cannot = |error: io::Error| format!("cannot open {name}: {error}");
        let file = File::open(path).map_err(cannot)?;
        if file.metadata().map_err(cannot)?.is_dir() {
            return Err(cannot(io::ErrorKind::IsADirectory.into()));
        }
        Self::new(&name, file)
    }

    /// The lines of an input of that name.
    ///
    /// # Errors
    /// The input cannot be read, or is packed in a form that is not supported.
    pub fn new(name: &str, input: impl Read + 'static) -> Result<Self, String> {
        let input =
            unpacked(input, "score").map_err(|error| format!("cannot read {name}: {error}"))?;
        let input = Box::new(BufReader::with_capacity(BLOCK, input));
        Ok(Self { name: name.to_owned(), input, line: Vec::new(), number: 0 })
    }

    /// Reads the next line that is not blank. `false` at the end.
    ///
    /// # Errors
    /// The input cannot be read, or a line is too long.
    pub fn advance(&mut self) -> Result<bool, String> {
        loop {
            self.line.clear();
            let mut input = self.input.by_ref().take(LONGEST);
            let read = input.read_until(b'\n', &mut self.line);
            let read = read.map_err(|error| format!("cannot read {}: {error}", self.name))?;
            if read == 0 {
                return Ok(false);
            }
            self.number += 1;
            if read as u64 == LONGEST {
                return Err(self.at("found a line of more than 1 MiB; an object is shorter"));
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    /// The line that was read.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// Whether the line that was read has its line feed. The last line of a log that is still written may not.
    pub fn is_whole(&self) -> bool {
        self.line.ends_with(b"\n")
    }

    /// What is wrong with the line that was read, with its place.
    pub fn at(&self, what: &str) -> String {
        format!("{}:{}: {what}", self.name, self.number)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn all(bytes: Vec<u8>) -> Result<Vec<(String, bool)>, String> {
        let mut lines = JsonLines::new("a.jsonl", Cursor::new(bytes))?;
        let mut all = Vec::new();
        while lines.advance()? {
            let text = String::from_utf8(lines.line().trim_ascii().to_vec()).unwrap();
            all.push((lines.at(&text), lines.is_whole()));
        }
        Ok(all)
    }

    #[test]
    fn blank_lines_are_counted_and_passed_over_and_the_last_may_be_torn() {
        let expected =
            [("a.jsonl:1: {}", true), ("a.jsonl:4: 7", true), ("a.jsonl:5: {\"a", false)];
        let expected = expected.map(|(text, whole)| (text.to_owned(), whole));
        let text = b"{}\n\n \r\n7\r\n{\"a".to_vec();
        assert_eq!(all(text.clone()).unwrap(), expected);
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&text).unwrap();
        assert_eq!(all(packed.finish().unwrap()).unwrap(), expected);
        assert_eq!(all(Vec::new()).unwrap(), []);
    }

    #[test]
    fn a_line_without_an_end_takes_no_more_memory_than_the_longest() {
        let mut lines = JsonLines::new("a.jsonl", io::repeat(b'x')).unwrap();
        let error = lines.advance().unwrap_err();
        assert_eq!(error, "a.jsonl:1: found a line of more than 1 MiB; an object is shorter");
        assert!(lines.line.capacity() <= 2 << 20);
    }
}
