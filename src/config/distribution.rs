//! How the values of a quantity are spread: a constant, a range, quantiles as a person reads them from a log, or a named law.

/// A distribution of a quantity that is never negative.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same value.
    Constant(f64),
    /// Any value from the first to the second with the same chance.
    Range(f64, f64),
    /// Pairs of a percentile (above 0, below 100, ascending) and the value that so many percent do not exceed (ascending). Between two
    /// of them the value grows by the same factor for the same step in standard deviations, so two points make a log-normal
    /// distribution; from 0 on it grows evenly. Below the first and beyond the last, the value stays.
    Percentiles(Vec<(f64, f64)>),
    /// Log-normal, by its median and the standard deviation of the logarithm.
    LogNormal {
        /// The median; above 0.
        median: f64,
        /// The standard deviation of the natural logarithm; above 0.
        sigma: f64,
    },
    /// Exponential, by its mean.
    Exponential {
        /// The mean; above 0.
        mean: f64,
    },
    /// Pareto, by its smallest value and the exponent of its tail.
    Pareto {
        /// The smallest value; above 0.
        least: f64,
        /// The exponent; above 0. The smaller, the heavier the tail.
        alpha: f64,
    },
}

impl Distribution {
    /// The distribution with these percentiles.
    pub fn percentiles(points: &[(f64, f64)]) -> Self {
        Self::Percentiles(points.to_vec())
    }

    /// The value at so many standard deviations of a normally distributed quantity that is drawn alike.
    pub fn at(&self, deviations: f64) -> f64 {
        match self {
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * deviations),
            _ => self.value(0.5 * libm::erfc(-deviations * std::f64::consts::FRAC_1_SQRT_2)),
        }
    }

    /// A whole number up to `most` that 64 random bits draw: a value rounded down, and of a range each number from its first to its
    /// last with the same chance.
    pub fn whole(&self, bits: u64, most: u64) -> u64 {
        let drawn = match self {
            Self::Range(from, to) => {
                let (from, to) = (*from as u64, *to as u64);
                from + bits % (to - from + 1)
            }
            // The middle of a part, because both ends are excluded.
            _ => self.value(((bits >> 12) as f64 + 0.5) / (1u64 << 52) as f64) as u64,
        };
        drawn.min(most)
    }

    /// The value that a share of the draws (0 to 1, both excluded) does not exceed.
    pub fn value(&self, share: f64) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Range(from, to) => from + (to - from) * share,
            Self::Percentiles(points) => between(points, share),
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * deviations(share)),
            Self::Exponential { mean } => -mean * libm::log(1.0 - share),
            Self::Pareto { least, alpha } => least * libm::pow(1.0 - share, -1.0 / alpha),
        }
    }
}

fn between(points: &[(f64, f64)], share: f64) -> f64 {
    let above = points.partition_point(|(at, _)| at / 100.0 < share);
    match (above.checked_sub(1).map(|below| points[below]), points.get(above)) {
        (None, Some((_, first))) => *first,
        (Some((_, last)), None) => last,
        (Some((from, low)), Some((to, high))) => {
            let (from, to) = (deviations(from / 100.0), deviations(to / 100.0));
            let part = (deviations(share) - from) / (to - from);
            // From nothing, no factor leads to anything.
            if low > 0.0 { low * libm::exp(part * libm::log(high / low)) } else { high * part }
        }
        (None, None) => 0.0,
    }
}

/// How many standard deviations above the mean a normally distributed value is that a share of 0 to 1 does not exceed
/// (Abramowitz and Stegun 1964, 26.2.23; off by less than 0.00045).
fn deviations(share: f64) -> f64 {
    let tail = share.min(1.0 - share).max(1e-9);
    let t = libm::sqrt(-2.0 * libm::log(tail));
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let distance = t - above / below;
    if share < 0.5 { -distance } else { distance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_draws_does_not_exceed_its_value() {
        let cases = [
            (Distribution::Constant(3.0), 0.7, 3.0),
            (Distribution::Range(2.0, 10.0), 0.25, 4.0),
            (Distribution::percentiles(&[(50.0, 2.0), (90.0, 7.0)]), 0.9, 7.0),
            (Distribution::percentiles(&[(50.0, 2.0), (90.0, 7.0)]), 0.99, 7.0),
            (Distribution::LogNormal { median: 3.0, sigma: 1.0 }, 0.8413, 3.0 * libm::exp(1.0)),
            (Distribution::Exponential { mean: 5.0 }, 0.632_120_6, 5.0),
            (Distribution::Pareto { least: 1.0, alpha: 2.0 }, 0.75, 2.0),
        ];
        for (distribution, share, expected) in cases {
            let value = distribution.value(share);
            assert!((value / expected - 1.0).abs() < 0.002, "{distribution:?}: {value}");
        }
    }

    #[test]
    fn a_value_is_that_of_the_share_of_a_normal_distribution_below_its_deviations() {
        let spreads = [
            Distribution::Range(2.0, 10.0),
            Distribution::percentiles(&[(5.0, 2.0), (90.0, 7.0)]),
            Distribution::LogNormal { median: 3.0, sigma: 1.0 },
            Distribution::Pareto { least: 1.0, alpha: 2.0 },
        ];
        for spread in spreads {
            for (deviations, share) in [(-2.0, 0.022_75), (0.0, 0.5), (1.0, 0.841_345)] {
                let (at, value) = (spread.at(deviations), spread.value(share));
                assert!((at / value - 1.0).abs() < 0.002, "{spread:?}: {at} {value}");
            }
        }
    }

    #[test]
    fn whole_numbers_are_rounded_down_and_those_of_a_range_have_the_same_chance() {
        let counts = |spread: &Distribution| {
            let mut counts = [0; 6];
            for number in 0..60_000u64 {
                let bits = (number * 2_654_435_761) << 32 | number;
                counts[spread.whole(bits, 5) as usize] += 1;
            }
            counts.map(|count: u32| (f64::from(count) / 600.0).round() as u32)
        };
        assert_eq!(counts(&Distribution::Range(1.0, 4.0)), [0, 25, 25, 25, 25, 0]);
        let points = [(20.0, 0.0), (50.0, 2.0), (90.0, 3.0)];
        let [none, one, two, three, four, five] = counts(&Distribution::percentiles(&points));
        assert_eq!((two, three, four, five), (40, 10, 0, 0));
        assert!((30..=35).contains(&none) && none + one == 50, "{none} {one}");
    }

    #[test]
    fn deviations_are_those_of_the_normal_distribution() {
        for (share, expected) in [(0.5, 0.0), (0.8413, 1.0), (0.0228, -2.0), (0.99, 2.3263)] {
            assert!((deviations(share) - expected).abs() < 0.002, "{share}");
        }
    }
}
