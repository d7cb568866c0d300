//! All URLs of the site and their sizes in one table, so that a hit can name its URL by a number.

use std::collections::HashMap;

use super::packing::TextPacking;
use super::style::SiteStyle;
use crate::config::keys::site::PAGE_SIZE;
use crate::config::{Config, Distribution};
use crate::stream::random::{hash, normal};

/// How many times as much as others of their kind a few pages vary.
const MULTIPLE: f64 = 0.8 / 0.28;

/// The index of a URL in [`Urls`].
pub type UrlId = u32;

/// One URL of the site.
#[derive(Debug)]
pub struct Url {
    /// The path and query, as in the request line.
    pub target: Box<str>,
    /// The size of the body when the answer is a success, bytes.
    pub size: u32,
    /// How the size differs from answer to answer.
    pub body: BodyKind,
    /// How well the body can be compressed.
    pub packing: TextPacking,
}

/// How the size of a URL's body differs from answer to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyKind {
    /// Not at all.
    #[default]
    Fixed,
    /// By whether the visitor takes it compressed.
    Text,
    /// With what the page says at the moment, and to whom.
    Dynamic,
}

/// All URLs of the site, each once.
#[derive(Debug)]
pub struct Urls {
    table: Vec<Url>,
    /// The id of each URL by the hash of its target, or by a number behind it if another URL has the same.
    ids: HashMap<u64, UrlId>,
    /// Sets the sizes of a profile's site apart from those of others.
    salt: u64,
    /// How large pages are, and by how much those of a kind differ.
    page_size: Distribution,
    page_variation: f64,
}

impl Urls {
    /// An empty table for the site of a configuration.
    pub(super) fn new(config: &Config) -> Self {
        Self {
            table: Vec::new(),
            ids: HashMap::new(),
            salt: SiteStyle::of(config).map_or(0, |style| style.bits("sizes")),
            page_size: config.site.page_size.clone(),
            page_variation: config.site.page_variation,
        }
    }

    /// Bits that follow from a target and the site.
    pub(super) fn bits(&self, target: &str) -> u64 {
        hash(target) ^ self.salt
    }

    /// The URL with an id that this table has returned.
    #[inline]
    pub fn get(&self, id: UrlId) -> &Url {
        &self.table[id as usize]
    }

    /// All URLs, in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Url> {
        self.table.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are no URLs.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The id of a target; adds the target if it is new.
    pub(super) fn intern(&mut self, target: &str) -> UrlId {
        self.intern_sized(target, size(target, &self.page_size), BodyKind::Fixed)
    }

    /// The id of a target whose size is known; adds the target if it is new.
    pub(super) fn intern_sized(&mut self, target: &str, size: u32, body: BodyKind) -> UrlId {
        let place = match self.find(target) {
            Ok(id) => return id,
            Err(place) => place,
        };
        let id = self.table.len() as UrlId;
        let packing = packing(target, body, self.salt);
        self.table.push(Url { target: target.into(), size, body, packing });
        self.ids.insert(place, id);
        id
    }

    /// The id of a target that the page `like` is shown at, too; adds the target if it is new.
    pub(super) fn intern_like(&mut self, target: &str, like: UrlId) -> UrlId {
        let Url { size, packing, .. } = *self.get(like);
        let id = self.intern_sized(target, size, BodyKind::Dynamic);
        self.table[id as usize].packing = packing;
        id
    }

    /// The id of a target that is in the table; only until it is finished.
    pub(super) fn id(&self, target: &str) -> Option<UrlId> {
        self.find(target).ok()
    }

    /// The id of a target, or the place in `ids` that it can take.
    fn find(&self, target: &str) -> Result<UrlId, u64> {
        let mut place = hash(target);
        while let Some(&id) = self.ids.get(&place) {
            if &*self.get(id).target == target {
                return Ok(id);
            }
            place = place.wrapping_add(1);
        }
        Err(place)
    }

    /// Makes the pages that are in the table those of one site: pages of a kind are made from one template, and are of similar
    /// sizes, which vary as those of dynamic pages do.
    pub(super) fn become_pages(&mut self) {
        for url in &mut self.table {
            url.size = page_size(&url.target, self.salt, (&self.page_size, self.page_variation));
            url.body = BodyKind::Dynamic;
            url.packing = packing(&url.target, url.body, self.salt);
        }
    }

    /// Frees the memory that only building needs.
    pub(super) fn finish(&mut self) {
        self.ids = HashMap::new();
    }
}

/// The kind of a page: pages below the same path are of a kind.
fn kind_of(path: &str) -> &str {
    match path.rfind('/') {
        Some(end) if end > 0 => &path[..=end],
        _ => path,
    }
}

/// How well the body of a URL can be compressed. Files are of a kind with others of their ending beside them.
fn packing(target: &str, body: BodyKind, salt: u64) -> TextPacking {
    if body == BodyKind::Fixed {
        return TextPacking::default();
    }
    let path = target.split('?').next().unwrap_or_default();
    let ending =
        if body == BodyKind::Text { path.rsplit('.').next().unwrap_or_default() } else { "" };
    TextPacking::new(hash(kind_of(path)) ^ hash(ending).rotate_left(32) ^ salt, hash(target) ^ salt)
}

/// The size of a page of a profile, compressed, bytes. The kinds of pages differ, as those of sites do, and pages of a kind
/// by what they say: most by a fifth, a few by a multiple.
fn page_size(target: &str, salt: u64, (size, variation): (&Distribution, f64)) -> u32 {
    let kind = kind_of(target.split('?').next().unwrap_or_default());
    let of_kind = size.at(normal(hash(kind) ^ salt ^ 0x6b69_6e64).clamp(-2.0, 2.0));
    let bits = hash(target) ^ salt;
    let spread = if bits.is_multiple_of(24) { MULTIPLE * variation } else { variation };
    (of_kind * libm::exp(spread * normal(bits))).clamp(PAGE_SIZE.low, PAGE_SIZE.high) as u32
}

/// The size of the answer at a URL of a site without a profile, bytes. It depends on the URL alone.
fn size(target: &str, page_size: &Distribution) -> u32 {
    page_size.at(normal(hash(target))).clamp(PAGE_SIZE.low, PAGE_SIZE.high) as u32
}
