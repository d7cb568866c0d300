//! The formatter threads, `format-0`, `format-1` ..., turn hits into lines. Any of them takes any batch;
//! the writer puts the batches back in order.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender};

use super::{BatchLines, HitBatch, LineBatch};
use crate::codec::Codec;
use crate::files::rotation::Rotation;
use crate::format::{Formatter, RenderedHits};
use crate::pack::{Packed, Packer};
use crate::status::{Queue, Status};
use crate::stream::Hit;

/// The state of a formatter thread.
pub struct FormatterThread {
    /// Renders the hits.
    pub formatter: Formatter,
    /// Packs the lines; `None` if the logs are plain.
    pub packing: Option<Packing>,
    /// Receives hits. When it closes, the thread ends.
    pub hits: Receiver<HitBatch>,
    /// Takes the rendered lines.
    pub lines: Sender<LineBatch>,
    /// Takes the memory of hits that were rendered, for reuse.
    pub used_hits: Sender<Vec<Hit>>,
    /// Returns the memory of lines that were written, for reuse.
    pub used_lines: Receiver<BatchLines>,
    /// Records the lengths of the queues.
    pub status: Arc<Status>,
}

/// How a run packs its logs.
#[derive(Clone, Debug)]
pub struct Packing {
    /// The form of the members.
    pub codec: Codec,
    /// Says when a file ends, so that members end there, too.
    pub rotation: Rotation,
}

impl Packing {
    /// Packs the lines of each log.
    fn pack(&self, packer: &mut Packer, rendered: &RenderedHits, packed: &mut Vec<Packed>) {
        packed.resize_with(rendered.logs.len(), || Packed::new(self.codec));
        for (of_log, packed) in rendered.logs.iter().zip(packed) {
            let end = |time| self.rotation.end_of_period(time);
            packer.pack(&of_log.bytes, &of_log.marks, end, packed);
        }
    }
}

impl FormatterThread {
    /// Renders until no more hits come or the writer has ended.
    pub fn run(mut self) {
        let mut packer = self.packing.as_ref().map(|packing| Packer::new(packing.codec));
        for batch in &self.hits {
            self.status.engine().waiting(Queue::Hits, self.hits.len());
            let mut lines = self.used_lines.try_recv().unwrap_or_default();
            lines.rendered.clear();
            let HitBatch { epoch, sequence, hits, reached, sent, live } = batch;
            self.formatter.follow(&epoch.logs);
            self.formatter.render(&hits, &mut lines.rendered);
            if let (Some(packing), Some(packer)) = (&self.packing, &mut packer) {
                packing.pack(packer, &lines.rendered, &mut lines.packed);
            }
            if self.lines.send(LineBatch { sequence, lines, reached, live, sent }).is_err() {
                return;
            }
            self.status.engine().waiting(Queue::Lines, self.lines.len());
            // If the pool is full, the memory is freed.
            let _ = self.used_hits.try_send(hits);
        }
    }
}
