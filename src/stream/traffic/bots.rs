//! The bots: what they say they are, and the networks that their owners publish or are seen to use.

use crate::stream::actor_kind::ActorKind;
use crate::stream::address::Visitor;
use crate::stream::attack::attackers::is_attacker;

/// A kind of bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotKind {
    /// Search engines.
    Search,
    /// Collectors of texts for models.
    Ai,
    /// Marketing services.
    Seo,
    /// Monitors.
    Monitor,
    /// Readers of feeds.
    Feed,
    /// Previews of links.
    Preview,
    /// Scanners.
    Scanner,
    /// Programs of other companies.
    Partner,
}

impl BotKind {
    /// Which bots are visitors of a kind; `None` for people and those who pass for people.
    pub fn of(kind: ActorKind) -> Option<Self> {
        match kind {
            ActorKind::SearchCrawler => Some(Self::Search),
            ActorKind::AiCrawler => Some(Self::Ai),
            ActorKind::SeoCrawler => Some(Self::Seo),
            ActorKind::Monitor => Some(Self::Monitor),
            ActorKind::FeedReader => Some(Self::Feed),
            ActorKind::LinkPreview => Some(Self::Preview),
            ActorKind::Scanner => Some(Self::Scanner),
            ActorKind::Partner => Some(Self::Partner),
            ActorKind::Person
            | ActorKind::Hotlink
            | ActorKind::Stray
            | ActorKind::App
            | ActorKind::Attacker => None,
        }
    }
}

/// A bot.
#[derive(Clone, Copy, Debug)]
pub struct Bot {
    /// Its kind.
    pub kind: BotKind,
    /// How often it comes, compared with others of its kind.
    pub weight: u32,
    /// How many hosts it comes from to a site with 40,000 lines a day, at the least.
    pub hosts: u32,
    /// Its network.
    pub network: &'static str,
    /// Its user agent.
    pub agent: &'static str,
}

impl Bot {
    /// How many addresses its network has for hosts.
    pub fn addresses(&self) -> u32 {
        let prefix = self.network.rsplit('/').next().and_then(|prefix| prefix.parse().ok());
        let prefix: u32 = prefix.expect("the table has networks of IPv4");
        (1 << (32 - prefix)) - 2
    }
}

const fn bot(
    kind: BotKind,
    weight: u32,
    hosts: u32,
    network: &'static str,
    agent: &'static str,
) -> Bot {
    Bot { kind, weight, hosts, network, agent }
}

const GOOGLE_MOBILE: &str = "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) \
                             Chrome/141.0.7390.122 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const OLD_CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/78.0.3904.108 Safari/537.36";

/// All bots.
pub const BOTS: [Bot; 49] = [
    bot(BotKind::Search, 40, 180, "66.249.64.0/20", GOOGLE_MOBILE),
    bot(
        BotKind::Search,
        14,
        90,
        "66.249.64.0/20",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ),
    bot(BotKind::Search, 5, 30, "66.249.64.0/20", "Googlebot-Image/1.0"),
    bot(
        BotKind::Search,
        26,
        120,
        "40.77.167.0/24",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
    ),
    bot(
        BotKind::Search,
        8,
        60,
        "5.255.231.0/24",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    ),
    bot(
        BotKind::Search,
        10,
        90,
        "17.241.0.0/16",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    ),
    bot(
        BotKind::Search,
        4,
        20,
        "40.80.242.0/24",
        "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    ),
    bot(
        BotKind::Search,
        8,
        150,
        "114.119.128.0/18",
        "Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
    ),
    bot(
        BotKind::Ai,
        30,
        40,
        "20.171.206.0/24",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    ),
    bot(
        BotKind::Ai,
        22,
        60,
        "216.73.216.0/22",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    ),
    bot(
        BotKind::Ai,
        14,
        400,
        "47.128.0.0/16",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
    ),
    bot(
        BotKind::Ai,
        16,
        300,
        "57.141.0.0/24",
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    ),
    bot(
        BotKind::Ai,
        8,
        200,
        "3.208.0.0/12",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot) Chrome/119.0.6045.214 Safari/537.36",
    ),
    bot(BotKind::Ai, 6, 10, "18.97.9.0/24", "CCBot/2.0 (https://commoncrawl.org/faq/)"),
    bot(
        BotKind::Seo,
        26,
        200,
        "54.36.148.0/23",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    ),
    bot(
        BotKind::Seo,
        24,
        60,
        "185.191.171.0/24",
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    ),
    bot(
        BotKind::Seo,
        14,
        40,
        "216.244.66.0/24",
        "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)",
    ),
    bot(
        BotKind::Seo,
        12,
        90,
        "135.181.0.0/16",
        "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    ),
    bot(
        BotKind::Seo,
        6,
        12,
        "5.9.112.0/22",
        "serpstatbot/2.1 (advanced backlink tracking bot; https://serpstatbot.com/; abuse@serpstatbot.com)",
    ),
    bot(
        BotKind::Monitor,
        5,
        10,
        "69.162.124.224/28",
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    ),
    bot(
        BotKind::Monitor,
        2,
        8,
        "178.255.152.0/22",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    ),
    bot(BotKind::Monitor, 1, 2, "138.201.0.0/16", "check_http/v2.3.3 (monitoring-plugins 2.3.3)"),
    bot(BotKind::Monitor, 1, 2, "51.68.0.0/16", "Uptime-Kuma/2.0.2"),
    bot(BotKind::Monitor, 1, 2, "165.227.0.0/16", "Blackbox Exporter/0.27.0"),
    bot(
        BotKind::Feed,
        6,
        6,
        "8.29.198.0/24",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 41 subscribers; like FeedFetcher-Google)",
    ),
    bot(BotKind::Feed, 3, 3, "51.77.0.0/16", "FreshRSS/1.27.1 (Linux; https://freshrss.org)"),
    bot(BotKind::Feed, 3, 2, "217.160.0.0/16", "Tiny Tiny RSS/25.10 (https://tt-rss.org/)"),
    bot(
        BotKind::Feed,
        2,
        2,
        "65.52.0.0/14",
        "Mozilla/5.0 (compatible; Miniflux/2.2.13; +https://miniflux.app)",
    ),
    bot(
        BotKind::Preview,
        12,
        120,
        "173.252.64.0/18",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    ),
    bot(BotKind::Preview, 4, 30, "149.154.161.0/24", "TelegramBot (like TwitterBot)"),
    bot(BotKind::Preview, 5, 60, "199.16.156.0/22", "Twitterbot/1.0"),
    bot(
        BotKind::Preview,
        4,
        40,
        "34.192.0.0/12",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ),
    bot(
        BotKind::Preview,
        4,
        80,
        "35.184.0.0/13",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    ),
    bot(BotKind::Scanner, 10, 900, "134.209.0.0/16", "Mozilla/5.0 zgrab/0.x"),
    bot(
        BotKind::Scanner,
        9,
        700,
        "167.94.138.0/24",
        "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
    ),
    bot(BotKind::Scanner, 9, 900, "45.148.8.0/22", "python-requests/2.32.5"),
    bot(BotKind::Scanner, 8, 800, "159.203.0.0/16", "Go-http-client/1.1"),
    bot(BotKind::Scanner, 8, 800, "185.224.128.0/22", "-"),
    bot(BotKind::Scanner, 10, 2_000, "43.128.0.0/12", OLD_CHROME),
    bot(BotKind::Scanner, 4, 500, "194.165.16.0/23", "curl/8.5.0"),
    bot(BotKind::Partner, 24, 9, "3.64.0.0/12", "python-requests/2.32.3"),
    bot(BotKind::Partner, 18, 6, "20.50.0.0/16", "Apache-HttpClient/5.3.1 (Java/17.0.12)"),
    bot(BotKind::Partner, 16, 12, "34.107.0.0/16", "Go-http-client/2.0"),
    bot(BotKind::Partner, 14, 4, "188.40.0.0/16", "GuzzleHttp/7"),
    bot(BotKind::Partner, 10, 7, "52.208.0.0/13", "axios/1.7.7"),
    bot(BotKind::Partner, 8, 3, "51.15.0.0/16", "okhttp/4.12.0"),
    bot(BotKind::Partner, 6, 5, "13.80.0.0/15", "Microsoft Azure Logic Apps/1.0"),
    bot(BotKind::Partner, 3, 14, "80.128.0.0/11", "PostmanRuntime/7.43.0"),
    bot(BotKind::Partner, 3, 8, "91.0.0.0/10", "insomnia/10.1.1"),
];

/// The mark of a bot's number, in its highest bits.
const MARK: Visitor = 0b11 << 62;
/// Where the index of the bot stands in its number.
const SHIFT: u32 = 48;

/// The index in [`BOTS`] of the bot with this number; `None` if it is no bot's.
#[inline]
pub fn bot_of(visitor: Visitor) -> Option<usize> {
    let is_bot = visitor & MARK == MARK && !is_attacker(visitor);
    is_bot.then_some((visitor >> SHIFT & 0xff) as usize)
}

/// Whether a bot asks for nothing but images.
pub fn takes_images_alone(visitor: Visitor) -> bool {
    bot_of(visitor).is_some_and(|bot| BOTS[bot].agent.starts_with("Googlebot-Image"))
}

/// The bots that load what pages name, to see them as people do: a bit for each, by its index.
pub fn rendering() -> u64 {
    let renders = |bot: &Bot| RENDERING.iter().any(|name| bot.agent.contains(name));
    (0..).zip(&BOTS).map(|(index, bot)| u64::from(renders(bot)) << index).sum()
}

/// A bot has a bit in what [`rendering`] returns.
const _: () = assert!(BOTS.len() <= u64::BITS as usize);

/// Marks in the agents of bots that render pages.
const RENDERING: [&str; 3] = ["Nexus 5X", "bingbot", "Applebot"];

/// The number of a host of the bot with this index in [`BOTS`]; `own` are the host's own bits.
#[inline]
pub fn number_of(bot: usize, own: u64) -> Visitor {
    MARK | (bot as u64) << SHIFT | own >> (64 - SHIFT)
}
