//! The formats that have a name: each a row with the string that it stands for.

mod balancers;
mod row;
mod structured;
mod syslog;

use super::apache::COMBINED;
use row::Body;
pub use row::NamedFormat;
pub use structured::truth_of_line;

/// All named formats.
pub const NAMED: &[NamedFormat] = &[
    apache("combined", "NCSA combined, Apache's and the default", COMBINED),
    apache("common", "NCSA common", r#"%h %l %u %t "%r" %>s %b"#),
    apache(
        "vhost_combined",
        "Debian's Apache with the site's name and port in front",
        r#"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i""#,
    ),
    apache(
        "combined_io",
        "Apache's mod_logio: combined with the bytes received and sent",
        r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O"#,
    ),
    NamedFormat {
        name: "nginx",
        about: "nginx's combined",
        header: "",
        body: Body::Nginx(
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \
             \"$http_referer\" \"$http_user_agent\"",
        ),
    },
    structured::JSON,
    structured::ECS,
    structured::OTEL,
    structured::LOGFMT,
    structured::TRUTH,
    balancers::W3C,
    balancers::ALB,
    balancers::CLOUDFRONT,
    balancers::TRAEFIK,
    structured::CADDY,
    balancers::HAPROXY,
    syslog::RFC3164,
    syslog::RFC5424,
];

const fn apache(name: &'static str, about: &'static str, format: &'static str) -> NamedFormat {
    NamedFormat { name, about, header: "", body: Body::Apache(format) }
}

/// The format with a name, in whatever capitals.
pub fn find(name: &str) -> Option<&'static NamedFormat> {
    NAMED.iter().find(|named| named.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_format_can_be_read() {
        for named in NAMED {
            assert!(!named.pieces().is_empty(), "{}", named.name);
        }
    }
}
