//! How much longer answers take in an event. A hit says it by its mark, of which an event has a few: each stands for a factor, and the
//! next one for the same multiple of it. What lies between two of them is drawn, so that the mean is what was asked for.

use crate::config::ScenarioEvent;
use crate::stream::random::{Chance, Random};

/// How many factors above 1 an event has.
pub const LEVELS: usize = 6;
/// Ten thousand times as long is longer than any server waits.
const MOST: f64 = 10_000.0;

/// The factors of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slowness {
    /// The natural logarithm of the highest.
    most: f64,
}

/// A factor between two levels, ready to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlownessNow {
    below: u8,
    /// The chance of the next level.
    above: Chance,
}

impl Slowness {
    /// The factors of an event: up to its own at the highest load of the scenario. Neither the rate nor an event that the run comes
    /// to have later may matter, because lines of the event have been written by then.
    pub fn new(event: &ScenarioEvent, events: &[ScenarioEvent]) -> Self {
        let was_there = |other: &&ScenarioEvent| other.steered.from <= event.steered.from;
        let load = events
            .iter()
            .filter(was_there)
            .map(|other| other.multiplier.unwrap_or(1.0).max(1.0))
            .product();
        Self { most: libm::log(factor(event, 1.0, load).max(1.000_001)) }
    }

    /// The factor of a level, 0 to [`LEVELS`]; of level 0, 1.
    pub fn of(self, level: u8) -> f64 {
        libm::exp(self.most * f64::from(level) / LEVELS as f64)
    }

    /// Gets ready to draw a factor.
    pub fn ready(self, factor: f64) -> SlownessNow {
        let at = libm::log(factor.max(1.0)) / self.most * LEVELS as f64;
        // The highest has none above it.
        let below = (at + 1e-9).clamp(0.0, LEVELS as f64) as u8;
        let (low, high) = (self.of(below), self.of(below + 1));
        let above = if usize::from(below) < LEVELS { (factor - low) / (high - low) } else { 0.0 };
        SlownessNow { below, above: Chance::new(above) }
    }
}

impl SlownessNow {
    /// Draws a level.
    #[inline]
    pub fn draw(self, random: &mut Random) -> u8 {
        self.below + u8::from(random.happens(self.above))
    }
}

/// How many times as long answers take in an event at a strength, 0 to 1, while there are `load` times the usual lines.
pub fn factor(event: &ScenarioEvent, strength: f64, load: f64) -> f64 {
    (1.0 + (event.factor() * load.max(1.0) - 1.0) * strength).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_mean_of_what_is_drawn_is_the_factor_and_the_highest_is_exact() {
        let yaml =
            "{profile: shop, scenario: [{kind: slow_responses, at: +1h, for: 1h, factor: 30}]}";
        let config = Config::from_yaml(yaml).unwrap();
        let slowness = Slowness::new(&config.scenario[0], &config.scenario);
        let mut random = Random::new(3);
        for factor in [1.0, 1.1, 2.0, 9.9, 29.0, 30.0] {
            let now = slowness.ready(factor);
            let drawn: Vec<f64> = (0..40_000).map(|_| slowness.of(now.draw(&mut random))).collect();
            let mean = drawn.iter().sum::<f64>() / 40_000.0;
            let variance =
                drawn.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>() / 40_000.0;
            let sigma = (variance / 40_000.0).sqrt();
            assert!((mean - factor).abs() <= 4.0 * sigma + 1e-6, "{factor}: {mean} {sigma}");
        }
        assert_eq!(slowness.ready(30.0), SlownessNow { below: 6, above: Chance::new(0.0) });
    }

    #[test]
    fn an_event_that_comes_later_leaves_the_factors_as_they_were() {
        let yaml = "{profile: shop, scenario: [{kind: slow_responses, at: +1h, for: 1h, factor: 10},\
                    {kind: surge, at: +1h, for: 1h, multiplier: 3}]}";
        let mut config = Config::from_yaml(yaml).unwrap();
        config.scenario[1].steered.from = 5;
        let slowness = Slowness::new(&config.scenario[0], &config.scenario);
        assert_eq!(slowness, Slowness::new(&config.scenario[0], &config.scenario[..1]));
        assert_eq!(slowness.ready(30.0).below, LEVELS as u8);
    }

    #[test]
    fn answers_take_longer_still_while_an_event_brings_more_lines() {
        let yaml = "{profile: shop, scenario: [{kind: slow_responses, at: +1h, for: 1h, factor: 10},\
                    {kind: surge, at: +1h, for: 1h, multiplier: 3}, {kind: surge, name: lull, at: +1h, for: 1h, multiplier: 0.1}]}";
        let config = Config::from_yaml(yaml).unwrap();
        let event = &config.scenario[0];
        assert!((Slowness::new(event, &config.scenario).of(LEVELS as u8) - 30.0).abs() < 1e-6);
        assert_eq!([0.1, 1.0, 3.0].map(|load| factor(event, 1.0, load)), [10.0, 10.0, 30.0]);
        assert_eq!([0.0, 0.5].map(|strength| factor(event, strength, 1.0)), [1.0, 5.5]);
    }
}
