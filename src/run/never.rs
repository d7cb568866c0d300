//! Which entries of the scenario cannot happen in a run, and why. Pure: the stream's own timelines say when events begin.

use crate::config::event_times::EventTimes;
use crate::config::{Config, ScenarioEvent};
use crate::epoch::Beginning;
use crate::stream::scenario::timeline::Timeline;
use crate::time::{Time, time, timestamp};

/// What a run is, as far as events depend on it.
#[derive(Clone, Copy, Debug)]
pub struct RunSpan {
    /// The seed, and the start.
    pub beginning: Beginning,
    /// The first instant after the run, or one that no run reaches.
    pub until: Time,
    /// Why the run cannot be steered, and what would be right; `None` if it can.
    pub unsteerable: Option<(&'static str, &'static str)>,
}

/// A sentence for each entry that does not happen in a run: why, and what would be right.
pub fn never(config: &Config, run: RunSpan) -> Vec<String> {
    let of = |event| {
        let why = why_never(event, config, run)?;
        let ScenarioEvent { name, at, .. } = event;
        Some(format!("The event {name} of the scenario (at: {}) does not happen: {why}", at.text()))
    };
    config.scenario.iter().filter_map(of).collect()
}

fn why_never(event: &ScenarioEvent, config: &Config, run: RunSpan) -> Option<String> {
    let (start, zone) = (run.beginning.start, &config.output.timezone);
    let timeline = Timeline::new(event, zone, run.beginning.seed, start);
    let (on, next) = timeline.at(start);
    let begins = (next < Time::MAX).then_some(next);
    match (&event.at, begins) {
        (EventTimes::OnDemand, _) => run.unsteerable.map(|(why, right)| {
            format!("only `ctl start` begins it, and {why}. Give it another `at`, or {right}")
        }),
        _ if on.is_some() => None,
        (EventTimes::Once { at, .. }, None) => {
            let began = time(at.resolve(timestamp(start), zone));
            let [ended, start] = [began + event.length.as_nanos() as Time, start].map(timestamp);
            Some(format!(
                "it is over at {ended}, and the run starts at {start}. Give it a later `at`, such as +10m, or let the run \
                 start earlier with --from"
            ))
        }
        (_, Some(next)) if next >= run.until => {
            let [begins, until] = [next, run.until].map(timestamp);
            Some(format!(
                "it would begin at {begins}, and the run ends at {until}. Give it an earlier `at`, or let the run last \
                 longer"
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    const HOUR: Time = 3_600 * SECOND;
    /// 2026-11-02, a Monday, at midnight.
    const START: Time = 1_793_577_600 * SECOND;
    const UNSTEERABLE: Option<(&str, &str)> = Some(("it is so", "change it"));

    /// What is said of an event that begins then and lasts for ten minutes, in a run that ends after so many hours.
    fn said(
        at: &str,
        hours: Option<Time>,
        unsteerable: Option<(&'static str, &'static str)>,
    ) -> String {
        let yaml = format!(
            "scenario:\n- {{kind: surge, name: x, at: \"{at}\", for: 10m, multiplier: 2}}\n"
        );
        let config = Config::from_yaml(&yaml).unwrap();
        let until = hours.map_or(Time::MAX, |hours| START + hours * HOUR);
        let beginning = Beginning::first(7, START);
        never(&config, RunSpan { beginning, until, unsteerable }).concat()
    }

    #[test]
    fn an_event_that_can_happen_is_not_spoken_of() {
        for (at, hours) in [
            ("+59m", Some(1)),
            ("+0s", Some(1)),
            ("+5h", None),
            ("2026-11-01T23:55:00Z", Some(1)),
            ("2026-11-02T00:59:59Z", Some(1)),
            ("59 0 * * *", Some(1)),
            ("0 3 * * sun", None),
            ("1000 per day", Some(1)),
            ("0.01 per day", None),
        ] {
            assert_eq!(said(at, hours, UNSTEERABLE), "", "{at}");
        }
        assert_eq!(said("on demand", Some(1), None), "");
    }

    #[test]
    fn an_event_after_the_end_or_before_the_start_of_the_run_is_named_with_both_times() {
        for at in ["+5h", "0 5 * * *", "2026-11-02T05:00:00Z"] {
            let said = said(at, Some(1), None);
            let expected = format!(
                "The event x of the scenario (at: {at}) does not happen: it would begin at 2026-11-02T05:00:00Z, and the \
                 run ends at 2026-11-02T01:00:00Z. Give it an earlier `at`, or let the run last longer"
            );
            assert_eq!(said, expected);
        }
        assert!(said("+1h", Some(1), None).contains(" does not happen: "), "the end is exclusive");
        assert!(said("0.01 per day", Some(1), None).contains("it would begin at "));
        let said = said("2026-11-01T23:50:00Z", None, None);
        let expected = "it is over at 2026-11-02T00:00:00Z, and the run starts at 2026-11-02T00:00:00Z. Give it a later `at`";
        assert!(said.contains(expected), "{said}");
    }

    #[test]
    fn an_event_on_demand_of_a_run_that_cannot_be_steered_is_named_with_what_would_be_right() {
        let expected = "The event x of the scenario (at: on demand) does not happen: only `ctl start` begins it, and it is so. \
                        Give it another `at`, or change it";
        assert_eq!(said("on demand", None, UNSTEERABLE), expected);
    }
}
