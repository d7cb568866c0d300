//! A compiled format: the steps that append a line, and the length that no line exceeds.

use std::sync::Arc;

use super::buffer::LineParts;
use super::clock::SecondText;
use super::dictionary::Dictionary;
use super::line_source::LineSource;
use super::steps::Steps;
use super::visitor_texts::VisitorText;
use crate::stream::Hit;
use crate::stream::timing::{Timing, Timings};

/// A LogFormat compiled for a dictionary.
#[derive(Debug)]
pub struct Program {
    pub(super) steps: Steps,
    /// The texts that depend on the second, before they show one.
    pub(super) seconds: Box<[SecondText]>,
    pub(super) longest: usize,
    /// How long requests take, if the lines show it.
    pub(super) timings: Option<Arc<Timings>>,
}

impl Program {
    /// Appends the line of a hit. `visitor` says what is known of its visitor, if that is kept; `seconds` are [`Program::seconds`],
    /// brought up to the hit's second.
    #[inline(always)]
    pub fn append<P: LineParts>(
        &self,
        (dictionary, visitor): (&Dictionary, Option<&VisitorText>),
        seconds: &[SecondText],
        hit: &Hit,
        line: P,
    ) -> P {
        let timing = match &self.timings {
            None => Timing::NONE,
            Some(timings) => timings.of(hit, dictionary.body(hit).into()),
        };
        let source = LineSource { dictionary, visitor, seconds, timing: &timing };
        self.steps.append(&source, hit, line)
    }

    /// The texts that depend on the second. A caller copies them and makes the copies show the hit's second.
    pub fn seconds(&self) -> &[SecondText] {
        &self.seconds
    }

    /// The length in bytes that no line exceeds.
    #[inline]
    pub fn longest(&self) -> usize {
        self.longest
    }
}
