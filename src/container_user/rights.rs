//! The system calls that change the user of the process. Only Linux has containers, so elsewhere nothing
//! changes.

#[cfg(target_os = "linux")]
pub use linux::*;
#[cfg(not(target_os = "linux"))]
pub use other::*;

#[cfg(target_os = "linux")]
mod linux {
    use std::os::fd::AsFd;
    use std::os::unix::fs::fchown;

    use nix::unistd::{Gid, Uid, setgid, setgroups, setuid};
    use rustix::fs::{FileType, fstat};
    use rustix::process::getegid;
    use rustix::termios::isatty;
    use rustix::thread::{CapabilitySet, capabilities};

    use super::super::user::User;

    /// Checks that the process may change its user.
    ///
    /// # Errors
    /// The reason why it may not.
    pub fn may_change_user() -> Result<(), String> {
        let held =
            capabilities(None).map_err(|cause| format!("cannot ask for capabilities: {cause}"))?;
        let wanted = CapabilitySet::SETUID | CapabilitySet::SETGID;
        if held.effective.contains(wanted) {
            Ok(())
        } else {
            Err("the capabilities CAP_SETUID and CAP_SETGID are not there".to_owned())
        }
    }

    /// Gives the pipes and terminals of standard output and standard error to the user, as an engine
    /// does for a user that it is told. Otherwise, a log file that is a link to /dev/stdout could not be
    /// opened.
    pub fn give_outputs(user: User) {
        give_output(std::io::stdout(), user);
        give_output(std::io::stderr(), user);
    }

    fn give_output(output: impl AsFd, user: User) {
        let Ok(found) = fstat(&output) else { return };
        let is_pipe = FileType::from_raw_mode(found.st_mode) == FileType::Fifo;
        if found.st_uid == 0 && (is_pipe || isatty(&output)) {
            // A refusal matters only if a log is such a link, and then opening it reports the error.
            let _ = fchown(output, Some(user.uid), None);
        }
    }

    /// Becomes the user, without any other group: real, effective and saved, for all threads, and irrevocably.
    ///
    /// # Errors
    /// The reason why the system refused. The process is then root with root's group.
    pub fn change_user(user: User) -> Result<(), String> {
        let refused = |what: &str, cause| format!("cannot {what}: {cause}");
        let group = getegid().as_raw();
        setgroups(&[]).map_err(|cause| refused("give up the groups", cause))?;
        setgid(Gid::from_raw(user.gid))
            .map_err(|cause| refused(&format!("become group {}", user.gid), cause))?;
        setuid(Uid::from_raw(user.uid)).map_err(|cause| {
            // Undo the half that succeeded: it would be neither what was asked for nor what was there.
            let _ = setgid(Gid::from_raw(group));
            refused(&format!("become user {}", user.uid), cause)
        })
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::super::user::User;

    /// # Errors
    /// Always: this system has no containers.
    pub fn may_change_user() -> Result<(), String> {
        Err("this system has no containers".to_owned())
    }

    pub fn give_outputs(_user: User) {}

    /// # Errors
    /// Always.
    pub fn change_user(_user: User) -> Result<(), String> {
        may_change_user()
    }
}
