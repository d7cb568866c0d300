//! The wall clock as the stream needs it: it runs evenly and never goes backwards. It counts nanoseconds
//! since the Unix epoch, so that wall time and simulated time share one scale.
//!
//! The host's clock may be set while the program runs. Between such steps, only the monotonic clock
//! measures time. This clock follows a step forward. It does not follow a step back, because stamps
//! would go backwards or the log would fall silent; it runs on, ahead of the host's clock, until the
//! next start.

use std::time::{Duration, Instant, SystemTime};

/// If the two clocks differ by more than this, the host's clock was set. Smaller differences come from
/// reading them.
const TOLERANCE: Duration = Duration::from_millis(100);

/// The two clocks are read one after the other. If that took longer than this, the thread was held up in
/// between, and the difference means nothing.
const HELD_UP: Duration = Duration::from_millis(10);

/// A step of the host's clock, and its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStep {
    /// The host's clock was set forward, or the host slept. This clock follows, unless it is ahead of
    /// the host's.
    Forward(Duration),
    /// The host's clock was set back. This clock runs on, ahead of the host's by this much more.
    Back(Duration),
}

/// The wall clock of a run.
#[derive(Clone, Debug)]
pub struct Clock {
    /// When the clock was started.
    origin: Instant,
    /// What the host's clock would have shown at the origin with its current setting, in ns.
    host: u64,
    /// What this clock would have shown at the origin, in ns. Never less than `host`, and it never falls.
    base: u64,
}

impl Clock {
    /// Starts at the time of the host's clock.
    pub fn start() -> Self {
        Self::start_at(Instant::now(), SystemTime::now())
    }

    /// [`Clock::start`] with the readings of both clocks given.
    pub fn start_at(monotonic: Instant, host: SystemTime) -> Self {
        let host = since_epoch(host);
        Self { origin: monotonic, host, base: host }
    }

    /// The time now, in nanoseconds since the Unix epoch, and a step of the host's clock if there was
    /// one since the last call.
    pub fn now(&mut self) -> (u64, Option<ClockStep>) {
        let before = Instant::now();
        let host = SystemTime::now();
        if before.elapsed() > HELD_UP {
            return (self.at(before), None);
        }
        let step = self.judge(before, host);
        (self.at(before), step)
    }

    /// The time at an instant, in nanoseconds since the Unix epoch, by the current setting.
    pub fn at(&self, monotonic: Instant) -> u64 {
        self.base.saturating_add(nanos(monotonic.saturating_duration_since(self.origin)))
    }

    /// The instant at which the clock shows `time`, to sleep until. For a time before the start, it is
    /// the start.
    pub fn instant_of(&self, time: u64) -> Instant {
        let ahead = Duration::from_nanos(time.saturating_sub(self.base));
        // An `Instant` cannot hold a later time. The caller looks again after a day.
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

/// Nanoseconds since 1970. A clock before 1970 counts as being at 1970.
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
