//! Where an answer leads a person on to: from a form that was sent, and from a page that has moved.

use super::{Person, STEPS, Step};
use crate::stream::hit::Hit;
use crate::stream::method::Method;
use crate::stream::random::Random;
use crate::stream::site::{Link, Outcome};
use crate::stream::traffic::actor::Ground;
use crate::stream::traffic::visit::Visit;
use crate::stream::{Referrer, Time};

impl Person {
    /// Follows a redirection at once, as browsers do.
    pub(super) fn redirected(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        random: &mut Random,
    ) -> bool {
        let Ground { site, grounds, .. } = ground;
        let link = |url| Link { url, ..site.cart };
        let wait = self.files.before_redirected(visit.next.visitor, random);
        let (to, step) = match (visit.next.method, STEPS[usize::from(visit.step)]) {
            (Method::Post, Step::LogIn) => (link(grounds.places.account), Step::LoggedIn),
            (Method::Post, Step::Added) => (site.cart, Step::Cart),
            (Method::Post, Step::Order) => (link(grounds.places.thank_you), Step::Paid),
            (Method::Post, _) => return false,
            _ => return self.follow_moved(ground, visit, now, wait, random),
        };
        let provider = step == Step::Paid;
        let from = visit.next.referrer;
        self.open(
            site,
            visit,
            to,
            now,
            if provider { self.think.draw(random).clamp(8.0, 200.0) } else { wait },
            random,
        );
        // A redirection keeps the referrer of the request; the provider of payments sends its own.
        visit.next.referrer = if provider {
            Referrer::external(site.external_referrers().payment_provider())
        } else {
            from
        };
        visit.step = step as u8;
        true
    }

    /// Asks for a page where the answer says that it is now. Returns false if that is where the browser asked already.
    fn follow_moved(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        wait: f64,
        random: &mut Random,
    ) -> bool {
        let Ground { site, grounds, .. } = ground;
        let Hit { url, referrer, .. } = visit.next;
        let (to, outcome) = match grounds.broken.moved_to(url) {
            Some(page) => {
                let to = Link { url: page, leads_to: visit.links, ..site.cart };
                (to, site.outcome_of(page, random))
            }
            None => {
                let Some(to) = site.moved_to(url) else { return false };
                (to, site.outcome(to, random))
            }
        };
        self.open(site, visit, to, now, wait, random);
        visit.next.referrer = referrer;
        // What has moved is there, so that no browser is sent on and on.
        visit.next.outcome = match outcome {
            Outcome::RedirectPermanent | Outcome::RedirectTemporary => Outcome::Success,
            outcome => outcome,
        };
        true
    }
}
