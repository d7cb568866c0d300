//! What the program reports about a run to a service manager such as systemd: that it is ready, alive or
//! stopping, and how it is doing, each in a datagram of its own (sd_notify(3)). A pure function decides
//! what to report when; the end of this file sends the datagrams.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::{Duration, Instant};

use indicatif::HumanCount;

use crate::error::{Error, Result};
use crate::os;

/// How often the line in `systemctl status` is renewed, unless a watchdog requires more.
const RENEWED: Duration = Duration::from_secs(10);
/// Writing history makes the start take long. Each report extends the start by this time.
const EXTENSION: Duration = Duration::from_secs(60);

/// What the reports are based on.
#[derive(Clone, Copy, Debug)]
pub struct ServiceSeen {
    /// Whether all history is written.
    pub ready: bool,
    /// Whether lines do not reach the disk.
    pub unhealthy: bool,
    /// The number of lines in access.log.
    pub lines: u64,
}

/// Decides what to report, and when.
#[derive(Debug)]
pub struct Notices {
    interval: Duration,
    watched: bool,
    ready: bool,
    last: Option<Instant>,
}

impl Notices {
    /// Reports for a service manager. `watchdog` is the time within which it must hear from the run, if
    /// it demands that.
    pub fn new(watchdog: Option<Duration>) -> Self {
        // sd_watchdog_enabled(3) advises half of that time; a third leaves room for a busy machine.
        let interval = watchdog.map_or(RENEWED, |watchdog| (watchdog / 3).min(RENEWED));
        Self { interval, watched: watchdog.is_some(), ready: false, last: None }
    }

    /// The report that is due at `now`, if any.
    pub fn due(&mut self, now: Instant, seen: ServiceSeen) -> Option<String> {
        let becomes_ready = seen.ready && !self.ready;
        let is_time =
            self.last.is_none_or(|last| now.saturating_duration_since(last) >= self.interval);
        if !becomes_ready && !is_time {
            return None;
        }
        self.ready |= seen.ready;
        self.last = Some(now);
        let lines = HumanCount(seen.lines);
        let mut text = match (seen.unhealthy, self.ready) {
            (true, _) => format!("STATUS=Unhealthy, lines do not reach the disk: {lines} lines\n"),
            (false, true) => format!("STATUS=Running: {lines} lines\n"),
            (false, false) => format!("STATUS=Writing the lines before now: {lines} lines\n"),
        };
        if becomes_ready {
            text += "READY=1\n";
        } else if !self.ready {
            text += &format!("EXTEND_TIMEOUT_USEC={}\n", EXTENSION.as_micros());
        }
        if self.watched {
            text += "WATCHDOG=1\n";
        }
        Some(text)
    }
}

/// The report at the end of a run.
pub const STOPPING: &str = "STOPPING=1\n";

/// A connection to a service manager.
#[derive(Debug)]
pub struct ServiceManager {
    socket: UnixDatagram,
    address: SocketAddr,
    watchdog: Option<Duration>,
}

impl ServiceManager {
    /// The service manager that started this process; `None` if there is none, or it wants no reports.
    ///
    /// # Errors
    /// `NOTIFY_SOCKET` does not name a socket.
    pub fn of(process: u32, variables: impl Fn(&str) -> Option<OsString>) -> Result<Option<Self>> {
        let Some(name) = variables("NOTIFY_SOCKET").filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        let wrong = |cause| Error::new("reach NOTIFY_SOCKET,", name.display(), cause);
        let address = match name.as_bytes() {
            [b'@', name @ ..] => os::abstract_address(name),
            _ => SocketAddr::from_pathname(&name),
        };
        let number = |name: &str| variables(name)?.to_str()?.parse::<u64>().ok();
        // A watchdog of another process does not concern this one.
        let is_ours = number("WATCHDOG_PID").is_none_or(|watched| watched == u64::from(process));
        let watchdog = number("WATCHDOG_USEC").filter(|usec| *usec > 0 && is_ours);
        Ok(Some(Self {
            socket: UnixDatagram::unbound().map_err(wrong)?,
            address: address.map_err(wrong)?,
            watchdog: watchdog.map(Duration::from_micros),
        }))
    }

    /// The time within which the service manager must hear that the process is alive.
    pub fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// Sends a report.
    ///
    /// # Errors
    /// The service manager cannot be reached.
    pub fn tell(&self, text: &str) -> Result<()> {
        let sent = self.socket.send_to_addr(text.as_bytes(), &self.address);
        sent.map(|_| ()).map_err(|cause| Error::new("tell", "the service manager", cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING: ServiceSeen = ServiceSeen { ready: true, unhealthy: false, lines: 1234 };
    const WARMING: ServiceSeen = ServiceSeen { ready: false, ..RUNNING };

    #[test]
    fn readiness_is_told_at_once_and_once() {
        let now = Instant::now();
        let mut notices = Notices::new(None);
        assert_eq!(
            notices.due(now, WARMING).as_deref(),
            Some(
                "STATUS=Writing the lines before now: 1,234 lines\nEXTEND_TIMEOUT_USEC=60000000\n"
            )
        );
        let soon = now + Duration::from_millis(100);
        assert_eq!(notices.due(soon, WARMING), None);
        assert_eq!(
            notices.due(soon, RUNNING).as_deref(),
            Some("STATUS=Running: 1,234 lines\nREADY=1\n")
        );
        assert_eq!(notices.due(soon, RUNNING), None);
        let later = notices.due(soon + RENEWED, RUNNING);
        assert_eq!(later.as_deref(), Some("STATUS=Running: 1,234 lines\n"));
    }

    #[test]
    fn a_watchdog_hears_of_the_run_three_times_in_its_span_also_while_history_is_written() {
        let mut now = Instant::now();
        let mut notices = Notices::new(Some(Duration::from_secs(3)));
        for seen in [WARMING, WARMING, RUNNING, RUNNING] {
            assert!(notices.due(now, seen).is_some_and(|text| text.contains("WATCHDOG=1")));
            assert_eq!(notices.due(now + Duration::from_millis(999), seen), None);
            now += Duration::from_secs(1);
        }
    }

    #[test]
    fn trouble_is_shown() {
        let text =
            Notices::new(None).due(Instant::now(), ServiceSeen { unhealthy: true, ..RUNNING });
        assert!(text.is_some_and(|text| text.starts_with("STATUS=Unhealthy")));
    }

    fn manager(variables: &[(&str, &str)]) -> Option<ServiceManager> {
        let of = |name: &str| {
            variables.iter().find(|variable| variable.0 == name).map(|(_, value)| (*value).into())
        };
        ServiceManager::of(7, of).unwrap()
    }

    #[test]
    fn who_started_it_is_told_by_a_datagram() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("socket");
        let receiver = UnixDatagram::bind(&path).unwrap();
        let manager = manager(&[("NOTIFY_SOCKET", path.to_str().unwrap())]).unwrap();
        manager.tell(STOPPING).unwrap();
        let mut text = [0; 64];
        let length = receiver.recv(&mut text).unwrap();
        assert_eq!(&text[..length], STOPPING.as_bytes());
        assert_eq!(manager.watchdog(), None);
        drop(receiver);
        assert!(manager.tell(STOPPING).unwrap_err().to_string().contains("the service manager"));
    }

    #[test]
    fn without_a_socket_nobody_is_told_and_a_watchdog_of_another_process_is_none() {
        assert!(manager(&[]).is_none());
        assert!(manager(&[("NOTIFY_SOCKET", ""), ("WATCHDOG_USEC", "5")]).is_none());
        let watchdog = |pid| {
            let socket = ("NOTIFY_SOCKET", "@name");
            manager(&[socket, ("WATCHDOG_USEC", "30000000"), ("WATCHDOG_PID", pid)])?.watchdog()
        };
        assert_eq!(watchdog("7"), Some(Duration::from_secs(30)));
        assert_eq!(watchdog("8"), None);
    }
}
