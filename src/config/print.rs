//! The effective configuration as it would be written: every section and key in the guide's spelling, in the order of
//! the table of keys. Reading it gives the same settings back.

use super::tree::Node;
use super::{Config, keys, raw};

/// A configuration as YAML that can be fed back.
pub fn to_yaml(config: &Config) -> String {
    raw::write(&tree(config))
}

/// A configuration as a tree.
pub fn tree(config: &Config) -> Node {
    keys::print(config)
}
