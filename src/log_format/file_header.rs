//! The lines that each file of a format begins with, such as `#Fields: ...`. They are no hits.

use super::element::Element;
use super::escape::Escape;
use super::template::{self, FieldStyle};
use super::time_form::utc_face;
use crate::time::{SECOND, Time};

/// The header of each file of a format: text, and the time of the file's first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHeader(Vec<Element>);

impl FileHeader {
    /// A header in the notation of [`template`]; `None` if it is empty.
    pub fn of(template: &str) -> Option<Self> {
        const STYLE: FieldStyle = FieldStyle::new(Escape::None, "-");
        (!template.is_empty()).then(|| Self(template::elements(template, &STYLE)))
    }

    /// The header of a file whose first line has this time: whole lines.
    ///
    /// # Panics
    /// The header has something else than text and times in UTC. Headers are part of the program, and a test shows each.
    pub fn show(&self, first: Time) -> Vec<u8> {
        let second = (first / SECOND) as i64;
        let shown = self.0.iter().map(|element| match element {
            Element::Literal(text) => text.clone(),
            Element::Time(form) if form.is_utc() => form.show(&utc_face(second), second),
            other => panic!("{other:?} is not the same for all lines of a file"),
        });
        shown.collect::<String>().into_bytes()
    }

    /// Whether a line of a file with a header is one of a header, and so no hit.
    pub fn has(line: &[u8]) -> bool {
        line.starts_with(b"#")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_format::NAMED;

    #[test]
    fn a_header_shows_the_time_of_the_first_line_in_utc() {
        let header = FileHeader::of("#Date: ${utc:%F %T}\n#Fields: a b\n").unwrap();
        let shown = header.show(1_794_121_509 * SECOND + 999_999_999);
        assert_eq!(shown, b"#Date: 2026-11-08 07:05:09\n#Fields: a b\n");
        assert_eq!(FileHeader::of(""), None);
    }

    #[test]
    fn every_header_is_of_lines_that_are_told_from_hits_and_names_a_column_for_each_of_a_line() {
        let with_header: Vec<_> = NAMED.iter().filter(|named| !named.header.is_empty()).collect();
        assert_eq!(with_header.len(), 2);
        for named in with_header {
            let shown = FileHeader::of(named.header).unwrap().show(0);
            assert_eq!(shown.last(), Some(&b'\n'), "{}", named.name);
            let text = String::from_utf8(shown).unwrap();
            assert!(text.lines().all(|line| FileHeader::has(line.as_bytes())), "{text}");
            let names = text.lines().find_map(|line| line.strip_prefix("#Fields: ")).unwrap();
            let golden = format!("{}/tests/formats/{}.txt", env!("CARGO_MANIFEST_DIR"), named.name);
            let golden = std::fs::read_to_string(golden).unwrap();
            let line = golden.lines().find(|line| !FileHeader::has(line.as_bytes())).unwrap();
            let columns = line.split(['\t', ' ']).count();
            assert_eq!(names.split(' ').count(), columns, "{}", named.name);
        }
    }
}
