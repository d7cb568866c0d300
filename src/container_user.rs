//! The user of a run in a container. The image starts as root, because the engine or an administrator
//! created the log directory as root. The process gives that directory to a user without rights, and
//! then becomes that user, before it has a second thread and before it listens or writes.
//!
//! This happens only if [`VARIABLE`] asks for it, and only the image sets that; a root on a bare machine
//! or under sudo is never changed. This module deals with the user of the process and the owners of its
//! files, but not with their content.

mod directory;
mod rights;
mod user;

use std::path::PathBuf;

use rustix::process::geteuid;

use self::user::User;
use crate::config::Output;
use crate::config::source::Variables;

/// Names the user and the group to become, as numbers: `65532:65532`. If it is empty, root stays root.
pub const VARIABLE: &str = "ACCESS_LOG_GENERATOR_DROP_TO";

/// The result of [`become_as_asked`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserOutcome {
    /// The variable is not set, or the process is not root.
    AsStarted,
    /// The process has become this user.
    Became(User),
    /// The process stays root, for this reason.
    StaysRoot(String),
}

/// Becomes the user that [`VARIABLE`] names, if the process is root. If the directory of the logs is missing, it is
/// created. If it belongs to root, it is given to that user together with the log files in it. If it
/// belongs to another user, the process becomes that owner instead, so that the logs belong to the
/// owner. Call this while there is only one thread.
///
/// # Errors
/// The variable does not name a user and a group.
pub fn become_as_asked(variables: Variables<'_>, output: &Output) -> Result<UserOutcome, String> {
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
    Ok(become_user(user, output).map_or_else(UserOutcome::StaysRoot, UserOutcome::Became))
}

/// First checks whether the process may change its user, so that it gives nothing away that it could not
/// use afterwards.
fn become_user(user: User, output: &Output) -> Result<User, String> {
    rights::may_change_user()?;
    let hand_over = |path: &PathBuf| directory::hand_over(path, &output.log_names(), user);
    let user = output.directory.as_ref().map_or(Ok(user), hand_over)?;
    rights::give_outputs(user);
    rights::change_user(user)?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn asked(value: &str) -> Result<UserOutcome, String> {
        become_as_asked(&|name| (name == VARIABLE).then(|| value.into()), &Config::default().output)
    }

    #[test]
    fn root_stays_root_unless_it_is_asked() {
        let before = geteuid();
        assert_eq!(
            become_as_asked(&|_| None, &Config::default().output),
            Ok(UserOutcome::AsStarted)
        );
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
