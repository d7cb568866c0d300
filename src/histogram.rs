//! Counts durations by their length. Any thread can add to it cheaply, and it can be read meanwhile.
//! Nothing but counts may enter here.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// How many bits after the highest one distinguish buckets: eight buckets per octave, so that the bounds
/// of a bucket differ by at most an eighth.
const DETAIL: u32 = 3;
/// Enough buckets for every number of microseconds that fits 64 bits.
const BUCKETS: usize = ((64 - DETAIL as usize) + 1) << DETAIL;

/// The bounds of [`Histogram::cumulative`], in microseconds.
const BOUNDS: [u64; 16] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000,
];

/// Durations, counted to the microsecond.
#[derive(Debug)]
pub struct Histogram {
    counts: Box<[AtomicU64]>,
    longest: AtomicU64,
    sum: AtomicU64,
    /// For each of [`BOUNDS`], how many durations are above the previous bound and not above this one;
    /// last, the rest.
    bounded: [AtomicU64; BOUNDS.len() + 1],
}

impl Default for Histogram {
    fn default() -> Self {
        let counts = (0..BUCKETS).map(|_| AtomicU64::new(0)).collect();
        let bounded = std::array::from_fn(|_| AtomicU64::new(0));
        Self { counts, longest: AtomicU64::new(0), sum: AtomicU64::new(0), bounded }
    }
}

impl Histogram {
    /// Counts a duration.
    pub fn record(&self, length: Duration) {
        let micros = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
        self.counts[bucket(micros)].fetch_add(1, Relaxed);
        self.longest.fetch_max(micros, Relaxed);
        self.sum.fetch_add(micros, Relaxed);
        self.bounded[BOUNDS.partition_point(|bound| *bound < micros)].fetch_add(1, Relaxed);
    }

    /// How many durations were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Relaxed)).sum()
    }

    /// The sum of all durations, each in whole microseconds.
    pub fn sum(&self) -> Duration {
        Duration::from_micros(self.sum.load(Relaxed))
    }

    /// For bounds from 0.1 ms to 10 s, in seconds: how many durations are not longer. The last bound is
    /// infinity, with the number of all.
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        let bounds = BOUNDS.iter().map(|micros| *micros as f64 / 1e6);
        let mut at_most = 0;
        bounds.chain([f64::INFINITY]).zip(&self.bounded).map(move |(bound, count)| {
            at_most += count.load(Relaxed);
            (bound, at_most)
        })
    }

    /// The longest duration.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.longest.load(Relaxed))
    }

    /// The duration that a `share` of all, 0 to 1, does not exceed. It is at most an eighth too long and
    /// never too short. Zero if nothing was counted.
    pub fn quantile(&self, share: f64) -> Duration {
        let rank = (share * self.count() as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        let reached = self.counts.iter().position(|count| {
            seen += count.load(Relaxed);
            seen >= rank
        });
        let length = Duration::from_micros(reached.map_or(0, last_of));
        length.min(self.longest())
    }
}

fn bucket(micros: u64) -> usize {
    let octave = (u64::BITS - micros.leading_zeros()).saturating_sub(DETAIL + 1);
    ((octave as usize) << DETAIL) + (micros >> octave) as usize
}

/// The longest duration in a bucket, in microseconds.
fn last_of(bucket: usize) -> u64 {
    let octave = (bucket >> DETAIL).saturating_sub(1);
    let lead = (bucket - (octave << DETAIL)) as u64;
    (lead << octave) + ((1 << octave) - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn micros(lengths: impl IntoIterator<Item = u64>) -> Histogram {
        let histogram = Histogram::default();
        for length in lengths {
            histogram.record(Duration::from_micros(length));
        }
        histogram
    }

    #[test]
    fn short_lengths_are_told_apart_to_the_microsecond() {
        let histogram = micros([1, 2, 3, 15]);
        assert_eq!(histogram.count(), 4);
        assert_eq!(histogram.quantile(0.25), Duration::from_micros(1));
        assert_eq!(histogram.quantile(0.5), Duration::from_micros(2));
        assert_eq!(histogram.quantile(1.0), Duration::from_micros(15));
    }

    #[test]
    fn without_lengths_all_is_zero() {
        let histogram = Histogram::default();
        assert_eq!(histogram.quantile(0.5), Duration::ZERO);
        assert_eq!((histogram.count(), histogram.longest()), (0, Duration::ZERO));
    }

    #[test]
    fn no_length_is_too_long() {
        let histogram = micros([u64::MAX]);
        histogram.record(Duration::MAX);
        assert_eq!(histogram.quantile(0.5), Duration::from_micros(u64::MAX));
    }

    proptest! {
        #[test]
        fn a_quantile_is_an_eighth_too_long_at_most(
            lengths in proptest::collection::vec(0u64..10_000_000_000, 1..100),
            share in 0.0f64..=1.0,
        ) {
            let mut lengths = lengths;
            lengths.sort_unstable();
            let rank = ((share * lengths.len() as f64).ceil() as usize).max(1);
            let exact = lengths[rank - 1];
            let found = micros(lengths).quantile(share).as_micros() as u64;
            prop_assert!(found >= exact && found <= exact + exact / 8, "{found} for {exact}");
        }

        #[test]
        fn every_length_lies_in_the_bucket_that_ends_at_or_behind_it(micros in any::<u64>()) {
            let bucket = bucket(micros);
            prop_assert!(last_of(bucket) >= micros);
            prop_assert!(bucket == 0 || last_of(bucket - 1) < micros);
        }
    }
}
