//! Single requests from anywhere: an icon, an old link, a line that is no HTTP, a connection without a request.

use super::actor::{Actor, Ground};
use super::people::{self, Identities};
use super::visit::Visit;
use crate::config::Actors;
use crate::stream::Time;
use crate::stream::hit::Protocol;
use crate::stream::method::Method;
use crate::stream::random::{Choice, Random};
use crate::stream::site::Outcome;

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
        let request = self.requests.draw(random);
        match request {
            StrayRequest::Malformed | StrayRequest::Silent => {
                people::come_unknown(visit, random);
                (visit.next.method, visit.next.protocol) = (Method::Unread, Protocol::Http10);
            }
            StrayRequest::Icon | StrayRequest::OldLink => self.identities.come(visit, random),
        }
        let (url, outcome) = match request {
            StrayRequest::Malformed => (places.noise.draw(random), Outcome::BadRequest),
            StrayRequest::Silent => (places.silence, Outcome::RequestTimeout),
            StrayRequest::Icon => (places.icons.draw(random), Outcome::NotFound),
            StrayRequest::OldLink => (places.old.draw(random), Outcome::NotFound),
        };
        (visit.next.url, visit.next.outcome) = (url, outcome);
    }

    fn go_on(&self, _: Ground<'_>, _: &mut Visit, _: Time, _: &mut Random) -> bool {
        false
    }
}
