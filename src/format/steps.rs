//! The steps of a program in their order. A processor can hardly predict which kind of step comes next,
//! and a wrong guess costs as much as a step. So the steps that most formats have in the same order are
//! fixed, and need no choice.

use super::buffer::LineParts;
use super::line_source::LineSource;
use super::op::{Chain, Literal, Op, RequestOp};
use super::texts::Table;
use crate::stream::Hit;

/// The steps of a program, in their order.
#[derive(Debug)]
pub struct Steps {
    /// A literal at the beginning.
    before: Option<Literal>,
    /// Host, literal, user name and second, with which most formats begin: the literal, and the number
    /// of the second's text.
    visitor: Option<(Literal, usize)>,
    /// The request that follows.
    request: Option<RequestOp>,
    /// The referrer, and the user agent, with which many formats end.
    referrer: Option<Table>,
    agent: Option<Table>,
    /// All steps after these.
    others: Chain,
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
            [Op::Host, Op::Literal(text), Op::User, Op::Second(second), ..] => Some((text, second)),
            _ => None,
        };
        ops.drain(..4 * visitor.iter().len());
        let mut rest = ops.into_iter().peekable();
        let request = match rest.next_if(|op| matches!(op, Op::Request(_))) {
            Some(Op::Request(request)) => Some(request),
            _ => None,
        };
        let referrer = match rest.next_if(|op| matches!(op, Op::Referrer(_))) {
            Some(Op::Referrer(referrers)) => Some(referrers),
            _ => None,
        };
        let agent = match rest.next_if(|op| matches!(op, Op::Agent(_))) {
            Some(Op::Agent(agents)) => Some(agents),
            _ => None,
        };
        Self { before, visitor, request, referrer, agent, others: Chain::new(rest) }
    }

    /// Appends the line of a hit.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, source: &LineSource<'_>, hit: &Hit, mut line: P) -> P {
        let dictionary = source.dictionary;
        if let Some(text) = &self.before {
            line = text.append(line);
        }
        if let Some((text, second)) = &self.visitor {
            line = text.append(dictionary.host(hit, line));
            line = source.second(*second, dictionary.user(hit, line));
        }
        if let Some(request) = &self.request {
            line = request.append(hit, line);
        }
        if let Some(referrers) = &self.referrer {
            line = referrers.append(hit.referrer.index(), line);
        }
        if let Some(agents) = &self.agent {
            line = agents.append(dictionary.agent(hit), line);
        }
        self.others.append(source, hit, line)
    }

    /// Whether there are steps besides those that are fixed.
    pub fn has_others(&self) -> bool {
        !self.others.is_empty()
    }
}
