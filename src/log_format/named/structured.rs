//! Formats whose lines are JSON, and logfmt.

use super::row::{Body, NamedFormat};
use crate::log_format::element::Element;
use crate::log_format::escape::Escape;
use crate::log_format::template::{self, FieldStyle};

const JSON_STYLE: FieldStyle = FieldStyle::new(Escape::Json, "");
const LOGFMT_STYLE: FieldStyle = FieldStyle::new(Escape::Logfmt, "\"\"");

/// A flat object; its keys are the names of the fields.
pub(super) const JSON: NamedFormat = NamedFormat {
    name: "json",
    about: "a flat JSON object, with the names of the fields as its keys",
    header: "",
    body: Body::Template(
        r#"{"time":"${time:%FT%T}.${milliseconds}${time:%:z}","remote_host":"$remote_host","user":$(user "$user"$|null$),"method":"$method","path":"$path","query":$(query "$query"$|null$),"protocol":"$protocol","status":$status,"body_bytes":$(body_bytes $body_bytes$|0$),"referrer":$(referrer "$referrer"$|null$),"user_agent":"$user_agent","host":"$host","response_time":$response_time,"request_id":"$request_id"}"#,
        &JSON_STYLE,
    ),
};

/// The Elastic Common Schema (elastic.co/docs/reference/ecs), as access logs are ingested.
pub(super) const ECS: NamedFormat = NamedFormat {
    name: "ecs",
    about: "JSON of the Elastic Common Schema 8.11",
    header: "",
    body: Body::Template(
        r#"{"@timestamp":"${time:%FT%T}.${milliseconds}${time:%:z}","ecs":{"version":"8.11.0"},"event":{"kind":"event","category":["web"],"type":["access"],"dataset":"http.access","outcome":"$outcome","duration":$response_time_ns},"source":{"address":"$remote_host","ip":"$remote_host","port":$remote_port},$(user "user":{"name":"$user"},$)"url":{"scheme":"$scheme","domain":"$server_name","port":$server_port,"original":"$target","path":"$path"$(query ,"query":"$query"$)},"http":{"version":"1.1","request":{"id":"$request_id","method":"$method"$(referrer ,"referrer":"$referrer"$),"bytes":$bytes_received},"response":{"status_code":$status,"bytes":$bytes_sent$(body_bytes ,"body":{"bytes":$body_bytes}$)$(content_type ,"mime_type":"$content_type"$)}},"user_agent":{"original":"$user_agent"},"trace":{"id":"$trace_id"},"span":{"id":"$span_id"}}"#,
        &JSON_STYLE,
    ),
};

/// OTLP's JSON as the collector's file exporter writes it, one record a line, with the stable semantic conventions of HTTP
/// servers (opentelemetry.io/docs/specs/semconv/http/http-spans/).
pub(super) const OTEL: NamedFormat = NamedFormat {
    name: "otel",
    about: "OpenTelemetry's OTLP JSON, a record a line, with its HTTP conventions",
    header: "",
    body: Body::Template(
        r#"{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"$server_name"}}]},"scopeLogs":[{"scope":{"name":"access-log-generator"},"logRecords":[{"timeUnixNano":"${time:%s}$nanoseconds","observedTimeUnixNano":"${time:%s}$nanoseconds","severityNumber":$(server_error_status 17$|9$),"severityText":"$(server_error_status ERROR$|INFO$)","body":{"stringValue":"$method $target $status"},"attributes":[{"key":"http.request.method","value":{"stringValue":"$method"}},{"key":"url.path","value":{"stringValue":"$path"}},$(query {"key":"url.query","value":{"stringValue":"$query"}},$){"key":"url.scheme","value":{"stringValue":"$scheme"}},{"key":"http.response.status_code","value":{"intValue":"$status"}},$(server_error_status {"key":"error.type","value":{"stringValue":"$status"}},$)$(body_bytes {"key":"http.response.body.size","value":{"intValue":"$body_bytes"}},$)$(referrer {"key":"http.request.header.referer","value":{"arrayValue":{"values":[{"stringValue":"$referrer"}]}}},$){"key":"user_agent.original","value":{"stringValue":"$user_agent"}},{"key":"client.address","value":{"stringValue":"$remote_host"}},{"key":"client.port","value":{"intValue":"$remote_port"}},$(user {"key":"user.name","value":{"stringValue":"$user"}},$){"key":"server.address","value":{"stringValue":"$server_name"}},{"key":"server.port","value":{"intValue":"$server_port"}},{"key":"network.protocol.name","value":{"stringValue":"http"}},{"key":"network.protocol.version","value":{"stringValue":"1.1"}},{"key":"http.server.request.duration","value":{"doubleValue":$response_time_precise}}],"flags":1,"traceId":"$trace_id","spanId":"$span_id"}]}]}]}"#,
        &JSON_STYLE,
    ),
};

/// Caddy 2 (caddyserver.com/docs/logging).
pub(super) const CADDY: NamedFormat = NamedFormat {
    name: "caddy",
    about: "Caddy's JSON",
    header: "",
    body: Body::Template(
        r#"{"level":"$(server_error_status error$|info$)","ts":$[time ${time:%s}.$microseconds$],"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"$remote_host","remote_port":"$remote_port","client_ip":"$remote_host","proto":"$protocol","method":"$method","host":"$host","uri":"$target","headers":{"Accept":["*/*"],$(referrer "Referer":["$referrer"],$)$(session_id "Cookie":["REDACTED"],$)"User-Agent":["$user_agent"]}$(tls_version ,"tls":{"resumed":false,"version":$tls_version_code,"cipher_suite":$tls_cipher_code,"proto":"http/1.1","server_name":"$server_name"}$)},"bytes_read":0,"user_id":"$user","duration":$response_time_precise,"size":$(body_bytes $body_bytes$|0$),"status":$status,"resp_headers":{"Server":["Caddy"]$(content_type ,"Content-Type":["$content_type"]$)}}"#,
        &JSON_STYLE,
    ),
};

/// What no server knows: who truly made each request.
pub(super) const TRUTH: NamedFormat = NamedFormat {
    name: "truth",
    about: "a JSON object with the ground truth: which kind of visitor made the request, and which visitor",
    header: "",
    body: Body::Template(
        r#"{"time":"${time:%FT%T}.${milliseconds}${time:%:z}","request_id":"$request_id","remote_host":"$remote_host","method":"$method","target":"$target","status":$status,"user_agent":"$user_agent","actor_kind":"$actor_kind","actor_id":"$actor_id"$(event ,"event":"$event","stage":"$stage"$)$(spoilt ,"spoilt":"$spoilt"$)}"#,
        &JSON_STYLE,
    ),
};

/// What a record of truth.jsonl says of a line, between its number and its event.
pub fn truth_of_line() -> Vec<Element> {
    template::elements(
        r#","time":"${utc:%FT%T}.${milliseconds}Z","remote_host":"$remote_host","actor":"$actor_kind","visitor":"$actor_id""#,
        &JSON_STYLE,
    )
}

/// Pairs of keys and values (brandur.org/logfmt).
pub(super) const LOGFMT: NamedFormat = NamedFormat {
    name: "logfmt",
    about: "logfmt, with the names of the fields as its keys",
    header: "",
    body: Body::Template(
        r#"time=$[time ${time:%FT%T}.${milliseconds}${time:%:z}$] remote_host=$remote_host user=$user method=$method path=$path query=$query protocol=$protocol status=$status body_bytes=$(body_bytes $body_bytes$|0$) referrer=$referrer user_agent=$user_agent host=$host response_time=$response_time request_id=$request_id"#,
        &LOGFMT_STYLE,
    ),
};
