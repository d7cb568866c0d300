//! The texts that tables are made from: what a field says of a request, a referrer or an agent.

use std::borrow::Cow;

use super::depends::{Presence, presence};
use super::dictionary::{Dictionary, Request};
use super::error_log::Failure;
use super::message_sizes::{answer, content_type};
use crate::log_format::{Condition, Element, Field};
use crate::stream::Method;
use crate::stream::site::Outcome;

/// What the texts of a table are made from.
pub trait Shows {
    /// The text of a field before it is escaped; `None` if there is no such fact.
    fn text(&self, field: Field) -> Option<Cow<'_, [u8]>>;

    /// Whether a condition holds.
    fn holds(&self, condition: &Condition) -> bool;
}

/// Appends the text of elements that are in a table.
pub fn append(elements: &[Element], by: &impl Shows, out: &mut String) {
    for element in elements {
        match element {
            Element::Literal(text) => out.push_str(text),
            Element::Field { field, escape, missing } => match by.text(*field) {
                Some(text) => escape.append(&text, out),
                None => out.push_str(missing),
            },
            Element::Choice { condition, then, otherwise } => {
                append(if by.holds(condition) { then } else { otherwise }, by, out);
            }
            Element::Time(_) => unreachable!("a time follows from the second alone"),
        }
    }
}

/// The referrer or the agent; empty if there is none.
pub struct ByText<'a>(pub &'a [u8]);

impl Shows for ByText<'_> {
    fn text(&self, _: Field) -> Option<Cow<'_, [u8]>> {
        (!self.0.is_empty()).then_some(self.0.into())
    }

    fn holds(&self, _: &Condition) -> bool {
        !self.0.is_empty()
    }
}

/// The statuses after which Apache closes the connection (httpd.h, `ap_status_drops_connection`).
const CLOSING: [u16; 8] = [400, 408, 411, 413, 414, 500, 501, 503];

/// A request.
pub struct ByRequest<'a> {
    /// The texts of the site.
    pub dictionary: &'a Dictionary,
    /// The request.
    pub request: Request,
}

impl Shows for ByRequest<'_> {
    fn text(&self, field: Field) -> Option<Cow<'_, [u8]>> {
        let Self { dictionary, request } = *self;
        let target = dictionary.targets().get(request.url as usize);
        let (path, query) = split(target);
        let text = |text: &'static str| Some(text.as_bytes().into());
        let number = |number: u64| Some(number.to_string().into_bytes().into());
        match field {
            Field::Method => text(request.method.name()),
            Field::Target => Some(target.into()),
            Field::Path => Some(path.into()),
            Field::DecodedPath => Some(normalized(&decoded(path)).into()),
            Field::Query => query.filter(|query| !query.is_empty()).map(Cow::from),
            Field::QueryString => query.map(|query| [b"?", query].concat().into()),
            Field::FailedStatus | Field::ServerErrorStatus if !has(field, dictionary, request) => {
                None
            }
            Field::Status | Field::FailedStatus | Field::ServerErrorStatus => {
                number(dictionary.status(request.outcome).into())
            }
            Field::ConnectionStatus => {
                let closes = CLOSING.contains(&dictionary.status(request.outcome));
                text(if closes { "-" } else { "+" })
            }
            Field::BodyBytes => dictionary.bytes(request).and_then(|bytes| number(bytes.into())),
            Field::BytesSent => number(answer(dictionary, request)),
            Field::ContentType => {
                dictionary.bytes(request).and_then(|_| text(content_type(dictionary, request)))
            }
            Field::Outcome => {
                text(if dictionary.status(request.outcome) < 400 { "success" } else { "failure" })
            }
            Field::Level => {
                text(dictionary.failure(request.outcome).map_or("INFO", Failure::level))
            }
            other => unreachable!("{other:?} does not follow from the request"),
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        let Self { dictionary, request } = *self;
        match condition {
            Condition::StatusIs(statuses) => statuses.contains(&dictionary.status(request.outcome)),
            Condition::FailedAs(_) => unreachable!("it does not follow from the request"),
            Condition::Has(field) => match presence(*field) {
                Presence::ByUrl => self.text(*field).is_some(),
                Presence::Read => request.method != Method::Unread,
                _ => has(*field, dictionary, request),
            },
        }
    }
}

/// The path and the query of a target.
fn split(target: &[u8]) -> (&[u8], Option<&[u8]>) {
    match target.iter().position(|byte| *byte == b'?') {
        Some(at) => (&target[..at], Some(&target[at + 1..])),
        None => (target, None),
    }
}

/// A path without repeated slashes and dot segments, as servers look for files (RFC 3986, section 5.2.4).
fn normalized(path: &[u8]) -> Vec<u8> {
    let mut segments: Vec<&[u8]> = Vec::new();
    let mut is_directory = false;
    for segment in path.split(|byte| *byte == b'/') {
        is_directory = matches!(segment, b"" | b"." | b"..");
        match segment {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let mut out =
        segments.iter().fold(Vec::new(), |path, segment| [&path, &b"/"[..], segment].concat());
    if is_directory {
        out.push(b'/');
    }
    out
}

/// A path without its percent-encoding (RFC 3986, section 2.1).
fn decoded(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((byte, behind)) = rest.split_first() {
        let digit = |at: usize| char::from(*behind.get(at)?).to_digit(16);
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                rest = &behind[2..];
            }
            _ => {
                out.push(*byte);
                rest = behind;
            }
        }
    }
    out
}

/// Whether requests with this method and outcome have a field.
pub fn has(field: Field, dictionary: &Dictionary, request: Request) -> bool {
    let outcome = request.outcome;
    match field {
        Field::BodyBytes | Field::VaryingBodyBytes | Field::ContentType => {
            dictionary.bytes(Request { url: 0, ..request }).is_some()
        }
        Field::Level | Field::Failure => dictionary.failure(outcome).is_some(),
        Field::FailedStatus => dictionary.status(outcome) >= 400,
        Field::ServerErrorStatus => dictionary.status(outcome) >= 500,
        // A server of the application that refuses a connection is named, and has sent nothing.
        Field::UpstreamAddress | Field::UpstreamTime(_) if outcome == Outcome::BadGateway => true,
        // The server answers the others itself.
        _ => matches!(
            outcome,
            Outcome::Success
                | Outcome::NotFound
                | Outcome::ServerError
                | Outcome::GatewayTimeout
                | Outcome::InsufficientStorage
        ),
    }
}
