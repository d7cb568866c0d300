//! The keys of `assets`: what pages load.

use super::actors::share;
use super::machines::LATER;
use super::{ConfigKey, Inside, KeyKind, NumberLimits, Section, UsualSpread, print, rows, section};
use crate::config::assets::AssetSettings;
use crate::config::{Config, Distribution};

/// The most files of a kind that a page has alone.
pub const MOST_FILES: u64 = 24;
/// The most that all pages share.
pub const MOST_SHARED: u64 = 6;
/// How many files there are of a kind: a page has 32 at the most.
const FILES: NumberLimits = NumberLimits::between(0.0, MOST_FILES as f64);
/// The first file of each page is a stylesheet.
const STYLESHEETS: NumberLimits = NumberLimits::between(1.0, MOST_SHARED as f64);
/// How many files all pages share of a kind.
const SHARED: NumberLimits = NumberLimits::between(0.0, MOST_SHARED as f64);
/// How large a file is.
pub const FILE_SIZE: NumberLimits = NumberLimits::between(1.0, 500_000_000.0).of("bytes");

/// The section, which is printed where there is a profile.
pub(super) const ASSETS: ConfigKey<Config> = section(
    "assets",
    "what the pages of a site with a profile load; without a profile it does nothing",
    Inside::map(rows::<AssetSettings>),
    |config| config.profile.map(|_| print(&config.assets)),
);

const fn files(
    name: &'static str,
    about: &'static str,
    limits: NumberLimits,
    usual: fn() -> Distribution,
    at: fn(&mut AssetSettings) -> &mut Distribution,
) -> ConfigKey<AssetSettings> {
    let kind = KeyKind::Distribution { limits, default: UsualSpread::Law(usual), at };
    ConfigKey { name, also: &[], about, example: "", kind }
}

const fn size(
    name: &'static str,
    about: &'static str,
    usual: fn() -> Distribution,
    at: fn(&mut AssetSettings) -> &mut Distribution,
) -> ConfigKey<AssetSettings> {
    files(name, about, FILE_SIZE, usual, at)
}

impl Section for AssetSettings {
    const KEYS: &'static [ConfigKey<Self>] = &[
        files(
            "stylesheets",
            "stylesheets that all pages of the site share",
            STYLESHEETS,
            || Distribution::Range(1.0, 2.0),
            |assets| &mut assets.stylesheets,
        ),
        files(
            "scripts",
            "scripts that they share",
            SHARED,
            || Distribution::Range(1.0, 2.0),
            |assets| &mut assets.scripts,
        ),
        files(
            "fonts",
            "fonts that they share",
            SHARED,
            || Distribution::percentiles(&[(75.0, 1.0), (75.1, 2.0)]),
            |assets| &mut assets.fonts,
        ),
        files(
            "front_small",
            "small pictures of products or articles on the front page",
            FILES,
            || Distribution::Range(4.0, 8.0),
            |assets| &mut assets.front_small,
        ),
        files(
            "front_large",
            "large pictures on the front page",
            FILES,
            || Distribution::Range(1.0, 3.0),
            |assets| &mut assets.front_large,
        ),
        files(
            "list_small",
            "small pictures of products on each list of them, which the site has alike",
            FILES,
            || Distribution::Range(7.0, 11.0),
            |assets| &mut assets.list_small,
        ),
        files(
            "product_small",
            "small pictures of others beside a product",
            FILES,
            || Distribution::Constant(4.0),
            |assets| &mut assets.product_small,
        ),
        files(
            "product_large",
            "large pictures of a product",
            FILES,
            || Distribution::Range(1.0, 4.0),
            |assets| &mut assets.product_large,
        ),
        files(
            "article_small",
            "small pictures of others beside an article",
            FILES,
            || Distribution::Constant(3.0),
            |assets| &mut assets.article_small,
        ),
        files(
            "article_large",
            "large pictures of an article",
            FILES,
            || {
                let points = [(33.0, 0.0), (33.1, 1.0), (50.0, 2.0), (67.0, 3.0), (83.0, 4.0)];
                Distribution::percentiles(&points)
            },
            |assets| &mut assets.article_large,
        ),
        files(
            "other_large",
            "large pictures of any other page",
            FILES,
            || Distribution::percentiles(&[(33.0, 0.0), (33.1, 1.0)]),
            |assets| &mut assets.other_large,
        ),
        share("films", "articles with a film", 0.03, |assets| &mut assets.films),
        share(
            "calls",
            "pages of products, and the cart, whose script calls the API",
            1.0,
            |assets| &mut assets.calls,
        ),
        share("reports", "pages whose script sends a report (POST)", 0.25, |assets| {
            &mut assets.reports
        }),
        size(
            "stylesheet_size",
            "bytes of the first stylesheet, compressed; further ones are smaller",
            || Distribution::LogNormal { median: 27_000.0, sigma: 0.35 },
            |assets| &mut assets.stylesheet_size,
        ),
        size(
            "script_size",
            "bytes of the first script, compressed; further ones are smaller",
            || Distribution::LogNormal { median: 165_000.0, sigma: 0.35 },
            |assets| &mut assets.script_size,
        ),
        size(
            "font_size",
            "bytes of a font",
            || Distribution::LogNormal { median: 48_000.0, sigma: 0.5 },
            |assets| &mut assets.font_size,
        ),
        size(
            "picture_size",
            "bytes of a large picture; small ones are smaller, and the wide ones of the front page larger",
            || Distribution::LogNormal { median: 46_000.0, sigma: 0.26 },
            |assets| &mut assets.picture_size,
        ),
        size(
            "film_size",
            "bytes of a film",
            || Distribution::LogNormal { median: 900_000.0, sigma: 0.9 },
            |assets| &mut assets.film_size,
        ),
        size(
            "download_size",
            "bytes of the large file that visitors fetch in parts",
            || Distribution::LogNormal { median: 1_900_000.0, sigma: 0.3 },
            |assets| &mut assets.download_size,
        ),
    ];

    fn blank() -> Self {
        let [films, calls, reports] = [0.0; 3];
        Self {
            stylesheets: LATER,
            scripts: LATER,
            fonts: LATER,
            front_small: LATER,
            front_large: LATER,
            list_small: LATER,
            product_small: LATER,
            product_large: LATER,
            article_small: LATER,
            article_large: LATER,
            other_large: LATER,
            films,
            calls,
            reports,
            stylesheet_size: LATER,
            script_size: LATER,
            font_size: LATER,
            picture_size: LATER,
            film_size: LATER,
            download_size: LATER,
        }
    }
}
