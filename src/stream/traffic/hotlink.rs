//! People who come to a single file: an image in a search, a shared link to a download.

use super::actor::{Actor, Ground};
use super::people::Identities;
use super::visit::Visit;
use crate::config::Actors;
use crate::config::actors::Hotlinks;
use crate::stream::random::{Chance, Random};
use crate::stream::site::Outcome;
use crate::stream::{Referrer, SECOND, Time};

/// A person who comes to a single file.
#[derive(Debug)]
pub struct Hotlink {
    identities: Identities,
    downloads: Chance,
    is_current: Chance,
    from_elsewhere: Chance,
}

impl Hotlink {
    /// A person who comes to a single file.
    pub fn new(actors: &Actors) -> Self {
        let Hotlinks { downloads, not_modified, external_referrer } = actors.hotlinks;
        Self {
            identities: Identities::new(&actors.people),
            downloads: Chance::new(downloads),
            is_current: Chance::new(not_modified),
            from_elsewhere: Chance::new(external_referrer),
        }
    }
}

impl Actor for Hotlink {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        self.identities.come(visit, random);
        if random.happens(self.downloads) {
            visit.first(ground.grounds.places.download);
            visit.next.outcome = Outcome::Partial;
            visit.left = random.below(6) as u16;
        } else {
            visit.first(ground.grounds.images.draw(random));
            if random.happens(self.is_current) {
                visit.next.outcome = Outcome::NotModified;
            }
        }
        if random.happens(self.from_elsewhere) {
            let referrer = ground.site.external_referrer(random);
            let referrer = ground.origins.fitting(visit.next.visitor, referrer);
            visit.next.referrer = Referrer::external(referrer);
        }
    }

    fn go_on(&self, _: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        let (url, referrer) = (visit.next.url, visit.next.referrer);
        visit.get(url, now, SECOND / 20 + random.below(SECOND));
        (visit.next.outcome, visit.next.referrer) = (Outcome::Partial, referrer);
        true
    }
}
