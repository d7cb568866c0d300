//! What is known about each field: its name, the kind of its value, and what it says.

use super::field::{Field, TimeUnit, TlsSpelling};

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text: it may have to be escaped.
    Text,
    /// A name from a short list, an address or an id: letters, digits and punctuation that no format escapes.
    Word,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
}

/// What is known about a field.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// The field.
    pub field: Field,
    /// Its name.
    pub name: &'static str,
    /// What kind of value it has.
    pub kind: FieldKind,
    /// The unit of its value; empty if it has none.
    pub unit: &'static str,
    /// What it says, in a few words.
    pub about: &'static str,
}

const fn row(
    field: Field,
    name: &'static str,
    kind: FieldKind,
    unit: &'static str,
    about: &'static str,
) -> FieldInfo {
    FieldInfo { field, name, kind, unit, about }
}

use FieldKind::{Decimal, Integer, Text, Word};

/// All fields.
pub const FIELDS: &[FieldInfo] = &[
    row(Field::Method, "method", Word, "", "the method of the request"),
    row(Field::Target, "target", Text, "", "the path and query of the request"),
    row(Field::Path, "path", Text, "", "the path of the request, as it was sent"),
    row(Field::DecodedPath, "decoded_path", Text, "", "the path of the request, decoded"),
    row(Field::Query, "query", Text, "", "the query of the request, without its question mark"),
    row(
        Field::QueryString,
        "query_string",
        Text,
        "",
        "the query of the request, with its question mark",
    ),
    row(
        Field::FailedStatus,
        "failed_status",
        Integer,
        "",
        "the status of an answer of 400 or above",
    ),
    row(
        Field::ServerErrorStatus,
        "server_error_status",
        Integer,
        "",
        "the status of an answer of 500 or above",
    ),
    row(
        Field::ConnectionStatus,
        "connection_status",
        Word,
        "",
        "`+` if the connection is kept after the answer, `-` if not",
    ),
    row(Field::Protocol, "protocol", Word, "", "the version of HTTP"),
    row(Field::Status, "status", Integer, "", "the status of the answer"),
    row(Field::BodyBytes, "body_bytes", Integer, "bytes", "the size of the answer's body"),
    row(Field::BytesSent, "bytes_sent", Integer, "bytes", "the size of the answer with its header"),
    row(Field::ContentType, "content_type", Text, "", "the media type of the answer"),
    row(
        Field::BytesReceived,
        "bytes_received",
        Integer,
        "bytes",
        "the size of the request with its header",
    ),
    row(
        Field::BytesTransferred,
        "bytes_transferred",
        Integer,
        "bytes",
        "the sizes of request and answer together",
    ),
    row(Field::Outcome, "outcome", Word, "", "`success` or `failure`, by the status"),
    row(Field::Referrer, "referrer", Text, "", "the page that the visitor came from"),
    row(Field::Agent, "user_agent", Text, "", "the visitor's user agent"),
    row(Field::RemoteHost, "remote_host", Word, "", "the visitor's address"),
    row(Field::RemotePort, "remote_port", Integer, "", "the port of the visitor's connection"),
    row(Field::User, "user", Word, "", "the name of a visitor who is logged in"),
    row(Field::SessionId, "session_id", Word, "", "the id in the visitor's session cookie"),
    row(Field::ForwardedFor, "forwarded_for", Word, "", "the addresses in `X-Forwarded-For`"),
    row(
        Field::ProxyAddress,
        "proxy_address",
        Word,
        "",
        "the address of the proxy before the server",
    ),
    row(Field::Country, "country", Word, "", "the country of the visitor's network"),
    row(Field::TlsVersion(TlsSpelling::Full), "tls_version", Word, "", "the version of TLS"),
    row(
        Field::TlsVersion(TlsSpelling::Code),
        "tls_version_code",
        Integer,
        "",
        "the version of TLS as a number",
    ),
    row(Field::TlsCipher, "tls_cipher", Word, "", "the cipher suite of TLS"),
    row(
        Field::TlsCipherCode,
        "tls_cipher_code",
        Integer,
        "",
        "the cipher suite of TLS as a number",
    ),
    row(Field::ResponseTime(TimeUnit::Seconds), "response_time_s", Integer, "s", RESPONSE_TIME),
    row(
        Field::ResponseTime(TimeUnit::SecondsToMillis),
        "response_time",
        Decimal,
        "s",
        RESPONSE_TIME,
    ),
    row(
        Field::ResponseTime(TimeUnit::SecondsToMicros),
        "response_time_precise",
        Decimal,
        "s",
        RESPONSE_TIME,
    ),
    row(Field::ResponseTime(TimeUnit::Millis), "response_time_ms", Integer, "ms", RESPONSE_TIME),
    row(Field::ResponseTime(TimeUnit::Micros), "response_time_us", Integer, "us", RESPONSE_TIME),
    row(Field::ResponseTime(TimeUnit::Nanos), "response_time_ns", Integer, "ns", RESPONSE_TIME),
    row(
        Field::UpstreamTime(TimeUnit::SecondsToMillis),
        "upstream_time",
        Decimal,
        "s",
        UPSTREAM_TIME,
    ),
    row(
        Field::UpstreamHeaderTime(TimeUnit::SecondsToMillis),
        "upstream_header_time",
        Decimal,
        "s",
        "how long the application took up to its header",
    ),
    row(
        Field::UpstreamHeaderTime(TimeUnit::Millis),
        "upstream_header_time_ms",
        Integer,
        "ms",
        "how long the application took up to its header",
    ),
    row(
        Field::UpstreamConnectTime(TimeUnit::SecondsToMillis),
        "upstream_connect_time",
        Decimal,
        "s",
        "how long it took to connect to the application",
    ),
    row(
        Field::UpstreamConnectTime(TimeUnit::Millis),
        "upstream_connect_time_ms",
        Integer,
        "ms",
        "how long it took to connect to the application",
    ),
    row(
        Field::FirstByteTime(TimeUnit::SecondsToMillis),
        "first_byte_time",
        Decimal,
        "s",
        "how long it took until the first byte of the answer",
    ),
    row(
        Field::FirstByteTime(TimeUnit::Micros),
        "first_byte_time_us",
        Integer,
        "us",
        "how long it took until the first byte of the answer",
    ),
    row(
        Field::UpstreamAddress,
        "upstream_address",
        Word,
        "",
        "the address and port of the application that answered",
    ),
    row(Field::Milliseconds, "milliseconds", Integer, "ms", "the milliseconds of the time"),
    row(Field::Microseconds, "microseconds", Integer, "us", "the microseconds of the time"),
    row(Field::Nanoseconds, "nanoseconds", Integer, "ns", "the nanoseconds of the time"),
    row(Field::RequestId, "request_id", Word, "", "the id of the request"),
    row(
        Field::UniqueId,
        "unique_id",
        Word,
        "",
        "the id of the request, as mod_unique_id writes it",
    ),
    row(Field::TraceId, "trace_id", Word, "", "the id of the trace"),
    row(Field::SpanId, "span_id", Word, "", "the id of the server's span"),
    row(
        Field::ActorKind,
        "actor_kind",
        Word,
        "",
        "the kind of visitor who made the request: ground truth that no server knows",
    ),
    row(
        Field::ActorId,
        "actor_id",
        Word,
        "",
        "the visitor who made the request, the same in each visit: ground truth, too",
    ),
    row(
        Field::Event,
        "event",
        Word,
        "",
        "the event of the scenario that made the request or changed its answer: ground truth, too",
    ),
    row(Field::Stage, "stage", Word, "", "the stage of that event; its class if it is no attack"),
    row(
        Field::Spoilt,
        "spoilt",
        Word,
        "",
        "the event of the scenario that spoils the line in access.log: ground truth, too",
    ),
    row(Field::TraceTail, "trace_tail", Word, "", "the last 24 digits of the trace's id"),
    row(Field::Connection, "connection", Integer, "", "the number of the connection"),
    row(
        Field::ConnectionRequests,
        "connection_requests",
        Integer,
        "",
        "which request on its connection this is, from 1",
    ),
    row(
        Field::KeptAliveRequests,
        "kept_alive_requests",
        Integer,
        "",
        "how many requests came before on the connection",
    ),
    row(Field::OpenConnections, "open_connections", Integer, "", "the server's connections"),
    row(
        Field::RequestsInProgress,
        "requests_in_progress",
        Integer,
        "",
        "how many other requests the server is answering",
    ),
    row(Field::ProcessId, "process_id", Integer, "", "the process that served the request"),
    row(Field::ThreadId, "thread_id", Integer, "", "the thread that served the request"),
    row(Field::Failure, "failure", Text, "", "what failed"),
    row(Field::Level, "level", Word, "", "how severe the failure is"),
    row(Field::Host, "host", Word, "", "the host that was asked for"),
    row(Field::ServerName, "server_name", Word, "", "the name of the site"),
    row(Field::ServerPort, "server_port", Integer, "", "the port of the site"),
    row(Field::ServerAddress, "server_address", Word, "", "the address of the server"),
    row(Field::Scheme, "scheme", Word, "", "`http` or `https`"),
];

const RESPONSE_TIME: &str = "how long the server took to answer";
const UPSTREAM_TIME: &str = "how long the application behind the server took";

impl Field {
    /// The field with a name.
    pub fn named(name: &str) -> Option<Self> {
        FIELDS.iter().find(|row| row.name == name).map(|row| row.field)
    }

    /// What is known about the field.
    pub fn info(self) -> &'static FieldInfo {
        FIELDS.iter().find(|row| row.field == self).expect("each field has a row")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_name_stands_for_one_field_and_a_field_has_one_name() {
        let names: BTreeSet<_> = FIELDS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), FIELDS.len());
        for row in FIELDS {
            assert_eq!(Field::named(row.name), Some(row.field));
            assert_eq!(row.field.info().name, row.name);
        }
    }
}
