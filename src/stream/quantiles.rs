//! Draws from a distribution: a look into a table. No draw is beyond what its key allows, however heavy the tail of a law is: the
//! calendar has no room for what is due later.

use super::random::Random;
use crate::config::Distribution;
use crate::config::actors::{MOST_REQUESTS, MOST_SECONDS};

/// How many parts of equal chance a table has.
const PARTS: usize = 1024;
/// The bits that say from which quarter of the values a draw is.
const QUARTERS: u64 = 0b11 << 62;

/// A distribution: a table of the values at the middle of each part.
#[derive(Clone, Debug)]
pub struct Quantiles {
    values: Box<[f32]>,
}

impl Quantiles {
    /// The table of a distribution of times, in seconds.
    pub fn of_times(distribution: &Distribution) -> Self {
        Self::new(distribution, MOST_SECONDS)
    }

    /// The table of a distribution of numbers of requests or pages.
    pub fn of_counts(distribution: &Distribution) -> Self {
        match distribution {
            // Each number has the same chance, the last one too.
            Distribution::Range(from, to) => {
                Self::new(&Distribution::Range(*from, to + 1.0), MOST_REQUESTS)
            }
            _ => Self::new(distribution, MOST_REQUESTS),
        }
    }

    /// The table of a distribution whose values are `most` at the most. Beyond the middle of its first and last part, the value
    /// stays: the most that is drawn is what 1 in 2,048 exceeds.
    pub fn new(distribution: &Distribution, most: f64) -> Self {
        let share = |part: usize| (part as f64 + 0.5) / PARTS as f64;
        let value = |part: usize| distribution.value(share(part)).min(most) as f32;
        Self { values: (0..PARTS).map(value).collect() }
    }

    /// Draws a value.
    #[inline]
    pub fn draw(&self, random: &mut Random) -> f64 {
        self.at(random.bits())
    }

    #[inline]
    fn at(&self, bits: u64) -> f64 {
        let part = (bits >> 54) as usize;
        let (own, next) = (self.values[part], self.values[(part + 1).min(PARTS - 1)]);
        let within = (bits & 0xffff) as f32 * (1.0 / 65_536.0);
        f64::from(own + (next - own) * within)
    }

    /// Draws a value at a pace: three draws in four are from the quarter of the values that the highest two bits of `pace` say.
    /// If paces are spread evenly, the draws for all of them have the distribution.
    #[inline]
    pub fn draw_at(&self, pace: u64, random: &mut Random) -> f64 {
        let bits = random.bits();
        let quarter = if bits >> 16 & 0b11 == 0 { bits } else { pace };
        self.at(bits & !QUARTERS | quarter & QUARTERS)
    }

    /// The value that a share of the draws does not exceed; `bits` is the share in units of 2^-64.
    pub fn value(&self, bits: u64) -> f64 {
        self.values[(bits >> 54) as usize].into()
    }

    /// The mean of what [`Quantiles::draw_count`] draws.
    pub fn mean_count(&self) -> f64 {
        const WITHIN: usize = 64;
        let count = |number: usize| {
            let (part, within) = (number / WITHIN, number % WITHIN);
            let (own, next) = (self.values[part], self.values[(part + 1).min(PARTS - 1)]);
            let value = own + (next - own) * ((within as f32 + 0.5) / WITHIN as f32);
            f64::from((value as u16).max(1))
        };
        (0..PARTS * WITHIN).map(count).sum::<f64>() / (PARTS * WITHIN) as f64
    }

    /// Draws a whole number: the value rounded down, but at least 1.
    #[inline]
    pub fn draw_count(&self, random: &mut Random) -> u16 {
        (self.draw(random) as u16).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_counts_is_that_of_the_draws() {
        let quantiles =
            Quantiles::of_counts(&Distribution::percentiles(&[(50.0, 1.0), (99.0, 90.0)]));
        let mut random = Random::new(8);
        let sum: f64 = (0..400_000).map(|_| f64::from(quantiles.draw_count(&mut random))).sum();
        let (drawn, mean) = (sum / 400_000.0, quantiles.mean_count());
        assert!((drawn / mean - 1.0).abs() < 0.02, "{drawn} {mean}");
    }

    #[test]
    fn draws_at_all_paces_have_the_distribution_and_those_at_one_pace_are_alike() {
        let quantiles = Quantiles::of_times(&Distribution::percentiles(&[
            (25.0, 1.0),
            (75.0, 9.0),
            (99.0, 40.0),
        ]));
        let mut random = Random::new(6);
        let mut all = Vec::new();
        for pace in 0..4u64 {
            let draws: Vec<f64> =
                (0..50_000).map(|_| quantiles.draw_at(pace << 62, &mut random)).collect();
            let slow = draws.iter().filter(|draw| **draw > 9.0).count() as f64 / 50_000.0;
            let expected = if pace == 3 { 0.8125 } else { 0.0625 };
            assert!((slow - expected).abs() < 0.01, "{pace}: {slow}");
            all.extend(draws);
        }
        for (value, share) in [(1.0, 0.25), (9.0, 0.75)] {
            let below = all.iter().filter(|draw| **draw <= value).count() as f64;
            assert!((below / 200_000.0 - share).abs() < 0.005, "{value}: {below}");
        }
    }

    #[test]
    fn the_draws_have_the_percentiles_that_were_asked_for() {
        let points = [(50.0, 2.0), (90.0, 7.0), (99.0, 40.0)];
        let quantiles = Quantiles::of_times(&Distribution::percentiles(&points));
        let mut random = Random::new(5);
        let mut draws: Vec<f64> = (0..100_000).map(|_| quantiles.draw(&mut random)).collect();
        draws.sort_by(f64::total_cmp);
        for (percentile, value) in points {
            let drawn = draws[(percentile * 1_000.0) as usize];
            assert!((drawn / value - 1.0).abs() < 0.06, "{percentile}: {drawn}, not {value}");
        }
        assert!(draws[99_999] <= 40.01);
    }

    #[test]
    fn no_draw_is_beyond_what_its_key_allows_however_heavy_the_tail_is() {
        let heavy = Distribution::Pareto { least: 1.0, alpha: 0.01 };
        let mut random = Random::new(7);
        let (times, counts) = (Quantiles::of_times(&heavy), Quantiles::of_counts(&heavy));
        for _ in 0..10_000 {
            assert!(times.draw(&mut random) <= MOST_SECONDS);
            assert!(f64::from(counts.draw_count(&mut random)) <= MOST_REQUESTS);
        }
    }
}
