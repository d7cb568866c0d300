//! Flash crowds of a scenario: people who all come to one page, because another site links to it.

use super::actor::Ground;
use super::visit::Visit;
use crate::config::Config;
use crate::config::event_kind::EventKind;
use crate::config::links::{matches, path_of};
use crate::stream::random::{Chance, Random, hash};
use crate::stream::scenario::scheduled::ScheduledEvent;
use crate::stream::site::{HOME, Site, UrlId};
use crate::stream::{Referrer, Time};

/// All flash crowds of a scenario.
#[derive(Debug)]
pub struct Crowds {
    crowds: Vec<Crowd>,
    /// The lines of a person's visit, and the visits that a line of the usual traffic stands for.
    lines_of_person: f64,
    visits_a_line: f64,
}

#[derive(Debug)]
struct Crowd {
    scheduled: ScheduledEvent,
    /// The URL to which they come.
    page: UrlId,
}

impl Crowds {
    /// The crowds of a configuration.
    pub fn new(config: &Config, site: &Site) -> Self {
        let crowds =
            ScheduledEvent::among(config, |kind| kind == EventKind::FlashCrowd).into_iter();
        let crowd = |scheduled: ScheduledEvent| {
            let page = scheduled.event.page.as_deref().unwrap_or("/");
            let first = |page: &str| {
                let is_of = |target: &str| target == page || matches(page, path_of(target));
                site.urls().iter().position(|url| is_of(&url.target))
            };
            // A crowd whose page is not there sees the front page.
            let page = first(page).or_else(|| first("/")).unwrap_or_default();
            Crowd { scheduled, page: page as UrlId }
        };
        Self { crowds: crowds.map(crowd).collect(), lines_of_person: 1.0, visits_a_line: 1.0 }
    }

    /// Whether there are none.
    pub fn are_none(&self) -> bool {
        self.crowds.is_empty()
    }

    /// Sets how many lines a person's visit has, and how many visits a line of the usual traffic stands for.
    pub fn expect(&mut self, lines_of_person: f64, visits_a_line: f64) {
        (self.lines_of_person, self.visits_a_line) = (lines_of_person, visits_a_line);
    }

    /// Begins for a site with this seed, in a run from `origin` on.
    pub fn begin(&mut self, seed: u64, origin: Time) {
        self.crowds.iter_mut().for_each(|crowd| crowd.scheduled.begin(seed, origin));
    }

    /// Whether the visitor who comes at `due` is one of a crowd, and of which.
    #[inline]
    pub fn come(&mut self, due: Time, random: &mut Random) -> Option<usize> {
        self.crowds.iter_mut().position(|crowd| {
            let strength = crowd.scheduled.strength(due).strength;
            let more = (crowd.scheduled.event.multiplier.unwrap_or(1.0) - 1.0) * strength;
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
        let Crowd { scheduled, page } = &self.crowds[crowd];
        visit.first(*page);
        (visit.page, visit.links) = (*page, HOME);
        visit.next.outcome = site.outcome_of(*page, random);
        let sender = site.external_referrers().of_crowd(hash(&scheduled.event.name));
        // Those within an application come from a link in it.
        visit.next.referrer = Referrer::external(origins.fitting(visit.next.visitor, sender));
        visit.next.event = scheduled.mark;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{EventMark, SECOND, Stream};

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
