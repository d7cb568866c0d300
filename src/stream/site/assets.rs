//! The assets of pages: what a browser loads with a page, and what the page's scripts call.

use super::asset::{Asset, AssetKind, LoadStage, NAMES};
use super::broken::MissingFiles;
use super::page_assets::PageAssets;
use super::shared_files::shared_files;
use super::style::SiteStyle;
use super::urls::{UrlId, Urls};
use crate::config::Config;

/// The most assets that a page has: a session keeps a bit for each that is to come.
pub const MOST_ASSETS: usize = 32;

/// The assets of all pages.
#[derive(Debug)]
pub struct Assets {
    all: Vec<Asset>,
    /// The assets of each URL: a part of `all`. What is no page has none.
    of: Vec<(u32, u8)>,
    /// The first URL of each file with versions.
    versioned: Vec<UrlId>,
}

impl Assets {
    /// Adds the assets of `pages` to `urls`.
    pub(super) fn new(
        urls: &mut Urls,
        pages: &[(UrlId, f64)],
        config: &Config,
        style: SiteStyle,
    ) -> Self {
        let shared = shared_files(urls, style, &config.assets);
        let mut of_page = PageAssets::new(config, style);
        let missing = MissingFiles::new(urls, pages, style);
        let versioned = shared.iter().filter(|asset| asset.has_versions);
        let versioned = versioned.map(|asset| asset.url).collect();
        let mut assets = Self { all: Vec::new(), of: vec![(0, 0); urls.len()], versioned };
        for &(page, _) in pages {
            let start = assets.all.len();
            assets.all.extend_from_slice(&shared);
            missing.append(page, urls, &mut assets.all);
            let target = urls.get(page).target.clone();
            of_page.append(&target, urls, &mut assets.all);
            assets.all.truncate(start + MOST_ASSETS);
            in_order(&mut assets.all[start..], urls);
            assets.of[page as usize] = (start as u32, (assets.all.len() - start) as u8);
        }
        assets
    }

    /// The URL that stands for `url` in a version of the site.
    pub fn in_version(&self, url: UrlId, version: u64) -> UrlId {
        let is_of = |first: &&UrlId| (**first..**first + NAMES as UrlId).contains(&url);
        self.versioned.iter().find(is_of).map_or(url, |first| Asset::url_of(*first, version))
    }

    /// Gives a page the assets of another one.
    pub(super) fn share(&mut self, of: UrlId, with: UrlId) {
        self.of.resize(self.of.len().max(with as usize + 1), (0, 0));
        self.of[with as usize] = self.of[of as usize];
    }

    /// Gives a URL assets of its own.
    pub(super) fn give(&mut self, to: UrlId, assets: &[Asset]) {
        self.of.resize(self.of.len().max(to as usize + 1), (0, 0));
        self.of[to as usize] = (self.all.len() as u32, assets.len() as u8);
        self.all.extend_from_slice(assets);
    }

    /// The files of a kind that pages name, each once.
    pub(super) fn of_kind(&self, kind: AssetKind) -> Vec<UrlId> {
        let own = self.all.iter().filter(|asset| asset.kind == kind);
        let mut files: Vec<UrlId> = own.map(|asset| asset.url).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// The assets of a page.
    #[inline]
    pub fn of(&self, page: UrlId) -> &[Asset] {
        let (start, len) = self.of.get(page as usize).copied().unwrap_or_default();
        &self.all[start as usize..][..usize::from(len)]
    }
}

/// Puts the assets of a page into the order in which a browser asks for them.
fn in_order(assets: &mut [Asset], urls: &Urls) {
    for asset in assets.iter_mut() {
        asset.stage = LoadStage::of(asset.kind, &urls.get(asset.url).target);
    }
    assets.sort_by_key(|asset| asset.stage);
}
