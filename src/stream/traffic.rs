//! The traffic of a profile: visitors of all kinds, each with manners of its own. This file has what they share; each kind has a
//! file below. They know the site and themselves, but neither the rate nor other visits.

mod actor;
pub mod agents;
mod app;
pub mod app_agents;
mod bot_hosts;
mod bot_protocols;
pub mod bots;
mod crawler;
mod crowds;
mod doors;
mod failures;
mod feed_reader;
mod feed_times;
mod hotlink;
mod link_preview;
mod monitor;
mod network_apps;
mod origins;
mod outages;
mod page_files;
mod partner;
pub mod people;
mod person;
mod scanner;
mod slow_answers;
pub mod sources;
mod states;
mod stray;
mod trials;
mod visit;

use actor::{Actor, Ground};
use app::App;
use bot_hosts::BotHosts;
use crawler::Crawler;
use crowds::Crowds;
use doors::Doors;
use failures::ServerFailures;
use feed_reader::FeedReader;
use hotlink::Hotlink;
use link_preview::LinkPreview;
use monitor::Monitor;
use origins::Origins;
use outages::{Outages, is_askable};
use partner::Partner;
use person::Person;
use scanner::Scanner;
use slow_answers::Struck;
use stray::Stray;
pub use visit::Visit;

use super::actor_kind::ActorKind;

use super::random::{Choice, Random, mix};
use super::site::{BodyKind, MOST_ASSETS, Outcome, Site};
use super::visits::Visits;
use super::{EventMark, Hit, Method, Referrer, ReferrerKind, SECOND, Time, seconds};
use crate::config::Config;
use crate::config::actors::MOST_SECONDS;
use crate::shard::Shard;

/// How long a client waits before it asks again in a storm, seconds: at the least, and more in the mean.
const RETRY: (f64, f64) = (0.05, 0.6);
/// How many visitors are asked, where those who do not trust the site stay away.
const ASKED: u32 = 200;
/// How long a request may wait for its turn.
const PATIENCE: Time = 20 * SECOND;

/// What is learned of visits by trying them, where an event of a scenario needs it.
#[derive(Clone, Debug, Default)]
struct Learned {
    /// The mean number of lines of a person's visit.
    person: Option<f64>,
    /// The same of each kind of crawler in a wave.
    in_wave: Option<[f64; ActorKind::CRAWLERS.len()]>,
    /// The share of the usual lines that clients ask for again where they fail.
    askable: Option<f64>,
}

/// All kinds of visitors of a site.
#[derive(Debug)]
pub struct Traffic {
    site: Site,
    actors: Vec<Box<dyn Actor>>,
    kinds: Choice<ActorKind>,
    /// How many visits a line of the usual traffic stands for.
    visits_a_line: f64,
    /// The configuration that it was made for, and what was learned of it.
    began_with: Box<Config>,
    learned: Learned,
    failures: ServerFailures,
    outages: Outages,
    crowds: Crowds,
    doors: Doors,
    /// Whether clients ask again in storms.
    has_storms: bool,
    bot_hosts: BotHosts,
    origins: Origins,
    /// Sets the visitors of this stream apart from those of others.
    salt: u64,
}

/// Who behaves as a kind does.
fn actor(kind: ActorKind, config: &Config, site: &Site) -> Box<dyn Actor> {
    let actors = &config.actors;
    match kind {
        ActorKind::Person => Box::new(Person::new(config)),
        ActorKind::Hotlink => Box::new(Hotlink::new(actors, site.external_referrers())),
        ActorKind::SearchCrawler => Box::new(Crawler::new(&actors.search_crawlers, &actors.bots)),
        ActorKind::AiCrawler => Box::new(Crawler::new(&actors.ai_crawlers, &actors.bots)),
        ActorKind::SeoCrawler => Box::new(Crawler::new(&actors.seo_crawlers, &actors.bots)),
        ActorKind::Monitor => Box::new(Monitor::new(&actors.monitors)),
        ActorKind::FeedReader => Box::new(FeedReader::new(&actors.feed_readers)),
        ActorKind::LinkPreview => Box::new(LinkPreview::new(&actors.link_previews)),
        ActorKind::Scanner => Box::new(Scanner::new(&actors.scanners, &actors.bots)),
        ActorKind::Stray => Box::new(Stray::new(actors)),
        ActorKind::App => Box::new(App::new(config)),
        ActorKind::Partner => Box::new(Partner::new(&actors.partners)),
        ActorKind::Attacker => unreachable!("attackers do not come by themselves"),
    }
}

impl Traffic {
    /// The traffic of a configuration with a profile.
    pub fn new(config: &Config) -> Self {
        let site = Site::new(config);
        let mut traffic = Self {
            actors: ActorKind::USUAL.map(|kind| actor(kind, config, &site)).into(),
            kinds: Choice::among(&ActorKind::USUAL, &ActorKind::USUAL.map(|_| 1.0)),
            visits_a_line: 1.0,
            began_with: Box::new(config.clone()),
            learned: Learned::default(),
            failures: ServerFailures::new(&config.failures),
            outages: Outages::new(config, &site),
            crowds: Crowds::new(config, &site),
            doors: Doors::new(config),
            has_storms: false,
            bot_hosts: BotHosts::new(config),
            origins: Origins::new(config, site.external_referrers()),
            site,
            salt: 0,
        };
        // The shares are shares of lines; visits of kinds with many lines are fewer.
        let shares = ActorKind::USUAL.into_iter().zip(config.actors.shares.weights());
        let (kinds, weights): (Vec<ActorKind>, Vec<f64>) = shares
            .filter(|(_, share)| *share > 0.0)
            .map(|(kind, share)| (kind, share / traffic.lines_of(kind)))
            .unzip();
        traffic.kinds = Choice::among(&kinds, &weights);
        let all: f64 = config.actors.shares.weights().iter().sum();
        traffic.visits_a_line = weights.iter().sum::<f64>() / all;
        traffic.learn();
        traffic.expect(config);
        traffic
    }

    fn ground(&self) -> Ground<'_> {
        let grounds = self.site.grounds().expect("a site with a profile has grounds");
        let Self { site, failures, bot_hosts, origins, salt, .. } = self;
        Ground { site, grounds, failures, bot_hosts, origins, salt: *salt }
    }

    /// Whether the next answer comes from the application, and not from a file.
    fn is_made_by_application(&self, visit: &Visit) -> bool {
        let Hit { url, method, .. } = visit.next;
        let is_read = matches!(method, Method::Get | Method::Head | Method::Options);
        let is_dynamic = self.site.urls().get(url).body == BodyKind::Dynamic;
        method != Method::Unread
            && (!is_read || is_dynamic || url == self.ground().grounds.places.health)
    }

    /// Lets a failure of a scenario strike the hit, and the visitor go on. Returns false if the visit ends.
    #[cold]
    fn struck(&self, visit: &mut Visit, hit: &mut Hit, random: &mut Random) -> bool {
        let is_dynamic = self.is_made_by_application(visit);
        let struck = self.outages.strike(hit, is_dynamic, &self.site, random);
        let was_missing = hit.outcome == Outcome::NotFound;
        if let Some(Struck { outcome, mark, asks_again, .. }) = struck {
            visit.next.outcome = outcome;
            (hit.outcome, hit.event) = (outcome, mark);
            if outcome == Outcome::ClientClosed {
                return false;
            }
            if asks_again {
                let wait = RETRY.0 + RETRY.1 * random.exponential();
                visit.ask_again(hit.time, seconds(wait), mark);
                if was_missing {
                    visit.next.outcome = Outcome::NotFound;
                }
                return true;
            }
            if self.has_storms && visit.next.event == mark {
                visit.next.event = EventMark::NONE;
            }
        }
        let actor = &self.actors[visit.next.kind as usize];
        let goes_on = actor.go_on(self.ground(), visit, hit.time, random);
        if let Some(Struck { later, .. }) = struck {
            let latest = (hit.time + self.longest_think()).max(visit.next.time);
            visit.next.time = (visit.next.time + later).min(latest);
        }
        goes_on
    }

    /// Takes the mark of a storm that is over from a visit.
    #[cold]
    fn calm(&self, visit: &mut Visit) {
        if self.outages.has_storm(visit.next.event) {
            visit.next.event = EventMark::NONE;
        }
    }

    /// A visit of one who comes by an event, or of one whom no event keeps away.
    fn enter(&mut self, due: Time, seeds: &mut Random) -> Visit {
        if let Some((kind, wave)) = self.doors.come(due, seeds) {
            let mut visit = self.begin(kind, due, seeds);
            self.doors.lead(wave, &mut visit);
            return visit;
        }
        let mut visit = self.begin(self.kinds.draw(seeds), due, seeds);
        // On a site whose visitors all stay away, no other visitor can take the turn.
        for _ in 0..ASKED {
            if !self.doors.refuse(&visit) {
                break;
            }
            visit = self.begin(self.kinds.draw(seeds), due, seeds);
        }
        visit
    }

    /// Another visitor who is where `visit` is.
    fn like(&self, visit: &Visit, due: Time, seeds: &mut Random) -> Visit {
        let mut random = Random::new(seeds.bits());
        let other = self.begin(visit.next.kind, due, seeds);
        if visit.next.kind == ActorKind::Scanner {
            // Each scanner has lists of its own.
            let mut like = other;
            (like.next.time, like.left, like.random_state) = (due, visit.left, random.bits());
            return like;
        }
        let mut visit = *visit;
        if visit.is_part {
            // The visit was tried at another time, when another version was live.
            let version = self.failures.version_at(due);
            let grounds = self.ground().grounds;
            visit.next.url = grounds.in_version(visit.next.url, version);
            if let ReferrerKind::Page(page) = visit.next.referrer.kind() {
                visit.next.referrer = Referrer::page(grounds.in_version(page, version));
            }
        }
        visit.pass_to(&other);
        visit.next.time = due;
        visit.random_state = random.bits();
        visit
    }

    fn begin(&self, kind: ActorKind, due: Time, seeds: &mut Random) -> Visit {
        let mut random = Random::new(seeds.bits());
        let mut visit = Visit::new(kind, due);
        self.actors[kind as usize].begin(self.ground(), &mut visit, &mut random);
        visit.random_state = random.state();
        visit
    }
}

impl Visits for Traffic {
    type Session = Visit;

    fn begin_stream(&mut self, site_seed: u64, own_seed: u64, start: Time, shard: Shard) {
        self.bot_hosts.share_out(shard);
        self.failures.reseed(site_seed);
        self.outages.begin(site_seed, start);
        self.crowds.begin(site_seed, start);
        self.doors.begin(site_seed, start);
        self.salt = mix(own_seed ^ 0x7361_6c74);
    }

    fn follow(&mut self, config: &Config, site_seed: u64, start: Time) {
        self.failures = ServerFailures::new(&config.failures);
        self.failures.reseed(site_seed);
        self.outages = Outages::new(config, &self.site);
        self.outages.begin(site_seed, start);
        self.crowds = Crowds::new(config, &self.site);
        self.crowds.begin(site_seed, start);
        self.doors = Doors::new(config);
        self.doors.begin(site_seed, start);
        self.learn_anew(config);
        self.expect(config);
    }

    fn site(&self) -> &Site {
        &self.site
    }

    fn site_mut(&mut self) -> &mut Site {
        &mut self.site
    }

    fn longest_think(&self) -> Time {
        seconds(MOST_SECONDS)
    }

    fn start(&mut self, due: Time, seeds: &mut Random) -> Visit {
        let Some(crowd) = self.crowds.come(due, seeds) else {
            if self.doors.are_none() {
                return self.begin(self.kinds.draw(seeds), due, seeds);
            }
            return self.enter(due, seeds);
        };
        let mut visit = self.begin(ActorKind::Person, due, seeds);
        let mut random = Random::new(visit.random_state);
        self.crowds.lead(crowd, &mut visit, self.ground(), &mut random);
        visit.random_state = random.state();
        visit
    }

    fn someone_like(&mut self, visit: &Visit, due: Time, seeds: &mut Random) -> Visit {
        let like = self.like(visit, due, seeds);
        // Who comes back after hours, and does not trust the site any more, stays away.
        if self.doors.are_none() || !self.doors.refuse(&like) {
            return like;
        }
        self.enter(due, seeds)
    }

    // Inlined always, as the guide's: a hit that is written in parts and copied right away makes the processor wait.
    #[inline(always)]
    fn hit(&mut self, visit: &mut Visit, now: Time) -> (Hit, bool) {
        let mut random = Random::new(visit.random_state);
        self.failures.go_to(now);
        if let Some((failure, chance)) = self.failures.present()
            && self.is_made_by_application(visit)
            && random.happens(chance)
        {
            visit.next.outcome = failure;
        }
        if self.outages.go_to(now) {
            self.failures.deploy(self.outages.version());
        }
        if self.has_storms
            && visit.next.event != EventMark::NONE
            && !self.outages.is_storm(visit.next.event)
        {
            self.calm(visit);
        }
        debug_assert_eq!(visit.next.time, now, "a hit is made when it is due");
        let mut hit = visit.next;
        if self.outages.are_on() {
            let goes_on = self.struck(visit, &mut hit, &mut random);
            visit.random_state = random.state();
            return (hit, goes_on && (self.doors.are_none() || self.doors.let_on(visit, now)));
        }
        let goes_on =
            self.actors[visit.next.kind as usize].go_on(self.ground(), visit, now, &mut random);
        visit.random_state = random.state();
        (hit, goes_on && (self.doors.are_none() || self.doors.let_on(visit, now)))
    }

    // Some kinds of visitors come rarely and stay long.
    const WALKS: u32 = 6_144;
    const MOST_PARTS: u32 = MOST_ASSETS as u32;
    const LUMPS: f64 = 40.0;

    #[inline(always)]
    fn is_part(visit: &Visit) -> bool {
        visit.is_part
    }

    #[inline(always)]
    fn reserved(visit: &Visit) -> u32 {
        visit.assets.count_ones() + u32::from(visit.is_part)
    }

    #[inline]
    fn parts(&self, visit: &Visit) -> u32 {
        self.ground().grounds.assets(visit.next.url).len() as u32
    }

    fn put_off(visit: &mut Visit, until: Time) {
        visit.next.time = until;
    }

    fn patience(_: &Visit) -> Time {
        PATIENCE
    }
}
