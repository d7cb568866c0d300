//! The steps by which a line is put together, and how one is done.

use super::buffer::LineParts;
use super::clock::SecondText;
use super::dictionary::Dictionary;
use super::texts::{Table, put};
use crate::stream::site::Outcome;
use crate::stream::{Hit, Method};

/// Text of at most so many bytes is one step.
pub const LITERAL: usize = 32;
/// Text of at most so many bytes is copied by a single instruction.
const SHORT: usize = 8;

/// A step.
#[derive(Debug)]
pub enum Op {
    /// Text that is the same in every line.
    Literal(Literal),
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
    /// What follows from the request as a whole.
    Request(RequestOp),
    /// A part of what follows from the request.
    RequestPart(RequestPart),
    /// What the application says of a failure.
    Failure,
}

/// What follows from the URL of a GET that succeeds; for other hits the parts that make it.
#[derive(Debug)]
pub struct RequestOp {
    /// By the id of the URL.
    pub success: Table,
    /// For the others.
    pub others: Box<[RequestPart]>,
}

/// A short text.
#[derive(Clone, Copy, Debug)]
pub struct Literal {
    text: [u8; LITERAL],
    len: usize,
}

impl Literal {
    /// A text of at most [`LITERAL`] bytes.
    pub fn new(bytes: &[u8]) -> Self {
        let mut text = [0; LITERAL];
        text[..bytes.len()].copy_from_slice(bytes);
        Self { text, len: bytes.len() }
    }

    /// Appends it.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, line: P) -> P {
        // What stands between two fields is mostly a few bytes, and always the same in a place.
        match self.text.first_chunk() {
            Some(short) if self.len <= SHORT => line.put_part::<SHORT>(short, self.len),
            _ => line.put_part(&self.text, self.len),
        }
    }
}

/// A part of what follows from the request, where that is in no table as a whole.
#[derive(Debug)]
pub enum RequestPart {
    /// What follows from the method and the outcome, but no size: by [`by_outcome`].
    Outcome(Table),
    /// The target.
    Target,
    /// What follows from the outcome and the size of the answer.
    Result {
        /// By the id of the URL.
        success: Table,
        /// By [`by_outcome`].
        others: Table,
    },
}

/// The place of a method and an outcome in a table of both.
#[inline(always)]
pub fn by_outcome(method: Method, outcome: Outcome) -> usize {
    method as usize * Outcome::ALL.len() + outcome as usize
}

/// What steps take their texts from.
#[derive(Clone, Copy, Debug)]
pub struct LineSource<'a> {
    /// What is the same in all logs.
    pub dictionary: &'a Dictionary,
    /// What follows from the second that the hit is in.
    pub seconds: &'a [SecondText],
}

impl LineSource<'_> {
    /// Appends a text that follows from the second.
    #[inline(always)]
    pub fn second<P: LineParts>(self, number: usize, line: P) -> P {
        let text = &self.seconds[number];
        put::<32, P>(text.bytes(), text.len(), line)
    }
}

impl Op {
    /// Appends its part of the line of a hit.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, source: LineSource<'_>, hit: &Hit, line: P) -> P {
        let dictionary = source.dictionary;
        match self {
            Self::Literal(text) => text.append(line),
            Self::Host => dictionary.host(hit, line),
            Self::User => dictionary.user(hit, line),
            Self::Second(number) => source.second(*number, line),
            Self::Referrer(table) => table.append(hit.referrer.index(), line),
            Self::Agent(table) => table.append(dictionary.agent(hit), line),
            Self::Request(request) => request.append(dictionary, hit, line),
            Self::RequestPart(part) => part.append(dictionary, hit, line),
            Self::UserNote => user_note(dictionary, hit, line),
            Self::Failure => {
                let failure = dictionary.failure(hit.outcome);
                line.put_all(failure.map_or("-", |failure| failure.text(hit)).as_bytes())
            }
        }
    }
}

impl RequestOp {
    /// Appends it.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, dictionary: &Dictionary, hit: &Hit, mut line: P) -> P {
        if hit.outcome == Outcome::Success && hit.method == Method::Get {
            return self.success.append(hit.url as usize, line);
        }
        for part in &self.others {
            line = part.append(dictionary, hit, line);
        }
        line
    }
}

impl RequestPart {
    #[inline(always)]
    fn append<P: LineParts>(&self, dictionary: &Dictionary, hit: &Hit, line: P) -> P {
        let outcome = by_outcome(hit.method, hit.outcome);
        match self {
            Self::Outcome(table) => table.append(outcome, line),
            Self::Target => dictionary.targets().append(hit.url as usize, line),
            Self::Result { success, .. } if hit.outcome == Outcome::Success => {
                success.append(hit.url as usize, line)
            }
            Self::Result { others, .. } => others.append(outcome, line),
        }
    }
}

/// ` (user NAME)`, or nothing.
#[inline(always)]
fn user_note<P: LineParts>(dictionary: &Dictionary, hit: &Hit, line: P) -> P {
    if !hit.logged_in {
        return line;
    }
    dictionary.user(hit, line.put_all(b" (user ")).put_all(b")")
}
