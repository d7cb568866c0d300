//! Formats -> programs. Neighbouring elements that follow from the same thing become one table; what the tables cannot hold
//! becomes a step of its own.

use std::collections::HashMap;
use std::sync::Arc;

use super::clock::SecondText;
use super::depends::{Depends, Presence, RequestNeeds, needs, presence};
use super::dictionary::{Dictionary, Request};
use super::fact::{Fact, fact};
use super::known::written_out;
use super::longest::longest;
use super::message_sizes::RequestSizes;
use super::op::{
    Chain, HitChoice, HitCondition, LITERAL, Literal, Op, RequestLineOp, RequestOp, RequestPart,
};
use super::program::Program;
use super::segments::{Segment, segments};
use super::shown::{ByRequest, ByText, Shows, append, has};
use super::steps::Steps;
use super::texts::Table;
use crate::log_format::{Condition, Element, Field};
use crate::stream::Method;
use crate::stream::site::{Outcome, Site, UrlId};
use crate::stream::timing::Timings;

/// Compiles the formats of a site's logs, which share what they have in common.
#[derive(Debug)]
pub struct Compiler<'a> {
    dictionary: &'a Dictionary,
    site: &'a Site,
    /// The tables by URL that were made, by what they show.
    by_url: HashMap<Vec<Element>, Arc<Table>>,
    /// What is made once, if a log needs it.
    timings: Option<Arc<Timings>>,
    sizes: Option<Arc<RequestSizes>>,
}

impl<'a> Compiler<'a> {
    /// A compiler for the logs of a site.
    pub fn new(dictionary: &'a Dictionary, site: &'a Site) -> Self {
        Self { dictionary, site, by_url: HashMap::new(), timings: None, sizes: None }
    }

    /// Compiles the elements of a line, without its line feed, for hits with these outcomes only.
    pub fn compile(&mut self, elements: &[Element], outcomes: &[Outcome]) -> Program {
        let mut elements = written_out(elements, self.dictionary);
        elements.push("\n".into());
        let mut work = Compilation {
            compiler: self,
            outcomes,
            ops: Vec::new(),
            seconds: Vec::new(),
            certain: Vec::new(),
            shows_times: false,
        };
        work.line(&elements);
        let Compilation { ops, seconds, shows_times, .. } = work;
        let timings = shows_times.then(|| self.timings());
        let longest = ops.iter().map(|op| longest(op, &seconds)).sum();
        Program { longest, steps: Steps::new(ops), seconds: seconds.into(), timings }
    }
}

impl Compiler<'_> {
    /// How long the site's requests take.
    pub fn timings(&mut self) -> Arc<Timings> {
        Arc::clone(self.timings.get_or_insert_with(|| {
            Arc::new(Timings::new(self.site, self.dictionary.effects().clone()))
        }))
    }

    fn sizes(&mut self) -> Arc<RequestSizes> {
        let new = || Arc::new(RequestSizes::new(self.dictionary));
        Arc::clone(self.sizes.get_or_insert_with(new))
    }
}

/// A line on its way from segments to steps.
struct Compilation<'c, 'a> {
    compiler: &'c mut Compiler<'a>,
    outcomes: &'c [Outcome],
    ops: Vec<Op>,
    seconds: Vec<SecondText>,
    /// The fields that the hit has for certain, within the part of a choice.
    certain: Vec<Field>,
    /// Whether a step shows how long the request took.
    shows_times: bool,
}

impl Compilation<'_, '_> {
    fn line(&mut self, elements: &[Element]) {
        for segment in segments(elements) {
            self.add(segment);
        }
    }

    fn add(&mut self, segment: Segment) {
        let Segment { depends, elements } = segment;
        let dictionary = self.compiler.dictionary;
        match depends {
            Depends::Second => {
                self.ops.push(Op::Second(self.seconds.len()));
                self.seconds.push(SecondText::new(elements));
            }
            Depends::Referrer => {
                let mut referrer = Vec::new();
                let table = Table::new(dictionary.referrers(), |index, out| {
                    referrer.clear();
                    dictionary.referrer(index, &mut referrer);
                    append(&elements, &ByText(&referrer), out);
                });
                self.ops.push(Op::Referrer(table));
            }
            Depends::Agent => {
                let agents = dictionary.agents();
                self.ops.push(Op::Agent(Table::new(agents.len(), |index, out| {
                    append(&elements, &ByText(agents[index].as_bytes()), out);
                })));
            }
            Depends::Request => self.add_request(&elements),
            Depends::Nothing | Depends::Alone => {
                for element in &elements {
                    self.alone(element);
                }
            }
        }
    }

    /// Adds the text of a request. Most hits are a successful GET, so its text is one table by URL. If
    /// the text contains nothing of the URL, the table is not worth its memory.
    fn add_request(&mut self, elements: &[Element]) {
        let parts = request_parts(elements);
        let others: Vec<_> = parts.iter().map(|part| self.request_part(part)).collect();
        let has_url = elements.iter().any(|element| needs(element).any_url());
        if has_url && self.outcomes.contains(&Outcome::Success) {
            let RequestNeeds { outcome, answer, .. } = all_needs(elements);
            let others = others.into();
            let success = self.by_url(elements);
            let of_any_outcome = !(outcome || answer);
            self.ops.push(Op::Request(RequestOp { success, of_any_outcome, others }));
        } else {
            self.ops.extend(others.into_iter().map(Op::RequestPart));
        }
    }

    fn request_part(&mut self, elements: &[Element]) -> RequestPart {
        let RequestNeeds { url, answer, .. } = all_needs(elements);
        if url {
            let known = self.compiler.by_url.get(elements).cloned();
            let table = known.unwrap_or_else(|| {
                let table = Arc::new(self.by_url(elements));
                self.compiler.by_url.insert(elements.to_vec(), Arc::clone(&table));
                table
            });
            RequestPart::Url(table)
        } else if answer {
            let success = self.by_url(elements);
            let pages = self.compiler.dictionary.error_pages();
            let others = self.by_outcome(elements, pages.examples());
            RequestPart::Result { success, others, kinds: Arc::clone(pages.kinds()) }
        } else {
            RequestPart::Outcome(self.by_outcome(elements, &[0]))
        }
    }

    /// The texts of successful GETs, by the id of the URL. The method matters to a request as a whole alone: no
    /// part has both a method and something of the URL.
    fn by_url(&self, elements: &[Element]) -> Table {
        let dictionary = self.compiler.dictionary;
        let (method, outcome) = (Method::Get, Outcome::Success);
        Table::new(dictionary.targets().count(), |url, out| {
            let request = Request { method, outcome, url: url as UrlId };
            append(elements, &ByRequest { dictionary, request }, out);
        })
    }

    /// The texts for each of these URLs in the order of [`by_outcome`].
    fn by_outcome(&self, elements: &[Element], urls: &[UrlId]) -> Table {
        let dictionary = self.compiler.dictionary;
        let of_url = |url: &UrlId| {
            let url = *url;
            of_each_outcome(move |request| Request { url, ..request })
        };
        let requests: Vec<Request> = urls.iter().flat_map(of_url).collect();
        Table::new(requests.len(), |index, out| {
            append(elements, &ByRequest { dictionary, request: requests[index] }, out);
        })
    }

    /// Adds the steps of an element that is in no table.
    fn alone(&mut self, element: &Element) {
        match element {
            Element::Literal(text) => self.ops.extend(literals(text)),
            Element::Field { field: Field::RemoteHost, .. } => self.ops.push(Op::Host),
            Element::Field { field: Field::User, missing, .. } if missing == "-" => {
                self.ops.push(Op::User);
            }
            Element::Field { field: Field::Failure, .. } => self.ops.push(Op::Failure),
            Element::Field { field, missing, .. } => {
                let step = self.computed(*field);
                let condition = self.condition(&Condition::Has(*field));
                let condition = condition.filter(|_| !self.certain.contains(field));
                let op = match (step, condition) {
                    (step, None) => step,
                    (Op::Fact(fact), Some(HitCondition::Outcome(outcomes)))
                        if missing.len() <= LITERAL =>
                    {
                        Op::FactOf(fact, outcomes, Literal::new(missing.as_bytes()))
                    }
                    (step, Some(condition)) => {
                        let (then, otherwise) = (Chain::new([step]), Chain::new(literals(missing)));
                        Op::Choice(Box::new(HitChoice { condition, then, otherwise }))
                    }
                };
                self.ops.push(op);
            }
            Element::Choice { condition, then, otherwise } => {
                let holds = self.condition(condition).expect("what always holds is written out");
                let before = std::mem::take(&mut self.ops);
                let certain = self.certain.len();
                if let Condition::Has(field) = condition {
                    self.certain.push(*field);
                }
                self.line(then);
                self.certain.truncate(certain);
                let then = std::mem::take(&mut self.ops);
                if *condition == Condition::Has(Field::Method)
                    && let [Op::Request(_), Op::Fact(Fact::Protocol(_))] = then[..]
                {
                    self.ops = before;
                    let unread = self.request_part(otherwise);
                    self.ops.push(request_line(then, unread));
                    return;
                }
                self.line(otherwise);
                let otherwise = Chain::new(std::mem::replace(&mut self.ops, before));
                let then = Chain::new(then);
                self.ops.push(Op::Choice(Box::new(HitChoice {
                    condition: holds,
                    then,
                    otherwise,
                })));
            }
            other @ Element::Time(_) => unreachable!("{other:?} is in a table"),
        }
    }

    fn computed(&mut self, field: Field) -> Op {
        if field == Field::User {
            return Op::User;
        }
        let dictionary = self.compiler.dictionary;
        let fact = fact(field, dictionary, || self.compiler.sizes());
        let fact = fact.unwrap_or_else(|| unreachable!("{field:?} is in a table"));
        self.shows_times |= matches!(fact, Fact::Length(..));
        Op::Fact(fact)
    }

    /// The condition as it is asked of a hit; `None` if it holds for all hits.
    fn condition(&self, condition: &Condition) -> Option<HitCondition> {
        let dictionary = self.compiler.dictionary;
        let field = match condition {
            Condition::StatusIs(statuses) => {
                let is = |request: Request| statuses.contains(&dictionary.status(request.outcome));
                return Some(HitCondition::Outcome(of_each_outcome(is)));
            }
            Condition::FailedAs(kind) => return Some(HitCondition::FailedAs(*kind)),
            Condition::Has(field) => *field,
        };
        match presence(field) {
            Presence::Always | Presence::WithTls => None,
            Presence::Read => {
                let is_read = |request: Request| request.method != Method::Unread;
                Some(HitCondition::Outcome(of_each_outcome(is_read)))
            }
            Presence::LoggedIn => Some(HitCondition::LoggedIn),
            Presence::InEvent => Some(HitCondition::InEvent),
            Presence::Spoilt => Some(HitCondition::Spoilt),
            Presence::OnReturn => Some(HitCondition::HasCookie),
            Presence::FromAPage => Some(HitCondition::HasReferrer),
            Presence::ByUrl => {
                let has_it = |url| {
                    let (method, outcome) = (Method::Get, Outcome::Success);
                    let request = Request { method, outcome, url: url as UrlId };
                    ByRequest { dictionary, request }.text(field).is_some()
                };
                Some(HitCondition::Url((0..dictionary.targets().count()).map(has_it).collect()))
            }
            Presence::ByOutcome => Some(HitCondition::Outcome(of_each_outcome(|request| {
                has(field, dictionary, request)
            }))),
        }
    }
}

/// What holds for each method and outcome, in the order of [`by_outcome`].
fn of_each_outcome<T>(of: impl Fn(Request) -> T) -> Box<[T]> {
    let of = &of;
    let outcomes = |method| {
        Outcome::ALL.into_iter().map(move |outcome| of(Request { method, outcome, url: 0 }))
    };
    Method::ALL.into_iter().flat_map(outcomes).collect()
}

/// The steps of a text.
fn literals(text: &str) -> impl Iterator<Item = Op> {
    text.as_bytes().chunks(LITERAL).map(Literal::new).map(Op::Literal)
}

/// The steps of a request line as one: those of one that the server could read, and what stands for another.
fn request_line(mut read: Vec<Op>, unread: RequestPart) -> Op {
    match (read.pop(), read.pop()) {
        (Some(Op::Fact(Fact::Protocol(protocols))), Some(Op::Request(read))) => {
            Op::RequestLine(Box::new(RequestLineOp { read, protocols, unread }))
        }
        _ => unreachable!("the steps are of these kinds"),
    }
}

/// Splits a request into parts that are a table each.
fn request_parts(elements: &[Element]) -> Vec<Vec<Element>> {
    let mut parts: Vec<Vec<Element>> = Vec::new();
    for element in elements {
        let fits = |part: &&mut Vec<Element>| all_needs(part).and(needs(element)).fit_a_table();
        match parts.last_mut().filter(fits) {
            Some(last) => last.push(element.clone()),
            None => parts.push(vec![element.clone()]),
        }
    }
    parts
}

fn all_needs(elements: &[Element]) -> RequestNeeds {
    elements.iter().map(needs).fold(RequestNeeds::default(), RequestNeeds::and)
}
