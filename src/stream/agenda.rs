//! A heap of a few entries ordered by time, for what the calendar cannot hold in its days. Entries of
//! the same time come out in the order in which they were added.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Time;

/// Entries ordered by time, the earliest first.
#[derive(Debug)]
pub struct Agenda<T> {
    heap: BinaryHeap<Reverse<AgendaItem<T>>>,
    added: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), added: 0 }
    }
}

impl<T> Agenda<T> {
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
        self.heap.push(Reverse(AgendaItem { time, number: self.added, entry }));
    }

    /// The time of the earliest entry.
    #[inline]
    pub fn first(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse(item)| item.time)
    }

    /// Takes the earliest entry.
    pub fn take(&mut self) -> Option<(Time, T)> {
        self.heap.pop().map(|Reverse(item)| (item.time, item.entry))
    }
}

#[derive(Debug)]
struct AgendaItem<T> {
    time: Time,
    number: u64,
    entry: T,
}

impl<T> PartialEq for AgendaItem<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for AgendaItem<T> {}

impl<T> PartialOrd for AgendaItem<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for AgendaItem<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.time, self.number).cmp(&(other.time, other.number))
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
