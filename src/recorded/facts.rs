//! What the record of a run says about its lines, before any of them is made.

use crate::time::Time;

/// What is known about a run before any of its lines is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The index of the record, among those given, that describes the run.
    pub record: usize,
    /// How many lines the run has if it has ended; otherwise, how many it has at least.
    pub lines: u64,
    /// Whether the run ended in good order.
    pub ended: bool,
    /// When the stream starts.
    pub start: Time,
    /// The simulated time that the stream had reached.
    pub reached: Time,
    /// Whether another run was started later in the same directory, so that this one is over.
    pub followed: bool,
    /// When that later run started, if no line of this run has a later time.
    pub next_start: Option<Time>,
    /// For a run that has not ended: how many lines beyond `lines` it may have written at least.
    pub unrecorded: u64,
    /// How many entries the scenario has, if some of them spoil lines of the log; 0 otherwise.
    pub spoilt: usize,
    /// By how much the stamps of lines may be off, because an event says so.
    pub off: Time,
}

impl Facts {
    /// A time after which the run has no lines; `None` if unknown.
    pub fn until(&self) -> Option<Time> {
        if self.ended { Some(self.reached) } else { self.next_start }
    }
}
