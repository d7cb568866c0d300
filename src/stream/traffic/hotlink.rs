//! People who come to a single file: an image in a search, a shared link to a download.

use super::actor::{Actor, Ground};
use super::people::Identities;
use super::visit::Visit;
use crate::config::Actors;
use crate::config::actors::Hotlinks;
use crate::stream::body::ranges;
use crate::stream::random::{Chance, Choice, Random};
use crate::stream::site::{EXTERNAL_REFERRERS, Outcome};
use crate::stream::{Referrer, SECOND, Time};

/// Searches for images, and collections of them, with their weights; Google's in other countries beside these.
const IMAGE_SEARCHES: [(&str, f64); 9] = [
    ("https://www.google.com/", 40.0),
    ("https://www.bing.com/", 12.0),
    ("https://yandex.ru/", 5.0),
    ("https://duckduckgo.com/", 4.0),
    ("https://search.yahoo.com/", 3.0),
    ("https://www.pinterest.com/", 3.0),
    ("https://www.ecosia.org/", 1.5),
    ("https://search.brave.com/", 0.7),
    ("https://www.baidu.com/", 0.5),
];
/// Of so many downloads, one is saved as it comes, not viewed.
const SAVED: u64 = 3;
/// The weight of Google's search in another country.
const ELSEWHERE: f64 = 1.1;

/// The choice among them, as indexes in [`EXTERNAL_REFERRERS`].
fn image_searches() -> Choice<u32> {
    let weight = |origin: &&str| {
        let row = IMAGE_SEARCHES.iter().find(|(search, _)| search == origin);
        let elsewhere = if origin.starts_with("https://www.google.") { ELSEWHERE } else { 0.0 };
        row.map_or(elsewhere, |(_, weight)| *weight)
    };
    let weights: Vec<f64> = EXTERNAL_REFERRERS.iter().map(weight).collect();
    Choice::new(&weights).map(|index| index as u32)
}

/// A person who comes to a single file.
#[derive(Debug)]
pub struct Hotlink {
    identities: Identities,
    downloads: Chance,
    is_current: Chance,
    from_elsewhere: Chance,
    /// Where images are found.
    image_searches: Choice<u32>,
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
            image_searches: image_searches(),
        }
    }
}

impl Actor for Hotlink {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let Ground { site, grounds, origins, .. } = ground;
        let downloads = random.happens(self.downloads);
        let referrer = if downloads {
            self.identities.come(visit, random);
            visit.first(grounds.places.download);
            // Apple's programs ask for a part at once; others begin with the whole, and a viewer then goes on by parts.
            let visitor = visit.next.visitor;
            let is_apple = origins.wants_touch_icon(visitor);
            if is_apple {
                visit.next.outcome = Outcome::Partial;
            }
            let is_viewed = is_apple || random.below(SAVED) > 0;
            visit.left = if is_viewed { ranges(visitor) } else { 0 };
            site.external_referrer(random)
        } else {
            self.identities.come_as(visit, random, |visitor| origins.searches(visitor));
            visit.first(grounds.images.draw(random));
            if random.happens(self.is_current) {
                visit.next.outcome = Outcome::NotModified;
            }
            self.image_searches.draw(random)
        };
        if random.happens(self.from_elsewhere) {
            let referrer = origins.fitting(visit.next.visitor, referrer);
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
