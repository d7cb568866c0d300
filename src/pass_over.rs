//! How to leave out a span of the stream: skip it line by line, so that the stream goes on after it, or
//! give up if that would take too long, so that another epoch begins. A decision about durations; no
//! clock and no stream may enter here.

use std::time::Duration;

use crate::time::Time;

/// The longest time that skipping a span may take.
pub const LONGEST: Duration = Duration::from_secs(1);

/// A span of the stream that is being skipped.
#[derive(Clone, Copy, Debug)]
pub struct PassOver {
    /// The first instant of the span.
    pub from: Time,
    /// The last instant of the span.
    pub until: Time,
}

impl PassOver {
    /// How long it takes to skip the whole span, given that coming to `reached` took `elapsed`.
    pub fn expected(&self, elapsed: Duration, reached: Time) -> Duration {
        let whole = self.until.saturating_sub(self.from) as f64;
        let passed = reached.saturating_sub(self.from).max(1) as f64;
        Duration::try_from_secs_f64(elapsed.as_secs_f64() * (whole / passed).max(1.0))
            .unwrap_or(Duration::MAX)
    }

    /// Whether to give up after `elapsed`, with the next line at `reached`.
    pub fn takes_too_long(&self, elapsed: Duration, reached: Time) -> bool {
        elapsed > LONGEST || self.expected(elapsed, reached) > LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    const HOUR: PassOver = PassOver { from: 1_000 * SECOND, until: 4_600 * SECOND };

    #[test]
    fn a_span_that_can_be_passed_over_within_a_second_is_passed_over() {
        let tenth = HOUR.from + 360 * SECOND;
        assert_eq!(HOUR.expected(Duration::from_millis(50), tenth), Duration::from_millis(500));
        assert!(!HOUR.takes_too_long(Duration::from_millis(50), tenth));
        assert!(!HOUR.takes_too_long(Duration::from_millis(100), tenth));
    }

    #[test]
    fn a_span_that_would_take_longer_than_a_second_is_given_up_at_once() {
        let tenth = HOUR.from + 360 * SECOND;
        assert!(HOUR.takes_too_long(Duration::from_millis(101), tenth));
        // No line of it was passed over yet, because each takes long.
        assert!(HOUR.takes_too_long(Duration::from_millis(1), HOUR.from));
        // However well it went so far, a second is enough.
        assert!(HOUR.takes_too_long(LONGEST + Duration::from_millis(1), HOUR.until - 1));
    }

    #[test]
    fn ten_years_take_as_long_as_they_take() {
        let decade = PassOver { from: 0, until: 315_360_000 * SECOND };
        let expected = decade.expected(Duration::from_millis(10), 200 * SECOND);
        assert_eq!(expected, Duration::from_secs(15_768));
        let never = PassOver { from: 0, until: Time::MAX };
        assert_eq!(never.expected(Duration::from_secs(1 << 40), 1), Duration::MAX);
    }
}
