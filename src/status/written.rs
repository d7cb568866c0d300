//! Counts what is in each log.

use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

use crate::log_id::LogId;

/// The number of lines and bytes, by log.
#[derive(Debug, Default)]
pub(super) struct Written([Counter; LogId::ALL.len()]);

#[derive(Debug, Default)]
struct Counter {
    lines: AtomicU64,
    bytes: AtomicU64,
}

impl Written {
    pub(super) fn add(&self, log: LogId, lines: u64, bytes: u64) {
        let counter = &self.0[log.index()];
        counter.lines.fetch_add(lines, Release);
        counter.bytes.fetch_add(bytes, Relaxed);
    }

    pub(super) fn lines(&self, log: LogId) -> u64 {
        // Acquire: a thread that reads the number of a line also sees the gaps before it.
        self.0[log.index()].lines.load(Acquire)
    }

    pub(super) fn bytes(&self, log: LogId) -> u64 {
        self.0[log.index()].bytes.load(Relaxed)
    }
}
