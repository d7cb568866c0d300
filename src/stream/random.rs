//! Chance, the same on every machine: the generator, and draws that use integers alone. Logarithms come
//! from the `libm` crate, because the platform's C libraries differ in the last digit.

use rand::Rng;
use rand::SeedableRng;
use rand_xoshiro::SplitMix64;

/// The generator of the stream: SplitMix64 (Steele, Lea, Flood 2014), with eight bytes of state. Its
/// algorithm is part of what a seed means, so it can never change.
#[derive(Clone, Debug)]
pub struct Random(SplitMix64);

impl Random {
    /// A generator whose state is `seed`.
    pub fn new(seed: u64) -> Self {
        Self(SplitMix64::from_seed(seed.to_le_bytes()))
    }

    /// A generator for one `purpose` of a run. Each purpose needs a number of its own, so that no two
    /// draw the same numbers.
    pub fn for_purpose(seed: u64, purpose: u64) -> Self {
        Self::new(mix(seed ^ mix(purpose)))
    }

    /// The state, from which [`Random::new`] makes the same generator again.
    #[inline]
    pub fn state(&self) -> u64 {
        u64::from_le_bytes(self.0.state())
    }

    /// Draws 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Draws a whole number below `n`, uniformly (to within n / 2^64).
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// Draws true with the given chance.
    #[inline]
    pub fn happens(&mut self, chance: Chance) -> bool {
        (self.bits() >> 32) < chance.0
    }

    /// Draws from the exponential distribution of mean 1; the result is at least 0.
    pub fn exponential(&mut self) -> f64 {
        let uniform = ((self.bits() >> 11) + 1) as f64 * (1.0 / (1u64 << 53) as f64);
        -libm::log(uniform)
    }
}

/// A probability in units of 2^-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(u64);

impl Chance {
    /// The chance of a `share` from 0 to 1.
    pub fn new(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * 4_294_967_296.0) as u64)
    }

    /// The chance as a share from 0 to 1.
    pub fn share(self) -> f64 {
        self.0 as f64 / 4_294_967_296.0
    }
}

/// A number below `n`, taken from the upper half of `bits`.
#[inline]
pub(super) fn below(bits: u64, n: usize) -> usize {
    (((bits >> 32) * n as u64) >> 32) as usize
}

/// Spreads the bits of a number. This is SplitMix64's finaliser, a bijection.
#[inline]
pub fn mix(number: u64) -> u64 {
    let z = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A hash of a text that is the same on every machine: FNV-1a, then mixed.
pub fn hash(text: &str) -> u64 {
    let fnv = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(fnv)
}

/// A number from 0 to 1, 1 excluded, made from 64 random bits.
#[inline]
pub fn uniform(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A number from the standard normal distribution, made from 64 random bits (Box and Muller 1958).
pub fn normal(bits: u64) -> f64 {
    let uniform = ((bits >> 32) + 1) as f64 * (1.0 / 4_294_967_296.0);
    let angle = (bits & 0xffff_ffff) as f64 * (std::f64::consts::TAU / 4_294_967_296.0);
    libm::sqrt(-2.0 * libm::log(uniform)) * libm::cos(angle)
}

/// A weighted choice in constant time: the alias method of Walker (1977), built as Vose (1991) does.
#[derive(Clone, Debug)]
pub struct Choice<T = usize> {
    columns: Box<[Column<T>]>,
}

/// A column of the alias table: `own` has the lower part, `other` the part above `keeps_below`. Both
/// items are in the column, so that a draw reads memory in one place.
#[derive(Clone, Copy, Debug)]
struct Column<T> {
    keeps_below: u32,
    own: T,
    other: T,
}

impl Choice {
    /// A choice among the numbers below `weights.len()`; see [`Choice::among`].
    pub fn new(weights: &[f64]) -> Self {
        let items: Vec<usize> = (0..weights.len()).collect();
        Self::among(&items, weights)
    }

    /// A choice among the numbers below `n`, whose weights fall as rank^-exponent (Zipf).
    pub fn zipf(n: usize, exponent: f64) -> Self {
        let weights: Vec<f64> = zipf_weights(n, exponent).collect();
        Self::new(&weights)
    }
}

impl<T: Copy> Choice<T> {
    /// A choice among `items`, each with its weight. Weights must be finite and >= 0, and one must be above 0.
    pub fn among(items: &[T], weights: &[f64]) -> Self {
        assert_eq!(items.len(), weights.len(), "each item has a weight");
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        let mut left: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let mut columns: Vec<Column<T>> =
            items.iter().map(|&own| Column { keeps_below: u32::MAX, own, other: own }).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..left.len()).partition(|&item| left[item] < 1.0);
        while let (Some(&poor), Some(&rich)) = (small.last(), large.last()) {
            small.pop();
            columns[poor].keeps_below = (left[poor] * 4_294_967_296.0) as u32;
            columns[poor].other = items[rich];
            left[rich] -= 1.0 - left[poor];
            if left[rich] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        Self { columns: columns.into() }
    }

    /// The same choice among other items: `change` turns each item into its counterpart.
    pub fn map<U>(&self, change: impl Fn(T) -> U) -> Choice<U> {
        let column = |column: &Column<T>| Column {
            keeps_below: column.keeps_below,
            own: change(column.own),
            other: change(column.other),
        };
        Choice { columns: self.columns.iter().map(column).collect() }
    }

    /// All items, in the order in which they were given.
    pub fn items(&self) -> impl ExactSizeIterator<Item = T> {
        self.columns.iter().map(|column| column.own)
    }

    /// Draws an item.
    #[inline]
    pub fn draw(&self, random: &mut Random) -> T {
        self.pick(random.bits())
    }

    /// The item that 64 random bits stand for.
    #[inline]
    pub fn pick(&self, bits: u64) -> T {
        let column = (((bits >> 32) * self.columns.len() as u64) >> 32) as usize;
        let Column { keeps_below, own, other } = self.columns[column];
        if (bits as u32) < keeps_below { own } else { other }
    }
}

/// rank^-exponent for the ranks 1 to n (Zipf; Breslau et al. 1999 for web pages).
pub fn zipf_weights(n: usize, exponent: f64) -> impl Iterator<Item = f64> {
    (1..=n).map(move |rank| libm::exp(-exponent * libm::log(rank as f64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_follows_its_weights_and_never_takes_a_weight_of_zero() {
        let weights = [0.5, 0.0, 3.0, 1.5];
        let choice = Choice::new(&weights);
        let mut random = Random::new(1);
        let mut counts = [0u32; 4];
        for _ in 0..100_000 {
            counts[choice.draw(&mut random)] += 1;
        }
        assert_eq!(counts[1], 0);
        for (count, weight) in counts.iter().zip(weights) {
            let share = weight / 5.0;
            let sigma = (100_000.0 * share * (1.0 - share)).sqrt();
            assert!((f64::from(*count) - 100_000.0 * share).abs() <= 4.0 * sigma, "{counts:?}");
        }
    }

    #[test]
    fn a_seed_means_these_numbers_for_ever() {
        // The first outputs of the published SplitMix64 for the seed 1234567.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn exponential_and_normal_have_their_moments() {
        let mut random = Random::new(7);
        let n = 200_000;
        let mean = (0..n).map(|_| random.exponential()).sum::<f64>() / f64::from(n);
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n {
            let z = normal(random.bits());
            sum += z;
            squares += z * z;
        }
        assert!((sum / f64::from(n)).abs() < 0.01);
        assert!((squares / f64::from(n) - 1.0).abs() < 0.02);
    }
}
