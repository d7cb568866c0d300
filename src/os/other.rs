//! The substitute for what only Linux has, made from POSIX, for macOS and FreeBSD.

// On Linux, only its tests use it.
#![cfg_attr(target_os = "linux", allow(dead_code, reason = "the other room is in use"))]

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use super::common::{Process, rename_if_free};

/// Only Linux has abstract addresses.
///
/// # Errors
/// Always: `Unsupported`.
pub fn abstract_address(_name: &[u8]) -> io::Result<SocketAddr> {
    let cause = "this system has no abstract addresses, which begin with @; name a path";
    Err(io::Error::new(io::ErrorKind::Unsupported, cause))
}

/// Renames a file without replacing one that exists already.
///
/// # Errors
/// `AlreadyExists` if the new name is taken, and every error of rename(2).
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    rename_if_free(from, to)
}

/// Only Linux lets a program say how much a pipe holds.
///
/// # Errors
/// Always: `Unsupported`.
pub fn widen_pipe(_pipe: impl AsFd, _bytes: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The measurements of this process: none, because reading them would need `unsafe`.
pub fn process() -> Option<Process> {
    None
}

/// Whether this process ignores a signal. sigaction(2) would be `unsafe`, but child processes inherit
/// ignored signals, so a shell that signals itself can tell. Without a shell, the answer is no.
pub fn ignores(signal: i32) -> bool {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("kill -{signal} $$")]);
    let shell = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abstract_address_is_refused_with_what_would_do() {
        let error = abstract_address(b"name").unwrap_err().to_string();
        assert!(error.contains("name a path"), "{error}");
    }
}
