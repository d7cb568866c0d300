//! How long to wait before a failed write is tried again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(10);
const LONGEST: Duration = Duration::from_secs(1);

/// The pause after failure number `failures` in a row, counted from 0: 10 ms, doubled each time, at most
/// 1 s. This is short enough to notice within a second that a full disk has room again, and long enough
/// to make retrying cheap.
pub fn pause(failures: u32) -> Duration {
    let factor = 1u32.checked_shl(failures).unwrap_or(u32::MAX);
    FIRST.saturating_mul(factor).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_second() {
        let pauses: Vec<_> = (0..9).map(|n| pause(n).as_millis()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
    }

    #[test]
    fn a_disk_that_stays_full_for_ever_does_not_overflow_it() {
        for failures in [31, 32, 33, u32::MAX] {
            assert_eq!(pause(failures), LONGEST);
        }
    }
}
