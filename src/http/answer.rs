//! An answer: a status, a body, and the headers that describe the body. [`super::message`] turns it into bytes.

use serde::Serialize;
use serde_json::json;

use super::page;
use crate::metrics::text::CONTENT_TYPE;

/// The kinds of bodies.
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

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code.
    pub code: u16,
    /// The kind of body.
    pub content: Content,
    /// The value of the header `Allow`, if the answer needs one.
    pub allow: Option<&'static str>,
    /// The body. JSON ends with a line feed, so that it looks well in a terminal.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer with `body` as JSON.
    pub fn json(code: u16, body: &impl Serialize) -> Self {
        let mut body = serde_json::to_vec(body)
            .unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}").into_bytes());
        body.push(b'\n');
        Self { code, content: Content::Json, allow: None, body }
    }

    /// An answer of status 200 with a text.
    pub fn text(content: Content, body: impl Into<String>) -> Self {
        Self { code: 200, content, allow: None, body: body.into().into_bytes() }
    }

    /// An answer that refuses a request: `{"error": "..."}`, with a sentence that says what would be right.
    pub fn error(code: u16, message: impl AsRef<str>) -> Self {
        Self::json(code, &json!({ "error": message.as_ref() }))
    }

    /// The headers of the answer itself. The message adds those of the connection.
    pub fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers = vec![
            ("Content-Type", self.content.media_type()),
            ("Cache-Control", "no-store"),
            ("Server", "access-log-generator"),
            // A browser must not guess what the body is: the content type says it.
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
