//! Formatter: hits -> bytes. What can be rendered once is rendered at start (the tables), what
//! changes once a second once a second (the time stamp); a line is then a dozen copies. Pure: no
//! I/O, and nothing is allocated per line.

mod access;
mod buffer;
mod error;
mod error_log;
mod escape;
mod tables;
mod texts;
mod timestamp;

use std::sync::Arc;

pub use buffer::Buffer;
pub use tables::Tables;

use crate::stream::{Hit, Time};
use timestamp::Clock;

/// The lines of a batch of hits, as bytes.
#[derive(Debug, Default)]
pub struct Lines {
    /// Lines of access.log, one a hit.
    pub access: Buffer,
    /// When they were written: a mark for each second that has any.
    pub access_marks: Vec<Mark>,
    /// Lines of error.log.
    pub error: Buffer,
    /// Likewise.
    pub error_marks: Vec<Mark>,
    /// How many lines of error.log there are.
    pub error_lines: u64,
    /// Lines of access.log by the class of their status, from 1xx to 5xx.
    pub status_classes: [u64; 5],
}

/// From this offset on, up to the next mark, lines have the second of this time in their stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where the first of these lines begins, in bytes.
    pub offset: usize,
    /// The time of that line.
    pub time: Time,
}

impl Lines {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.access.clear();
        self.access_marks.clear();
        self.error.clear();
        self.error_marks.clear();
        self.error_lines = 0;
        self.status_classes = [0; 5];
    }
}

/// Renders hits. Each thread has its own.
#[derive(Debug)]
pub struct Formatter {
    tables: Arc<Tables>,
    clock: Clock,
}

impl Formatter {
    /// A formatter that shares `tables` with others.
    pub fn new(tables: Arc<Tables>) -> Self {
        let clock = Clock::new(tables.zone().clone());
        Self { tables, clock }
    }

    /// Appends the lines of `hits`, which are in the order of their times.
    pub fn render(&mut self, hits: &[Hit], lines: &mut Lines) {
        let tables = &*self.tables;
        let longest = tables.longest_line();
        let mut rest = hits;
        while let Some(first) = rest.first() {
            let (stamp, end) = self.clock.second_of(first.time);
            let second;
            let behind = rest.iter().position(|hit| hit.time >= end);
            (second, rest) = rest.split_at(behind.unwrap_or(rest.len()));
            let errors = lines.error.len();
            lines.access_marks.push(Mark { offset: lines.access.len(), time: first.time });
            for hit in second {
                lines.status_classes[tables.status_class(hit.outcome)] += 1;
                lines
                    .access
                    .append(longest, |line| access::render(tables, hit, &stamp.access, line));
                if let Some(kind) = tables.error_log(hit.outcome) {
                    lines.error.append(longest, |line| {
                        error::render(tables, kind, hit, &stamp.plain, line)
                    });
                    lines.error_lines += 1;
                }
            }
            if lines.error.len() > errors {
                lines.error_marks.push(Mark { offset: errors, time: first.time });
            }
        }
    }
}

#[cfg(test)]
mod tests;
