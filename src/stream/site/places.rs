//! What machines and strangers ask for: files that a site has for them, and paths that it does not have.

use super::style::SiteStyle;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::{Config, Profile};
use crate::stream::random::{Choice, zipf_weights};

/// URLs beside the pages that have a use of their own.
#[derive(Debug)]
pub struct SitePlaces {
    /// The front page.
    pub front: UrlId,
    /// The page of a visitor's account.
    pub account: UrlId,
    /// `/robots.txt`
    pub robots: UrlId,
    /// The feed.
    pub feed: UrlId,
    /// What monitors look at.
    pub health: UrlId,
    /// A large file that is fetched in parts.
    pub download: UrlId,
    /// Where a form puts something into the cart.
    pub add_to_cart: UrlId,
    /// `/checkout`
    pub checkout: UrlId,
    /// `/thank-you`
    pub thank_you: UrlId,
    /// The line of a connection without a request.
    pub silence: UrlId,
    /// Icons that phones and tablets ask for and the site does not have, in the order in which they do.
    pub touch_icons: [UrlId; TOUCH_ICONS.len()],
    /// Old and mistyped paths.
    pub old: Choice<UrlId>,
    /// `/sitemap.xml`
    pub sitemap: UrlId,
    /// Lines that are no HTTP: TLS on a plain port and the like.
    pub noise: Choice<UrlId>,
}

/// Icons that phones and tablets of Apple ask for whether a page names them or not, in this order.
const TOUCH_ICONS: [&str; 2] = ["/apple-touch-icon-precomposed.png", "/apple-touch-icon.png"];
/// What sites call their feeds.
const FEEDS: [&str; 4] = ["/feed.xml", "/rss.xml", "/atom.xml", "/index.xml"];
/// The large files that sites of each kind have for visitors, by [`Profile`].
const DOWNLOADS: [(Profile, [&str; 4]); 4] = [
    (
        Profile::Shop,
        [
            "/media/catalogue.pdf",
            "/downloads/lookbook.pdf",
            "/files/price-list.pdf",
            "/media/care-and-warranty.pdf",
        ],
    ),
    (
        Profile::Content,
        [
            "/media/media-kit.pdf",
            "/downloads/special-report.pdf",
            "/files/reader-survey.pdf",
            "/downloads/weekend-edition.pdf",
        ],
    ),
    (
        Profile::Personal,
        ["/files/thesis.pdf", "/talks/slides.pdf", "/downloads/notes.pdf", "/files/dotfiles.zip"],
    ),
    (
        Profile::Api,
        [
            "/downloads/integration-guide.pdf",
            "/files/sdk-java.zip",
            "/downloads/security-whitepaper.pdf",
            "/files/sdk-python.zip",
        ],
    ),
];
/// Old and mistyped paths that other sites and bookmarks lead people to.
const OLD: [&str; 12] = [
    "/index.php",
    "/index.html",
    "/home",
    "/shop/",
    "/products.html",
    "/contact.html",
    "/about-us",
    "/news",
    "/impressum.html",
    "/default.aspx",
    "/blog/feed/",
    "/start",
];
/// Lines that are no HTTP: TLS and SOCKS on a plain port, SSH, and what scanners greet with. A format escapes them.
const NOISE: [&str; 5] = [
    "\u{16}\u{3}\u{1}\u{0}u\u{1}\u{0}\u{0}q\u{3}\u{3}",
    "\u{16}\u{3}\u{1}\u{0}{\u{1}\u{0}\u{0}w\u{3}\u{3}",
    "\u{5}\u{1}\u{0}",
    "SSH-2.0-Go",
    "t3 12.1.2",
];

impl SitePlaces {
    /// Adds the places to `urls`.
    pub(super) fn new(urls: &mut Urls, style: SiteStyle, config: &Config) -> Self {
        let mut choice = |paths: &[&str], exponent| {
            let paths = paths.iter();
            let urls: Vec<UrlId> =
                paths.map(|path| urls.intern_sized(path, 0, BodyKind::Fixed)).collect();
            let weights: Vec<f64> = zipf_weights(urls.len(), exponent).collect();
            Choice::among(&urls, &weights)
        };
        let old = choice(&OLD, 0.6);
        // A scanner that names whom it greets: the site's address.
        let (net, host) = (style.below("network", 3), 1 + style.below("address", 254));
        let net = ["192.0.2", "198.51.100", "203.0.113"][net as usize];
        let greeting = format!("MGLNDD_{net}.{host}_443");
        let [one, two, three, four, last] = NOISE;
        let noise = choice(&[one, two, three, four, &greeting, last], 0.8);
        let mut fixed = |target: &str, size| urls.intern_sized(target, size, BodyKind::Fixed);
        let sized = |target: &str, median, spread| style.size(target, median, spread);
        let downloads = DOWNLOADS.iter().find(|(kind, _)| Some(*kind) == config.profile);
        let downloads = downloads.map_or(&DOWNLOADS[0].1, |(_, downloads)| downloads);
        let download = style.one_of("download", downloads);
        let feed = style.one_of("feed", &FEEDS);
        Self {
            touch_icons: TOUCH_ICONS.map(|path| fixed(path, 0)),
            old,
            noise,
            silence: fixed("-", 0),
            robots: fixed("/robots.txt", sized("/robots.txt", 310.0, 1.1)),
            sitemap: fixed("/sitemap.xml", sized("/sitemap.xml", 44_000.0, 0.6)),
            health: fixed("/health", style.one_of("health", &[2, 15, 16, 21, 27, 41])),
            download: fixed(download, style.drawn("download", &config.assets.download_size)),
            add_to_cart: fixed("/cart/add", 0),
            feed: urls.intern_sized(feed, sized("feed", 20_000.0, 0.5), BodyKind::Dynamic),
            checkout: page(urls, style, "/checkout", 11_000.0),
            thank_you: page(urls, style, "/thank-you", 6_800.0),
            front: page(urls, style, "/", 10_000.0),
            account: page(urls, style, "/profile", 8_500.0),
        }
    }
}

/// A page around `median` bytes that the configuration does not lead to.
fn page(urls: &mut Urls, style: SiteStyle, target: &str, median: f64) -> UrlId {
    urls.intern_sized(target, style.size(target, median, 0.3), BodyKind::Dynamic)
}
