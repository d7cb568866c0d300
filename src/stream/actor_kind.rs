//! The kinds of visitors, by the names that ground truth and configuration have for them.

/// A kind of visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ActorKind {
    /// A person with a browser.
    Person,
    /// A person who comes to a single file: an image in a search, a shared link to a download.
    Hotlink,
    /// A crawler of a search engine.
    SearchCrawler,
    /// A crawler that collects texts for models.
    AiCrawler,
    /// A crawler of a marketing service.
    SeoCrawler,
    /// A monitor that looks whether the site is up.
    Monitor,
    /// A reader of the feed.
    FeedReader,
    /// A messenger or network that fetches a preview of a link.
    LinkPreview,
    /// A scanner that looks for weak places.
    Scanner,
    /// A single request from anywhere: an old link, an icon, a line that is no HTTP.
    Stray,
    /// A person with the site's own application.
    App,
    /// A program of another company that uses the API.
    Partner,
    /// An attacker of a scenario.
    Attacker,
}

impl ActorKind {
    /// The kinds that come by themselves, in the order of their discriminants, which is that of `actors.shares`.
    pub const USUAL: [Self; 12] = [
        Self::Person,
        Self::Hotlink,
        Self::SearchCrawler,
        Self::AiCrawler,
        Self::SeoCrawler,
        Self::Monitor,
        Self::FeedReader,
        Self::LinkPreview,
        Self::Scanner,
        Self::Stray,
        Self::App,
        Self::Partner,
    ];

    /// The crawlers, of which there can be waves.
    pub const CRAWLERS: [Self; 3] = [Self::SearchCrawler, Self::AiCrawler, Self::SeoCrawler];

    /// Whether its programs refuse a site whose certificate has run out. Some bots and most monitors and scanners do not care.
    pub fn checks_certificates(self) -> bool {
        match self {
            Self::Person
            | Self::Hotlink
            | Self::SearchCrawler
            | Self::FeedReader
            | Self::LinkPreview
            | Self::App
            | Self::Partner => true,
            Self::AiCrawler
            | Self::SeoCrawler
            | Self::Monitor
            | Self::Scanner
            | Self::Stray
            | Self::Attacker => false,
        }
    }

    /// How many kinds there are.
    pub const COUNT: usize = Self::USUAL.len() + 1;

    /// All kinds, in the order of their discriminants.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::USUAL.into_iter().chain([Self::Attacker])
    }

    /// Its name, as ground truth has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Hotlink => "hotlink",
            Self::SearchCrawler => "search_crawler",
            Self::AiCrawler => "ai_crawler",
            Self::SeoCrawler => "seo_crawler",
            Self::Monitor => "monitor",
            Self::FeedReader => "feed_reader",
            Self::LinkPreview => "link_preview",
            Self::Scanner => "scanner",
            Self::Stray => "stray",
            Self::App => "app",
            Self::Partner => "partner",
            Self::Attacker => "attacker",
        }
    }
}
