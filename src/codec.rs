//! The form in which a run packs its logs. No byte is packed here.

/// A form of compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// gzip, RFC 1952.
    Gzip,
}

impl Codec {
    /// All forms.
    pub const ALL: [Self; 1] = [Self::Gzip];
    /// Their names on a command line, in the same order.
    pub const NAMES: &[&str] = &["gzip"];

    /// The form of this name.
    pub fn parse(name: &str) -> Option<Self> {
        let at = Self::NAMES.iter().position(|known| *known == name);
        at.map(|at| Self::ALL[at])
    }

    /// The ending of the name of a file in this form.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_a_name() {
        let found: Vec<_> = Codec::NAMES.iter().map(|name| Codec::parse(name)).collect();
        assert_eq!(found, Codec::ALL.map(Some));
        assert_eq!(Codec::parse("zip"), None);
    }
}
