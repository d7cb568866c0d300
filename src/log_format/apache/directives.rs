//! The directives of LogFormat, each with what it stands for.

use crate::log_format::unsupported::Unsupported;

/// A directive that is supported.
#[derive(Clone, Copy, Debug)]
pub struct Directive {
    /// The directive as it is written; `NAME` stands for any argument.
    pub text: &'static str,
    /// What it stands for, in the notation of [templates](super::super::template); `None` for what no request has: Apache
    /// writes `-`.
    pub template: Option<&'static str>,
    /// What it says.
    pub about: &'static str,
}

impl Directive {
    /// The argument in braces, and the name: a letter, or `^` with two.
    pub(super) fn parts(&self) -> (Option<&'static str>, &'static str) {
        parts(self.text)
    }
}

/// The argument and the name of a directive.
pub(super) fn parts(text: &str) -> (Option<&str>, &str) {
    let rest = &text[1..];
    match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((argument, name)) => (Some(argument), name),
        None => (None, rest),
    }
}

/// The argument of a row that stands for all arguments without a row of their own.
pub(super) const ANY: &str = "NAME";

const fn is(text: &'static str, template: &'static str, about: &'static str) -> Directive {
    Directive { text, template: Some(template), about }
}

const fn absent(text: &'static str, about: &'static str) -> Directive {
    Directive { text, template: None, about }
}

/// The directives that are supported.
pub const DIRECTIVES: &[Directive] = &[
    is("%%", "%", "a percent sign"),
    is("%a", "$remote_host", "the visitor's address"),
    is(
        "%{c}a",
        "$proxy_address",
        "the address of the connection: that of the proxy before the server",
    ),
    is("%A", "$server_address", "the server's address"),
    is("%B", "$(body_bytes $body_bytes$|0$)", "the size of the body in bytes"),
    is("%b", "$body_bytes", "the size of the body in bytes, `-` for none"),
    is("%{sid}C", "$session_id", "the site's session cookie"),
    absent("%{NAME}C", "another cookie: no visitor sends one"),
    is("%D", "$response_time_us", "how long the server took, in microseconds"),
    is("%{UNIQUE_ID}e", "$unique_id", "mod_unique_id's number of the request"),
    absent("%{NAME}e", "another environment variable: none is set"),
    is("%f", "/var/www/html$decoded_path", "the file's name"),
    is("%h", "$remote_host", "the visitor's address: names are not looked up"),
    is("%{c}h", "$proxy_address", "the address of the connection"),
    is("%H", "$protocol", "the protocol of the request"),
    is("%{Referer}i", "$referrer", "the referrer"),
    is("%{User-Agent}i", "$user_agent", "the user agent"),
    is("%{Host}i", "$host", "the host that was asked for"),
    is(
        "%{Cookie}i",
        "$(session_id sid=$session_id$|-$)",
        "the cookies: the session's, from the second request on",
    ),
    is("%{X-Forwarded-For}i", "$forwarded_for", "the addresses that proxies noted"),
    is("%{X-Forwarded-Proto}i", "$scheme", "the scheme that the visitor used"),
    is("%{X-Request-Id}i", "$request_id", "the id of the request"),
    is("%{traceparent}i", "00-$trace_id-$span_id-01", "the trace that the request belongs to"),
    is("%{Accept}i", "*/*", "the media types that the visitor accepts"),
    is("%{Accept-Encoding}i", "gzip, deflate, br", "the encodings that the visitor accepts"),
    is("%{Connection}i", "keep-alive", "what the visitor wants to happen to the connection"),
    absent("%{NAME}i", "another header of the request: no visitor sends one"),
    is("%k", "$kept_alive_requests", "how many requests the connection had before"),
    is("%l", "-", "the name that identd gives: not asked for"),
    is("%L", "$(level $unique_id$|-$)", "the id of the request in the error log"),
    is("%m", "$method", "the method"),
    absent("%{NAME}n", "a note of another module: there is none"),
    is("%{Content-Type}o", "$content_type", "the media type of the answer"),
    is("%{Content-Length}o", "$body_bytes", "the length of the answer"),
    is("%{Server}o", "Apache", "the server's name of itself"),
    absent("%{NAME}o", "another header of the answer: there is none"),
    is("%p", "$server_port", "the server's port"),
    is("%{canonical}p", "$server_port", "the server's port"),
    is("%{local}p", "$server_port", "the server's port"),
    is("%{remote}p", "$remote_port", "the visitor's port"),
    is("%P", "$process_id", "the process that served the request"),
    is("%{pid}P", "$process_id", "the process that served the request"),
    is("%{tid}P", "$thread_id", "the thread that served the request"),
    is(
        "%q",
        "$(query_string $query_string$)",
        "the query with its question mark; empty without a query",
    ),
    is("%r", "$method $target $protocol", "the request line"),
    is("%R", "$(upstream_address proxy-server$|-$)", "the handler of the request"),
    is("%s", "$status", "the status"),
    is("%S", "$bytes_transferred", "the sizes of request and answer together, in bytes"),
    is("%t", "[${time:%d/%b/%Y:%H:%M:%S %z}]", "the time"),
    is("%{sec}t", "${time:%s}", "the time in seconds since 1970"),
    is("%{msec}t", "${time:%s}$milliseconds", "the time in milliseconds since 1970"),
    is("%{usec}t", "${time:%s}$microseconds", "the time in microseconds since 1970"),
    is("%{msec_frac}t", "$milliseconds", "the milliseconds of the time, 3 digits"),
    is("%{usec_frac}t", "$microseconds", "the microseconds of the time, 6 digits"),
    is("%T", "$response_time_s", "how long the server took, in seconds"),
    is("%{s}T", "$response_time_s", "how long the server took, in seconds"),
    is("%{ms}T", "$response_time_ms", "how long the server took, in milliseconds"),
    is("%{us}T", "$response_time_us", "how long the server took, in microseconds"),
    is("%u", "$user", "the user's name"),
    is("%U", "$decoded_path", "the path"),
    is("%v", "$server_name", "the site's name"),
    is("%V", "$server_name", "the site's name"),
    is("%{SSL_PROTOCOL}x", "$tls_version", "the version of TLS"),
    is("%{SSL_CIPHER}x", "$tls_cipher", "the cipher suite of TLS"),
    is("%{SSL_TLS_SNI}x", "$(tls_version $server_name$|-$)", "the host named in the TLS handshake"),
    absent("%{NAME}x", "another variable of mod_ssl: not set"),
    is("%{version}c", "$tls_version", "the version of TLS"),
    is("%{cipher}c", "$tls_cipher", "the cipher suite of TLS"),
    is(
        "%X",
        "$connection_status",
        "what becomes of the connection: `+` if it is kept alive, `-` if not",
    ),
    is("%I", "$bytes_received", "the size of the request with its header, in bytes"),
    is("%O", "$bytes_sent", "the size of the answer with its header, in bytes"),
    is(
        "%^FB",
        "$first_byte_time_us",
        "how long it took until the first byte of the answer, in microseconds",
    ),
    absent("%{NAME}^ti", "a trailer of the request: no visitor sends one"),
    absent("%{NAME}^to", "a trailer of the answer: there is none"),
];

/// Why no line shows when its request ended.
pub(super) const NO_END: &str = "a line shows when its request began";

/// The directives that are not supported.
pub const UNSUPPORTED: &[Unsupported] = &[
    Unsupported { text: "%{hextid}P", reason: "thread ids are decimal here; use %{tid}P" },
    Unsupported { text: "%{end:FORMAT}t", reason: NO_END },
];
