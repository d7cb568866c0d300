//! Rendered lines on their way from a formatter to the files.

use super::buffer::Buffer;
use crate::log_id::LogId;
use crate::stream::site::Outcome;
use crate::time::Time;

/// Marks a place in the lines: from `offset` to the next mark, all stamps show the second of `time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The offset of the first such line, in bytes.
    pub offset: usize,
    /// A time within that second.
    pub time: Time,
}

/// Rendered lines of one log.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The log that the lines belong to.
    pub log: LogId,
    /// The lines, one after the other, each with its line feed.
    pub bytes: Buffer,
    /// When the lines were written: one mark for each second that has lines.
    pub marks: Vec<Mark>,
    /// How many lines there are, by the [`Outcome`] of their hits. A hit counts once, whatever an event does to its line.
    pub by_outcome: [u64; Outcome::ALL.len()],
    /// Where hits have no line or two, because an event of a scenario spoils the log.
    pub uneven: Vec<UnevenHit>,
}

/// A hit that has no line, or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnevenHit {
    /// Where its lines end, in bytes.
    pub end: usize,
    /// Whether it has two.
    pub is_doubled: bool,
}

impl Rendered {
    /// A value without lines, for a log.
    pub fn new(log: LogId) -> Self {
        Self {
            log,
            bytes: Buffer::default(),
            marks: Vec::new(),
            by_outcome: [0; Outcome::ALL.len()],
            uneven: Vec::new(),
        }
    }

    /// Removes all lines and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.marks.clear();
        self.by_outcome = [0; Outcome::ALL.len()];
        self.uneven.clear();
    }

    /// How many lines there are, those not counted that were spoilt by being dropped or doubled: how many hits.
    pub fn lines(&self) -> u64 {
        self.by_outcome.iter().sum()
    }

    /// How many hits have all that they have of the log within the first `bytes` bytes, which end with a line.
    pub fn hits_within(&self, bytes: usize) -> u64 {
        let feeds = self.bytes[..bytes].iter().filter(|byte| **byte == b'\n').count() as u64;
        let within = |is_doubled: bool| {
            let is = |hit: &&UnevenHit| hit.is_doubled == is_doubled && hit.end <= bytes;
            self.uneven.iter().filter(is).count() as u64
        };
        feeds + within(false) - within(true)
    }
}

/// The lines of a batch of hits, for each log.
#[derive(Clone, Debug, Default)]
pub struct RenderedHits {
    /// The lines of each log, in the order of [`Logs::specs`](super::Logs::specs).
    pub logs: Vec<Rendered>,
    /// How many hits there are by the class of their status, from 1xx to 5xx.
    pub status_classes: [u64; 5],
}

impl RenderedHits {
    /// Removes all lines and keeps the memory.
    pub fn clear(&mut self) {
        self.logs.iter_mut().for_each(Rendered::clear);
        self.status_classes = [0; 5];
    }

    /// The lines of the first log; empty before any were rendered.
    pub fn first(&self) -> &[u8] {
        self.logs.first().map_or(&[], |rendered| &rendered.bytes)
    }

    /// The lines of a log; empty if the log is not written.
    pub fn bytes_of(&self, log: LogId) -> &[u8] {
        self.logs.iter().find(|rendered| rendered.log == log).map_or(&[], |found| &found.bytes)
    }
}
