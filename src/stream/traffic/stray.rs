//! Single requests from anywhere: an icon, an old link, a line that is no HTTP, a connection without a request.

use super::actor::{Actor, Ground};
use super::people::{self, Identities};
use super::visit::Visit;
use crate::config::Actors;
use crate::stream::hit::Protocol;
use crate::stream::method::Method;
use crate::stream::random::{Choice, Random};
use crate::stream::site::Outcome;
use crate::stream::{SECOND, Time};

/// The names of touch icons.
const TOUCH_ICONS: u64 = 2;

/// A single request from anywhere.
#[derive(Debug)]
pub struct Stray {
    identities: Identities,
    requests: Choice<StrayRequest>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
enum StrayRequest {
    Malformed,
    Silent,
    /// For an icon that is put on a phone's screen, under its two names.
    Icon,
    OldLink,
}

impl Stray {
    /// The strays of a configuration.
    pub fn new(actors: &Actors) -> Self {
        use StrayRequest::{Icon, Malformed, OldLink, Silent};
        let strays = &actors.strays;
        let weights = [strays.malformed, strays.silent, strays.icons, strays.old_links];
        Self {
            identities: Identities::new(&actors.people),
            requests: Choice::among(&[Malformed, Silent, Icon, OldLink], &weights),
        }
    }
}

impl Actor for Stray {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let places = &ground.grounds.places;
        let mut request = self.requests.draw(random);
        match request {
            StrayRequest::Malformed | StrayRequest::Silent => {
                people::come_unknown(visit, random);
                (visit.next.method, visit.next.protocol) = (Method::Unread, Protocol::Http10);
            }
            StrayRequest::Icon => {
                let wants = |visitor| ground.origins.wants_touch_icon(visitor);
                if !self.identities.come_as(visit, random, wants) {
                    request = StrayRequest::OldLink;
                }
            }
            StrayRequest::OldLink => self.identities.come(visit, random),
        }
        let (url, outcome) = match request {
            StrayRequest::Malformed => (places.noise.draw(random), Outcome::BadRequest),
            StrayRequest::Silent => (places.silence, Outcome::RequestTimeout),
            StrayRequest::Icon => {
                visit.page = random.below(TOUCH_ICONS) as u32;
                visit.left = (places.touch_icons.len() - 1) as u16 - visit.page as u16;
                (places.touch_icons[visit.page as usize], Outcome::NotFound)
            }
            StrayRequest::OldLink => (places.old.draw(random), Outcome::NotFound),
        };
        (visit.next.url, visit.next.outcome) = (url, outcome);
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        // The next icon, because there is none of that name.
        (visit.left, visit.page) = (visit.left - 1, visit.page + 1);
        let icon = ground.grounds.places.touch_icons[visit.page as usize];
        visit.get(icon, now, SECOND / 50 + random.below(SECOND / 5));
        visit.next.outcome = Outcome::NotFound;
        true
    }
}
