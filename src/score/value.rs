//! The values of JSON objects: times, texts and numbers. An error says which key it is, what was found and what
//! would be right.

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::value::RawValue;

use crate::time::{SECOND, Time, time};

/// The years that a time may be in; timestamps of 64 bits end in 2554.
const YEARS: std::ops::Range<i16> = 1970..2500;
/// How many characters of a wrong value an error shows.
const SHOWN: usize = 60;

/// A remote host, by its address if it has one, so that all spellings of an address are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemoteHost {
    /// An address. One of IPv4 within IPv6 is one of IPv4.
    Address(IpAddr),
    /// A name.
    Name(Box<str>),
}

/// A text with at least one character.
pub fn text<'a>(key: &str, value: &'a RawValue, right: &str) -> Result<Cow<'a, str>, String> {
    let found = string(value).filter(|text| !text.is_empty());
    found.ok_or_else(|| wrong(key, value, right))
}

/// A whole number, at least 1.
pub fn line_number(key: &str, value: &RawValue) -> Result<u64, String> {
    let number = value.get().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| wrong(key, value, "the number of a line is a whole number from 1 on"))
}

/// A remote host.
pub fn remote_host(key: &str, value: &RawValue) -> Result<RemoteHost, String> {
    let host = text(key, value, "a remote host is a text such as \"203.0.113.9\"")?;
    Ok(match host.parse::<IpAddr>() {
        Ok(address) => RemoteHost::Address(address.to_canonical()),
        Err(_) => RemoteHost::Name(host.into()),
    })
}

/// A time: RFC 3339, or a number of seconds since 1970.
pub fn instant(key: &str, value: &RawValue) -> Result<Time, String> {
    let found = match string(value) {
        Some(text) => text.parse().ok(),
        None => seconds(value),
    };
    let in_range = |time: &Timestamp| YEARS.contains(&time.to_zoned(TimeZone::UTC).year());
    found.filter(in_range).map(time).ok_or_else(|| {
        let right = "a time is written like \"2026-11-02T03:00:00.000Z\" or \
                     \"2026-11-02T04:00:00+01:00\", or as seconds since 1970 like 1793588400.5; from 1970 to 2499";
        wrong(key, value, right)
    })
}

/// A number of seconds. A float has 53 bits, which is less than a microsecond of our time.
fn seconds(value: &RawValue) -> Option<Timestamp> {
    let text = value.get();
    if let Ok(whole) = text.parse() {
        return Timestamp::from_second(whole).ok();
    }
    let seconds: f64 = text.parse().ok().filter(|seconds| (0.0..1e11).contains(seconds))?;
    Timestamp::new(seconds as i64, (seconds.fract() * SECOND as f64) as i32).ok()
}

/// The text of a JSON string; `None` for another value.
fn string(value: &RawValue) -> Option<Cow<'_, str>> {
    let quoted = value.get().strip_prefix('"')?.strip_suffix('"')?;
    if !quoted.contains('\\') {
        return Some(quoted.into());
    }
    serde_json::from_str::<String>(value.get()).ok().map(Cow::Owned)
}

/// The error about a wrong value.
pub fn wrong(key: &str, value: &RawValue, right: &str) -> String {
    format!("`{key}`: found {}; {right}", shown(value.get()))
}

/// The beginning of a text, as a terminal shows it.
pub fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(printable).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown += "...";
    }
    shown
}

fn printable(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control().then(|| character.escape_default());
    let plain = (!character.is_control()).then_some(character);
    escaped.into_iter().flatten().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn a_time_is_a_text_of_rfc_3339_or_a_number_of_seconds() {
        const AT: Time = 1_793_588_400 * SECOND;
        for (text, expected) in [
            ("\"2026-11-02T03:00:00Z\"", AT),
            ("\"2026-11-02T03:00:00.250Z\"", AT + SECOND / 4),
            ("\"2026-11-02T04:00:00+01:00\"", AT),
            ("1793588400", AT),
            ("1793588400.25", AT + SECOND / 4),
            ("1.7935884e9", AT),
            ("0", 0),
        ] {
            assert_eq!(instant("time", &raw(text)), Ok(expected), "{text}");
        }
        for text in [
            "\"2026-11-02T03:00:00\"",
            "\"yesterday\"",
            "\"\"",
            "-1",
            "1793588400000",
            "1e300",
            "true",
            "[]",
            "\"2500-01-01T00:00:00Z\"",
            "\"1969-12-31T23:59:59.5Z\"",
        ] {
            let error = instant("time", &raw(text)).unwrap_err();
            assert!(error.starts_with(&format!("`time`: found {text}; a time is ")), "{error}");
        }
    }

    #[test]
    fn all_spellings_of_an_address_are_one_remote_host() {
        let host = |text: &str| remote_host("remote_host", &raw(&format!("\"{text}\""))).unwrap();
        assert_eq!(host("2001:db8::1"), host("2001:0DB8:0:0::0001"));
        assert_eq!(host("203.0.113.9"), host("::ffff:203.0.113.9"));
        assert_eq!(host("203.0.113.9"), host("\\u003203.0.113.9"));
        assert_ne!(host("203.0.113.9"), host("203.0.113.90"));
        assert_eq!(host("bot.example"), RemoteHost::Name("bot.example".into()));
        assert!(remote_host("remote_host", &raw("\"\"")).is_err());
        assert!(remote_host("remote_host", &raw("7")).is_err());
    }

    #[test]
    fn lines_are_counted_from_1() {
        assert_eq!(line_number("line", &raw("12345")), Ok(12_345));
        for text in ["0", "-3", "1.0", "\"7\"", "18446744073709551616"] {
            assert!(line_number("line", &raw(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_shows_the_beginning_of_a_long_value_and_no_control_character() {
        assert_eq!(shown(&"x".repeat(61)), format!("{}...", "x".repeat(60)));
        assert_eq!(shown("a\u{1b}[31mé"), "a\\u{1b}[31mé");
    }
}
