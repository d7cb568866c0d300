//! The smooth curve: how the multiplier goes from one hour to the next.
//!
//! It goes in straight lines from the beginning of an hour to its middle and on to its end. Where two hours meet, it is
//! half-way between theirs, but at most twice the lower one; in the middle it is what gives the hour its own multiplier
//! in the mean, which is never below 0. So it makes no step, an hour of 0 has no lines, and over whole hours smooth and
//! stepped have the same sum.

use super::{SECOND, Time};

/// A time span in which the multiplier goes in a straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The first instant after the span.
    pub end: Time,
    /// The factor on the rate at the time that was asked for: finite, >= 0.
    pub multiplier: f64,
    /// What is added to it in each ns.
    pub slope: f64,
}

/// An hour of the smooth curve.
#[derive(Clone, Copy, Debug)]
pub struct CurvedHour {
    start: Time,
    middle: Time,
    end: Time,
    /// The multipliers at these three times.
    at_start: f64,
    at_middle: f64,
    at_end: f64,
    /// The multiplier in the mean.
    own: f64,
}

impl CurvedHour {
    /// The hour from one time to another, with its own multiplier in the mean, and those of the hours around it.
    pub fn new((start, end): (Time, Time), before: f64, own: f64, behind: f64) -> Self {
        let (at_start, at_end) = (meeting(before, own), meeting(own, behind));
        let at_middle = (2.0 * own - 0.5 * (at_start + at_end)).max(0.0);
        Self { start, middle: start + (end - start) / 2, end, at_start, at_middle, at_end, own }
    }

    /// What is left at `time` of the straight line around it.
    pub fn stretch(&self, time: Time) -> Stretch {
        let (start, from, end, to) = if time < self.middle {
            (self.start, self.at_start, self.middle, self.at_middle)
        } else {
            (self.middle, self.at_middle, self.end, self.at_end)
        };
        let slope = (to - from) / (end - start) as f64;
        let multiplier = (from + slope * (time - start) as f64).max(0.0);
        Stretch { end, multiplier, slope }
    }

    /// By how much the sum since the beginning of the hour is more at `time` than it would be in steps, in seconds.
    pub fn ahead(&self, time: Time) -> f64 {
        let now = self.stretch(time).multiplier;
        let sum = if time < self.middle {
            0.5 * (self.at_start + now) * in_seconds(time - self.start)
        } else {
            let half =
                0.5 * (self.at_start + self.at_middle) * in_seconds(self.middle - self.start);
            half + 0.5 * (self.at_middle + now) * in_seconds(time - self.middle)
        };
        sum - self.own * in_seconds(time - self.start)
    }
}

/// The multiplier at which two hours meet.
fn meeting(one: f64, other: f64) -> f64 {
    (0.5 * (one + other)).min(2.0 * one.min(other))
}

/// A length in seconds.
pub fn in_seconds(length: Time) -> f64 {
    length as f64 / SECOND as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_its_own_multiplier_in_the_mean_whatever_is_around_it() {
        const HOUR: Time = 3600 * SECOND;
        let all = [0.0, 0.1, 0.5, 1.0, 3.0, 1_000.0];
        for (before, own, behind) in
            all.iter().flat_map(|a| all.iter().flat_map(move |b| all.map(|c| (*a, *b, c))))
        {
            let hour = CurvedHour::new((HOUR, 2 * HOUR), before, own, behind);
            assert!(hour.ahead(2 * HOUR - 1).abs() < 1e-6 * own.max(1.0), "{hour:?}");
            assert!((0.0..=2.0 * own).contains(&hour.at_middle), "{hour:?}");
            let next = CurvedHour::new((2 * HOUR, 3 * HOUR), own, behind, before);
            assert_eq!(hour.at_end, next.at_start);
        }
        // A plateau stays one, and between equal steps the line is straight.
        let [flat, rise] = [(1.0, 1.0, 1.0), (1.0, 2.0, 3.0)]
            .map(|(before, own, behind)| CurvedHour::new((HOUR, 2 * HOUR), before, own, behind));
        assert_eq!([flat.at_start, flat.at_middle, flat.at_end], [1.0; 3]);
        assert_eq!([rise.at_start, rise.at_middle, rise.at_end], [1.5, 2.0, 2.5]);
    }
}
