//! Measurements of the engine: how much waits in each channel, and how long a batch is under way. The
//! threads concerned count once per batch; no thread waits for another.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::histogram::Histogram;
use crate::time::Time;

/// The channels that batches go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// From the scheduler to the formatters.
    Hits,
    /// From the formatters to the writer.
    Lines,
}

impl Queue {
    /// Both channels, in the order in which data passes them.
    pub const ALL: [Self; 2] = [Self::Hits, Self::Lines];

    /// The name of the channel in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hits => "hits",
            Self::Lines => "lines",
        }
    }
}

/// How many batches wait in a channel, and how many can.
#[derive(Debug, Default)]
struct Depth {
    batches: AtomicU64,
    capacity: AtomicU64,
}

/// The measurements of the engine.
#[derive(Debug, Default)]
pub struct Engine {
    live_sessions: AtomicU64,
    /// The number of hits that the scheduler has sent.
    emitted: AtomicU64,
    /// When the next hit is due; 0 before the scheduler first looks.
    next_due: AtomicU64,
    queues: [Depth; 2],
    /// How long batches take from the scheduler to the file.
    pub batch_latencies: Histogram,
}

impl Engine {
    /// Notes the scheduler's state: it has sent `emitted` hits in all, the next is due at `next_due`,
    /// and `live_sessions` sessions are between two hits.
    pub fn scheduled(&self, emitted: u64, next_due: Time, live_sessions: usize) {
        self.emitted.store(emitted, Relaxed);
        self.next_due.store(next_due, Relaxed);
        self.live_sessions.store(live_sessions as u64, Relaxed);
    }

    /// Notes that `batches` batches wait in a channel. Both ends of the channel call this after they used it.
    pub fn waiting(&self, queue: Queue, batches: usize) {
        self.queues[queue as usize].batches.store(batches as u64, Relaxed);
    }

    /// Sets how many batches can wait in a channel.
    pub fn set_capacity(&self, queue: Queue, batches: usize) {
        self.queues[queue as usize].capacity.store(batches as u64, Relaxed);
    }

    /// The number of sessions between two hits.
    pub fn live_sessions(&self) -> u64 {
        self.live_sessions.load(Relaxed)
    }

    /// How many hits the scheduler has sent, and when the next one is due.
    pub(super) fn emitted(&self) -> (u64, Time) {
        (self.emitted.load(Relaxed), self.next_due.load(Relaxed))
    }

    /// How many batches wait in a channel, and how many can.
    pub fn depth(&self, queue: Queue) -> (u64, u64) {
        let Depth { batches, capacity } = &self.queues[queue as usize];
        (batches.load(Relaxed), capacity.load(Relaxed))
    }
}
