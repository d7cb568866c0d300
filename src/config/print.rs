//! The effective configuration as it would be written: every section and key in the guide's spelling, in the order of
//! the table of keys. Reading it gives the same settings back.

use super::tree::Node;
use super::{Config, keys, raw};

/// The keys that came after the first digests in run.json. Each is part of a digest only if it does not have its default, so
/// that the digests of older records still hold. A new key needs a line here.
const LATER: &[&[&str]] = &[
    &["output", "destination"],
    &["output", "error_format"],
    &["output", "format"],
    &["output", "logs"],
    &["traffic_curve"],
    &["traffic_noise"],
    &["profile"],
    &["site", "pages"],
    &["site", "popularity"],
    &["site", "page_size"],
    &["site", "page_variation"],
    &["site", "call_size"],
    &["site", "answer_time"],
    &["site", "answer_variation"],
    &["scenario"],
    &["external_referrers"],
];

/// A configuration as YAML that can be fed back.
pub fn to_yaml(config: &Config) -> String {
    raw::write(&tree(config))
}

/// A configuration as a tree.
pub fn tree(config: &Config) -> Node {
    keys::print(config)
}

/// What the digest of a configuration is made from: [`to_yaml`] without the later keys that have their defaults.
pub fn digested(config: &Config) -> String {
    raw::write(&without_defaults(tree(config), &tree(&Config::default()), LATER))
}

fn without_defaults(mut tree: Node, defaults: &Node, later: &[&[&str]]) -> Node {
    for path in later {
        let Some((key, section)) = path.split_last() else { continue };
        if tree.at(path) == defaults.at(path)
            && let Some(section) = tree.at_mut(section)
        {
            section.remove(key);
        }
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_key_changes_a_digest_only_where_it_says_something_new() {
        let later: &[&[&str]] = &[&["output", "debug"]];
        let defaults = tree(&Config::default());
        let mut config = Config::default();
        let of = |config: &Config| without_defaults(tree(config), &defaults, later);
        assert_eq!(of(&config).at(&["output", "debug"]), None);
        assert_eq!(of(&config).at(&["output", "rate"]), defaults.at(&["output", "rate"]));
        config.output.debug = true;
        assert_eq!(of(&config), tree(&config));
    }
}
