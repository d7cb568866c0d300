//! Flash crowds of a scenario: people who all come to one page, because another site links to it.

use jiff::tz::TimeZone;

use super::actor::Ground;
use super::visit::Visit;
use crate::config::event_kind::EventKind;
use crate::config::links::{matches, path_of};
use crate::config::{Config, ScenarioEvent};
use crate::stream::random::{Chance, Random, hash};
use crate::stream::scenario::marks::EventMarks;
use crate::stream::scenario::timeline::Timeline;
use crate::stream::site::{HOME, Site, UrlId};
use crate::stream::{EventMark, Referrer, Time};

/// The sites that send crowds, as indices into the external referrers: reddit, Hacker News, X, Facebook.
const SENDERS: [u32; 4] = [5, 10, 4, 3];

/// All flash crowds of a scenario.
#[derive(Debug)]
pub struct Crowds {
    crowds: Vec<Crowd>,
    zone: TimeZone,
    /// When the run begins. Visits that are tried before it know of no crowd.
    origin: Time,
    /// The lines of a person's visit, and the visits that a line of the usual traffic stands for.
    lines_of_person: f64,
    visits_a_line: f64,
}

#[derive(Debug)]
struct Crowd {
    event: ScenarioEvent,
    mark: EventMark,
    timeline: Option<Timeline>,
    /// The URLs to which they come.
    pages: Vec<UrlId>,
}

impl Crowds {
    /// The crowds of a configuration.
    pub fn new(config: &Config, site: &Site, lines_of_person: f64, visits_a_line: f64) -> Self {
        let marks = EventMarks::new(&config.scenario);
        let events = config.scenario.iter().enumerate();
        let crowds = events.filter(|(_, event)| event.kind == EventKind::FlashCrowd);
        let crowd = |(place, event): (usize, &ScenarioEvent)| {
            let page = event.page.as_deref().unwrap_or("/");
            let is_of =
                |target: &str| target == page || matches(page, target) || path_of(target) == page;
            let urls = site.urls().iter().enumerate();
            let own = urls.filter(|(_, url)| is_of(&url.target));
            Crowd {
                pages: own.map(|(id, _)| id as UrlId).take(1).collect(),
                mark: marks.of(place, 0),
                timeline: None,
                event: event.clone(),
            }
        };
        Self {
            crowds: crowds.map(crowd).filter(|crowd| !crowd.pages.is_empty()).collect(),
            zone: config.output.timezone.clone(),
            origin: 0,
            lines_of_person,
            visits_a_line,
        }
    }

    /// Begins for a site with this seed, in a run from `origin` on.
    pub fn begin(&mut self, seed: u64, origin: Time) {
        self.origin = origin;
        for crowd in &mut self.crowds {
            crowd.timeline = Some(Timeline::new(&crowd.event, &self.zone, seed, origin));
        }
    }

    /// Whether the visitor who comes at `due` is one of a crowd, and of which.
    #[inline]
    pub fn come(&self, due: Time, random: &mut Random) -> Option<usize> {
        if self.crowds.is_empty() || due < self.origin {
            return None;
        }
        self.crowds.iter().position(|crowd| {
            let strength = crowd.timeline.as_ref().map_or(0.0, |it| it.strength(due).strength);
            let more = (crowd.event.multiplier.unwrap_or(1.0) - 1.0) * strength;
            if more <= 0.0 {
                return false;
            }
            let visits = more / self.lines_of_person;
            random.happens(Chance::new(visits / (visits + self.visits_a_line)))
        })
    }

    /// Makes a person's visit one of a crowd.
    pub fn lead(&self, crowd: usize, visit: &mut Visit, ground: Ground<'_>, random: &mut Random) {
        let Ground { site, origins, .. } = ground;
        let crowd = &self.crowds[crowd];
        visit.first(crowd.pages[0]);
        visit.links = HOME;
        visit.next.outcome = site.outcome_of(crowd.pages[0], random);
        let sender = SENDERS[(hash(&crowd.event.name) % SENDERS.len() as u64) as usize];
        // Those within an application come from a link in it.
        visit.next.referrer = Referrer::external(origins.fitting(visit.next.visitor, sender));
        visit.next.event = crowd.mark;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{SECOND, Stream};

    #[test]
    fn a_crowd_of_each_night_is_not_there_when_a_run_begins_at_noon() {
        // Visits are tried at the beginning of 1970, which is a midnight.
        let yaml = "profile: shop\nscenario: [{kind: flash_crowd, at: 0 0 * * *, for: 1h, multiplier: 3, page: /products}]";
        let config = Config::from_yaml(yaml).unwrap();
        let crowded = |start: Time| {
            let (mut stream, mut hits) = (Stream::new(&config, 7, start), Vec::new());
            stream.fill(Time::MAX, 5_000, &mut hits);
            hits.iter().filter(|hit| hit.event != EventMark::NONE).count()
        };
        let midnight = 1_793_491_200 * SECOND;
        assert_eq!(crowded(midnight + 43_200 * SECOND), 0);
        assert!(crowded(midnight) > 500);
    }
}
