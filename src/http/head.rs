//! The head of a request: collected as it arrives, and checked before any other module sees it.
//!
//! Only the request line is passed on. No answer depends on a header, and a header that is not passed on
//! can ask for nothing: no body, no `Expect`, no encoding.
//!
//! tiny_http parses heads too, but only from a socket that it accepted itself, and without limits on
//! their length and time.

use tiny_http::{HTTPVersion, Method};

use super::answer::Answer;
use super::routes;

/// A well-formed request line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// The method: a token of RFC 9110, in the case that was sent.
    pub method: Method,
    /// The target: printable ASCII without spaces.
    pub target: String,
    /// HTTP/1.1 or HTTP/1.0.
    pub version: HTTPVersion,
}

impl RequestLine {
    /// Whether the request asks for the body of /health.
    pub fn asks_health(&self) -> bool {
        self.method == Method::Get && routes::path(&self.target) == routes::HEALTH
    }
}

/// Collects a head of at most `limit` bytes.
#[derive(Clone, Debug)]
pub struct Head {
    bytes: Vec<u8>,
    limit: usize,
}

impl Head {
    /// An empty head that may grow to `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit }
    }

    /// Whether nothing has arrived.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Takes bytes of the head. Returns `None` until the head is complete. Bytes after it are ignored.
    pub fn push(&mut self, input: &[u8]) -> Option<Result<RequestLine, Answer>> {
        let room = self.limit - self.bytes.len();
        // The end of the head may straddle two reads, so look from three bytes before the new ones.
        let scan_from = self.bytes.len().saturating_sub(3);
        self.bytes.extend_from_slice(&input[..input.len().min(room)]);
        // Empty lines before a request are skipped, as RFC 9112, section 2.2 requires.
        let start = self.bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if self.bytes.get(start).is_some_and(|byte| !is_token_byte(*byte)) {
            return Some(Err(Answer::error(400, "this is not HTTP/1 (is it TLS? use http://)")));
        }
        let from = scan_from.max(start);
        let end = (from..self.bytes.len()).find(|at| {
            let rest = &self.bytes[*at..];
            rest.starts_with(b"\n\r\n") || rest.starts_with(b"\n\n")
        });
        match end {
            Some(end) => Some(parse(&self.bytes[start..end])),
            None if input.len() >= room => {
                let message = format!("the head is longer than {} bytes", self.limit);
                Some(Err(Answer::error(431, message)))
            }
            None => None,
        }
    }
}

/// Parses a head without its last line ends.
fn parse(head: &[u8]) -> Result<RequestLine, Answer> {
    let mut lines =
        head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let request_line = parse_request_line(lines.next().unwrap_or_default())?;
    for (number, line) in lines.enumerate() {
        if !is_header(line) {
            let message = format!("header {} is not of the form `Name: value`", number + 1);
            return Err(Answer::error(400, message));
        }
    }
    Ok(request_line)
}

fn parse_request_line(line: &[u8]) -> Result<RequestLine, Answer> {
    let malformed =
        || Answer::error(400, "the first line is not a request such as `GET /health HTTP/1.1`");
    let line = str::from_utf8(line).map_err(|_| malformed())?;
    let parts: Vec<&str> = line.split(' ').collect();
    let [method, target, version] = parts[..] else { return Err(malformed()) };
    if method.is_empty()
        || !method.bytes().all(is_token_byte)
        || target.is_empty()
        || !target.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(malformed());
    }
    let version = match version {
        "HTTP/1.1" => HTTPVersion(1, 1),
        "HTTP/1.0" => HTTPVersion(1, 0),
        _ if is_version(version.as_bytes()) => {
            let message = format!("{version} is not spoken here, only HTTP/1.1 and HTTP/1.0");
            return Err(Answer::error(505, message));
        }
        _ => return Err(malformed()),
    };
    let method = method.parse().map_err(|()| malformed())?;
    Ok(RequestLine { method, target: target.to_owned(), version })
}

fn is_version(text: &[u8]) -> bool {
    matches!(text, [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
        if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// Whether a line is `Name: value` as in RFC 9112, section 5. Lines folded onto the next are obsolete there.
fn is_header(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
    let (name, value) = line.split_at(colon);
    !name.is_empty()
        && name.iter().all(|byte| is_token_byte(*byte))
        && value.iter().all(|byte| *byte == b'\t' || !byte.is_ascii_control())
}

/// Whether a byte may be in a token of RFC 9110, section 5.6.2: in a method or in a header's name.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests;
