//! Where an epoch begins: with its seed, all that tells its stream from that of another epoch.

use jiff::Timestamp;

use crate::stream::random::mix;
use crate::time::{Time, timestamp};

/// Where an epoch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// The seed of the epoch's stream.
    pub seed: u64,
    /// Where that stream starts, in simulated time.
    pub start: Time,
    /// How many lines of the run are before it.
    pub after_line: u64,
}

impl Beginning {
    /// The beginning of a run's first epoch.
    pub fn first(seed: u64, start: Time) -> Self {
        Self { seed, start, after_line: 0 }
    }

    /// The beginning of the next epoch: at `start`, behind so many lines of the run. Its seed comes from this
    /// one's and from its start, so that each epoch has other visitors; it has 32 bits, as every seed that is
    /// drawn.
    pub fn following(&self, start: Time, after_line: u64) -> Self {
        Self { seed: mix(self.seed ^ mix(start)) >> 32, start, after_line }
    }

    /// Where the stream starts, as a time stamp.
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
