//! The user that a run in a container has. The image starts as root, so that it can give the directory of
//! the logs, which the engine or an administrator made as root, to a user without rights; then the
//! process becomes that user, before it has a second thread and before it listens or writes.
//!
//! Only [`VARIABLE`] asks for this, and only the image sets it: a root on a bare machine or under sudo
//! is never changed. What enters here is who the process is and whose its files are; not what they hold.

mod directory;
mod rights;

use std::fmt;
use std::path::Path;

use rustix::process::geteuid;

use crate::config::source::Variables;

/// Names the user and the group to become, as numbers: `65532:65532`. Empty means that root stays root.
pub const VARIABLE: &str = "ACCESS_LOG_GENERATOR_DROP_TO";

/// A user and its group, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's number.
    pub uid: u32,
    /// The number of its only group.
    pub gid: u32,
}

impl User {
    /// Understands `UID:GID`.
    fn parse(text: &str) -> Option<Self> {
        let (uid, gid) = text.split_once(':')?;
        Some(Self { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {}, group {}", self.uid, self.gid)
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserOutcome {
    /// The variable is not set, or the process is not root.
    AsStarted,
    /// The process is this user now.
    Became(User),
    /// The process goes on as root, because of this.
    StaysRoot(String),
}

/// Becomes the user that [`VARIABLE`] names, where the process is root. A `directory` of root's, which is made
/// where it is missing, goes to that user with the log files in it; in a directory of somebody else's the
/// process becomes its owner instead, so that the logs are the owner's. Call it while there is one thread.
///
/// # Errors
/// The variable names no user and group.
pub fn become_as_asked(
    variables: Variables<'_>,
    directory: Option<&Path>,
) -> Result<UserOutcome, String> {
    let Some(value) = variables(VARIABLE).filter(|value| !value.is_empty()) else {
        return Ok(UserOutcome::AsStarted);
    };
    let text = value.to_string_lossy();
    let user = User::parse(&text).ok_or_else(|| {
        format!(
            "{VARIABLE}: found \"{}\"; write UID:GID, two numbers such as 65532:65532, or leave it empty to \
             stay root",
            text.escape_debug()
        )
    })?;
    if !geteuid().is_root() || user.uid == 0 {
        return Ok(UserOutcome::AsStarted);
    }
    Ok(become_user(user, directory).map_or_else(UserOutcome::StaysRoot, UserOutcome::Became))
}

/// Nothing is given away that the process could not use afterwards: whether it may change its user is asked first.
fn become_user(user: User, directory: Option<&Path>) -> Result<User, String> {
    rights::may_change_user()?;
    let user = directory.map_or(Ok(user), |directory| directory::hand_over(directory, user))?;
    rights::give_outputs(user);
    rights::change_user(user)?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &str) -> Result<UserOutcome, String> {
        become_as_asked(&|name| (name == VARIABLE).then(|| value.into()), None)
    }

    #[test]
    fn root_stays_root_unless_it_is_asked() {
        let before = geteuid();
        assert_eq!(become_as_asked(&|_| None, Some(Path::new("/"))), Ok(UserOutcome::AsStarted));
        for value in ["", "0:0", "0:65532"] {
            assert_eq!(asked(value), Ok(UserOutcome::AsStarted), "{value:?}");
        }
        assert_eq!(geteuid(), before);
    }

    #[test]
    fn a_value_that_is_no_user_and_group_is_an_error_with_what_would_be_right() {
        for value in ["65532", "nobody:nogroup", "-1:5", "1:", ":1", "1:2:3", " 1:2"] {
            let error = asked(value).unwrap_err();
            let expected = format!("{VARIABLE}: found {value:?}; write UID:GID, two numbers");
            assert!(error.starts_with(&expected), "{error}");
        }
    }
}
