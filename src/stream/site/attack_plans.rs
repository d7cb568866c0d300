//! What attackers send to a site: for each attack of a scenario the requests, with the answers of a site that withstands it and of
//! one that does not.

use super::attack_places::AttackPlaces;
use super::fate::Outcome;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::event_kind::{EventClass, EventKind};
use crate::config::{Config, ScenarioEvent};
use crate::stream::attack::attackers::{AttackOrigin, agents};
use crate::stream::attack::payloads::{Payload, PayloadPlace, payloads};
use crate::stream::method::Method;
use crate::stream::random::hash;
use crate::stream::scenario::marks::stages;

/// How many pages a scraper knows at the most, how many searches a flood has, and how many numbers are tried.
const SCRAPED: usize = 20_000;
const SEARCHES: u64 = 400;
const NUMBERS: u64 = 4_000;

/// A request of an attack.
#[derive(Clone, Copy, Debug)]
pub struct AttackRequest {
    /// The URL.
    pub url: UrlId,
    /// The method.
    pub method: Method,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The stage: an index into the [`stages`] of the kind.
    pub stage: u8,
    /// The user agent that is the payload, an index into the [`agents`] of all attackers.
    pub agent: Option<u16>,
}

/// The requests of one attack.
#[derive(Debug)]
pub struct AttackPlan {
    /// What each attacker sends, in this order, again and again.
    pub requests: Vec<AttackRequest>,
    /// What an attacker sends when it has succeeded.
    pub success: Vec<AttackRequest>,
    /// One in so many requests succeeds; 0 for none.
    pub odds: u64,
    /// The user agents of the attackers, as indices into [`agents`]; none for any.
    pub agents: Vec<u16>,
    /// After how many requests in ten minutes a site that withstands the attack answers 429 to an address.
    pub limit: Option<u32>,
    /// Where the attackers come from.
    pub from: AttackOrigin,
}

/// The plans of all attacks of a scenario.
pub(super) fn attack_plans(
    urls: &mut Urls,
    pages: &[(UrlId, f64)],
    config: &Config,
) -> Vec<AttackPlan> {
    let agents = agents(config);
    let attacks = config.scenario.iter().filter(|event| event.kind.class() == EventClass::Attack);
    let (places, of_site) = (AttackPlaces::of(config), urls.len() as UrlId);
    let plan = |event: &ScenarioEvent| {
        let mut planner = Planner { urls: &mut *urls, agents: &agents, places, of_site, event };
        let plan = planner.plan(pages);
        AttackPlan { limit: plan.limit.filter(|_| event.is_patched()), ..plan }
    };
    attacks.map(plan).collect()
}

/// Lays out one attack.
struct Planner<'a> {
    urls: &'a mut Urls,
    agents: &'a [&'static str],
    places: &'static AttackPlaces,
    /// How many URLs the site has of its own.
    of_site: UrlId,
    event: &'a ScenarioEvent,
}

impl Planner<'_> {
    fn plan(&mut self, pages: &[(UrlId, f64)]) -> AttackPlan {
        use Outcome::{Forbidden, Success};
        let kind = self.event.kind;
        let mut plan = AttackPlan {
            requests: Vec::new(),
            success: Vec::new(),
            odds: 0,
            agents: Vec::new(),
            limit: None,
            from: AttackOrigin::Hosting,
        };
        if let Some(file) = payloads(kind) {
            plan.requests = file.requests.iter().map(|payload| self.of_payload(payload)).collect();
            plan.agents = file.agents.iter().map(|agent| self.agent(agent)).collect();
            return plan;
        }
        match kind {
            EventKind::CredentialStuffing | EventKind::PasswordSpraying => self.log_ins(&mut plan),
            EventKind::AccountTakeover => self.takeover(&mut plan),
            EventKind::Carding => self.cards(&mut plan),
            EventKind::Scraping => {
                plan.requests = pages.iter().take(SCRAPED).map(|(url, _)| get(*url)).collect();
                plan.limit = Some(120);
            }
            EventKind::Ddos => {
                let outcome = if self.event.is_patched() { Success } else { Outcome::Unavailable };
                let place = self.places.search;
                let search =
                    |number: u64| format!("{place}?q={:x}", hash(&number.to_string()) >> 24);
                plan.requests = self.each((0..SEARCHES).map(search), outcome);
                plan.limit = Some(30);
                plan.from = AttackOrigin::Homes;
            }
            EventKind::IdEnumeration => {
                let outcome = if self.event.is_patched() { Forbidden } else { Success };
                let place = self.places.numbered;
                let number = |number: u64| format!("{place}{}", 10_000 + number);
                plan.requests = self.each((0..NUMBERS).map(number), outcome);
            }
            kind => unreachable!("{} is no attack without payloads", kind.name()),
        }
        plan
    }

    /// Log-ins, of which few are right.
    fn log_ins(&mut self, plan: &mut AttackPlan) {
        let AttackPlaces { log_in, wrong_password, done, account, .. } = *self.places;
        plan.requests = vec![self.to(Method::Post, log_in, wrong_password, 0)];
        plan.success = vec![
            self.to(Method::Post, log_in, done, 1),
            self.to(Method::Get, account, Outcome::Success, 1),
        ];
        plan.odds = 150;
        plan.limit = Some(10);
        plan.from = AttackOrigin::Homes;
    }

    /// A log-in that is right at once, and changes to the account.
    fn takeover(&mut self, plan: &mut AttackPlan) {
        use Outcome::Success;
        let AttackPlaces { log_in, done, account, security, payment, order, .. } = *self.places;
        if self.places.has_forms {
            plan.requests.push(self.to(Method::Get, log_in, Success, 0));
        }
        plan.requests.extend([
            self.to(Method::Post, log_in, done, 0),
            self.to(Method::Get, account, Success, 1),
            self.to(Method::Get, security, Success, 1),
            self.to(Method::Post, security, done, 1),
            self.to(Method::Get, payment, Success, 1),
            self.to(Method::Post, order, done, 1),
        ]);
        plan.from = AttackOrigin::Abroad;
    }

    /// Something small in the cart, and card after card, most of which are declined.
    fn cards(&mut self, plan: &mut AttackPlan) {
        use Outcome::Success;
        let AttackPlaces { cart, before_payment, order, ordered, done, declined, .. } =
            *self.places;
        plan.requests = vec![
            self.to(Method::Post, cart, done, 0),
            self.to(Method::Get, before_payment, Success, 0),
        ];
        plan.requests.extend([self.to(Method::Post, order, declined, 0); 8]);
        plan.success =
            vec![self.to(Method::Post, order, done, 1), self.to(Method::Get, ordered, Success, 1)];
        plan.odds = 60;
        plan.limit = Some(6);
        plan.from = AttackOrigin::Homes;
    }

    fn each(
        &mut self,
        targets: impl Iterator<Item = String>,
        outcome: Outcome,
    ) -> Vec<AttackRequest> {
        targets.map(|target| self.to(Method::Get, &target, outcome, 0)).collect()
    }

    fn to(&mut self, method: Method, target: &str, outcome: Outcome, stage: u8) -> AttackRequest {
        // What the site has keeps its size.
        let url = self.urls.intern_sized(target, 7_900, BodyKind::Dynamic);
        AttackRequest { url, method, outcome, stage, agent: None }
    }

    fn of_payload(&mut self, payload: &Payload) -> AttackRequest {
        let target = match payload.place {
            PayloadPlace::Path => payload.text.to_owned(),
            PayloadPlace::Query if payload.text.starts_with("q=") => {
                format!("{}?{}", self.places.search, payload.text)
            }
            PayloadPlace::Query => format!("{}?{}", self.places.list, payload.text),
            PayloadPlace::Agent => "/".to_owned(),
        };
        let status = if self.event.is_patched() { payload.patched } else { payload.unpatched };
        let method = Method::ALL.into_iter().find(|method| method.name() == payload.method);
        let request = self.to(Method::Get, &target, outcome(status), 0);
        // What the site has is there for attackers, too.
        let is_there = request.url < self.of_site && request.outcome == Outcome::NotFound;
        let stages = stages(self.event.kind);
        let stage = stages.iter().position(|stage| *stage == payload.stage);
        AttackRequest {
            method: method.unwrap_or(Method::Get),
            stage: stage.expect("a payload has a stage of its kind") as u8,
            agent: (payload.place == PayloadPlace::Agent).then(|| self.agent(payload.text)),
            outcome: if is_there { Outcome::Success } else { request.outcome },
            ..request
        }
    }

    fn agent(&self, agent: &str) -> u16 {
        let place = self.agents.iter().position(|known| *known == agent);
        place.expect("all agents of attackers are known") as u16
    }
}

/// A page that is asked for and there.
fn get(url: UrlId) -> AttackRequest {
    AttackRequest { url, method: Method::Get, outcome: Outcome::Success, stage: 0, agent: None }
}

/// The outcome that a server logs with a status.
fn outcome(status: u16) -> Outcome {
    match status {
        200..=299 => Outcome::Success,
        301 => Outcome::RedirectPermanent,
        300..=399 => Outcome::RedirectTemporary,
        400 => Outcome::BadRequest,
        401 => Outcome::Unauthorized,
        403 => Outcome::Forbidden,
        405 => Outcome::MethodNotAllowed,
        429 => Outcome::TooManyRequests,
        502 => Outcome::BadGateway,
        503 => Outcome::Unavailable,
        500..=599 => Outcome::ServerError,
        _ => Outcome::NotFound,
    }
}
