//! What every line is put together from, rendered and escaped once.

use std::fmt::Write;
use std::net::IpAddr;

use jiff::tz::TimeZone;

use super::buffer::Line;
use super::error_log::ErrorLog;
use super::escape::field;
use super::texts::{Texts, Words};
use crate::config::{Config, Scheme, StatusCodes};
use crate::shard::Shard;
use crate::stream::random::hash;
use crate::stream::site::{EXTERNAL_REFERRERS, Outcome, Site, UrlId};
use crate::stream::visitor::{UserName, Visitors};
use crate::stream::{Hit, Method};

/// The parts of lines; shared by all formatters.
#[derive(Debug)]
pub struct Tables {
    zone: TimeZone,
    visitors: Visitors,
    /// `" "AGENT"` and the line's end, by the index of the agent.
    agents: Texts,
    /// The referrer, by its index.
    referrers: Texts,
    /// `GET TARGET HTTP/1.1" 200 SIZE "`, by the id of the URL.
    successes: Texts,
    /// `TARGET`, by the id of the URL.
    targets: Texts,
    /// ` HTTP/1.1" CODE SIZE "`, by [`Outcome`].
    failures: Texts,
    /// The status, by [`Outcome`].
    codes: Texts,
    /// The class of the status, 0 for 1xx, by [`Outcome`].
    status_classes: [u8; 7],
    /// What error.log says of it, by [`Outcome`].
    error_logs: [Option<ErrorLog>; 7],
    /// ` HTTP/1.1" 200 SIZE "` of a success that was not a GET, by the id of the URL.
    other_successes: Texts,
    /// `0.` to `255.`
    octets: Words<8>,
    /// `0` to `255`
    last_octets: Words<8>,
    /// `-`, and `john_` behind it, by the index of the first name + 1.
    first_names: Words<16>,
    /// Nothing, and `doe` behind it, by the index of the last name + 1.
    last_names: Words<16>,
    /// Nothing, and `1` to `99` behind it.
    numbers: Words<8>,
    longest_line: usize,
}

impl Tables {
    /// The tables of a configuration and its site, all of it.
    pub fn new(config: &Config, site: &Site) -> Self {
        Self::of_shard(config, site, Shard::WHOLE)
    }

    /// The tables of a shard of the site.
    pub fn of_shard(config: &Config, site: &Site, shard: Shard) -> Self {
        let visitors = Visitors::new(config, shard);
        let scheme = match config.site.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let host = &config.site.host;
        let codes = &config.status_codes;
        let targets: Vec<String> = site.urls().iter().map(|url| field(&url.target)).collect();
        let pages = targets.iter().map(|target| format!("{scheme}://{host}{target}"));
        let none = ["-".to_owned()];
        let external = EXTERNAL_REFERRERS.iter().map(|url| field(url));
        let first_names = visitors.first_names().iter().map(|name| format!("{name}_"));
        let last_names = visitors.last_names().iter().cloned();
        let result = |id: usize| {
            let size = body(codes.success, site.urls().get(id as UrlId).size);
            format!(" HTTP/1.1\" {} {size} \"", codes.success)
        };
        let mut tables = Self {
            zone: config.output.timezone.clone(),
            agents: Texts::new(
                visitors.agents().iter().map(|agent| format!("\" \"{}\"\n", field(agent))),
            ),
            referrers: Texts::new(none.into_iter().chain(external).chain(pages)),
            successes: Texts::new(
                targets
                    .iter()
                    .enumerate()
                    .map(|(id, target)| format!("GET {target}{}", result(id))),
            ),
            other_successes: Texts::new((0..targets.len()).map(result)),
            targets: Texts::new(targets.iter().cloned()),
            failures: Texts::new(OUTCOMES.iter().map(|&outcome| {
                let code = code(codes, outcome);
                let location = format!("{scheme}://{host}/");
                format!(" HTTP/1.1\" {code} {} \"", body(code, error_page(outcome, &location)))
            })),
            status_classes: OUTCOMES.map(|outcome| (code(codes, outcome) / 100 - 1) as u8),
            error_logs: OUTCOMES.map(|outcome| {
                ErrorLog::of(code(codes, outcome)).filter(|_| config.output.error_log)
            }),
            codes: Texts::new(OUTCOMES.iter().map(|&outcome| code(codes, outcome).to_string())),
            octets: Words::new((0..=255).map(|octet| format!("{octet}."))),
            last_octets: Words::new((0..=255).map(|octet| octet.to_string())),
            first_names: Words::new(["-".to_owned()].into_iter().chain(first_names)),
            last_names: Words::new([String::new()].into_iter().chain(last_names)),
            numbers: Words::new([String::new()].into_iter().chain((1..100).map(|n| n.to_string()))),
            visitors,
            longest_line: 0,
        };
        let Self { agents, referrers, successes, targets, failures, other_successes, .. } = &tables;
        let parts = [agents, referrers, successes, targets, failures, other_successes];
        tables.longest_line = REST + parts.map(Texts::longest).iter().sum::<usize>();
        tables
    }

    /// The zone of the time stamps.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// No line of access.log or error.log is longer than so many bytes.
    #[inline]
    pub fn longest_line(&self) -> usize {
        self.longest_line
    }

    /// The status of a hit.
    pub fn code(&self, outcome: Outcome) -> &[u8] {
        self.codes.get(outcome as usize)
    }

    /// The class of the status of hits with this outcome: 0 for 1xx, 4 for 5xx.
    #[inline]
    pub fn status_class(&self, outcome: Outcome) -> usize {
        usize::from(self.status_classes[outcome as usize])
    }

    /// What error.log says of hits with this outcome, if anything.
    #[inline]
    pub fn error_log(&self, outcome: Outcome) -> Option<ErrorLog> {
        self.error_logs[outcome as usize]
    }

    /// The target of a hit.
    pub fn target(&self, hit: &Hit) -> &[u8] {
        self.targets.get(hit.url as usize)
    }

    /// Appends from the request's method to the quote before the referrer.
    #[inline(always)]
    pub fn request(&self, hit: &Hit, line: &mut Line<'_>) {
        let url = hit.url as usize;
        if hit.outcome == Outcome::Success && hit.method == Method::Get {
            self.successes.append::<64>(url, line);
            return;
        }
        line.put_all(method(hit.method));
        line.put(b" ");
        self.targets.append::<32>(url, line);
        match hit.outcome {
            Outcome::Success => self.other_successes.append::<32>(url, line),
            failure => self.failures.append::<32>(failure as usize, line),
        }
    }

    /// Appends the referrer, as it stands between its quotes.
    #[inline(always)]
    pub fn referrer(&self, hit: &Hit, line: &mut Line<'_>) {
        self.referrers.append::<64>(hit.referrer.index(), line);
    }

    /// Appends from the quote before the user agent's own to the end of the line.
    #[inline(always)]
    pub fn agent(&self, hit: &Hit, line: &mut Line<'_>) {
        self.agents.append::<160>(self.visitors.agent(hit.visitor), line);
    }

    /// Appends the remote host.
    #[inline(always)]
    pub fn remote_host(&self, hit: &Hit, line: &mut Line<'_>) {
        match self.visitors.address(hit.visitor) {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets().map(usize::from);
                self.octets.append(a, line);
                self.octets.append(b, line);
                self.octets.append(c, line);
                self.last_octets.append(d, line);
            }
            IpAddr::V6(address) => {
                write!(line, "{address}").expect("a line takes any text");
            }
        }
    }

    /// Appends the user name, or `-` before log-in.
    #[inline(always)]
    pub fn user(&self, hit: &Hit, line: &mut Line<'_>) {
        let UserName { first, last, number } = self.visitors.user(hit.visitor);
        // Who is logged in is hard to predict: without a jump for it, all have three parts, and these
        // are the first of their tables, which are `-`, nothing and nothing, before log-in.
        let part = |part: usize| part & usize::from(hit.logged_in).wrapping_neg();
        self.first_names.append(part(first + 1), line);
        self.last_names.append(part(last + 1), line);
        self.numbers.append(part(usize::from(number)), line);
    }
}

/// The most that a line has beside the texts of its tables: address, user name, stamp, what error.log
/// says, and what stands between them.
const REST: usize = 256;

/// The name of a method.
pub fn method(method: Method) -> &'static [u8] {
    match method {
        Method::Get => b"GET",
        Method::Post => b"POST",
    }
}

const OUTCOMES: [Outcome; 7] = [
    Outcome::Success,
    Outcome::NotFound,
    Outcome::ServerError,
    Outcome::Forbidden,
    Outcome::Unauthorized,
    Outcome::RedirectPermanent,
    Outcome::RedirectTemporary,
];

fn code(codes: &StatusCodes, outcome: Outcome) -> u16 {
    match outcome {
        Outcome::Success => codes.success,
        Outcome::NotFound => codes.not_found,
        Outcome::ServerError => codes.server_error,
        Outcome::Forbidden => codes.forbidden,
        Outcome::Unauthorized => codes.unauthorized,
        Outcome::RedirectPermanent => codes.redirect_permanent,
        Outcome::RedirectTemporary => codes.redirect_temporary,
    }
}

/// Bytes of the page that says what went wrong: a site's own are a few kB, a redirection is what
/// Apache writes itself.
fn error_page(outcome: Outcome, location: &str) -> u32 {
    let own = 1_800 + (hash(location) % 1_200) as u32;
    match outcome {
        Outcome::Success | Outcome::NotFound => own,
        Outcome::ServerError => own / 2,
        Outcome::Forbidden | Outcome::Unauthorized => own / 3,
        Outcome::RedirectPermanent | Outcome::RedirectTemporary => 220 + location.len() as u32,
    }
}

/// `%b`: no body for the statuses that have none (RFC 9110, 15.2, 15.3.5, 15.4.5).
fn body(code: u16, size: u32) -> String {
    match code {
        100..=199 | 204 | 304 => "-".to_owned(),
        _ => size.to_string(),
    }
}
