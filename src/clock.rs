//! The wall clock as the stream needs it: even, never going backwards, and in nanoseconds since
//! the Unix epoch, so that wall time and simulated time are one scale.
//!
//! The host's clock may be set while the program runs. Between such steps time is measured by the
//! monotonic clock alone. A step forward is followed. A step back is not: stamps would go
//! backwards or the log would fall silent, so the clock runs on, ahead of the host's, until the
//! next start.

use std::time::{Duration, Instant, SystemTime};

/// Two clocks that differ by more than this were set; less is how coarsely they are read.
const TOLERANCE: Duration = Duration::from_millis(100);

/// The two clocks are read one after the other. If that took longer, the thread was held up in
/// between, and their difference says nothing.
const HELD_UP: Duration = Duration::from_millis(10);

/// The host's clock was set, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStep {
    /// Set forward, or the host slept. Where the time is not ahead of the host's, it followed.
    Forward(Duration),
    /// Set back: the time runs on, ahead of the host's by this much in addition.
    Back(Duration),
}

/// The wall clock of a run.
#[derive(Clone, Debug)]
pub struct Clock {
    /// When the clock was started.
    origin: Instant,
    /// The host's time of day at the origin, had it always been set as it is now.
    host: u64,
    /// The time at the origin, likewise; never behind `host`, and it never falls.
    base: u64,
}

impl Clock {
    /// Starts at the host's time.
    pub fn start() -> Self {
        Self::start_at(Instant::now(), SystemTime::now())
    }

    /// [`Clock::start`] with both clocks given.
    pub fn start_at(monotonic: Instant, host: SystemTime) -> Self {
        let host = since_epoch(host);
        Self { origin: monotonic, host, base: host }
    }

    /// The time now, in nanoseconds since the Unix epoch, and a step of the host's clock if there
    /// was one since the last call.
    pub fn now(&mut self) -> (u64, Option<ClockStep>) {
        let before = Instant::now();
        let host = SystemTime::now();
        if before.elapsed() > HELD_UP {
            return (self.at(before), None);
        }
        let step = self.judge(before, host);
        (self.at(before), step)
    }

    /// The time at an instant, in nanoseconds since the Unix epoch, as the clock is set now.
    pub fn at(&self, monotonic: Instant) -> u64 {
        self.base.saturating_add(nanos(monotonic.saturating_duration_since(self.origin)))
    }

    /// The instant at which the clock shows `time`: what to sleep until. For a time before the
    /// start it is the start.
    pub fn instant_of(&self, time: u64) -> Instant {
        let ahead = Duration::from_nanos(time.saturating_sub(self.base));
        // An Instant holds no later time: the caller looks again in a day.
        self.origin
            .checked_add(ahead)
            .unwrap_or_else(|| Instant::now() + Duration::from_secs(86_400))
    }

    /// Compares the host's clock with what it should show, and follows a step.
    pub fn judge(&mut self, monotonic: Instant, host: SystemTime) -> Option<ClockStep> {
        let elapsed = nanos(monotonic.saturating_duration_since(self.origin));
        let host = since_epoch(host).saturating_sub(elapsed);
        let difference = Duration::from_nanos(host.abs_diff(self.host));
        if difference <= TOLERANCE {
            return None;
        }
        let forward = host > self.host;
        self.host = host;
        self.base = self.base.max(host);
        Some(if forward { ClockStep::Forward(difference) } else { ClockStep::Back(difference) })
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// A host whose clock stands before 1970 is taken to stand at 1970.
fn since_epoch(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, nanos)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: u64 = 1_700_000_000;

    /// A host with two clocks that a test can turn.
    struct Host {
        monotonic: Instant,
        wall: SystemTime,
    }

    impl Host {
        fn new() -> Self {
            let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(START);
            Self { monotonic: Instant::now(), wall }
        }

        fn clock(&self) -> Clock {
            Clock::start_at(self.monotonic, self.wall)
        }

        fn pass(&mut self, time: Duration) {
            self.monotonic += time;
            self.wall += time;
        }

        fn read(&self, clock: &mut Clock) -> (u64, Option<ClockStep>) {
            let step = clock.judge(self.monotonic, self.wall);
            (clock.at(self.monotonic), step)
        }
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Nanoseconds of a time that many seconds after the start.
    fn after(seconds: u64) -> u64 {
        (START + seconds) * 1_000_000_000
    }

    #[test]
    fn an_undisturbed_clock_shows_the_hosts_time() {
        let mut host = Host::new();
        let mut clock = host.clock();
        assert_eq!(host.read(&mut clock), (after(0), None));
        host.pass(seconds(90_000));
        assert_eq!(host.read(&mut clock), (after(90_000), None));
    }

    #[test]
    fn a_host_clock_set_forward_is_followed_and_told_once() {
        let mut host = Host::new();
        let mut clock = host.clock();
        host.pass(seconds(10));
        host.wall += seconds(3600);
        assert_eq!(host.read(&mut clock), (after(3610), Some(ClockStep::Forward(seconds(3600)))));
        host.pass(seconds(1));
        assert_eq!(host.read(&mut clock), (after(3611), None));
    }

    #[test]
    fn a_host_clock_set_back_is_told_once_and_the_time_runs_on() {
        let mut host = Host::new();
        let mut clock = host.clock();
        host.pass(seconds(10));
        host.wall -= seconds(3600);
        assert_eq!(host.read(&mut clock), (after(10), Some(ClockStep::Back(seconds(3600)))));
        host.pass(seconds(5));
        assert_eq!(host.read(&mut clock), (after(15), None));
    }

    #[test]
    fn a_host_clock_that_is_set_right_again_is_met_again() {
        let mut host = Host::new();
        let mut clock = host.clock();
        host.wall -= seconds(60);
        host.read(&mut clock);
        host.pass(seconds(10));
        host.wall += seconds(60);
        assert_eq!(host.read(&mut clock), (after(10), Some(ClockStep::Forward(seconds(60)))));
    }

    #[test]
    fn readings_that_differ_a_little_are_no_step() {
        let mut host = Host::new();
        let mut clock = host.clock();
        host.pass(seconds(10));
        host.wall += TOLERANCE;
        assert_eq!(host.read(&mut clock), (after(10), None));
    }

    #[test]
    fn the_instant_of_a_time_is_when_the_clock_shows_it() {
        let mut host = Host::new();
        let mut clock = host.clock();
        host.wall += seconds(3600);
        host.read(&mut clock);
        let due = clock.instant_of(after(3607));
        assert_eq!(due, host.monotonic + seconds(7));
        assert_eq!(clock.at(due), after(3607));
        assert_eq!(clock.instant_of(after(0)), host.monotonic);
    }

    #[test]
    fn a_time_that_never_comes_is_an_instant_all_the_same() {
        assert!(Host::new().clock().instant_of(u64::MAX) > Instant::now());
    }

    proptest! {
        #[test]
        fn whatever_is_done_to_the_hosts_clock_the_time_never_goes_backwards(
            turns in proptest::collection::vec((0u64..100_000, -5_000_000i64..5_000_000), 0..50),
        ) {
            let mut host = Host::new();
            let mut clock = host.clock();
            let mut last = after(0);
            for (passed, set) in turns {
                host.pass(Duration::from_millis(passed));
                let by = Duration::from_millis(set.unsigned_abs());
                if set < 0 { host.wall -= by } else { host.wall += by }
                let (now, _) = host.read(&mut clock);
                prop_assert!(now >= last + passed * 1_000_000);
                last = now;
            }
        }
    }
}
