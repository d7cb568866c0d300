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
    heap: BinaryHeap<Reverse<Key>>,
    entries: Vec<T>,
    /// Places in `entries` that hold none any more.
    unused: Vec<u32>,
    added: u32,
}

/// From the highest bits down: the time of an entry, how many were added before it, and its place. One number is compared without
/// a jump, which no processor could predict.
type Key = u128;

#[inline]
fn key(time: Time, added: u32, place: u32) -> Key {
    Key::from(time) << 64 | Key::from(added) << 32 | Key::from(place)
}

#[inline]
fn time_of(key: Key) -> Time {
    (key >> 64) as Time
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
        let key = self.new_key(time, place);
        self.heap.push(Reverse(key));
    }

    /// The key of an entry that is added now.
    #[inline]
    fn new_key(&mut self, time: Time, place: u32) -> Key {
        self.added = self.added.wrapping_add(1);
        key(time, self.added, place)
    }

    /// The time of the earliest entry.
    #[inline]
    pub fn first(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse(key)| time_of(*key))
    }

    /// The earliest entry itself.
    #[inline]
    pub fn first_entry(&mut self) -> Option<&mut T> {
        let Reverse(key) = self.heap.peek()?;
        self.entries.get_mut(*key as u32 as usize)
    }

    /// Makes the earliest entry due at `time`, as if it were taken and added again.
    #[inline]
    pub fn move_first(&mut self, time: Time) {
        let Some(Reverse(key)) = self.heap.peek() else { return };
        let moved = self.new_key(time, *key as u32);
        if let Some(mut first) = self.heap.peek_mut() {
            *first = Reverse(moved);
        }
    }

    /// Takes the earliest entry.
    pub fn take(&mut self) -> Option<(Time, T)> {
        let Reverse(key) = self.heap.pop()?;
        let place = key as u32;
        self.unused.push(place);
        Some((time_of(key), self.entries[place as usize]))
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

    #[test]
    fn an_entry_that_is_moved_comes_after_those_that_are_due_then_already() {
        let mut agenda = Agenda::default();
        for (time, entry) in [(1, 'a'), (2, 'b'), (4, 'c'), (4, 'd')] {
            agenda.add(time, entry);
        }
        agenda.move_first(4);
        *agenda.first_entry().unwrap() = 'B';
        agenda.move_first(3);
        let order: Vec<_> = std::iter::from_fn(|| agenda.take()).collect();
        assert_eq!(order, [(3, 'B'), (4, 'c'), (4, 'd'), (4, 'a')]);
        assert_eq!((agenda.first(), agenda.first_entry()), (None, None));
    }
}
