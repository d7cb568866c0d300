//! Readers of the feed: they look each half hour or hour, for half a day or so, and mostly nothing is new.

use super::actor::{Actor, Ground};
use super::feed_times::{FeedNews, until_next_look};
use super::visit::Visit;
use crate::config::actors::FeedReaders;
use crate::stream::Time;
use crate::stream::random::{Chance, Random};
use crate::stream::site::Outcome;

/// How often a reader looks at the least before it stays away for long, and at the most.
const LOOKS: (u64, u64) = (6, 26);

/// A reader of the feed.
#[derive(Debug)]
pub struct FeedReader {
    has_latest: Chance,
    news: FeedNews,
}

impl FeedReader {
    /// A reader of the feed.
    pub fn new(readers: &FeedReaders) -> Self {
        let has_latest = readers.not_modified;
        Self { has_latest: Chance::new(has_latest), news: FeedNews::new(has_latest) }
    }
}

impl Actor for FeedReader {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.left = (LOOKS.0 + random.below(LOOKS.1 - LOOKS.0)) as u16 - 1;
        visit.first(ground.grounds.places.feed);
        // Readers ask with `If-None-Match`.
        if random.happens(self.has_latest) {
            visit.next.outcome = Outcome::NotModified;
        }
    }

    fn mean_lines(&self) -> Option<f64> {
        Some(0.5 * (LOOKS.0 + LOOKS.1 - 1) as f64)
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        let wait = until_next_look(visit.next.visitor, now, random);
        visit.get(visit.next.url, now, wait);
        let site = ground.grounds.style.bits("news");
        if !self.news.are_there(site, now, visit.next.time) {
            visit.next.outcome = Outcome::NotModified;
        }
        true
    }
}
