//! A compiled format: the steps that append a line, and the length that no line exceeds.

use super::buffer::LineParts;
use super::clock::SecondText;
use super::op::LineSource;
use super::steps::Steps;
use crate::stream::Hit;

/// A LogFormat compiled for a dictionary.
#[derive(Debug)]
pub struct Program {
    pub(super) steps: Steps,
    /// The texts that depend on the second, before they show one.
    pub(super) seconds: Box<[SecondText]>,
    pub(super) longest: usize,
}

impl Program {
    /// Appends the line of a hit. `source` needs [`Program::seconds`], brought up to the hit's second.
    #[inline(always)]
    pub fn append<P: LineParts>(&self, source: LineSource<'_>, hit: &Hit, line: P) -> P {
        self.steps.append(source, hit, line)
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
