//! Where an epoch begins. Together with its seed, this is all that distinguishes its stream from another
//! epoch's.

use jiff::Timestamp;

use crate::stream::random::mix;
use crate::time::{Time, timestamp};

/// The seed of an epoch's stream, and the point of the run at which the epoch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// The seed of the epoch's stream.
    pub seed: u64,
    /// When the stream starts, in simulated time.
    pub start: Time,
    /// How many lines of the run come before it.
    pub after_line: u64,
}

impl Beginning {
    /// The beginning of the first epoch of a run.
    pub fn first(seed: u64, start: Time) -> Self {
        Self { seed, start, after_line: 0 }
    }

    /// The beginning of the next epoch: at `start`, after `after_line` lines of the run. Its seed is
    /// derived from this one's and from `start`, so that each epoch has other visitors. It has 32 bits,
    /// like every seed that is drawn.
    pub fn following(&self, start: Time, after_line: u64) -> Self {
        Self { seed: mix(self.seed ^ mix(start)) >> 32, start, after_line }
    }

    /// When the stream starts, as a timestamp.
    pub fn started(&self) -> Timestamp {
        timestamp(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    #[test]
    fn an_epoch_has_a_seed_of_its_own_that_its_start_and_the_epoch_before_decide() {
        let first = Beginning::first(7, 5 * SECOND);
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
