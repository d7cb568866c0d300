//! The variables of log_format, each with what it stands for.

use crate::log_format::unsupported::Unsupported;

/// A variable that is supported.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name without the dollar sign; of a family, the beginning of its names.
    pub name: &'static str,
    /// What it stands for, in the notation of [templates](super::super::template); `None` for what no request has.
    pub template: Option<&'static str>,
    /// What it says.
    pub about: &'static str,
}

const fn is(name: &'static str, template: &'static str, about: &'static str) -> Variable {
    Variable { name, template: Some(template), about }
}

const fn absent(name: &'static str, about: &'static str) -> Variable {
    Variable { name, template: None, about }
}

/// The variables that are supported.
pub const VARIABLES: &[Variable] = &[
    is("args", "$query", "the query"),
    is("body_bytes_sent", "$(body_bytes $body_bytes$|0$)", "the size of the body in bytes"),
    is("bytes_sent", "$bytes_sent", "the size of the answer with its header, in bytes"),
    is("connection", "$connection", "the number of the connection"),
    is(
        "connection_requests",
        "$connection_requests",
        "which request on its connection this is, from 1",
    ),
    absent("content_length", "the length of the request's body: it has none"),
    absent("content_type", "the media type of the request's body: it has none"),
    is("cookie_sid", "$session_id", "the site's session cookie"),
    is("document_root", "/var/www/html", "the directory of the site's files"),
    is("document_uri", "$decoded_path", "the path"),
    absent("gzip_ratio", "how much the answer was compressed: nginx did not compress it itself"),
    is("geoip_country_code", "$country", "the country of the visitor's network"),
    is("geoip2_data_country_code", "$country", "the country of the visitor's network"),
    is("geoip2_data_country_iso_code", "$country", "the country of the visitor's network"),
    is("host", "$server_name", "the site's name"),
    is("hostname", "$server_name", "the name of the server"),
    is("http_accept", "*/*", "the media types that the visitor accepts"),
    is("http_accept_encoding", "gzip, deflate, br", "the encodings that the visitor accepts"),
    is("http_connection", "keep-alive", "what the visitor wants to happen to the connection"),
    is(
        "http_cookie",
        "$(session_id sid=$session_id$|$-$)",
        "the cookies: the session's, from the second request on",
    ),
    is("http_host", "$host", "the host that was asked for"),
    is("http_referer", "$referrer", "the referrer"),
    is("http_traceparent", "00-$trace_id-$span_id-01", "the trace that the request belongs to"),
    is("http_user_agent", "$user_agent", "the user agent"),
    is("http_x_forwarded_for", "$forwarded_for", "the addresses that proxies noted"),
    is("http_x_forwarded_proto", "$scheme", "the scheme that the visitor used"),
    is("http_x_request_id", "$request_id", "the id of the request"),
    is("https", "$(tls_version on$)", "`on` if the connection is encrypted"),
    is("is_args", "$(query ?$)", "`?` if there is a query"),
    is("msec", "${time:%s}.$milliseconds", "the time in seconds since 1970, to the millisecond"),
    is("nginx_version", "1.26.3", "the version of nginx"),
    is("otel_span_id", "$span_id", "the server's span"),
    is("otel_trace_id", "$trace_id", "the trace that the request belongs to"),
    is("pid", "$process_id", "the process that served the request"),
    is("pipe", ".", "whether the request was pipelined: it was not"),
    is(
        "proxy_add_x_forwarded_for",
        "$forwarded_for, $proxy_address",
        "the addresses that go on to the application",
    ),
    is("proxy_host", "app", "the name of the application"),
    is("proxy_port", "8080", "the port of the application"),
    is("query_string", "$query", "the query"),
    is(
        "realip_remote_addr",
        "$proxy_address",
        "the address of the connection: that of the proxy before the server",
    ),
    is("realpath_root", "/var/www/html", "the directory of the site's files"),
    is("remote_addr", "$remote_host", "the visitor's address"),
    is("remote_port", "$remote_port", "the visitor's port"),
    is("remote_user", "$user", "the user's name"),
    is("request", "$method $target $protocol", "the request line"),
    absent("request_body", "the request's body: not kept"),
    is("request_completion", "OK", "`OK` if the request was completed"),
    is("request_filename", "/var/www/html$decoded_path", "the file's name"),
    is("request_id", "$request_id", "the id of the request, 32 hexadecimal digits"),
    is("request_length", "$bytes_received", "the size of the request with its header, in bytes"),
    is("request_method", "$method", "the method"),
    is("request_time", "$response_time", "how long the server took, in seconds to the millisecond"),
    is("request_uri", "$target", "the path and query"),
    is("scheme", "$scheme", "`http` or `https`"),
    is("sent_http_content_length", "$body_bytes", "the length of the answer"),
    is("sent_http_content_type", "$content_type", "the media type of the answer"),
    is("server_addr", "$server_address", "the server's address"),
    is("server_name", "$server_name", "the site's name"),
    is("server_port", "$server_port", "the server's port"),
    is("server_protocol", "$protocol", "the protocol of the request"),
    is("ssl_cipher", "$tls_cipher", "the cipher suite of TLS"),
    is("ssl_protocol", "$tls_version", "the version of TLS"),
    is("ssl_server_name", "$(tls_version $server_name$)", "the host named in the TLS handshake"),
    is("status", "$status", "the status"),
    is("time_iso8601", "${time:%FT%T%:z}", "the time in the form of ISO 8601"),
    is("time_local", "${time:%d/%b/%Y:%H:%M:%S %z}", "the time in the common log format"),
    is("upstream_addr", "$upstream_address", "the application that answered"),
    absent("upstream_cache_status", "what the cache had: there is none"),
    is(
        "upstream_connect_time",
        "$upstream_connect_time",
        "how long it took to connect to the application",
    ),
    is(
        "upstream_header_time",
        "$upstream_header_time",
        "how long the application took up to its header",
    ),
    is(
        "upstream_response_length",
        "$(upstream_address $body_bytes$|$-$)",
        "the size of the application's answer",
    ),
    is("upstream_response_time", "$upstream_time", "how long the application took"),
    is(
        "upstream_status",
        "$(upstream_address $status$|$-$)",
        "the status of the application's answer",
    ),
    is("uri", "$decoded_path", "the path"),
];

/// Families of variables whose other members no request has.
pub const FAMILIES: &[Variable] = &[
    absent("cookie_", "another cookie: no visitor sends one"),
    absent("http_", "another header of the request: no visitor sends one"),
    absent("sent_http_", "another header of the answer: there is none"),
    absent("sent_trailer_", "a trailer of the answer: there is none"),
    absent("upstream_http_", "a header of the application's answer: not kept"),
    absent("upstream_cookie_", "a cookie of the application's answer: not kept"),
    absent("upstream_trailer_", "a trailer of the application's answer: there is none"),
];

/// The variables that are not supported.
pub const UNSUPPORTED: &[Unsupported] = &[
    Unsupported {
        text: "ancient_browser",
        reason: "browsers are not told apart; $http_user_agent names them",
    },
    Unsupported { text: "arg_*", reason: "the query is not split; $args has it whole" },
    Unsupported {
        text: "binary_remote_addr",
        reason: "four raw bytes can break a line; use $remote_addr",
    },
    Unsupported {
        text: "connection_time",
        reason: "a connection has no beginning here; use $connection",
    },
    Unsupported { text: "date_gmt", reason: "only server-side includes set it; use $time_iso8601" },
    Unsupported { text: "date_local", reason: "only server-side includes set it; use $time_local" },
    Unsupported { text: "fastcgi_*", reason: "what is passed to the application is not known" },
    Unsupported {
        text: "geoip_*",
        reason: "only the country's code is known; use $geoip_country_code",
    },
    Unsupported { text: "http2", reason: "use $server_protocol, which says HTTP/2.0" },
    Unsupported { text: "http3", reason: "use $server_protocol, which says HTTP/3.0" },
    Unsupported { text: "invalid_referer", reason: "the site does not check referrers" },
    Unsupported { text: "jwt_*", reason: "the site has no tokens" },
    Unsupported { text: "limit_conn_status", reason: "the site has no limits" },
    Unsupported { text: "limit_rate", reason: "the site has no limits" },
    Unsupported { text: "limit_req_status", reason: "the site has no limits" },
    Unsupported { text: "memcached_key", reason: "the site has no memcached" },
    Unsupported {
        text: "modern_browser",
        reason: "browsers are not told apart; $http_user_agent names them",
    },
    Unsupported {
        text: "msie",
        reason: "browsers are not told apart; $http_user_agent names them",
    },
    Unsupported { text: "proxy_protocol_*", reason: "the site does not use the PROXY protocol" },
    Unsupported {
        text: "quic_connection",
        reason: "only the number of a connection is known; use $connection",
    },
    Unsupported {
        text: "realip_remote_port",
        reason: "the proxy's port is not known; use $remote_port",
    },
    Unsupported { text: "request_body_file", reason: "bodies are not kept" },
    Unsupported { text: "secure_link*", reason: "the site has no secure links" },
    Unsupported { text: "session_*", reason: "these belong to the stream module" },
    Unsupported { text: "slice_range", reason: "answers are not sliced" },
    Unsupported { text: "spdy*", reason: "nginx no longer has it" },
    Unsupported {
        text: "ssl_*",
        reason: "of TLS, only $ssl_protocol, $ssl_cipher and $ssl_server_name are known",
    },
    Unsupported { text: "tcpinfo_*", reason: "there is no socket; use $request_time" },
    Unsupported { text: "uid_*", reason: "the site sets no such cookie; use $cookie_sid" },
    Unsupported {
        text: "upstream_bytes_received",
        reason: "only the size of the body is known; use $upstream_response_length",
    },
    Unsupported {
        text: "upstream_bytes_sent",
        reason: "only the visitor's request has a size; use $request_length",
    },
    Unsupported {
        text: "upstream_first_byte_time",
        reason: "this belongs to the stream module; use $upstream_header_time",
    },
    Unsupported { text: "upstream_last_server_name", reason: "this is of the commercial version" },
    Unsupported { text: "upstream_queue_time", reason: "this is of the commercial version" },
    Unsupported {
        text: "upstream_session_time",
        reason: "this belongs to the stream module; use $upstream_response_time",
    },
];
