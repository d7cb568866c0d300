//! The formatter threads, `format-0`, `format-1` ..., turn hits into lines. Any of them takes any batch;
//! the writer puts the batches back in order.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{HitBatch, LineBatch};
use crate::format::{Formatter, RenderedHits};
use crate::status::{Queue, Status};
use crate::stream::Hit;

/// The state of a formatter thread.
pub struct FormatterThread {
    /// Renders the hits.
    pub formatter: Formatter,
    /// Receives hits. When it closes, the thread ends.
    pub hits: Receiver<HitBatch>,
    /// Takes the rendered lines.
    pub lines: Sender<LineBatch>,
    /// Takes the memory of hits that were rendered, for reuse.
    pub used_hits: Sender<Vec<Hit>>,
    /// Returns the memory of lines that were written, for reuse.
    pub used_lines: Receiver<RenderedHits>,
    /// Records the lengths of the queues.
    pub status: Arc<Status>,
}

impl FormatterThread {
    /// Renders until no more hits come or the writer has ended.
    pub fn run(mut self) {
        for batch in &self.hits {
            self.status.engine().waiting(Queue::Hits, self.hits.len());
            let mut lines = self.used_lines.try_recv().unwrap_or_default();
            lines.clear();
            let HitBatch { epoch, sequence, hits, reached, sent, live } = batch;
            self.formatter.follow(&epoch.logs);
            self.formatter.render(&hits, &mut lines);
            if self.lines.send(LineBatch { sequence, lines, reached, live, sent }).is_err() {
                return;
            }
            self.status.engine().waiting(Queue::Lines, self.lines.len());
            // If the pool is full, the memory is freed.
            let _ = self.used_hits.try_send(hits);
        }
    }
}
