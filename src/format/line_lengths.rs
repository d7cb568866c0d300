//! How long lines are, without writing them.

use std::sync::Arc;

use super::buffer::Length;
use super::clock::{SecondClock, SecondText};
use super::logs::Logs;
use crate::stream::Hit;

/// Computes the lengths of the lines of access.log.
#[derive(Debug)]
pub struct LineLengths {
    logs: Arc<Logs>,
    clock: SecondClock,
    seconds: Box<[SecondText]>,
}

impl LineLengths {
    /// The lengths of lines of these logs.
    pub fn new(logs: Arc<Logs>) -> Self {
        let clock = SecondClock::new(logs.dictionary().zone().clone());
        let seconds = logs.access().seconds().into();
        Self { logs, clock, seconds }
    }

    /// The length of a hit's line, in bytes with its line feed.
    pub fn of(&mut self, hit: &Hit) -> u64 {
        let second = self.clock.second_of(hit.time);
        self.seconds.iter_mut().for_each(|text| text.show(&second));
        let (logs, seconds) = (&self.logs, &self.seconds);
        logs.access().append(logs.dictionary(), seconds, hit, Length::default()).0 as u64
    }
}
