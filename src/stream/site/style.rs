//! How a site differs from others of its kind: decisions that follow from its host and its profile, so that a site keeps its own
//! over seeds, shards and runs.

use crate::config::keys::assets::FILE_SIZE;
use crate::config::{Config, Distribution};
use crate::stream::random::{hash, mix, normal};

/// The decisions of one site.
#[derive(Clone, Copy, Debug)]
pub struct SiteStyle(u64);

impl SiteStyle {
    /// The style of a configuration's site; `None` without a profile.
    pub fn of(config: &Config) -> Option<Self> {
        let kind = config.profile? as u64;
        Some(Self(mix(hash(&config.site.host) ^ (kind + 1) << 40)))
    }

    /// Bits that are the site's own, for one purpose.
    pub fn bits(self, purpose: &str) -> u64 {
        mix(self.0 ^ hash(purpose))
    }

    /// A number below `n`.
    pub fn below(self, purpose: &str, n: u64) -> u64 {
        self.bits(purpose) % n
    }

    /// One of several things.
    pub fn one_of<T: Copy>(self, purpose: &str, things: &[T]) -> T {
        things[self.below(purpose, things.len() as u64) as usize]
    }

    /// A number of things, up to `most`.
    pub fn whole(self, purpose: &str, distribution: &Distribution, most: u64) -> u64 {
        distribution.whole(self.bits(purpose), most)
    }

    /// The size of a file, bytes. A site has few, so none is as rare as one in twenty.
    pub fn drawn(self, purpose: &str, distribution: &Distribution) -> u32 {
        let size = distribution.at(normal(self.bits(purpose)).clamp(-2.0, 2.0));
        size.clamp(FILE_SIZE.low, FILE_SIZE.high) as u32
    }

    /// A size around a median, log-normal over the sites, bytes.
    pub fn size(self, purpose: &str, median: f64, spread: f64) -> u32 {
        (median * libm::exp(spread * normal(self.bits(purpose)).clamp(-2.0, 2.0))) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_follows_from_the_host_and_the_profile_alone() {
        let style = |yaml: &str| SiteStyle::of(&Config::from_yaml(yaml).unwrap());
        let bits = |yaml: &str| style(yaml).unwrap().bits("colour");
        let shop = bits("profile: shop");
        assert_eq!(shop, bits("profile: shop\nsite: {scheme: http}\noutput: {seed: 9}"));
        assert_ne!(shop, bits("profile: content"));
        assert_ne!(shop, bits("profile: shop\nsite: {host: other.example.com}"));
        assert!(SiteStyle::of(&Config::default()).is_none());
    }
}
