//! The steps that put a line together, and how each is carried out.

use super::buffer::LineParts;
use super::clock::SecondText;
use super::dictionary::Dictionary;
use super::texts::{Table, put};
use crate::stream::site::Outcome;
use crate::stream::{Hit, Method};

/// The longest literal that is one step, bytes.
pub const LITERAL: usize = 32;
/// The longest literal that a single instruction copies, bytes.
const SHORT: usize = 8;

/// One step of putting a line together.
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
    /// The text that depends on the second: an index into [`LineSource::seconds`].
    Second(usize),
    /// The text that depends on the referrer.
    Referrer(Table),
    /// The text that depends on the user agent.
    Agent(Table),
    /// The text that depends on the request, as a whole.
    Request(RequestOp),
    /// One part of the text that depends on the request.
    RequestPart(RequestPart),
    /// The application's message about a failure.
    Failure,
}

/// The text that depends on the request. A successful GET has it in one table, by URL; other hits put it
/// together from parts.
#[derive(Debug)]
pub struct RequestOp {
    /// The text of a successful GET, by the id of the URL.
    pub success: Table,
    /// The parts for all other hits.
    pub others: Box<[RequestPart]>,
}

/// A text of at most [`LITERAL`] bytes.
#[derive(Clone, Copy, Debug)]
pub struct Literal {
    text: [u8; LITERAL],
    len: usize,
}

impl Literal {
    /// Copies a text of at most [`LITERAL`] bytes.
    pub fn new(bytes: &[u8]) -> Self {
        let mut text = [0; LITERAL];
        text[..bytes.len()].copy_from_slice(bytes);
        Self { text, len: bytes.len() }
    }

    /// Appends the text to a line.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, line: P) -> P {
        // Text between two fields is mostly a few bytes long, and the branch goes the same way in every line.
        match self.text.first_chunk() {
            Some(short) if self.len <= SHORT => line.put_part::<SHORT>(short, self.len),
            _ => line.put_part(&self.text, self.len),
        }
    }
}

/// One part of the text that depends on the request, for requests that are not in a table as a whole.
#[derive(Debug)]
pub enum RequestPart {
    /// Text that depends on the method and the outcome but has no size in it: by [`by_outcome`].
    Outcome(Table),
    /// The request target.
    Target,
    /// Text that depends on the outcome and the size of the answer.
    Result {
        /// The text of a success, by the id of the URL.
        success: Table,
        /// The text of any other outcome, by [`by_outcome`].
        others: Table,
    },
}

/// The index of a method and an outcome in a table of both.
#[inline(always)]
pub fn by_outcome(method: Method, outcome: Outcome) -> usize {
    method as usize * Outcome::ALL.len() + outcome as usize
}

/// Where the steps take their texts from.
#[derive(Clone, Copy, Debug)]
pub struct LineSource<'a> {
    /// The texts that all logs share.
    pub dictionary: &'a Dictionary,
    /// The texts that depend on the second, brought up to the second of the hit.
    pub seconds: &'a [SecondText],
}

impl LineSource<'_> {
    /// Appends the text number `number` of those that depend on the second.
    #[inline(always)]
    pub fn second<P: LineParts>(self, number: usize, line: P) -> P {
        let text = &self.seconds[number];
        put::<32, P>(text.bytes(), text.len(), line)
    }
}

impl Op {
    /// Appends this step's part of a hit's line.
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
    /// Appends the request's text for a hit.
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
