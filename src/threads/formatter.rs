//! The formatter threads, `format-0`, `format-1` ...: hits in, lines out. Any of them takes any
//! batch; the writer puts them back in order.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{HitBatch, LineBatch};
use crate::format::{Formatter, RenderedHits};
use crate::status::{Queue, Status};
use crate::stream::Hit;

/// What a formatter thread works with.
pub struct FormatterThread {
    /// Renders.
    pub formatter: Formatter,
    /// Where hits come from; when it ends, so does the thread.
    pub hits: Receiver<HitBatch>,
    /// Where lines go.
    pub lines: Sender<LineBatch>,
    /// Where the memory of used hits goes back to.
    pub used_hits: Sender<Vec<Hit>>,
    /// Where the memory of used lines comes back.
    pub used_lines: Receiver<RenderedHits>,
    /// Where the lengths of the queues are noted.
    pub status: Arc<Status>,
}

impl FormatterThread {
    /// Renders until no more hits come, or the writer has ended.
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
            // With the pool full, the memory is given back.
            let _ = self.used_hits.try_send(hits);
        }
    }
}
