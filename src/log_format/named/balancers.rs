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
        "$[date ${utc:%F}$] $[time ${utc:%T}$] $[s-ip $server_address$] $[cs-method $method$] $[cs-uri-stem $path$] \
         $[cs-uri-query $query$] $[s-port $server_port$] $[cs-username $user$] $[c-ip $remote_host$] \
         $[cs(User-Agent) $user_agent$] $[cs(Referer) $referrer$] $[sc-status $status$] $[sc-substatus 0$] \
         $[sc-win32-status 0$] $[time-taken $response_time_ms$]",
        &W3C_STYLE,
    ),
};

/// docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
pub(super) const ALB: NamedFormat = NamedFormat {
    name: "alb",
    about: "AWS's application load balancer",
    header: "",
    body: Body::Template(
        "$[type $scheme$] $[time ${utc:%FT%T}.${microseconds}Z$] $[elb app/shop/50dc6c495c0c9188$] \
         $[client_ip $remote_host$]:$[client_port $remote_port$] $[target $upstream_address$] $[request_processing_time 0.000$] \
         $[target_processing_time $(upstream_address $upstream_time$|-1$)$] $[response_processing_time 0.000$] \
         $[elb_status_code $status$] $[target_status_code $(upstream_address $status$|-$)$] $[received_bytes $bytes_received$] \
         $[sent_bytes $bytes_sent$] \"$[request $method $scheme://$server_name:$server_port$target HTTP/1.1$]\" \
         \"$user_agent\" $[ssl_cipher $tls_cipher$] $[ssl_protocol $tls_version$] \
         $[target_group_arn arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/shop/73e2d6bc24d8a067$] \
         \"$[trace_id Root=1-${utc:%:x}-$trace_tail$]\" \"$[domain_name $(tls_version $server_name$|-$)$]\" \
         \"$[chosen_cert_arn $(tls_version arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012$|-$)$]\" \
         $[matched_rule_priority 0$] $[request_creation_time ${utc:%FT%T}.${microseconds}Z$] \
         \"$[actions_executed $(upstream_address forward$|fixed-response$)$]\" \"$[redirect_url -$]\" \
         \"$[error_reason -$]\" \"$[target_port_list $upstream_address$]\" \
         \"$[target_status_code_list $(upstream_address $status$|-$)$]\" \"$[classification -$]\" \
         \"$[classification_reason -$]\" $[conn_trace_id TID_$request_id$]",
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
        "$[date ${utc:%F}$]\t$[time ${utc:%T}$]\t$[x-edge-location FRA56-P4$]\t$[sc-bytes $bytes_sent$]\t\
         $[c-ip $remote_host$]\t$[cs-method $method$]\t$[cs(Host) d111111abcdef8.cloudfront.net$]\t$[cs-uri-stem $path$]\t\
         $[sc-status $status$]\t$[cs(Referer) $referrer$]\t$[cs(User-Agent) $user_agent$]\t$[cs-uri-query $query$]\t\
         $[cs(Cookie) -$]\t$[x-edge-result-type $(failed_status Error$|Miss$)$]\t$[x-edge-request-id $request_id$]\t\
         $[x-host-header $server_name$]\t$[cs-protocol $scheme$]\t$[cs-bytes $bytes_received$]\t\
         $[time-taken $response_time$]\t$[x-forwarded-for -$]\t$[ssl-protocol $tls_version$]\t$[ssl-cipher $tls_cipher$]\t\
         $[x-edge-response-result-type $(failed_status Error$|Miss$)$]\t$[cs-protocol-version $protocol$]\t$[fle-status -$]\t\
         $[fle-encrypted-fields -$]\t$[c-port $remote_port$]\t$[time-to-first-byte $first_byte_time$]\t\
         $[x-edge-detailed-result-type $(failed_status Error$|Miss$)$]\t$[sc-content-type $content_type$]\t\
         $[sc-content-len $body_bytes$]\t$[sc-range-start -$]\t$[sc-range-end -$]",
        &CLOUDFRONT_STYLE,
    ),
};

/// doc.traefik.io/traefik/observability/access-logs. Traefik numbers the requests since its start; here the number is that of
/// the request on its connection.
pub(super) const TRAEFIK: NamedFormat = NamedFormat {
    name: "traefik",
    about: "Traefik's common log format; the count of requests is that of the connection",
    header: "",
    body: Body::Template(
        "$remote_host - $user [${time:%d/%b/%Y:%H:%M:%S %z}] \"$method $target $protocol\" $status \
         $(body_bytes $body_bytes$|0$) \"$referrer\" \"$user_agent\" $connection_requests \"$[router shop@file$]\" \
         \"$(upstream_address http://$upstream_address$|-$)\" ${response_time_ms}ms",
        &TRAEFIK_STYLE,
    ),
};

/// docs.haproxy.org/3.0/configuration.html#8.2.3, behind the header that a syslog daemon writes.
pub(super) const HAPROXY: NamedFormat = NamedFormat {
    name: "haproxy",
    about: "HAProxy's HTTP log behind a syslog header; no request waits in a queue or is tried again",
    header: "",
    body: Body::Template(
        "$[syslog_time ${time:%b %e %T}$] $server_name haproxy[$process_id]: $remote_host:$remote_port \
         [$[time ${time:%d/%b/%Y:%T}.$milliseconds$]] $[frontend $(tls_version https-in~$|http-in$)$] \
         $[server $(upstream_address shop/app1$|shop/<NOSRV>$)$] $[request_time_ms 0$]/\
         $[queue_time_ms $(upstream_address 0$|-1$)$]/\
         $[connect_time_ms $(upstream_address $upstream_connect_time_ms$|-1$)$]/\
         $[response_header_time_ms $(upstream_address $upstream_header_time_ms$|-1$)$]/$[active_time_ms $response_time_ms$] \
         $status $bytes_sent - - $[termination_state $(upstream_address ----$|LR--$)$] \
         $[actconn $open_connections$]/$[feconn $open_connections$]/\
         $[beconn $(upstream_address $requests_in_progress$|0$)$]/\
         $[srv_conn $(upstream_address $requests_in_progress$|0$)$]/$[retries 0$] $[srv_queue 0$]/$[backend_queue 0$] \
         \"$method $target $protocol\"",
        &HAPROXY_STYLE,
    ),
};

const HAPROXY_STYLE: FieldStyle = FieldStyle::new(Escape::Nginx, "-");
