//! A file or call that belongs to a page.

use super::urls::UrlId;

/// How many names a file has in turn that has another one with each version of the site.
pub const NAMES: u64 = 32;

/// What kind of asset it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetKind {
    /// A file that all pages share: the stylesheet, the script, the font.
    Shared,
    /// The site's icon, which a browser asks for once.
    Icon,
    /// A file of the page, such as an image.
    Own,
    /// A call that the page's script makes.
    Call,
    /// A report that the page's script sends: a POST.
    Report,
}

/// A file or call that belongs to a page.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its URL.
    pub url: UrlId,
    /// What kind it is.
    pub kind: AssetKind,
    /// The URL that its request names as the referrer; `None` stands for the page.
    pub from: Option<UrlId>,
    /// Whether it has another URL in each version of the site; they follow each other.
    pub has_versions: bool,
}

impl Asset {
    /// An asset that every version of the site has, asked for by the page.
    pub(super) fn plain(url: UrlId, kind: AssetKind) -> Self {
        Self { url, kind, from: None, has_versions: false }
    }

    /// Its URL in a version of the site.
    #[inline]
    pub fn url_in(&self, version: u64) -> UrlId {
        if self.has_versions { Self::url_of(self.url, version) } else { self.url }
    }

    /// The URL of a file with versions, whose first one is `url`.
    #[inline]
    pub fn url_of(url: UrlId, version: u64) -> UrlId {
        url + (version % NAMES) as UrlId
    }
}
