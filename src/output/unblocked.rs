//! Writing to standard error without ever waiting for its reader.

use std::io::{self, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Writes to standard error, or drops the bytes if that would block.
pub fn write_unless_it_waits(bytes: &[u8]) {
    let stderr = io::stderr();
    let mut ready = [PollFd::new(&stderr, PollFlags::OUT)];
    // A pipe that is ready takes PIPE_BUF bytes (4096 on Linux) without blocking.
    if poll(&mut ready, Some(&Timespec::default())).is_ok_and(|ready| ready > 0) {
        let _ = stderr.lock().write_all(bytes);
    }
}
