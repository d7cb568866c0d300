//! `scenario`: what happens to the site, when, how long and how strongly.

use std::time::Duration;

use super::event_kind::EventKind;
use super::event_times::EventTimes;
use super::steered::Steered;
use crate::log_format::LogFormat;
use crate::server_failure::ServerFailure;

/// An entry of `scenario`. The keys that only some kinds take are absent where they are not configured.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioEvent {
    /// What happens.
    pub kind: EventKind,
    /// What ground truth calls it; no two are alike.
    pub name: String,
    /// When it begins.
    pub at: EventTimes,
    /// How long it lasts.
    pub length: Duration,
    /// How its strength goes.
    pub shape: EventShape,
    /// The factor on the rate, at full strength; 0 to 1,000.
    pub multiplier: Option<f64>,
    /// The share that fails, at full strength; above 0, at most 1.
    pub share: Option<f64>,
    /// The status of what fails.
    pub status: Option<FailureStatus>,
    /// What has failed, as error.log says it.
    pub cause: Option<ServerFailure>,
    /// The page, in the form of a request line.
    pub page: Option<String>,
    /// The share of the visitors whom it concerns.
    pub visitors: Option<f64>,
    /// The server of the application that it concerns, from 1.
    pub upstream: Option<u32>,
    /// How many times as long answers take, at full strength; at least 1.
    pub factor: Option<f64>,
    /// After how long the server gives up.
    pub timeout: Option<Duration>,
    /// Lines a second at full strength, over all shards.
    pub rate: Option<f64>,
    /// From how many addresses.
    pub addresses: Option<u32>,
    /// Whether the site withstands the attack.
    pub patched: Option<bool>,
    /// What steering has made of it.
    pub steered: Steered,
    /// How many bytes a long line has.
    pub line_length: Option<u32>,
    /// By how many seconds times are off; not 0.
    pub offset: Option<i32>,
    /// What lines look like meanwhile.
    pub format: Option<LogFormat>,
}

impl ScenarioEvent {
    /// Whether another entry says the same, whatever steering has made of either.
    pub fn says_the_same(&self, other: &Self) -> bool {
        *self == Self { steered: self.steered.clone(), ..other.clone() }
    }

    /// The status of what fails.
    pub fn status(&self) -> FailureStatus {
        self.status.unwrap_or(FailureStatus::ServerError)
    }

    /// What has failed: if nothing is configured, what the status or else the kind stands for.
    pub fn cause(&self) -> ServerFailure {
        let by_status = || match self.status() {
            FailureStatus::BadGateway => ServerFailure::ConnectionRefused,
            FailureStatus::Unavailable => ServerFailure::NoneIsUp,
            FailureStatus::GatewayTimeout => ServerFailure::UpstreamTimeout,
            FailureStatus::InsufficientStorage => ServerFailure::DiskFull,
            FailureStatus::ServerError if self.kind == EventKind::FlappingDependency => {
                ServerFailure::DatabaseDown
            }
            FailureStatus::ServerError => ServerFailure::Exception,
        };
        match self.kind {
            EventKind::SlowResponses => ServerFailure::UpstreamTimeout,
            EventKind::DiskFull => ServerFailure::DiskFull,
            _ => self.cause.unwrap_or_else(by_status),
        }
    }

    /// How many times as long answers take.
    pub fn factor(&self) -> f64 {
        self.factor.unwrap_or(1.0)
    }

    /// After how long the server gives up: if nothing is configured, nginx's default `proxy_read_timeout` and Apache's
    /// `ProxyTimeout`.
    pub fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(60))
    }

    /// Lines a second of an attack, over all shards.
    pub fn rate(&self) -> f64 {
        self.rate.unwrap_or(self.kind.row().rate)
    }

    /// From how many addresses an attack comes.
    pub fn addresses(&self) -> u32 {
        self.addresses.unwrap_or(self.kind.row().addresses)
    }

    /// Whether the site withstands an attack.
    pub fn is_patched(&self) -> bool {
        self.patched.unwrap_or(true)
    }

    /// The share of the lines that an event of the log itself spoils.
    pub fn share_of_lines(&self) -> f64 {
        self.share.unwrap_or(match self.kind {
            EventKind::FormatChange => 1.0,
            EventKind::ClockSkew => 0.25,
            _ => 0.01,
        })
    }

    /// How many bytes a long line has.
    pub fn line_length(&self) -> u32 {
        self.line_length.unwrap_or(16_384)
    }

    /// By how many seconds times are off.
    pub fn offset(&self) -> i32 {
        self.offset.unwrap_or(5)
    }

    /// What lines look like meanwhile, in a log that has this format.
    pub fn format_beside(&self, own: &LogFormat) -> LogFormat {
        let named = |name| LogFormat::parse(name).expect("the format is known");
        self.format.clone().unwrap_or_else(|| match named("common") {
            common if common == *own => named("combined"),
            common => common,
        })
    }
}

/// What no moment's rate is above, over all shards, where `usual` is that of a site without a scenario.
pub fn highest_rate(usual: f64, events: &[ScenarioEvent]) -> f64 {
    let highest =
        |rate: f64, event: &ScenarioEvent| rate * event.multiplier.unwrap_or(1.0).max(1.0);
    events.iter().fold(usual, highest) + events.iter().map(ScenarioEvent::rate).sum::<f64>()
}

/// How the strength of an event goes from its beginning to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventShape {
    /// Full all the time.
    #[default]
    Step,
    /// From nothing to full.
    Ramp,
    /// Full after a tenth of the time, then less and less.
    Spike,
    /// Four times from nothing to full.
    Sawtooth,
    /// Full for the first half, then less and less.
    Recovery,
}

impl EventShape {
    /// All shapes.
    pub const ALL: [Self; 5] =
        [Self::Step, Self::Ramp, Self::Spike, Self::Sawtooth, Self::Recovery];

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Ramp => "ramp",
            Self::Spike => "spike",
            Self::Sawtooth => "sawtooth",
            Self::Recovery => "recovery",
        }
    }

    /// The strength, 0 to 1, when a share of the time (0 to 1) has gone by.
    pub fn strength(self, gone: f64) -> f64 {
        match self {
            Self::Step => 1.0,
            Self::Ramp => gone,
            Self::Spike if gone < 0.1 => gone * 10.0,
            Self::Spike => (1.0 - gone) / 0.9,
            Self::Sawtooth => (gone * 4.0).fract(),
            Self::Recovery => (2.0 - 2.0 * gone).min(1.0) * (2.0 - 2.0 * gone).min(1.0),
        }
    }
}

/// The status of an answer that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureStatus {
    /// 500
    ServerError,
    /// 502
    BadGateway,
    /// 503
    Unavailable,
    /// 504
    GatewayTimeout,
    /// 507
    InsufficientStorage,
}

impl FailureStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ServerError,
        Self::BadGateway,
        Self::Unavailable,
        Self::GatewayTimeout,
        Self::InsufficientStorage,
    ];

    /// Those that an event of a kind can have.
    pub fn of(kind: EventKind) -> &'static [Self] {
        match kind {
            // What could not be written is no matter of the servers behind.
            EventKind::DiskFull => &[Self::ServerError, Self::InsufficientStorage],
            _ => &Self::ALL,
        }
    }

    /// Its number.
    pub fn number(self) -> u16 {
        match self {
            Self::ServerError => 500,
            Self::BadGateway => 502,
            Self::Unavailable => 503,
            Self::GatewayTimeout => 504,
            Self::InsufficientStorage => 507,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_highest_rate_has_all_events_at_once_and_none_of_them_lowers_it() {
        let yaml = "profile: shop\noutput: {rate: 10, traffic_patterns: []}\nscenario:\n\
                    - {kind: surge, at: +1h, for: 1h, multiplier: 3}\n\
                    - {kind: surge, name: lull, at: +1h, for: 1h, multiplier: 0.1}\n\
                    - {kind: path_down, page: /cart, at: +1h, for: 1h}\n\
                    - {kind: ddos, at: +1h, for: 1h, rate: 50}\n\
                    - {kind: ssrf, at: +1h, for: 1h}\n";
        let config = Config::from_yaml(yaml).unwrap();
        assert_eq!(highest_rate(10.0, &config.scenario), 81.0);
        assert_eq!(highest_rate(10.0, &[]), 10.0);
    }
}
