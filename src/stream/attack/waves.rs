//! The attacks of a stream: which request comes next, from whom and when. Their lines are spread evenly over the time that an
//! attack lasts, as its strength says: at any moment of it, they differ from what was asked for by one at most.

use super::attackers::{USUAL_AGENTS, attacker, with_agent};
use crate::config::Config;
use crate::config::event_kind::{EventClass, EventKind};
use crate::shard::Shard;
use crate::stream::actor_kind::ActorKind;
use crate::stream::hit::{Hit, Protocol};
use crate::stream::random::{Random, mix, uniform};
use crate::stream::scenario::scheduled::ScheduledEvent;
use crate::stream::site::{AttackPlan, Outcome};
use crate::stream::{Credentials, SECOND, Time};

/// For how long a site counts the requests of an address, to answer those above its limit with 429; then it begins anew.
const COUNTED: Time = 600 * SECOND;

/// All attacks of a stream.
#[derive(Debug)]
pub struct Attacks {
    attacks: Vec<Attack>,
    /// The attack whose request comes next, and when that is.
    next: (usize, Time),
}

/// One attack: the events of an entry of the scenario.
#[derive(Debug)]
struct Attack {
    scheduled: ScheduledEvent,
    seed: u64,
    /// Lines per ns at full strength.
    rate: f64,
    /// How many attackers there are.
    addresses: u64,
    /// How far the attack has come, and how many lines there would be by now.
    at: Time,
    filled: f64,
    /// How many requests there were.
    sent: u64,
    /// When the event began that is on.
    began: Time,
    /// What each attacker has done.
    done: Vec<AttackerPast>,
    /// When the next request comes; `Time::MAX` for never.
    next: Time,
}

/// What an attacker has done.
#[derive(Clone, Copy, Debug, Default)]
struct AttackerPast {
    sent: u32,
    /// How many requests the site has counted, and since when.
    counted: u32,
    since: Time,
    /// How many requests of a success are to come.
    to_come: u8,
}

impl Attacks {
    /// The attacks on a site in a shard's stream; `None` without any.
    pub fn new(config: &Config, seed: u64, start: Time, shard: Shard) -> Option<Self> {
        let own = mix(seed ^ mix(u64::from(shard.index) << 32 | u64::from(shard.count)));
        let is_attack = |kind: EventKind| kind.class() == EventClass::Attack;
        let attack = |mut scheduled: ScheduledEvent| {
            scheduled.begin(seed, start);
            let event = &scheduled.event;
            let share = u64::from(event.addresses()) / u64::from(shard.count);
            let mut attack = Attack {
                seed: mix(own ^ mix(scheduled.place as u64 ^ 0x6174_7461)),
                rate: shard.part_of(event.rate()) / SECOND as f64,
                addresses: share.max(1),
                scheduled,
                at: start,
                filled: 0.0,
                sent: 0,
                began: Time::MAX,
                done: Vec::new(),
                next: 0,
            };
            attack.advance();
            attack
        };
        let attacks: Vec<Attack> =
            ScheduledEvent::among(config, is_attack).into_iter().map(attack).collect();
        let mut all = Self { attacks, next: (0, Time::MAX) };
        all.find_next();
        (!all.attacks.is_empty()).then_some(all)
    }

    /// Leaves out the requests before `at`, as if they had been taken. `plans` are those of the site.
    pub fn skip_to(&mut self, at: Time, plans: &[AttackPlan]) {
        for attack in &mut self.attacks {
            // An attacker begins anew with each event.
            let from = attack.scheduled.strength(at).began.unwrap_or(at);
            if from > attack.at {
                attack.at = from;
                attack.advance();
            }
        }
        self.find_next();
        while self.next_time() < at {
            self.next_hit(plans);
        }
    }

    /// When the next request comes; `Time::MAX` for never.
    #[inline]
    pub fn next_time(&self) -> Time {
        self.next.1
    }

    /// Takes the next request. `plans` are those of the site, in the order of the scenario.
    pub fn next_hit(&mut self, plans: &[AttackPlan]) -> Hit {
        let (place, _) = self.next;
        let hit = self.attacks[place].request(&plans[place]);
        self.find_next();
        hit
    }

    fn find_next(&mut self) {
        let times = self.attacks.iter().map(|attack| attack.next).enumerate();
        self.next = times.min_by_key(|(_, time)| *time).unwrap_or((0, Time::MAX));
    }
}

impl Attack {
    /// Finds the time of the next request.
    fn advance(&mut self) {
        loop {
            let on = self.scheduled.strength(self.at);
            let Some(began) = on.began else {
                if on.until == Time::MAX {
                    self.next = Time::MAX;
                    return;
                }
                self.at = on.until;
                continue;
            };
            if began != self.began {
                (self.began, self.sent, self.filled) = (began, 0, 0.0);
                self.done = vec![AttackerPast::default(); self.addresses as usize];
            }
            // A random place in its part of the integral.
            let place = uniform(mix(self.seed ^ mix(self.began ^ self.sent << 20)));
            let per_ns = self.rate * on.strength;
            let missing = self.sent as f64 + place - self.filled;
            let wait = (missing.max(0.0) / per_ns).ceil();
            let left = (on.until - self.at) as f64;
            if wait < left {
                self.at += wait as Time;
                self.filled += wait * per_ns;
                self.next = self.at;
                return;
            }
            self.filled += left * per_ns;
            self.at = on.until;
        }
    }

    fn request(&mut self, plan: &AttackPlan) -> Hit {
        let mut random = Random::new(mix(self.seed ^ mix(self.next ^ self.sent)));
        let who = random.below(self.addresses);
        let progress = &mut self.done[who as usize];
        let (request, is_success) = match progress.to_come {
            0 => (plan.requests[progress.sent as usize % plan.requests.len()], false),
            left => (plan.success[plan.success.len() - usize::from(left)], true),
        };
        progress.sent += 1;
        if self.next - progress.since >= COUNTED {
            (progress.since, progress.counted) = (self.next, 0);
        }
        progress.counted += 1;
        let is_refused = !is_success && plan.limit.is_some_and(|limit| progress.counted > limit);
        progress.to_come = match progress.to_come {
            0 if !is_refused && plan.odds > 0 && random.below(plan.odds) == 0 => {
                plan.success.len() as u8
            }
            left => left.saturating_sub(1),
        };
        let host = mix(self.seed ^ mix(self.began) ^ mix(who));
        let number = attacker(host, plan.from);
        let own_agent = match plan.agents.len() as u64 {
            0 => (host >> 8) % USUAL_AGENTS,
            count => plan.agents[((host >> 8) % count) as usize].into(),
        };
        let hit = Hit {
            visitor: with_agent(number, request.agent.unwrap_or(own_agent as u16)),
            url: request.url,
            method: request.method,
            outcome: if is_refused { Outcome::TooManyRequests } else { request.outcome },
            protocol: if host >> 20 & 1 == 0 { Protocol::Http11 } else { Protocol::Http2 },
            credentials: if progress.sent > 1 { Credentials::COOKIE } else { Credentials::NONE },
            kind: ActorKind::Attacker,
            event: self.scheduled.mark.stage(request.stage),
            on_connection: (progress.sent % 100 + 1) as u8,
            connection: (progress.sent / 100) as u8,
            ..Hit::at(self.next)
        };
        self.sent += 1;
        self.advance();
        hit
    }
}
