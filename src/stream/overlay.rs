//! The hits of a stream that its engine does not make at their time: those of attacks, whose lines come in addition, and those that
//! were made already when the run was told to go on in another way.

use std::collections::VecDeque;

use super::attack::waves::Attacks;
use super::site::AttackPlan;
use super::{Hit, Time};

/// The hits that lie over those of the engine.
#[derive(Debug, Default)]
pub struct Overlay {
    attacks: Option<Box<Attacks>>,
    /// In the order of time.
    made: VecDeque<Hit>,
}

impl Overlay {
    /// The overlay of a stream with these attacks.
    pub fn new(attacks: Option<Attacks>) -> Self {
        Self { attacks: attacks.map(Box::new), made: VecDeque::new() }
    }

    /// Goes on with other attacks, and adds a hit that the engine has made already.
    pub fn go_on(&mut self, attacks: Option<Attacks>, made: Hit) {
        self.attacks = attacks.map(Box::new);
        let place = self.made.partition_point(|other| other.time <= made.time);
        self.made.insert(place, made);
    }

    /// When the next hit comes; `Time::MAX` for never.
    #[inline]
    pub fn next_time(&self) -> Time {
        self.next_attack().min(self.next_made())
    }

    #[inline]
    fn next_attack(&self) -> Time {
        self.attacks.as_ref().map_or(Time::MAX, |attacks| attacks.next_time())
    }

    #[inline]
    fn next_made(&self) -> Time {
        self.made.front().map_or(Time::MAX, |hit| hit.time)
    }

    /// Takes the next hit. `plans` are those of the site.
    pub fn next_hit(&mut self, plans: &[AttackPlan]) -> Hit {
        if self.next_made() <= self.next_attack()
            && let Some(hit) = self.made.pop_front()
        {
            return hit;
        }
        self.attacks.as_mut().expect("a hit is due, and it is none of those made").next_hit(plans)
    }
}
