//! What differs between Linux and the other systems that the program supports, macOS and FreeBSD.
//!
//! Only calls and files that one system alone has belong here (/proc, abstract sockets, renameat2(2)).
//! Each is a function with the same name and meaning in both modules: `linux`, and `other`, its
//! substitute made from POSIX. What all systems have, or rustix offers for all of them, stays where it
//! is used; so do decisions. A substitute does the same more slowly, or says that the system cannot do
//! it; it never pretends.
//!
//! The tests of the substitute run on Linux too.

mod common;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(test, not(target_os = "linux")))]
mod other;

pub use self::common::Process;
#[cfg(target_os = "linux")]
pub use self::linux::*;
#[cfg(not(target_os = "linux"))]
pub use self::other::*;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, ErrorKind};
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;

    #[test]
    fn a_name_that_is_taken_is_never_replaced() {
        let kind = |result: io::Result<()>| result.unwrap_err().kind();
        let root = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| root.path().join(name));
        type Rename = fn(&Path, &Path) -> io::Result<()>;
        for rename in [rename_new, other::rename_new] as [Rename; 2] {
            fs::write(&from, "ours").unwrap();
            for taken in ["file", "dangling link"] {
                match taken {
                    "file" => fs::write(&to, "theirs").unwrap(),
                    _ => symlink("/no/such/file", &to).unwrap(),
                }
                assert_eq!(kind(rename(&from, &to)), ErrorKind::AlreadyExists, "{taken}");
                assert_eq!(fs::read_to_string(&from).unwrap(), "ours");
                fs::remove_file(&to).unwrap();
            }
            rename(&from, &to).unwrap();
            assert_eq!(fs::read_to_string(&to).unwrap(), "ours");
            assert_eq!(kind(rename(&from, &root.path().join("other"))), ErrorKind::NotFound);
            fs::remove_file(&to).unwrap();
        }
    }

    /// Set by the test below for the process that it starts.
    const EXPECTED: &str = "ACCESS_LOG_GENERATOR_IGNORES_SIGHUP";

    #[test]
    fn a_hangup_is_ignored_where_nohup_started_the_process() {
        use signal_hook::consts::{SIGHUP, SIGTERM};
        if let Ok(expected) = std::env::var(EXPECTED) {
            let expected = expected == "true";
            assert_eq!((ignores(SIGHUP), other::ignores(SIGHUP)), (expected, expected));
            assert!(!ignores(SIGTERM) && !other::ignores(SIGTERM));
            return;
        }
        let this = "os::tests::a_hangup_is_ignored_where_nohup_started_the_process";
        // The process that started this test may have ignored it too.
        for (by, expected) in [("nohup", true), ("env", ignores(SIGHUP))] {
            let test = std::env::current_exe().unwrap();
            let mut started = std::process::Command::new(by);
            started.arg(test).args(["--exact", this]).env(EXPECTED, expected.to_string());
            let output = started.output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("1 passed"), "{by}: {said}");
        }
    }
}
