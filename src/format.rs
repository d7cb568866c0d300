//! Formatter: hits -> bytes. What can be rendered once is rendered at start (the tables), what
//! changes once a second once a second (the time stamp); a line is then a dozen copies. Pure: no
//! I/O, and nothing is allocated per line.

mod access;
mod error;
mod escape;
mod tables;
mod timestamp;

use std::sync::Arc;

pub use tables::Tables;

use crate::stream::Hit;
use error::ErrorLog;
use timestamp::Clock;

/// The lines of a batch of hits, as bytes.
#[derive(Debug, Default)]
pub struct Lines {
    /// Lines of access.log, one a hit.
    pub access: Vec<u8>,
    /// Lines of error.log.
    pub error: Vec<u8>,
    /// How many lines of error.log there are.
    pub error_lines: u64,
}

impl Lines {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.access.clear();
        self.error.clear();
        self.error_lines = 0;
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

    /// Appends the lines of `hits`.
    pub fn render(&mut self, hits: &[Hit], lines: &mut Lines) {
        for hit in hits {
            let stamp = self.clock.at(hit.time);
            access::render(&self.tables, hit, &stamp.access, &mut lines.access);
            if let Some(kind) = ErrorLog::of(hit.outcome) {
                error::render(&self.tables, kind, hit, &stamp.plain, &mut lines.error);
                lines.error_lines += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests;
