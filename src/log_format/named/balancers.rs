//! The formats of IIS, of content delivery networks and of load balancers.

use super::row::{Body, NamedFormat};
use crate::log_format::escape::Escape;
use crate::log_format::template::FieldStyle;

const W3C_STYLE: FieldStyle = FieldStyle::new(Escape::Plus, "-");
const CLOUDFRONT_STYLE: FieldStyle = FieldStyle::new(Escape::Percent, "-");
const ALB_STYLE: FieldStyle = FieldStyle::new(Escape::Nginx, "-");
/// Traefik escapes nothing.
const TRAEFIK_STYLE: FieldStyle = FieldStyle::new(Escape::None, "-");

/// The fields that IIS 10 selects by default, in the W3C extended format (w3.org/TR/WD-logfile).
pub(super) const W3C: NamedFormat = NamedFormat {
    name: "w3c",
    about: "IIS's W3C extended format, in UTC, with the fields that IIS selects by default",
    header: "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: ${utc:%F %T}\n#Fields: date time s-ip \
             cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus \
             sc-win32-status time-taken\n",
    body: Body::Template(
        "${utc:%F %T} $server_address $method $path $query $server_port $user $remote_host $user_agent $referrer $status 0 0 \
         $response_time_ms",
        &W3C_STYLE,
    ),
};

/// docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
pub(super) const ALB: NamedFormat = NamedFormat {
    name: "alb",
    about: "AWS's application load balancer",
    header: "",
    body: Body::Template(
        "$scheme ${utc:%FT%T}.${microseconds}Z app/shop/50dc6c495c0c9188 $remote_host:$remote_port $upstream_address 0.000 \
         $(upstream_address $upstream_time$|-1$) 0.000 $status $(upstream_address $status$|-$) $bytes_received \
         $bytes_sent \"$method $scheme://$server_name:$server_port$target HTTP/1.1\" \"$user_agent\" $tls_cipher \
         $tls_version arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/shop/73e2d6bc24d8a067 \
         \"Root=1-${utc:%:x}-$trace_tail\" \"$(tls_version $server_name$|-$)\" \
         \"$(tls_version arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012$|-$)\" 0 \
         ${utc:%FT%T}.${microseconds}Z \"$(upstream_address forward$|fixed-response$)\" \"-\" \"-\" \"$upstream_address\" \
         \"$(upstream_address $status$|-$)\" \"-\" \"-\" TID_$request_id",
        &ALB_STYLE,
    ),
};

/// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
pub(super) const CLOUDFRONT: NamedFormat = NamedFormat {
    name: "cloudfront",
    about: "AWS's content delivery network, in UTC",
    header: "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) \
             cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes \
             time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status \
             fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len \
             sc-range-start sc-range-end\n",
    body: Body::Template(
        "${utc:%F}\t${utc:%T}\tFRA56-P4\t$bytes_sent\t$remote_host\t$method\td111111abcdef8.cloudfront.net\t$path\t$status\t\
         $referrer\t$user_agent\t$query\t-\t$(failed_status Error$|Miss$)\t$request_id\t$server_name\t$scheme\t$bytes_received\t$response_time\t-\t\
         $tls_version\t$tls_cipher\t$(failed_status Error$|Miss$)\tHTTP/1.1\t-\t-\t$remote_port\t$first_byte_time\t$(failed_status Error$|Miss$)\t$content_type\t\
         $body_bytes\t-\t-",
        &CLOUDFRONT_STYLE,
    ),
};

/// doc.traefik.io/traefik/observability/access-logs. Traefik numbers the requests since its start; here the number is that of
/// the request on its connection.
pub(super) const TRAEFIK: NamedFormat = NamedFormat {
    name: "traefik",
    about: "Traefik's common log format",
    header: "",
    body: Body::Template(
        "$remote_host - $user [${time:%d/%b/%Y:%H:%M:%S %z}] \"$method $target HTTP/1.1\" $status \
         $(body_bytes $body_bytes$|0$) \"$referrer\" \"$user_agent\" $connection_requests \"shop@file\" \
         \"$(upstream_address http://$upstream_address$|-$)\" ${response_time_ms}ms",
        &TRAEFIK_STYLE,
    ),
};

/// docs.haproxy.org/3.0/configuration.html#8.2.3, behind the header that a syslog daemon writes.
pub(super) const HAPROXY: NamedFormat = NamedFormat {
    name: "haproxy",
    about: "HAProxy's HTTP log behind a syslog header",
    header: "",
    body: Body::Template(
        "${time:%b %e %T} $server_name haproxy[$process_id]: $remote_host:$remote_port \
         [${time:%d/%b/%Y:%T}.$milliseconds] $(tls_version https-in~$|http-in$) $(upstream_address \
         shop/app1 0/0/$upstream_connect_time_ms/$upstream_header_time_ms/$response_time_ms$|shop/<NOSRV> \
         0/-1/-1/-1/$response_time_ms$) $status $bytes_sent - - $(upstream_address ----$|LR--$) 1/1/0/0/0 0/0 \
         \"$method $target HTTP/1.1\"",
        &HAPROXY_STYLE,
    ),
};

const HAPROXY_STYLE: FieldStyle = FieldStyle::new(Escape::Nginx, "-");
