//! One visit: the walk of a session through its states, hit by hit. It knows the site and the session's
//! own generator, but neither the rate nor other sessions.

use super::actor_kind::ActorKind;
use super::calendar::Due;
use super::connection::ConnectionPlace;
use super::random::{Chance, Choice, Random};
use super::site::{HOME, Link, LinksId, Outcome, Site};
use super::visitor::Visitor;
use super::visits::Visits;
use super::{Credentials, EventMark, Hit, Method, Protocol, Referrer, Time, seconds};
use crate::config::{Config, State};
use crate::shard::Shard;

/// The share of entries by DIRECT_ACCESS that come from another site.
const FROM_ELSEWHERE: f64 = 0.6;

/// A session that has a hit to come.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// When the next hit is due.
    pub due: Time,
    /// How long the hit may wait beyond `due` without exceeding the longest think time, ms.
    patience_ms: u32,
    /// What kind of hit comes next.
    coming: Coming,
    logged_in: bool,
    /// The links that the visitor can follow next, mostly those of the current page.
    links: LinksId,
    /// The current page; none before the first hit.
    on: Referrer,
    random_state: u64,
    visitor: Visitor,
    /// When the current browsing ends.
    browses_until: Time,
    /// Over which connection the next hit comes.
    place: ConnectionPlace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coming {
    Login,
    Entry,
    View,
    Logout,
    Cart,
    Error,
}

/// How long any hit may wait. Where hits are evenly spaced, a hit can miss its place by a hair and would
/// be lost without this.
const PATIENCE: Time = 10 * MILLISECOND;
const MILLISECOND: Time = 1_000_000;

impl Due for Session {
    #[inline]
    fn due(&self) -> Time {
        self.due
    }
}

/// What all sessions share: the site and the tables of their walk.
#[derive(Debug)]
pub struct Walk {
    site: Site,
    start: Choice<State>,
    login: Choice<State>,
    direct_access: Choice<State>,
    browsing: Choice<State>,
    fills_cart: Chance,
    from_elsewhere: Chance,
    think: SecondRange,
    browse: SecondRange,
}

/// The choice of the next state that a table gives.
pub fn transitions(table: &[(State, f64)]) -> Choice<State> {
    let (states, weights): (Vec<State>, Vec<f64>) = table.iter().copied().unzip();
    Choice::among(&states, &weights)
}

/// A range of times from `min` ns to `min + span - 1` ns.
#[derive(Clone, Copy, Debug)]
struct SecondRange {
    min: Time,
    span: Time,
}

impl SecondRange {
    fn new(min: f64, max: f64) -> Self {
        let (min, max) = (seconds(min), seconds(max));
        Self { min, span: (max - min).max(1) }
    }

    #[inline]
    fn draw(self, random: &mut Random) -> Time {
        self.min + random.below(self.span)
    }

    fn max(self) -> Time {
        self.min + self.span - 1
    }
}

impl Walk {
    /// The walk of a configuration.
    pub fn new(config: &Config) -> Self {
        let tables = &config.state_transitions;
        let times = &config.session;
        Self {
            site: Site::new(config),
            start: transitions(&tables.start),
            login: transitions(&tables.login),
            direct_access: transitions(&tables.direct_access),
            browsing: transitions(&tables.browsing),
            fills_cart: Chance::new(config.error_rates.cart_abandonment_rate),
            from_elsewhere: Chance::new(FROM_ELSEWHERE),
            think: SecondRange::new(times.min_page_view_interval, times.max_page_view_interval),
            browse: SecondRange::new(times.min_browsing_duration, times.max_browsing_duration),
        }
    }

    /// Decides after a hit what comes next, and when. Returns false if the session ends.
    #[inline(always)]
    fn go_on(&self, session: &mut Session, now: Time, random: &mut Random) -> bool {
        let table = match session.coming {
            Coming::Login => &self.login,
            Coming::Entry => &self.direct_access,
            Coming::View => &self.browsing,
            Coming::Logout | Coming::Cart | Coming::Error => return false,
        };
        let think = self.think.draw(random);
        session.due = now + think;
        // This fits in 32 bits because the longest think time is a day.
        session.patience_ms = ((self.think.max() - think) / MILLISECOND) as u32;
        session.place = session.place.after(think);
        if session.coming == Coming::View && session.due <= session.browses_until {
            return true;
        }
        self.enter(session, table.draw(random), session.due, random)
    }

    /// How the visitor comes to a link that depends on the page before it. Few are, and the others should not pay for it.
    #[cold]
    #[inline(never)]
    fn on_the_way(&self, session: &Session, link: Link) -> (Method, Link) {
        let link = self.site.in_order(link, session.on.page_id());
        let is_on_site = session.coming != Coming::Entry && session.on != Referrer::NONE;
        let is_posted = is_on_site && self.site.is_posted_to(link.url);
        (if is_posted { Method::Post } else { Method::Get }, link)
    }

    /// Enters a state whose hit would be due at `due`. Returns false if the session ends there.
    #[inline(always)]
    fn enter(&self, session: &mut Session, state: State, due: Time, random: &mut Random) -> bool {
        session.coming = match state {
            State::Login => Coming::Login,
            State::DirectAccess => {
                session.links = HOME;
                Coming::Entry
            }
            State::Browsing => {
                session.browses_until = due + self.browse.draw(random);
                Coming::View
            }
            State::Logout if session.logged_in => Coming::Logout,
            State::Abandon if random.happens(self.fills_cart) => Coming::Cart,
            State::Error => Coming::Error,
            // Of those who never logged in, LOGOUT is but the end.
            State::Start | State::Abandon | State::Leave | State::Logout | State::End => {
                return false;
            }
        };
        true
    }
}

impl Visits for Walk {
    type Session = Session;

    // Visitors are drawn from the seeds of their sessions.
    fn begin_stream(&mut self, _: u64, _: u64, _: Time, _: Shard) {}

    // Its tables are the same.
    fn follow(&mut self, _: &Config, _: u64, _: Time) {}

    fn site(&self) -> &Site {
        &self.site
    }

    fn site_mut(&mut self) -> &mut Site {
        &mut self.site
    }

    fn longest_think(&self) -> Time {
        self.think.max()
    }

    fn start(&mut self, due: Time, seeds: &mut Random) -> Session {
        loop {
            let mut random = Random::new(seeds.bits());
            let visitor = random.bits();
            let mut session = Session {
                due,
                patience_ms: 0,
                coming: Coming::View,
                logged_in: false,
                links: HOME,
                on: Referrer::NONE,
                random_state: 0,
                visitor,
                browses_until: 0,
                place: ConnectionPlace::FIRST,
            };
            if self.enter(&mut session, self.start.draw(&mut random), due, &mut random) {
                session.random_state = random.state();
                return session;
            }
        }
    }

    fn someone_like(&mut self, session: &Session, due: Time, seeds: &mut Random) -> Session {
        let mut random = Random::new(seeds.bits());
        let visitor = random.bits();
        Session {
            due,
            // The browsing goes on as long as the original's would: both times are on the sample's clock.
            browses_until: due.wrapping_add(session.browses_until.wrapping_sub(session.due)),
            visitor,
            random_state: random.state(),
            place: ConnectionPlace::FIRST,
            ..*session
        }
    }

    // Inlined always: a hit that is written to memory in parts and copied right away as a whole makes
    // the processor wait.
    #[inline(always)]
    fn hit(&mut self, session: &mut Session, now: Time) -> (Hit, bool) {
        let mut random = Random::new(session.random_state);
        let random = &mut random;
        let site = &self.site;
        let (method, link) = match session.coming {
            Coming::View | Coming::Error | Coming::Entry => {
                let link = site.follow(session.links, random);
                if Site::depends_on_way(link) {
                    self.on_the_way(session, link)
                } else {
                    (Method::Get, link)
                }
            }
            Coming::Cart => (Method::Get, site.cart),
            Coming::Login => (Method::Post, site.login),
            Coming::Logout => (Method::Post, site.logout),
        };
        let outcome = match session.coming {
            Coming::Error => Outcome::ServerError,
            _ => site.outcome(link, random),
        };
        // Visitors whose log-in fails are not logged in.
        session.logged_in |=
            session.coming == Coming::Login && outcome == Outcome::RedirectTemporary;
        let referrer = if session.on != Referrer::NONE {
            session.on
        } else {
            match session.coming {
                // The form was loaded before.
                Coming::Login => Referrer::page(link.url),
                Coming::Entry if random.happens(self.from_elsewhere) => {
                    Referrer::external(site.external_referrer(random))
                }
                _ => Referrer::NONE,
            }
        };
        let hit = Hit {
            time: now,
            visitor: session.visitor,
            url: link.url,
            referrer,
            method,
            outcome,
            protocol: Protocol::Http11,
            kind: ActorKind::Person,
            credentials: Credentials::new(
                session.place != ConnectionPlace::FIRST,
                session.logged_in,
            ),
            event: EventMark::NONE,
            connection: session.place.connection,
            on_connection: session.place.request,
        };
        (session.links, session.on) = (link.leads_to, Referrer::page(link.url));
        let goes_on = self.go_on(session, now, random);
        session.random_state = random.state();
        (hit, goes_on)
    }

    const WALKS: u32 = 2_048;
    const MOST_PARTS: u32 = 0;
    const LUMPS: f64 = 1.0;

    #[inline(always)]
    fn is_part(_: &Session) -> bool {
        false
    }

    #[inline(always)]
    fn reserved(_: &Session) -> u32 {
        0
    }

    #[inline(always)]
    fn parts(&self, _: &Session) -> u32 {
        0
    }

    fn put_off(session: &mut Session, until: Time) {
        session.due = until;
    }

    fn patience(session: &Session) -> Time {
        PATIENCE.max(Time::from(session.patience_ms) * MILLISECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_session_costs_at_most_64_bytes() {
        assert!(size_of::<Session>() <= 64, "{}", size_of::<Session>());
    }
}
