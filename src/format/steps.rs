//! The steps of a program in their order. A processor can hardly predict which kind of step comes next,
//! and a wrong guess costs as much as a step. So the steps that most formats have in the same order are
//! fixed, and need no choice.

use std::collections::VecDeque;

use super::buffer::LineParts;
use super::digits::number;
use super::fact::Fact;
use super::line_source::LineSource;
use super::op::{Chain, Literal, Op, RequestLineOp, RequestOp, RequestPart, by_outcome};
use super::texts::Table;
use crate::stream::Hit;

/// The steps of a program, in their order.
#[derive(Debug)]
pub struct Steps {
    /// A literal at the beginning.
    before: Option<Literal>,
    /// Who made the request and when, with which most formats begin.
    visitor: Option<VisitorSteps>,
    /// The request that follows.
    request: Option<RequestOp>,
    /// Or the request of visitors of all kinds.
    of_any_kind: Option<Box<AnyRequestSteps>>,
    /// The referrer, and the user agent, with which many formats end.
    referrer: Option<Table>,
    agent: Option<Table>,
    /// All steps after these.
    others: Chain,
}

/// The remote host, and what follows up to the second: the number of its text.
#[derive(Debug)]
enum VisitorSteps {
    /// A literal and the user name.
    WithUser(Literal, usize),
    /// Nothing.
    WithoutUser(usize),
}

/// A request line, the text that depends on the outcome, and the size of the answer's body for these methods and outcomes, by
/// [`by_outcome`], or else the literal.
#[derive(Debug)]
struct AnyRequestSteps {
    request: RequestLineOp,
    outcome: Table,
    has_body: Box<[bool]>,
    missing: Literal,
}

impl AnyRequestSteps {
    /// The steps that come next, if they are these.
    fn next(rest: &mut VecDeque<Op>) -> Option<Self> {
        let steps = rest.make_contiguous();
        let are_these = matches!(
            steps,
            [
                Op::RequestLine(_),
                Op::RequestPart(RequestPart::Outcome(_)),
                Op::FactOf(Fact::BodyBytes, ..),
                ..
            ]
        );
        if !are_these {
            return None;
        }
        match (rest.pop_front(), rest.pop_front(), rest.pop_front()) {
            (
                Some(Op::RequestLine(request)),
                Some(Op::RequestPart(RequestPart::Outcome(outcome))),
                Some(Op::FactOf(_, has_body, missing)),
            ) => Some(Self { request: *request, outcome, has_body, missing }),
            _ => unreachable!("the steps are of these kinds"),
        }
    }

    // Not inlined: lines of other sites would pay for it.
    #[inline(never)]
    fn append<P: LineParts>(&self, source: &LineSource<'_>, hit: &Hit, line: P) -> P {
        let outcome = by_outcome(hit.method, hit.outcome);
        let line = self.outcome.append(outcome, self.request.append(hit, line));
        if self.has_body[outcome] {
            number(source.dictionary.body(hit).into(), line)
        } else {
            self.missing.append(line)
        }
    }
}

impl Steps {
    /// Arranges the steps, which keep their order.
    pub fn new(mut ops: Vec<Op>) -> Self {
        let before = match ops[..] {
            [Op::Literal(text), ..] => Some(text),
            _ => None,
        };
        ops.drain(..before.iter().len());
        let visitor = match ops[..] {
            [Op::Host, Op::Literal(text), Op::User, Op::Second(second), ..] => {
                ops.drain(..4);
                Some(VisitorSteps::WithUser(text, second))
            }
            [Op::Host, Op::Second(second), ..] => {
                ops.drain(..2);
                Some(VisitorSteps::WithoutUser(second))
            }
            _ => None,
        };
        let mut rest = VecDeque::from(ops);
        let request = match rest.pop_front_if(|op| matches!(op, Op::Request(_))) {
            Some(Op::Request(request)) => Some(request),
            _ => None,
        };
        let of_any_kind = AnyRequestSteps::next(&mut rest).map(Box::new);
        let referrer = match rest.pop_front_if(|op| matches!(op, Op::Referrer(_))) {
            Some(Op::Referrer(referrers)) => Some(referrers),
            _ => None,
        };
        let agent = match rest.pop_front_if(|op| matches!(op, Op::Agent(_))) {
            Some(Op::Agent(agents)) => Some(agents),
            _ => None,
        };
        Self { before, visitor, request, of_any_kind, referrer, agent, others: Chain::new(rest) }
    }

    /// Appends the line of a hit.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, source: &LineSource<'_>, hit: &Hit, mut line: P) -> P {
        let dictionary = source.dictionary;
        if let Some(text) = &self.before {
            line = text.append(line);
        }
        match &self.visitor {
            Some(VisitorSteps::WithUser(text, second)) => {
                line = text.append(source.host(hit, line));
                line = source.second(*second, dictionary.user(hit, line));
            }
            Some(VisitorSteps::WithoutUser(second)) => {
                line = source.second(*second, source.host(hit, line));
            }
            None => {}
        }
        if let Some(request) = &self.request {
            line = request.append(hit, line);
        }
        if let Some(request) = &self.of_any_kind {
            line = request.append(source, hit, line);
        }
        if let Some(referrers) = &self.referrer {
            line = referrers.append(dictionary.referrer_index(hit), line);
        }
        if let Some(agents) = &self.agent {
            line = agents.append(source.agent(hit), line);
        }
        self.others.append(source, hit, line)
    }

    /// Whether there are steps besides those that are fixed.
    pub fn has_others(&self) -> bool {
        !self.others.is_empty()
    }
}
