//! Where lines were received that are not judged yet: ranges of lines that are consecutive in a file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::findings::Place;

/// The places of lines, each line at most once.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<u64, (u64, Place)>);

impl Places {
    /// Adds lines that are not there yet. The first of them was received at `place`.
    pub fn insert(&mut self, lines: Range<u64>, place: Place) {
        if !lines.is_empty() {
            self.0.insert(lines.start, (lines.end, place));
        }
    }

    /// Removes those of `lines` that are there. Returns their ranges, and the place of the first line of each.
    pub fn take(&mut self, lines: Range<u64>) -> Vec<(Range<u64>, Place)> {
        let mut taken = Vec::new();
        if lines.is_empty() {
            return taken;
        }
        let before = self.0.range(..lines.start).next_back();
        let first =
            before.filter(|before| before.1.0 > lines.start).map_or(lines.start, |at| *at.0);
        for (start, (end, place)) in
            self.0.extract_if(first..lines.end, |_, _| true).collect::<Vec<_>>()
        {
            let part = start.max(lines.start)..end.min(lines.end);
            self.insert(start..part.start, place);
            self.insert(part.end..end, place_of(part.end - start, place));
            taken.push((part.clone(), place_of(part.start - start, place)));
        }
        taken
    }
}

/// The place `behind` lines after another.
pub fn place_of(behind: u64, place: Place) -> Place {
    Place { line: place.line + behind, ..place }
}

/// What is left of `lines` without `others`, which are parts of it in ascending order.
pub fn without(lines: Range<u64>, others: &[(Range<u64>, Place)]) -> Vec<Range<u64>> {
    let starts = std::iter::once(lines.start).chain(others.iter().map(|other| other.0.end));
    let ends = others.iter().map(|other| other.0.start).chain(std::iter::once(lines.end));
    starts.zip(ends).map(|(start, end)| start..end).filter(|range| !range.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u64) -> Place {
        Place { file: 3, line }
    }

    #[test]
    fn what_is_taken_is_gone_and_the_rest_keeps_its_places() {
        let mut places = Places::default();
        places.insert(10..20, at(100));
        places.insert(20..22, at(7));
        places.insert(30..31, at(1));
        assert_eq!(places.take(0..10), []);
        assert_eq!(places.take(13..15), [(13..15, at(103))]);
        assert_eq!(places.take(14..21), [(15..20, at(105)), (20..21, at(7))]);
        assert_eq!(places.take(0..99), [(10..13, at(100)), (21..22, at(8)), (30..31, at(1))]);
        assert_eq!(places.take(0..99), []);
    }

    #[test]
    fn what_is_left_is_what_was_not_taken() {
        let others = [(10..12, at(1)), (15..20, at(1))];
        assert_eq!(without(10..20, &others), vec![12..15]);
        assert_eq!(without(8..25, &others), [8..10, 12..15, 20..25]);
        assert_eq!(without(8..25, &[]), vec![8..25]);
    }
}
