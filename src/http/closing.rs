//! When the endpoints may close after the end of the run.
//!
//! A client that polls /health should see the final count. So if one asked a moment ago, the endpoints
//! wait for its next request, but not for long.

use std::time::{Duration, Instant};

/// A client that was answered within this time before the stop counts as polling.
const RECENT: Duration = Duration::from_secs(2);

/// The longest time that closing takes.
const PATIENCE: Duration = Duration::from_millis(250);

/// The endpoints between the stop and their closing.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    begun: Instant,
    awaits_health: bool,
}

impl Closing {
    /// Begins to close at `now`, when all counts are final. `last_health` is when /health was last answered.
    pub fn begin(now: Instant, last_health: Option<Instant>) -> Self {
        let awaits_health =
            last_health.is_some_and(|last| now.saturating_duration_since(last) <= RECENT);
        Self { begun: now, awaits_health }
    }

    /// Whether new clients are still accepted.
    pub fn awaits_health(&self) -> bool {
        self.awaits_health
    }

    /// Notes that an answer to /health, requested at `asked`, has been sent. One requested before the
    /// stop may contain a count that was not final.
    pub fn health_answered(&mut self, asked: Instant) {
        if asked >= self.begun {
            self.awaits_health = false;
        }
    }

    /// When to close at the latest.
    pub fn deadline(&self) -> Instant {
        self.begun + PATIENCE
    }

    /// Whether to close now. `busy` says that some client is still owed an answer.
    pub fn is_over(&self, now: Instant, busy: bool) -> bool {
        now >= self.deadline() || !(busy || self.awaits_health)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn without_a_client_that_polls_it_closes_at_once() {
        let now = Instant::now();
        assert!(Closing::begin(now, None).is_over(now, false));
        let long_ago = now;
        let now = now + 2001 * MS;
        assert!(Closing::begin(now, Some(long_ago)).is_over(now, false));
    }

    #[test]
    fn a_poller_gets_one_more_answer_asked_for_after_the_stop() {
        let before = Instant::now();
        let now = before + 2000 * MS;
        let mut closing = Closing::begin(now, Some(before));
        closing.health_answered(now - MS);
        assert!(!closing.is_over(now + MS, false), "the count was not final");
        closing.health_answered(now + MS);
        assert!(closing.is_over(now + MS, false));
    }

    #[test]
    fn it_waits_for_no_client_longer_than_its_patience() {
        let now = Instant::now();
        let closing = Closing::begin(now, Some(now));
        assert!(!closing.is_over(now + 249 * MS, true));
        assert!(closing.is_over(now + 250 * MS, true));
    }

    #[test]
    fn an_answer_under_way_is_finished() {
        let now = Instant::now();
        let closing = Closing::begin(now, None);
        assert!(!closing.is_over(now, true));
        assert!(closing.is_over(now, false));
    }
}
