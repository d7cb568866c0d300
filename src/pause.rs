//! The pause: one flag that the disk watch sets while there is no room for more lines, and that the
//! scheduler obeys.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether writing is paused; clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Pause {
    on: Arc<AtomicBool>,
}

impl Pause {
    /// Begins or ends the pause; says whether that changed anything.
    pub fn set(&self, on: bool) -> bool {
        self.on.swap(on, Ordering::AcqRel) != on
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
        assert!(!pause.set(true));
        assert!(pause.set(false));
        assert!(!clone.is_on());
    }
}
