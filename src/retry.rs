//! How long to retry writing when a disk accepts nothing. A decision about values; no clock and no file
//! may enter here.

use std::time::Duration;

use crate::time::Time;

/// How long a run retries that has an end and does not wait for the clock.
pub const USUAL: Duration = Duration::from_secs(60);
/// How long a failure may last at least, even if the run's end has come.
const LEAST: Duration = Duration::from_millis(500);

/// How long to retry writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Until it succeeds.
    Forever,
    /// For this long after the first failure.
    For(Duration),
    /// Until the clock has reached the end of the run.
    Until(Time),
}

impl Retry {
    /// The default without `--retry`. `ends` says whether the run has an end at all, `until` is its last
    /// instant if it has one, `waits` says whether it waits for the clock, and `now` is when it begins.
    pub fn usual(ends: bool, until: Option<Time>, waits: bool, now: Time) -> Self {
        match until {
            _ if !ends => Self::Forever,
            Some(until) if waits && until > now => Self::Until(until),
            _ => Self::For(USUAL),
        }
    }

    /// Whether the run gives up at `now`, after writing has failed for `failing`.
    pub fn is_over(self, failing: Duration, now: Time) -> bool {
        match self {
            Self::Forever => false,
            Self::For(length) => failing >= length,
            Self::Until(end) => now >= end && failing >= LEAST,
        }
    }

    /// How long until the run gives up, if writing has failed for `failing` at `now`; `None` if it never does.
    pub fn left(self, failing: Duration, now: Time) -> Option<Duration> {
        match self {
            Self::Forever => None,
            Self::For(length) => Some(length.saturating_sub(failing)),
            Self::Until(end) => {
                let to_the_end = Duration::from_nanos(end.saturating_sub(now));
                Some(to_the_end.max(LEAST.saturating_sub(failing)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    const NOW: Time = 1_000 * SECOND;
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_run_without_end_never_gives_up() {
        let retry = Retry::usual(false, None, true, NOW);
        assert_eq!(retry, Retry::Forever);
        assert!(!retry.is_over(Duration::MAX, Time::MAX));
        assert_eq!(retry.left(MINUTE, NOW), None);
        // This holds even if the run does not wait.
        assert_eq!(Retry::usual(false, None, false, NOW), Retry::Forever);
    }

    #[test]
    fn a_run_that_waits_gives_up_when_its_end_has_come() {
        let end = NOW + 8 * SECOND;
        let retry = Retry::usual(true, Some(end), true, NOW);
        assert!(!retry.is_over(MINUTE, end - 1));
        assert!(retry.is_over(MINUTE, end));
        assert_eq!(retry.left(MINUTE, NOW), Some(Duration::from_secs(8)));
    }

    #[test]
    fn what_fails_just_at_the_end_is_tried_again_for_half_a_second() {
        let retry = Retry::Until(NOW);
        assert!(!retry.is_over(Duration::from_millis(499), NOW));
        assert_eq!(retry.left(Duration::from_millis(400), NOW), Some(Duration::from_millis(100)));
        assert!(retry.is_over(LEAST, NOW));
    }

    #[test]
    fn a_run_that_does_not_wait_or_whose_end_is_a_number_of_lines_gives_up_after_a_minute() {
        let past = Retry::usual(true, Some(NOW - SECOND), true, NOW);
        let flat_out = Retry::usual(true, Some(NOW + SECOND), false, NOW);
        let lines = Retry::usual(true, None, true, NOW);
        for retry in [past, flat_out, lines] {
            assert!(!retry.is_over(MINUTE - Duration::from_millis(1), Time::MAX));
            assert!(retry.is_over(MINUTE, 0));
        }
    }
}
