//! A heap of a few entries ordered by time, for what the calendar cannot hold in its days. Entries of
//! the same time come out in the order in which they were added.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Time;

/// Entries ordered by time, the earliest first.
#[derive(Debug)]
pub struct Agenda<T> {
    /// The time of each entry, how many were added before it, and its place. The entries themselves stay where they are: a heap
    /// moves what it holds many times.
    heap: BinaryHeap<Reverse<(Time, u64, u32)>>,
    entries: Vec<T>,
    /// Places in `entries` that hold none any more.
    unused: Vec<u32>,
    added: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), entries: Vec::new(), unused: Vec::new(), added: 0 }
    }
}

impl<T: Copy> Agenda<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether there are no entries.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Adds an entry due at `time`.
    pub fn add(&mut self, time: Time, entry: T) {
        self.added += 1;
        let place = match self.unused.pop() {
            Some(place) => {
                self.entries[place as usize] = entry;
                place
            }
            None => {
                self.entries.push(entry);
                (self.entries.len() - 1) as u32
            }
        };
        self.heap.push(Reverse((time, self.added, place)));
    }

    /// The time of the earliest entry.
    #[inline]
    pub fn first(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse((time, ..))| *time)
    }

    /// Takes the earliest entry.
    pub fn take(&mut self) -> Option<(Time, T)> {
        let Reverse((time, _, place)) = self.heap.pop()?;
        self.unused.push(place);
        Some((time, self.entries[place as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_of_two_the_first_come() {
        let mut agenda = Agenda::default();
        for (time, entry) in [(5, 'a'), (3, 'b'), (5, 'c'), (3, 'd'), (4, 'e')] {
            agenda.add(time, entry);
        }
        assert_eq!(agenda.first(), Some(3));
        let order: Vec<_> = std::iter::from_fn(|| agenda.take()).collect();
        assert_eq!(order, [(3, 'b'), (3, 'd'), (4, 'e'), (5, 'a'), (5, 'c')]);
    }
}
