//! A file's header on its way: it goes into the file with the first line, in one write if the system takes both, so that no
//! file is left with a header alone.

use std::borrow::Cow;

use super::content::FileContent;
use super::lines::Unit;
use crate::log_format::FileHeader;
use crate::pack::Packer;
use crate::time::Time;

/// The header of the file that is being written, until the first line is whole in the file.
#[derive(Debug)]
pub struct DueHeader {
    unit: Unit,
    header: Option<FileHeader>,
    /// Whether the next line begins a file.
    due: bool,
    /// The header for the line that comes next, in whole units.
    bytes: Vec<u8>,
    /// How many of these bytes are in the file.
    written: usize,
}

impl DueHeader {
    /// The header of the files of a log; none is due.
    pub fn of(content: &FileContent) -> Self {
        let FileContent { unit, header, .. } = content;
        Self { unit: *unit, header: header.clone(), due: false, bytes: Vec::new(), written: 0 }
    }

    /// Notes that the next line begins a file.
    pub fn require(&mut self) {
        self.due = self.header.is_some();
    }

    /// Makes the header for a line of this time, if one is due.
    pub fn make_for(&mut self, first: Time) {
        let Some(header) = self.header.as_ref().filter(|_| self.due && self.written == 0) else {
            return;
        };
        let text = header.show(first);
        self.bytes.clear();
        match self.unit {
            Unit::Line => self.bytes = text,
            Unit::Member(codec) => Packer::new(codec).append(&text, first, &mut self.bytes),
        }
    }

    /// How many bytes are still to be written before the next line.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.written
    }

    /// Whether some of the header is in the file, and the line behind it is not whole.
    pub fn is_begun(&self) -> bool {
        self.written > 0
    }

    /// What is to be written: what is left of the header, and these lines.
    pub fn before<'a>(&self, lines: &'a [u8]) -> Cow<'a, [u8]> {
        match &self.bytes[self.written..] {
            [] => lines.into(),
            left => [left, lines].concat().into(),
        }
    }

    /// Notes that the file took so many bytes of what was to be written, and returns how many of them are lines.
    pub fn took(&mut self, count: usize) -> usize {
        let of_header = count.min(self.left());
        self.written += of_header;
        count - of_header
    }

    /// Notes that the line behind the header is whole, or that the file is not written any more.
    pub fn settle(&mut self) {
        self.due = false;
        self.bytes.clear();
        self.written = 0;
    }
}
