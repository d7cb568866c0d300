//! What the failures of a scenario do to the answers of the server. Outside of their events they draw nothing and change nothing.

use super::slow_answers::{SlowAnswers, Struck};
use crate::config::event_kind::EventKind;
use crate::config::links::{matches, path_of};
use crate::config::scenario::FailureStatus;
use crate::config::{Config, ScenarioEvent};
use crate::stream::actor_kind::ActorKind;
use crate::stream::random::{Chance, Random, hash, mix, uniform};
use crate::stream::scenario::scheduled::ScheduledEvent;
use crate::stream::scenario::slowness::SlownessNow;
use crate::stream::site::{BodyKind, Outcome, Site};
use crate::stream::wire::upstream;
use crate::stream::{EventMark, Hit, Method, SECOND, Time};

/// A flapping dependency fails for one half of each such time.
const FLAP: Time = 60 * SECOND;

/// A client asks again so many times at the most, in the mean.
const MOST_TIMES: f64 = 60.0;

/// All failures of a scenario.
#[derive(Debug)]
pub struct Outages {
    outages: Vec<Outage>,
    /// Those that are on; those that make answers slow come last.
    active: Vec<ActiveOutage>,
    /// What is needed to make answers slow, if an event does.
    slow: Option<Box<SlowAnswers>>,
    since: Time,
    until: Time,
    /// The share of the usual lines that a client asks for again where they fail.
    askable: f64,
    /// What sets the version of the site apart while a deploy goes wrong.
    version: u64,
}

/// One failure.
#[derive(Debug)]
struct Outage {
    scheduled: ScheduledEvent,
    failure: Outcome,
    /// The URLs that it concerns, by their ids; `None` for all answers of the application.
    urls: Option<Box<[bool]>>,
}

/// A failure that is on.
#[derive(Clone, Copy, Debug)]
struct ActiveOutage {
    place: usize,
    does: Strike,
}

/// What a failure does to an answer.
#[derive(Clone, Copy, Debug)]
enum Strike {
    /// It fails with this chance.
    Fails(Chance),
    /// It fails with this chance where something is written, and else ends in the midst.
    HasNoRoom(Chance),
    /// It fails with the first chance, and the client asks again with the second: of what has failed before, each answer fails.
    IsAskedAgain(Chance, Chance),
    /// It takes longer.
    Slow(SlownessNow),
}

impl Outages {
    /// The failures of a configuration.
    pub fn new(config: &Config, site: &Site) -> Self {
        let failures = ScheduledEvent::among(config, EventKind::fails).into_iter();
        let outage = |scheduled: ScheduledEvent| {
            let concerns = |page: &String| {
                let is_of = |target: &str| matches(page, path_of(target));
                site.urls().iter().map(|url| is_of(&url.target)).collect()
            };
            Outage {
                failure: match scheduled.event.status() {
                    FailureStatus::ServerError => Outcome::ServerError,
                    FailureStatus::BadGateway => Outcome::BadGateway,
                    FailureStatus::Unavailable => Outcome::Unavailable,
                    FailureStatus::GatewayTimeout => Outcome::GatewayTimeout,
                    FailureStatus::InsufficientStorage => Outcome::InsufficientStorage,
                },
                urls: scheduled.event.page.as_ref().map(concerns),
                scheduled,
            }
        };
        Self {
            outages: failures.map(outage).collect(),
            active: Vec::new(),
            slow: SlowAnswers::of(config, site).map(Box::new),
            since: 0,
            until: 0,
            askable: 1.0,
            version: 0,
        }
    }

    /// Whether clients ask again in storms.
    pub fn have_storms(&self) -> bool {
        self.outages.iter().any(|outage| outage.scheduled.event.kind == EventKind::RetryStorm)
    }

    /// Sets the share of the usual lines that a client asks for again where they fail.
    pub fn expect(&mut self, askable: f64) {
        self.askable = askable;
    }

    /// Whether an event with this mark is a storm, on or not.
    pub fn has_storm(&self, mark: EventMark) -> bool {
        let is_storm = |event: &ScenarioEvent| event.kind == EventKind::RetryStorm;
        self.outages
            .iter()
            .any(|outage| outage.scheduled.mark == mark && is_storm(&outage.scheduled.event))
    }

    /// Whether an event with this mark is a storm that is on.
    pub fn is_storm(&self, mark: EventMark) -> bool {
        let is = |active: &ActiveOutage| {
            let is_storm = matches!(active.does, Strike::IsAskedAgain(..));
            is_storm && self.outages[active.place].scheduled.mark == mark
        };
        self.active.iter().any(is)
    }

    /// Begins for a site with this seed, in a run from `origin` on.
    pub fn begin(&mut self, seed: u64, origin: Time) {
        for outage in &mut self.outages {
            outage.scheduled.begin(seed, origin);
        }
        if let Some(slow) = &mut self.slow {
            slow.begin(seed, origin);
        }
        (self.since, self.until) = (0, 0);
        self.active.clear();
        self.version = 0;
    }

    /// Makes a time the present. Returns true if something may be different since the time before.
    #[inline]
    pub fn go_to(&mut self, now: Time) -> bool {
        let turns = !self.outages.is_empty() && (now >= self.until || now < self.since);
        if turns {
            self.turn(now);
        }
        turns
    }

    fn turn(&mut self, now: Time) {
        self.active.clear();
        (self.since, self.until, self.version) = (now, Time::MAX, 0);
        for (place, outage) in self.outages.iter_mut().enumerate() {
            let mut on = outage.scheduled.strength(now);
            let event = &outage.scheduled.event;
            if let (EventKind::FlappingDependency, Some(began)) = (event.kind, on.began) {
                let gone = (now - began) % FLAP;
                let rest = if gone < FLAP / 2 { FLAP / 2 - gone } else { FLAP - gone };
                on.strength = if gone < FLAP / 2 { on.strength } else { 0.0 };
                on.until = on.until.min(now + rest);
            }
            self.until = self.until.min(on.until);
            if on.strength <= 0.0 {
                continue;
            }
            if event.kind == EventKind::BadDeploy {
                self.version = mix(hash(&event.name)) | 1;
            }
            let does = match &self.slow {
                Some(slow) if event.kind == EventKind::SlowResponses => {
                    let (now, until) = slow.at(event, on.strength, now);
                    self.until = self.until.min(until);
                    Strike::Slow(now)
                }
                _ if event.kind == EventKind::DiskFull => {
                    Strike::HasNoRoom(Chance::new(event.share.unwrap_or(1.0) * on.strength))
                }
                _ if event.kind == EventKind::RetryStorm => {
                    let share = event.share.unwrap_or(1.0);
                    let more = event.multiplier.unwrap_or(1.0) - 1.0;
                    // So many times each of those that fail is asked for again, in the mean.
                    let times = (more / (share * self.askable)).clamp(0.0, MOST_TIMES);
                    let again = Chance::new(times / (times + 1.0));
                    Strike::IsAskedAgain(Chance::new(share * on.strength), again)
                }
                _ => Strike::Fails(Chance::new(event.share.unwrap_or(1.0) * on.strength)),
            };
            self.active.push(ActiveOutage { place, does });
        }
        self.active.sort_by_key(|active| matches!(active.does, Strike::Slow(_)));
    }

    /// What sets the version of the site apart at present: 0 unless a deploy goes wrong.
    #[inline]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether a failure is on at present.
    #[inline]
    pub fn are_on(&self) -> bool {
        !self.active.is_empty()
    }

    /// What becomes of a request that a failure strikes; `None` if none does.
    pub fn strike(
        &self,
        hit: &Hit,
        is_made_by_application: bool,
        site: &Site,
        random: &mut Random,
    ) -> Option<Struck> {
        if hit.method == Method::Unread {
            return None;
        }
        self.active.iter().find_map(|ActiveOutage { place, does }| {
            let Outage { scheduled, failure, urls } = &self.outages[*place];
            let mark = scheduled.mark;
            // The files of a version that is not there.
            let is_missing = scheduled.event.kind == EventKind::BadDeploy
                && site.urls().get(hit.url).body == BodyKind::Text;
            if is_missing {
                return Some(Struck {
                    outcome: Outcome::NotFound,
                    mark,
                    later: 0,
                    asks_again: false,
                });
            }
            let concerns = match urls {
                Some(urls) => urls[hit.url as usize],
                // Files come from the servers of the application as well.
                None => is_made_by_application || scheduled.event.upstream.is_some(),
            };
            if !concerns || !concerns_visitor(&scheduled.event, hit) {
                return None;
            }
            match does {
                Strike::IsAskedAgain(chance, again) => {
                    let is_again = hit.event == mark;
                    (is_askable(hit) && (is_again || random.happens(*chance))).then(|| Struck {
                        outcome: *failure,
                        mark,
                        later: 0,
                        asks_again: random.happens(*again),
                    })
                }
                Strike::HasNoRoom(chance) => {
                    let writes = matches!(hit.method, Method::Post | Method::Put | Method::Patch);
                    let outcome = if writes { *failure } else { hit.outcome };
                    let is_struck = writes || outcome == Outcome::Success;
                    (is_struck && random.happens(*chance)).then_some(Struck {
                        outcome,
                        mark,
                        later: 0,
                        asks_again: false,
                    })
                }
                Strike::Fails(chance) => random.happens(*chance).then_some(Struck {
                    outcome: *failure,
                    mark,
                    later: 0,
                    asks_again: false,
                }),
                Strike::Slow(now) => {
                    let level = now.draw(random);
                    let slow = self.slow.as_ref()?;
                    (level > 0).then(|| slow.answer(hit, mark.stage(level - 1)))?
                }
            }
        })
    }
}

/// Whether an event concerns the visitor of a hit and the server that answers it.
#[inline]
fn concerns_visitor(event: &ScenarioEvent, hit: &Hit) -> bool {
    let is_one = |share: f64| uniform(mix(hit.visitor ^ hash(&event.name))) < share;
    let answers = |number: u32| upstream(hit) + 1 == number as usize;
    event.visitors.is_none_or(is_one) && event.upstream.is_none_or(answers)
}

/// Whether the client of a hit asks again at once where the answer fails.
pub fn is_askable(hit: &Hit) -> bool {
    matches!(hit.kind, ActorKind::Person | ActorKind::App | ActorKind::Partner)
}
