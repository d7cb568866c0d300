//! The steps by which a line is put together, and how one is done.

use super::buffer::Parts;
use super::clock::SecondText;
use super::dictionary::{Dictionary, Request};
use super::texts::{Table, put};
use crate::stream::site::Outcome;
use crate::stream::{Hit, Method};

/// Text of at most so many bytes is one step.
pub const LITERAL: usize = 32;
/// The most digits of a number of 32 bits.
const DIGITS: usize = 10;

/// A step.
#[derive(Debug)]
pub enum Op {
    /// Text that is the same in every line.
    Literal {
        /// The text in the first bytes.
        text: [u8; LITERAL],
        /// How many these are.
        len: usize,
    },
    /// The remote host.
    Host,
    /// The user name, or `-`.
    User,
    /// ` (user NAME)`, or nothing.
    UserNote,
    /// What follows from the second: the text of this number.
    Second(usize),
    /// What follows from the referrer.
    Referrer(Table),
    /// What follows from the user agent.
    Agent(Table),
    /// What follows from the URL of a GET that succeeds; of other hits the steps that make it.
    Request {
        /// By the id of the URL.
        success: Table,
        /// For the others.
        others: Box<[Op]>,
    },
    /// What follows from the method and the outcome: by [`by_outcome`].
    Outcome(Table),
    /// The target.
    Target,
    /// Bytes of the body, or `-`.
    Bytes,
    /// What the application says of a failure.
    Failure,
}

/// The place of a method and an outcome in a table of both.
pub fn by_outcome(method: Method, outcome: Outcome) -> usize {
    method as usize * Outcome::ALL.len() + outcome as usize
}

/// What steps take their texts from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What is the same in all logs.
    pub dictionary: &'a Dictionary,
    /// What follows from the second that the hit is in.
    pub seconds: &'a [SecondText],
}

impl Op {
    /// Appends its part of the line of a hit.
    #[inline(always)]
    pub fn append(&self, source: Source<'_>, hit: &Hit, line: &mut impl Parts) {
        let dictionary = source.dictionary;
        match self {
            Self::Literal { text, len } => line.put_part(text, *len),
            Self::Host => dictionary.host(hit, line),
            Self::User => dictionary.user(hit, line),
            Self::Second(number) => {
                let text = &source.seconds[*number];
                put::<32>(text.bytes(), text.len(), line);
            }
            Self::Referrer(table) => table.append(hit.referrer.index(), line),
            Self::Agent(table) => table.append(dictionary.agent(hit), line),
            Self::Request { success, .. }
                if hit.outcome == Outcome::Success && hit.method == Method::Get =>
            {
                success.append(hit.url as usize, line);
            }
            Self::Request { others, .. } => {
                others.iter().for_each(|op| op.append_rare(source, hit, line));
            }
            rare => rare.append_rare(source, hit, line),
        }
    }

    /// The same, of steps that few lines need, and so no part of the way of most.
    #[inline(never)]
    fn append_rare(&self, source: Source<'_>, hit: &Hit, line: &mut impl Parts) {
        let dictionary = source.dictionary;
        match self {
            Self::Outcome(table) => table.append(by_outcome(hit.method, hit.outcome), line),
            Self::Target => dictionary.targets().append(hit.url as usize, line),
            Self::Bytes => {
                let Hit { method, outcome, url, .. } = *hit;
                match dictionary.bytes(Request { method, outcome, url }) {
                    Some(bytes) => number(bytes, line),
                    None => line.put_all(b"-"),
                }
            }
            Self::UserNote if hit.logged_in => {
                line.put_all(b" (user ");
                dictionary.user(hit, line);
                line.put_all(b")");
            }
            Self::UserNote => {}
            Self::Failure => {
                let failure = dictionary.failure(hit.outcome);
                line.put_all(failure.map_or("-", |failure| failure.text(hit)).as_bytes());
            }
            Self::Literal { text, len } => line.put_part(text, *len),
            common => unreachable!("{common:?} is a step of most lines"),
        }
    }
}

/// Appends a number in decimal digits.
fn number(mut number: u32, line: &mut impl Parts) {
    let mut digits = [b'0'; DIGITS];
    let mut at = DIGITS;
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            line.put_all(&digits[at..]);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::Buffer;
    use super::*;

    #[test]
    fn a_number_has_its_digits_and_no_other() {
        for expected in [0, 7, 10, 99, 100, 21_000, u32::MAX] {
            let mut buffer = Buffer::default();
            buffer.append(DIGITS, |line| number(expected, line));
            assert_eq!(*buffer, *expected.to_string().as_bytes());
        }
    }
}
