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
    /// A file that the page names and the site does not have. No browser keeps what is not there, so each page asks for it again.
    Missing,
}

/// When a browser asks for an asset in a page's load: what an earlier stage has comes before what a later one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoadStage {
    /// The stylesheets of the head.
    Style,
    /// The scripts, which make the calls.
    Script,
    /// What stylesheets and scripts ask for, and pictures.
    Body,
    /// The report, when all is there.
    Report,
    /// The icon, which no page waits for.
    Icon,
}

impl LoadStage {
    /// When a browser asks for a target.
    pub(super) fn of(kind: AssetKind, target: &str) -> Self {
        let path = target.split('?').next().unwrap_or_default();
        match kind {
            AssetKind::Icon => Self::Icon,
            AssetKind::Report => Self::Report,
            AssetKind::Shared | AssetKind::Missing if path.ends_with(".css") => Self::Style,
            AssetKind::Shared | AssetKind::Missing if path.ends_with(".js") => Self::Script,
            AssetKind::Shared | AssetKind::Missing | AssetKind::Own | AssetKind::Call => Self::Body,
        }
    }
}

/// A file or call that belongs to a page.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its URL.
    pub url: UrlId,
    /// What kind it is.
    pub kind: AssetKind,
    /// When a browser asks for it.
    pub stage: LoadStage,
    /// The URL that its request names as the referrer; `None` stands for the page.
    pub from: Option<UrlId>,
    /// Whether it has another URL in each version of the site; they follow each other.
    pub has_versions: bool,
}

impl Asset {
    /// An asset that every version of the site has, asked for by the page.
    pub(super) fn plain(url: UrlId, kind: AssetKind) -> Self {
        Self { url, kind, stage: LoadStage::of(kind, ""), from: None, has_versions: false }
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
