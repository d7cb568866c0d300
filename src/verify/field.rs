//! Takes the text out of one field of a JSON line. Log shippers wrap lines in that way: `{"message": "..."}`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Appends the text of the field `path` to `out`, without a line feed at its end. `path` is a key, or
/// keys separated by dots for nested objects. Returns false and appends nothing if there is no such
/// text.
pub fn text_of(line: &[u8], path: &str, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let mut json = serde_json::Deserializer::from_slice(line);
    let found = json.deserialize_map(Object { path, out });
    if !matches!(found, Ok(true)) || json.end().is_err() {
        out.truncate(start);
        return false;
    }
    if out.len() > start && out.ends_with(b"\n") {
        out.pop();
    }
    true
}

/// The object in which the field is looked up.
struct Object<'a> {
    path: &'a str,
    out: &'a mut Vec<u8>,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the field {}", self.path)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<JsonKey>()? {
            let rest = self.path.strip_prefix(&*key.0);
            match rest {
                Some("") if !found => {
                    self.out.extend_from_slice(map.next_value::<JsonKey>()?.0.as_bytes());
                    found = true;
                }
                Some(rest) if !found && rest.starts_with('.') => {
                    let inner = map.next_value::<&RawValue>()?.get().as_bytes();
                    found = text_of(inner, &rest[1..], self.out);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

/// A key, borrowed if it has no escapes.
#[derive(serde::Deserialize)]
struct JsonKey<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str, path: &str) -> Option<String> {
        let mut out = b"before".to_vec();
        let found = text_of(line.as_bytes(), path, &mut out);
        let text = String::from_utf8(out).unwrap().strip_prefix("before").unwrap().to_owned();
        assert!(found || text.is_empty());
        found.then_some(text)
    }

    #[test]
    fn the_text_is_unescaped_and_has_no_line_feed_at_its_end() {
        let line = r#"{"a": [1, {"message": 2}], "message": "say \"hi\" \u00e9\n", "z": null}"#;
        assert_eq!(text(line, "message").as_deref(), Some("say \"hi\" é"));
        assert_eq!(text(r#"{"message": ""}"#, "message").as_deref(), Some(""));
    }

    #[test]
    fn a_name_with_dots_is_a_way_through_objects_or_a_key() {
        let line = r#"{"log": {"original": "x"}, "log.file": "y"}"#;
        assert_eq!(text(line, "log.original").as_deref(), Some("x"));
        assert_eq!(text(line, "log.file").as_deref(), Some("y"));
        assert_eq!(text(r#"{"log": "x"}"#, "log.file"), None);
        assert_eq!(text(r#"{"log.file": "y"}"#, "log.file").as_deref(), Some("y"));
    }

    #[test]
    fn without_such_a_text_there_is_none() {
        for line in ["", "x", "{", r#"{"message": 7}"#, r#"{"message": "x"} y"#, r#"["message"]"#] {
            assert_eq!(text(line, "message"), None, "{line}");
        }
        assert_eq!(text(r#"{"mess": "x"}"#, "message"), None);
    }
}
