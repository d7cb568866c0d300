//! What visits are like on the whole, learned by trying some of each kind before a stream begins. What is learned follows from the
//! configuration that the traffic was made for, whatever the stream has come to since.

use super::doors::Doors;
use super::{Learned, Traffic, is_askable};
use crate::config::Config;
use crate::stream::actor_kind::ActorKind;
use crate::stream::random::{Random, mix};
use crate::stream::visits::Visits;

/// How many visits of each kind are tried.
const TRIED: u32 = 6_000;
/// The most lines of a visit that are tried.
const TRIED_LINES: u32 = 5_000;

impl Traffic {
    /// Learns what the events of the scenario need that bring visitors. No stream may have begun.
    pub(super) fn learn(&mut self) {
        self.learned = Learned {
            person: (!self.crowds.are_none()).then(|| self.lines_of(ActorKind::Person)),
            in_wave: self
                .doors
                .have_waves()
                .then(|| ActorKind::CRAWLERS.map(|kind| self.lines_in_wave(kind))),
            askable: self.outages.have_storms().then(|| self.all_askable()),
        };
    }

    /// Learns what events of another scenario need in addition, as if there had been that scenario from the beginning.
    pub(super) fn learn_anew(&mut self, config: &Config) {
        let Learned { person, in_wave, askable } = &self.learned;
        let lacks = (person.is_none() && !self.crowds.are_none())
            || (in_wave.is_none() && self.doors.have_waves())
            || (askable.is_none() && self.outages.have_storms());
        if lacks {
            let scenario = config.scenario.clone();
            self.learned = Self::new(&Config { scenario, ..(*self.began_with).clone() }).learned;
        }
    }

    /// Says to the events that bring visitors, if there are any, how many visits and lines they are.
    pub(super) fn expect(&mut self, config: &Config) {
        let Learned { person, in_wave, askable } = self.learned.clone();
        if let Some(person) = person {
            self.crowds.expect(person, self.visits_a_line);
        }
        let shares = config.actors.shares.weights();
        let all: f64 = shares.iter().sum();
        if let Some(lines) = in_wave {
            let of = |(kind, lines): (ActorKind, f64)| (kind, shares[kind as usize] / all, lines);
            let crawlers: Vec<_> = ActorKind::CRAWLERS.into_iter().zip(lines).map(of).collect();
            self.doors.expect(self.visits_a_line, &crawlers);
        }
        self.has_storms = self.outages.have_storms();
        if let Some(askable) = askable {
            self.outages.expect(askable);
        }
    }

    /// The share of the usual lines that clients ask for again where they fail.
    fn all_askable(&mut self) -> f64 {
        let shares = self.began_with.actors.shares.weights();
        let all: f64 = shares.iter().sum();
        let kinds = ActorKind::USUAL.into_iter().zip(shares).filter(|(_, share)| *share > 0.0);
        kinds.map(|(kind, share)| share / all * self.askable(kind)).sum()
    }

    /// The mean number of lines of a crawler's visit in a wave.
    fn lines_in_wave(&self, kind: ActorKind) -> f64 {
        let mut seeds = Random::new(mix(kind as u64 ^ 0x7761_7665));
        let visits = (0..TRIED).map(|_| self.begin(kind, 0, &mut seeds));
        visits.map(|visit| f64::from(Doors::lines(&visit))).sum::<f64>() / f64::from(TRIED)
    }

    /// The share of a kind's lines that its clients ask for again where they fail.
    fn askable(&mut self, kind: ActorKind) -> f64 {
        let mut seeds = Random::new(mix(kind as u64 ^ 0x6173_6b61));
        if !is_askable(&self.begin(kind, 0, &mut seeds).next) {
            return 0.0;
        }
        let (mut askable, mut lines) = (0, 0);
        for _ in 0..TRIED {
            let mut visit = self.begin(kind, 0, &mut seeds);
            for _ in 0..TRIED_LINES {
                lines += 1;
                askable += u32::from(self.is_made_by_application(&visit));
                let now = visit.next.time;
                if !self.hit(&mut visit, now).1 {
                    break;
                }
            }
        }
        f64::from(askable) / f64::from(lines)
    }

    /// The mean number of lines of a visit.
    pub(super) fn lines_of(&mut self, kind: ActorKind) -> f64 {
        if let Some(lines) = self.actors[kind as usize].mean_lines() {
            return lines;
        }
        let mut seeds = Random::new(mix(kind as u64 ^ 0x6c69_6e65));
        let lines: u32 = (0..TRIED)
            .map(|_| {
                let mut visit = self.begin(kind, 0, &mut seeds);
                let mut lines = 1;
                let mut now = visit.next.time;
                while lines < TRIED_LINES && self.hit(&mut visit, now).1 {
                    now = visit.next.time;
                    lines += 1;
                }
                lines
            })
            .sum();
        f64::from(lines) / f64::from(TRIED)
    }
}
