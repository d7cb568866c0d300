//! Counts what is in each log.

use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};

use serde::Serialize;

use crate::log_id::{LogId, LogNames};

/// The number of lines and bytes, by log.
#[derive(Debug)]
pub(super) struct Written(Box<[Counter]>);

#[derive(Debug, Default)]
struct Counter {
    lines: AtomicU64,
    bytes: AtomicU64,
}

/// What is in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LogCount {
    /// How many lines.
    pub lines: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl Written {
    /// Nothing written to any of these logs.
    pub(super) fn new(logs: &LogNames) -> Self {
        Self((0..logs.count()).map(|_| Counter::default()).collect())
    }

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
