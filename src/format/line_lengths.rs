//! How long lines are, without writing them.

use std::sync::Arc;

use super::buffer::Length;
use super::clock::{SecondClock, SecondText};
use super::formatter::Formatter;
use super::logs::Logs;
use super::rendered::RenderedHits;
use crate::stream::Hit;

/// Computes the lengths of the lines of access.log.
#[derive(Debug)]
pub struct LineLengths {
    logs: Arc<Logs>,
    clock: SecondClock,
    seconds: Box<[SecondText]>,
    /// Renders the lines that are spoilt.
    formatter: Formatter,
    rendered: RenderedHits,
}

impl LineLengths {
    /// The lengths of lines of these logs.
    pub fn new(logs: Arc<Logs>) -> Self {
        let clock = SecondClock::new(logs.dictionary().zone().clone());
        let seconds = logs.access().seconds().into();
        let formatter = Formatter::new(Arc::clone(&logs));
        Self { logs, clock, seconds, formatter, rendered: RenderedHits::default() }
    }

    /// The length of a hit's line, in bytes with its line feed: of what is written for it.
    pub fn of(&mut self, hit: &Hit) -> u64 {
        if hit.spoilt_by().is_some() {
            self.rendered.clear();
            self.formatter.render(std::slice::from_ref(hit), &mut self.rendered);
            return self.rendered.first().len() as u64;
        }
        let second = self.clock.second_of(hit.time);
        self.seconds.iter_mut().for_each(|text| text.show(&second));
        let (logs, seconds) = (&self.logs, &self.seconds);
        logs.access().append((logs.dictionary(), None), seconds, hit, Length::default()).0 as u64
    }
}
