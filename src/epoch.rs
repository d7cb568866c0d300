//! An epoch: a stretch of a run with a stream of its own. A run has one, and begins another where the
//! clock jumps too far for the stream to follow. Values only; no thread and no clock may enter here.

use jiff::Timestamp;

use crate::stream::random::mix;
use crate::stream::{Time, timestamp};

/// A stretch of a run with a stream of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// The seed of its stream.
    pub seed: u64,
    /// Where its stream starts, in simulated time.
    pub start: Time,
    /// How many lines of the run are before it.
    pub after_line: u64,
}

impl Epoch {
    /// The epoch that a run begins with.
    pub fn first(seed: u64, start: Time) -> Self {
        Self { seed, start, after_line: 0 }
    }

    /// The epoch that begins at `start`, behind so many lines of the run. Its seed comes from this one's and
    /// from its start, so that each epoch has other visitors; it has 32 bits, as every seed that is drawn.
    pub fn following(&self, start: Time, after_line: u64) -> Self {
        Self { seed: mix(self.seed ^ mix(start)) >> 32, start, after_line }
    }

    /// Where its stream starts, as a time stamp.
    pub fn started(&self) -> Timestamp {
        timestamp(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::SECOND;

    #[test]
    fn an_epoch_has_a_seed_of_its_own_that_its_start_and_the_epoch_before_decide() {
        let first = Epoch::first(7, 5 * SECOND);
        let next = first.following(9 * SECOND, 120);
        assert_eq!(next, first.following(9 * SECOND, 120));
        assert_eq!((next.start, next.after_line), (9 * SECOND, 120));
        assert!(next.seed <= u64::from(u32::MAX));
        let others = [
            first.seed,
            first.following(10 * SECOND, 120).seed,
            next.following(9 * SECOND, 120).seed,
        ];
        assert!(!others.contains(&next.seed), "{next:?} {others:?}");
    }
}
