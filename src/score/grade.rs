//! Counts and what follows from them: precision, recall, F1, and the delays. Pure arithmetic.

use crate::time::{SECOND, Time};

/// How much was found, missed and falsely detected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// True, and detected.
    pub found: u64,
    /// True, and not detected.
    pub missed: u64,
    /// Detected, and not true.
    pub wrong: u64,
}

impl Counts {
    /// The share of what was detected that is true; `None` if nothing was detected.
    pub fn precision(self) -> Option<f64> {
        ratio(self.found, self.found + self.wrong)
    }

    /// The share of what is true that was detected; `None` if nothing is true.
    pub fn recall(self) -> Option<f64> {
        ratio(self.found, self.found + self.missed)
    }

    /// The harmonic mean of the two; `None` if nothing is true and nothing was detected.
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.found, 2 * self.found + self.wrong + self.missed)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The counts in all and of each kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountsByKind {
    /// Of all kinds.
    pub all: Counts,
    /// Of each kind, by its number.
    pub kinds: Vec<Counts>,
    /// How many of the false ones in `all` are of no kind.
    pub without_kind: u64,
}

impl CountsByKind {
    /// Nothing of so many kinds.
    pub fn new(kinds: usize) -> Self {
        Self { all: Counts::default(), kinds: vec![Counts::default(); kinds], without_kind: 0 }
    }
}

/// The median and the longest of some delays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DelayFigures {
    /// The middle one, or the mean of the two in the middle, in seconds.
    pub median: f64,
    /// The longest one, in seconds.
    pub longest: f64,
}

impl DelayFigures {
    /// The figures of these delays; `None` if there are none.
    pub fn of(mut delays: Vec<Time>) -> Option<Self> {
        delays.sort_unstable();
        let (middle, last) = (delays.len() / 2, delays.last()?);
        let seconds = |delay: Time| delay as f64 / SECOND as f64;
        let median = if delays.len().is_multiple_of(2) {
            f64::midpoint(seconds(delays[middle - 1]), seconds(delays[middle]))
        } else {
            seconds(delays[middle])
        };
        Some(Self { median, longest: seconds(*last) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_shares_are_those_computed_by_hand() {
        let counts = Counts { found: 6, missed: 2, wrong: 4 };
        assert_eq!(counts.precision(), Some(0.6));
        assert_eq!(counts.recall(), Some(0.75));
        assert_eq!(counts.f1(), Some(12.0 / 18.0));
    }

    #[test]
    fn a_share_of_nothing_is_undefined() {
        let none = Counts::default();
        assert_eq!((none.precision(), none.recall(), none.f1()), (None, None, None));
        let silent = Counts { missed: 3, ..none };
        assert_eq!(
            (silent.precision(), silent.recall(), silent.f1()),
            (None, Some(0.0), Some(0.0))
        );
        let quiet_night = Counts { wrong: 3, ..none };
        assert_eq!(
            (quiet_night.precision(), quiet_night.recall(), quiet_night.f1()),
            (Some(0.0), None, Some(0.0))
        );
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() {
        let of = |seconds: &[u64]| {
            let figures = DelayFigures::of(seconds.iter().map(|delay| delay * SECOND).collect());
            figures.map(|figures| (figures.median, figures.longest))
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7]), Some((7.0, 7.0)));
        assert_eq!(of(&[90, 3, 4]), Some((4.0, 90.0)));
        assert_eq!(of(&[8, 1, 90, 3]), Some((5.5, 90.0)));
    }
}
