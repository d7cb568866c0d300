//! Where a run ends: after a number of lines or bytes, or at a time, whichever comes first. Decisions
//! about hits that are due; no clock and no file may enter here.

use std::sync::Arc;

use crate::format::{LineLengths, Logs};
use crate::stream::Hit;
use crate::time::Time;

/// The end of a run.
#[derive(Debug)]
pub struct End {
    lines: u64,
    bytes: Option<BytesLeft>,
    time: Time,
}

/// How many bytes of access.log are left, and what is needed to compute the length of a line.
#[derive(Debug)]
struct BytesLeft {
    left: u64,
    lengths: LineLengths,
}

impl End {
    /// An end after `lines` lines, and before `time`: the first instant that is not in the run.
    pub fn new(lines: u64, time: Time) -> Self {
        Self { lines, bytes: None, time }
    }

    /// The same end, or an earlier one: access.log grows by at most `bytes` in all.
    pub fn within(self, bytes: u64, logs: Arc<Logs>) -> Self {
        Self { bytes: Some(BytesLeft { left: bytes, lengths: LineLengths::new(logs) }), ..self }
    }

    /// The first instant that is not in the run.
    pub fn time(&self) -> Time {
        self.time
    }

    /// Whether no more lines may be written, whatever the time.
    pub fn is_full(&self) -> bool {
        self.lines == 0
    }

    /// How many of the next `most` hits may be needed.
    pub fn limit(&self, most: usize) -> usize {
        self.lines.min(most as u64) as usize
    }

    /// Counts hits that are due, at most [`End::limit`], and removes those that are not in the run.
    pub fn count(&mut self, hits: &mut Vec<Hit>) {
        let due = hits.len();
        if let Some(bytes) = &mut self.bytes {
            hits.truncate(bytes.count(hits));
        }
        self.lines = if hits.len() < due { 0 } else { self.lines - due as u64 };
    }
}

impl BytesLeft {
    /// How many of the hits fit into what is left, which is reduced by them.
    fn count(&mut self, hits: &[Hit]) -> usize {
        for (fitting, hit) in hits.iter().enumerate() {
            match self.left.checked_sub(self.lengths.of(hit)) {
                Some(left) => self.left = left,
                None => return fitting,
            }
        }
        hits.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::format::{Formatter, RenderedHits};
    use crate::log_id::LogId;
    use crate::stream::Stream;
    use crate::time::SECOND;

    const START: Time = 1_793_491_200 * SECOND;

    fn hits_and_logs() -> (Vec<Hit>, Arc<Logs>) {
        let config = Config::default();
        let mut stream = Stream::new(&config, 7, START);
        let mut hits = Vec::new();
        stream.fill(Time::MAX, 100, &mut hits);
        (hits, Logs::new(&config, stream.site()))
    }

    fn length(hits: &[Hit]) -> u64 {
        let (_, logs) = hits_and_logs();
        let mut lines = RenderedHits::default();
        Formatter::new(logs).render(hits, &mut lines);
        lines.bytes_of(LogId::ACCESS).len() as u64
    }

    #[test]
    fn no_more_hits_are_asked_for_than_lines_are_left() {
        let (mut hits, _) = hits_and_logs();
        let mut end = End::new(150, Time::MAX);
        assert_eq!(end.limit(100), 100);
        end.count(&mut hits);
        assert_eq!((hits.len(), end.limit(100), end.is_full()), (100, 50, false));
        hits.truncate(50);
        end.count(&mut hits);
        assert!(end.is_full());
    }

    #[test]
    fn the_last_line_is_the_last_that_fits_whole() {
        let (hits, _) = hits_and_logs();
        let of_60 = length(&hits[..60]);
        let of_next = length(&hits[60..61]);
        for (bytes, expected) in
            [(of_60 - 1, 59), (of_60, 60), (of_60 + of_next - 1, 60), (of_60 + of_next, 61), (1, 0)]
        {
            let (mut hits, logs) = hits_and_logs();
            let mut end = End::new(u64::MAX, Time::MAX).within(bytes, logs);
            let mut rest = hits.split_off(30);
            end.count(&mut hits);
            if !end.is_full() {
                end.count(&mut rest);
                hits.extend(rest);
            }
            assert_eq!(hits.len(), expected, "{bytes}");
            assert!(end.is_full());
        }
    }

    #[test]
    fn a_batch_that_fills_it_exactly_is_whole_and_the_next_is_empty() {
        let (mut hits, logs) = hits_and_logs();
        let mut end = End::new(u64::MAX, Time::MAX).within(length(&hits), logs);
        end.count(&mut hits);
        assert_eq!((hits.len(), end.is_full()), (100, false));
        end.count(&mut hits);
        assert_eq!((hits.len(), end.is_full()), (0, true));
    }
}
