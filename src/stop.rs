//! The stop signal: a flag that the scheduler watches, and a sleep that the flag interrupts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// The stop signal. Clones share one signal. Once requested, it stays requested.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    shared: Arc<StopShared>,
}

#[derive(Debug, Default)]
struct StopShared {
    requested: AtomicBool,
    /// Whether a sleep is to end without a request.
    woken_up: AtomicBool,
    at: OnceLock<Instant>,
    /// Held while the flag is set, and while a thread checks it for the last time before it sleeps. So a
    /// request cannot slip in between.
    gate: Mutex<()>,
    woken: Condvar,
}

impl Stop {
    /// Requests the end of the run, and wakes the threads in [`Stop::wait_until`].
    pub fn request(&self) {
        let _gate = self.shared.gate.lock();
        self.shared.at.get_or_init(Instant::now);
        self.shared.requested.store(true, Ordering::Release);
        self.shared.woken.notify_all();
    }

    /// Ends the sleep of a thread in [`Stop::wait_until`], or its next one, without requesting the end.
    pub fn wake(&self) {
        let _gate = self.shared.gate.lock();
        self.shared.woken_up.store(true, Ordering::Release);
        self.shared.woken.notify_all();
    }

    /// Whether the end was requested. Costs no more than reading a variable.
    pub fn requested(&self) -> bool {
        self.shared.requested.load(Ordering::Acquire)
    }

    /// How long ago the end was first requested; `None` if it was not.
    pub fn age(&self) -> Option<Duration> {
        self.shared.at.get().map(Instant::elapsed)
    }

    /// Sleeps until `deadline`, until it is [woken](Stop::wake) or until the stop. Returns whether the stop was requested. If the
    /// deadline has passed, it does not sleep.
    pub fn wait_until(&self, deadline: Instant) -> bool {
        let mut gate = self.shared.gate.lock();
        while !self.requested() && !self.shared.woken_up.swap(false, Ordering::AcqRel) {
            if self.shared.woken.wait_until(&mut gate, deadline).timed_out() {
                break;
            }
        }
        self.requested()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// Farther off than any test runs.
    fn far() -> Instant {
        Instant::now() + Duration::from_secs(3600)
    }

    #[test]
    fn nothing_is_requested_at_first() {
        assert!(!Stop::default().requested());
        assert_eq!(Stop::default().age(), None);
    }

    #[test]
    fn a_request_reaches_every_clone_and_stays() {
        let stop = Stop::default();
        let clone = stop.clone();
        clone.request();
        let age = stop.age().unwrap();
        clone.request();
        assert!(stop.requested());
        assert!(stop.age().unwrap() >= age, "a second request does not make it younger");
    }

    #[test]
    fn a_deadline_that_has_passed_does_not_sleep() {
        assert!(!Stop::default().wait_until(Instant::now()));
    }

    #[test]
    fn a_stop_that_came_before_ends_the_sleep_at_once() {
        let stop = Stop::default();
        stop.request();
        assert!(stop.wait_until(far()));
    }

    #[test]
    fn a_stop_ends_the_sleep_of_every_thread() {
        let stop = Stop::default();
        let sleepers: Vec<_> = (0..4)
            .map(|_| {
                let stop = stop.clone();
                thread::spawn(move || stop.wait_until(far()))
            })
            .collect();
        stop.request();
        for sleeper in sleepers {
            assert!(sleeper.join().unwrap());
        }
    }
}
