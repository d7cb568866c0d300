//! Crawlers: they ask for robots.txt first, take pages in no order that a person would, few assets, at a steady pace, and ask
//! whether what they have is still current.

use super::actor::{Actor, Ground};
use super::bots::bot_of;
use super::visit::Visit;
use crate::config::actors::Crawlers;
use crate::config::bots::Bot;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Random};
use crate::stream::site::{Asset, AssetKind, Outcome};
use crate::stream::{Referrer, Time, seconds};

/// A crawler.
#[derive(Debug)]
pub struct Crawler {
    pages: Quantiles,
    /// Seconds between two requests.
    pace: Quantiles,
    asks_robots: Chance,
    is_current: Chance,
    takes_image: Chance,
    adds_slash: Chance,
    reads_map: Chance,
    remembers: Chance,
    renders: Chance,
    /// What each bot does, by its index.
    bots: Box<[CrawlerBot]>,
}

/// What a bot does that others of its kind need not do.
#[derive(Clone, Copy, Debug)]
struct CrawlerBot {
    /// It loads what pages name.
    renders: bool,
    /// It asks for nothing but images.
    takes_images_alone: bool,
}

/// Requests for the map of the site, which names the pages.
const MAPS: f64 = 0.006;
/// Of the requests for pages, those for pages that are gone: crawlers look for years whether they are there again.
const REMEMBERED: f64 = 0.025;
/// Of the requests of a crawler that renders pages, those for what a page loads.
const RENDERED: f64 = 0.6;

/// How the agents of bots begin that search for images.
const IMAGES_ALONE: &str = "Googlebot-Image";

/// The step of a crawler that an answer has led on to another path.
const IS_LED_ON: u8 = 1;

impl Crawler {
    /// A crawler of one kind.
    pub fn new<const KIND: usize>(crawlers: &Crawlers<KIND>, bots: &[Bot]) -> Self {
        let of_bot = |bot: &Bot| CrawlerBot {
            renders: bot.renders,
            takes_images_alone: bot.user_agent.starts_with(IMAGES_ALONE),
        };
        Self {
            pages: Quantiles::of_counts(&crawlers.pages),
            pace: Quantiles::of_times(&crawlers.pace),
            asks_robots: Chance::new(crawlers.robots_txt),
            is_current: Chance::new(crawlers.not_modified),
            takes_image: Chance::new(crawlers.images),
            adds_slash: Chance::new(crawlers.slashes),
            reads_map: Chance::new(MAPS),
            remembers: Chance::new(REMEMBERED),
            renders: Chance::new(RENDERED),
            bots: bots.iter().map(of_bot).collect(),
        }
    }

    /// Asks for something that a page loads: a crawler renders a page long after it has fetched it, and from another host.
    fn render(ground: Ground<'_>, visit: &mut Visit, random: &mut Random) -> bool {
        let page = ground.grounds.pages.draw(random);
        let assets = ground.grounds.assets(page);
        let place = random.below(assets.len().max(1) as u64) as usize;
        let is_rendered = |asset: &&Asset| {
            matches!(asset.kind, AssetKind::Shared | AssetKind::Own | AssetKind::Call)
        };
        let Some(asset) = assets.get(place).filter(is_rendered) else { return false };
        let version = ground.failures.version();
        visit.next.url = asset.url_in(version);
        let from = asset.from.map(|from| Asset::url_of(from, version));
        visit.next.referrer = Referrer::page(from.unwrap_or(page));
        true
    }

    fn next(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        let Ground { site, grounds, .. } = ground;
        let bot = bot_of(visit.next.visitor).expect("a crawler is a bot");
        let bot = self.bots[bot];
        if !bot.takes_images_alone
            && random.happens(self.adds_slash)
            && let Some((url, page)) = grounds.slash(random)
        {
            (visit.next.url, visit.next.outcome) = (url, Outcome::RedirectPermanent);
            (visit.page, visit.step) = (page, IS_LED_ON);
            return;
        }
        if bot.renders && random.happens(self.renders) && Self::render(ground, visit, random) {
            return;
        }
        if bot.takes_images_alone || random.happens(self.takes_image) {
            visit.next.url = grounds.images.draw(random);
        } else if random.happens(self.reads_map) {
            visit.next.url = grounds.places.sitemap;
        } else if random.happens(self.remembers)
            && let Some(gone) = grounds.broken.gone(random)
        {
            (visit.next.url, visit.next.outcome) = (gone, Outcome::NotFound);
        } else {
            visit.next.url = grounds.pages.draw(random);
            visit.next.outcome = site.outcome_of(visit.next.url, random);
        }
        if visit.next.outcome == Outcome::Success && random.happens(self.is_current) {
            visit.next.outcome = Outcome::NotModified;
        }
    }
}

impl Actor for Crawler {
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random) {
        ground.bot_hosts.enter(ground.salt, visit, random);
        visit.left = self.pages.draw_count(random);
        if random.happens(self.asks_robots) {
            visit.first(ground.grounds.places.robots);
        } else {
            visit.first(0);
            visit.left -= 1;
            self.next(ground, visit, random);
        }
    }

    fn mean_lines(&self) -> Option<f64> {
        Some(self.pages.mean_count() + self.asks_robots.share())
    }

    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool {
        if visit.left == 0 {
            return false;
        }
        visit.left -= 1;
        let wait = self.pace.draw(random);
        visit.get(visit.page, now, seconds(wait));
        if std::mem::take(&mut visit.step) == IS_LED_ON {
            visit.next.outcome = ground.site.outcome_of(visit.page, random);
        } else {
            self.next(ground, visit, random);
        }
        true
    }
}
