//! A person with a browser: comes from somewhere or by itself, loads pages with their assets, thinks, follows links, logs in,
//! buys, and leaves.

mod redirects;

use super::actor::{Actor, Ground};
use super::page_files::{PageFiles, PageShown, fetch};
use super::people::{Identities, Regulars, stay_silent};
use super::states::{Move, States};
use super::visit::Visit;
use crate::config::Config;
use crate::stream::hit::{Credentials, Protocol};
use crate::stream::method::Method;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Random};
use crate::stream::site::{HOME, Link, Outcome, Site};
use crate::stream::{Referrer, SECOND, Time, seconds};

/// How long a browser keeps files before it comes again, at the least; a new version of the site since then has other files.
const KEPT: Time = 12 * 3_600 * SECOND;
/// How long people wait before they try again, seconds, at the most.
const MOST_PATIENT: f64 = 15.0;
/// The number of lines a day for which one person more comes back: those who come within two days.
const LINES_A_REGULAR: f64 = 40.0;

/// How many other links are looked at by who would follow one to the page that is shown.
const OTHERS: u32 = 2;
/// How soon a connection runs out that the browser has opened and not used, at the least.
const SILENCE: Time = 20 * SECOND;

/// A person with a browser.
#[derive(Debug)]
pub struct Person {
    identities: Identities,
    pages: Quantiles,
    states: Option<States>,
    /// Seconds between a page with its assets and the next page.
    think: Quantiles,
    files: PageFiles,
    regulars: Regulars,
    returns: Chance,
    has_files: Chance,
    from_elsewhere: Chance,
    advertised: Chance,
    lost_referrer: Chance,
    other_tab: Chance,
    reloads: Chance,
    goes_back: Chance,
    logs_in: Chance,
    wrong_password: Chance,
    buys: Chance,
    pays: Chance,
    leaves_after_failure: Chance,
    stays_silent: Chance,
}

/// Where a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Step {
    Browsing,
    LogInForm,
    LogIn,
    LoggedIn,
    Added,
    Cart,
    Checkout,
    Order,
    Paid,
}

const STEPS: [Step; 9] = [
    Step::Browsing,
    Step::LogInForm,
    Step::LogIn,
    Step::LoggedIn,
    Step::Added,
    Step::Cart,
    Step::Checkout,
    Step::Order,
    Step::Paid,
];

impl Person {
    /// The people of a configuration.
    pub fn new(config: &Config) -> Self {
        let people = &config.actors.people;
        Self {
            identities: Identities::new(people),
            pages: Quantiles::of_counts(&people.pages),
            states: States::new(config),
            think: Quantiles::of_times(&people.think_time),
            files: PageFiles::new(people),
            regulars: Regulars::new(people.regulars, config.output.rate, LINES_A_REGULAR),
            returns: Chance::new(people.returning),
            has_files: Chance::new(people.cached),
            from_elsewhere: Chance::new(people.external_referrer),
            advertised: Chance::new(people.campaign),
            lost_referrer: Chance::new(people.no_referrer),
            other_tab: Chance::new(people.other_tab),
            reloads: Chance::new(people.reload),
            goes_back: Chance::new(people.back),
            logs_in: Chance::new(people.log_in),
            wrong_password: Chance::new(people.wrong_password),
            buys: Chance::new(people.add_to_cart),
            pays: Chance::new(people.check_out),
            leaves_after_failure: Chance::new(people.leave_after_failure),
            stays_silent: Chance::new(people.silent),
        }
    }

    /// Sets the next page.
    fn open(
        &self,
        site: &Site,
        visit: &mut Visit,
        link: Link,
        now: Time,
        wait: f64,
        random: &mut Random,
    ) {
        let other = random.happens(self.other_tab);
        let other = other.then(|| site.in_order(site.follow(HOME, random), None).url);
        let other = other.filter(|other| *other != link.url);
        let from = Referrer::page(other.unwrap_or(visit.page));
        visit.leave_page();
        visit.get(link.url, now, seconds(wait));
        visit.next.referrer =
            if random.happens(self.lost_referrer) { Referrer::NONE } else { from };
        visit.links = link.leads_to;
    }

    /// Sets the next page: one that a link of the present page leads to, if the link is right.
    fn follow(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        wait: f64,
        random: &mut Random,
    ) {
        let Ground { site, grounds, .. } = ground;
        let mut next = site.in_order(site.follow(visit.links, random), Some(visit.page));
        // Few follow a link to where they are.
        for _ in 0..OTHERS {
            if next.url != visit.page {
                break;
            }
            next = site.in_order(site.follow(visit.links, random), Some(visit.page));
        }
        let outcome = site.outcome(next, random);
        let wrong = grounds.broken.link_from(visit.page, next.url);
        let (url, outcome, leads_to) = match wrong {
            None => (next.url, outcome, next.leads_to),
            Some(wrong) if wrong.outcome == Outcome::NotFound => {
                (wrong.url, wrong.outcome, visit.links)
            }
            Some(wrong) => (wrong.url, wrong.outcome, next.leads_to),
        };
        self.open(site, visit, Link { url, leads_to, ..next }, now, wait, random);
        visit.next.outcome = outcome;
    }

    /// Decides what comes after a page that is there with its assets. Returns false if the visit ends.
    fn decide(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        random: &mut Random,
    ) -> bool {
        let Ground { site, grounds, .. } = ground;
        let wait = self.think.draw(random);
        let link = |url| Link { url, ..site.cart };
        let step = |visit: &mut Visit, step: Step| visit.step = step as u8;
        match STEPS[usize::from(visit.step)] {
            Step::LogInForm => {
                send(visit, site.login, now, wait.min(40.0));
                if random.happens(self.wrong_password) {
                    // The form again, with a message.
                    visit.next.outcome = Outcome::Success;
                } else {
                    step(visit, Step::LogIn);
                }
                return true;
            }
            Step::Cart if random.happens(self.pays) => {
                self.open(site, visit, link(grounds.places.checkout), now, wait, random);
                step(visit, Step::Checkout);
                return true;
            }
            Step::Checkout if random.happens(self.pays) => {
                send(visit, link(grounds.places.checkout), now, wait.max(15.0));
                step(visit, Step::Order);
                return true;
            }
            Step::LogIn | Step::LoggedIn | Step::Added | Step::Order | Step::Browsing => {}
            Step::Cart | Step::Checkout | Step::Paid => step(visit, Step::Browsing),
        }
        match self.next_move(visit, wait, random) {
            Move::View => {}
            Move::Leave => return false,
            other => {
                self.take(other, ground, visit, now, wait, random);
                return true;
            }
        }
        if random.happens(self.reloads) {
            visit.get(visit.page, now, seconds(wait));
            visit.next.outcome = site.outcome_of(visit.page, random);
            visit.reloads = true;
        } else if random.happens(self.goes_back) && visit.go_back() {
            // The browser shows the page that it has kept; its script reports again.
            self.files.choose(ground, visit, PageShown::Kept, random);
            if !fetch(ground, visit, now, wait, random) {
                self.follow(ground, visit, now, wait, random);
            }
        } else if random.happens(self.buys) && grounds.is_product(visit.page) {
            send(visit, link(grounds.places.add_to_cart), now, wait);
            step(visit, Step::Added);
        } else {
            self.follow(ground, visit, now, wait, random);
        }
        true
    }

    /// What the visitor does after a page. Without tables of states, it looks at as many pages as were drawn when it came.
    #[inline]
    fn next_move(&self, visit: &mut Visit, wait: f64, random: &mut Random) -> Move {
        if let Some(states) = &self.states {
            return states.next(visit, wait, random);
        }
        if visit.left == 0 {
            return Move::Leave;
        }
        visit.left -= 1;
        Move::View
    }

    /// Takes a move that is more than to look at another page.
    #[cold]
    fn take(
        &self,
        next: Move,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        wait: f64,
        random: &mut Random,
    ) {
        let Ground { site, .. } = ground;
        match next {
            Move::LogIn => self.open(site, visit, site.login, now, wait, random),
            Move::LogOut => send(visit, site.logout, now, wait),
            Move::Cart => self.open(site, visit, site.cart, now, wait, random),
            Move::Enter => {
                visit.links = HOME;
                self.follow(ground, visit, now, wait, random);
            }
            Move::Fail => {
                self.follow(ground, visit, now, wait, random);
                visit.next.outcome = Outcome::ServerError;
            }
            Move::View | Move::Leave => {}
        }
    }

    /// Sets who comes and what the first request is.
    fn enter(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let Ground { site, grounds, origins, salt, .. } = ground;
        if random.happens(self.returns) {
            self.identities.come_again(visit, salt, self.regulars.draw(random));
            let version = |at| ground.failures.version_at(at);
            let is_same = version(visit.next.time) == version(visit.next.time.saturating_sub(KEPT));
            visit.has_earlier = random.happens(self.has_files);
            if visit.has_earlier {
                visit.knows_http3();
            }
            visit.has_shared = visit.has_earlier && is_same;
            visit.next.credentials = Credentials::COOKIE;
        } else {
            self.identities.come(visit, random);
        }
        self.files.settle(visit, random);
        let first = match &self.states {
            Some(states) => states.start(visit, random),
            None => {
                visit.left = self.pages.draw_count(random) - 1;
                Move::Enter
            }
        };
        let link = site.in_order(site.follow(HOME, random), None);
        visit.first(link.url);
        visit.links = link.leads_to;
        visit.next.outcome = site.outcome(link, random);
        match first {
            Move::LogIn => return visit.first(site.login.url),
            Move::Cart => return visit.first(site.cart.url),
            Move::Fail => visit.next.outcome = Outcome::ServerError,
            _ => {}
        }
        let page = visit.next.url;
        let is_advertised = random.happens(self.advertised);
        let visitor = visit.next.visitor;
        let from = |referrer| Referrer::external(origins.fitting(visitor, referrer));
        let advertised =
            |random| grounds.campaigns.advertised(page, origins.place(visitor), random);
        if let Some((url, place)) = is_advertised.then(|| advertised(random)).flatten() {
            visit.next.url = url;
            visit.next.referrer = {
                let external = site.external_referrers();
                external.of_advertisement(place, random).map_or(Referrer::NONE, from)
            };
        } else if random.happens(self.from_elsewhere) {
            visit.next.referrer = from(site.external_referrer(random));
        } else if self.states.is_none() && random.happens(self.logs_in) {
            visit.first(site.login.url);
            visit.left += 2;
        }
    }
}

impl Actor for Person {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        self.enter(ground, visit, random);
        visit.page = visit.next.url;
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.next.method == Method::Unread {
            return false;
        }
        if self.step_on(ground, visit, now, random) {
            if !visit.is_part {
                ground.grounds.read_ahead(visit.next.url);
            }
            return true;
        }
        if !random.happens(self.stays_silent) {
            return false;
        }
        visit.get(ground.grounds.places.silence, now, SILENCE + random.below(SILENCE));
        stay_silent(visit);
        (visit.next.method, visit.next.protocol) = (Method::Unread, Protocol::Http10);
        visit.next.outcome = Outcome::RequestTimeout;
        visit.next.credentials = Credentials::NONE;
        true
    }
}

impl Person {
    /// Decides what comes after a hit. Returns false if the visit ends.
    fn step_on(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        now: Time,
        random: &mut Random,
    ) -> bool {
        if visit.is_part {
            if visit.assets == 0 {
                return self.decide(ground, visit, now, random);
            }
            let wait = self.files.before_next(visit.next.visitor, random);
            return fetch(ground, visit, now, wait, random);
        }
        visit.next.credentials = Credentials::COOKIE;
        match (visit.next.method, visit.next.outcome) {
            (_, Outcome::RedirectTemporary | Outcome::RedirectPermanent) => {
                return self.redirected(ground, visit, now, random);
            }
            (_, Outcome::Success) => {}
            (method, outcome) if outcome.is_failure() => {
                if random.happens(self.leaves_after_failure) {
                    return false;
                }
                // The same again.
                let (url, referrer) = (visit.next.url, visit.next.referrer);
                visit.get(url, now, seconds(self.think.draw(random).min(MOST_PATIENT)));
                (visit.next.method, visit.next.referrer) = (method, referrer);
                visit.next.outcome = match ground.site.outcome_of(url, random) {
                    Outcome::Success if method == Method::Post => Outcome::RedirectTemporary,
                    outcome => outcome,
                };
                return true;
            }
            _ => {
                if random.happens(self.leaves_after_failure) {
                    return false;
                }
                return self.decide(ground, visit, now, random);
            }
        }
        let shown =
            if std::mem::take(&mut visit.reloads) { PageShown::Again } else { PageShown::New };
        visit.page = visit.next.url;
        if visit.next.url == ground.site.login.url && visit.step == Step::Browsing as u8 {
            visit.step = Step::LogInForm as u8;
        }
        self.files.choose(ground, visit, shown, random);
        let wait = self.files.before_first(visit.next.visitor, random);
        if fetch(ground, visit, now, wait, random) {
            return true;
        }
        self.decide(ground, visit, now, random)
    }
}

/// Sends the form of the page that the visitor looks at, which leads elsewhere.
fn send(visit: &mut Visit, to: Link, now: Time, wait: f64) {
    visit.leave_page();
    visit.get(to.url, now, seconds(wait));
    (visit.next.method, visit.next.outcome) = (Method::Post, Outcome::RedirectTemporary);
    visit.next.referrer = Referrer::page(visit.page);
    visit.links = to.leads_to;
}
