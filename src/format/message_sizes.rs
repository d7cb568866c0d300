//! The sizes of whole HTTP messages, header included: what Apache's `%I` and `%O` count. The headers are those that a browser
//! and a server send at the least.

use super::dictionary::{Dictionary, Request};
use crate::stream::ReferrerKind;
use crate::stream::site::{Outcome, UrlId};
use crate::stream::{Hit, Method};

/// What is in every request besides the fields that differ: `Accept`, `Accept-Encoding`, `Connection`.
const REQUEST_HEADER: &str = " HTTP/1.1\r\nHost: \r\nUser-Agent: \r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n\
                              Connection: keep-alive\r\n\r\n";
const REFERRER_HEADER: &str = "Referer: \r\n";
/// The cookie holds an id of 32 digits.
const COOKIE_HEADER: &str = "Cookie: sid=00000000000000000000000000000000\r\n";
/// What a request with a form has besides: its header and its body.
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 42\r\n\
                    csrf=0123456789abcdef0123&action=continue&";

/// The lengths that the sizes of requests and of their answers are made of, bytes.
#[derive(Debug)]
pub struct RequestSizes {
    targets: Box<[u32]>,
    agents: Box<[u32]>,
    /// The sizes of successful answers by the id of the URL, and of the others by the kind of the error page and [`Outcome`].
    answers: Box<[u64]>,
    failures: Box<[[u64; Outcome::ALL.len()]]>,
    /// Of the site's own referrers: all but the target.
    origin: u64,
    fixed: u64,
}

impl RequestSizes {
    /// The lengths for a dictionary.
    pub fn new(dictionary: &Dictionary) -> Self {
        let targets = dictionary.targets();
        let host = dictionary.host_name().len();
        let size = |outcome, url| answer(dictionary, Request { method: Method::Get, outcome, url });
        let urls = 0..targets.count() as UrlId;
        let examples = dictionary.error_pages().examples().iter().copied();
        Self {
            answers: urls.map(|url| size(Outcome::Success, url)).collect(),
            failures: examples.map(|url| Outcome::ALL.map(|outcome| size(outcome, url))).collect(),
            targets: (0..targets.count()).map(|url| targets.get(url).len() as u32).collect(),
            agents: dictionary.agents().iter().map(|agent| agent.len() as u32).collect(),
            origin: (REFERRER_HEADER.len() + dictionary.scheme().len() + "://".len() + host) as u64,
            fixed: (REQUEST_HEADER.len() + host + " ".len()) as u64,
        }
    }

    /// The size of a hit's request, bytes.
    #[inline]
    pub fn of(&self, dictionary: &Dictionary, hit: &Hit) -> u64 {
        let target = |url: u32| u64::from(self.targets[url as usize]);
        let agent = u64::from(self.agents[dictionary.agent(hit)]);
        let referrer = match hit.referrer.kind() {
            ReferrerKind::None => 0,
            ReferrerKind::External(external) => {
                (REFERRER_HEADER.len() + dictionary.externals()[external as usize].len()) as u64
            }
            ReferrerKind::Page(page) => self.origin + target(page),
        };
        let cookie = if hit.credentials.has_cookie() { COOKIE_HEADER.len() as u64 } else { 0 };
        let form = if hit.method == Method::Post { FORM.len() as u64 } else { 0 };
        let method = hit.method.name().len() as u64;
        self.fixed + method + target(hit.url) + agent + referrer + cookie + form
    }

    /// The size of the answer to a hit's request, bytes.
    #[inline]
    pub fn of_answer(&self, dictionary: &Dictionary, hit: &Hit) -> u64 {
        let usual = match hit.outcome {
            Outcome::Success => self.answers[hit.url as usize],
            outcome => {
                let kind = dictionary.error_pages().kinds()[hit.url as usize];
                self.failures[usize::from(kind)][outcome as usize]
            }
        };
        if !dictionary.has_traffic() {
            return usual;
        }
        let request = Request { method: hit.method, outcome: hit.outcome, url: hit.url };
        let body = dictionary.bytes(request).map_or(0, u64::from);
        usual.saturating_sub(body) + u64::from(dictionary.body(hit))
    }
}

/// The size of the answer to a request, header included, bytes.
pub fn answer(dictionary: &Dictionary, request: Request) -> u64 {
    let status = dictionary.status(request.outcome);
    let body = dictionary.bytes(request);
    // The phrase behind the status has 2 to 31 letters; 9 is the mean of the usual ones.
    let mut header =
        "HTTP/1.1 200 xxxxxxxxx\r\nDate: Sat, 28 Nov 2026 16:45:01 GMT\r\nServer: Apache\r\n\
                      Connection: Keep-Alive\r\nKeep-Alive: timeout=75, max=100\r\n\r\n"
            .len();
    if status / 100 == 3 && status != 304 {
        let origin = dictionary.scheme().len() + "://".len() + dictionary.host_name().len();
        header += "Location: /\r\n".len() + origin;
    }
    if let Some(body) = body {
        header += "Content-Length: \r\n".len() + body.to_string().len();
        header += "Content-Type: \r\n".len() + content_type(dictionary, request).len();
    }
    header as u64 + u64::from(body.unwrap_or(0))
}

/// The media type of the answer to a request.
pub fn content_type(dictionary: &Dictionary, request: Request) -> &'static str {
    if request.outcome != Outcome::Success {
        return "text/html; charset=iso-8859-1";
    }
    let target = dictionary.targets().get(request.url as usize);
    let path = target.split(|byte| *byte == b'?').next().unwrap_or_default();
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let ending =
        name.rsplit(|byte| *byte == b'.').next().filter(|ending| ending.len() < name.len());
    match ending {
        Some(b"css") => "text/css",
        Some(b"js" | b"mjs") => "text/javascript",
        Some(b"json") => "application/json",
        Some(b"xml") => "application/xml",
        Some(b"txt") => "text/plain; charset=UTF-8",
        Some(b"png") => "image/png",
        Some(b"jpg" | b"jpeg") => "image/jpeg",
        Some(b"gif") => "image/gif",
        Some(b"svg") => "image/svg+xml",
        Some(b"webp") => "image/webp",
        Some(b"ico") => "image/vnd.microsoft.icon",
        Some(b"woff2") => "font/woff2",
        Some(b"pdf") => "application/pdf",
        Some(b"zip") => "application/zip",
        Some(b"mp4") => "video/mp4",
        _ if path.starts_with(b"/api/") || path.starts_with(b"/v1/") => "application/json",
        _ => "text/html; charset=UTF-8",
    }
}
