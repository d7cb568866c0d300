//! `actors`: the kinds of visitors that a site with a profile has, which share of the lines each makes, and what each does.
//! Every share is 0 to 1. Without a profile, none of it has a meaning.

use super::bots::Bot;
use super::distribution::Distribution;

/// The longest time of a distribution, seconds: no visit pauses longer.
pub const MOST_SECONDS: f64 = 7_200.0;
/// The most requests or pages of a visit.
pub const MOST_REQUESTS: f64 = 50_000.0;

/// `actors`
#[derive(Clone, Debug, PartialEq)]
pub struct Actors {
    /// Who makes which share of the lines.
    pub shares: LineShares,
    /// People with browsers.
    pub people: People,
    /// People who come to a single file.
    pub hotlinks: Hotlinks,
    /// Crawlers of search engines.
    pub search_crawlers: Crawlers<SEARCH>,
    /// Crawlers that collect texts for models.
    pub ai_crawlers: Crawlers<AI>,
    /// Crawlers of marketing services.
    pub seo_crawlers: Crawlers<SEO>,
    /// Monitors.
    pub monitors: Monitors,
    /// Feed readers.
    pub feed_readers: FeedReaders,
    /// Previews of links.
    pub link_previews: LinkPreviews,
    /// Scanners.
    pub scanners: Scanners,
    /// Single requests from anywhere.
    pub strays: Strays,
    /// People with the site's application.
    pub apps: Apps,
    /// Programs of other companies.
    pub partners: Partners,
    /// Which bots there are: at least one of each kind, those of a kind one after the other.
    pub bots: Vec<Bot>,
}

impl LineShares {
    /// The weights, in the order of the fields.
    pub fn weights(&self) -> [f64; 12] {
        [
            self.people,
            self.hotlinks,
            self.search_crawlers,
            self.ai_crawlers,
            self.seo_crawlers,
            self.monitors,
            self.feed_readers,
            self.link_previews,
            self.scanners,
            self.strays,
            self.apps,
            self.partners,
        ]
    }

    /// Whether visitors come who use the API.
    pub fn have_api(&self) -> bool {
        self.apps + self.partners > 0.0
    }
}

/// `actors.shares`: weights of the kinds in the lines; one is above 0.
#[derive(Clone, Debug, PartialEq)]
pub struct LineShares {
    /// People with browsers.
    pub people: f64,
    /// People who come to a single file.
    pub hotlinks: f64,
    /// Crawlers of search engines.
    pub search_crawlers: f64,
    /// Crawlers that collect texts for models.
    pub ai_crawlers: f64,
    /// Crawlers of marketing services.
    pub seo_crawlers: f64,
    /// Monitors.
    pub monitors: f64,
    /// Feed readers.
    pub feed_readers: f64,
    /// Previews of links.
    pub link_previews: f64,
    /// Scanners.
    pub scanners: f64,
    /// Single requests from anywhere.
    pub strays: f64,
    /// People with the site's application.
    pub apps: f64,
    /// Programs of other companies.
    pub partners: f64,
}

/// `actors.people`: times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct People {
    /// Pages of a visit.
    pub pages: Distribution,
    /// From a page with its assets to the next page.
    pub think_time: Distribution,
    /// From a page to its first asset.
    pub first_asset: Distribution,
    /// From an asset to the next.
    pub next_asset: Distribution,
    /// Visits of people who have been here before.
    pub returning: f64,
    /// How many people come back; 0 for as many as come in two days.
    pub regulars: f64,
    /// Returning visits whose browser has the files that pages share.
    pub cached: f64,
    /// Kept pictures that the browser asks for again.
    pub revalidated: f64,
    /// A page's own files that the browser has from an earlier page.
    pub kept_files: f64,
    /// A page's own files that the browser has when it goes back.
    pub kept_back: f64,
    /// Page views that load no assets.
    pub without_assets: f64,
    /// Visits that come from another site.
    pub external_referrer: f64,
    /// Visits that come by an advertisement.
    pub campaign: f64,
    /// Page views whose referrer is not sent.
    pub no_referrer: f64,
    /// Page views with the referrer of another tab.
    pub other_tab: f64,
    /// Steps that load the page again.
    pub reload: f64,
    /// Steps back to a page that the browser has kept.
    pub back: f64,
    /// Visits without a referrer that begin with the log-in.
    pub log_in: f64,
    /// Log-ins with a wrong password.
    pub wrong_password: f64,
    /// Steps from a product that put it into the cart.
    pub add_to_cart: f64,
    /// Steps of the checkout that people go on from.
    pub check_out: f64,
    /// Failures after which people leave.
    pub leave_after_failure: f64,
    /// People with HTTP/2.
    pub http2: f64,
    /// People with HTTP/3, once the site's answers have said that it speaks it; the others have HTTP/1.1.
    pub http3: f64,
    /// Addresses of networks in which many share one.
    pub mobile: f64,
    /// Addresses of networks in which a few share one.
    pub office: f64,
    /// How many addresses the people of a part of a mobile network share.
    pub mobile_addresses: u32,
    /// How many addresses the people of a part of an office network share.
    pub office_addresses: u32,
    /// From how many parts of a network people come, each a /16 of IPv4 or IPv6.
    pub network_parts: u32,
    /// Visits at whose end a connection without a request runs out.
    pub silent: f64,
}

/// `actors.hotlinks`
#[derive(Clone, Debug, PartialEq)]
pub struct Hotlinks {
    /// Visits that fetch the large file in parts.
    pub downloads: f64,
    /// Images that the browser has.
    pub not_modified: f64,
    /// Visits with the referrer of another site.
    pub external_referrer: f64,
}

/// The kinds of [`Crawlers`].
pub const SEARCH: usize = 0;
/// Those that collect texts for models.
pub const AI: usize = 1;
/// Those of marketing services.
pub const SEO: usize = 2;

/// `actors.search_crawlers`, `actors.ai_crawlers` and `actors.seo_crawlers`, which have the same keys with defaults of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Crawlers<const KIND: usize> {
    /// Requests of a visit.
    pub pages: Distribution,
    /// Seconds from a request to the next.
    pub pace: Distribution,
    /// Visits that ask for robots.txt first.
    pub robots_txt: f64,
    /// Requests for what the crawler has and what is still current.
    pub not_modified: f64,
    /// Requests for images.
    pub images: f64,
    /// Requests for the path of a page with a slash too many.
    pub slashes: f64,
}

/// `actors.monitors`
#[derive(Clone, Debug, PartialEq)]
pub struct Monitors {
    /// Looks before a monitor pauses.
    pub looks: Distribution,
    /// Seconds between two looks; each monitor has its own.
    pub interval: Distribution,
    /// Monitors that send HEAD.
    pub head: f64,
}

/// `actors.feed_readers`
#[derive(Clone, Debug, PartialEq)]
pub struct FeedReaders {
    /// Requests of readers that have the latest.
    pub not_modified: f64,
}

/// `actors.link_previews`
#[derive(Clone, Debug, PartialEq)]
pub struct LinkPreviews {
    /// Previews that ask for the beginning of the page alone.
    pub partial: f64,
    /// Previews that fetch an image of the page.
    pub image: f64,
}

/// `actors.scanners`
#[derive(Clone, Debug, PartialEq)]
pub struct Scanners {
    /// Requests of a visit.
    pub requests: Distribution,
    /// Seconds from a request to the next.
    pub pace: Distribution,
}

/// `actors.strays`: weights, one above 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Strays {
    /// What is no HTTP.
    pub malformed: f64,
    /// Connections without a request.
    pub silent: f64,
    /// Icons that browsers ask for and the site does not have.
    pub icons: f64,
    /// Old and mistyped links.
    pub old_links: f64,
}

/// `actors.apps`: times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Apps {
    /// Screens of a visit.
    pub screens: Distribution,
    /// From a screen to the next.
    pub think_time: Distribution,
    /// From a call of a screen to the next call.
    pub next_call: Distribution,
    /// Visits of people who have been here before.
    pub returning: f64,
    /// How many people come back; 0 for as many as come in two days.
    pub regulars: f64,
    /// Visits that begin with a token that has expired.
    pub expired_token: f64,
    /// Steps that change something.
    pub changes: f64,
    /// Changes that the API rejects.
    pub rejected: f64,
    /// Calls for what the application has and what is still current.
    pub not_modified: f64,
    /// Lists whose next part is asked for.
    pub scroll: f64,
    /// Failures after which the application tries again.
    pub retry: f64,
}

/// `actors.partners`: times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Partners {
    /// Calls of a run.
    pub calls: Distribution,
    /// From a call to the next.
    pub pace: Distribution,
    /// Calls that send an order.
    pub orders: f64,
    /// Calls for what the program has and what is still current.
    pub not_modified: f64,
    /// Calls that come too soon after others.
    pub limited: f64,
}
