//! What a line can say about a hit: one row for each field, with the name that templates, documents and schemas use.

/// A fact about a hit that a line can state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The request method.
    Method,
    /// The request target: path and query.
    Target,
    /// The path as it was sent, without the query.
    Path,
    /// The path with its percent-encoding decoded, as Apache's `%U` and nginx's `$uri` have it.
    DecodedPath,
    /// The query without its question mark; an empty one is missing.
    Query,
    /// The query with its question mark, which may stand alone.
    QueryString,
    /// The version of HTTP, such as `HTTP/1.1`.
    Protocol,
    /// The status code of the answer.
    Status,
    /// The status of an answer that is an error: 400 or above.
    FailedStatus,
    /// The status of an answer that is the server's error: 500 or above.
    ServerErrorStatus,
    /// `+` if the server keeps the connection after the answer, `-` if not.
    ConnectionStatus,
    /// The size of the answer's body, bytes.
    BodyBytes,
    /// [`Field::BodyBytes`] where it differs from answer to answer. Formats do not name it.
    VaryingBodyBytes,
    /// The size of the answer with its header, bytes.
    BytesSent,
    /// [`Field::BytesSent`] where it differs from answer to answer. Formats do not name it.
    VaryingBytesSent,
    /// The media type of the answer.
    ContentType,
    /// The size of the request with its header, bytes.
    BytesReceived,
    /// The sum of both sizes, bytes.
    BytesTransferred,
    /// `success` or `failure`, by the status.
    Outcome,
    /// The referrer.
    Referrer,
    /// The user agent.
    Agent,
    /// The visitor's address.
    RemoteHost,
    /// The port of the visitor's connection.
    RemotePort,
    /// The user name.
    User,
    /// The id in the visitor's session cookie.
    SessionId,
    /// The `X-Forwarded-For` header that the proxies in front of the site made.
    ForwardedFor,
    /// The address of the proxy that the connection came from.
    ProxyAddress,
    /// The country of the address's network (ISO 3166-1 alpha-2).
    Country,
    /// The version of TLS.
    TlsVersion(TlsSpelling),
    /// The cipher suite of TLS, by its OpenSSL name.
    TlsCipher,
    /// The cipher suite by its number (IANA).
    TlsCipherCode,
    /// How long the server took, from the first byte of the request to the last byte of the answer.
    ResponseTime(TimeUnit),
    /// How long the application behind the server took; within the response time.
    UpstreamTime(TimeUnit),
    /// How long the application took to send its header; within the upstream time.
    UpstreamHeaderTime(TimeUnit),
    /// How long it took to connect to the application.
    UpstreamConnectTime(TimeUnit),
    /// How long it took until the first byte of the answer was sent.
    FirstByteTime(TimeUnit),
    /// The address and port of the application that answered.
    UpstreamAddress,
    /// The milliseconds of the second of the hit, 3 digits.
    Milliseconds,
    /// The microseconds of the second of the hit, 6 digits.
    Microseconds,
    /// The nanoseconds of the second of the hit, 9 digits.
    Nanoseconds,
    /// A number for the request that no other has, 32 hexadecimal digits.
    RequestId,
    /// The same number in the form of Apache's mod_unique_id.
    UniqueId,
    /// The trace that the request belongs to (W3C Trace Context), 32 hexadecimal digits.
    TraceId,
    /// The server's span in the trace, 16 hexadecimal digits.
    SpanId,
    /// The kind of visitor who made the request.
    ActorKind,
    /// The visitor who made the request, 16 hexadecimal digits: the same in each of a person's visits.
    ActorId,
    /// The event of the scenario that made the request or changed its answer.
    Event,
    /// The stage of that event.
    Stage,
    /// The event of the scenario that spoils the line in access.log.
    Spoilt,
    /// The last 24 hexadecimal digits of the trace id, as `X-Amzn-Trace-Id` splits it.
    TraceTail,
    /// The number of the connection.
    Connection,
    /// Which request on its connection this is, from 1.
    ConnectionRequests,
    /// How many requests the connection had before.
    KeptAliveRequests,
    /// How many connections the server has, that of the request included.
    OpenConnections,
    /// How many requests the server is answering apart from this one.
    RequestsInProgress,
    /// The process that served the request.
    ProcessId,
    /// The thread that served the request.
    ThreadId,
    /// What the application says about the failure.
    Failure,
    /// How severe the failure is: `ERROR` or `WARNING`.
    Level,
    /// The host that was asked for: the name of the site, with the port if its URLs have one.
    Host,
    /// The name of the site, without a port.
    ServerName,
    /// The port of the site.
    ServerPort,
    /// The address of the server.
    ServerAddress,
    /// `http` or `https`.
    Scheme,
}

/// The unit and precision in which a length of time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Whole seconds.
    Seconds,
    /// Seconds with three decimals.
    SecondsToMillis,
    /// Seconds with six decimals.
    SecondsToMicros,
    /// Whole milliseconds.
    Millis,
    /// Whole microseconds.
    Micros,
    /// Whole nanoseconds.
    Nanos,
}

/// How a TLS version is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TlsSpelling {
    /// `TLSv1.3`, as OpenSSL does.
    Full,
    /// 772, the number on the wire.
    Code,
}
