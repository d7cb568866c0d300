//! An answer: a status, a body, and their form on the wire.

use serde::Serialize;
use serde_json::json;

use super::page;
use crate::metrics::text::CONTENT_TYPE;

/// What the body of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON.
    Json,
    /// Metrics in the text format of Prometheus.
    Metrics,
    /// The status page.
    Page,
}

impl Content {
    fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Metrics => CONTENT_TYPE,
            Self::Page => "text/html; charset=utf-8",
        }
    }
}

/// What is answered to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub code: u16,
    /// What the body is.
    pub content: Content,
    /// The value of `Allow`, where one is due.
    pub allow: Option<&'static str>,
    /// The body; JSON ends in a line feed, so that it looks well in a terminal.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer whose body is `body` as JSON.
    pub fn json(code: u16, body: &impl Serialize) -> Self {
        let mut body = serde_json::to_vec(body)
            .unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}").into_bytes());
        body.push(b'\n');
        Self { code, content: Content::Json, allow: None, body }
    }

    /// What was asked for, as text.
    pub fn text(content: Content, body: impl Into<String>) -> Self {
        Self { code: 200, content, allow: None, body: body.into().into_bytes() }
    }

    /// A refusal: `{"error": "..."}`, a sentence that says what would be right.
    pub fn error(code: u16, message: impl AsRef<str>) -> Self {
        Self::json(code, &json!({ "error": message.as_ref() }))
    }

    /// The headers of the answer itself; the sender adds those of the connection.
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = vec![
            ("Content-Type", self.content.media_type()),
            ("Cache-Control", "no-store"),
            ("Server", "access-log-generator"),
            // What a browser makes of a body is said above, and not to be guessed.
            ("X-Content-Type-Options", "nosniff"),
        ];
        headers.extend(self.allow.map(|methods| ("Allow", methods)));
        if self.content == Content::Page {
            headers.push(("Content-Security-Policy", page::policy()));
            headers.push(("Referrer-Policy", "no-referrer"));
        }
        headers
    }

    /// The whole message, as it is sent to a client whose connection ends with it. An answer to
    /// HEAD has the headers of the body but not the body.
    pub fn to_bytes(&self, head_only: bool) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {} {}\r\n", self.code, reason_phrase(self.code));
        for (name, value) in self.headers() {
            text += &format!("{name}: {value}\r\n");
        }
        text += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", self.body.len());
        let mut bytes = text.into_bytes();
        if !head_only {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

/// The same message with `Connection: close` put in as its first header: tiny_http closes the
/// connection without saying so, and a client that keeps connections would try to use it again.
pub fn with_connection_close(mut message: Vec<u8>) -> Vec<u8> {
    if let Some(end_of_line) = message.windows(2).position(|pair| pair == b"\r\n") {
        let after = end_of_line + 2;
        message.splice(after..after, *b"Connection: close\r\n");
    }
    message
}

/// The name of a status that the gate itself answers with (RFC 9110, section 15).
fn reason_phrase(code: u16) -> &'static str {
    match code {
        400 => "Bad Request",
        408 => "Request Timeout",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_whole_message_in_json() {
        let text = String::from_utf8(Answer::error(408, "too \"late\"").to_bytes(false)).unwrap();
        assert_eq!(
            text,
            "HTTP/1.1 408 Request Timeout\r\n\
             Content-Type: application/json\r\n\
             Cache-Control: no-store\r\n\
             Server: access-log-generator\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Content-Length: 25\r\n\
             Connection: close\r\n\
             \r\n\
             {\"error\":\"too \\\"late\\\"\"}\n"
        );
    }

    #[test]
    fn an_answer_to_head_keeps_the_length_and_drops_the_body() {
        let text = String::from_utf8(Answer::error(503, "no").to_bytes(true)).unwrap();
        assert!(text.contains("Content-Length: 15\r\n") && text.ends_with("\r\n\r\n"), "{text}");
    }

    #[test]
    fn connection_close_becomes_the_first_header() {
        let message = b"HTTP/1.1 200 OK\r\nServer: s\r\n\r\nbody\r\n".to_vec();
        let expected = b"HTTP/1.1 200 OK\r\nConnection: close\r\nServer: s\r\n\r\nbody\r\n";
        assert_eq!(with_connection_close(message), expected);
    }
}
