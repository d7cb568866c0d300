//! Reads the records of truth.jsonl.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::value::{RemoteHost, instant, line_number, remote_host, shown, text, wrong};
use crate::config::event_kind::EventClass;
use crate::time::Time;

/// What would be right in the place of what is no record.
const RIGHT: &str = "a line of truth.jsonl is a JSON object that begins with {\"record\":";

/// A record of truth.jsonl.
#[derive(Debug)]
pub enum TruthRecord<'a> {
    /// An event begins.
    Begin(BeginRecord<'a>),
    /// An event of that name ended.
    End {
        /// The name.
        event: Cow<'a, str>,
        /// When it ended.
        time: Time,
    },
    /// A line of the log.
    Line(LineRecord<'a>),
    /// A record of a kind that this version does not know.
    Other(Cow<'a, str>),
}

/// The record of an event that begins.
#[derive(Debug)]
pub struct BeginRecord<'a> {
    /// The name, `NAME.N`.
    pub event: Cow<'a, str>,
    /// The kind.
    pub kind: Cow<'a, str>,
    /// The class.
    pub class: EventClass,
    /// The start.
    pub start: Time,
    /// The planned end.
    pub end: Time,
}

/// The record of a line. Its values are read when they are asked for, because there are many such records.
#[derive(Debug)]
pub struct LineRecord<'a>(RawRecord<'a>);

/// The values of a record, as they stand there.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
struct RawRecord<'a> {
    #[serde(borrow)]
    record: Option<&'a RawValue>,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
    #[serde(borrow)]
    spoilt: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    class: Option<&'a RawValue>,
    #[serde(borrow)]
    start: Option<&'a RawValue>,
    #[serde(borrow)]
    end: Option<&'a RawValue>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(borrow)]
    line: Option<&'a RawValue>,
    #[serde(borrow)]
    remote_host: Option<&'a RawValue>,
}

impl<'a> TruthRecord<'a> {
    /// Reads a record.
    ///
    /// # Errors
    /// The text is none: what was found and what would be right.
    pub fn read(line: &'a [u8]) -> Result<Self, String> {
        let raw: RawRecord<'a> =
            serde_json::from_slice(line).map_err(|error| no_object(line, &error))?;
        let Some(record) = raw.record else {
            let found = shown(&String::from_utf8_lossy(line));
            return Err(format!("found {found} without `record`; {RIGHT}"));
        };
        let record = text("record", record, "the kind of a record is a text such as \"event\"")?;
        match &*record {
            "event" => raw.begin().map(Self::Begin),
            "event_end" => {
                let time = instant("time", needed("time", raw.time)?)?;
                Ok(Self::End { event: event_name(needed("event", raw.event)?)?, time })
            }
            "line" => Ok(Self::Line(LineRecord(raw))),
            _ => Ok(Self::Other(record)),
        }
    }
}

impl<'a> RawRecord<'a> {
    fn begin(&self) -> Result<BeginRecord<'a>, String> {
        const CLASSES: &str = "a class is load, failure, attack or log";
        let class = needed("class", self.class)?;
        let named = EventClass::from_name(&text("class", class, CLASSES)?);
        Ok(BeginRecord {
            event: event_name(needed("event", self.event)?)?,
            kind: text("kind", needed("kind", self.kind)?, "a kind is a text such as \"ddos\"")?,
            class: named.ok_or_else(|| wrong("class", class, CLASSES))?,
            start: instant("start", needed("start", self.start)?)?,
            end: instant("end", needed("end", self.end)?)?,
        })
    }
}

impl<'a> LineRecord<'a> {
    /// The name of the event that the line belongs to, if it belongs to one.
    ///
    /// # Errors
    /// The value is no name.
    pub fn event(&self) -> Result<Option<Cow<'a, str>>, String> {
        self.0.event.map(event_name).transpose()
    }

    /// The name of the event that has spoilt the line in the log, if one has.
    ///
    /// # Errors
    /// The value is no name.
    pub fn spoilt(&self) -> Result<Option<Cow<'a, str>>, String> {
        self.0.spoilt.map(event_name).transpose()
    }

    /// Whether the line is not in the log, because an event drops it. Then it has no number.
    pub fn is_dropped(&self) -> bool {
        self.0.spoilt.is_some() && self.0.line.is_none()
    }

    /// The number of the line, from 1.
    ///
    /// # Errors
    /// There is none.
    pub fn number(&self) -> Result<u64, String> {
        line_number("line", needed("line", self.0.line)?)
    }

    /// The time of the line.
    ///
    /// # Errors
    /// There is none.
    pub fn time(&self) -> Result<Time, String> {
        instant("time", needed("time", self.0.time)?)
    }

    /// The remote host of the line.
    ///
    /// # Errors
    /// There is none.
    pub fn remote_host(&self) -> Result<RemoteHost, String> {
        remote_host("remote_host", needed("remote_host", self.0.remote_host)?)
    }
}

fn event_name(value: &RawValue) -> Result<Cow<'_, str>, String> {
    text("event", value, "the name of an event is a text such as \"stuffing.0\"")
}

fn needed<'a>(key: &str, value: Option<&'a RawValue>) -> Result<&'a RawValue, String> {
    value.ok_or_else(|| format!("found a record without `{key}`; this kind of record has one"))
}

/// The error about a line that is no JSON object.
fn no_object(line: &[u8], error: &serde_json::Error) -> String {
    let found = shown(&String::from_utf8_lossy(line));
    format!("found {found}, which cannot be read as an object ({}); {RIGHT}", cause(error))
}

/// What the JSON reader says, without the number of the line: it has seen only one.
pub fn cause(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        match TruthRecord::read(line.as_bytes()) {
            Ok(TruthRecord::Line(line)) => {
                let read = line.event().map(|_| ()).and(line.number().map(|_| ()));
                let read = read.and(line.time().map(|_| ())).and(line.remote_host().map(|_| ()));
                read.expect_err("a value of the line is refused")
            }
            other => other.expect_err("the record is refused"),
        }
    }

    #[test]
    fn the_settled_form_of_each_record_is_read() {
        let event = r#"{"record":"event","event":"stuffing.0","kind":"credential_stuffing","class":"attack","start":"2026-11-02T03:00:00.000Z","end":"2026-11-02T03:20:00.000Z","parameters":{"pace":[1,{"a":"b"}]}}"#;
        let Ok(TruthRecord::Begin(read)) = TruthRecord::read(event.as_bytes()) else { panic!() };
        assert_eq!((&*read.event, &*read.kind), ("stuffing.0", "credential_stuffing"));
        assert_eq!(read.class, EventClass::Attack);
        assert_eq!(read.end - read.start, 1_200 * crate::time::SECOND);
        let end = r#"{"record":"event_end","event":"stuffing.0","time":"2026-11-02T03:20:00.000Z","lines":412}"#;
        let Ok(TruthRecord::End { event, time }) = TruthRecord::read(end.as_bytes()) else {
            panic!()
        };
        assert_eq!((&*event, time), ("stuffing.0", read.end));
        let line = r#"{"record":"line","line":12345,"time":"2026-11-02T03:00:00.000Z","remote_host":"203.0.113.9","actor":"attacker","visitor":"0123456789abcdef","event":"stuffing.0","stage":"log_in"}"#;
        let Ok(TruthRecord::Line(line)) = TruthRecord::read(line.as_bytes()) else { panic!() };
        assert_eq!((line.number(), line.time()), (Ok(12_345), Ok(read.start)));
        assert_eq!(line.event().unwrap().as_deref(), Some("stuffing.0"));
        assert_eq!(line.remote_host(), Ok(RemoteHost::Address([203, 0, 113, 9].into())));
        let line = br#"{"record":"line","line":1,"time":"2026-11-02T03:00:00.000Z","remote_host":"203.0.113.9","actor":"person","visitor":"0123456789abcdef"}"#;
        let Ok(TruthRecord::Line(line)) = TruthRecord::read(line) else { panic!() };
        assert_eq!(line.event(), Ok(None));
        let other = TruthRecord::read(br#"{"record":"reload"}"#);
        assert!(matches!(other, Ok(TruthRecord::Other(kind)) if kind == "reload"));
    }

    #[test]
    fn what_is_no_record_is_said_with_what_would_be_right() {
        for (line, expected) in [
            ("203.0.113.9 - - [", "found 203.0.113.9 - - [, which cannot be read as an object ("),
            ("[1,2]", "a line of truth.jsonl is a JSON object that begins with {\"record\":"),
            (r#"{"time":"x"}"#, "found {\"time\":\"x\"} without `record`; "),
            (r#"{"record":7}"#, "`record`: found 7; the kind of a record is "),
            (r#"{"record":"event","event":"a.0"}"#, "found a record without `class`"),
            (
                r#"{"record":"event","event":"a.0","kind":"a","class":"crime","start":"2026-11-02T03:00:00Z","end":"2026-11-02T03:00:00Z"}"#,
                "`class`: found \"crime\"; a class is load, failure, attack or log",
            ),
            (r#"{"record":"event_end","event":"a.0","time":"soon"}"#, "`time`: found \"soon\"; "),
            (r#"{"record":"line","line":0}"#, "`line`: found 0; "),
            (r#"{"record":"line","line":1}"#, "found a record without `time`"),
            (r#"{"record":"line","event":{}}"#, "`event`: found {}; the name of an event is "),
        ] {
            assert!(error(line).contains(expected), "{line}: {}", error(line));
        }
    }
}
