//! Reads received lines from a file, a pipe or an archive: in blocks, which are split into lines and hashed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use memchr::{memchr, memchr_iter};

use super::expected::hash;
use super::field::text_of;
use super::headers::HeaderLines;
use super::judge::{Received, ReceivedLine};
use super::stamp::Stamps;
use crate::archive::unpacked;

/// How many bytes are read at once. A core's own cache holds several times as many.
const BLOCK: u64 = 64 << 10;
/// How many lines are read ahead of the line that is judged.
const AHEAD: usize = 15;
/// The longest line of an access log, bytes. The rest of a longer line is skipped.
const LONGEST: usize = 1 << 20;

/// A file of received lines.
pub struct LineReader {
    input: Box<dyn Read>,
    field: Option<String>,
    stamps: Stamps,
    /// The bytes read. They are split into lines up to `cut`.
    raw: Vec<u8>,
    cut: usize,
    /// Whether the reader is in the middle of a line that is too long.
    too_long: bool,
    at_end: bool,
    /// Whether the last line has no line feed.
    torn: bool,
    /// The texts of the lines, if they differ from what was read.
    texts: Vec<u8>,
    lines: Vec<ReceivedLine>,
    taken: usize,
    without_field: u64,
    headers: HeaderLines,
    /// How many lines the file has had so far, without those of headers.
    count: u64,
}

impl LineReader {
    /// A reader of a file, or of standard input (`-`). `field` names the field of JSON lines that holds
    /// the text.
    ///
    /// # Errors
    /// The file cannot be opened or read.
    pub fn open(path: &Path, field: Option<&str>, stamps: &Stamps) -> io::Result<Self> {
        if path == Path::new("-") {
            return Self::new(io::stdin().lock(), field, stamps);
        }
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Self::new(file, field, stamps)
    }

    /// A reader of plain lines, or of an archive of lines.
    ///
    /// # Errors
    /// The input cannot be read, or is an archive in a form that is not supported.
    pub fn new(
        input: impl Read + 'static,
        field: Option<&str>,
        stamps: &Stamps,
    ) -> io::Result<Self> {
        Ok(Self {
            input: unpacked(input, "verify")?,
            field: field.map(str::to_owned),
            stamps: stamps.clone(),
            raw: Vec::new(),
            cut: 0,
            too_long: false,
            at_end: false,
            torn: false,
            texts: Vec::new(),
            lines: Vec::new(),
            taken: 0,
            without_field: 0,
            headers: HeaderLines::default(),
            count: 0,
        })
    }

    /// Reads on if few lines are left.
    ///
    /// # Errors
    /// The input cannot be read, or is an archive that ends too soon.
    pub fn fill(&mut self) -> io::Result<()> {
        while !self.at_end && self.lines.len() - self.taken <= AHEAD {
            self.make_room();
            let read = self.input.by_ref().take(BLOCK).read_to_end(&mut self.raw)?;
            self.at_end = (read as u64) < BLOCK;
            self.cut();
        }
        Ok(())
    }

    /// Treats what was read so far as all that there is, because the rest cannot be read.
    pub fn give_up(&mut self) {
        self.at_end = true;
        self.cut();
    }

    /// The lines that were read and not taken yet.
    pub fn received(&self) -> Received<'_> {
        let text = if self.field.is_some() { &self.texts } else { &self.raw };
        Received { text, lines: &self.lines[self.taken..], torn: self.torn, stamps: &self.stamps }
    }

    /// Whether everything is read.
    pub fn at_end(&self) -> bool {
        self.at_end
    }

    /// How many lines may be taken. Some are kept for looking ahead, except at the end.
    pub fn available(&self) -> usize {
        let left = self.lines.len() - self.taken;
        if self.at_end { left } else { left.saturating_sub(AHEAD) }
    }

    /// Removes the first `lines` lines.
    pub fn take(&mut self, lines: usize) {
        self.taken += lines;
    }

    /// How many lines lack the field that was named.
    pub fn without_field(&self) -> u64 {
        self.without_field
    }

    /// The lines of headers that were passed over.
    pub fn headers(&self) -> &HeaderLines {
        &self.headers
    }

    fn make_room(&mut self) {
        self.lines.drain(..self.taken);
        self.taken = 0;
        let first = self.lines.first().map(|line| line.at.start);
        let unread = if self.field.is_some() {
            self.raw.drain(..self.cut);
            self.cut = 0;
            let unread = first.unwrap_or(self.texts.len());
            self.texts.drain(..unread);
            unread
        } else {
            let unread = first.unwrap_or(self.cut);
            self.raw.drain(..unread);
            self.cut -= unread;
            unread
        };
        for line in &mut self.lines {
            line.at = line.at.start - unread..line.at.end - unread;
        }
    }

    fn cut(&mut self) {
        if self.too_long {
            self.pass_over();
        }
        let raw = std::mem::take(&mut self.raw);
        let from = self.cut;
        for end in memchr_iter(b'\n', &raw[from..]) {
            self.line(&raw, from + end);
            self.cut = from + end + 1;
        }
        let long = raw.len() - self.cut > LONGEST;
        if (self.at_end || long) && raw.len() > self.cut {
            let lines = self.lines.len();
            self.line(&raw, raw.len().min(self.cut + LONGEST));
            self.torn = !long && self.lines.len() > lines;
            self.cut = raw.len();
            self.too_long = !self.at_end;
        }
        self.raw = raw;
    }

    /// Drops the rest of a line that is long enough already.
    fn pass_over(&mut self) {
        match memchr(b'\n', &self.raw[self.cut..]) {
            Some(end) => {
                self.raw.drain(self.cut..=self.cut + end);
                self.too_long = false;
            }
            None => self.raw.truncate(self.cut),
        }
    }

    /// Adds the line from the last cut to `end`, unless it is one of a header.
    fn line(&mut self, raw: &[u8], end: usize) {
        let mut at = self.cut..end;
        let mut from = raw;
        if let Some(field) = &self.field {
            let start = self.texts.len();
            if !text_of(&raw[at.clone()], field, &mut self.texts) {
                self.texts.extend_from_slice(&raw[at]);
                self.without_field += 1;
            }
            at = start..self.texts.len();
            from = &self.texts;
        }
        let line = &from[at.clone()];
        if self.stamps.is_header(line) {
            self.headers.note(self.count);
        } else {
            self.count += 1;
            self.lines.push(ReceivedLine { hash: hash(line), at });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::log_format::LogFormat;

    fn stamps() -> Stamps {
        Stamps::of([(&LogFormat::default(), &TimeZone::UTC)]).unwrap()
    }

    fn read(mut reader: LineReader, step: usize) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        loop {
            reader.fill().unwrap();
            let count = reader.available().min(step);
            if count == 0 {
                assert!(reader.at_end());
                return lines;
            }
            let received = reader.received();
            for at in 0..count {
                assert_eq!(hash(received.text(at)), received.lines[at].hash);
                lines.push(received.text(at).to_vec());
            }
            reader.take(count);
        }
    }

    fn lines_of(bytes: Vec<u8>, field: Option<&str>) -> Vec<Vec<u8>> {
        let open = || LineReader::new(Cursor::new(bytes.clone()), field, &stamps()).unwrap();
        let lines = read(open(), usize::MAX);
        assert_eq!(read(open(), 7), lines);
        lines
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn lines_are_the_same_plain_in_an_archive_of_several_members_and_in_a_field() {
        let lines: Vec<Vec<u8>> = (0..5_000)
            .map(|number| format!("{number} {}", "x".repeat(number % 99)).into())
            .collect();
        let text = lines.join(&b"\n"[..]);
        assert_eq!(lines_of(text.clone(), None), lines);
        let members = [gzip(&text[..9_999]), gzip(&text[9_999..])].concat();
        assert_eq!(lines_of(members, None), lines);
        let json = |line: &Vec<u8>| {
            format!("{{\"at\":1,\"message\":\"{}\\n\"}}\n", String::from_utf8_lossy(line))
        };
        let json: String = lines.iter().map(json).collect();
        assert_eq!(lines_of(json.into(), Some("message")), lines);
    }

    #[test]
    fn a_last_line_needs_no_line_feed_and_an_empty_line_is_a_line() {
        assert_eq!(lines_of(b"a\n\nb\r\nc".to_vec(), None), [&b"a"[..], b"", b"b\r", b"c"]);
        assert_eq!(lines_of(b"a\n".to_vec(), None), [b"a"]);
        for (text, torn) in [(&b"a\nb"[..], true), (b"a\nb\n", false), (b"", false)] {
            let mut reader = LineReader::new(text, None, &stamps()).unwrap();
            reader.fill().unwrap();
            assert_eq!(reader.received().torn, torn, "{text:?}");
        }
        assert!(lines_of(Vec::new(), None).is_empty());
    }

    #[test]
    fn lines_of_a_header_are_passed_over_wherever_they_stand_if_the_format_has_one() {
        let formats = [LogFormat::default(), LogFormat::parse("w3c").unwrap()];
        let w3c = Stamps::of(formats.iter().zip([&TimeZone::UTC; 2])).unwrap();
        let text = &b"#Version: 1.0\n#Fields: a\n1\n2\n#Fields: a\n3\n#Fie"[..];
        for (field, text) in [
            (None, text.to_vec()),
            (Some("m"), {
                let lines = text.split(|byte| *byte == b'\n').map(String::from_utf8_lossy);
                lines.map(|line| format!("{{\"m\":\"{line}\"}}\n")).collect::<String>().into()
            }),
        ] {
            let open = || LineReader::new(Cursor::new(text.clone()), field, &w3c).unwrap();
            assert_eq!(read(open(), 9), [b"1", b"2", b"3"]);
            let mut reader = open();
            reader.fill().unwrap();
            assert!(!reader.received().torn);
        }
        assert_eq!(lines_of(text.to_vec(), None).len(), 7);
    }

    #[test]
    fn what_is_too_long_for_a_line_is_one_line_cut_off() {
        let text = [&b"a\n"[..], &vec![b'x'; 3 * LONGEST], b"\nb\n"].concat();
        let lines = lines_of(text, None);
        assert_eq!((lines.len(), &lines[0][..], &lines[2][..]), (3, &b"a"[..], &b"b"[..]));
        assert!(lines[1].len() >= LONGEST && lines[1].len() <= LONGEST + BLOCK as usize);
    }

    #[test]
    fn of_what_is_too_long_for_a_line_no_more_is_kept_than_that() {
        let hole = io::repeat(0).take(200 * LONGEST as u64);
        let mut reader = LineReader::new(hole.chain(&b"\na\n"[..]), None, &stamps()).unwrap();
        reader.fill().unwrap();
        assert!(reader.raw.capacity() < 8 * LONGEST, "{}", reader.raw.capacity());
        let lines = read(reader, 9);
        assert_eq!((lines.len(), &lines[1][..]), (2, &b"a"[..]));
    }

    #[test]
    fn lines_without_the_field_are_counted_and_kept_as_they_are() {
        let mut reader =
            LineReader::new(&b"{\"message\":\"a\"}\n{\"msg\":1}\n"[..], Some("message"), &stamps())
                .unwrap();
        reader.fill().unwrap();
        assert_eq!(reader.without_field(), 1);
        assert_eq!(read(reader, 9), [&b"a"[..], b"{\"msg\":1}"]);
    }

    #[test]
    fn an_archive_that_ends_too_soon_is_an_error() {
        let archive = gzip(&b"some lines of a log\n".repeat(100));
        let mut reader =
            LineReader::new(Cursor::new(archive[..archive.len() - 9].to_vec()), None, &stamps())
                .unwrap();
        assert_eq!(reader.fill().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
