//! The path of a page, in the form that it has in a request line.

use crate::config::keys::paths::{LONGEST, PagePath};
use crate::config::words::grouped;

/// Percent-encodes what may not stand in a request line and leaves the rest alone, so that a path
/// that is encoded already stays as it is. The error says what would be right.
pub fn page_path(text: &str, which: PagePath) -> Result<String, String> {
    if !text.starts_with('/') {
        let hint = match text.split_once("://").and_then(|(_, rest)| rest.split_once('/')) {
            Some((_, path)) => format!("\"/{path}\", the path without the host"),
            None => format!("a path that starts with \"/\", such as {:?}", format!("/{text}")),
        };
        return Err(hint);
    }
    if text.contains('#') {
        return Err("a path without \"#\": browsers do not send what follows it".into());
    }
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    };
    if path.contains('*') {
        let last = path.rsplit('/').next().unwrap_or_default();
        let alone = last == "*" && path.matches('*').count() == 1 && query.is_none();
        if which == PagePath::One {
            return Err("one page, without \"*\"".into());
        }
        if !alone {
            return Err("\"*\" only as the whole last segment, such as \"/products/*\"".into());
        }
    }
    let encoded = encode(text);
    if encoded.len() > LONGEST {
        return Err(format!(
            "at most {} bytes (it has {})",
            grouped(LONGEST as f64),
            encoded.len()
        ));
    }
    Ok(encoded)
}

fn encode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut encoded = String::with_capacity(bytes.len());
    for (index, &byte) in bytes.iter().enumerate() {
        let is_escape = || {
            let hex = bytes.get(index + 1..index + 3).unwrap_or_default();
            hex.len() == 2 && hex.iter().all(u8::is_ascii_hexdigit)
        };
        let stays = match byte {
            b'%' => is_escape(),
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
            other => other.is_ascii_graphic(),
        };
        if stays {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Result<String, String> {
        page_path(text, PagePath::OneOrMany)
    }

    #[test]
    fn what_may_not_stand_in_a_request_line_is_percent_encoded() {
        assert_eq!(path("/a b\"<>\n").as_deref(), Ok("/a%20b%22%3C%3E%0A"));
        assert_eq!(path("/größe").as_deref(), Ok("/gr%C3%B6%C3%9Fe"));
        assert_eq!(path("/100%").as_deref(), Ok("/100%25"));
    }

    #[test]
    fn an_encoded_path_stays_as_it_is() {
        let once = path("/a b?q=c d&e=%41%zz").unwrap();
        assert_eq!(path(&once), Ok(once.clone()));
        assert_eq!(path("/search?q=laptop&page=2").as_deref(), Ok("/search?q=laptop&page=2"));
    }

    #[test]
    fn a_star_stands_only_for_a_whole_last_segment() {
        assert!(path("/products/*").is_ok());
        assert!(path("/*").is_ok());
        assert!(path("/search?q=*").is_ok());
        for wrong in ["/*/x", "/a*", "/*a", "/**", "/*?x=1"] {
            assert!(path(wrong).is_err(), "{wrong}");
        }
        assert!(page_path("/products/*", PagePath::One).is_err());
    }

    #[test]
    fn a_path_starts_with_a_slash_and_is_at_most_2000_bytes() {
        assert!(path("about").is_err());
        assert!(path("").is_err());
        assert!(path("/a#b").is_err());
        assert!(path("https://example.com/a").unwrap_err().contains("\"/a\""));
        assert!(path(&format!("/{}", "a".repeat(1_999))).is_ok());
        assert!(path(&format!("/{}", "ü".repeat(334))).is_err());
    }
}
