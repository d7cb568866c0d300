//! The texts and numbers that the lines of all logs are made of, before a format escapes them and adds quotes and line
//! ends. It is made once per configuration and shared by all formatters.

use std::net::IpAddr;

use jiff::tz::TimeZone;

use super::buffer::LineParts;
use super::error_log::Failure;
use super::error_pages::ErrorPages;
use super::ipv6::ipv6;
use super::texts::{Texts, Words};
use crate::config::{Config, Scheme, StatusCodes};
use crate::shard::Shard;
use crate::stream::body::{cut, part, vary};
use crate::stream::scenario::effects::MarkEffects;
use crate::stream::scenario::marks::EventMarks;
use crate::stream::site::{BodyKind, Outcome, Site, TextPacking, UrlId};
use crate::stream::visitor::{UserName, Visitors};
use crate::stream::{Hit, Method};

/// The length of the longest address in text form, bytes: an IPv6 address (RFC 5952).
pub const LONGEST_HOST: usize = 39;

/// Everything that lines can say about a site and its visitors.
#[derive(Debug)]
pub struct Dictionary {
    zone: TimeZone,
    visitors: Visitors,
    has_traffic: bool,
    /// What the marks of hits stand for.
    marks: EventMarks,
    /// What they say of the hits.
    effects: MarkEffects,
    /// `http` or `https`
    scheme: &'static str,
    /// The host, with a port if it has one.
    host: String,
    /// The pages of other sites that visitors come from.
    externals: Box<[String]>,
    /// Request targets as they are sent, by the id of the URL.
    targets: Texts,
    /// The body size of a successful answer in bytes, and how it differs from answer to answer, by the id of the URL.
    sizes: Box<[(u32, BodyKind, TextPacking)]>,
    /// The status, by [`Outcome`].
    statuses: [u16; Outcome::ALL.len()],
    error_pages: ErrorPages,
    /// Whether a program calls itself Chrome, by the index of the user agent.
    are_chrome: Box<[bool]>,
    /// `0.` to `255.`
    octets: Words<8>,
    /// `0` to `255`
    last_octets: Words<8>,
    /// `-` first, then names such as `john_`: by the index of the first name + 1.
    first_names: Words<16>,
    /// An empty text first, then names such as `doe`: by the index of the last name + 1.
    last_names: Words<16>,
    /// An empty text first, then `1` to `99`.
    numbers: Words<8>,
}

/// All that the text of a request depends on.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The HTTP method of the request.
    pub method: Method,
    /// What became of the request.
    pub outcome: Outcome,
    /// The URL requested.
    pub url: UrlId,
}

impl Dictionary {
    /// The dictionary of a shard of a site.
    pub fn new(config: &Config, site: &Site, shard: Shard) -> Self {
        let visitors = Visitors::new(config, shard);
        let scheme = match config.site.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let location = format!("{scheme}://{}/", config.site.host);
        let none = || [String::new()].into_iter();
        let first_names = visitors.first_names().iter().map(|name| format!("{name}_"));
        let last_names = visitors.last_names().iter().cloned();
        Self {
            zone: config.output.timezone.clone(),
            externals: site.external_referrers().urls().into(),
            targets: Texts::new(site.urls().len(), |url, out| {
                out.push_str(&site.urls().get(url as UrlId).target);
            }),
            sizes: site.urls().iter().map(|url| (url.size, url.body, url.packing)).collect(),
            statuses: Outcome::ALL.map(|outcome| status(&config.status_codes, outcome)),
            error_pages: ErrorPages::new(site, &location),
            octets: Words::new((0..=255).map(|octet| format!("{octet}."))),
            last_octets: Words::new((0..=255).map(|octet| octet.to_string())),
            first_names: Words::new(["-".to_owned()].into_iter().chain(first_names)),
            last_names: Words::new(none().chain(last_names)),
            numbers: Words::new(none().chain((1..100).map(|number| number.to_string()))),
            are_chrome: visitors.agents().iter().map(|agent| agent.contains("Chrome/")).collect(),
            has_traffic: site.has_traffic(),
            marks: EventMarks::new(&config.scenario),
            effects: MarkEffects::new(config),
            visitors,
            scheme,
            host: config.site.host.clone(),
        }
    }

    /// What the marks of hits stand for.
    pub fn marks(&self) -> &EventMarks {
        &self.marks
    }

    /// What the marks of hits say of them.
    pub fn effects(&self) -> &MarkEffects {
        &self.effects
    }

    /// The zone of the timestamps.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The status code for an outcome.
    #[inline]
    pub fn status(&self, outcome: Outcome) -> u16 {
        self.statuses[outcome as usize]
    }

    /// The class of the outcome's status: 0 for 1xx to 4 for 5xx.
    #[inline]
    pub fn status_class(&self, outcome: Outcome) -> usize {
        usize::from(self.status(outcome) / 100 - 1)
    }

    /// What error.log says about hits with this outcome; `None` if it omits them.
    #[inline]
    pub fn failure(&self, outcome: Outcome) -> Option<Failure> {
        Failure::of(self.status(outcome))
    }

    /// The targets as they are sent, by the id of the URL.
    pub fn targets(&self) -> &Texts {
        &self.targets
    }

    /// `http` or `https`
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The host, with a port if it has one.
    pub fn host_name(&self) -> &str {
        &self.host
    }

    /// Whether visitors of all kinds come, with versions of HTTP and requests of their own, as a profile has them.
    pub fn has_traffic(&self) -> bool {
        self.has_traffic
    }

    /// The visitors of the site.
    pub fn visitors(&self) -> &Visitors {
        &self.visitors
    }

    /// The body size of a response in bytes; `None` for the statuses that have no body (RFC 9110, 15.2,
    /// 15.3.5, 15.4.5).
    #[inline]
    pub fn bytes(&self, request: Request) -> Option<u32> {
        if request.method == Method::Head {
            return None;
        }
        match (self.status(request.outcome), request.outcome) {
            (100..=199 | 204 | 304, _) => None,
            (_, Outcome::Success) => Some(self.sizes[request.url as usize].0),
            (_, failure) => {
                Some(self.error_pages.size(failure, request.url)).filter(|size| *size > 0)
            }
        }
    }

    /// The body size of the answer to a hit, bytes; 0 if it has none.
    #[inline]
    pub fn body(&self, hit: &Hit) -> u32 {
        let Hit { method, outcome, url, .. } = *hit;
        if !self.has_traffic {
            return self.bytes(Request { method, outcome, url }).unwrap_or(0);
        }
        let (size, body, packing) = self.sizes[url as usize];
        match outcome {
            Outcome::Success if method == Method::Head => 0,
            Outcome::Success if self.effects.of(hit).is_cut => {
                cut(vary(size, body, packing, hit), hit)
            }
            Outcome::Success => vary(size, body, packing, hit),
            Outcome::Partial => part(size, hit),
            _ => {
                let target = self.targets.get(url as usize);
                self.error_pages.answer(hit, target, || self.are_chrome[self.agent(hit)])
            }
        }
    }

    /// The answers that are no success.
    pub fn error_pages(&self) -> &ErrorPages {
        &self.error_pages
    }

    /// How many referrers there are, none among them.
    pub fn referrers(&self) -> usize {
        self.externals.len() + 1 + self.targets.count()
    }

    /// The index of a hit's referrer, below [`Dictionary::referrers`].
    #[inline(always)]
    pub fn referrer_index(&self, hit: &Hit) -> usize {
        hit.referrer.index(self.externals.len() as u32)
    }

    /// The pages of other sites that visitors come from.
    pub fn externals(&self) -> &[String] {
        &self.externals
    }

    /// Appends the referrer at an [index](Dictionary::referrer_index); that of none is empty.
    pub fn referrer(&self, index: usize, out: &mut Vec<u8>) {
        if let Some(external) = self.externals.iter().rev().nth(index) {
            out.extend_from_slice(external.as_bytes());
        } else if let Some(page) = index.checked_sub(self.externals.len() + 1) {
            for part in [self.scheme, "://", &self.host] {
                out.extend_from_slice(part.as_bytes());
            }
            out.extend_from_slice(self.targets.get(page));
        }
    }

    /// The user agents as configured. [`Dictionary::agent`] returns an index into them.
    pub fn agents(&self) -> &[String] {
        self.visitors.agents()
    }

    /// The user agent of a hit: an index into [`Dictionary::agents`].
    #[inline(always)]
    pub fn agent(&self, hit: &Hit) -> usize {
        self.visitors.agent(hit.visitor)
    }

    /// Appends the remote host of a hit.
    #[inline(always)]
    pub fn host<P: LineParts>(&self, hit: &Hit, line: P) -> P {
        self.address(self.visitors.address(hit.visitor), line)
    }

    /// Appends an address.
    #[inline(always)]
    pub fn address<P: LineParts>(&self, address: IpAddr, line: P) -> P {
        match address {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets().map(usize::from);
                let line = self.octets.append(a, line);
                let line = self.octets.append(b, line);
                let line = self.octets.append(c, line);
                self.last_octets.append(d, line)
            }
            IpAddr::V6(address) => ipv6(address, line),
        }
    }

    /// Appends the user name of a hit, or `-` before log-in.
    #[inline(always)]
    pub fn user<P: LineParts>(&self, hit: &Hit, line: P) -> P {
        let UserName { first, last, number } = self.visitors.user(hit.visitor);
        // A processor cannot predict who is logged in, so there is no jump for it: every name has three
        // parts. Before log-in they are the first entry of each table: `-`, nothing and nothing.
        let part = |part: usize| part & usize::from(hit.credentials.is_logged_in()).wrapping_neg();
        let line = self.first_names.append(part(first + 1), line);
        let line = self.last_names.append(part(last + 1), line);
        self.numbers.append(part(usize::from(number)), line)
    }
}

fn status(codes: &StatusCodes, outcome: Outcome) -> u16 {
    match outcome {
        Outcome::Success => codes.success,
        Outcome::NotFound => codes.not_found,
        Outcome::ServerError => codes.server_error,
        Outcome::Forbidden => codes.forbidden,
        Outcome::Unauthorized => codes.unauthorized,
        Outcome::RedirectPermanent => codes.redirect_permanent,
        Outcome::RedirectTemporary => codes.redirect_temporary,
        Outcome::NotModified => 304,
        Outcome::Partial => 206,
        Outcome::NoContent => 204,
        Outcome::BadRequest => 400,
        Outcome::MethodNotAllowed => 405,
        Outcome::RequestTimeout => 408,
        // nginx's own: the visitor closed the connection.
        Outcome::ClientClosed => 499,
        Outcome::BadGateway => 502,
        Outcome::Unavailable => 503,
        Outcome::TooManyRequests => 429,
        Outcome::GatewayTimeout => 504,
        Outcome::InsufficientStorage => 507,
    }
}
