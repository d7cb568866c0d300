//! The bots that a profile has: how often each comes, from how many hosts, the network that its owner publishes or is seen to use,
//! and what it says it is.

use crate::config::bots::{Bot, BotKind};

/// A bot as the table has it: its kind, its weight, its hosts, its network and its user agent.
type BotRow = (BotKind, u32, u32, &'static str, &'static str);

/// Marks in the agents of bots that load what pages name.
const RENDERING: [&str; 3] = ["Nexus 5X", "bingbot", "Applebot"];

/// The bots of a profile.
pub fn bots() -> Vec<Bot> {
    let bot = |(kind, weight, hosts, network, agent): BotRow| Bot {
        user_agent: agent.to_owned(),
        network: network.parse().expect("the table has networks"),
        hosts,
        weight: weight.into(),
        renders: RENDERING.iter().any(|mark| agent.contains(mark)),
        ..Bot::blank(kind)
    };
    BOTS.into_iter().map(bot).collect()
}

const GOOGLE_MOBILE: &str = "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) \
                             Chrome/141.0.7390.122 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const OLD_CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/78.0.3904.108 Safari/537.36";

/// All bots, those of a kind one after the other.
const BOTS: [BotRow; 49] = [
    (BotKind::SearchCrawlers, 40, 180, "66.249.64.0/20", GOOGLE_MOBILE),
    (
        BotKind::SearchCrawlers,
        14,
        90,
        "66.249.64.0/20",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ),
    (BotKind::SearchCrawlers, 5, 30, "66.249.64.0/20", "Googlebot-Image/1.0"),
    (
        BotKind::SearchCrawlers,
        26,
        120,
        "40.77.167.0/24",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
    ),
    (
        BotKind::SearchCrawlers,
        8,
        60,
        "5.255.231.0/24",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    ),
    (
        BotKind::SearchCrawlers,
        10,
        90,
        "17.241.0.0/16",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    ),
    (
        BotKind::SearchCrawlers,
        4,
        20,
        "40.80.242.0/24",
        "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    ),
    (
        BotKind::SearchCrawlers,
        8,
        150,
        "114.119.128.0/18",
        "Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
    ),
    (
        BotKind::AiCrawlers,
        30,
        40,
        "20.171.206.0/24",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    ),
    (
        BotKind::AiCrawlers,
        22,
        60,
        "216.73.216.0/22",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    ),
    (
        BotKind::AiCrawlers,
        14,
        400,
        "47.128.0.0/16",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
    ),
    (
        BotKind::AiCrawlers,
        16,
        300,
        "57.141.0.0/24",
        "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    ),
    (
        BotKind::AiCrawlers,
        8,
        200,
        "3.208.0.0/12",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot) Chrome/119.0.6045.214 Safari/537.36",
    ),
    (BotKind::AiCrawlers, 6, 10, "18.97.9.0/24", "CCBot/2.0 (https://commoncrawl.org/faq/)"),
    (
        BotKind::SeoCrawlers,
        26,
        200,
        "54.36.148.0/23",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    ),
    (
        BotKind::SeoCrawlers,
        24,
        60,
        "185.191.171.0/24",
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    ),
    (
        BotKind::SeoCrawlers,
        14,
        40,
        "216.244.66.0/24",
        "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)",
    ),
    (
        BotKind::SeoCrawlers,
        12,
        90,
        "135.181.0.0/16",
        "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    ),
    (
        BotKind::SeoCrawlers,
        6,
        12,
        "5.9.112.0/22",
        "serpstatbot/2.1 (advanced backlink tracking bot; https://serpstatbot.com/; abuse@serpstatbot.com)",
    ),
    (
        BotKind::Monitors,
        5,
        10,
        "69.162.124.224/28",
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    ),
    (
        BotKind::Monitors,
        2,
        8,
        "178.255.152.0/22",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    ),
    (BotKind::Monitors, 1, 2, "138.201.0.0/16", "check_http/v2.3.3 (monitoring-plugins 2.3.3)"),
    (BotKind::Monitors, 1, 2, "51.68.0.0/16", "Uptime-Kuma/2.0.2"),
    (BotKind::Monitors, 1, 2, "165.227.0.0/16", "Blackbox Exporter/0.27.0"),
    (
        BotKind::FeedReaders,
        2,
        1,
        "8.29.198.0/24",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
    ),
    (BotKind::FeedReaders, 10, 5, "51.77.0.0/16", "FreshRSS/1.27.1 (Linux; https://freshrss.org)"),
    (BotKind::FeedReaders, 8, 4, "217.160.0.0/16", "Tiny Tiny RSS/25.10 (https://tt-rss.org/)"),
    (
        BotKind::FeedReaders,
        6,
        4,
        "65.52.0.0/14",
        "Mozilla/5.0 (compatible; Miniflux/2.2.13; +https://miniflux.app)",
    ),
    (
        BotKind::LinkPreviews,
        12,
        120,
        "173.252.64.0/18",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    ),
    (BotKind::LinkPreviews, 4, 30, "149.154.161.0/24", "TelegramBot (like TwitterBot)"),
    (BotKind::LinkPreviews, 5, 60, "199.16.156.0/22", "Twitterbot/1.0"),
    (
        BotKind::LinkPreviews,
        4,
        40,
        "34.192.0.0/12",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ),
    (
        BotKind::LinkPreviews,
        4,
        80,
        "35.184.0.0/13",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    ),
    (BotKind::Scanners, 10, 900, "134.209.0.0/16", "Mozilla/5.0 zgrab/0.x"),
    (
        BotKind::Scanners,
        9,
        700,
        "167.94.138.0/24",
        "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
    ),
    (BotKind::Scanners, 9, 900, "45.148.8.0/22", "python-requests/2.32.5"),
    (BotKind::Scanners, 8, 800, "159.203.0.0/16", "Go-http-client/1.1"),
    (BotKind::Scanners, 8, 800, "185.224.128.0/22", ""),
    (BotKind::Scanners, 10, 2_000, "43.128.0.0/12", OLD_CHROME),
    (BotKind::Scanners, 4, 500, "194.165.16.0/23", "curl/8.5.0"),
    (BotKind::Partners, 24, 9, "3.64.0.0/12", "python-requests/2.32.3"),
    (BotKind::Partners, 18, 6, "20.50.0.0/16", "Apache-HttpClient/5.3.1 (Java/17.0.12)"),
    (BotKind::Partners, 16, 12, "34.107.0.0/16", "Go-http-client/2.0"),
    (BotKind::Partners, 14, 4, "188.40.0.0/16", "GuzzleHttp/7"),
    (BotKind::Partners, 10, 7, "52.208.0.0/13", "axios/1.7.7"),
    (BotKind::Partners, 8, 3, "51.15.0.0/16", "okhttp/4.12.0"),
    (BotKind::Partners, 6, 5, "13.80.0.0/15", "Microsoft Azure Logic Apps/1.0"),
    (BotKind::Partners, 3, 14, "80.128.0.0/11", "PostmanRuntime/7.43.0"),
    (BotKind::Partners, 3, 8, "91.0.0.0/10", "insomnia/10.1.1"),
];
