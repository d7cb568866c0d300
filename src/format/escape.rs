//! Apache's rules for the fields of a log (`ap_escape_logitem`): quotes and backslashes get a backslash,
//! and control characters and bytes above 126 become `\xhh`, or `\n`, `\t` and so on.

/// Escapes a field. An empty field becomes `-`.
pub fn field(text: &str) -> String {
    if text.is_empty() {
        return "-".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x0b => out.push_str("\\v"),
            0x20..=0x7e => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_field_can_end_it_or_the_line() {
        assert_eq!(field("a \"b\" \\ c"), r#"a \"b\" \\ c"#);
        assert_eq!(field("\r\n\t\u{b}\u{8}\u{0}\u{1b}\u{7f}"), r"\r\n\t\v\b\x00\x1b\x7f");
        assert_eq!(field("é"), r"\xc3\xa9");
        assert_eq!(field(""), "-");
    }
}
