//! People with the site's own application on a phone: each screen is a few calls of the API at once. The application brings its
//! token, and a new one after the old has expired; it names no referrer.

use super::actor::{Actor, Ground};
use super::people::{Identities, Regulars, uses_app};
use super::visit::Visit;
use crate::config::{Actors, Config};
use crate::stream::hit::Credentials;
use crate::stream::method::Method;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Random};
use crate::stream::site::{AssetKind, Endpoints, Outcome, UrlId};
use crate::stream::{Time, seconds};

/// How long an application waits before it tries again, seconds, at the most.
const MOST_PATIENT: f64 = 8.0;
/// The number of lines for which one person more comes back: those of two days.
const LINES_A_REGULAR: f64 = 60.0;

/// A person with the site's application.
#[derive(Debug)]
pub struct App {
    identities: Identities,
    screens: Quantiles,
    /// Seconds between two screens.
    think: Quantiles,
    /// Seconds between two calls of a screen.
    next_call: Quantiles,
    regulars: Regulars,
    returns: Chance,
    is_expired: Chance,
    changes: Chance,
    is_rejected: Chance,
    is_current: Chance,
    is_gone: Chance,
    tries_again: Chance,
    scrolls: Chance,
}

/// What the next call is for: what the visitor does, or another token.
const USING: u8 = 0;
const EXCHANGING: u8 = 1;

impl App {
    /// The people of a configuration.
    pub fn new(config: &Config) -> Self {
        let Actors { apps, people, .. } = &config.actors;
        Self {
            identities: Identities::new(people),
            screens: Quantiles::of_counts(&apps.screens),
            think: Quantiles::of_times(&apps.think_time),
            next_call: Quantiles::of_times(&apps.next_call),
            regulars: Regulars::new(apps.regulars, config.output.rate, LINES_A_REGULAR),
            returns: Chance::new(apps.returning),
            is_expired: Chance::new(apps.expired_token),
            changes: Chance::new(apps.changes),
            is_rejected: Chance::new(apps.rejected),
            is_current: Chance::new(apps.not_modified),
            is_gone: Chance::new(config.error_rates.product_404_rate),
            tries_again: Chance::new(apps.retry),
            scrolls: Chance::new(apps.scroll),
        }
    }

    /// Sets a call that asks for something.
    fn ask(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        url: UrlId,
        now: Time,
        wait: f64,
        random: &mut Random,
    ) {
        visit.get(url, now, seconds(wait));
        visit.next.outcome = ground.site.outcome_of(url, random);
        if visit.next.outcome == Outcome::Success {
            let has_it = visit.has_fetched(url) || visit.has_earlier;
            if has_it && random.happens(self.is_current) {
                visit.next.outcome = Outcome::NotModified;
            }
            visit.fetches(url);
        }
    }

    /// Sets the next call of the screen, if one is to come.
    fn fetch(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.assets == 0 {
            return false;
        }
        let next = visit.assets.trailing_zeros();
        visit.assets &= visit.assets - 1;
        let call = ground.grounds.assets(visit.page)[next as usize];
        visit.get(call.url, now, seconds(self.next_call.draw(random)));
        visit.is_part = true;
        if call.kind == AssetKind::Report {
            (visit.next.method, visit.next.outcome) = (Method::Post, Outcome::NoContent);
        }
        true
    }

    /// Sets a call that changes something.
    fn change(
        &self,
        api: &Endpoints,
        visit: &mut Visit,
        now: Time,
        wait: f64,
        random: &mut Random,
    ) {
        // What is ordered, changed or deleted is there, from this visit or an earlier one.
        let (method, url, outcome) = match random.below(10) {
            0 if visit.has_cart => (Method::Post, api.orders, Outcome::Success),
            7 if visit.has_cart => (Method::Put, api.replaced.draw(random), Outcome::Success),
            6 => (Method::Patch, api.account, Outcome::Success),
            8.. if visit.has_cart => (Method::Delete, api.removed.draw(random), Outcome::NoContent),
            _ => (Method::Post, api.created.draw(random), Outcome::Success),
        };
        if method == Method::Post {
            visit.has_cart = url != api.orders;
        }
        visit.get(url, now, seconds(wait));
        visit.next.method = method;
        visit.next.outcome =
            if random.happens(self.is_rejected) { Outcome::BadRequest } else { outcome };
    }

    /// Decides what comes after a screen. Returns false if the visit ends.
    fn decide(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        random: &mut Random,
    ) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        let api = ground.grounds.endpoints();
        let wait = self.think.draw(random);
        if random.happens(self.changes) {
            self.change(api, visit, now, wait, random);
        } else if let Some(part) = api.next_part(visit.page)
            && random.happens(self.scrolls)
        {
            self.ask(ground, visit, part, now, wait.min(20.0), random);
        } else if random.happens(self.is_gone) {
            visit.get(api.gone.draw(random), now, seconds(wait));
            visit.next.outcome = Outcome::NotFound;
        } else {
            self.ask(ground, visit, api.screens.draw(random), now, wait, random);
        }
        true
    }
}

impl Actor for App {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let api = ground.grounds.endpoints();
        if random.happens(self.returns) {
            self.identities.come_again(visit, ground.salt, self.regulars.draw(random));
            visit.next.credentials = Credentials::COOKIE;
            (visit.has_cart, visit.has_earlier) = (true, true);
            visit.knows_http3();
        } else {
            self.identities.come(visit, random);
        }
        uses_app(visit);
        visit.left = self.screens.draw_count(random) - 1;
        visit.first(api.start);
        if visit.has_earlier && random.happens(self.is_expired) {
            visit.first(api.account);
            visit.next.outcome = Outcome::Unauthorized;
        } else if visit.has_earlier && random.happens(self.is_current) {
            visit.next.outcome = Outcome::NotModified;
        }
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        let api = ground.grounds.endpoints();
        if visit.is_part {
            return self.fetch(ground, visit, now, random)
                || self.decide(ground, visit, now, random);
        }
        let wait = self.next_call.draw(random);
        match (visit.next.method, visit.next.outcome) {
            (_, Outcome::Unauthorized) => {
                visit.get(api.token, now, seconds(wait));
                (visit.next.method, visit.step) = (Method::Post, EXCHANGING);
                true
            }
            (method, outcome) if outcome.is_failure() => {
                let (url, wait) = (visit.next.url, self.think.draw(random).min(MOST_PATIENT));
                visit.get(url, now, seconds(wait));
                visit.next.method = method;
                random.happens(self.tries_again)
            }
            (_, Outcome::Success) if visit.step == EXCHANGING => {
                visit.step = USING;
                self.ask(ground, visit, api.start, now, wait, random);
                true
            }
            (Method::Get, Outcome::Success | Outcome::NotModified) => {
                visit.page = visit.next.url;
                visit.assets = ((1u64 << ground.grounds.assets(visit.page).len()) - 1) as u32;
                self.fetch(ground, visit, now, random) || self.decide(ground, visit, now, random)
            }
            _ => self.decide(ground, visit, now, random),
        }
    }
}
