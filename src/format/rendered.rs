//! Lines on their way from the formatter to the files.

use super::buffer::Buffer;
use crate::log_id::LogId;
use crate::stream::site::Outcome;
use crate::time::Time;

/// From this offset on, up to the next mark, lines have the second of this time in their stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where the first of these lines begins, in bytes.
    pub offset: usize,
    /// A time in that second.
    pub time: Time,
}

/// Lines of one log.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Of which.
    pub log: LogId,
    /// The lines, one behind the other, each with its line feed.
    pub bytes: Buffer,
    /// When they were written: a mark for each second that has any.
    pub marks: Vec<Mark>,
    /// How many there are, by the [`Outcome`] of their hits.
    pub by_outcome: [u64; Outcome::ALL.len()],
}

impl Rendered {
    /// No lines of a log.
    pub fn new(log: LogId) -> Self {
        Self {
            log,
            bytes: Buffer::default(),
            marks: Vec::new(),
            by_outcome: [0; Outcome::ALL.len()],
        }
    }

    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.marks.clear();
        self.by_outcome = [0; Outcome::ALL.len()];
    }

    /// How many lines there are.
    pub fn lines(&self) -> u64 {
        self.by_outcome.iter().sum()
    }
}

/// The lines of a batch of hits, in each log.
#[derive(Clone, Debug, Default)]
pub struct RenderedHits {
    /// The logs, in the order of [`Logs::specs`](super::Logs::specs).
    pub logs: Vec<Rendered>,
    /// Hits by the class of their status, from 1xx to 5xx.
    pub status_classes: [u64; 5],
}

impl RenderedHits {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.logs.iter_mut().for_each(Rendered::clear);
        self.status_classes = [0; 5];
    }

    /// The lines of a log; none of one that is not written.
    pub fn bytes_of(&self, log: LogId) -> &[u8] {
        self.logs.iter().find(|rendered| rendered.log == log).map_or(&[], |found| &found.bytes)
    }
}
