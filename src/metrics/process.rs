//! What the system says of this process, in Linux' /proc
//! (<https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>); nothing where there is none.

use std::fs;

use rustix::param::{clock_ticks_per_second, page_size};

/// The process at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Process {
    /// Time on a processor, user and system, in seconds.
    pub cpu_seconds: f64,
    /// Memory that is not swapped out, in bytes.
    pub resident_bytes: u64,
    /// Open files, sockets among them.
    pub open_fds: u64,
}

impl Process {
    /// Looks.
    pub fn look() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let (ticks, pages) = times_and_pages(&stat)?;
        // One of them is that of the directory itself.
        let open = fs::read_dir("/proc/self/fd").ok()?.count() as u64 - 1;
        Some(Self {
            cpu_seconds: ticks as f64 / clock_ticks_per_second() as f64,
            resident_bytes: pages * page_size() as u64,
            open_fds: open,
        })
    }
}

/// utime + stime (fields 14 and 15) and rss (24) of a line of /proc/PID/stat. The name in field 2 may
/// hold anything, parentheses too.
fn times_and_pages(stat: &str) -> Option<(u64, u64)> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    // The first of these is field 3.
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    Some((field(14)? + field(15)?, field(24)?))
}

#[cfg(test)]
mod tests {
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
        let Some(process) = Process::look() else { return };
        assert!(process.resident_bytes > 100_000 && process.open_fds >= 3, "{process:?}");
    }
}
