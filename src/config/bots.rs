//! `actors.bots`: which bots there are. What those of a kind do is for `actors`.

use std::net::IpAddr;

use super::network::Network;
use super::probe_list::ScannerPath;

/// A kind of bot, in the order in which the bots of a configuration stand. Its name is that of its share of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BotKind {
    /// Crawlers of search engines.
    SearchCrawlers,
    /// Crawlers that collect texts for models.
    AiCrawlers,
    /// Crawlers of marketing services.
    SeoCrawlers,
    /// Monitors.
    Monitors,
    /// Readers of feeds.
    FeedReaders,
    /// Previews of links.
    LinkPreviews,
    /// Scanners.
    Scanners,
    /// Programs of other companies.
    Partners,
}

impl BotKind {
    /// All kinds, in their order.
    pub const ALL: [Self; 8] = [
        Self::SearchCrawlers,
        Self::AiCrawlers,
        Self::SeoCrawlers,
        Self::Monitors,
        Self::FeedReaders,
        Self::LinkPreviews,
        Self::Scanners,
        Self::Partners,
    ];

    /// As it is configured.
    pub fn name(self) -> &'static str {
        match self {
            Self::SearchCrawlers => "search_crawlers",
            Self::AiCrawlers => "ai_crawlers",
            Self::SeoCrawlers => "seo_crawlers",
            Self::Monitors => "monitors",
            Self::FeedReaders => "feed_readers",
            Self::LinkPreviews => "link_previews",
            Self::Scanners => "scanners",
            Self::Partners => "partners",
        }
    }

    /// The kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// HTTP/1.0
    Http10,
    /// HTTP/1.1
    Http11,
    /// HTTP/2
    Http2,
    /// HTTP/3
    Http3,
}

impl HttpVersion {
    /// All versions.
    pub const ALL: [Self; 4] = [Self::Http10, Self::Http11, Self::Http2, Self::Http3];

    /// As it is configured.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http10 => "1.0",
            Self::Http11 => "1.1",
            Self::Http2 => "2.0",
            Self::Http3 => "3.0",
        }
    }
}

/// A bot.
#[derive(Clone, Debug, PartialEq)]
pub struct Bot {
    /// Its kind.
    pub kind: BotKind,
    /// What it says it is; empty for nothing.
    pub user_agent: String,
    /// Where it comes from.
    pub network: Network,
    /// How many hosts it comes from to a site with 40,000 lines a day, at the least.
    pub hosts: u32,
    /// How often it comes, compared with others of its kind.
    pub weight: f64,
    /// The version of HTTP that it speaks; `None` for that of the client that its user agent names.
    pub http: Option<HttpVersion>,
    /// What a scanner tries; empty for what suits its user agent. Others have none.
    pub paths: Vec<ScannerPath>,
    /// Whether it loads what pages name, to see them as people do; of crawlers alone.
    pub renders: bool,
}

impl Bot {
    /// How many addresses its network has for hosts.
    pub fn addresses(&self) -> u32 {
        let (first, last) = self.network.hosts();
        (last - first).saturating_add(1).try_into().unwrap_or(u32::MAX)
    }

    /// What the keys of a bot are where nothing is configured.
    pub const fn blank(kind: BotKind) -> Self {
        let network = Network { address: IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), prefix: 0 };
        Self {
            kind,
            user_agent: String::new(),
            network,
            hosts: 1,
            weight: 1.0,
            http: None,
            paths: Vec::new(),
            renders: false,
        }
    }
}
