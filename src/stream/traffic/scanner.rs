//! Scanners: they try paths that weak sites have, a few times a second or one and no more.

use super::actor::{Actor, Ground};
use super::visit::Visit;
use crate::config::actors::Scanners;
use crate::stream::method::Method;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::Random;
use crate::stream::site::Outcome;
use crate::stream::{Time, seconds};

/// A scanner.
#[derive(Debug)]
pub struct Scanner {
    probes: Quantiles,
    /// Seconds between two requests.
    pace: Quantiles,
}

impl Scanner {
    /// A scanner.
    pub fn new(scanners: &Scanners) -> Self {
        Self { probes: Quantiles::new(&scanners.requests), pace: Quantiles::new(&scanners.pace) }
    }

    fn probe(ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let grounds = ground.grounds;
        match random.below(100) {
            0..4 => {
                visit.next.url = grounds.places.xmlrpc;
                visit.next.method = Method::Post;
                visit.next.outcome = Outcome::MethodNotAllowed;
            }
            4..12 => visit.next.url = ground.grounds.places.front,
            12..14 => {
                visit.next.url = ground.grounds.places.front;
                visit.next.method = Method::Options;
                visit.next.outcome = Outcome::MethodNotAllowed;
            }
            14..18 => {
                visit.next.url = grounds.places.probes.draw(random);
                visit.next.outcome = Outcome::Forbidden;
            }
            _ => {
                visit.next.url = grounds.places.probes.draw(random);
                visit.next.outcome = Outcome::NotFound;
            }
        }
    }
}

impl Actor for Scanner {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.left = self.probes.draw_count(random) - 1;
        visit.first(0);
        Self::probe(ground, visit, random);
    }

    fn mean_lines(&self) -> Option<f64> {
        Some(self.probes.mean_count())
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        visit.get(0, now, seconds(self.pace.draw(random)));
        Self::probe(ground, visit, random);
        true
    }
}
