//! Gives the log directory from root to the user that the run becomes. The directory and the log files
//! in it change their owner only if they belong to root and are ours. A file of another name, a link,
//! and a file with a second name elsewhere stay as they are.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use rustix::fs::{Mode, OFlags, open, openat};

use super::user::User;
use crate::files::lock::LOCK_FILE;
use crate::files::rotated_name::RotatedName;
use crate::log_id::{LogNames, file_names};
use crate::run_record::file::{LAST, NEXT, RUN_RECORD};

/// The directory that every new file system has in its root.
const LOST_AND_FOUND: &str = "lost+found";

/// Ensures that the user may write to `directory`. Returns the user that the process must become for that.
///
/// # Errors
/// The reason why the directory stays as it is.
pub fn hand_over(directory: &Path, logs: &LogNames, user: User) -> Result<User, String> {
    let name = directory.display();
    let refused =
        |what: &str, cause: &dyn std::fmt::Display| format!("cannot {what} {name}: {cause}");
    if let Err(cause) = fs::symlink_metadata(directory)
        && cause.kind() == ErrorKind::NotFound
    {
        fs::create_dir_all(directory).map_err(|cause| refused("make", &cause))?;
    }
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = open(directory, flags, Mode::empty())
        .map_err(|cause| refused("give away what is a link or no directory,", &cause))?;
    let opened = File::from(opened);
    let found = opened.metadata().map_err(|cause| refused("look at", &cause))?;
    let entries: Vec<_> = fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect())
        .map_err(|cause| refused("list", &cause))?;
    let names: Vec<_> = entries.iter().map(|entry| entry.to_string_lossy()).collect();

    let HandOver { user, changes_owner } =
        plan((found.uid(), found.gid(), found.mode()), user, logs, &names).map_err(|foreign| {
            refused("give away", &format!("it holds {foreign}, which is none of ours"))
        })?;
    // The directory comes last: as long as it belongs to root, its files cannot be replaced.
    for file in names.iter().filter(|name| is_ours(logs, name)) {
        give_file(&opened, file, user).map_err(|cause| refused("give away a file in", &cause))?;
    }
    if changes_owner {
        fchown(&opened, Some(user.uid), Some(user.gid))
            .map_err(|cause| refused("give away", &cause))?;
    }
    Ok(user)
}

/// What to do with a directory.
#[derive(Debug, PartialEq, Eq)]
struct HandOver {
    /// The user that the process becomes.
    user: User,
    /// Whether the directory is given to that user.
    changes_owner: bool,
}

/// Decides by the directory's owner, group and mode, and by the names in it. The error is a name that is
/// not ours.
fn plan<'n, N: AsRef<str>>(
    (uid, gid, mode): (u32, u32, u32),
    user: User,
    logs: &LogNames,
    names: &'n [N],
) -> Result<HandOver, &'n str> {
    let stays = |user| Ok(HandOver { user, changes_owner: false });
    let may_write = mode & 0o003 == 0o003 || (gid == user.gid && mode & 0o030 == 0o030);
    if uid == user.uid || may_write {
        return stays(user);
    }
    if uid != 0 {
        return stays(User { uid, gid });
    }
    let foreign = names.iter().map(AsRef::as_ref).find(|name| !belongs(logs, name));
    foreign.map_or(Ok(HandOver { user, changes_owner: true }), Err)
}

/// Whether this program writes files of this name.
fn is_ours(logs: &LogNames, name: &str) -> bool {
    let is_of = |log: &str| {
        RotatedName::parse(log, name).is_some()
            || RotatedName::parse_unfinished(log, name).is_some()
            || file_names(log).any(|file| file == name)
    };
    [RUN_RECORD, NEXT, LAST, LOCK_FILE].contains(&name) || logs.files().any(|log| is_of(log))
}

/// Whether a log directory may contain this name. The rotated files of the Python version
/// (`access.log.2026-11-01_14`) may be there, but they are not ours to touch.
fn belongs(logs: &LogNames, name: &str) -> bool {
    is_ours(logs, name)
        || name == LOST_AND_FOUND
        || logs.files().any(|log| name.starts_with(&**log))
}

/// Gives a file of root's to the user, if it is a regular file without a second name.
fn give_file(directory: &File, name: &str, user: User) -> std::io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(directory, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        // It is a link or a socket, or is gone by now.
        Err(_) => return Ok(()),
    };
    let found = file.metadata()?;
    if found.is_file() && found.uid() == 0 && found.nlink() == 1 {
        fchown(&file, Some(user.uid), Some(user.gid))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: User = User { uid: 65532, gid: 65532 };

    fn planned(found: (u32, u32, u32), names: &[&str]) -> Option<(u32, bool)> {
        plan(found, USER, &LogNames::default(), names)
            .ok()
            .map(|plan| (plan.user.uid, plan.changes_owner))
    }

    #[test]
    fn a_directory_of_roots_is_given_away_if_all_in_it_is_a_log_of_ours() {
        let names = ["access.log", "error.log-20241010T130000.gz", ".run.json.next", "lost+found"];
        assert_eq!(planned((0, 0, 0o40755), &[]), Some((65532, true)));
        assert_eq!(planned((0, 0, 0o40755), &names), Some((65532, true)));
        assert_eq!(planned((0, 0, 0o40755), &["system.log.2026-11-01_14"]), Some((65532, true)));
        assert_eq!(
            plan((0, 0, 0o40755), USER, &LogNames::default(), &["access.log", "passwd"]),
            Err("passwd")
        );
    }

    #[test]
    fn a_directory_that_the_user_may_write_to_keeps_its_owner() {
        for found in
            [(65532, 0, 0o40755), (0, 0, 0o41777), (0, 65532, 0o42775), (1000, 1000, 0o40777)]
        {
            assert_eq!(planned(found, &["passwd"]), Some((65532, false)), "{found:?}");
        }
    }

    #[test]
    fn in_the_directory_of_another_user_the_process_becomes_that_user() {
        let plan = plan((1000, 100, 0o40755), USER, &LogNames::default(), &["photo.jpg"]).unwrap();
        assert_eq!(plan, HandOver { user: User { uid: 1000, gid: 100 }, changes_owner: false });
    }

    #[test]
    fn only_files_that_this_program_writes_change_their_owner() {
        let logs = LogNames::with(["slow.log"]);
        for name in [
            "access.log",
            "run.json",
            ".access-log-generator.lock",
            "access.log-20241010T130000.gz",
            "error.log.gz",
            "slow.log",
            ".slow-20241010T130000.unfinished",
        ] {
            assert!(is_ours(&logs, name), "{name}");
        }
        for name in [
            "lost+found",
            "access.log.2026-11-01_14",
            "access.log.bak",
            "passwd",
            "run.json~",
            "errors.log",
        ] {
            assert!(!is_ours(&logs, name), "{name}");
        }
    }

    #[test]
    fn a_link_is_neither_followed_nor_given_away() {
        let root = tempfile::tempdir().unwrap();
        let aim = root.path().join("aim");
        fs::create_dir(&aim).unwrap();
        let link = root.path().join("logs");
        std::os::unix::fs::symlink(&aim, &link).unwrap();
        let error = hand_over(&link, &LogNames::default(), USER).unwrap_err();
        assert!(error.contains("a link or no directory"), "{error}");
        let us = rustix::process::geteuid().as_raw();
        assert_eq!(fs::metadata(&aim).unwrap().uid(), us);
    }
}
