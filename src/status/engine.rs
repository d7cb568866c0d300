//! How the engine is doing: what waits where, and how long a batch is on its way. Counted once a batch
//! by the threads that are concerned; no thread waits for another.

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
    /// Both, in the order of the data's way.
    pub const ALL: [Self; 2] = [Self::Hits, Self::Lines];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hits => "hits",
            Self::Lines => "lines",
        }
    }
}

/// What waits in a channel.
#[derive(Debug, Default)]
struct Depth {
    batches: AtomicU64,
    capacity: AtomicU64,
}

/// The figures of the engine.
#[derive(Debug, Default)]
pub struct Engine {
    live_sessions: AtomicU64,
    /// Hits that the scheduler has let go.
    emitted: AtomicU64,
    /// When the next one is due; 0 before the first look.
    next_due: AtomicU64,
    queues: [Depth; 2],
    /// From the scheduler into the file.
    pub batch_latencies: Histogram,
}

impl Engine {
    /// The scheduler has let `emitted` hits go in all; the next is due then, and so many sessions are
    /// between two hits.
    pub fn scheduled(&self, emitted: u64, next_due: Time, live_sessions: usize) {
        self.emitted.store(emitted, Relaxed);
        self.next_due.store(next_due, Relaxed);
        self.live_sessions.store(live_sessions as u64, Relaxed);
    }

    /// So many batches wait in a channel. Both its ends say so, each when it has used it.
    pub fn waiting(&self, queue: Queue, batches: usize) {
        self.queues[queue as usize].batches.store(batches as u64, Relaxed);
    }

    /// So many can wait there.
    pub fn set_capacity(&self, queue: Queue, batches: usize) {
        self.queues[queue as usize].capacity.store(batches as u64, Relaxed);
    }

    /// Sessions between two hits.
    pub fn live_sessions(&self) -> u64 {
        self.live_sessions.load(Relaxed)
    }

    /// Hits that the scheduler has let go, and when the next one is due.
    pub(super) fn emitted(&self) -> (u64, Time) {
        (self.emitted.load(Relaxed), self.next_due.load(Relaxed))
    }

    /// How many batches wait in a channel, and how many can.
    pub fn depth(&self, queue: Queue) -> (u64, u64) {
        let Depth { batches, capacity } = &self.queues[queue as usize];
        (batches.load(Relaxed), capacity.load(Relaxed))
    }
}
