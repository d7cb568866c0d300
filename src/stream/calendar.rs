//! Who is due next, in constant time from ten sessions to ten million. This is a calendar queue (Brown
//! 1988) whose days hold the sessions themselves, in blocks, so that memory is read and written in
//! sequence. It knows times and their order, but nothing about sessions.

use super::Time;
use super::agenda::Agenda;

/// How many days the calendar's year has, each with a list of blocks. A power of two.
const DAYS: usize = 1 << 15;
/// The target for entries in a day; a day may have down to half as many. With fewer, the cost of opening
/// a day shows; with more, the cost of sorting them.
const ENTRIES_A_DAY: u64 = 128;
/// The shortest day, as a power of two: 2^17 ns, 0.13 ms.
const SHORTEST_DAY: u32 = 17;
/// The longest day, as a power of two: 2^32 ns, 4.3 s, which makes a year of 39 hours. A time within the
/// day then fits 32 bits.
const LONGEST_DAY: u32 = 32;
/// How many entries a block holds.
const BLOCK: usize = 16;
/// How many blocks are allocated together.
const CHUNK: usize = 256;
/// The index that stands for no block.
const NONE: u32 = u32::MAX;

/// Something that is due at a time.
pub trait Due: Copy {
    /// The time at which it is due.
    fn due(&self) -> Time;
}

/// Entries ordered by the time at which they are due. The order of entries due at the same nanosecond
/// depends only on the order of the calls.
#[derive(Debug)]
pub struct Calendar<T> {
    /// A day is 2^shift ns long.
    shift: u32,
    days: Box<[Day]>,
    /// A bit for each day that holds an entry.
    occupied: Box<[u64]>,
    blocks: Blocks<T>,
    /// The open day, counted from the epoch. Its entries are in `today` and `late`.
    open: u64,
    /// The entries that the open day had when it was opened.
    today: Vec<T>,
    /// (time within the day, index into `today`), sorted. Those before `done` have been taken.
    order: Vec<u64>,
    done: usize,
    /// Entries added to the open day after it was opened.
    late: Agenda<T>,
    /// Whether the first entry of all is one of these.
    first_is_late: bool,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Day {
    last_block: u32,
    len: u32,
}

impl<T: Due> Calendar<T> {
    /// A calendar that opens at `start`. Entries must be due at most `horizon` ns after they are added,
    /// and `apart` is the rough distance between two of them. `apart` affects only the speed and the
    /// order of entries due at the same nanosecond.
    pub fn new(start: Time, horizon: Time, apart: Time) -> Self {
        // An entry added to the open day costs more than others, so a day must be short against the horizon.
        let longest = horizon / 4;
        let day = apart.saturating_mul(ENTRIES_A_DAY).min(longest).max(1 << SHORTEST_DAY);
        let mut shift = day.ilog2().min(LONGEST_DAY);
        while (horizon >> shift) as usize >= DAYS - 1 {
            shift += 1;
        }
        assert!(shift <= LONGEST_DAY, "nothing is due later than a year of the calendar");
        Self {
            shift,
            days: vec![Day { last_block: NONE, len: 0 }; DAYS].into(),
            occupied: vec![0; DAYS / 64].into(),
            blocks: Blocks::default(),
            open: start >> shift,
            today: Vec::new(),
            order: Vec::new(),
            done: 0,
            late: Agenda::default(),
            first_is_late: false,
            len: 0,
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Adds an entry. It may not be due before the last entry taken or the last `until` asked about.
    #[inline]
    pub fn add(&mut self, entry: T) {
        self.len += 1;
        let day = entry.due() >> self.shift;
        if day <= self.open {
            self.late.add(entry.due(), entry);
            return;
        }
        debug_assert!(day - self.open < DAYS as u64, "an entry beyond the horizon");
        let slot = day as usize & (DAYS - 1);
        let Day { last_block, len } = &mut self.days[slot];
        let place = *len as usize % BLOCK;
        if place == 0 {
            *last_block = self.blocks.take(entry, *last_block);
            self.occupied[slot / 64] |= 1 << (slot % 64);
        } else {
            self.blocks.put(*last_block, place, entry);
        }
        *len += 1;
    }

    /// The time of the first entry if it is due at `until` or before. Looking moves the calendar on:
    /// from then on an entry due before `until` may only be added if it is due after the last entry
    /// taken.
    #[inline]
    pub fn next_due(&mut self, until: Time) -> Option<Time> {
        loop {
            let today = self.order.get(self.done).map(|&key| self.time_of(key));
            let late = self.late.first();
            if let Some(due) = earlier(today, late) {
                self.first_is_late = today != Some(due);
                return (due <= until).then_some(due);
            }
            if !self.turn(until >> self.shift) {
                return None;
            }
        }
    }

    /// The first entry, to be changed and [put back](Calendar::put_back). Call it right after [`Calendar::next_due`] has returned its
    /// time.
    #[inline]
    pub fn first(&mut self) -> &mut T {
        if self.first_is_late {
            self.late.first_entry().expect("it has a first entry")
        } else {
            &mut self.today[self.order[self.done] as u32 as usize]
        }
    }

    /// Puts the first entry, which was changed where it is, to where it is due by now: as if it were taken and added again.
    #[inline]
    pub fn put_back(&mut self) {
        let due = self.first().due();
        if self.first_is_late && due >> self.shift <= self.open {
            self.late.move_first(due);
        } else {
            let entry = self.take();
            self.add(entry);
        }
    }

    /// Takes the first entry. Call it right after [`Calendar::next_due`] has returned its time.
    #[inline]
    pub fn take(&mut self) -> T {
        self.len -= 1;
        if self.first_is_late {
            let (_, entry) = self.late.take().expect("it has a first entry");
            return entry;
        }
        let entry = self.today[self.order[self.done] as u32 as usize];
        self.done += 1;
        entry
    }

    #[inline]
    fn time_of(&self, key: u64) -> Time {
        (self.open << self.shift) + (key >> 32)
    }

    /// Opens the next day that has entries, but none after `last`. Returns false if there is none.
    fn turn(&mut self, last: u64) -> bool {
        if last <= self.open {
            return false;
        }
        let ahead = (last - self.open).min(DAYS as u64 - 1);
        let Some(days) = self.next_occupied(ahead as usize) else {
            self.open = last;
            return false;
        };
        self.open += days as u64;
        let slot = self.open as usize & (DAYS - 1);
        let Day { last_block, len } =
            std::mem::replace(&mut self.days[slot], Day { last_block: NONE, len: 0 });
        self.occupied[slot / 64] &= !(1 << (slot % 64));
        self.today.clear();
        self.order.clear();
        self.done = 0;
        self.blocks.drain(last_block, len as usize, &mut self.today);
        let start = self.open << self.shift;
        self.order.extend(
            self.today
                .iter()
                .enumerate()
                .map(|(index, entry)| (entry.due() - start) << 32 | index as u64),
        );
        self.order.sort_unstable();
        true
    }

    /// How many days after the open one the next day with entries comes: 1 to `ahead`.
    fn next_occupied(&self, ahead: usize) -> Option<usize> {
        let first = self.open as usize + 1;
        let mut day = first;
        while day < first + ahead {
            let slot = day & (DAYS - 1);
            let word = self.occupied[slot / 64] >> (slot % 64);
            if word != 0 {
                let found = day + word.trailing_zeros() as usize;
                return (found < first + ahead).then_some(found + 1 - first);
            }
            day += 64 - slot % 64;
        }
        None
    }
}

#[inline]
fn earlier(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Blocks of entries in linked lists; the unused blocks form a list of their own. Blocks are allocated
/// in large chunks, so growing never moves existing ones.
#[derive(Debug)]
struct Blocks<T> {
    chunks: Vec<Box<[Block<T>]>>,
    unused: u32,
}

#[derive(Clone, Copy, Debug)]
struct Block<T> {
    entries: [T; BLOCK],
    previous: u32,
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), unused: NONE }
    }
}

impl<T: Copy> Blocks<T> {
    #[inline]
    fn block(&mut self, number: u32) -> &mut Block<T> {
        &mut self.chunks[number as usize / CHUNK][number as usize % CHUNK]
    }

    #[inline]
    fn put(&mut self, number: u32, place: usize, entry: T) {
        self.block(number).entries[place] = entry;
    }

    /// Takes an unused block, puts `first` in its first place and links it to `previous`.
    #[inline]
    fn take(&mut self, first: T, previous: u32) -> u32 {
        if self.unused == NONE {
            self.grow(first);
        }
        let number = self.unused;
        let block = self.block(number);
        block.entries[0] = first;
        let unused = std::mem::replace(&mut block.previous, previous);
        self.unused = unused;
        number
    }

    #[cold]
    fn grow(&mut self, filling: T) {
        let first = (self.chunks.len() * CHUNK) as u32;
        let block = Block { entries: [filling; BLOCK], previous: NONE };
        let mut chunk = vec![block; CHUNK].into_boxed_slice();
        for (next, block) in (first + 1..).zip(&mut chunk[..CHUNK - 1]) {
            block.previous = next;
        }
        self.chunks.push(chunk);
        self.unused = first;
    }

    /// Moves the `len` entries of the list that ends in `last_block` to `out`, and frees the list's blocks.
    fn drain(&mut self, last_block: u32, len: usize, out: &mut Vec<T>) {
        let mut number = last_block;
        let mut in_block = if len == 0 { 0 } else { (len - 1) % BLOCK + 1 };
        while number != NONE {
            let unused = self.unused;
            let block = self.block(number);
            out.extend_from_slice(&block.entries[..in_block]);
            let previous = std::mem::replace(&mut block.previous, unused);
            self.unused = number;
            number = previous;
            in_block = BLOCK;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Entry {
        due: Time,
        number: u32,
    }

    impl Due for Entry {
        fn due(&self) -> Time {
            self.due
        }
    }

    /// The entries as they come out when each is followed by the next of `waits`, from 50 at once. An entry is taken and added again,
    /// or stays and is put back.
    fn walk(horizon: Time, apart: Time, waits: &[Time], stays: bool) -> Vec<Entry> {
        let start = 1_700_000_000_123_456_789;
        let mut calendar = Calendar::new(start, horizon, apart);
        let mut waits = waits.iter().copied();
        for (number, wait) in waits.by_ref().take(50).enumerate() {
            calendar.add(Entry { due: start + wait, number: number as u32 });
        }
        let mut out = Vec::new();
        let mut until = start;
        while calendar.len() > 0 {
            let Some(due) = calendar.next_due(until) else {
                until += horizon / 7 + 1;
                continue;
            };
            let entry = *calendar.first();
            assert_eq!(entry.due, due);
            out.push(entry);
            match waits.next() {
                Some(wait) if stays => {
                    calendar.first().due = due + wait;
                    calendar.put_back();
                }
                next => {
                    assert_eq!(calendar.take(), entry);
                    next.into_iter()
                        .for_each(|wait| calendar.add(Entry { due: due + wait, ..entry }));
                }
            }
        }
        out
    }

    proptest! {
        #[test]
        fn entries_come_out_once_each_in_the_order_of_their_times(
            horizon in prop_oneof![
                1u64..10_000,
                1_000_000_000u64..20_000_000_000,
                Just(86_400_000_000_000u64),
            ],
            apart in prop_oneof![0u64..10, 100_000u64..1_000_000, 10_000_000_000u64..u64::MAX],
            shares in prop::collection::vec(0.0f64..=1.0, 0..2000),
        ) {
            let waits: Vec<Time> =
                shares.iter().map(|share| (share * share * horizon as f64) as Time).collect();
            let out = walk(horizon, apart, &waits, false);
            prop_assert_eq!(out.len(), waits.len());
            prop_assert!(out.is_sorted_by_key(|entry| entry.due));
            prop_assert_eq!(walk(horizon, apart, &waits, true), out);
        }
    }
}
