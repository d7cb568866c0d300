//! The noise of the hours: a factor for each hour, drawn from the seed of the site and the hour alone, so that all
//! shards have the same, whenever they begin.

use super::random::{hash, mix, normal};
use crate::config::NoiseLaw;

/// The factors of the hours.
#[derive(Clone, Copy, Debug)]
pub struct HourNoise {
    law: NoiseLaw,
    seed: u64,
}

impl HourNoise {
    /// Factors with mean 1 and a standard deviation of 0 to 1; `None` without a deviation, where all are 1.
    pub fn new(deviation: f64, seed: u64) -> Option<Self> {
        let seed = mix(seed ^ hash("traffic_noise"));
        (deviation > 0.0).then(|| Self { law: NoiseLaw::new(deviation), seed })
    }

    /// The factor of an hour, counted from 1970 by the clocks of the log's time zone.
    pub fn factor(&self, hour: i64) -> f64 {
        self.law.factor(normal(mix(self.seed ^ mix(hour as u64))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hour_has_a_factor_of_its_own_which_the_seed_decides() {
        let noise = HourNoise::new(0.3, 7).unwrap();
        let factors: Vec<f64> = (490_000..500_000).map(|hour| noise.factor(hour)).collect();
        let mean = factors.iter().sum::<f64>() / 1e4;
        let spread = (factors.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 1e4).sqrt();
        assert!((mean - 1.0).abs() < 0.01 && (spread - 0.3).abs() < 0.02, "{mean}, {spread}");
        // Neither the hour before nor the same hour of the day before tells anything.
        for apart in [1, 24, 168] {
            let pairs = factors.iter().zip(&factors[apart..]);
            let sum: f64 = pairs.map(|(a, b)| (a - mean) * (b - mean)).sum();
            assert!((sum / 1e4 / (spread * spread)).abs() < 0.04, "{apart}");
        }
        let again = HourNoise::new(0.3, 7).unwrap();
        let other = HourNoise::new(0.3, 8).unwrap();
        assert_eq!(noise.factor(490_000), again.factor(490_000));
        assert_ne!(noise.factor(490_000), other.factor(490_000));
        assert!(HourNoise::new(0.0, 7).is_none());
    }
}
