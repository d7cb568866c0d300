//! An answer: a status, a body, and the headers that say what the body is. Its form on the wire is in
//! [`super::message`].

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

    /// The headers of the answer itself; the message adds those of the connection.
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
}
