//! A compiled format: the steps that append a line, the length of a line, and the length that no line exceeds.

use super::buffer::{Length, LineParts};
use super::clock::SecondText;
use super::dictionary::{Dictionary, LONGEST_HOST, Request};
use super::element::{Depends, Element, Segment, segments};
use super::error_log::Failure;
use super::log_format::{self, FormatError};
use super::op::{self, LITERAL, LineSource, Literal, Op, RequestPart, by_outcome};
use super::stamp::StampForm;
use super::steps::Steps;
use super::texts::{Table, Words};
use crate::stream::site::{Outcome, UrlId};
use crate::stream::{Hit, Method};

/// The longest user name, bytes. Its parts are [`Words`], which have a limit.
const LONGEST_USER: usize = 2 * Words::<16>::LONGEST + Words::<8>::LONGEST;

/// A LogFormat compiled for a dictionary.
#[derive(Debug)]
pub struct Program {
    steps: Steps,
    /// The texts that depend on the second, before they show one.
    seconds: Box<[SecondText]>,
    longest: usize,
}

impl Program {
    /// Compiles the text of a LogFormat, such as [`COMBINED`](super::COMBINED), for lines of all hits.
    ///
    /// # Errors
    /// A directive is not known.
    pub fn compile(format: &str, dictionary: &Dictionary) -> Result<Self, FormatError> {
        Ok(Self::of(&log_format::elements(format)?, &Outcome::ALL, dictionary))
    }

    /// Compiles elements, for lines of hits with these outcomes only.
    pub fn of(elements: &[Element], outcomes: &[Outcome], dictionary: &Dictionary) -> Self {
        let mut compiler = Compiler { dictionary, outcomes, ops: Vec::new(), seconds: Vec::new() };
        for segment in segments(elements) {
            compiler.add(segment);
        }
        let Compiler { ops, seconds, .. } = compiler;
        Self {
            longest: elements.iter().map(|element| longest(element, dictionary)).sum(),
            steps: Steps::new(ops),
            seconds: seconds.into(),
        }
    }

    /// Appends the line of a hit. `source` needs [`Program::seconds`], brought up to the hit's second.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, source: LineSource<'_>, hit: &Hit, line: P) -> P {
        self.steps.append(source, hit, line)
    }

    /// The texts that depend on the second. A caller copies them and makes the copies show the hit's second.
    pub fn seconds(&self) -> &[SecondText] {
        &self.seconds
    }

    /// The length of a hit's line, in bytes with its line feed.
    pub fn length(&self, dictionary: &Dictionary, hit: &Hit) -> u64 {
        let source = LineSource { dictionary, seconds: &self.seconds };
        self.append(source, hit, Length::default()).0 as u64
    }

    /// The length in bytes that no line exceeds.
    #[inline]
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The form of the first timestamp, with which a line's time can be read back; `None` without a timestamp.
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

    /// Adds the text of a request. Most hits are a successful GET, so its text is one table by URL. If
    /// no such hits are selected, or the text contains nothing of the URL, the table is not worth its
    /// memory.
    fn add_request(&mut self, elements: &[Element]) {
        let parts = request_parts(elements).into_iter().map(|part| self.request_part(&part));
        let has_url = elements.iter().any(Element::needs_url);
        if has_url && self.outcomes.contains(&Outcome::Success) {
            let success = self.by_url(elements, Method::Get);
            let request = op::RequestOp { success, others: parts.collect() };
            self.ops.push(Op::Request(request));
        } else {
            let parts: Vec<_> = parts.map(Op::RequestPart).collect();
            self.ops.extend(parts);
        }
    }

    fn request_part(&self, elements: &[Element]) -> RequestPart {
        match elements {
            [Element::Target] => RequestPart::Target,
            _ if elements.contains(&Element::Bytes) => RequestPart::Result {
                // The method does not matter: this part has none.
                success: self.by_url(elements, Method::Get),
                others: self.by_outcome(elements),
            },
            _ => RequestPart::Outcome(self.by_outcome(elements)),
        }
    }

    /// The texts of successful requests, by the id of the URL.
    fn by_url(&self, elements: &[Element], method: Method) -> Table {
        let outcome = Outcome::Success;
        let urls = 0..self.dictionary.targets().texts().count() as UrlId;
        Table::new(urls.map(|url| self.text(elements, Request { method, outcome, url })))
    }

    /// The texts that do not depend on the URL, in the order of [`by_outcome`].
    fn by_outcome(&self, elements: &[Element]) -> Table {
        let mut texts = vec![String::new(); Method::ALL.len() * Outcome::ALL.len()];
        for method in Method::ALL {
            for outcome in Outcome::ALL {
                let text = self.text(elements, Request { method, outcome, url: 0 });
                texts[by_outcome(method, outcome)] = text;
            }
        }
        Table::new(texts.into_iter())
    }

    /// The text of some elements for a request.
    fn text(&self, elements: &[Element], request: Request) -> String {
        joined(elements, |element| self.text_of(element, request))
    }

    /// The text of one element for a request.
    fn text_of(&self, element: &Element, request: Request) -> String {
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

/// Splits a request into parts that are a table each. The target is a part by itself. The rest is split
/// so that no part has both a method and a size, because the size depends on the URL.
fn request_parts(elements: &[Element]) -> Vec<Vec<Element>> {
    let mut parts: Vec<Vec<Element>> = Vec::new();
    for element in elements {
        let cannot_join = match element {
            Element::Method => Some(Element::Bytes),
            Element::Bytes => Some(Element::Method),
            _ => None,
        };
        let last = parts.last_mut().filter(|last| {
            let is_apart = *element == Element::Target || last.contains(&Element::Target);
            !is_apart && cannot_join.is_none_or(|other| !last.contains(&other))
        });
        match last {
            Some(last) => last.push(element.clone()),
            None => parts.push(vec![element.clone()]),
        }
    }
    parts
}

/// Joins elements to one text. Literals stand for themselves; `text` supplies the others.
fn joined(elements: &[Element], text: impl Fn(&Element) -> String) -> String {
    let part = |element: &Element| match element {
        Element::Literal(literal) => literal.clone(),
        element => text(element),
    };
    elements.iter().map(part).collect()
}

/// Adds the steps of an element that is in no table.
fn alone(element: &Element, ops: &mut Vec<Op>) {
    match element {
        Element::Literal(text) => {
            let texts = text.as_bytes().chunks(LITERAL).map(Literal::new);
            ops.extend(texts.map(Op::Literal));
        }
        Element::Host => ops.push(Op::Host),
        Element::User => ops.push(Op::User),
        Element::UserNote => ops.push(Op::UserNote),
        Element::Failure => ops.push(Op::Failure),
        other => unreachable!("{other:?} is in a table"),
    }
}

/// The most bytes that an element can have.
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
