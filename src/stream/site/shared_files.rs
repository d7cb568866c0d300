//! The files that all pages of a site share: stylesheets, scripts, fonts and the icon, with the names that the site's tools give
//! them.

use super::asset::{Asset, AssetKind, NAMES};
use super::style::SiteStyle;
use super::urls::{BodyKind, UrlId, Urls};
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
                let letter = |place: u64| char::from(DIGITS[(mark >> (6 * place) & 63) as usize]);
                let letters: String = (0..8).map(letter).collect();
                format!("/build/{name}-{letters}.{ending}")
            }
            Self::Query => {
                // The time of the deploy: one in two weeks.
                let stamp = 1_700_000_000 + version * 1_209_600 + mark % 1_000_000;
                format!("/{ending}/{name}.{ending}?v={stamp}")
            }
        }
    }

    /// The target of a font.
    fn font(self, name: &str, mark: u64) -> String {
        match self {
            Self::Dash => format!("/assets/fonts/{name}.woff2"),
            Self::Dot => format!("/static/media/{name}.{:08x}.woff2", mark >> 32),
            Self::Mark => format!("/_next/static/media/{mark:016x}-s.p.woff2"),
            Self::Letters => format!("/build/{name}-{:06x}.woff2", mark >> 40),
            Self::Query => format!("/fonts/{name}.woff2"),
        }
    }
}

/// Adds the files that all pages share to `urls`. The first one is a stylesheet.
pub fn shared_files(urls: &mut Urls, style: SiteStyle) -> Vec<Asset> {
    let names = style.one_of("file names", &ALL);
    let mut files = Vec::new();
    for (ending, most, medians) in
        [("css", 2, [27_000.0, 6_000.0]), ("js", 2, [165_000.0, 38_000.0])]
    {
        for (number, median) in (0..=style.below(&format!("how many {ending}"), most)).zip(medians)
        {
            let among = if number == 0 { &FIRST } else { &FURTHER };
            let first = style.below(ending, FIRST.len() as u64) + number;
            let name = among[first as usize % among.len()];
            let purpose = format!("{ending} {number}");
            let size = style.size(&purpose, median, 0.35);
            files.push(versioned(urls, names, (name, ending), size, style.bits(&purpose)));
        }
    }
    let stylesheet = files[0].url;
    let first = style.below("fonts", FONTS.len() as u64);
    for number in 0..=style.below("how many fonts", 4) / 3 {
        let name = FONTS[(first + number) as usize % FONTS.len()];
        let purpose = format!("font {number}");
        let target = names.font(name, style.bits(&purpose));
        let url = urls.intern_sized(&target, style.size(&purpose, 48_000.0, 0.5), BodyKind::Fixed);
        files.push(Asset { from: Some(stylesheet), ..Asset::plain(url, AssetKind::Shared) });
    }
    let icon = style.one_of("icon", &ICONS);
    let icon = urls.intern_sized("/favicon.ico", icon, BodyKind::Fixed);
    files.push(Asset::plain(icon, AssetKind::Icon));
    files
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
