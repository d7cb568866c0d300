//! The files of a page that a browser fetches: which of them it has, about which it asks, and in which order they come.

use super::actor::Ground;
use super::sources::line_of;
use super::visit::Visit;
use crate::config::actors::People;
use crate::stream::address::Visitor;
use crate::stream::method::Method;
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Random};
use crate::stream::site::{Asset, AssetKind, Outcome};
use crate::stream::{Referrer, Time, seconds};

/// How many assets are on their way at the same time.
const ON_THEIR_WAY: u64 = 3;
/// Of the files that a browser does not have, those that come before the visitor leaves the page.
const ARRIVES: f64 = 0.985;
/// Browsers that ask for the site's icon; others have it in their bookmarks or do not show it.
const WANTS_ICON: f64 = 0.8;
/// What part a round trip has in the time that a file takes.
const ROUND_TRIP: f64 = 0.15;

/// Of browsers that load a page again, those that ask whether its files are current; the others take them as they are.
const RELOADS_FILES: f64 = 0.35;

/// Of the pictures in the cache of a browser that asks about them, those that it asks about: others are fresh.
const ASKED_ABOUT: f64 = 0.85;
/// Of the files of a page that the browser has seen in an earlier visit, those that it still has.
const STILL_KEPT: f64 = 0.9;

/// A share that comes about in two steps: few of many have it, and these have it nearly always.
#[derive(Clone, Copy, Debug)]
struct Split {
    outer: Chance,
    inner: Chance,
}

impl Split {
    /// A share in all; `inner` is what it is among those who have it.
    fn new(share: f64, inner: f64) -> Self {
        let inner = inner.max(share);
        let outer = if share > 0.0 { share / inner } else { 0.0 };
        Self { outer: Chance::new(outer), inner: Chance::new(inner) }
    }
}

/// How a page comes to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageShown {
    /// The visitor comes to it.
    New,
    /// It is loaded again.
    Again,
    /// The visitor goes back to it, and the browser has kept it.
    Kept,
}

/// How browsers fetch the files of a page.
#[derive(Debug)]
pub struct PageFiles {
    /// Seconds from a page to its first asset, and from an asset to the next.
    first: Quantiles,
    next: Quantiles,
    /// Of visits with files of an earlier one, those whose browser asks about pictures, and of these the pictures.
    asks: Split,
    reloads_files: Chance,
    /// Of pages, those that the browser has seen, and of their files those that it still has.
    keeps_own: Split,
    keeps_kept: Split,
    blocks: Chance,
    arrives: Chance,
    wants_icon: Chance,
}

impl PageFiles {
    /// The browsers of people.
    pub fn new(people: &People) -> Self {
        Self {
            first: Quantiles::of_times(&people.first_asset),
            next: Quantiles::of_times(&people.next_asset),
            asks: Split::new(people.revalidated, ASKED_ABOUT),
            reloads_files: Chance::new(RELOADS_FILES),
            keeps_own: Split::new(people.kept_files, STILL_KEPT),
            keeps_kept: Split::new(people.kept_back, STILL_KEPT),
            blocks: Chance::new(people.without_assets),
            arrives: Chance::new(ARRIVES),
            wants_icon: Chance::new(WANTS_ICON),
        }
    }

    /// Decides for a whole visit what its browser loads with pages, and whether it asks about what it has. A browser whose site has
    /// another version by now takes the rest as it is.
    pub fn settle(&self, visit: &mut Visit, random: &mut Random) {
        visit.loads_nothing = random.happens(self.blocks);
        visit.asks = visit.has_shared && random.happens(self.asks.outer);
    }

    /// Seconds from a page to the first of its assets.
    #[inline]
    pub fn before_first(&self, visitor: Visitor, random: &mut Random) -> f64 {
        self.first.draw_at(pace_of(visitor), random)
    }

    /// Seconds to where a redirection leads: a round trip, without a file.
    pub fn before_redirected(&self, visitor: Visitor, random: &mut Random) -> f64 {
        0.03 + ROUND_TRIP * self.before_next(visitor, random)
    }

    /// Seconds to the next asset.
    #[inline]
    pub fn before_next(&self, visitor: Visitor, random: &mut Random) -> f64 {
        self.next.draw_at(pace_of(visitor), random)
    }

    /// Chooses which assets of a page are to be fetched, and about which of those that it has the browser asks.
    pub fn choose(
        &self,
        ground: Ground<'_>,
        visit: &mut Visit,
        shown: PageShown,
        random: &mut Random,
    ) {
        let assets = ground.grounds.assets(visit.page);
        // Files whose names change with their content are never asked about, but by who loads the page again.
        let asks = shown == PageShown::Again && random.happens(self.reloads_files);
        let kept = shown == PageShown::Kept;
        let keeps = if kept { self.keeps_kept } else { self.keeps_own };
        (visit.assets, visit.current) = (0, 0);
        if visit.loads_nothing {
            return;
        }
        let has_seen = (kept || visit.has_earlier) && random.happens(keeps.outer);
        for (number, asset) in assets.iter().enumerate() {
            let (wants, is_current) = match asset.kind {
                AssetKind::Shared if visit.has_shared => (asks, asks),
                // A new version of the site has other stylesheets and scripts, and the same fonts.
                AssetKind::Shared if visit.has_earlier && !asset.has_versions => (asks, asks),
                AssetKind::Shared => (random.happens(self.arrives), false),
                AssetKind::Icon => {
                    let has_it = visit.has_shared || visit.has_earlier;
                    let wants = !has_it && random.happens(self.wants_icon);
                    (wants && ground.origins.shows_icon(visit.next.visitor), false)
                }
                AssetKind::Own if visit.has_fetched(asset.url) => (false, false),
                AssetKind::Own if has_seen && random.happens(keeps.inner) => {
                    let asks = visit.asks && random.happens(self.asks.inner);
                    (asks, asks)
                }
                AssetKind::Own => {
                    visit.fetches(asset.url);
                    (true, false)
                }
                AssetKind::Call | AssetKind::Report | AssetKind::Missing => (true, false),
            };
            visit.assets |= u32::from(wants) << number;
            visit.current |= u32::from(is_current) << number;
        }
        visit.has_shared = true;
    }
}

/// How fast a visitor's line and device are, a number of 64 bits: the higher, the slower. For every other visitor, those in mobile
/// networks are the slowest; for the others it depends on the device.
#[inline]
fn pace_of(visitor: Visitor) -> u64 {
    let line = line_of(visitor);
    if line & 1 == 0 { !line } else { line << 20 }
}

/// The next asset of the page, if one is to come.
pub fn fetch(
    ground: Ground<'_>,
    visit: &mut Visit,
    now: Time,
    wait: f64,
    random: &mut Random,
) -> bool {
    if visit.assets == 0 {
        return false;
    }
    let assets = ground.grounds.assets(visit.page);
    let next = next_of(visit.assets, assets, random);
    visit.assets &= !(1 << next);
    let asset = assets[next as usize];
    let version = ground.failures.version();
    visit.get_part(asset.url_in(version), now, seconds(wait));
    // What a stylesheet loads names the stylesheet of the same version.
    let from = asset.from.map(|from| Asset::url_of(from, version));
    visit.next.referrer = Referrer::page(from.unwrap_or(visit.page));
    if asset.kind == AssetKind::Report {
        (visit.next.method, visit.next.outcome) = (Method::Post, Outcome::NoContent);
    } else if asset.kind == AssetKind::Missing {
        visit.next.outcome = Outcome::NotFound;
    } else if visit.current >> next & 1 == 1 {
        visit.next.outcome = Outcome::NotModified;
    }
    true
}

/// The place of the asset that comes next. Some of one stage are on their way at the same time; those of the next stage come when
/// all of it have been asked for.
#[inline]
fn next_of(left: u32, assets: &[Asset], random: &mut Random) -> u32 {
    let first = left.trailing_zeros();
    let (mut next, mut later) = (first, left);
    for _ in 0..random.below(ON_THEIR_WAY) {
        later &= later - 1;
        let place = later.trailing_zeros();
        if later == 0 || assets[place as usize].stage != assets[first as usize].stage {
            break;
        }
        next = place;
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paces_are_spread_evenly_and_those_in_mobile_networks_are_slower() {
        let mut random = Random::new(2);
        let (mut quarters, mut mobile, mut slow) = ([0; 4], 0, 0);
        for _ in 0..100_000 {
            let visitor = random.bits() >> 2;
            let quarter = (pace_of(visitor) >> 62) as usize;
            quarters[quarter] += 1;
            // The share of mobile networks in the profiles.
            if ((line_of(visitor) >> 48) as f64) < 0.25 * 65_536.0 {
                mobile += 1;
                slow += usize::from(quarter == 3);
            }
        }
        assert!(quarters.iter().all(|count| (24_000..26_000).contains(count)), "{quarters:?}");
        assert!((0.6..0.65).contains(&(slow as f64 / f64::from(mobile))), "{slow} of {mobile}");
    }
}
