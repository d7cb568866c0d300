//! The steps that put a line together, and how each is carried out.

use std::sync::Arc;

use super::buffer::LineParts;
use super::dictionary::Dictionary;
use super::error_log::Failure;
use super::fact::Fact;
use super::line_source::LineSource;
use super::texts::{Table, Words};
use crate::server_failure::ServerFailure;
use crate::stream::site::Outcome;
use crate::stream::{EventMark, Hit, Method, Referrer};

/// The longest literal that is one step, bytes.
pub const LITERAL: usize = 32;
/// The longest literal that a single instruction copies, bytes.
const SHORT: usize = 8;

/// One step of putting a line together. The kind has a byte of its own; to read it from a gap in the values of a field, as
/// the compiler would, takes more than the jump to the step.
#[derive(Debug)]
#[repr(u8)]
pub enum Op {
    /// Text that is the same in every line.
    Literal(Literal),
    /// The remote host.
    Host,
    /// The user name, or `-`.
    User,
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
    /// The request line of visitors of all kinds.
    RequestLine(Box<RequestLineOp>),
    /// The application's message about a failure.
    Failure,
    /// Text that is computed from the hit.
    Fact(Fact),
    /// Text that is computed from the hit if its method and outcome are among these, by [`by_outcome`], or else this text.
    FactOf(Fact, Box<[bool]>, Literal),
    /// One of two parts, depending on the hit.
    Choice(Box<HitChoice>),
}

/// Steps in their order, each with the text behind it: mostly, a literal is between two fields.
#[derive(Debug)]
pub struct Chain {
    links: Box<[(Op, Literal)]>,
}

impl Chain {
    /// Arranges the steps, which keep their order.
    pub fn new(ops: impl IntoIterator<Item = Op>) -> Self {
        let mut links: Vec<(Op, Literal)> = Vec::new();
        for op in ops {
            match (links.last_mut(), op) {
                (Some((_, behind)), Op::Literal(text)) if behind.len == 0 => *behind = text,
                (_, op) => links.push((op, Literal::new(b""))),
            }
        }
        Self { links: links.into() }
    }

    /// Appends what all steps append for a hit.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, source: &LineSource<'_>, hit: &Hit, mut line: P) -> P {
        for (op, behind) in &self.links {
            line = behind.append(op.append(source, hit, line));
        }
        line
    }

    /// The steps and the text behind each.
    pub fn links(&self) -> &[(Op, Literal)] {
        &self.links
    }

    /// Whether there are no steps.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }
}

/// One of two parts of a line.
#[derive(Debug)]
pub struct HitChoice {
    /// What decides.
    pub condition: HitCondition,
    /// The steps if the condition holds.
    pub then: Chain,
    /// The steps if it does not.
    pub otherwise: Chain,
}

/// What can decide between two parts.
#[derive(Debug)]
pub enum HitCondition {
    /// The visitor is logged in.
    LoggedIn,
    /// The visitor came from another page.
    HasReferrer,
    /// The hit belongs to an event of a scenario.
    InEvent,
    /// An event of a scenario spoils the hit's line.
    Spoilt,
    /// The visitor has the session's cookie.
    HasCookie,
    /// Method and outcome are among these, by [`by_outcome`].
    Outcome(Box<[bool]>),
    /// The URL is one of these, by its id.
    Url(Box<[bool]>),
    /// The application failed in this way, if it failed.
    FailedAs(ServerFailure),
}

impl HitCondition {
    /// Whether it holds for a hit.
    #[inline]
    pub fn holds(&self, dictionary: &Dictionary, hit: &Hit) -> bool {
        match self {
            Self::LoggedIn => hit.credentials.is_logged_in(),
            Self::HasReferrer => hit.referrer != Referrer::NONE,
            Self::InEvent => hit.event != EventMark::NONE,
            Self::Spoilt => hit.spoilt_by().is_some(),
            Self::HasCookie => hit.credentials.has_cookie(),
            Self::Outcome(outcomes) => outcomes[by_outcome(hit.method, hit.outcome)],
            Self::Url(urls) => urls[hit.url as usize],
            Self::FailedAs(kind) => dictionary.effects().server_failure(hit) == *kind,
        }
    }
}

impl HitChoice {
    /// Appends the part that the hit decides for. Not inlined: a choice may lie within another.
    #[inline(never)]
    fn append<P: LineParts>(&self, source: &LineSource<'_>, hit: &Hit, line: P) -> P {
        let part =
            if self.condition.holds(source.dictionary, hit) { &self.then } else { &self.otherwise };
        part.append(source, hit, line)
    }
}

/// The text that depends on the request. A successful GET has it in one table, by URL; other hits put it
/// together from parts.
#[derive(Debug)]
pub struct RequestOp {
    /// The text of a successful GET, by the id of the URL.
    pub success: Table,
    /// Whether the text of a GET is the same whatever became of it.
    pub of_any_outcome: bool,
    /// The parts for all other hits.
    pub others: Box<[RequestPart]>,
}

/// A request line that may be one which the server could not read.
#[derive(Debug)]
pub struct RequestLineOp {
    /// The method and the target, with the text between and behind them.
    pub read: RequestOp,
    /// The version of HTTP, by [`Protocol`](crate::stream::Protocol).
    pub protocols: Words<16>,
    /// What stands for all of it if the server could not read the line.
    pub unread: RequestPart,
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

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.len
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
    /// Text that depends on the URL alone, by its id. Logs share it where they show the same.
    Url(Arc<Table>),
    /// Text that depends on the outcome and the size of the answer.
    Result {
        /// The text of a success, by the id of the URL.
        success: Table,
        /// The text of any other outcome: for each kind of error page, by [`by_outcome`].
        others: Table,
        /// The kind of each URL's error page, by the id of the URL.
        kinds: Arc<[u8]>,
    },
}

/// How many pairs of a method and an outcome there are.
pub const OUTCOMES: usize = Method::ALL.len() * Outcome::ALL.len();

/// The index of a method and an outcome in a table of both.
#[inline(always)]
pub fn by_outcome(method: Method, outcome: Outcome) -> usize {
    method as usize * Outcome::ALL.len() + outcome as usize
}

impl Op {
    /// Appends this step's part of a hit's line. Each kind of step is a function of its own, and this one no more than a jump
    /// to it: in a loop, the compiler would compute ahead what any kind of step could need of the hit, for each line.
    #[inline(never)]
    pub fn append<P: LineParts>(&self, source: &LineSource<'_>, hit: &Hit, line: P) -> P {
        match self {
            Self::Literal(text) => text.append(line),
            Self::Host => host(source, hit, line),
            Self::User => user(source, hit, line),
            Self::Second(number) => second(*number, source, line),
            Self::Referrer(table) => text(table, source.dictionary.referrer_index(hit), line),
            Self::Agent(table) => agent(table, source, hit, line),
            Self::Request(whole) => request(whole, hit, line),
            Self::RequestPart(part) => request_part(part, hit, line),
            Self::RequestLine(whole) => request_line(whole, hit, line),
            Self::Failure => failure(source, hit, line),
            Self::Fact(fact) => fact.append(source, hit, line),
            Self::FactOf(fact, outcomes, _) if outcomes[by_outcome(hit.method, hit.outcome)] => {
                fact.append(source, hit, line)
            }
            Self::FactOf(_, _, missing) => missing.append(line),
            Self::Choice(choice) => choice.append(source, hit, line),
        }
    }
}

#[inline(never)]
fn host<P: LineParts>(source: &LineSource<'_>, hit: &Hit, line: P) -> P {
    source.host(hit, line)
}

#[inline(never)]
fn user<P: LineParts>(source: &LineSource<'_>, hit: &Hit, line: P) -> P {
    source.dictionary.user(hit, line)
}

#[inline(never)]
fn second<P: LineParts>(number: usize, source: &LineSource<'_>, line: P) -> P {
    source.second(number, line)
}

#[inline(never)]
fn text<P: LineParts>(table: &Table, index: usize, line: P) -> P {
    table.append(index, line)
}

#[inline(never)]
fn agent<P: LineParts>(table: &Table, source: &LineSource<'_>, hit: &Hit, line: P) -> P {
    table.append(source.agent(hit), line)
}

#[inline(never)]
fn request<P: LineParts>(request: &RequestOp, hit: &Hit, line: P) -> P {
    request.append(hit, line)
}

#[inline(never)]
fn request_part<P: LineParts>(part: &RequestPart, hit: &Hit, line: P) -> P {
    part.append(hit, line)
}

#[inline(never)]
fn request_line<P: LineParts>(request: &RequestLineOp, hit: &Hit, line: P) -> P {
    request.append(hit, line)
}

#[inline(never)]
fn failure<P: LineParts>(source: &LineSource<'_>, hit: &Hit, line: P) -> P {
    let failure = source.dictionary.failure(hit.outcome);
    let text = |failure: Failure| failure.text(|| source.dictionary.effects().server_failure(hit));
    line.put_all(failure.map_or("-", text).as_bytes())
}

impl RequestOp {
    /// Appends the request's text for a hit.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, hit: &Hit, mut line: P) -> P {
        if hit.method == Method::Get && (hit.outcome == Outcome::Success || self.of_any_outcome) {
            return self.success.append(hit.url as usize, line);
        }
        for part in &self.others {
            line = part.append(hit, line);
        }
        line
    }
}

impl RequestLineOp {
    /// Appends the request line of a hit.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, hit: &Hit, line: P) -> P {
        if hit.method == Method::Unread {
            return self.unread.append(hit, line);
        }
        self.protocols.append(hit.protocol as usize, self.read.append(hit, line))
    }
}

impl RequestPart {
    #[inline(always)]
    fn append<P: LineParts>(&self, hit: &Hit, line: P) -> P {
        let outcome = by_outcome(hit.method, hit.outcome);
        match self {
            Self::Outcome(table) => table.append(outcome, line),
            Self::Url(table) => table.append(hit.url as usize, line),
            Self::Result { success, .. } if hit.outcome == Outcome::Success => {
                success.append(hit.url as usize, line)
            }
            Self::Result { others, kinds, .. } => {
                let kind = usize::from(kinds[hit.url as usize]);
                others.append(kind * OUTCOMES + outcome, line)
            }
        }
    }
}
