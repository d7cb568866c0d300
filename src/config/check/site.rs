//! `site` and `status_codes`: what the simulated site is called, how much it sells and what it
//! answers.

use super::cursor::{ConfigItem, Map};
use crate::config::keys::site::{HOST, SCHEME};
use crate::config::keys::{Section, preset};
use crate::config::{Scheme, SiteSettings, StatusCodes};

/// Reads `site`; what is absent is what `site` has.
pub fn site(section: Option<Map<'_>>, mut site: SiteSettings) -> SiteSettings {
    let Some(map) = section else { return site };
    map.fill(SiteSettings::KEYS, &mut site);
    if let Some(host) = map.get("host").and_then(|item| host(&item)) {
        site.host = host;
    }
    if let Some(scheme) = map.get("scheme").and_then(|item| scheme(&item)) {
        site.scheme = scheme;
    }
    map.finish();
    site
}

fn host(item: &ConfigItem<'_>) -> Option<String> {
    let text = item.text(HOST.expected)?;
    if is_host(text) { Some(text.to_owned()) } else { item.wrong(HOST.expected) }
}

/// A host as it stands in a URL (RFC 3986, section 3.2), with a port if it has one.
fn is_host(text: &str) -> bool {
    let (name, port) = match (text.strip_prefix('['), text.rsplit_once(':')) {
        (Some(rest), _) => match rest.split_once(']') {
            Some((address, after)) if address.parse::<std::net::Ipv6Addr>().is_ok() => {
                return after.is_empty() || after.strip_prefix(':').is_some_and(is_port);
            }
            _ => return false,
        },
        (None, Some((name, port))) => (name, Some(port)),
        (None, None) => (text, None),
    };
    // Longest name and label of RFC 1035.
    let label = |label: &str| {
        let character = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        !label.is_empty() && label.len() <= 63 && label.chars().all(character)
    };
    name.len() <= 253 && name.split('.').all(label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit()) && matches!(text.parse::<u16>(), Ok(1..))
}

fn scheme(item: &ConfigItem<'_>) -> Option<Scheme> {
    match item.text(SCHEME.expected)? {
        "http" => Some(Scheme::Http),
        "https" => Some(Scheme::Https),
        _ => item.wrong(SCHEME.expected),
    }
}

/// Reads `status_codes`; absent is empty.
pub fn status_codes(section: Option<Map<'_>>) -> StatusCodes {
    let mut codes: StatusCodes = preset();
    let Some(map) = section else { return codes };
    map.fill(StatusCodes::KEYS, &mut codes);
    map.finish();
    codes
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port_if_it_has_one() {
        for right in ["www.example.com", "localhost:8000", "192.0.2.1", "[::1]", "[::1]:80", "a_b"]
        {
            assert!(is_host(right), "{right}");
        }
        for wrong in [
            "",
            "https://x",
            "x/y",
            "x y",
            "a..b",
            "x:",
            "x:0",
            "x:99999",
            "[::1",
            "[x]",
            "[::1]80",
            "ü.de",
        ] {
            assert!(!is_host(wrong), "{wrong}");
        }
    }
}
