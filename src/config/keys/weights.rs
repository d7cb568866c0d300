//! Weights and maps of them: the forms that `state_transitions`, `navigation` and `urls` share.

use super::paths::{PagePath, page};
use super::shapes::{any, any_case, json, of};
use super::{KeyForm, NumberLimits, Worded};
use crate::config::State;
use crate::config::raw::MAX_ENTRIES;
use crate::config::tree::Node;

/// Small enough that 10,000 of them add up, large enough that none vanishes beside another.
pub const LIGHTEST: f64 = 1e-9;
/// What a weight is, but for those below [`LIGHTEST`].
pub const WEIGHT: NumberLimits = NumberLimits::between(0.0, 1e9);

/// One weight.
pub const ONE: Worded = Worded {
    range: "a weight",
    expected: "a weight",
    schema: || of(&KeyForm::ZeroOr(LIGHTEST, WEIGHT)),
};

/// The weights of the next states.
pub const STATES: Worded = Worded {
    range: "weights",
    expected: "a map of the next states and their weights, such as BROWSING: 0.9",
    schema: states,
};

/// The weights of the next pages.
pub const PAGES: Worded = Worded {
    range: "weights",
    expected: "a map of pages and their weights, such as \"/about\": 0.3",
    schema: pages,
};

/// A map of weights, as it would be written.
pub(super) fn print<K: Into<String>>(weights: impl Iterator<Item = (K, f64)>) -> Node {
    Node::map(weights.map(|(name, weight)| (name, Node::number(weight))))
}

/// Weights by names of a pattern, of which one is above 0. An empty map has none.
pub(super) fn weighed(names: Node) -> Node {
    Node::map([
        ("type", Node::text("object")),
        ("maxProperties", Node::number(MAX_ENTRIES as f64)),
        ("propertyNames", names),
        ("additionalProperties", of(&KeyForm::ZeroOr(LIGHTEST, WEIGHT))),
        ("not", json(r#"{"additionalProperties": {"const": 0}}"#)),
    ])
}

/// Weights of states that may follow.
fn states() -> Node {
    let names = State::ALL[1..].iter().map(|state| state.name());
    weighed(Node::map([("pattern", Node::text(any_case(&names.collect::<Vec<_>>())))]))
}

/// A weight of END and of nothing else.
pub fn only_end() -> Node {
    weighed(Node::map([("pattern", Node::text(any_case(&[State::End.name()])))]))
}

/// Weights of pages.
pub fn pages() -> Node {
    weighed(page(PagePath::OneOrMany))
}

/// Weights of pages, or an empty map.
pub fn pages_or_none() -> Node {
    any([pages(), json(r#"{"type": "object", "maxProperties": 0}"#)])
}
