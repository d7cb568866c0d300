//! The part of a run that received lines are compared with: its lines as hits and hashes, 40 bytes each,
//! which of them were received, and an index of the hashes.

use std::collections::VecDeque;
use std::ops::Range;

use hashbrown::HashTable;

use super::expected::LineBlock;
use crate::recorded::hits::DroppedLine;
use crate::stream::Hit;
use crate::time::Time;

/// A line to look for: its hash and that of the next line, by which lines with the same text are told apart.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The hash of the line.
    pub hash: u64,
    /// The hash of the next line in the file, if it has been read.
    pub next: Option<u64>,
}

/// The most lines in a block: their positions must fit 16 bits.
pub const LARGEST_BLOCK: usize = 1 << 14;

/// Expected lines of a run, from [`Window::start`] to [`Window::end`].
#[derive(Debug)]
pub struct Window {
    /// The number of lines in a block, as a power of two.
    bits: u32,
    start: u64,
    end: u64,
    blocks: VecDeque<Kept>,
}

/// A block of lines, with which of them were received.
#[derive(Debug)]
pub struct Kept {
    /// The index of the first line within the run.
    pub first: u64,
    /// The hits of the lines.
    pub hits: Vec<Hit>,
    /// Lines that an event of the scenario drops.
    pub dropped: Vec<DroppedLine>,
    hashes: Vec<u64>,
    received: Vec<bool>,
    unreceived: usize,
    /// The positions of all hashes. It is made when one is first looked for.
    index: Option<HashTable<u16>>,
}

/// A line that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// The index of the line within the run.
    pub line: u64,
    /// Whether the line was received before.
    pub again: bool,
    /// Whether the next line of the run is also the next in the file.
    pub is_followed: bool,
}

impl Window {
    /// An empty window with blocks of `block` lines, a power of two.
    pub fn new(block: usize) -> Self {
        assert!(block.is_power_of_two() && block <= LARGEST_BLOCK, "places have 16 bits");
        Self { bits: block.trailing_zeros(), start: 0, end: 0, blocks: VecDeque::new() }
    }

    /// The index of the first line.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The index after the last line.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// How many lines the window holds.
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    /// Whether the window holds no lines.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The times of the first and the last line.
    pub fn times(&self) -> Option<(Time, Time)> {
        Some((self.blocks.front()?.hits.first()?.time, self.blocks.back()?.hits.last()?.time))
    }

    /// Adds the lines that follow the last one.
    pub fn push(&mut self, block: LineBlock) {
        if self.blocks.is_empty() {
            (self.start, self.end) = (block.first, block.first);
        }
        debug_assert_eq!(block.first, self.end, "blocks have no gaps");
        let lines = block.hits.len();
        self.end += lines as u64;
        self.blocks.push_back(Kept {
            first: block.first,
            hits: block.hits,
            dropped: block.dropped,
            hashes: block.hashes,
            received: vec![false; lines],
            unreceived: lines,
            index: None,
        });
    }

    /// The index after the oldest block.
    pub fn first_end(&self) -> Option<u64> {
        self.blocks.front().map(|kept| kept.first + kept.hits.len() as u64)
    }

    /// Removes the oldest block.
    pub fn pop(&mut self) -> Option<Kept> {
        let kept = self.blocks.pop_front()?;
        self.start += kept.hits.len() as u64;
        Some(kept)
    }

    /// The first line in the window at or after a time.
    pub fn first_from(&self, time: Time) -> Option<u64> {
        let block =
            self.blocks.iter().find(|kept| kept.hits.last().is_some_and(|hit| hit.time >= time))?;
        Some(block.first + block.hits.partition_point(|hit| hit.time < time) as u64)
    }

    /// The hit of a line, while it is in the window.
    pub fn hit(&self, line: u64) -> Option<&Hit> {
        let (block, at) = self.locate(line)?;
        Some(&self.blocks[block].hits[at])
    }

    /// Marks consecutive received lines as those from `line` on, as long as their hashes match and they
    /// are new. Returns how many.
    #[inline]
    pub fn take(&mut self, line: u64, hashes: impl Iterator<Item = u64>) -> usize {
        let Some((block, at)) = self.locate(line) else { return 0 };
        let kept = &mut self.blocks[block];
        let mut taken = 0;
        let rest = kept.hashes[at..].iter().zip(&mut kept.received[at..]);
        for ((expected, received), hash) in rest.zip(hashes) {
            if *expected != hash || *received {
                break;
            }
            *received = true;
            taken += 1;
        }
        kept.unreceived -= taken;
        taken
    }

    /// Marks a line as received.
    pub fn mark(&mut self, line: u64) {
        let Some((block, at)) = self.locate(line) else { return };
        let kept = &mut self.blocks[block];
        if !std::mem::replace(&mut kept.received[at], true) {
            kept.unreceived -= 1;
        }
    }

    /// Finds the line with this hash, in blocks that have lines within the given times. Of several with
    /// the same text, it is the one followed by the line that follows in the file, else one that `near`
    /// has passed without it, else the nearest.
    pub fn find(
        &mut self,
        wanted: Wanted,
        near: u64,
        times: Option<Range<Time>>,
    ) -> Option<Located> {
        self.find_from(self.start, wanted, near, times)
    }

    /// [`Window::find`] among the blocks that contain the lines from `from` on.
    pub fn find_from(
        &mut self,
        from: u64,
        wanted: Wanted,
        near: u64,
        times: Option<Range<Time>>,
    ) -> Option<Located> {
        let from = from.max(self.start);
        let from = self.locate(from).map_or(self.blocks.len(), |(block, _)| block);
        let blocks = match times {
            None => from..self.blocks.len(),
            Some(Range { start, end }) => {
                let last = |kept: &Kept| kept.hits.last().map_or(0, |hit| hit.time);
                let first = |kept: &Kept| kept.hits.first().map_or(0, |hit| hit.time);
                self.blocks.partition_point(|kept| last(kept) < start).max(from)
                    ..self.blocks.partition_point(|kept| first(kept) < end)
            }
        };
        let mut best: Option<((bool, bool, u64, bool), u64)> = None;
        for block in blocks {
            self.blocks[block].make_index();
            let kept = &self.blocks[block];
            for at in kept.places(wanted.hash) {
                let line = kept.first + at as u64;
                let again = kept.received[at];
                let is_followed = wanted.next.is_some() && self.hash(line + 1) == wanted.next;
                let is_skipped = !again && line < near;
                let order = (!is_followed, !is_skipped, line.abs_diff(near), again);
                if best.is_none_or(|best| (order, line) < best) {
                    best = Some((order, line));
                }
            }
        }
        best.map(|((not_followed, .., again), line)| Located {
            line,
            again,
            is_followed: !not_followed,
        })
    }

    /// The hash of a line, while it is in the window.
    fn hash(&self, line: u64) -> Option<u64> {
        let (block, at) = self.locate(line)?;
        Some(self.blocks[block].hashes[at])
    }

    /// The lines of a range that were not received, at most `limit`.
    pub fn unreceived(&self, range: Range<u64>, limit: usize) -> impl Iterator<Item = u64> {
        self.open_blocks(range.clone())
            .flat_map(Kept::unreceived)
            .filter(move |line| range.contains(line))
            .take(limit)
    }

    /// The last lines of a range that were not received, from the last one backwards.
    pub fn unreceived_from_the_end(
        &self,
        range: Range<u64>,
        limit: usize,
    ) -> impl Iterator<Item = u64> {
        self.open_blocks(range.clone())
            .rev()
            .flat_map(|kept| kept.unreceived().rev())
            .filter(move |line| range.contains(line))
            .take(limit)
    }

    /// The blocks with lines of a range, except those whose lines were all received.
    fn open_blocks(&self, range: Range<u64>) -> impl DoubleEndedIterator<Item = &Kept> {
        let block = |line: u64| (line.clamp(self.start, self.end) - self.start) >> self.bits;
        let behind = (block(range.end) as usize + 1).min(self.blocks.len());
        let from = (block(range.start) as usize).min(behind);
        self.blocks.range(from..behind).filter(|kept| kept.unreceived > 0)
    }

    #[inline]
    fn locate(&self, line: u64) -> Option<(usize, usize)> {
        if line < self.start || line >= self.end {
            return None;
        }
        let at = line - self.start;
        Some(((at >> self.bits) as usize, (at & ((1 << self.bits) - 1)) as usize))
    }
}

impl Kept {
    /// The hit of a line, if it is in this block.
    pub fn hit(&self, line: u64) -> Option<&Hit> {
        self.hits.get(usize::try_from(line.checked_sub(self.first)?).ok()?)
    }

    /// The lines of this block that were not received.
    pub fn unreceived(&self) -> impl DoubleEndedIterator<Item = u64> {
        let received = if self.unreceived == 0 { &[][..] } else { &self.received };
        // From a range, because an enumeration cannot be reversed.
        (0..received.len()).filter(|at| !received[*at]).map(|at| self.first + at as u64)
    }

    /// Makes the index if it does not exist yet.
    fn make_index(&mut self) {
        let Self { hashes, index, .. } = self;
        index.get_or_insert_with(|| {
            let mut index = HashTable::with_capacity(hashes.len());
            for (at, hash) in hashes.iter().enumerate() {
                let at = u16::try_from(at).expect("a block has at most 2^14 lines");
                index.insert_unique(*hash, at, |at: &u16| hashes[usize::from(*at)]);
            }
            index
        });
    }

    fn places(&self, hash: u64) -> impl Iterator<Item = usize> {
        let places = self.index.iter().flat_map(move |index| index.iter_hash(hash));
        places.map(|at| usize::from(*at)).filter(move |at| self.hashes[*at] == hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::actor_kind::ActorKind;
    use crate::stream::site::Outcome;
    use crate::stream::{Credentials, EventMark, Method, Protocol, Referrer};

    /// Lines with these hashes, one a second.
    fn block(first: u64, hashes: &[u64]) -> LineBlock {
        let hit = |at: usize| Hit {
            time: first + at as u64,
            visitor: 0,
            url: 0,
            referrer: Referrer::NONE,
            method: Method::Get,
            outcome: Outcome::Success,
            protocol: Protocol::Http11,
            kind: ActorKind::Person,
            credentials: Credentials::NONE,
            event: EventMark::NONE,
            connection: 0,
            on_connection: 1,
        };
        let hits = (0..hashes.len()).map(hit).collect();
        LineBlock { first, hits, hashes: hashes.to_vec(), dropped: Vec::new() }
    }

    fn window() -> Window {
        let mut window = Window::new(4);
        window.push(block(8, &[10, 11, 12, 10]));
        window.push(block(12, &[14, 10, 16, 17]));
        window.push(block(16, &[18]));
        window
    }

    fn wanted(hash: u64) -> Wanted {
        Wanted { hash, next: None }
    }

    fn found(line: u64, again: bool) -> Option<Located> {
        Some(Located { line, again, is_followed: false })
    }

    fn followed(line: u64, again: bool) -> Option<Located> {
        Some(Located { line, again, is_followed: true })
    }

    #[test]
    fn lines_are_taken_up_to_the_first_that_differs_or_was_received() {
        let mut window = window();
        assert_eq!(window.take(9, [11, 12, 13].into_iter()), 2);
        assert_eq!(window.take(8, [10, 11].into_iter()), 1);
        assert_eq!(window.take(12, [14].into_iter()), 1);
        assert_eq!(window.take(17, [18].into_iter()), 0);
        assert_eq!(window.unreceived(0..99, 99).collect::<Vec<_>>(), [11, 13, 14, 15, 16]);
        assert_eq!(window.unreceived(11..15, 2).collect::<Vec<_>>(), [11, 13]);
        assert_eq!(window.unreceived_from_the_end(0..16, 2).collect::<Vec<_>>(), [15, 14]);
    }

    #[test]
    fn of_equal_lines_one_that_was_passed_over_is_found_else_the_nearest() {
        let mut window = window();
        assert_eq!(window.find(wanted(10), 12, None), found(11, false));
        window.mark(11);
        assert_eq!(window.find(wanted(10), 12, None), found(8, false));
        assert_eq!(window.find(wanted(10), 12, Some(12..99)), found(13, false));
        window.mark(8);
        assert_eq!(window.find(wanted(10), 11, None), found(11, true));
        assert_eq!(window.find(wanted(10), 13, None), found(13, false));
        assert_eq!(window.find(wanted(15), 12, None), None);
    }

    #[test]
    fn of_equal_lines_the_one_is_found_that_is_followed_by_what_follows() {
        let mut window = window();
        let followed_by = |next| Wanted { hash: 10, next: Some(next) };
        assert_eq!(window.find(followed_by(11), 14, None), followed(8, false));
        assert_eq!(window.find(followed_by(16), 8, None), followed(13, false));
        window.mark(13);
        assert_eq!(window.find(followed_by(16), 8, None), followed(13, true));
        assert_eq!(window.find(followed_by(99), 14, None), found(11, false));
        assert_eq!(window.find_from(12, followed_by(11), 8, None), found(13, true));
        assert_eq!(window.find_from(99, followed_by(11), 8, None), None);
    }

    #[test]
    fn what_was_given_up_is_not_found() {
        let mut window = window();
        assert_eq!(window.first_end(), Some(12));
        assert_eq!(window.pop().unwrap().unreceived().count(), 4);
        assert_eq!((window.start(), window.end(), window.len()), (12, 17, 5));
        assert_eq!(window.find(wanted(11), 12, None), None);
        assert_eq!(window.find(wanted(18), 12, None), found(16, false));
        assert_eq!(window.hit(11), None);
        assert_eq!(window.times(), Some((12, 16)));
    }
}
