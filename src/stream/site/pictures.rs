//! The pictures of a site: how it names and sizes them. A site has one way for all of them, and its pages share those of products
//! and articles.

use std::collections::HashMap;

use super::slugs::Slugs;
use super::style::SiteStyle;
use super::urls::{UrlId, Urls};
use crate::stream::random::{hash, mix};

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

/// Which picture of a page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureUse {
    /// The one with this number, as large as the page shows it.
    Large(u64),
    /// The one that other pages show in small.
    Small,
    /// A film.
    Film,
}

/// The pictures of a site.
#[derive(Debug)]
pub struct Pictures {
    names: PictureNames,
    ending: &'static str,
    /// How wide large and small ones are.
    widths: [u64; 2],
    salt: u64,
    /// The small pictures that have a URL, by the number of the product or article and its prefix's hash.
    small: HashMap<(u64, u32), UrlId>,
}

impl Pictures {
    /// The pictures of a site with this style.
    pub fn new(style: SiteStyle) -> Self {
        Self {
            names: style.one_of("picture names", &ALL),
            ending: style.one_of("picture ending", &["webp", "jpg", "webp", "jpg", "png"]),
            widths: [
                style.one_of("large", &[1_200, 1_024, 960, 1_600, 800]),
                style.one_of("small", &[320, 300, 400, 240]),
            ],
            salt: style.bits("pictures"),
            small: HashMap::new(),
        }
    }

    /// Adds the picture of the page with the last segment `stem` to `urls`, around `median` bytes in size.
    pub fn of(&self, urls: &mut Urls, stem: &str, of: PictureUse, median: f64) -> UrlId {
        urls.intern_image(&self.target(stem, of), median)
    }

    /// Adds the small picture of the product or article with a number.
    pub fn small(
        &mut self,
        urls: &mut Urls,
        slugs: &Slugs,
        prefix: u64,
        number: u32,
        median: f64,
    ) -> UrlId {
        if let Some(url) = self.small.get(&(prefix, number)) {
            return *url;
        }
        let url = self.of(urls, &slugs.of(number), PictureUse::Small, median);
        self.small.insert((prefix, number), url);
        url
    }

    /// The target of a picture.
    fn target(&self, stem: &str, of: PictureUse) -> String {
        let (view, width) = match of {
            PictureUse::Large(view) => (view, self.widths[0]),
            PictureUse::Small => (1, self.widths[1]),
            PictureUse::Film => (1, 720),
        };
        let ending = if of == PictureUse::Film { "mp4" } else { self.ending };
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
                let (year, month) = (2_021 + bits % 5, 1 + (bits >> 8) % 12);
                let height = width * 2 / 3;
                format!("/uploads/{year}/{month:02}/{stem}{dash}-{width}x{height}.{ending}")
            }
            PictureNames::Stamped => {
                let stamp = 1_680_000_000 + bits % 80_000_000;
                format!("/cdn/files/{stem}_{view}_{width}x.{ending}?v={stamp}")
            }
            PictureNames::Widths => format!("/img/{width}/{stem}{dash}.{ending}"),
        }
    }
}
