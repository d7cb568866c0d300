//! Messages about the rate in force: at the start, at each change of the multiplier, and once for all of
//! the history when that ends. The module is a pure function of what the recorder observes.

use super::target::{Target, figure};
use crate::time::{SECOND, Time};

/// One observation of a run.
#[derive(Clone, Debug)]
pub struct RateSeen {
    /// The simulated time that the run has reached.
    pub at: Time,
    /// Whether the run has caught up with the clock.
    pub live: bool,
    /// The number of lines in access.log.
    pub lines: u64,
    /// The target of the run by now.
    pub target: Target,
}

/// Decides which message about the rate is due, given the messages before it.
#[derive(Debug)]
pub struct RateMessages {
    target: Target,
    start: Time,
    /// The first instant after the run.
    until: Time,
    /// Whether the past has been written.
    live: bool,
    /// The multiplier that was reported last, and for which time; `None` during the history.
    said: Option<(f64, Time)>,
}

impl RateMessages {
    /// The messages of a run from `start` to `until`, and the first of them. A run that is not `live`
    /// begins with history: its first message gives the possible rates, and no other follows until the
    /// history ends.
    pub fn new(target: Target, (start, until): (Time, Time), live: bool) -> (Self, String) {
        let asked = if live { target.in_force(start) } else { target.of_the_week() };
        let said = live.then(|| (target.hour_multiplier(start), start));
        (Self { target, start, until, live, said }, format!("Rate: {asked}"))
    }

    /// The messages that are due now. A multiplier holds for at least an hour, so there is at most one
    /// message per hour of simulated time. If observations are hours apart, only the current multiplier
    /// is reported.
    pub fn due(&mut self, seen: RateSeen) -> Vec<String> {
        let mut messages = Vec::new();
        self.target = seen.target.clone();
        // A run that ends in the past never catches up with the clock; its summary says the rest.
        if seen.at >= self.until {
            return messages;
        }
        if !self.live && seen.live {
            self.live = true;
            messages.push(self.history(&seen));
        }
        if self.live {
            messages.extend(self.change(seen.at));
        }
        messages
    }

    /// The message about a change. A clock that was set back repeats no message.
    fn change(&mut self, at: Time) -> Option<String> {
        let multiplier = self.target.hour_multiplier(at);
        if self.said.is_some_and(|(said, then)| said == multiplier || at < then) {
            return None;
        }
        let first = self.said.replace((multiplier, at)).is_none();
        // If nothing depends on the hour, the first message has said it all.
        let plain = first && self.target.hours(at).is_none();
        (!plain).then(|| format!("Rate: {}", self.target.in_force(at)))
    }

    fn history(&self, seen: &RateSeen) -> String {
        let seconds = seen.at.saturating_sub(self.start) as f64 / SECOND as f64;
        format!(
            "Rate of the history: {} lines in {} s, {} lines/s; asked for: {}",
            figure(seen.lines as f64),
            figure(seconds.round()),
            figure(seen.lines as f64 / seconds.max(1e-9)),
            self.target.over(self.start, seen.at),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, TrafficPattern};
    use crate::shard::Shard;

    const HOUR: Time = 3600 * SECOND;
    const MIDNIGHT: Time = 20_000 * 24 * HOUR;

    /// Rate 5,000, with x 0.1 from 2 to 6 and x 0.5 from 6 to 8.
    fn target() -> Target {
        let mut config = Config::default();
        config.output.rate = 5_000.0;
        let hours = |hour| match hour {
            2..6 => 0.1,
            6..8 => 0.5,
            _ => 1.0,
        };
        config.traffic_pattern = TrafficPattern::every_day(std::array::from_fn(hours));
        Target::new(config.into(), Shard::WHOLE, 1, 0)
    }

    fn flat() -> Target {
        let mut config = Config::default();
        config.output.rate = 5_000.0;
        Target::new(config.into(), Shard::WHOLE, 1, 0)
    }

    fn live(at: Time) -> RateSeen {
        RateSeen { at, live: true, lines: 0, target: target() }
    }

    const NIGHT: &str = "Rate: 5,000 x 0.1 (traffic_patterns, 2-6 UTC) = 500 lines/s";
    const MORNING: &str = "Rate: 5,000 x 0.5 (traffic_patterns, 6-8 UTC) = 2,500 lines/s";
    const DAY: &str = "Rate: 5,000 x 1 (traffic_patterns, 8-2 UTC) = 5,000 lines/s";

    #[test]
    fn the_rate_in_force_is_said_at_the_start_and_at_each_change_and_never_twice() {
        let start = MIDNIGHT + 2 * HOUR;
        let (mut messages, first) = RateMessages::new(target(), (start, Time::MAX), true);
        let mut said = vec![first];
        // Twice a second for two days.
        for half in 0..2 * 2 * 24 * 3600 {
            said.extend(messages.due(live(start + half * SECOND / 2)));
        }
        assert_eq!(said, [NIGHT, MORNING, DAY, NIGHT, MORNING, DAY]);
    }

    #[test]
    fn a_change_is_said_at_the_first_look_in_its_hour() {
        let (mut messages, _) = RateMessages::new(target(), (MIDNIGHT + 2 * HOUR, Time::MAX), true);
        assert!(messages.due(live(MIDNIGHT + 6 * HOUR - 1)).is_empty());
        assert_eq!(messages.due(live(MIDNIGHT + 6 * HOUR)), [MORNING]);
    }

    #[test]
    fn without_a_pattern_the_rate_is_said_once_in_plain_words() {
        for begins_live in [true, false] {
            let (mut messages, first) =
                RateMessages::new(flat(), (MIDNIGHT, Time::MAX), begins_live);
            assert_eq!(first, "Rate: 5,000 lines/s");
            let seen = |hour| RateSeen { target: flat(), ..live(MIDNIGHT + hour * HOUR) };
            let later: Vec<_> = (1..100).flat_map(|hour| messages.due(seen(hour))).collect();
            assert_eq!(later.len(), usize::from(!begins_live), "{later:?}");
            assert!(later.iter().all(|message| message.starts_with("Rate of the history: ")));
        }
    }

    #[test]
    fn the_history_is_silent_and_summed_up_where_it_ends() {
        let (mut messages, first) = RateMessages::new(target(), (MIDNIGHT, Time::MAX), false);
        assert_eq!(
            first,
            "Rate: 5,000 x 0.1 to 1 (traffic_patterns, by the hour, UTC) = 500 to 5,000 lines/s, \
             4,041.67 in the mean"
        );
        for hour in 0..24 {
            let seen =
                RateSeen { at: MIDNIGHT + hour * HOUR, live: false, lines: 100, target: target() };
            assert!(messages.due(seen).is_empty());
        }
        let seen =
            RateSeen { at: MIDNIGHT + 27 * HOUR, live: true, lines: 386_100_000, target: target() };
        let said = messages.due(seen);
        assert_eq!(
            said[0],
            "Rate of the history: 386,100,000 lines in 97,200 s, 3,972.22 lines/s; asked for: 5,000 \
             x 0.1 to 1 (traffic_patterns, by the hour, UTC) = 500 to 5,000 lines/s, 3,981.48 in the \
             mean"
        );
        assert_eq!(said[1..], [NIGHT]);
        assert!(messages.due(live(MIDNIGHT + 28 * HOUR)).is_empty());
    }

    #[test]
    fn a_run_that_ends_in_the_past_says_nothing_between_its_start_and_its_end() {
        let until = MIDNIGHT + 4 * HOUR;
        let (mut messages, _) = RateMessages::new(target(), (MIDNIGHT, until), false);
        assert!(messages.due(live(MIDNIGHT + 30 * HOUR)).is_empty());
    }

    #[test]
    fn looks_that_are_hours_apart_say_only_what_is_in_force_by_now() {
        let (mut messages, _) = RateMessages::new(target(), (MIDNIGHT + 2 * HOUR, Time::MAX), true);
        assert_eq!(messages.due(live(MIDNIGHT + 9 * HOUR)), [DAY]);
        // A clock that was set back.
        assert!(messages.due(live(MIDNIGHT + 7 * HOUR)).is_empty());
        assert!(messages.due(live(MIDNIGHT + 25 * HOUR)).is_empty());
    }
}
