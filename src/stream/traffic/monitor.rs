//! Monitors: they look every minute or every few whether the site is up, for hours on end.

use super::actor::{Actor, Ground};
use super::visit::Visit;
use crate::config::Distribution;
use crate::config::actors::{MOST_SECONDS, Monitors};
use crate::stream::method::Method;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Random, mix};
use crate::stream::{SECOND, Time, seconds};

/// By how much a look is late, ns.
const JITTER: Time = SECOND / 4;

/// A monitor.
#[derive(Debug)]
pub struct Monitor {
    looks: Quantiles,
    interval: Distribution,
    sends_head: Chance,
}

impl Monitor {
    /// A monitor.
    pub fn new(monitors: &Monitors) -> Self {
        Self {
            looks: Quantiles::of_counts(&monitors.looks),
            interval: monitors.interval.clone(),
            sends_head: Chance::new(monitors.head),
        }
    }

    /// The method of a monitor, which is always the same.
    fn look(&self, visit: &mut Visit) {
        let head = Random::new(visit.next.visitor).happens(self.sends_head);
        visit.next.method = if head { Method::Head } else { Method::Get };
    }
}

impl Actor for Monitor {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.left = self.looks.draw_count(random) - 1;
        visit.page = if random.below(2) == 0 {
            ground.grounds.places.health
        } else {
            ground.grounds.places.front
        };
        visit.first(visit.page);
        self.look(visit);
    }

    fn mean_lines(&self) -> Option<f64> {
        Some(self.looks.mean_count())
    }

    fn go_on(&self, _: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        let share = ((mix(visit.next.visitor) >> 48) as f64 + 0.5) / 65_536.0;
        let every = self.interval.value(share).min(MOST_SECONDS);
        visit.get(visit.page, now, seconds(every) + random.below(JITTER));
        self.look(visit);
        true
    }
}
