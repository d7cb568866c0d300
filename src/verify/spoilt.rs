//! Lines that an event of the scenario has spoilt on purpose: how many there are, and how many of them did not arrive as they are.

use std::ops::Range;

use super::window::Kept;
use crate::stream::Hit;

/// How many lines each event has spoilt, by its place in the scenario. There are none of a log that nothing spoils.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpoiltLines(Vec<SpoiltCount>);

/// How many lines an event has spoilt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpoiltCount {
    /// All of them that the log has, those that are doubled counted twice; or that it lacks, if they are dropped.
    pub lines: u64,
    /// Those that were not received.
    pub missing: u64,
    /// Those that came with another text.
    pub altered: u64,
}

impl SpoiltLines {
    /// None so far, for a scenario of so many entries.
    pub fn of(entries: usize) -> Self {
        Self(vec![SpoiltCount::default(); entries])
    }

    /// The count of the event that has spoilt a line; `None` if none has.
    #[inline]
    fn of_line(&mut self, hit: &Hit) -> Option<&mut SpoiltCount> {
        self.0.get_mut(hit.spoilt_by()?)
    }

    /// Counts the spoilt lines among `lines` of a block, which has left the window.
    pub fn count(&mut self, kept: &Kept, lines: &Range<u64>) {
        if self.0.is_empty() || lines.is_empty() {
            return;
        }
        let at = |line: u64| (line - kept.first) as usize;
        for hit in &kept.hits[at(lines.start)..at(lines.end)] {
            if let Some(count) = self.of_line(hit) {
                count.lines += 1;
            }
        }
        for line in kept.unreceived().filter(|line| lines.contains(line)) {
            if let Some(count) = kept.hit(line).and_then(|hit| self.of_line(hit)) {
                count.missing += 1;
            }
        }
        let is_among = |line: u64| (lines.start..=lines.end).contains(&line);
        for dropped in kept.dropped.iter().filter(|dropped| is_among(dropped.before)) {
            if let Some(count) = self.0.get_mut(dropped.place) {
                count.lines += 1;
            }
        }
    }

    /// Counts a line that came with another text.
    pub fn alter(&mut self, hit: &Hit) {
        if let Some(count) = self.of_line(hit) {
            count.altered += 1;
        }
    }

    /// The counts of all entries of the scenario.
    pub fn counts(&self) -> &[SpoiltCount] {
        &self.0
    }
}
