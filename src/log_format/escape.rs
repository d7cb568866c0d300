//! How servers keep a field from ending early: the rules by which each writes a text that it does not trust.

/// How a text is written into a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Escape {
    /// Apache's `ap_escape_logitem`: quotes and backslashes get a backslash, and control characters and bytes above 126
    /// become `\n`, `\t` and so on, or `\xhh`.
    #[default]
    Apache,
    /// nginx's `escape=default`: quotes, backslashes, control characters and bytes above 126 become `\xHH`.
    Nginx,
    /// The inside of a JSON string.
    Json,
    /// As it is, but for line breaks, which would break the line.
    None,
    /// logfmt: in quotes if the text has spaces, quotes, `=` or control characters.
    Logfmt,
    /// W3C extended format, as IIS writes it: spaces and what else would end a field become `+`.
    Plus,
    /// CloudFront: spaces, control characters, bytes above 126 and what a URL cannot hold become `%HH`.
    Percent,
}

impl Escape {
    /// The text by these rules. An empty text stays empty, but in logfmt.
    pub fn apply(self, text: &[u8]) -> String {
        let mut out = String::with_capacity(text.len());
        self.append(text, &mut out);
        out
    }

    /// Appends a text by these rules.
    pub fn append(self, text: &[u8], out: &mut String) {
        match self {
            Self::Apache => by_byte(text, out, is_plain, apache),
            Self::Nginx => by_byte(text, out, is_plain, nginx),
            Self::Json => json(text, out),
            Self::None => replaced(text, out, char::is_control, ' '),
            Self::Plus => replaced(text, out, |c| c.is_whitespace() || c.is_control(), '+'),
            Self::Percent => by_byte(text, out, is_in_a_url, percent),
            Self::Logfmt => logfmt(text, out),
        }
    }
}

/// Appends plain bytes, which are ASCII, as they are, run by run, and each other byte by its rule.
fn by_byte(
    mut text: &[u8],
    out: &mut String,
    is_plain: impl Fn(&u8) -> bool,
    rule: impl Fn(u8, &mut String),
) {
    while !text.is_empty() {
        let end = text.iter().position(|byte| !is_plain(byte)).unwrap_or(text.len());
        let (plain, rest) = text.split_at(end);
        out.push_str(str::from_utf8(plain).expect("plain bytes are ASCII"));
        text = match rest {
            [byte, rest @ ..] => {
                rule(*byte, out);
                rest
            }
            [] => rest,
        };
    }
}

fn is_plain(byte: &u8) -> bool {
    matches!(byte, 0x20..=0x7e) && !matches!(byte, b'"' | b'\\')
}

fn is_in_a_url(byte: &u8) -> bool {
    matches!(byte, b'!'..=b'}') && !br#""<>#{}|\^[]`'"#.contains(byte)
}

fn apache(byte: u8, out: &mut String) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        0x08 => out.push_str("\\b"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        0x0b => out.push_str("\\v"),
        _ => out.push_str(&format!("\\x{byte:02x}")),
    }
}

fn nginx(byte: u8, out: &mut String) {
    out.push_str(&format!("\\x{byte:02X}"));
}

fn percent(byte: u8, out: &mut String) {
    out.push_str(&format!("%{byte:02X}"));
}

/// What a JSON string holds (RFC 8259, section 7), in nginx's choice of the short forms.
fn json(text: &[u8], out: &mut String) {
    if text.iter().all(is_plain) {
        return out.push_str(str::from_utf8(text).expect("plain bytes are ASCII"));
    }
    for c in String::from_utf8_lossy(text).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
}

fn logfmt(text: &[u8], out: &mut String) {
    let is_bare = |byte: &u8| matches!(byte, 0x21..=0x7e) && !matches!(byte, b'"' | b'=' | b'\\');
    if !text.is_empty() && text.iter().all(is_bare) {
        out.push_str(&String::from_utf8_lossy(text));
    } else {
        out.push('"');
        json(text, out);
        out.push('"');
    }
}

/// Writes `by` in the place of some characters.
fn replaced(text: &[u8], out: &mut String, these: impl Fn(char) -> bool, by: char) {
    let replace = |c| if these(c) { by } else { c };
    out.extend(String::from_utf8_lossy(text).chars().map(replace));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_field_can_end_it_or_the_line() {
        let apache = |text: &str| Escape::Apache.apply(text.as_bytes());
        assert_eq!(apache("a \"b\" \\ c"), r#"a \"b\" \\ c"#);
        assert_eq!(apache("\r\n\t\u{b}\u{8}\u{0}\u{1b}\u{7f}"), r"\r\n\t\v\b\x00\x1b\x7f");
        assert_eq!(apache("é"), r"\xc3\xa9");
        let all: Vec<u8> = (0..=255).collect();
        for escape in [
            Escape::Apache,
            Escape::Nginx,
            Escape::Json,
            Escape::None,
            Escape::Logfmt,
            Escape::Plus,
            Escape::Percent,
        ] {
            let text = escape.apply(&all);
            assert!(text.bytes().all(|byte| byte >= b' '), "{escape:?}: {text:?}");
        }
    }

    #[test]
    fn each_rule_is_that_of_its_server() {
        let hard = "a b\"\\%é=]\t".as_bytes();
        for (escape, expected) in [
            (Escape::Apache, r#"a b\"\\%\xc3\xa9=]\t"#),
            (Escape::Nginx, r"a b\x22\x5C%\xC3\xA9=]\x09"),
            (Escape::Json, r#"a b\"\\%é=]\t"#),
            (Escape::None, "a b\"\\%é=] "),
            (Escape::Logfmt, r#""a b\"\\%é=]\t""#),
            (Escape::Plus, "a+b\"\\%é=]+"),
            (Escape::Percent, "a%20b%22%5C%%C3%A9=%5D%09"),
        ] {
            assert_eq!(escape.apply(hard), expected, "{escape:?}");
        }
        assert_eq!(Escape::Logfmt.apply(b"/a?b"), "/a?b");
        assert_eq!(Escape::Logfmt.apply(b""), "\"\"");
    }
}
