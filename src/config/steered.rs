//! What steering has made of an entry of a scenario during a run: from when until when the configuration has had it, and when it
//! was started and stopped by hand. No configuration says this; it follows from the acts of a run.

use crate::time::Time;

/// The acts that concern one entry of a scenario, in simulated time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steered {
    /// No event begins before this time.
    pub from: Time,
    /// The first instant at which the configuration no longer has the entry: what is on ends, and nothing begins.
    pub until: Time,
    /// When events were started and stopped, in the order of time.
    pub turns: Vec<Turn>,
}

/// A start or a stop by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When it is.
    pub at: Time,
    /// Whether an event begins. If not, the one that is on ends.
    pub begins: bool,
}

impl Default for Steered {
    fn default() -> Self {
        Self { from: 0, until: Time::MAX, turns: Vec::new() }
    }
}

impl Steered {
    /// Adds a start or a stop, which comes after all others. Of several at one time the last counts.
    pub fn turn(&mut self, turn: Turn) {
        self.turns.retain(|other| other.at != turn.at);
        self.turns.push(turn);
    }

    /// Whether the configuration still has the entry.
    pub fn is_in_force(&self) -> bool {
        self.until == Time::MAX
    }

    /// The latest start by hand at `now` or before it.
    pub fn latest_start(&self, now: Time) -> Option<Time> {
        let starts = self.turns.iter().rev().filter(|turn| turn.begins);
        starts.map(|turn| turn.at).find(|at| *at <= now)
    }

    /// The first start by hand after `now`; `Time::MAX` for none.
    pub fn next_start(&self, now: Time) -> Time {
        self.first_after(now, true)
    }

    /// When an event that began at `start` is stopped by hand, or with its entry; `Time::MAX` for never.
    pub fn stop_after(&self, start: Time) -> Time {
        self.first_after(start, false).min(self.until)
    }

    fn first_after(&self, now: Time, begins: bool) -> Time {
        let mut turns = self.turns.iter().filter(|turn| turn.begins == begins && turn.at > now);
        turns.next().map_or(Time::MAX, |turn| turn.at)
    }
}
