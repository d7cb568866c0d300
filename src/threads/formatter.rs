//! The formatter threads, `format-0`, `format-1` ...: hits in, lines out. Any of them takes any
//! batch; the writer puts them back in order.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{HitBatch, LineBatch};
use crate::format::Formatter;
use crate::status::{Queue, Status};

/// What a formatter thread works with.
pub struct FormatterThread {
    /// Renders.
    pub formatter: Formatter,
    /// Where hits come from; when it ends, so does the thread.
    pub hits: Receiver<HitBatch>,
    /// Where lines go.
    pub lines: Sender<LineBatch>,
    /// Where used batches of hits go back to.
    pub used_hits: Sender<HitBatch>,
    /// Where used batches of lines come back.
    pub used_lines: Receiver<LineBatch>,
    /// Where it is told how much waits.
    pub status: Arc<Status>,
}

impl FormatterThread {
    /// Renders until no more hits come, or the writer has ended.
    pub fn run(mut self) {
        for batch in &self.hits {
            self.status.engine().waiting(Queue::Hits, self.hits.len());
            let mut out = self.used_lines.try_recv().unwrap_or_default();
            out.lines.clear();
            self.formatter.render(&batch.hits, &mut out.lines);
            let hits = batch.hits.len() as u64;
            let HitBatch { sequence, reached, live, sent, .. } = batch;
            let out = LineBatch { sequence, hits, reached, live, sent, ..out };
            if self.lines.send(out).is_err() {
                return;
            }
            self.status.engine().waiting(Queue::Lines, self.lines.len());
            // With the pool full, the memory is given back.
            let _ = self.used_hits.try_send(batch);
        }
    }
}
