//! The lines that should have arrived: those of the hits of a recorded run. Pure: no thread and no I/O
//! may enter here.

use memchr::memchr_iter;
use rapidhash::v3::rapidhash_v3;

use crate::format::{Formatter, RenderedHits};
use crate::recorded::hits::{DroppedLine, HitBlock};
use crate::stream::Hit;

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
    /// The index of the first line within the log, from 0.
    pub first: u64,
    /// The hits that the lines are made from.
    pub hits: Vec<Hit>,
    /// The hash of each line.
    pub hashes: Vec<u64>,
    /// Lines that are not in the log because an event of the scenario drops them.
    pub dropped: Vec<DroppedLine>,
}

impl LineBlock {
    /// The lines of these hits, without their hashes.
    pub fn of(HitBlock { first, hits, dropped }: HitBlock) -> Self {
        Self { first, hits, hashes: Vec::new(), dropped }
    }
}

/// A source of blocks, in order and without gaps. All blocks but the last have the same length.
pub trait BlockSource {
    /// The next block; `None` after the last line of the run.
    fn next_block(&mut self) -> Option<LineBlock>;
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
            let lines = self.rendered.first();
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
    use crate::stream::Stream;
    use crate::time::SECOND;

    #[test]
    fn a_block_has_the_hash_of_each_of_its_lines_without_its_line_feed() {
        let mut stream = Stream::new(&Config::default(), 7, 1_793_491_200 * SECOND);
        let logs = Logs::new(&Config::default(), stream.site());
        let mut hits = Vec::new();
        stream.fill(crate::time::Time::MAX, 2 * RENDERED + 1, &mut hits);
        let mut rendered = RenderedHits::default();
        Formatter::new(logs.clone()).render(&hits, &mut rendered);
        let mut block = LineBlock::of(HitBlock { first: 0, hits, dropped: Vec::new() });
        Hasher::new(Formatter::new(logs)).hash(&mut block);
        let lines = std::str::from_utf8(rendered.first()).unwrap().lines();
        let hashes: Vec<u64> = lines.map(|line| hash(line.as_bytes())).collect();
        assert!(block.hashes == hashes && hashes.len() == block.hits.len());
    }
}
