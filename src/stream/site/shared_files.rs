//! The files that all pages of a site share: stylesheets, scripts, fonts, the logo and icons, with the names that the site's
//! tools give them.

use super::asset::{Asset, AssetKind, NAMES};
use super::style::SiteStyle;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::AssetSettings;
use crate::config::keys::assets::MOST_SHARED;
use crate::stream::random::mix;

/// How the tools of a site name a file of a version: where it is, and where the version's mark is.
#[derive(Clone, Copy, Debug)]
enum FileNames {
    /// `/assets/app-1d952a44.css`
    Dash,
    /// `/static/css/main.1d952a44.css`
    Dot,
    /// `/_next/static/css/1d952a44c0ffee12.css`
    Mark,
    /// `/build/index-B3xK9fQ2.css`
    Letters,
    /// `/css/style.css?v=1761234567`
    Query,
}

const ALL: [FileNames; 5] =
    [FileNames::Dash, FileNames::Dot, FileNames::Mark, FileNames::Letters, FileNames::Query];

/// What stylesheets and scripts are called, the first one of a site by one of the first names, and fonts.
const FIRST: [&str; 6] = ["app", "main", "index", "site", "bundle", "theme"];
const FURTHER: [&str; 6] = ["vendor", "runtime", "common", "polyfills", "widgets", "base"];
/// How large further stylesheets and scripts are, compared with a first one.
const FURTHER_SIZE: f64 = 2.0 / 9.0;
const FONTS: [&str; 8] = [
    "inter-var",
    "source-sans-3",
    "lato-v24-latin-regular",
    "roboto-flex",
    "work-sans",
    "merriweather-400",
    "ibm-plex-sans",
    "nunito",
];
/// Sheets of icons and patterns that stylesheets show, with the median of their size in bytes, and whether they are text.
const SHEETS: [(&str, &str, f64, BodyKind); 4] = [
    ("icons", "svg", 7_400.0, BodyKind::Text),
    ("sprite", "png", 11_000.0, BodyKind::Fixed),
    ("pattern", "png", 1_900.0, BodyKind::Fixed),
    ("social", "svg", 3_100.0, BodyKind::Text),
];
/// Single icons, which are a few hundred bytes.
const SINGLE: [&str; 5] = ["arrow-down", "chevron-right", "close", "search", "external-link"];
/// What the logo is called.
const LOGOS: [&str; 4] = ["logo", "logo", "brand", "logo-header"];
/// The sizes of icons as the usual programs write them: one to five pictures, 16 to 64 dots wide.
const ICONS: [u32; 7] = [1_150, 4_286, 5_430, 7_406, 9_662, 15_086, 32_038];
/// Digits of marks in letters.
const DIGITS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";

impl FileNames {
    /// The target of a file in a version of the site, with the version's mark.
    fn target(self, name: &str, ending: &str, version: u64, mark: u64) -> String {
        let short = mark >> 32;
        match self {
            Self::Dash => format!("/assets/{name}-{short:08x}.{ending}"),
            Self::Dot => format!("/static/{ending}/{name}.{short:08x}.{ending}"),
            Self::Mark if ending == "js" => format!("/_next/static/chunks/{name}-{mark:016x}.js"),
            Self::Mark => format!("/_next/static/{ending}/{mark:016x}.{ending}"),
            Self::Letters => {
                format!("/build/{name}-{}.{ending}", letters(mark))
            }
            Self::Query => {
                // The time of the deploy: one in two weeks.
                let stamp = 1_700_000_000 + version * 1_209_600 + mark % 1_000_000;
                format!("/{ending}/{name}.{ending}?v={stamp}")
            }
        }
    }

    /// The target of a font, a logo or an icon: it keeps its name with each version.
    fn still(self, name: &str, ending: &str, mark: u64) -> String {
        let is_font = ending == "woff2";
        match self {
            Self::Dash => format!("/assets/{name}-{:08x}.{ending}", mark >> 32),
            Self::Dot => {
                let (first, rest) = (mix(mark), mark as u32 >> 16);
                format!("/static/media/{name}.{first:016x}{rest:04x}.{ending}")
            }
            Self::Mark if is_font => format!("/_next/static/media/{mark:016x}-s.p.woff2"),
            Self::Mark => format!("/_next/static/media/{name}.{:08x}.{ending}", mark >> 32),
            Self::Letters => format!("/build/{name}-{}.{ending}", letters(mark)),
            Self::Query if is_font => format!("/fonts/{name}.woff2"),
            Self::Query => format!("/img/{name}.{ending}"),
        }
    }

    /// Whether pages name their fonts themselves, so that browsers load them ahead of the stylesheet.
    fn preloads_fonts(self) -> bool {
        matches!(self, Self::Mark)
    }
}

/// A mark in eight letters.
fn letters(mark: u64) -> String {
    let letter = |place: u64| char::from(DIGITS[(mark >> (6 * place) & 63) as usize]);
    (0..8).map(letter).collect()
}

/// Adds the files that all pages share to `urls`. The first one is a stylesheet.
pub fn shared_files(urls: &mut Urls, style: SiteStyle, settings: &AssetSettings) -> Vec<Asset> {
    let names = style.one_of("file names", &ALL);
    let mut files = Vec::new();
    for (ending, least, count, size) in [
        ("css", 1, &settings.stylesheets, &settings.stylesheet_size),
        ("js", 0, &settings.scripts, &settings.script_size),
    ] {
        for number in 0..style.whole(&format!("how many {ending}"), count, MOST_SHARED).max(least) {
            let among = if number == 0 { &FIRST } else { &FURTHER };
            let first = style.below(ending, FIRST.len() as u64) + number;
            let name = among[first as usize % among.len()];
            let purpose = format!("{ending} {number}");
            let size = match style.drawn(&purpose, size) {
                first if number == 0 => first,
                further => (f64::from(further) * FURTHER_SIZE) as u32,
            };
            files.push(versioned(urls, names, (name, ending), size, style.bits(&purpose)));
        }
    }
    let stylesheet = Some(files[0].url);
    still_files(urls, (names, style), settings, stylesheet, &mut files);
    let icon = style.one_of("icon", &ICONS);
    let icon = urls.intern_sized("/favicon.ico", icon, BodyKind::Fixed);
    files.push(Asset::plain(icon, AssetKind::Icon));
    files
}

/// Appends the files that keep their names: fonts, the logo of each page, and what the stylesheet shows.
fn still_files(
    urls: &mut Urls,
    (names, style): (FileNames, SiteStyle),
    settings: &AssetSettings,
    stylesheet: Option<UrlId>,
    files: &mut Vec<Asset>,
) {
    let mut add = |(name, ending): (&str, &str), size, body, from| {
        let target = names.still(name, ending, style.bits(&format!("{name}.{ending}")));
        let url = urls.intern_sized(&target, size, body);
        files.push(Asset { from, ..Asset::plain(url, AssetKind::Shared) });
    };
    let logo = style.one_of("logo", &LOGOS);
    add((logo, "svg"), style.size("size of logo", 2_900.0, 0.6), BodyKind::Text, None);
    let first = style.below("fonts", FONTS.len() as u64);
    for number in 0..style.whole("how many fonts", &settings.fonts, MOST_SHARED) {
        let name = FONTS[(first + number) as usize % FONTS.len()];
        let from = if names.preloads_fonts() { None } else { stylesheet };
        let size = style.drawn(&format!("font {number}"), &settings.font_size);
        add((name, "woff2"), size, BodyKind::Fixed, from);
    }
    let size = style.size("size of single icon", 260.0, 0.25);
    add((style.one_of("single icon", &SINGLE), "svg"), size, BodyKind::Text, stylesheet);
    if style.below("has a sheet", 3) > 0 {
        let (name, ending, median, body) = style.one_of("sheet", &SHEETS);
        add((name, ending), style.size("size of sheet", median, 0.45), body, stylesheet);
    }
}

/// A file with its content's mark in its name, which changes with each version.
fn versioned(
    urls: &mut Urls,
    names: FileNames,
    (name, ending): (&str, &str),
    size: u32,
    bits: u64,
) -> Asset {
    let mut first = None;
    for version in 0..NAMES {
        let mark = mix(bits ^ version);
        let grown = size + (mark >> 32) as u32 % (size / 16).max(1);
        let target = names.target(name, ending, version, mark);
        let url = urls.intern_sized(&target, grown, BodyKind::Text);
        // The names follow each other, so that a version is found by its number.
        debug_assert_eq!(url, first.unwrap_or(url) + version as UrlId);
        first.get_or_insert(url);
    }
    let url = first.expect("a file has names");
    Asset { has_versions: true, ..Asset::plain(url, AssetKind::Shared) }
}
