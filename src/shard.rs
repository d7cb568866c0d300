//! Shards: several streams that together are the traffic of one site. Each has a part of the rate, and
//! visitors of its own. The number of the shard is an input of the stream, like the seed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most shards that a site can have.
pub const MOST: u32 = 65_536;

/// How to write a shard, for error messages.
pub const FORM: &str = "write I/N: the shard I, counted from 0, of N (0/8 to 7/8; at most 65536)";

/// One of several streams that share a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// The number of the shard, from 0, below `count`.
    pub index: u32,
    /// The number of shards: 1 to [`MOST`].
    pub count: u32,
}

impl Shard {
    /// The only shard, which is the whole site.
    pub const WHOLE: Self = Self { index: 0, count: 1 };

    /// The shard `index` of `count`; `None` if there is no such shard.
    pub fn new(index: u32, count: u32) -> Option<Self> {
        let shard = Self { index, count };
        shard.is_right().then_some(shard)
    }

    /// Parses a shard such as `3/8`.
    pub fn parse(text: &str) -> Option<Self> {
        let (index, count) = text.trim().split_once('/')?;
        Self::new(index.trim().parse().ok()?, count.trim().parse().ok()?)
    }

    /// Whether this shard can exist. One that was read from a file may have any numbers.
    pub fn is_right(self) -> bool {
        self.count <= MOST && self.index < self.count
    }

    /// Whether the site has other shards too.
    pub fn is_part(self) -> bool {
        self.count > 1
    }

    /// This shard's part of an amount of the whole site.
    pub fn part_of(self, whole: f64) -> f64 {
        whole / f64::from(self.count)
    }

    /// This shard's part of so many things of the whole site; the parts of all shards add up.
    pub fn share_of(self, things: u32) -> u32 {
        things / self.count + u32::from(self.index < things % self.count)
    }

    /// The option that selects this shard, with a space before it; empty for the only one.
    pub fn flag(self) -> String {
        if self.is_part() { format!(" --shard {self}") } else { String::new() }
    }

    /// The position of its lines between those of the others, as a share of the distance between two of
    /// its own lines: -0.5 to 0.5, evenly spread over the shards, and 0 for the only one. Therefore the
    /// lines of all shards together keep the bounds of a single token bucket (Hermite's identity).
    pub fn phase(self) -> f64 {
        (f64::from(self.index) + 0.5) / f64::from(self.count) - 0.5
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_counted_from_zero_and_is_below_their_number() {
        assert_eq!(Shard::parse("0/1"), Some(Shard::WHOLE));
        assert_eq!(Shard::parse(" 7/8 "), Some(Shard { index: 7, count: 8 }));
        for wrong in ["", "8/8", "-1/8", "1", "1/0", "0/0", "1/2/3", "0/65537", "a/b", "1.0/2"] {
            assert_eq!(Shard::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn phases_are_spread_evenly_around_that_of_the_whole() {
        assert_eq!(Shard::WHOLE.phase(), 0.0);
        let phases: Vec<f64> = (0..4).map(|index| Shard::new(index, 4).unwrap().phase()).collect();
        assert_eq!(phases, [-0.375, -0.125, 0.125, 0.375]);
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for shard in [Shard::WHOLE, Shard { index: 3, count: 1000 }] {
            assert_eq!(Shard::parse(&shard.to_string()), Some(shard));
        }
        assert_eq!(Shard::WHOLE.flag(), "");
        assert_eq!(Shard { index: 3, count: 1000 }.flag(), " --shard 3/1000");
    }
}
