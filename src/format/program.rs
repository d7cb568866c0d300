//! A format, compiled: the steps that append a line, how long it is, and the length that none exceeds.

use super::buffer::{Length, Line};
use super::clock::SecondText;
use super::dictionary::{Dictionary, Request};
use super::element::{Depends, Element, Segment, segments};
use super::error_log::Failure;
use super::log_format::{self, FormatError};
use super::op::{LITERAL, Op, Source, by_outcome};
use super::stamp::StampForm;
use super::texts::{Table, Words};
use crate::stream::site::{Outcome, UrlId};
use crate::stream::{Hit, Method};

/// The longest text of an IPv6 address (RFC 5952), bytes.
const LONGEST_HOST: usize = 39;
/// The longest user name, bytes: its parts are short texts.
const LONGEST_USER: usize = 2 * Words::<16>::LONGEST + Words::<8>::LONGEST;

/// A format, compiled for a dictionary.
#[derive(Debug)]
pub struct Program {
    ops: Box<[Op]>,
    /// What follows from the second, before there is one.
    seconds: Box<[SecondText]>,
    longest: usize,
}

impl Program {
    /// Compiles the text of a LogFormat, such as [`COMBINED`](super::COMBINED), for lines of all hits.
    ///
    /// # Errors
    /// A directive is not known.
    ///
    /// ```
    /// use access_log_generator::format::{COMBINED, Program};
    /// # use access_log_generator::{config::Config, format::Dictionary, shard::Shard, stream::site::Site};
    /// # let config = Config::default();
    /// let dictionary = Dictionary::new(&config, &Site::new(&config), Shard::WHOLE);
    /// assert!(Program::compile(COMBINED, &dictionary).is_ok());
    /// let error = Program::compile("%h %Q", &dictionary).unwrap_err();
    /// assert_eq!(error.at, 3);
    /// ```
    pub fn compile(format: &str, dictionary: &Dictionary) -> Result<Self, FormatError> {
        Ok(Self::of(&log_format::elements(format)?, &Outcome::ALL, dictionary))
    }

    /// A program of these elements, for lines of hits with these outcomes.
    pub fn of(elements: &[Element], outcomes: &[Outcome], dictionary: &Dictionary) -> Self {
        let mut compiler = Compiler { dictionary, outcomes, ops: Vec::new(), seconds: Vec::new() };
        for segment in segments(elements) {
            compiler.add(segment);
        }
        let Compiler { ops, seconds, .. } = compiler;
        Self {
            longest: elements.iter().map(|element| longest(element, dictionary)).sum(),
            ops: ops.into(),
            seconds: seconds.into(),
        }
    }

    /// Appends the line of a hit; `seconds` are [`Program::seconds`], of the hit's second.
    #[inline(always)]
    pub fn append(&self, source: Source<'_>, hit: &Hit, line: &mut Line<'_>) {
        self.ops.iter().for_each(|op| op.append(source, hit, line));
    }

    /// What follows from the second, to be made that of a hit.
    pub fn seconds(&self) -> &[SecondText] {
        &self.seconds
    }

    /// How long the line of a hit is, in bytes with its line feed.
    pub fn length(&self, dictionary: &Dictionary, hit: &Hit) -> u64 {
        let source = Source { dictionary, seconds: &self.seconds };
        let mut length = Length::default();
        self.ops.iter().for_each(|op| op.append(source, hit, &mut length));
        length.0 as u64
    }

    /// No line is longer than so many bytes.
    #[inline]
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The form of its first time stamp, with which a line's time is read again; `None` where it has none.
    pub fn stamp(&self) -> Option<StampForm> {
        self.seconds.iter().find_map(SecondText::form)
    }
}

/// Turns segments into steps.
struct Compiler<'a> {
    dictionary: &'a Dictionary,
    outcomes: &'a [Outcome],
    ops: Vec<Op>,
    seconds: Vec<SecondText>,
}

impl Compiler<'_> {
    fn add(&mut self, segment: Segment) {
        let Segment { depends, elements } = segment;
        let around = |text: String| joined(&elements, |_| text.clone());
        match depends {
            Depends::Second => {
                self.ops.push(Op::Second(self.seconds.len()));
                self.seconds.push(SecondText::new(elements));
            }
            Depends::Referrer => {
                let texts = self.dictionary.referrers().map(around);
                self.ops.push(Op::Referrer(Table::new(texts)));
            }
            Depends::Agent => {
                let texts = self.dictionary.agents().map(around);
                self.ops.push(Op::Agent(Table::new(texts)));
            }
            Depends::Request => self.add_request(&elements),
            Depends::Alone => elements.iter().for_each(|element| alone(element, &mut self.ops)),
        }
    }

    /// A request: most hits are a GET that succeeds, whose text is one table by URL; where these are not
    /// selected, or no URL is in it, it is not worth one.
    fn add_request(&mut self, elements: &[Element]) {
        let others = self.request_in_parts(elements);
        let has_url = elements.iter().any(Element::needs_url);
        if !has_url || !self.outcomes.contains(&Outcome::Success) {
            self.ops.extend(others);
            return;
        }
        let (method, outcome) = (Method::Get, Outcome::Success);
        let urls = 0..self.dictionary.targets().texts().count() as UrlId;
        let success = Table::new(urls.map(|url| {
            joined(elements, |element| self.text(element, Request { method, outcome, url }))
        }));
        self.ops.push(Op::Request { success, others: others.into() });
    }

    /// The same in several steps: what follows from the URL alone, what follows from method and outcome as
    /// tables.
    fn request_in_parts(&self, elements: &[Element]) -> Vec<Op> {
        let mut ops = Vec::new();
        for part in elements.chunk_by(|one, other| !one.needs_url() && !other.needs_url()) {
            match part {
                [Element::Target] => ops.push(Op::Target),
                [Element::Bytes] => ops.push(Op::Bytes),
                part if part.iter().all(|element| matches!(element, Element::Literal(_))) => {
                    part.iter().for_each(|element| alone(element, &mut ops));
                }
                part => ops.push(Op::Outcome(self.by_outcome(part))),
            }
        }
        ops
    }

    fn by_outcome(&self, elements: &[Element]) -> Table {
        let requests = Method::ALL.iter().flat_map(|&method| {
            Outcome::ALL.iter().map(move |&outcome| Request { method, outcome, url: 0 })
        });
        let in_order = requests
            .clone()
            .zip(0..)
            .all(|(request, at)| by_outcome(request.method, request.outcome) == at);
        debug_assert!(in_order, "a table by outcome has the order of its indexes");
        Table::new(
            requests
                .map(|request| joined(elements, |element| self.text(element, request)))
                .collect::<Vec<_>>()
                .into_iter(),
        )
    }

    /// What an element says of a request.
    fn text(&self, element: &Element, request: Request) -> String {
        let dictionary = self.dictionary;
        match element {
            Element::Method => request.method.name().to_owned(),
            Element::Target => {
                let target = dictionary.targets().texts().get(request.url as usize);
                String::from_utf8_lossy(target).into_owned()
            }
            Element::Status => dictionary.status(request.outcome).to_string(),
            Element::Bytes => {
                dictionary.bytes(request).map_or("-".to_owned(), |bytes| bytes.to_string())
            }
            Element::Level => {
                dictionary.failure(request.outcome).map_or("INFO", Failure::level).to_owned()
            }
            other => unreachable!("{other:?} does not follow from the request"),
        }
    }
}

/// Elements as one text, those that are none as `text` says.
fn joined(elements: &[Element], text: impl Fn(&Element) -> String) -> String {
    let part = |element: &Element| match element {
        Element::Literal(literal) => literal.clone(),
        element => text(element),
    };
    elements.iter().map(part).collect()
}

/// The steps of an element that is in no table.
fn alone(element: &Element, ops: &mut Vec<Op>) {
    match element {
        Element::Literal(literal) => ops.extend(literal.as_bytes().chunks(LITERAL).map(|chunk| {
            let mut text = [0; LITERAL];
            text[..chunk.len()].copy_from_slice(chunk);
            Op::Literal { text, len: chunk.len() }
        })),
        Element::Host => ops.push(Op::Host),
        Element::User => ops.push(Op::User),
        Element::UserNote => ops.push(Op::UserNote),
        Element::Failure => ops.push(Op::Failure),
        other => unreachable!("{other:?} is in a table"),
    }
}

/// The most bytes of an element.
fn longest(element: &Element, dictionary: &Dictionary) -> usize {
    let longest_of =
        |texts: &mut dyn Iterator<Item = String>| texts.map(|text| text.len()).max().unwrap_or(0);
    match element {
        Element::Literal(text) => text.len(),
        Element::Host => LONGEST_HOST,
        Element::User => LONGEST_USER,
        Element::UserNote => " (user )".len() + LONGEST_USER,
        Element::Stamp(form) => form.length(),
        Element::Method => longest_of(&mut Method::ALL.iter().map(|method| method.name().into())),
        Element::Target => dictionary.targets().texts().longest(),
        Element::Status => 3,
        Element::Bytes => dictionary.most_bytes().to_string().len(),
        Element::Referrer => longest_of(&mut dictionary.referrers()),
        Element::Agent => longest_of(&mut dictionary.agents()),
        Element::Level => "WARNING".len(),
        Element::Failure => Failure::longest(),
    }
}
