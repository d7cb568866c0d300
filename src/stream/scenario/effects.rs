//! What the events of a scenario do to what a log shows of their hits, by the marks of the hits: all that a line needs to know of an
//! event, so that it follows from the hit alone.

use super::marks::EventMarks;
use crate::config::ScenarioEvent;
use crate::config::event_kind::EventClass;
use crate::server_failure::ServerFailure;
use crate::stream::Hit;
use crate::stream::failure::server_failure;

/// What a mark says of a hit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkEffect {
    /// What has failed, if the hit has failed; `None` if the event says nothing of it.
    pub cause: Option<ServerFailure>,
}

impl MarkEffect {
    /// What is so without an event.
    const NONE: Self = Self { cause: None };
}

/// What each mark says of its hits.
#[derive(Clone, Debug)]
pub struct MarkEffects {
    by_mark: Box<[MarkEffect]>,
}

impl MarkEffects {
    /// The effects of a scenario.
    pub fn new(events: &[ScenarioEvent]) -> Self {
        let marks = EventMarks::new(events);
        let mut by_mark = vec![MarkEffect::NONE; marks.rows().len()];
        for (place, event) in events.iter().enumerate() {
            let is_failure = event.kind.class() == EventClass::Failure;
            for mark in marks.all_of(place) {
                by_mark[usize::from(mark.0)] =
                    MarkEffect { cause: is_failure.then(|| event.cause()) };
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
    use crate::config::Config;

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
        let scenario = Config::from_yaml(&yaml).unwrap().scenario;
        let (effects, marks) = (MarkEffects::new(&scenario), EventMarks::new(&scenario));
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
