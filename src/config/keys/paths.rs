//! Paths of pages, as keys and as values: the forms that `navigation`, `urls` and `high_error_pages` share.

use super::Worded;
use crate::config::raw::MAX_ENTRIES;
use crate::config::tree::Node;

/// The longest path in bytes. Servers refuse request lines beyond 8,000.
pub const LONGEST: usize = 2_000;

/// Which paths of pages there may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PagePath {
    /// `*` may stand for the last segment.
    OneOrMany,
    /// It may stand nowhere.
    One,
}

/// The path of one page, as a value.
pub const PAGE: Worded = Worded {
    range: "a page without `*`",
    expected: "the path of a page, such as \"/about\"",
    schema: || page(PagePath::One),
};

/// What the path of a page looks like. A `#` is never in it, and a `*` in no other place than the last segment.
pub fn page_pattern(which: PagePath) -> &'static str {
    match which {
        PagePath::OneOrMany => "^/(([^#?*]*/)?[*]|[^#?*]*([?][^#]*)?)$",
        PagePath::One => "^/[^#?*]*([?][^#]*)?$",
    }
}

/// The path of a page, as a value.
pub fn page(which: PagePath) -> Node {
    let pattern = Node::text(page_pattern(which));
    let longest = Node::number(LONGEST as f64);
    Node::map([("type", Node::text("string")), ("maxLength", longest), ("pattern", pattern)])
}

/// A map of paths of pages to what is said of each.
pub fn map_of(which: PagePath, value: Node) -> Node {
    Node::map([
        ("type", Node::text("object")),
        ("maxProperties", Node::number(MAX_ENTRIES as f64)),
        ("propertyNames", page(which)),
        ("additionalProperties", value),
    ])
}
