//! The steps that compute their text from the hit: times, ids, and what the network shows. A format without them pays nothing
//! for them.

use std::sync::Arc;

use super::buffer::LineParts;
use super::dictionary::{Dictionary, LONGEST_HOST};
use super::digits::{MOST_DIGITS, decimal, hexadecimal, number, padded, short_hexadecimal};
use super::line_source::LineSource;
use super::message_sizes::RequestSizes;
use super::texts::Words;
use crate::log_format::{Field, TimeUnit, TlsSpelling};
use crate::stream::actor_kind::ActorKind;
use crate::stream::attack::attackers::without_agent;
use crate::stream::country::country;
use crate::stream::timing::Timing;
use crate::stream::{Hit, Protocol, SECOND, wire};

/// A step that computes its text.
#[derive(Debug)]
pub enum Fact {
    /// A length of time.
    Length(TimedPart, TimeUnit),
    /// The size of the answer's body.
    BodyBytes,
    /// The size of the answer.
    BytesSent(Arc<RequestSizes>),
    /// The size of the request.
    BytesReceived(Arc<RequestSizes>),
    /// The sizes of request and answer together.
    BytesTransferred(Arc<RequestSizes>),
    /// A field whose number follows from the hit alone.
    Number(fn(&Hit) -> u64),
    /// The first digits of the nanoseconds of the time: 3, 6 or 9.
    Fraction(TimeUnit),
    /// 32 hexadecimal digits.
    Id(fn(&Hit) -> [u64; 2]),
    /// Mod_unique_id's form of the request's id.
    UniqueId,
    /// The last 24 digits of the trace's id.
    TraceTail,
    /// The id of the span.
    SpanId,
    /// The number of the visitor.
    ActorId,
    /// The version of HTTP.
    Protocol(Words<16>),
    /// One of a few texts.
    Picked(Box<Words<32>>, fn(&Hit) -> usize),
    /// The addresses that proxies noted.
    ForwardedFor,
    /// The country of the visitor's address.
    Country,
}

/// Which of the times of a request.
#[derive(Clone, Copy, Debug)]
pub enum TimedPart {
    /// All of it.
    Total,
    /// Until the first byte of the answer.
    FirstByte,
    /// Until the application had answered.
    Upstream,
    /// Until the application had sent its header.
    Header,
    /// Until the application had accepted the connection.
    Connect,
}

/// The step for a field that is computed; `None` if the field is in a table. `sizes` are made if the field needs them.
pub fn fact(
    field: Field,
    dictionary: &Dictionary,
    sizes: impl FnOnce() -> Arc<RequestSizes>,
) -> Option<Fact> {
    let part = match field {
        Field::ResponseTime(unit) => Some((TimedPart::Total, unit)),
        Field::FirstByteTime(unit) => Some((TimedPart::FirstByte, unit)),
        Field::UpstreamTime(unit) => Some((TimedPart::Upstream, unit)),
        Field::UpstreamHeaderTime(unit) => Some((TimedPart::Header, unit)),
        Field::UpstreamConnectTime(unit) => Some((TimedPart::Connect, unit)),
        _ => None,
    };
    match (field, part) {
        (_, Some((part, unit))) => Some(Fact::Length(part, unit)),
        (Field::VaryingBodyBytes, _) => Some(Fact::BodyBytes),
        (Field::VaryingBytesSent, _) => Some(Fact::BytesSent(sizes())),
        (Field::BytesReceived, _) => Some(Fact::BytesReceived(sizes())),
        (Field::BytesTransferred, _) => Some(Fact::BytesTransferred(sizes())),
        _ => of_hit(field, dictionary),
    }
}

/// The step for a field that follows from the hit alone.
fn of_hit(field: Field, dictionary: &Dictionary) -> Option<Fact> {
    let words = |words: &[&str]| Box::new(Words::new(words.iter().map(|word| (*word).to_owned())));
    let of_cipher = |text: fn(usize) -> String| {
        let words = Words::new((0..wire::CIPHERS.len()).map(text));
        Fact::Picked(Box::new(words), wire::cipher)
    };
    Some(match field {
        Field::Protocol => {
            Fact::Protocol(Words::new(Protocol::NAMES.iter().map(|name| (*name).to_owned())))
        }
        Field::RemotePort => Fact::Number(wire::remote_port),
        Field::Connection => Fact::Number(wire::connection_number),
        Field::ConnectionRequests => Fact::Number(|hit| hit.on_connection.into()),
        Field::KeptAliveRequests => Fact::Number(|hit| u64::from(hit.on_connection) - 1),
        Field::OpenConnections => Fact::Number(wire::open_connections),
        Field::RequestsInProgress => Fact::Number(wire::requests_in_progress),
        Field::ProcessId => Fact::Number(wire::process_id),
        Field::ThreadId => Fact::Number(wire::thread_id),
        Field::Milliseconds => Fact::Fraction(TimeUnit::Millis),
        Field::Microseconds => Fact::Fraction(TimeUnit::Micros),
        Field::Nanoseconds => Fact::Fraction(TimeUnit::Nanos),
        Field::RequestId => Fact::Id(wire::request_id),
        Field::TraceId => Fact::Id(wire::trace_id),
        Field::SessionId => Fact::Id(wire::session_id),
        Field::UniqueId => Fact::UniqueId,
        Field::TraceTail => Fact::TraceTail,
        Field::SpanId => Fact::SpanId,
        Field::ActorId => Fact::ActorId,
        Field::ActorKind => {
            let names: Vec<&str> = ActorKind::all().map(ActorKind::name).collect();
            Fact::Picked(words(&names), |hit| hit.kind as usize)
        }
        Field::Event | Field::Stage => {
            let rows = dictionary.marks().rows().iter();
            let names: Vec<&str> = match field {
                Field::Event => rows.map(|row| row.event.as_str()).collect(),
                _ => rows.map(|row| row.stage).collect(),
            };
            Fact::Picked(words(&names), |hit| hit.event.0.into())
        }
        Field::Spoilt => {
            let names: Vec<&str> =
                dictionary.marks().spoiling().iter().map(String::as_str).collect();
            Fact::Picked(words(&names), |hit| hit.spoilt_by().unwrap_or(0))
        }
        Field::ForwardedFor => Fact::ForwardedFor,
        Field::Country => Fact::Country,
        Field::ProxyAddress => Fact::Picked(words(&wire::PROXIES), wire::proxy),
        Field::UpstreamAddress => Fact::Picked(words(&wire::UPSTREAMS), wire::upstream),
        Field::TlsVersion(spelling) => of_cipher(match spelling {
            TlsSpelling::Full => |cipher| tls_version(cipher).0.to_owned(),
            TlsSpelling::Code => |cipher| tls_version(cipher).1.to_owned(),
        }),
        Field::TlsCipher => of_cipher(|cipher| wire::CIPHERS[cipher].0.to_owned()),
        Field::TlsCipherCode => of_cipher(|cipher| wire::CIPHERS[cipher].1.to_string()),
        _ => return None,
    })
}

/// The version of TLS that a cipher suite belongs to: its name, and its number on the wire.
fn tls_version(cipher: usize) -> (&'static str, &'static str) {
    if cipher < wire::OF_TLS_1_3 { ("TLSv1.3", "772") } else { ("TLSv1.2", "771") }
}

impl Fact {
    /// The most bytes that the text can have.
    pub fn longest(&self) -> usize {
        match self {
            // A point and decimals are within the digits: no time is that long.
            Self::Length(..)
            | Self::BodyBytes
            | Self::BytesSent(_)
            | Self::BytesReceived(_)
            | Self::BytesTransferred(_)
            | Self::Number(_) => MOST_DIGITS,
            Self::Fraction(_) => 9,
            Self::Id(_) => 32,
            Self::UniqueId => UNIQUE_ID,
            Self::TraceTail => 24,
            Self::SpanId | Self::ActorId => 16,
            Self::Protocol(_) => Words::<16>::LONGEST,
            Self::Picked(..) => Words::<32>::LONGEST,
            Self::ForwardedFor => 2 * LONGEST_HOST + 2,
            Self::Country => 2,
        }
    }

    /// Appends the text of a hit.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, source: &LineSource<'_>, hit: &Hit, line: P) -> P {
        match self {
            Self::Length(part, unit) => length(*part, *unit, source.timing, line),
            Self::BodyBytes => body_bytes(source.dictionary, hit, line),
            Self::Number(of) => computed(*of, hit, line),
            Self::Fraction(unit) => fraction(*unit, hit, line),
            Self::Id(of) => id(*of, hit, line),
            Self::ForwardedFor => forwarded_for(source.dictionary, hit, line),
            other => other.append_other(source.dictionary, hit, line),
        }
    }

    /// Appends a text that takes so long that the choice of it makes no difference.
    #[inline(never)]
    fn append_other<P: LineParts>(&self, dictionary: &Dictionary, hit: &Hit, line: P) -> P {
        match self {
            Self::BytesSent(sizes) => number(sizes.of_answer(dictionary, hit), line),
            Self::BytesReceived(sizes) => number(sizes.of(dictionary, hit), line),
            Self::BytesTransferred(sizes) => {
                number(sizes.of(dictionary, hit) + sizes.of_answer(dictionary, hit), line)
            }
            Self::UniqueId => unique_id(hit, line),
            Self::TraceTail => {
                let [upper, lower] = wire::trace_id(hit);
                hexadecimal(lower, short_hexadecimal(upper as u32, line))
            }
            Self::SpanId => hexadecimal(wire::span_id(hit), line),
            // An attacker is the same whatever user agent it sends.
            Self::ActorId if hit.kind == ActorKind::Attacker => {
                hexadecimal(without_agent(hit.visitor), line)
            }
            Self::ActorId => hexadecimal(hit.visitor, line),
            Self::Protocol(words) => words.append(hit.protocol as usize, line),
            Self::Picked(words, of) => words.append(of(hit), line),
            Self::Country => {
                let country = country(dictionary.visitors().address(hit.visitor));
                line.put_all(country.as_bytes())
            }
            Self::Length(..)
            | Self::BodyBytes
            | Self::Number(_)
            | Self::Fraction(_)
            | Self::Id(_)
            | Self::ForwardedFor => {
                unreachable!("it has its step in `append`")
            }
        }
    }
}

impl TimedPart {
    #[inline]
    fn of(self, timing: &Timing) -> u64 {
        match self {
            Self::Total => timing.total,
            Self::FirstByte => timing.total - timing.upstream + timing.header,
            Self::Upstream => timing.upstream,
            Self::Header => timing.header,
            Self::Connect => timing.connect,
        }
    }
}

#[inline(never)]
fn body_bytes<P: LineParts>(dictionary: &Dictionary, hit: &Hit, line: P) -> P {
    number(dictionary.body(hit).into(), line)
}

#[inline(never)]
fn computed<P: LineParts>(of: fn(&Hit) -> u64, hit: &Hit, line: P) -> P {
    number(of(hit), line)
}

#[inline(never)]
fn fraction<P: LineParts>(unit: TimeUnit, hit: &Hit, line: P) -> P {
    match unit {
        TimeUnit::Millis => padded::<3, P>(hit.time % SECOND / 1_000_000, line),
        TimeUnit::Micros => padded::<6, P>(hit.time % SECOND / 1_000, line),
        _ => padded::<9, P>(hit.time % SECOND, line),
    }
}

#[inline(never)]
fn id<P: LineParts>(of: fn(&Hit) -> [u64; 2], hit: &Hit, line: P) -> P {
    let [upper, lower] = of(hit);
    hexadecimal(lower, hexadecimal(upper, line))
}

#[inline(never)]
fn forwarded_for<P: LineParts>(dictionary: &Dictionary, hit: &Hit, line: P) -> P {
    let line = match wire::inner_address(hit.visitor) {
        Some(address) => dictionary.address(address, line).put_part::<2>(b", ", 2),
        None => line,
    };
    dictionary.host(hit, line)
}

/// Appends a length of time in a unit. Servers cut what is shorter than the unit.
#[inline(never)]
fn length<P: LineParts>(part: TimedPart, unit: TimeUnit, timing: &Timing, line: P) -> P {
    let ns = part.of(timing);
    let count = match unit {
        TimeUnit::Seconds => ns / SECOND,
        TimeUnit::Millis => ns / 1_000_000,
        TimeUnit::Micros => ns / 1_000,
        TimeUnit::Nanos => ns,
        TimeUnit::SecondsToMillis => return decimal::<3, P>(ns / 1_000_000, line),
        TimeUnit::SecondsToMicros => return decimal::<6, P>(ns / 1_000, line),
    };
    number(count, line)
}

/// The length of mod_unique_id's form: 20 bytes in its own base 64.
const UNIQUE_ID: usize = 27;

fn unique_id<P: LineParts>(hit: &Hit, line: P) -> P {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@-";
    let [upper, lower] = wire::request_id(hit);
    let mut text = [0; UNIQUE_ID];
    // The module's id begins with the second of the request.
    let bits = u128::from(upper) << 64 | u128::from(lower);
    let second = (hit.time / SECOND) as u32;
    let of_second = (0..5).map(|at| u128::from(second) >> (26 - 6 * at));
    let of_request = (0..).map(|at| bits >> (6 * at % 122));
    for (letter, six) in text.iter_mut().zip(of_second.chain(of_request)) {
        *letter = ALPHABET[(six & 63) as usize];
    }
    line.put_part::<UNIQUE_ID>(&text, UNIQUE_ID)
}
