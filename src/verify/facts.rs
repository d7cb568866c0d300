//! What the record of a run says of its lines, before any of them is made.

use crate::time::Time;

/// What is known of a run before any of its lines is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Which of the records that were given tells of it.
    pub record: usize,
    /// How many lines it has, if it has ended; otherwise, how many at least.
    pub lines: u64,
    /// It ended in its own good order.
    pub ended: bool,
    /// When its stream starts.
    pub start: Time,
    /// How far the stream had come.
    pub reached: Time,
    /// Another run was started behind it in the same directory: this one is over.
    pub followed: bool,
    /// When that one started, if no line of this one is of a later time.
    pub next_start: Option<Time>,
    /// If it has not ended: so many lines more than `lines` it may have written at the least.
    pub unrecorded: u64,
}

impl Facts {
    /// A time behind which it has no line; `None` where that is not known.
    pub fn until(&self) -> Option<Time> {
        if self.ended { Some(self.reached) } else { self.next_start }
    }
}
