//! The hits of a recorded run, made again. Pure: no thread and no I/O may enter here.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::format::Logs;
use crate::run_record::RecordedGap;
use crate::stream::{Hit, Stream};
use crate::time::Time;

/// From how many hits those of a log are selected at once.
const SELECTED_FROM: usize = 4096;

/// Consecutive hits of a log.
#[derive(Debug)]
pub struct HitBlock {
    /// The index of the first hit within the log, from 0.
    pub first: u64,
    /// The hits. One whose line is doubled is there twice.
    pub hits: Vec<Hit>,
    /// Lines that are not in the log because an event of the scenario drops them.
    pub dropped: Vec<DroppedLine>,
}

/// A line that an event of the scenario drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DroppedLine {
    /// The index within the log of the line behind it.
    pub before: u64,
    /// The place of the event in the scenario.
    pub place: usize,
}

/// Makes the hits of a log, in blocks: those of a run, or some of them.
#[derive(Debug)]
pub struct Hits {
    stream: Stream,
    gaps: VecDeque<RecordedGap>,
    /// The index of the next hit within the run.
    next: u64,
    end: u64,
    block: usize,
    /// Tells which hits the log has; `None` if it has all.
    selection: Option<Arc<Logs>>,
    /// Hits of the log that are in no block yet, and lines that are dropped.
    ready: Vec<Hit>,
    dropped: VecDeque<DroppedLine>,
    /// The hits that a selection is made from.
    whole: Vec<Hit>,
    /// The index of the first of them within the log.
    line: u64,
}

impl Hits {
    /// The hits of a stream without those in `gaps`, up to hit `end` (from 0, exclusive), in blocks of
    /// `block` hits.
    pub fn new(stream: Stream, gaps: &[RecordedGap], end: u64, block: usize) -> Self {
        let gaps = gaps.iter().cloned().collect();
        Self {
            stream,
            gaps,
            next: 0,
            end,
            block,
            selection: None,
            ready: Vec::new(),
            dropped: VecDeque::new(),
            whole: Vec::new(),
            line: 0,
        }
    }

    /// Only the hits that the first of these logs has, as often as it has them.
    pub fn of(self, logs: Arc<Logs>) -> Self {
        let selection = (!logs.first_has_all()).then_some(logs);
        Self { selection, ..self }
    }

    /// How many lines the log has, of a run that has an end.
    pub fn count_lines(mut self) -> u64 {
        if self.selection.is_none() {
            return self.end;
        }
        self.skip_to(Time::MAX);
        self.line
    }

    /// Skips all lines before a time. If the log has all hits, that is much faster than making them.
    pub fn skip_to(&mut self, time: Time) {
        let Some(before) = time.checked_sub(1) else { return };
        loop {
            let goes_on = if self.selection.is_some() {
                let goes_on = self.make(before);
                self.line += self.ready.len() as u64;
                self.ready.clear();
                self.dropped.clear();
                goes_on
            } else {
                let room = self.room();
                let skipped = self.stream.skip(before, room);
                self.next += skipped;
                self.line += skipped;
                skipped == room && room > 0
            };
            if !goes_on {
                return;
            }
        }
    }

    /// The next block; `None` after the last line.
    pub fn next_block(&mut self) -> Option<HitBlock> {
        self.ready.reserve(self.block.saturating_sub(self.ready.len()));
        while self.ready.len() < self.block && self.make(Time::MAX) {}
        let rest = self.ready.split_off(self.block.min(self.ready.len()));
        let hits = std::mem::replace(&mut self.ready, rest);
        let behind = self.line + hits.len() as u64;
        // Those behind the last line of all belong to the last block.
        let is_last = self.ready.is_empty() && hits.len() < self.block;
        let of_block = self.dropped.partition_point(|line| is_last || line.before < behind);
        let dropped = self.dropped.drain(..of_block).collect();
        let block = HitBlock { first: self.line, hits, dropped };
        self.line = behind;
        (!block.hits.is_empty()).then_some(block)
    }

    /// Makes more hits, up to and including `until`. Returns false if there are no more.
    fn make(&mut self, until: Time) -> bool {
        let most = match self.selection {
            None => self.block - self.ready.len(),
            Some(_) => SELECTED_FROM,
        };
        let limit = self.room().min(most as u64) as usize;
        let made = match &self.selection {
            None => {
                let before = self.ready.len();
                self.stream.fill(until, limit, &mut self.ready);
                self.ready.len() - before
            }
            Some(logs) => {
                self.whole.clear();
                self.stream.fill(until, limit, &mut self.whole);
                for hit in &self.whole {
                    let lines = logs.lines_of_first(hit);
                    self.ready.extend(std::iter::repeat_n(*hit, lines));
                    // A hit that the log does not select is not dropped: only access.log, which has all, is spoilt.
                    if let (0, true, Some(place)) = (lines, logs.first_is_spoilt(), hit.spoilt_by())
                    {
                        let before = self.line + self.ready.len() as u64;
                        self.dropped.push_back(DroppedLine { before, place });
                    }
                }
                self.whole.len()
            }
        };
        self.next += made as u64;
        limit > 0 && made == limit
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::log_id::LogId;
    use crate::shard::Shard;
    use crate::stream::site::Outcome;
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

    fn made(mut hits: Hits) -> Vec<(u64, Hit)> {
        let mut made = Vec::new();
        while let Some(block) = hits.next_block() {
            made.extend((block.first..).zip(block.hits));
        }
        made
    }

    #[test]
    fn gaps_are_left_out_by_count_wherever_blocks_end() {
        let whole: Vec<Hit> = made(hits(&[], 1_000, 1_000)).into_iter().map(|at| at.1).collect();
        let mut rest = whole.clone();
        rest.drain(700..720);
        rest.drain(64..65);
        rest.drain(0..3);
        for block in [1, 7, 64, 1_000] {
            let lines = made(hits(&[(0, 3), (61, 1), (61, 0), (696, 20)], 900, block));
            assert_eq!(lines.len(), 900);
            assert!(lines.iter().zip(0..).all(|(line, number)| line.0 == number));
            assert!(lines.iter().zip(&rest).all(|(line, hit)| line.1 == *hit), "{block}");
        }
    }

    #[test]
    fn a_gap_behind_the_last_line_is_not_passed_over() {
        let mut hits = hits(&[(100, u64::MAX)], 100, 64);
        assert_eq!(hits.next_block().unwrap().hits.len(), 64);
        assert_eq!(hits.next_block().unwrap().hits.len(), 36);
        assert!(hits.next_block().is_none());
    }

    /// The errors, of the stream that `hits` has.
    fn errors(hits: Hits) -> Hits {
        let config = Config::from_yaml("output: {logs: [{file: a.log, status: errors}]}").unwrap();
        let logs = Logs::alone(&config, hits.stream.site(), Shard::WHOLE, LogId::further(0));
        hits.of(logs)
    }

    #[test]
    fn the_lines_of_a_selection_have_numbers_of_their_own_wherever_blocks_end() {
        let gaps = [(50, 5), (5_000, 30)];
        let all = made(hits(&gaps, 20_000, 100));
        let whole = made(errors(hits(&gaps, 20_000, 7)));
        assert!(whole.len() > 500 && whole.iter().zip(0..).all(|(line, number)| line.0 == number));
        let is_error = |hit: &Hit| {
            let redirected = [Outcome::RedirectPermanent, Outcome::RedirectTemporary];
            hit.outcome != Outcome::Success && !redirected.contains(&hit.outcome)
        };
        let expected: Vec<_> = all.iter().map(|line| line.1).filter(is_error).collect();
        assert_eq!(whole.iter().map(|line| line.1).collect::<Vec<_>>(), expected);
        for block in [1, 64, 10_000] {
            assert_eq!(made(errors(hits(&gaps, 20_000, block))), whole);
        }
        assert_eq!(errors(hits(&gaps, 20_000, 1)).count_lines(), whole.len() as u64);
        let mut from = errors(hits(&gaps, 20_000, 64));
        from.skip_to(START + 600 * SECOND);
        let rest = made(from);
        assert!(!rest.is_empty() && rest.len() < whole.len());
        assert_eq!(rest, whole[whole.len() - rest.len()..]);
    }

    #[test]
    fn what_is_skipped_keeps_its_numbers() {
        let gaps = [(50, 5), (400, 30)];
        let whole = made(hits(&gaps, 1_000, 100));
        let mut from = hits(&gaps, 1_000, 100);
        from.skip_to(START + 60 * SECOND);
        let rest = made(from);
        assert!(rest.len() < 950 && rest.len() > 10, "{}", rest.len());
        assert_eq!(rest, whole[whole.len() - rest.len()..]);
    }
}
