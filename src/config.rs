//! The settings of a run, checked: every other part borrows them and none meets a value that it
//! would have to doubt. How they are read and judged is the business of the modules below; no
//! I/O, clock or default may enter here except as data.

pub mod actors;
pub mod assets;
pub mod bots;
pub mod check;
mod cron;
pub mod defaults;
mod destination;
mod distribution;
pub mod event_key;
pub mod event_kind;
pub mod event_times;
mod failures;
mod further_log;
pub mod keys;
pub mod links;
pub mod network;
pub mod print;
pub mod probe_list;
mod profile;
pub mod raw;
pub mod reference;
pub mod report;
pub mod scenario;
pub mod scenario_library;
pub mod schema;
pub mod source;
mod states;
mod steered;
pub mod steering;
pub mod tree;
mod user_agents;
mod week;
mod weighed_list;
mod words;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

pub use actors::Actors;
pub use assets::AssetSettings;
pub use cron::Cron;
pub use destination::Destination;
pub use distribution::Distribution;
pub use failures::FailureTimes;
pub use further_log::{FurtherLog, Selection, StatusSelection};

pub use network::Network;
pub use profile::Profile;
pub use scenario::ScenarioEvent;
pub use states::{SessionTimes, State, StateTransitions};
pub use steered::{Steered, Turn};
pub use user_agents::{UserAgent, UserAgents};
pub use week::{NoiseLaw, TrafficCurve, TrafficPattern, WeekDays};
pub use weighed_list::WeighedList;

use crate::log_format::{ErrorFormat, LogFormat};
use crate::log_id::{LogId, LogNames};
use crate::shard::Shard;

/// Everything that a run is made of, besides its seed where none is configured, and its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The kind of site whose traffic is simulated; `None` for the pages of the states alone.
    pub profile: Option<Profile>,
    /// Where the lines go and how fast.
    pub output: Output,
    /// The simulated site.
    pub site: SiteSettings,
    /// What the pages of a site with a profile load.
    pub assets: AssetSettings,
    /// Where a session may go from each state.
    pub state_transitions: StateTransitions,
    /// Which page follows which.
    pub navigation: Navigation,
    /// Pages with outcomes and links of their own; in the order of the file, first match wins.
    pub urls: Vec<UrlRule>,
    /// How often requests fail, and how.
    pub error_rates: ErrorRates,
    /// The number behind each outcome.
    pub status_codes: StatusCodes,
    /// The times inside a session.
    pub session: SessionTimes,
    /// The rate's multiplier at any time of a week.
    pub traffic_pattern: TrafficPattern,
    /// Who visits a site with a profile, and what they do.
    pub actors: Actors,
    /// When the server of a site with a profile fails for a while.
    pub failures: FailureTimes,
    /// What happens to the site, and when.
    pub scenario: Vec<ScenarioEvent>,
    /// What visitors say they are.
    pub user_agents: UserAgents,
    /// The networks that visitors come from.
    pub ip_ranges: WeighedList<Network>,
    /// The pages of other sites that visitors come from, as absolute URLs.
    pub external_referrers: WeighedList<String>,
    /// What visitors search for, as typed, the most popular first; never empty.
    pub search_terms: Vec<String>,
    /// Categories of the shop, the most popular first: the values of `categoryID`; never empty.
    pub product_categories: Vec<String>,
    /// Values of `tab` on /profile, the most popular first; never empty.
    pub profile_tabs: Vec<String>,
}

impl Config {
    /// Whether people have the browsers that come with a profile, of which there are over a thousand, and no list of agents.
    pub fn has_built_in_browsers(&self) -> bool {
        self.profile.is_some() && self.user_agents == defaults::user_agents()
    }

    /// Lines that the bucket of a profile holds where nothing else is configured: twenty-four pages with the most assets that a
    /// page can have, so that pages get their assets at any rate.
    pub const USUAL_BURST_OF_A_PROFILE: f64 = 800.0;
    /// Lines that it holds at the least: two such pages.
    pub const LEAST_BURST_OF_A_PROFILE: f64 = 66.0;

    /// What no moment's rate is above, lines per second over all shards.
    pub fn highest_rate(&self) -> f64 {
        scenario::highest_rate(self.output.rate * self.traffic_pattern.highest(), &self.scenario)
    }

    /// The bucket's capacity in seconds of a shard's rate: `output.burst_seconds`, but with a profile at least what holds
    /// [`LEAST_BURST_OF_A_PROFILE`](Self::LEAST_BURST_OF_A_PROFILE) lines. Where it is left open, that is
    /// [`Output::USUAL_BURST`], and with a profile at least what holds
    /// the shard's part of [`USUAL_BURST_OF_A_PROFILE`](Self::USUAL_BURST_OF_A_PROFILE) lines, and no less than without `auto`.
    pub fn burst_seconds(&self, shard: Shard) -> f64 {
        let seconds_of = |lines: f64| lines / shard.part_of(self.output.rate);
        let own = self.output.burst();
        match (self.profile, self.output.burst_seconds) {
            (None, _) => own,
            (Some(_), None) => {
                let lines = shard.part_of(Self::USUAL_BURST_OF_A_PROFILE);
                own.max(seconds_of(lines.max(Self::LEAST_BURST_OF_A_PROFILE)))
            }
            (Some(_), Some(own)) => own.max(seconds_of(Self::LEAST_BURST_OF_A_PROFILE)),
        }
    }
}

/// `output`: where the lines go and how fast.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The directory of the log files. `None` if the lines go to standard output and no directory is named:
    /// then no file is written.
    pub directory: Option<PathBuf>,
    /// Where the lines of access.log go. With [`Destination::Files`] and [`Destination::Both`] there is a
    /// directory.
    pub destination: Destination,
    /// Lines of access.log per second at multiplier 1.0; 0.000_000_01 to 10,000,000.
    pub rate: f64,
    /// The bucket's capacity in seconds of `rate`; finite, 0 to 3600. `None` leaves it open.
    pub burst_seconds: Option<f64>,
    /// What the lines of access.log look like.
    pub format: LogFormat,
    /// What the lines of error.log look like.
    pub error_format: ErrorFormat,
    /// The logs beside the usual ones.
    pub logs: Vec<FurtherLog>,
    /// Whether there is an error.log.
    pub error_log: bool,
    /// Whether there is a system.log.
    pub system_log: bool,
    /// The seed of the stream; `None` draws one at start.
    pub seed: Option<u64>,
    /// Messages of level DEBUG too.
    pub debug: bool,
    /// How far before the wall clock the stream starts; zero for none.
    pub pre_warm: Duration,
    /// The zone of the time stamps, of the traffic pattern's hours and of rotation.
    pub timezone: TimeZone,
    /// The HTTP endpoints; `None` when off.
    pub health_check: Option<HealthCheck>,
    /// Rotation; `None` when off.
    pub log_rotation: Option<LogRotation>,
    /// The disk watch; `None` when off.
    pub disk_monitor: Option<DiskMonitor>,
}

impl Output {
    /// The capacity of the bucket in seconds where it is left open, and how far a run may then fall behind the clock.
    pub const USUAL_BURST: f64 = 2.0;

    /// How far arrivals may run ahead of or behind the rate, seconds; without a profile, the capacity of the bucket.
    pub fn burst(&self) -> f64 {
        self.burst_seconds.unwrap_or(Self::USUAL_BURST)
    }

    /// The directory of the log files if none is named.
    pub const USUAL_DIRECTORY: &'static str = "./logs";

    /// Whether the run writes a log, as a file or to standard output.
    pub fn has(&self, log: LogId) -> bool {
        match log {
            LogId::ERROR => self.error_log && self.directory.is_some(),
            LogId::SYSTEM => self.system_log && self.directory.is_some(),
            LogId::ACCESS => true,
            _ => self.directory.is_some(),
        }
    }

    /// What the lines of a log of hits look like; `None` of any other log.
    pub fn format_of(&self, log: LogId) -> Option<&LogFormat> {
        match log.further_index() {
            Some(index) => self.logs.get(index).map(|log| &log.format),
            None => (log == LogId::ACCESS).then_some(&self.format),
        }
    }

    /// The logs that the run may have.
    pub fn log_names(&self) -> LogNames {
        LogNames::with(self.logs.iter().map(|log| &*log.file))
    }
}

/// `output.health_check`: where /health and /ready are served.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthCheck {
    /// The address to listen on.
    pub address: IpAddr,
    /// The port; 0 lets the system choose one.
    pub port: u16,
}

/// `output.log_rotation`: when files are rotated and what is kept of them.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRotation {
    /// Rotate when a file would grow beyond this many bytes; `None` for no limit.
    pub max_bytes: Option<u64>,
    /// Rotate at these instants; `None` for never.
    pub every: Option<RotationPeriod>,
    /// How many rotated files are kept of each log.
    pub backup_count: u32,
    /// Whether rotated files are compressed by gzip.
    pub compress: bool,
    /// gzip's level: 1 (fast) to 9 (small).
    pub compression_level: u32,
}

/// A unit of time rotation and how many of them make a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationPeriod {
    /// The unit.
    pub when: RotationUnit,
    /// Units in a period; at least 1.
    pub interval: u32,
}

/// `output.log_rotation.when`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationUnit {
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `midnight`
    Midnight,
    /// `w0` (Monday) to `w6` (Sunday)
    Weekday(u8),
}

/// `output.disk_monitor`: the floor of free space and how often it is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct DiskMonitor {
    /// The floor in GiB; finite, >= 0; fractions are allowed. `None` is `auto`: the smaller of 1 GiB
    /// and a twentieth of the file system, and writing never pauses for it.
    pub min_free_gb: Option<f64>,
    /// The time between two looks.
    pub check_interval: Duration,
}

impl DiskMonitor {
    /// The watch where files are rotated and nothing is said of a watch.
    pub fn auto() -> Self {
        Self { min_free_gb: None, ..Self::default() }
    }
}

/// `site`: what the simulated site is called and how much it sells.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteSettings {
    /// The host of the site's own absolute URLs, with a port if it has one.
    pub host: String,
    /// `http` or `https`.
    pub scheme: Scheme,
    /// How many products there are; 1 to 1,000,000.
    pub products: u32,
    /// How many URLs a page such as `/blog/*` has; 1 to 1,000,000.
    pub pages: u32,
    /// Zipf's exponent of what visitors choose among: products, articles, terms, categories.
    pub popularity: f64,
    /// Bytes of a page: without a profile each page draws its own, with one each kind of pages the typical size of its pages.
    pub page_size: Distribution,
    /// By how much the pages of a kind differ: the standard deviation of the logarithm.
    pub page_variation: f64,
    /// Bytes of the typical answer of the API of a site with one; other calls are in proportion.
    pub call_size: Distribution,
    /// Seconds that the application takes for a page; each draws its own.
    pub answer_time: Distribution,
    /// By how much the times of a page differ: the standard deviation of the logarithm.
    pub answer_variation: f64,
}

/// The scheme of the site's own URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `http`
    Http,
    /// `https`
    Https,
}

/// Pages and their weights: finite, >= 0, at least one above 0. A page is the path of a URL as it
/// stands in a request line, percent-encoded, with `*` allowed as its whole last segment.
pub type PageWeights = Vec<(String, f64)>;

/// `navigation`: the weights of the next page.
#[derive(Clone, Debug, PartialEq)]
pub struct Navigation {
    /// For pages without weights of their own, and for the first page (`home`, `HOME`, `index`).
    pub home: PageWeights,
    /// Weights from one page (its path), where they differ.
    pub pages: Vec<(String, PageWeights)>,
}

/// `urls`: outcomes and links of the pages that match a pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct UrlRule {
    /// A path; `*` as the last segment matches any.
    pub path: String,
    /// What becomes of the hits; `None` leaves it to `error_rates`.
    pub shares: Option<Shares>,
    /// Weights of the pages that follow; empty leaves it to `navigation`.
    pub next_pages: PageWeights,
}

/// What becomes of the hits on a page of [`UrlRule`]: weights, finite, >= 0, one above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// The page, as asked for.
    pub success: f64,
    /// A URL near it that never exists.
    pub not_found: f64,
    /// The server fails.
    pub system_error: f64,
}

/// `error_rates`: shares of the hits concerned, each 0 to 1. An absent rate is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorRates {
    /// Any hit fails with the server error status.
    pub global_500_rate: f64,
    /// A product hit goes to a product that never exists.
    pub product_404_rate: f64,
    /// A session that is abandoned ends with `GET /cart`.
    pub cart_abandonment_rate: f64,
    /// A page view is redirected for good.
    pub redirect_301: f64,
    /// A page view is redirected for now.
    pub redirect_302: f64,
    /// A hit on /admin is refused.
    pub forbidden_access: f64,
    /// A hit on /profile is refused for want of a log-in.
    pub auth_failure: f64,
    /// Pages, by path or by path and query, that fail more often, in the order of the file.
    pub high_error_pages: Vec<(String, f64)>,
}

/// `status_codes`: the number written for each outcome; 100 to 599.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusCodes {
    /// 200
    pub success: u16,
    /// 404
    pub not_found: u16,
    /// 500
    pub server_error: u16,
    /// 403
    pub forbidden: u16,
    /// 401
    pub unauthorized: u16,
    /// 301
    pub redirect_permanent: u16,
    /// 302
    pub redirect_temporary: u16,
}
