//! The lines that should have arrived: those of a recorded run, made again. Pure: no thread and no I/O
//! may enter here.

use std::collections::VecDeque;

use memchr::memchr_iter;
use rapidhash::v3::rapidhash_v3;

use crate::format::{Formatter, RenderedHits};
use crate::log_id::LogId;
use crate::run_record::RecordedGap;
use crate::stream::{Hit, Stream};
use crate::time::Time;

/// How many lines are rendered at once: few enough to be still in the core's own cache when they are hashed.
const RENDERED: usize = 512;

/// The hash that stands for the text of a line, without its line feed.
#[inline]
pub fn hash(line: &[u8]) -> u64 {
    rapidhash_v3(line)
}

/// Consecutive lines of a run.
#[derive(Debug, Default)]
pub struct LineBlock {
    /// The index of the first line within the run, from 0.
    pub first: u64,
    /// The hits that the lines are made from.
    pub hits: Vec<Hit>,
    /// The hash of each line.
    pub hashes: Vec<u64>,
}

/// A source of blocks, in order and without gaps. All blocks but the last have the same length.
pub trait BlockSource {
    /// The next block; `None` after the last line of the run.
    fn next_block(&mut self) -> Option<LineBlock>;
}

/// Makes the hits of a run, in blocks.
#[derive(Debug)]
pub struct Hits {
    stream: Stream,
    gaps: VecDeque<RecordedGap>,
    next: u64,
    end: u64,
    block: usize,
}

impl Hits {
    /// The hits of a stream without those in `gaps`, up to line `end` (from 0, exclusive), in blocks of
    /// `block` hits.
    pub fn new(stream: Stream, gaps: &[RecordedGap], end: u64, block: usize) -> Self {
        Self { stream, gaps: gaps.iter().cloned().collect(), next: 0, end, block }
    }

    /// Skips all lines before a time, which is much faster than making them.
    pub fn skip_to(&mut self, time: Time) {
        let Some(before) = time.checked_sub(1) else { return };
        loop {
            let room = self.room();
            let skipped = self.stream.skip(before, room);
            self.next += skipped;
            if skipped < room || room == 0 {
                return;
            }
        }
    }

    /// The next block, without hashes; `None` after the last line.
    pub fn next_block(&mut self) -> Option<LineBlock> {
        let hits = Vec::with_capacity(self.block);
        let mut block = LineBlock { first: self.next, hits, hashes: Vec::new() };
        while block.hits.len() < self.block {
            let missing = (self.block - block.hits.len()) as u64;
            let limit = self.room().min(missing) as usize;
            if limit == 0 {
                break;
            }
            self.stream.fill(Time::MAX, limit, &mut block.hits);
            self.next += limit as u64;
        }
        (!block.hits.is_empty()).then_some(block)
    }

    /// Skips the gaps at this point. Returns how many lines there are up to the next gap or to the end.
    fn room(&mut self) -> u64 {
        // A gap after the last line may be years long.
        if self.next >= self.end {
            return 0;
        }
        while let Some(gap) = self.gaps.pop_front_if(|gap| gap.after_line <= self.next) {
            self.stream.skip(Time::MAX, gap.lines);
        }
        self.gaps.front().map_or(self.end, |gap| gap.after_line.min(self.end)) - self.next
    }
}

/// Computes the hashes of blocks.
#[derive(Debug)]
pub struct Hasher {
    formatter: Formatter,
    rendered: RenderedHits,
}

impl Hasher {
    /// A hasher of the lines that `formatter` renders.
    pub fn new(formatter: Formatter) -> Self {
        Self { formatter, rendered: RenderedHits::default() }
    }

    /// Adds the hashes to a block that has none.
    pub fn hash(&mut self, block: &mut LineBlock) {
        block.hashes.reserve_exact(block.hits.len());
        for hits in block.hits.chunks(RENDERED) {
            self.rendered.clear();
            self.formatter.render(hits, &mut self.rendered);
            let mut start = 0;
            let lines = self.rendered.bytes_of(LogId::ACCESS);
            for end in memchr_iter(b'\n', lines) {
                block.hashes.push(hash(&lines[start..end]));
                start = end + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::format::Logs;
    use crate::time::{SECOND, timestamp};

    const START: Time = 1_793_491_200 * SECOND;

    fn hits(gaps: &[(u64, u64)], end: u64, block: usize) -> Hits {
        let config = Config::default();
        let stream = Stream::new(&config, 7, START);
        let gaps: Vec<_> = gaps
            .iter()
            .map(|&(after_line, lines)| RecordedGap {
                after_line,
                lines,
                from: timestamp(START),
                until: timestamp(START),
            })
            .collect();
        Hits::new(stream, &gaps, end, block)
    }

    /// Lines and their hashes.
    fn all(mut hits: Hits) -> Vec<(u64, u64)> {
        let logs = Logs::new(&Config::default(), hits.stream.site());
        let mut hasher = Hasher::new(Formatter::new(logs));
        let mut lines = Vec::new();
        while let Some(mut block) = hits.next_block() {
            hasher.hash(&mut block);
            assert_eq!(block.hits.len(), block.hashes.len());
            lines.extend((block.first..).zip(block.hashes));
        }
        lines
    }

    #[test]
    fn gaps_are_left_out_by_count_wherever_blocks_end() {
        let whole: Vec<u64> = all(hits(&[], 1_000, 1_000)).into_iter().map(|at| at.1).collect();
        let mut rest = whole.clone();
        rest.drain(700..720);
        rest.drain(64..65);
        rest.drain(0..3);
        for block in [1, 7, 64, 1_000] {
            let lines = all(hits(&[(0, 3), (61, 1), (61, 0), (696, 20)], 900, block));
            assert_eq!(lines.len(), 900);
            assert!(lines.iter().zip(0..).all(|(line, number)| line.0 == number));
            assert!(lines.iter().zip(&rest).all(|(line, hash)| line.1 == *hash), "{block}");
        }
    }

    #[test]
    fn a_gap_behind_the_last_line_is_not_passed_over() {
        let mut hits = hits(&[(100, u64::MAX)], 100, 64);
        assert_eq!(hits.next_block().unwrap().hits.len(), 64);
        assert_eq!(hits.next_block().unwrap().hits.len(), 36);
        assert!(hits.next_block().is_none());
    }

    #[test]
    fn what_is_skipped_keeps_its_numbers() {
        let gaps = [(50, 5), (400, 30)];
        let whole = all(hits(&gaps, 1_000, 100));
        let mut from = hits(&gaps, 1_000, 100);
        from.skip_to(START + 60 * SECOND);
        let rest = all(from);
        assert!(rest.len() < 950 && rest.len() > 10, "{}", rest.len());
        assert_eq!(rest, whole[whole.len() - rest.len()..]);
    }
}
