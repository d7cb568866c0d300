//! Which visitors come in events of a scenario: waves of crawlers come in addition, and visitors who check the site's certificate
//! stay away once it has run out. Outside of these events it draws nothing and changes nothing.

use super::visit::Visit;
use crate::config::Config;
use crate::config::event_kind::EventKind;
use crate::stream::actor_kind::ActorKind;
use crate::stream::random::{Chance, Choice, Random, hash, mix, uniform};
use crate::stream::scenario::scheduled::ScheduledEvent;
use crate::stream::{Time, seconds};

/// The crawlers of a wave make so many requests at the most, and wait so many seconds between two: they come from many hosts and are
/// in a hurry, so a wave begins and ends with its event.
const REQUESTS: u16 = 20;
const MOST_WAIT: f64 = 1.5;

/// Waves and certificates of a scenario.
#[derive(Debug)]
pub struct Doors {
    waves: Vec<ScheduledEvent>,
    certificates: Vec<ScheduledEvent>,
    /// What a line of the usual traffic stands for: so many visits of all kinds, and so many in a wave that doubles crawlers.
    usual: f64,
    doubling: f64,
    kinds: Option<Choice<ActorKind>>,
}

impl Doors {
    /// The events of a configuration.
    pub fn new(config: &Config) -> Self {
        Self {
            waves: ScheduledEvent::among(config, |kind| kind == EventKind::BotWave),
            certificates: ScheduledEvent::among(config, |kind| {
                kind == EventKind::CertificateExpired
            }),
            usual: 1.0,
            doubling: 0.0,
            kinds: None,
        }
    }

    /// Whether there are no such events.
    #[inline]
    pub fn are_none(&self) -> bool {
        self.waves.is_empty() && self.certificates.is_empty()
    }

    /// Whether crawlers come in waves.
    pub fn have_waves(&self) -> bool {
        !self.waves.is_empty()
    }

    /// Sets how many visits a line of the usual traffic stands for, and of each kind of crawler the share of the lines and how many of
    /// them a visit in a wave has.
    pub fn expect(&mut self, usual: f64, crawlers: &[(ActorKind, f64, f64)]) {
        let weights: Vec<f64> = crawlers.iter().map(|(_, share, lines)| share / lines).collect();
        let kinds: Vec<ActorKind> = crawlers.iter().map(|(kind, ..)| *kind).collect();
        (self.usual, self.doubling) = (usual, weights.iter().sum());
        self.kinds = (self.doubling > 0.0).then(|| Choice::among(&kinds, &weights));
    }

    /// Begins for a site with this seed, in a run from `origin` on.
    pub fn begin(&mut self, seed: u64, origin: Time) {
        let events = self.waves.iter_mut().chain(&mut self.certificates);
        events.for_each(|event| event.begin(seed, origin));
    }

    /// The crawler that comes in a wave, if the visitor who comes at `due` is one: its kind and the place of the wave.
    pub fn come(&mut self, due: Time, random: &mut Random) -> Option<(ActorKind, usize)> {
        let Self { waves, usual, doubling, kinds, .. } = self;
        let kinds = kinds.as_ref()?;
        let place = waves.iter_mut().position(|wave| {
            let more = wave.event.multiplier.unwrap_or(1.0) - 1.0;
            let visits = (more * wave.strength(due).strength).max(0.0) * *doubling;
            visits > 0.0 && random.happens(Chance::new(visits / (visits + *usual)))
        })?;
        Some((kinds.draw(random), place))
    }

    /// Makes a crawler's visit one of a wave.
    pub fn lead(&self, wave: usize, visit: &mut Visit) {
        visit.left = visit.left.min(REQUESTS - 1);
        visit.next.event = self.waves[wave].mark;
    }

    /// How many lines a crawler's visit has in a wave.
    pub fn lines(visit: &Visit) -> u16 {
        visit.left.min(REQUESTS - 1) + 1
    }

    /// Whether a visit goes on with its next request, for which it would wait since `now`.
    pub fn let_on(&mut self, visit: &mut Visit, now: Time) -> bool {
        let of_wave = self.waves.iter_mut().find(|wave| wave.mark == visit.next.event);
        if let Some(wave) = of_wave {
            visit.next.time = visit.next.time.min(now + seconds(MOST_WAIT));
            if wave.strength(visit.next.time).strength <= 0.0 {
                return false;
            }
        }
        !self.refuse(visit)
    }

    /// Whether a visitor does not trust the site when the next request of a visit is due.
    pub fn refuse(&mut self, visit: &Visit) -> bool {
        visit.next.kind.checks_certificates()
            && self.certificates.iter_mut().any(|certificate| {
                let share = certificate.event.share.unwrap_or(1.0);
                let share = share * certificate.strength(visit.next.time).strength;
                uniform(mix(visit.next.visitor ^ hash(&certificate.event.name))) < share
            })
    }
}
