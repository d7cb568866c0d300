//! The most bytes that the steps of a line can append.

use super::clock::SecondText;
use super::dictionary::LONGEST_HOST;
use super::error_log::Failure;
use super::op::{Chain, Op, RequestOp, RequestPart};
use super::texts::Words;

/// The longest user name, bytes. Its parts are [`Words`], which have a limit.
const LONGEST_USER: usize = 2 * Words::<16>::LONGEST + Words::<8>::LONGEST;

/// The most bytes that a step can append; `seconds` are the texts that depend on the second.
pub fn longest(op: &Op, seconds: &[SecondText]) -> usize {
    match op {
        Op::Literal(text) => text.len(),
        Op::Host => LONGEST_HOST,
        Op::User => LONGEST_USER,
        Op::Second(number) => seconds[*number].longest(),
        Op::Referrer(table) | Op::Agent(table) => table.longest(),
        Op::Request(request) => of_request(request),
        Op::RequestPart(part) => of_part(part),
        Op::RequestLine(line) => {
            let read = of_request(&line.read) + Words::<16>::LONGEST;
            read.max(of_part(&line.unread))
        }
        Op::Failure => Failure::longest(),
        Op::Fact(fact) => fact.longest(),
        Op::FactOf(fact, _, missing) => fact.longest().max(missing.len()),
        Op::Choice(choice) => {
            of_chain(&choice.then, seconds).max(of_chain(&choice.otherwise, seconds))
        }
    }
}

fn of_chain(chain: &Chain, seconds: &[SecondText]) -> usize {
    chain.links().iter().map(|(op, behind)| longest(op, seconds) + behind.len()).sum()
}

fn of_request(request: &RequestOp) -> usize {
    let in_parts = request.others.iter().map(of_part).sum();
    request.success.longest().max(in_parts)
}

fn of_part(part: &RequestPart) -> usize {
    match part {
        RequestPart::Outcome(table) => table.longest(),
        RequestPart::Url(table) => table.longest(),
        RequestPart::Result { success, others, .. } => success.longest().max(others.longest()),
    }
}
