//! People who come to a single file: an image in a search, a shared link to a download.

use super::actor::{Actor, Ground};
use super::people::Identities;
use super::visit::Visit;
use crate::config::Actors;
use crate::config::actors::Hotlinks;
use crate::stream::body::ranges;
use crate::stream::random::{Chance, Choice, Random, uniform};
use crate::stream::site::{ExternalReferrers, Outcome, host_of};
use crate::stream::{Referrer, SECOND, Time};

/// The hosts of searches for images, and of collections of them, with their weights; Google's in other countries beside these.
const IMAGE_SEARCHES: [(&str, f64); 9] = [
    ("www.google.com", 40.0),
    ("www.bing.com", 12.0),
    ("yandex.ru", 5.0),
    ("duckduckgo.com", 4.0),
    ("search.yahoo.com", 3.0),
    ("www.pinterest.com", 3.0),
    ("www.ecosia.org", 1.5),
    ("search.brave.com", 0.7),
    ("www.baidu.com", 0.5),
];
/// Of so many downloads, one is saved as it comes, not viewed.
const SAVED: u64 = 3;
/// How long after an image was fetched the visitor comes to it again, ns: at the least, and at the most.
const COMES_BACK: (Time, Time) = (40 * SECOND, 5_400 * SECOND);
/// The weight of Google's search in another country.
const ELSEWHERE: f64 = 1.1;

/// The choice among those of them that are listed, as indexes; `None` if none is.
fn image_searches(referrers: &ExternalReferrers) -> Option<Choice<u32>> {
    let weight = |url: &String| {
        let host = host_of(url);
        let row = IMAGE_SEARCHES.iter().find(|(search, _)| *search == host);
        let elsewhere = if host.starts_with("www.google.") { ELSEWHERE } else { 0.0 };
        row.map_or(elsewhere, |(_, weight)| *weight)
    };
    let weights: Vec<f64> = referrers.listed().iter().map(weight).collect();
    let has_one = weights.iter().any(|weight| *weight > 0.0);
    has_one.then(|| Choice::new(&weights).map(|index| index as u32))
}

/// The step of a visit to an image.
const IS_IMAGE: u8 = 1;

/// A person who comes to a single file.
#[derive(Debug)]
pub struct Hotlink {
    identities: Identities,
    downloads: Chance,
    comes_back: Chance,
    from_elsewhere: Chance,
    /// Where images are found; `None` for where any visitor comes from.
    image_searches: Option<Choice<u32>>,
}

impl Hotlink {
    /// A person who comes to a single file, from where visitors come from.
    pub fn new(actors: &Actors, referrers: &ExternalReferrers) -> Self {
        let Hotlinks { downloads, not_modified, external_referrer } = actors.hotlinks;
        Self {
            identities: Identities::new(&actors.people),
            downloads: Chance::new(downloads),
            comes_back: Chance::new((not_modified / (1.0 - not_modified)).min(1.0)),
            from_elsewhere: Chance::new(external_referrer),
            image_searches: image_searches(referrers),
        }
    }
}

impl Actor for Hotlink {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let Ground { site, grounds, origins, .. } = ground;
        self.identities.come_as(visit, random, |visitor| origins.searches(visitor));
        let referrer = if random.happens(self.downloads) {
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
            visit.first(grounds.images.draw(random));
            // The browser asks about what it has fetched in this visit.
            visit.left = u16::from(random.happens(self.comes_back));
            visit.step = IS_IMAGE;
            match &self.image_searches {
                Some(searches) => searches.draw(random),
                None => site.external_referrer(random),
            }
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
        let is_image = visit.step == IS_IMAGE;
        let (wait, outcome) = if is_image {
            let (least, most) = COMES_BACK;
            let share = uniform(random.bits());
            (least + (share * share * (most - least) as f64) as Time, Outcome::NotModified)
        } else {
            (SECOND / 20 + random.below(SECOND), Outcome::Partial)
        };
        visit.get(url, now, wait);
        (visit.next.outcome, visit.next.referrer) = (outcome, referrer);
        true
    }
}
