//! Where the steps of a program take their texts from.

use super::buffer::LineParts;
use super::clock::SecondText;
use super::dictionary::Dictionary;
use super::texts::put;
use super::visitor_texts::VisitorText;
use crate::stream::Hit;
use crate::stream::timing::Timing;

/// Where the steps take their texts from.
#[derive(Clone, Copy, Debug)]
pub struct LineSource<'a> {
    /// The texts that all logs share.
    pub dictionary: &'a Dictionary,
    /// What is known of the hit's visitor, if visitors are kept.
    pub visitor: Option<&'a VisitorText>,
    /// The texts that depend on the second, brought up to the second of the hit.
    pub seconds: &'a [SecondText],
    /// The times of the request, if the program shows any.
    pub timing: &'a Timing,
}

impl LineSource<'_> {
    /// Appends the remote host of a hit.
    #[inline(always)]
    pub fn host<P: LineParts>(&self, hit: &Hit, line: P) -> P {
        match self.visitor {
            Some(visitor) => visitor.host(line),
            None => self.dictionary.host(hit, line),
        }
    }

    /// The user agent of a hit: an index into [`Dictionary::agents`].
    #[inline(always)]
    pub fn agent(&self, hit: &Hit) -> usize {
        self.visitor.map_or_else(|| self.dictionary.agent(hit), VisitorText::agent)
    }

    /// Appends the text number `number` of those that depend on the second.
    #[inline(always)]
    pub fn second<P: LineParts>(&self, number: usize, line: P) -> P {
        let text = &self.seconds[number];
        // The branch goes the same way in every line.
        if text.len() <= 32 {
            return put::<32, P>(text.bytes(), text.len(), line);
        }
        put::<64, P>(text.bytes(), text.len(), line)
    }
}
