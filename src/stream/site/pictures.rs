//! The pictures of a site: how it names and sizes them. A site has one way for all of them, and its pages share those of products
//! and articles.

use std::collections::HashMap;

use super::slugs::{Month, Slugs};
use super::style::SiteStyle;
use super::urls::{BodyKind, UrlId, Urls};
use crate::config::keys::assets::FILE_SIZE;
use crate::config::{AssetSettings, Distribution};
use crate::stream::random::{hash, mix, normal};

/// How a site names its pictures.
#[derive(Clone, Copy, Debug)]
enum PictureNames {
    /// `/media/3f/a2/3fa2c1d0e4b59687_1200.webp`
    Marks,
    /// `/images/wireless-earbuds-2-1200.jpg`
    Words,
    /// `/uploads/2024/03/wireless-earbuds-2-1200x800.jpg`
    Dated,
    /// `/cdn/files/wireless-earbuds_2_1200x.webp?v=1712345678`
    Stamped,
    /// `/img/1200/wireless-earbuds-2.webp`
    Widths,
}

const ALL: [PictureNames; 5] = [
    PictureNames::Marks,
    PictureNames::Words,
    PictureNames::Dated,
    PictureNames::Stamped,
    PictureNames::Widths,
];

/// The page that a picture belongs to, and which of its pictures it is.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// The last segment of the page.
    pub stem: &'a str,
    /// When the page was written.
    pub month: Month,
    /// The number of the picture on the page, from 1.
    pub view: u64,
    /// What it shows.
    pub kind: PictureKind,
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    Photo,
    /// A chart, a screenshot, a table of sizes.
    Drawing,
    /// The wide one of a front page.
    Banner,
    Film,
}

/// How large drawings and banners are, compared with a photo of that width, and the spread of ln of it.
const DRAWING: (f64, f64) = (0.33, 0.35);
const BANNER: (f64, f64) = (1.13, 0.3);
/// The power of the width with which a picture grows: a little less than its area.
const GROWS: f64 = 1.8;
/// The width of films.
const FILM: u64 = 720;
/// How large photos are by their endings.
const ENDINGS: [(&str, f64); 3] = [("webp", 0.86), ("jpg", 1.12), ("png", 2.1)];
/// The endings of a site's photos before and after it took another tool, as indexes into [`ENDINGS`].
const OLD_AND_NEW: [[usize; 2]; 4] = [[1, 0], [1, 0], [1, 0], [0, 1]];
/// Of so many photos, one has the ending of the other tool, and of more, one was saved as a PNG.
const OTHERWISE: u64 = 17;
const AS_PNG: u64 = 41;

/// The pictures of a site.
#[derive(Debug)]
pub struct Pictures {
    names: PictureNames,
    /// The endings of photos, and since when they have the second one.
    endings: [usize; 2],
    since: Month,
    /// How wide large and small ones and banners are.
    widths: [u64; 3],
    /// The bytes of a large photo, and of a film.
    photo_size: Distribution,
    film_size: Distribution,
    salt: u64,
    /// The small pictures that have a URL, by the number of the product or article and its prefix's hash.
    small: HashMap<(u64, u32), UrlId>,
}

impl Pictures {
    /// The pictures of a site with this style.
    pub fn new(style: SiteStyle, settings: &AssetSettings) -> Self {
        Self {
            names: style.one_of("picture names", &ALL),
            endings: style.one_of("picture endings", &OLD_AND_NEW),
            since: Month::of_late(style.below("new pictures", 60)),
            widths: [
                style.one_of("large", &[1_200, 1_024, 960, 1_600, 800]),
                style.one_of("small", &[320, 300, 400, 240]),
                style.one_of("banner", &[1_920, 1_600, 2_000, 1_440]),
            ],
            photo_size: settings.picture_size.clone(),
            film_size: settings.film_size.clone(),
            salt: style.bits("pictures"),
            small: HashMap::new(),
        }
    }

    /// Adds a picture as large as its page shows it to `urls`.
    pub fn large(&self, urls: &mut Urls, picture: Picture<'_>) -> UrlId {
        let width = match picture.kind {
            PictureKind::Photo | PictureKind::Drawing => self.widths[0],
            PictureKind::Banner => self.widths[2],
            PictureKind::Film => FILM,
        };
        self.of(urls, picture, width)
    }

    /// Adds the small picture of the product or article with a number: the first one of its page.
    pub fn small(&mut self, urls: &mut Urls, slugs: &Slugs, prefix: u64, number: u32) -> UrlId {
        if let Some(url) = self.small.get(&(prefix, number)) {
            return *url;
        }
        let stem = &slugs.of(number);
        let month = slugs.month_of(stem);
        let picture = Picture { stem, month, view: 1, kind: PictureKind::Photo };
        let url = self.of(urls, picture, self.widths[1]);
        self.small.insert((prefix, number), url);
        url
    }

    fn of(&self, urls: &mut Urls, picture: Picture<'_>, width: u64) -> UrlId {
        let bits = mix(hash(picture.stem) ^ self.salt ^ picture.view << 40);
        let (ending, larger) = self.ending(picture, mix(bits ^ 0x656e_6469));
        let target = self.target(picture, width, ending);
        // What a picture shows makes it larger than others, in all of its widths.
        let shown = normal(mix(bits ^ 0x7369_7a65));
        let like_photos = |(factor, spread): (f64, f64)| {
            factor * self.photo_size.at(0.0) * libm::exp(spread * shown)
        };
        let as_wide_as_large_ones = match picture.kind {
            PictureKind::Photo => self.photo_size.at(shown),
            PictureKind::Drawing => like_photos(DRAWING),
            PictureKind::Banner => like_photos(BANNER),
            PictureKind::Film => self.film_size.at(shown),
        };
        let usual = if picture.kind == PictureKind::Film { FILM } else { self.widths[0] };
        let size = as_wide_as_large_ones * larger * libm::pow(width as f64 / usual as f64, GROWS);
        urls.intern_sized(&target, size.clamp(1.0, FILE_SIZE.high) as u32, BodyKind::Fixed)
    }

    /// The ending of a picture, and by how much that makes it larger.
    fn ending(&self, picture: Picture<'_>, bits: u64) -> (&'static str, f64) {
        let is_new = (picture.month >= self.since) != bits.is_multiple_of(OTHERWISE);
        match picture.kind {
            PictureKind::Film => ("mp4", 1.0),
            PictureKind::Drawing => ("png", 1.0),
            PictureKind::Photo if bits.is_multiple_of(AS_PNG) => ENDINGS[2],
            PictureKind::Photo | PictureKind::Banner => ENDINGS[self.endings[usize::from(is_new)]],
        }
    }

    /// The target of a picture.
    fn target(&self, picture: Picture<'_>, width: u64, ending: &str) -> String {
        let Picture { stem, month, view, .. } = picture;
        let bits = mix(hash(stem) ^ self.salt);
        // Most sites number pictures from the second on.
        let dash = if view > 1 { format!("-{view}") } else { String::new() };
        match self.names {
            PictureNames::Marks => {
                let mark = mix(bits ^ view << 40);
                let (one, other) = (mark >> 56, mark >> 48 & 0xff);
                format!("/media/{one:02x}/{other:02x}/{mark:016x}_{width}.{ending}")
            }
            PictureNames::Words => format!("/images/{stem}{dash}-{width}.{ending}"),
            PictureNames::Dated => {
                // Some pictures are there before the text that they belong to.
                let month = if bits.is_multiple_of(6) { month.before() } else { month };
                let (year, month) = month.year_and_number();
                let height = width * 2 / 3;
                format!("/uploads/{year}/{month:02}/{stem}{dash}-{width}x{height}.{ending}")
            }
            PictureNames::Stamped => {
                let stamp = month.time(bits);
                format!("/cdn/files/{stem}_{view}_{width}x.{ending}?v={stamp}")
            }
            PictureNames::Widths => format!("/img/{width}/{stem}{dash}.{ending}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// The pictures of a site, each in two widths: the sizes of the smaller and the larger.
    fn sizes(host: &str) -> Vec<[f64; 2]> {
        let yaml = format!("profile: shop\nsite: {{host: {host}}}");
        let config = Config::from_yaml(&yaml).unwrap();
        let style = SiteStyle::of(&config).unwrap();
        let (pictures, mut urls) = (Pictures::new(style, &config.assets), Urls::new(&config));
        let slugs = Slugs::new(&config, "/products/", 5_000);
        let mut both = |number: u32| {
            let stem = &slugs.of(number);
            let month = slugs.month_of(stem);
            let picture = Picture { stem, month, view: 1, kind: PictureKind::Photo };
            [400, 800].map(|width| {
                let url = pictures.of(&mut urls, picture, width);
                f64::from(urls.get(url).size)
            })
        };
        (1..=500).map(&mut both).collect()
    }

    #[test]
    fn a_picture_grows_with_its_width_and_those_of_a_width_are_of_similar_sizes() {
        for host in ["a.example.com", "b.example.com", "c.example.com", "d.example.com"] {
            let sizes = sizes(host);
            assert!(sizes.iter().all(|[small, large]| (3.2..3.8).contains(&(large / small))));
            let mut small: Vec<f64> = sizes.iter().map(|[small, _]| *small).collect();
            small.sort_by(f64::total_cmp);
            let range = small[475] / small[25];
            assert!((2.0..4.5).contains(&range), "{host}: {range}");
        }
    }
}
