//! Crawlers: they ask for robots.txt first, take pages in no order that a person would, few assets, at a steady pace, and ask
//! whether what they have is still current.

use super::actor::{Actor, Ground};
use super::bots;
use super::visit::Visit;
use crate::config::actors::Crawlers;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Random};
use crate::stream::site::Outcome;
use crate::stream::{Time, seconds};

/// A crawler.
#[derive(Debug)]
pub struct Crawler {
    pages: Quantiles,
    /// Seconds between two requests.
    pace: Quantiles,
    asks_robots: Chance,
    is_current: Chance,
    takes_image: Chance,
    reads_map: Chance,
}

/// Requests for the map of the site, which names the pages.
const MAPS: f64 = 0.006;

impl Crawler {
    /// A crawler of one kind.
    pub fn new<const KIND: usize>(crawlers: &Crawlers<KIND>) -> Self {
        Self {
            pages: Quantiles::new(&crawlers.pages),
            pace: Quantiles::new(&crawlers.pace),
            asks_robots: Chance::new(crawlers.robots_txt),
            is_current: Chance::new(crawlers.not_modified),
            takes_image: Chance::new(crawlers.images),
            reads_map: Chance::new(MAPS),
        }
    }

    fn next(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let Ground { site, grounds, .. } = ground;
        if bots::takes_images_alone(visit.next.visitor) || random.happens(self.takes_image) {
            visit.next.url = grounds.images.draw(random);
        } else if random.happens(self.reads_map) {
            visit.next.url = grounds.places.sitemap;
        } else {
            visit.next.url = grounds.pages.draw(random);
            visit.next.outcome = site.outcome_of(visit.next.url, random);
        }
        if visit.next.outcome == Outcome::Success && random.happens(self.is_current) {
            visit.next.outcome = Outcome::NotModified;
        }
    }
}

impl Actor for Crawler {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.left = self.pages.draw_count(random);
        if random.happens(self.asks_robots) {
            visit.first(ground.grounds.places.robots);
        } else {
            visit.first(0);
            visit.left -= 1;
            self.next(ground, visit, random);
        }
    }

    fn mean_lines(&self) -> Option<f64> {
        Some(self.pages.mean_count() + self.asks_robots.share())
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        let wait = self.pace.draw(random);
        visit.get(0, now, seconds(wait));
        self.next(ground, visit, random);
        true
    }
}
