//! Readers of the feed: one request now and then, and mostly nothing is new.

use super::actor::{Actor, Ground};
use super::visit::Visit;
use crate::config::actors::FeedReaders;
use crate::stream::Time;
use crate::stream::random::{Chance, Random};
use crate::stream::site::Outcome;

/// A reader of the feed.
#[derive(Debug)]
pub struct FeedReader {
    has_latest: Chance,
}

impl FeedReader {
    /// A reader of the feed.
    pub fn new(readers: &FeedReaders) -> Self {
        Self { has_latest: Chance::new(readers.not_modified) }
    }
}

impl Actor for FeedReader {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.first(ground.grounds.places.feed);
        // Readers ask with `If-None-Match`.
        if random.happens(self.has_latest) {
            visit.next.outcome = Outcome::NotModified;
        }
    }

    fn go_on(&self, _: Ground<'_>, _: &mut Visit, _: Time, _: &mut Random) -> bool {
        false
    }
}
