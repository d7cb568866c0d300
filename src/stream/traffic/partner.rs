//! Programs of other companies that use the API: they read the catalogue part by part at a steady pace, send orders, and wait
//! when they are told that they ask too often.

use super::actor::{Actor, Ground};
use super::visit::Visit;
use crate::config::actors::Partners;
use crate::stream::method::Method;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Random};
use crate::stream::site::Outcome;
use crate::stream::{SECOND, Time, seconds};

/// How long a program waits that asked too often, at the least.
const WAITED: Time = 30 * SECOND;

/// A program of another company.
#[derive(Debug)]
pub struct Partner {
    calls: Quantiles,
    /// Seconds between two calls.
    pace: Quantiles,
    orders: Chance,
    is_current: Chance,
    is_too_much: Chance,
}

impl Partner {
    /// The programs of a configuration.
    pub fn new(partners: &Partners) -> Self {
        Self {
            calls: Quantiles::of_counts(&partners.calls),
            pace: Quantiles::of_times(&partners.pace),
            orders: Chance::new(partners.orders),
            is_current: Chance::new(partners.not_modified),
            is_too_much: Chance::new(partners.limited),
        }
    }

    /// Sets the next call, with `wait` ns before it.
    fn call(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        wait: Time,
        random: &mut Random,
    ) {
        let api = ground.grounds.endpoints();
        if random.happens(self.orders) {
            visit.get(api.orders, now, wait);
            visit.next.method = Method::Post;
        } else {
            // The visit counts the parts that it has read.
            visit.get(api.part(visit.page), now, wait);
            visit.next.outcome = ground.site.outcome_of(visit.next.url, random);
            visit.page += 1;
            if visit.next.outcome == Outcome::Success && random.happens(self.is_current) {
                visit.next.outcome = Outcome::NotModified;
            }
        }
        if random.happens(self.is_too_much) {
            visit.next.outcome = Outcome::TooManyRequests;
        }
    }
}

impl Actor for Partner {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.left = self.calls.draw_count(random) - 1;
        let due = visit.next.time;
        self.call(ground, visit, due, 0, random);
    }

    fn mean_lines(&self) -> Option<f64> {
        Some(self.calls.mean_count())
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        let was_too_much = visit.next.outcome == Outcome::TooManyRequests;
        if was_too_much && visit.next.method == Method::Get {
            // The same part again.
            visit.page -= 1;
        }
        let pause = if was_too_much { WAITED + random.below(WAITED) } else { 0 };
        let wait = pause + seconds(self.pace.draw(random));
        self.call(ground, visit, now, wait, random);
        true
    }
}
