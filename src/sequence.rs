//! Puts batches back in order: formatters finish in any order, but the file needs the original one.

use std::collections::VecDeque;

/// The number of hits in a full batch, if lines are no longer than those of combined: half a megabyte, which fits a core's own
/// cache.
pub const FULL_BATCH: usize = 2048;

/// Holds items that came too early, and returns all items in the order of their numbers, from 0 on.
///
/// As an iterator, it yields the next items in order. It ends if an item is missing, and continues once
/// that has come.
///
/// The ring is as long as the widest gap so far, which the bounded channels before it keep short. Once
/// it has grown to that length, nothing is allocated.
#[derive(Debug)]
pub struct Sequence<T> {
    /// The number of the next item, at the front of the ring.
    next: u64,
    ring: VecDeque<Option<T>>,
}

impl<T> Default for Sequence<T> {
    fn default() -> Self {
        Self { next: 0, ring: VecDeque::new() }
    }
}

impl<T> Sequence<T> {
    /// A sequence that has no items yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the item with a sequence number.
    ///
    /// # Panics
    /// The number was added before. Each item is made once, so lines would be doubled.
    pub fn put(&mut self, sequence: u64, item: T) {
        let ahead = sequence.checked_sub(self.next).map(|ahead| ahead as usize);
        let ahead = ahead.unwrap_or_else(|| panic!("batch {sequence} came a second time"));
        if ahead >= self.ring.len() {
            self.ring.resize_with(ahead + 1, || None);
        }
        let earlier = self.ring[ahead].replace(item);
        assert!(earlier.is_none(), "batch {sequence} came a second time");
    }

    /// How many items are held back. At the end of a run there must be none; otherwise, a batch before
    /// them is lost.
    pub fn waiting(&self) -> usize {
        self.ring.iter().flatten().count()
    }
}

impl<T> Iterator for Sequence<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let item = self.ring.front_mut()?.take()?;
        self.ring.pop_front();
        self.next += 1;
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drain<T>(order: &mut Sequence<T>) -> Vec<T> {
        order.by_ref().collect()
    }

    #[test]
    fn an_item_in_sequence_is_given_out_at_once() {
        let mut order = Sequence::new();
        for sequence in 0..3 {
            order.put(sequence, sequence);
            assert_eq!(order.next(), Some(sequence));
            assert_eq!(order.next(), None);
        }
        assert_eq!(order.waiting(), 0);
    }

    #[test]
    fn an_item_that_is_missing_holds_back_all_behind_it() {
        let mut order = Sequence::new();
        order.put(1, 'b');
        order.put(3, 'd');
        assert_eq!(order.next(), None);
        order.put(0, 'a');
        assert_eq!(drain(&mut order), ['a', 'b']);
        assert_eq!(order.waiting(), 1);
        order.put(2, 'c');
        assert_eq!(drain(&mut order), ['c', 'd']);
    }

    #[test]
    #[should_panic(expected = "batch 2 came a second time")]
    fn an_item_that_is_held_cannot_come_again() {
        let mut order = Sequence::new();
        order.put(2, ());
        order.put(2, ());
    }

    #[test]
    #[should_panic(expected = "batch 0 came a second time")]
    fn an_item_that_was_given_out_cannot_come_again() {
        let mut order = Sequence::new();
        order.put(0, ());
        order.next();
        order.put(0, ());
    }

    #[test]
    fn a_warm_ring_does_not_grow() {
        let mut order = Sequence::new();
        let mut round = |from: u64| {
            for sequence in (from..from + 8).rev() {
                order.put(sequence, sequence);
            }
            assert_eq!(drain(&mut order).len(), 8);
            order.ring.capacity()
        };
        let warm = round(0);
        for turn in 1..1_000 {
            assert_eq!(round(turn * 8), warm);
        }
    }

    proptest! {
        #[test]
        fn out_of_order_items_are_held_until_the_sequence_is_complete(
            arrivals in (0u64..200).prop_flat_map(|n| Just((0..n).collect::<Vec<_>>()).prop_shuffle()),
        ) {
            let mut order = Sequence::new();
            let mut out = Vec::new();
            for (count, sequence) in arrivals.iter().enumerate() {
                order.put(*sequence, *sequence);
                out.extend(drain(&mut order));
                let complete = (0..).take_while(|n| arrivals[..=count].contains(n)).count();
                prop_assert_eq!(out.len(), complete);
            }
            prop_assert!(out.iter().copied().eq(0..arrivals.len() as u64));
            prop_assert_eq!(order.waiting(), 0);
        }
    }
}
