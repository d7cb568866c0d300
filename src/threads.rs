//! The threads of a run, a file for each kind, and what passes between them. They connect the pure
//! parts and hold no logic of their own; [`crate::pipeline`] spawns and joins them.

pub mod compressor;
pub mod disk_watch;
pub mod formatter;
pub mod http;
pub mod notifier;
pub mod progress;
pub mod recorder;
pub mod scheduler;
pub mod signals;
pub mod writer;

use std::sync::Arc;
use std::time::Instant;

use crate::epoch::Epoch;
use crate::format::RenderedHits;
use crate::stream::Hit;
use crate::time::Time;

/// Hits on their way from the scheduler to a formatter.
#[derive(Debug)]
pub struct HitBatch {
    /// The epoch that they are of.
    pub epoch: Arc<Epoch>,
    /// 0, 1, 2 ... without gaps.
    pub sequence: u64,
    /// In the order of their times.
    pub hits: Vec<Hit>,
    /// How far the stream has come with this batch.
    pub reached: Time,
    /// When the scheduler let it go.
    pub sent: Option<Instant>,
    /// Whether the stream has met the wall clock: all history is in this batch or before it.
    pub live: bool,
}

/// Lines on their way from a formatter to the writer.
#[derive(Debug)]
pub struct LineBatch {
    /// That of the hits.
    pub sequence: u64,
    /// The lines, by log.
    pub lines: RenderedHits,
    /// See [`HitBatch::reached`].
    pub reached: Time,
    /// See [`HitBatch::live`].
    pub live: bool,
    /// See [`HitBatch::sent`].
    pub sent: Option<Instant>,
}
