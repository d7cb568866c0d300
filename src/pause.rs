//! The pause: a flag that the disk watch sets while there is no room for more lines, and that the
//! scheduler obeys.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Whether writing is paused; clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Pause {
    on: Arc<AtomicBool>,
    since: Arc<Mutex<Option<Instant>>>,
}

impl Pause {
    /// Begins or ends the pause. Returns whether that changed anything.
    pub fn set(&self, on: bool) -> bool {
        let mut since = self.since.lock();
        *since = if on { since.or_else(|| Some(Instant::now())) } else { None };
        self.on.swap(on, Ordering::AcqRel) != on
    }

    /// How long writing has been paused; zero if it is not.
    pub fn length(&self) -> Duration {
        self.since.lock().map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Whether writing is paused now. Costs no more than reading a variable.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_reaches_every_clone_until_it_ends() {
        let pause = Pause::default();
        let clone = pause.clone();
        assert!(!clone.is_on());
        assert!(pause.set(true));
        assert!(clone.is_on());
        let length = clone.length();
        assert!(!pause.set(true));
        assert!(clone.length() >= length, "a pause that is set again is as old as it was");
        assert!(pause.set(false));
        assert!(!clone.is_on());
        assert_eq!(clone.length(), Duration::ZERO);
    }
}
