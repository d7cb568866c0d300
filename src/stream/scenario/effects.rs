//! What the events of a scenario do to what a log shows of their hits, by the marks of the hits: all that a line needs to know of an
//! event, so that it follows from the hit alone.

use super::marks::EventMarks;
use super::slowness::Slowness;
use crate::config::Config;
use crate::config::event_kind::EventKind;
use crate::server_failure::ServerFailure;
use crate::stream::failure::server_failure;
use crate::stream::{Hit, Time};

/// What a mark says of a hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkEffect {
    /// What has failed, if the hit has failed; `None` if the event says nothing of it.
    pub cause: Option<ServerFailure>,
    /// What makes its answer slow, if something does.
    pub slow: Option<SlowAnswer>,
    /// Whether its answer ends in the midst.
    pub is_cut: bool,
}

/// How slow an answer is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlowAnswer {
    /// How many times as long as usual the application takes.
    pub factor: f64,
    /// After how long the server gives up, ns.
    pub timeout: Time,
}

impl MarkEffect {
    /// What is so without an event.
    const NONE: Self = Self { cause: None, slow: None, is_cut: false };
}

/// What each mark says of its hits.
#[derive(Clone, Debug)]
pub struct MarkEffects {
    by_mark: Box<[MarkEffect]>,
}

impl MarkEffects {
    /// The effects of a scenario.
    pub fn new(config: &Config) -> Self {
        let marks = EventMarks::new(&config.scenario);
        let mut by_mark = vec![MarkEffect::NONE; marks.rows().len()];
        for (place, event) in config.scenario.iter().enumerate() {
            let is_failure = event.kind.fails();
            let slow = |level| SlowAnswer {
                factor: Slowness::new(event, &config.scenario).of(level),
                timeout: event.timeout().as_nanos() as Time,
            };
            let is_slow = event.kind == EventKind::SlowResponses;
            for (level, mark) in (1..).zip(marks.all_of(place)) {
                by_mark[usize::from(mark.0)] = MarkEffect {
                    cause: is_failure.then(|| event.cause()),
                    slow: is_slow.then(|| slow(level)),
                    is_cut: event.kind == EventKind::DiskFull,
                };
            }
        }
        Self { by_mark: by_mark.into() }
    }

    /// What the mark of a hit says.
    #[inline]
    pub fn of(&self, hit: &Hit) -> &MarkEffect {
        &self.by_mark[usize::from(hit.event.0)]
    }

    /// What failed at a hit whose outcome is a failure of the server.
    #[inline]
    pub fn server_failure(&self, hit: &Hit) -> ServerFailure {
        self.of(hit).cause.unwrap_or_else(|| server_failure(hit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_the_cause_that_is_configured_or_that_its_status_stands_for() {
        let kinds = [
            ("server_errors, share: 1", ServerFailure::Exception),
            ("server_errors, share: 1, status: 502", ServerFailure::ConnectionRefused),
            ("path_down, page: /cart, status: 503", ServerFailure::NoneIsUp),
            ("server_errors, share: 1, status: 504", ServerFailure::UpstreamTimeout),
            ("flapping_dependency, share: 1", ServerFailure::DatabaseDown),
            ("bad_deploy, share: 1", ServerFailure::Exception),
            ("bad_deploy, share: 1, cause: pool_exhausted", ServerFailure::PoolExhausted),
        ];
        let event = |(number, (kind, _)): (usize, &(&str, ServerFailure))| {
            format!("{{name: e{number}, at: +1h, for: 1h, kind: {kind}}}")
        };
        let events: Vec<String> = kinds.iter().enumerate().map(event).collect();
        let yaml = format!("{{profile: shop, scenario: [{}]}}", events.join(", "));
        let config = Config::from_yaml(&yaml).unwrap();
        let (effects, marks) = (MarkEffects::new(&config), EventMarks::new(&config.scenario));
        for visitor in 0..100 {
            let hit = Hit { visitor, ..Hit::at(0) };
            assert_eq!(effects.server_failure(&hit), server_failure(&hit));
            for (place, (kind, cause)) in kinds.iter().enumerate() {
                let hit = Hit { event: marks.of(place, 0), ..hit };
                assert_eq!(effects.server_failure(&hit), *cause, "{kind}");
            }
        }
    }
}
