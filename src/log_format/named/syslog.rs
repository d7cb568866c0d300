//! Lines of the combined format as the messages of syslog.

use super::row::{Body, NamedFormat};
use crate::log_format::escape::Escape;
use crate::log_format::template::FieldStyle;

const STYLE: FieldStyle = FieldStyle::new(Escape::Apache, "-");

/// RFC 3164. The priority is 190 (local7.info), as nginx sends its access log.
pub(super) const RFC3164: NamedFormat = NamedFormat {
    name: "rfc3164",
    about: "BSD syslog (RFC 3164), with a combined line as the message",
    header: "",
    body: Body::Template(
        "<190>$[syslog_time ${time:%b %e %T}$] $server_name httpd[$process_id]: $remote_host - $user [${time:%d/%b/%Y:%H:%M:%S %z}] \
         \"$method $target $protocol\" $status $body_bytes \"$referrer\" \"$user_agent\"",
        &STYLE,
    ),
};

/// RFC 5424, with the request's id, its connection and the country in structured data. 32473 is the number that RFC 5612 keeps
/// for examples.
pub(super) const RFC5424: NamedFormat = NamedFormat {
    name: "rfc5424",
    about: "syslog (RFC 5424) with structured data, and a combined line as the message",
    header: "",
    body: Body::Template(
        "<190>1 $[syslog_time ${time:%FT%T}.${microseconds}${time:%:z}$] $server_name httpd $process_id access \
         [request@32473 id=\"$request_id\" connection=\"$connection\" country=\"$country\"] $remote_host - $user \
         [${time:%d/%b/%Y:%H:%M:%S %z}] \"$method $target $protocol\" $status $body_bytes \"$referrer\" \"$user_agent\"",
        &STYLE,
    ),
};
