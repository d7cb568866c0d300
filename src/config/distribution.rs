//! How the values of a quantity are spread: a constant, a range, quantiles as a person reads them from a log, or a named law.

/// A distribution of a quantity that is never negative.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same value.
    Constant(f64),
    /// Any value from the first to the second with the same chance.
    Range(f64, f64),
    /// Pairs of a percentile (above 0, below 100, ascending) and the value that so many percent do not exceed (above 0, ascending).
    /// Between two of them the value grows by the same factor for the same step in standard deviations, so two points make a
    /// log-normal distribution. Below the first and beyond the last, the value stays.
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
            low * libm::exp((deviations(share) - from) / (to - from) * libm::log(high / low))
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
    fn deviations_are_those_of_the_normal_distribution() {
        for (share, expected) in [(0.5, 0.0), (0.8413, 1.0), (0.0228, -2.0), (0.99, 2.3263)] {
            assert!((deviations(share) - expected).abs() < 0.002, "{share}");
        }
    }
}
