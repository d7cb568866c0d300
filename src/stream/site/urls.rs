//! All URLs of the site and their sizes in one table, so that a hit can name its URL by a number.

use std::collections::HashMap;

use super::packing::TextPacking;
use super::style::SiteStyle;
use crate::stream::random::{hash, normal};

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
#[derive(Debug, Default)]
pub struct Urls {
    table: Vec<Url>,
    /// The id of each URL by the hash of its target, or by a number behind it if another URL has the same.
    ids: HashMap<u64, UrlId>,
    /// Sets the sizes of a profile's site apart from those of others.
    salt: u64,
}

impl Urls {
    /// An empty table for a site with a style of its own.
    pub(super) fn of_style(style: SiteStyle) -> Self {
        Self { salt: style.bits("sizes"), ..Self::default() }
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
        self.intern_sized(target, size(target), BodyKind::Fixed)
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
            url.size = page_size(&url.target, self.salt);
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
fn page_size(target: &str, salt: u64) -> u32 {
    let kind = kind_of(target.split('?').next().unwrap_or_default());
    let of_kind = 11_000.0 * libm::exp(0.65 * normal(hash(kind) ^ salt ^ 0x6b69_6e64));
    let bits = hash(target) ^ salt;
    let spread = if bits.is_multiple_of(24) { 0.8 } else { 0.28 };
    (of_kind.clamp(3_000.0, 40_000.0) * libm::exp(spread * normal(bits))) as u32
}

/// The size of the answer at a URL, bytes: log-normal over the URLs, with the median (9 kB) and the
/// spread (sigma 1.5) of the bodies of real sites (Arlitt and Williamson 1996, Barford and Crovella
/// 1998), between 200 bytes and 8 MB. It depends on the URL alone.
fn size(target: &str) -> u32 {
    let bytes = 9_000.0 * libm::exp(1.5 * normal(hash(target)));
    bytes.clamp(200.0, 8e6) as u32
}
