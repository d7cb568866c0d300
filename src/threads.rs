//! The threads of a run, one file for each kind, and the values that pass between them. They connect the
//! pure parts and hold no logic of their own. [`crate::pipeline`] spawns and joins them.

pub mod compressor;
pub mod control;
pub mod disk_watch;
pub mod formatter;
pub mod http;
pub mod notifier;
pub mod progress;
pub mod recorder;
pub mod reload;
pub mod scheduler;
pub mod signals;
pub mod writer;

use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::Sender;

use crate::epoch::Epoch;
use crate::format::RenderedHits;
use crate::pack::Packed;
use crate::stream::Hit;
use crate::time::Time;

/// What the writer is asked to do with the files, between two batches.
#[derive(Debug)]
pub enum FileRequest {
    /// To open them anew at their paths, as SIGUSR1 asks.
    Reopen,
    /// To rotate them, and to reply when that is done.
    Rotate(Sender<()>),
}

/// Hits on their way from the scheduler to a formatter.
#[derive(Debug)]
pub struct HitBatch {
    /// The epoch that the hits belong to.
    pub epoch: Arc<Epoch>,
    /// The batch's number: 0, 1, 2 ... without gaps.
    pub sequence: u64,
    /// The hits, in the order of their times.
    pub hits: Vec<Hit>,
    /// The simulated time that the stream has reached with this batch.
    pub reached: Time,
    /// When the scheduler sent the batch.
    pub sent: Instant,
    /// Whether the stream has caught up with the wall clock: all history is in this batch or an earlier one.
    pub live: bool,
}

/// The lines of a batch, in memory that is used again.
#[derive(Debug, Default)]
pub struct BatchLines {
    /// The lines as they are.
    pub rendered: RenderedHits,
    /// The same lines packed, for each log; empty unless the run packs its logs.
    pub packed: Vec<Packed>,
}

/// Rendered lines on their way from a formatter to the writer.
#[derive(Debug)]
pub struct LineBatch {
    /// The number of the batch of hits: [`HitBatch::sequence`].
    pub sequence: u64,
    /// The lines of each log.
    pub lines: BatchLines,
    /// See [`HitBatch::reached`].
    pub reached: Time,
    /// See [`HitBatch::live`].
    pub live: bool,
    /// See [`HitBatch::sent`].
    pub sent: Instant,
}
