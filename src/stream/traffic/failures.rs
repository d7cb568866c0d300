//! When the server fails for a while, and which version of the site is live: functions of the seed and the time, the same for
//! all shards of a site.

use crate::config::{Distribution, FailureTimes};
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, mix};
use crate::stream::site::Outcome;
use crate::stream::{SECOND, Time, seconds};

/// The share of the periods in which something happens; there are more periods than events, so that events are not evenly
/// spaced.
const HAPPENS: f64 = 0.7;
const DAY: f64 = 86_400.0;

/// Something that happens now and then for a while.
#[derive(Debug)]
struct Recurrence {
    /// Each period has one event at most; `Time::MAX` stands for none at all.
    period: Time,
    length: Quantiles,
    purpose: u64,
}

/// An event of a [`Recurrence`].
#[derive(Clone, Copy, Debug)]
struct Occurrence {
    start: Time,
    end: Time,
    bits: u64,
}

impl Recurrence {
    fn new(per_day: f64, length: &Distribution, purpose: u64) -> Self {
        let period = if per_day > 0.0 { seconds(DAY * HAPPENS / per_day) } else { Time::MAX };
        Self { period: period.max(SECOND), length: Quantiles::of_times(length), purpose }
    }

    /// The event of a period.
    fn of(&self, period: u64, seed: u64) -> Option<Occurrence> {
        let bits = mix(seed ^ mix(period ^ self.purpose << 56));
        let share = |bits: u64| ((bits & 0xffff) as f64 + 0.5) / 65_536.0;
        if self.period == Time::MAX || share(bits) > HAPPENS {
            return None;
        }
        let length = seconds(self.length.value(bits)).min(self.period);
        let place = (share(bits >> 16) * (self.period - length) as f64) as Time;
        let start = period * self.period + place;
        Some(Occurrence { start, end: start + length, bits: bits >> 32 })
    }

    /// The event that is going on at `now`, and when that changes.
    fn at(&self, now: Time, seed: u64) -> (Option<Occurrence>, Time) {
        let period = now / self.period;
        let turn = (period + 1).saturating_mul(self.period);
        match self.of(period, seed) {
            Some(occurrence) if now < occurrence.start => (None, occurrence.start),
            Some(occurrence) if now < occurrence.end => (Some(occurrence), occurrence.end),
            _ => (None, turn),
        }
    }
}

/// When the server fails.
#[derive(Debug)]
pub struct ServerFailures {
    seed: u64,
    spells: Recurrence,
    deploys: Recurrence,
    struck: Chance,
    present: Present,
    /// What sets the version apart that a scenario deploys; 0 for none.
    deployed: u64,
}

/// What is so for a while: from the first time to the second.
#[derive(Clone, Copy, Debug, Default)]
struct Present {
    since: Time,
    until: Time,
    failure: Option<(Outcome, Chance)>,
    version: u64,
}

impl ServerFailures {
    /// The failures of a configuration, for the seed 0.
    pub fn new(times: &FailureTimes) -> Self {
        Self {
            seed: 0,
            spells: Recurrence::new(times.spells_per_day, &times.spell_length, 1),
            deploys: Recurrence::new(times.deploys_per_week / 7.0, &times.deploy_length, 2),
            struck: Chance::new(times.spell_share),
            present: Present::default(),
            deployed: 0,
        }
    }

    /// Goes by another seed: that of the site.
    pub fn reseed(&mut self, seed: u64) {
        (self.seed, self.present) = (seed, Present::default());
    }

    /// Makes a time the present.
    #[inline]
    pub fn go_to(&mut self, now: Time) {
        if now >= self.present.until || now < self.present.since {
            self.turn(now);
        }
    }

    fn turn(&mut self, now: Time) {
        let (spell, one) = self.spells.at(now, self.seed);
        let (deploy, other) = self.deploys.at(now, self.seed);
        let of_spell = |spell: Occurrence| match spell.bits % 4 {
            0 | 1 => Outcome::ServerError,
            2 => Outcome::BadGateway,
            _ => Outcome::Unavailable,
        };
        let failure = match deploy {
            Some(_) => Some((Outcome::BadGateway, Chance::new(1.0))),
            None => spell.map(|spell| (of_spell(spell), self.struck)),
        };
        let version = self.version_at(now);
        self.present = Present { since: now, until: one.min(other), failure, version };
    }

    /// What requests come to at present, and with which chance; `None` if the server does not fail.
    #[inline]
    pub fn present(&self) -> Option<(Outcome, Chance)> {
        self.present.failure
    }

    /// Makes the version live that a scenario deploys, or with 0 the usual one again.
    pub fn deploy(&mut self, version: u64) {
        self.deployed = version;
    }

    /// A number for the version of the site that is live at present.
    #[inline]
    pub fn version(&self) -> u64 {
        self.present.version.wrapping_add(self.deployed)
    }

    /// A number for the version of the site that is live at `now`: another one after each deploy.
    pub fn version_at(&self, now: Time) -> u64 {
        let period = now / self.deploys.period;
        let is_over =
            |period| self.deploys.of(period, self.seed).is_some_and(|deploy| deploy.end <= now);
        // The last period with a deploy that is over; a run of ten without one has the version of the first.
        (period.saturating_sub(10)..=period).rev().find(|period| is_over(*period)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> FailureTimes {
        FailureTimes {
            spells_per_day: 2.0,
            spell_length: Distribution::Constant(100.0),
            spell_share: 0.5,
            deploys_per_week: 7.0,
            deploy_length: Distribution::Constant(30.0),
        }
    }

    #[test]
    fn failures_are_as_frequent_and_as_long_as_configured() {
        let mut failures = ServerFailures::new(&times());
        failures.reseed(7);
        let (mut spells, mut deploys) = (0, 0);
        // Each tenth second of 1,000 days.
        for now in (0..1_000 * 86_400).step_by(10) {
            failures.go_to(now * SECOND);
            match failures.present() {
                Some((_, chance)) if chance == Chance::new(1.0) => deploys += 10,
                Some(_) => spells += 10,
                None => {}
            }
        }
        assert!((f64::from(spells) / 200_000.0 - 1.0).abs() < 0.1, "{spells}");
        assert!((f64::from(deploys) / 30_000.0 - 1.0).abs() < 0.1, "{deploys}");
    }

    #[test]
    fn the_version_changes_when_a_deploy_is_over_and_at_no_other_time() {
        let mut failures = ServerFailures::new(&times());
        failures.reseed(9);
        let minute = 60 * SECOND;
        let mut changes = 0;
        for number in 1..100 * 1_440 {
            let (before, now) = ((number - 1) * minute, number * minute);
            failures.go_to(now);
            assert_eq!(
                failures.version(),
                failures.version_at(now),
                "what is kept of the present is stale"
            );
            if failures.version_at(before) != failures.version_at(now) {
                changes += 1;
                let deploy = failures
                    .deploys
                    .of(now / failures.deploys.period, 9)
                    .or_else(|| failures.deploys.of(before / failures.deploys.period, 9));
                let end = deploy.unwrap().end;
                assert!(end > before && end <= now, "at {now}");
            }
        }
        assert!((80..120).contains(&changes), "{changes}");
    }
}
