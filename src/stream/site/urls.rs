//! Every URL of the site and its size in one table: a hit names its URL by a number.

use std::collections::HashMap;

use crate::stream::random::{hash, normal};

/// The place of a URL in [`Urls`].
pub type UrlId = u32;

/// One URL.
#[derive(Debug)]
pub struct Url {
    /// Path and query as they stand in the request line.
    pub target: Box<str>,
    /// Bytes of the body when the answer is a success.
    pub size: u32,
}

/// All URLs, each once.
#[derive(Debug, Default)]
pub struct Urls {
    table: Vec<Url>,
    ids: HashMap<Box<str>, UrlId>,
}

impl Urls {
    /// The URL of an id that this table gave out.
    #[inline]
    pub fn get(&self, id: UrlId) -> &Url {
        &self.table[id as usize]
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Url> {
        self.table.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The id of a target, new or known.
    pub(super) fn intern(&mut self, target: &str) -> UrlId {
        if let Some(&id) = self.ids.get(target) {
            return id;
        }
        let id = self.table.len() as UrlId;
        self.table.push(Url { target: target.into(), size: size(target) });
        self.ids.insert(target.into(), id);
        id
    }

    /// Frees what only building needs.
    pub(super) fn finish(&mut self) {
        self.ids = HashMap::new();
    }
}

/// The size of the answer at a URL: log-normal over the URLs, with the median of 9 kB and the
/// spread (sigma 1.5) of the bodies of real sites (Arlitt and Williamson 1996, Barford and Crovella
/// 1998), between 200 bytes and 8 MB. A function of the URL alone.
fn size(target: &str) -> u32 {
    let bytes = 9_000.0 * libm::exp(1.5 * normal(hash(target)));
    bytes.clamp(200.0, 8e6) as u32
}
