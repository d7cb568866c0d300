//! Previews: a person shares a link, and the messenger or network fetches the page and its image.

use super::actor::{Actor, Ground};
use super::visit::Visit;
use crate::config::actors::LinkPreviews;
use crate::stream::random::{Chance, Random};
use crate::stream::site::{AssetKind, Outcome};
use crate::stream::{SECOND, Time};

/// Fetches previews.
#[derive(Debug)]
pub struct LinkPreview {
    takes_part: Chance,
    takes_image: Chance,
}

impl LinkPreview {
    /// Fetches previews.
    pub fn new(previews: &LinkPreviews) -> Self {
        Self { takes_part: Chance::new(previews.partial), takes_image: Chance::new(previews.image) }
    }
}

impl Actor for LinkPreview {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.page = ground.grounds.pages.draw(random);
        visit.first(visit.page);
        // Some ask for the beginning of the page alone.
        if random.happens(self.takes_part) {
            visit.next.outcome = Outcome::Partial;
        } else {
            visit.next.outcome = ground.site.outcome_of(visit.next.url, random);
        }
        visit.left = u16::from(random.happens(self.takes_image));
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left = 0;
        let assets = ground.grounds.assets(visit.page);
        let Some(image) = assets.iter().find(|asset| asset.kind == AssetKind::Own) else {
            return false;
        };
        visit.get(image.url, now, SECOND / 5 + random.below(SECOND));
        true
    }
}
