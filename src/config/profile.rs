//! The kinds of sites that are simulated as a whole.

/// A kind of site, with visitors of all kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// A shop.
    Shop,
    /// A site that is read.
    Content,
    /// A person's own site.
    Personal,
    /// The API of an application.
    Api,
}

impl Profile {
    /// What would be right, in words.
    pub const EXPECTED: &'static str = "\"none\", \"shop\", \"content\", \"personal\" or \"api\"";

    /// All profiles.
    pub const ALL: [Self; 4] = [Self::Shop, Self::Content, Self::Personal, Self::Api];

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Content => "content",
            Self::Personal => "personal",
            Self::Api => "api",
        }
    }

    /// The profile of a name; `none` stands for no profile.
    pub fn from_name(name: &str) -> Option<Option<Self>> {
        match name {
            "none" => Some(None),
            _ => Self::ALL.into_iter().find(|known| known.name() == name).map(Some),
        }
    }
}
