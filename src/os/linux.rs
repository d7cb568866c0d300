//! Linux.

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use rustix::param::{clock_ticks_per_second, page_size};
use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};

use super::common::{Process, rename_if_free};

/// The abstract socket address with this name (unix(7)).
///
/// # Errors
/// The name is longer than 107 bytes.
pub fn abstract_address(name: &[u8]) -> io::Result<SocketAddr> {
    SocketAddr::from_abstract_name(name)
}

/// Renames a file without ever replacing another.
///
/// # Errors
/// `AlreadyExists` if the new name is taken, and every error of rename(2).
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_if_free(from, to),
        Err(error) => Err(error.into()),
    }
}

/// Has a pipe hold so many bytes, so that its two ends wake each other less often. A pipe that holds more stays
/// as it is.
///
/// # Errors
/// It is no pipe, or the system's limit does not allow it (pipe(7)). Nothing has changed then.
pub fn widen_pipe(pipe: impl AsFd, bytes: usize) -> io::Result<()> {
    if fcntl_getpipe_size(&pipe)? < bytes {
        fcntl_setpipe_size(&pipe, bytes)?;
    }
    Ok(())
}

/// The measurements of this process from /proc
/// (<https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>); `None` if that is not mounted.
pub fn process() -> Option<Process> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (ticks, pages) = times_and_pages(&stat)?;
    // One of them is the open directory itself.
    let open = fs::read_dir("/proc/self/fd").ok()?.count() as u64 - 1;
    Some(Process {
        cpu_seconds: ticks as f64 / clock_ticks_per_second() as f64,
        resident_bytes: pages * page_size() as u64,
        open_fds: open,
    })
}

/// utime + stime (fields 14 and 15) and rss (field 24) of a line of /proc/PID/stat. The name in field 2
/// may contain anything, even parentheses.
fn times_and_pages(stat: &str) -> Option<(u64, u64)> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    // `fields` begins with field 3.
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    Some((field(14)? + field(15)?, field(24)?))
}

/// Whether this process ignores a signal. If /proc is not mounted, the answer is no.
pub fn ignores(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status_ignores(&status, signal)
}

/// Whether a process ignores a signal, by its /proc/PID/status (proc(5), `SigIgn`).
fn status_ignores(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use signal_hook::consts::{SIGHUP, SIGINT};

    use super::*;

    #[test]
    fn a_name_of_parentheses_and_spaces_shifts_no_field() {
        let fields: Vec<String> = (4..=52).map(|field| field.to_string()).collect();
        let line = format!("1 (a) b (c) R {}", fields.join(" "));
        assert_eq!(times_and_pages(&line), Some((29, 24)));
        assert_eq!(times_and_pages("1 (a) R 4 5"), None);
    }

    #[test]
    fn this_process_has_memory_and_open_files() {
        let Some(process) = process() else { return };
        assert!(process.resident_bytes > 100_000 && process.open_fds >= 3, "{process:?}");
    }

    #[test]
    fn a_hangup_that_nohup_ignores_stays_ignored() {
        let status = |mask: &str| format!("Name:\tx\nSigBlk:\tffff\nSigIgn:\t{mask}\nSigCgt:\t0\n");
        assert!(status_ignores(&status("0000000000000001"), SIGHUP));
        assert!(!status_ignores(&status("0000000000001006"), SIGHUP));
        assert!(status_ignores(&status("0000000000001006"), SIGINT));
        assert!(!status_ignores("", SIGHUP));
    }
}
