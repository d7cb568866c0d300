//! People: who they are. A person is a number, from which address, browser and protocol follow, so that one who is not there
//! costs nothing.

use super::visit::Visit;
use crate::config::actors::People;
use crate::stream::address::Visitor;
use crate::stream::hit::Protocol;
use crate::stream::random::{Random, mix, uniform};

/// The mark of a visitor who sends no user agent, in the highest bits of the number.
const UNKNOWN: Visitor = 0b10 << 62;
/// The mark of a person with the site's own application.
const APP: Visitor = 0b01 << 62;
/// The lowest bit of the number of a visitor without a user agent: whether it comes over a person's line.
const AT_HOME: Visitor = 1;
/// The highest bits, which people's numbers have clear.
const MARKS: u32 = 2;

/// Among how many people one of a kind is looked for.
const CANDIDATES: u32 = 64;

/// A share of 1, in [`Identities`].
const EACH: f64 = 65_536.0;

/// How many devices a household has, and the bits that tell them apart.
const HOUSEHOLD: u64 = 2;
pub const DEVICE: Visitor = 1;

/// Whether the visitor sends no user agent.
#[inline]
pub fn is_unknown(visitor: Visitor) -> bool {
    visitor >> (64 - MARKS) == UNKNOWN >> (64 - MARKS)
}

/// Whether the visitor uses the site's own application.
#[inline]
pub fn has_app(visitor: Visitor) -> bool {
    visitor >> (64 - MARKS) == APP >> (64 - MARKS)
}

/// Makes the visitor, a person, use the site's own application.
pub fn uses_app(visit: &mut Visit) {
    visit.next.visitor |= APP;
}

/// Makes the visitor a program that sends no user agent.
pub fn come_unknown(visit: &mut Visit, random: &mut Random) {
    visit.next.visitor = UNKNOWN | random.bits() >> MARKS & !AT_HOME;
}

/// Makes the visitor, a person, a connection that its browser has opened and sends nothing over.
pub fn stay_silent(visit: &mut Visit) {
    visit.next.visitor = UNKNOWN | visit.next.visitor & !(0b11 << 62) | AT_HOME;
}

/// The person's number by which a visitor without a user agent has its address; `None` if it is no person's.
#[inline]
pub fn person_of(unknown: Visitor) -> Option<Visitor> {
    (unknown & AT_HOME != 0).then_some(unknown & !UNKNOWN)
}

/// Seconds in a day.
const DAY: f64 = 86_400.0;
/// How many people come back at the least and at the most, where that follows from the rate.
const REGULARS: (f64, f64) = (200.0, 1e9);

/// The people who come back: a few come often, most of them rarely.
#[derive(Clone, Copy, Debug)]
pub struct Regulars(f64);

impl Regulars {
    /// So many as are `configured`; with 0, one for each `lines` that the site has in a day at `rate` lines a second.
    pub fn new(configured: f64, rate: f64, lines: f64) -> Self {
        let (least, most) = REGULARS;
        Self(if configured > 0.0 { configured } else { (rate * DAY / lines).clamp(least, most) })
    }

    /// Draws the number of one of them.
    pub fn draw(self, random: &mut Random) -> u64 {
        let share = uniform(random.bits());
        (self.0 * share * share * share) as u64
    }
}

/// Who people are.
#[derive(Clone, Copy, Debug)]
pub struct Identities {
    /// Of 65,536 people, how many speak HTTP/2, and how many of the others HTTP/3.
    http2: u64,
    http3: u64,
}

impl Identities {
    /// The people of a configuration.
    pub fn new(people: &People) -> Self {
        Self { http2: (people.http2 * EACH) as u64, http3: (people.http3 * EACH) as u64 }
    }

    /// Makes the visitor a person who is new to the site.
    pub fn come(&self, visit: &mut Visit, random: &mut Random) {
        self.is(visit, random.bits() >> MARKS);
    }

    /// Makes the visitor a person who is new to the site and of whom `fits` is true. Returns false if there is none among so many.
    pub fn come_as(
        &self,
        visit: &mut Visit,
        random: &mut Random,
        fits: impl Fn(Visitor) -> bool,
    ) -> bool {
        (0..CANDIDATES).any(|_| {
            self.come(visit, random);
            fits(visit.next.visitor)
        })
    }

    /// Makes the visitor a person with this `number` of those who come back.
    pub fn come_again(&self, visit: &mut Visit, salt: u64, number: u64) {
        // Two numbers that follow each other are two devices of a household.
        let household = mix(salt ^ mix(number / HOUSEHOLD)) >> MARKS & !DEVICE;
        self.is(visit, household | (number % HOUSEHOLD));
    }

    fn is(&self, visit: &mut Visit, visitor: Visitor) {
        visit.next.visitor = visitor;
        let share = mix(visitor ^ 0x7072_6f74) & 0xffff;
        visit.next.protocol = if share < self.http2 { Protocol::Http2 } else { Protocol::Http11 };
        if (self.http2..self.http2 + self.http3).contains(&share) {
            visit.learns_http3();
        }
    }
}
