//! How long requests take. A page has a typical time of its own, and a request varies around it with a heavy tail; a large
//! answer takes as long as the visitor's line needs. Everything follows from the hit, so a line that does not show a time costs
//! nothing.

use super::address::Visitor;
use super::failure::waited_ms;
use super::random::{hash, mix, normal};
use super::scenario::effects::{MarkEffects, SlowAnswer};
use super::site::{Outcome, Site};
use super::{Hit, Method};
use crate::config::keys::site::ANSWER_TIME;

/// The times of one request, ns. Each contains the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Until the application had accepted the connection.
    pub connect: u64,
    /// Until the application had sent its header.
    pub header: u64,
    /// Until the application had answered.
    pub upstream: u64,
    /// Until the last byte of the answer was sent to the visitor.
    pub total: u64,
}

impl Timing {
    /// What stands for the times of a line that shows none.
    pub const NONE: Self = Self { connect: 0, header: 0, upstream: 0, total: 0 };
}

/// The typical times of a site's pages, and how requests vary around them.
#[derive(Debug)]
pub struct Timings {
    /// The median time of each URL, us.
    medians: Box<[u32]>,
    /// Factors by which a request differs from the median: 4,096 quantiles.
    factors: Box<[f32]>,
    /// What events of a scenario do to it.
    effects: MarkEffects,
}

/// The slowest hundredth follows Pareto's law with this exponent: a heavy tail, as response times have (Crovella and Bestavros
/// 1997).
const TAIL_SHARE: f64 = 0.01;
const TAIL_EXPONENT: f64 = 1.5;
const QUANTILES: usize = 4096;
/// How many samples make a quantile.
const SAMPLES: usize = 4;
/// Answers up to this size fit into the buffers of the connection, and the server need not wait for the visitor, bytes.
const BUFFERED: u64 = 64 << 10;
/// No application takes longer without a failure, ns.
const LONGEST: u64 = 55_000_000_000;
/// nginx's default `proxy_read_timeout`, and Apache's `ProxyTimeout`, ns.
const GATEWAY_TIMEOUT: u64 = 60_000_000_000;
const MICROSECOND: u64 = 1_000;
const MILLISECOND: u64 = 1_000_000;

impl Timings {
    /// The times of a site with a scenario that has these effects.
    pub fn new(site: &Site, effects: MarkEffects) -> Self {
        let (usual, variation) = site.answer_times();
        let median = |target: &str| {
            let seconds = usual.at(normal(hash(target) ^ 0x7469_6d65));
            (seconds.clamp(ANSWER_TIME.low, ANSWER_TIME.high) * 1e6) as u32
        };
        Self {
            medians: site.urls().iter().map(|url| median(&url.target)).collect(),
            factors: factors(variation),
            effects,
        }
    }

    /// The times of a hit whose answer has so many bytes.
    pub fn of(&self, hit: &Hit, bytes: u64) -> Timing {
        let bits = mix(hit.time ^ hit.visitor.rotate_left(23) ^ 0x7365_7276);
        let factor = f64::from(self.factors[(bits >> 52) as usize]);
        // The lower bits keep two requests from taking the same time to the nanosecond.
        let jitter = bits & 0xf_ffff;
        let usual = |us: f64| (us * factor * MICROSECOND as f64) as u64;
        let page = f64::from(self.medians[hit.url as usize]);
        let upstream = match hit.outcome {
            Outcome::Success if hit.method == Method::Post => usual(page * 1.6),
            Outcome::Success => usual(page),
            Outcome::NotFound => usual(6_000.0),
            Outcome::ServerError => match waited_ms(self.effects.server_failure(hit)) {
                Some(waited) => waited * MILLISECOND + jitter * 10,
                None => usual(page),
            },
            // The server answers these itself.
            Outcome::RedirectPermanent | Outcome::RedirectTemporary => usual(300.0),
            Outcome::Forbidden | Outcome::Unauthorized => usual(500.0),
            Outcome::NotModified | Outcome::Partial | Outcome::MethodNotAllowed => usual(400.0),
            Outcome::NoContent | Outcome::InsufficientStorage => usual(3_000.0),
            Outcome::TooManyRequests => usual(400.0),
            Outcome::BadRequest | Outcome::BadGateway | Outcome::Unavailable => usual(100.0),
            // Apache's default `RequestReadTimeout` for a header is 20 s.
            Outcome::RequestTimeout => 20_000 * MILLISECOND + jitter,
            Outcome::GatewayTimeout => GATEWAY_TIMEOUT,
            Outcome::ClientClosed => usual(page * 20.0),
        };
        let upstream =
            upstream.min(if may_wait_long(hit.outcome) { u64::MAX } else { LONGEST }) + jitter;
        let upstream = match self.effects.of(hit).slow {
            None => upstream,
            Some(slow) => slowed(hit, upstream, slow),
        };
        let connect = (40_000 + (bits >> 20 & 0x7_ffff)).min(upstream / 4);
        let header = upstream - upstream / 16;
        // 0.5 to 12 MB a second, by the visitor.
        let ns_a_byte = || 80 + mix(hit.visitor ^ 0x6c69_6e65) % 1_920;
        let sending = if bytes > BUFFERED { (bytes - BUFFERED) * ns_a_byte() } else { 0 };
        let own = 30_000 + (bits >> 32 & 0x3_ffff);
        Timing { connect, header, upstream, total: upstream + own + sending }
    }
}

/// Whether a request may have waited for the application until the server gave it up.
fn may_wait_long(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::ServerError | Outcome::GatewayTimeout)
}

/// How long the application takes with a request that it would answer in `usual` ns, if it is slow: until the server or the
/// visitor gives up.
fn slowed(hit: &Hit, usual: u64, slow: SlowAnswer) -> u64 {
    match hit.outcome {
        // Servers look at their clocks a few times a second.
        Outcome::GatewayTimeout => slow.timeout + usual % (5 * MILLISECOND),
        Outcome::ClientClosed => patience(hit.visitor),
        _ => (usual as f64 * slow.factor) as u64,
    }
}

/// How long a person waits for an answer, ns: a quarter of a minute or so.
pub fn patience(visitor: Visitor) -> u64 {
    let seconds = 14.0 * libm::exp(0.6 * normal(mix(visitor ^ 0x7061_7469)));
    (seconds.clamp(3.0, 90.0) * 1e9) as u64
}

/// The quantiles of the factor: log-normal with a Pareto tail.
fn factors(variation: f64) -> Box<[f32]> {
    let mut samples: Vec<f64> =
        (0..QUANTILES * SAMPLES).map(|number| normal(mix(number as u64 ^ 0x6661_6374))).collect();
    samples.sort_by(f64::total_cmp);
    let body = |quantile: usize| {
        let of: f64 = samples[quantile * SAMPLES..][..SAMPLES].iter().sum();
        libm::exp(variation * of / SAMPLES as f64)
    };
    let tail = ((1.0 - TAIL_SHARE) * QUANTILES as f64) as usize;
    let factor = |quantile: usize| {
        let above = (QUANTILES - quantile) as f64 / QUANTILES as f64;
        let tailed = body(tail) * libm::pow(TAIL_SHARE / above, 1.0 / TAIL_EXPONENT);
        if quantile < tail { body(quantile) } else { tailed.max(body(tail)) }
    };
    (0..QUANTILES).map(|quantile| factor(quantile) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::stream::{SECOND, Stream};

    #[test]
    fn a_request_takes_longer_than_its_parts_and_the_slowest_far_longer_than_most() {
        let config = Config::default();
        let mut stream = Stream::new(&config, 7, 1_793_491_200 * SECOND);
        let timings = Timings::new(stream.site(), MarkEffects::new(&config));
        let (mut hits, mut times) = (Vec::new(), Vec::new());
        stream.fill(u64::MAX, 20_000, &mut hits);
        for hit in &hits {
            let Timing { connect, header, upstream, total } = timings.of(hit, 9_000);
            assert!(connect < header && header < upstream && upstream < total, "{hit:?}");
            assert!(total < 62 * SECOND);
            if hit.outcome == Outcome::Success {
                times.push(total);
            }
        }
        times.sort_unstable();
        let at = |share: f64| times[(times.len() as f64 * share) as usize] as f64;
        assert!((20e6..80e6).contains(&at(0.5)), "{}", at(0.5));
        assert!((at(0.999) / at(0.5)) > 10.0, "{} {}", at(0.5), at(0.999));
    }

    #[test]
    fn a_large_answer_takes_longer() {
        let config = Config::default();
        let mut stream = Stream::new(&config, 7, 1_793_491_200 * SECOND);
        let timings = Timings::new(stream.site(), MarkEffects::new(&config));
        let hit = stream.next_hit();
        let (small, large) = (timings.of(&hit, 1_000), timings.of(&hit, 8_000_000));
        assert_eq!(small.upstream, large.upstream);
        assert!(large.total > small.total + 600_000_000, "{small:?} {large:?}");
    }
}
