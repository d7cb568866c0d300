//! The elements that a line consists of, in their order. They are the same for every dialect, and know nothing of a site.

use std::borrow::Cow;

use super::escape::Escape;
use super::field::Field;
use super::time_form::TimeForm;
use crate::server_failure::ServerFailure;

/// One part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// Text that is the same in every line.
    Literal(String),
    /// The time of the hit.
    Time(TimeForm),
    /// A fact about the hit.
    Field {
        /// Which one.
        field: Field,
        /// How its text is written.
        escape: Escape,
        /// What stands in its place if the hit has no such fact.
        missing: Cow<'static, str>,
    },
    /// One of two parts, depending on the hit.
    Choice {
        /// What decides.
        condition: Condition,
        /// The part if the condition holds.
        then: Vec<Element>,
        /// The part if it does not.
        otherwise: Vec<Element>,
    },
}

/// What a part of a line can depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The hit has this fact: the visitor is logged in, there is a query, and so on.
    Has(Field),
    /// The status is one of these.
    StatusIs(Vec<u16>),
    /// The application failed in this way.
    FailedAs(ServerFailure),
}

impl From<&str> for Element {
    fn from(text: &str) -> Self {
        Self::Literal(text.to_owned())
    }
}

/// Collects elements. Neighbouring literals become one.
#[derive(Debug, Default)]
pub struct Elements(Vec<Element>);

impl Elements {
    /// Adds an element.
    pub fn push(&mut self, element: Element) {
        match (self.0.last_mut(), element) {
            (_, Element::Literal(text)) if text.is_empty() => {}
            (Some(Element::Literal(before)), Element::Literal(text)) => before.push_str(&text),
            (_, element) => self.0.push(element),
        }
    }

    /// Adds several elements.
    pub fn extend(&mut self, elements: impl IntoIterator<Item = Element>) {
        elements.into_iter().for_each(|element| self.push(element));
    }

    /// What was collected.
    pub fn finish(self) -> Vec<Element> {
        self.0
    }
}
