//! Explains why nothing can be created in a directory, in words that say what would help. The most
//! common reason, in containers and services, is a directory that belongs to another user.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::{getegid, geteuid};

use crate::error::Error;

/// For [`Result::map_err`]: an error that says why `operation` on `path`, in or of `directory`, was refused.
pub fn refused(
    operation: &'static str,
    path: &Path,
    directory: &Path,
) -> impl FnOnce(io::Error) -> Error {
    move |cause| {
        let advice = match cause.kind() {
            ErrorKind::PermissionDenied => nearest(path, directory).map(|(name, found)| {
                let us = (geteuid().as_raw(), getegid().as_raw());
                permission(us, name, (found.uid(), found.gid()), found.mode())
            }),
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => in_the_place(path, directory),
            ErrorKind::ReadOnlyFilesystem => {
                Some("mount a volume there, or choose another directory".to_owned())
            }
            _ => None,
        };
        let advice = advice.map(|advice| format!("; {advice}")).unwrap_or_default();
        let explained = io::Error::new(cause.kind(), format!("{cause}{advice}"));
        Error::io(operation, path)(explained)
    }
}

/// What is in the place of the directory or of one above it, and what would help.
fn in_the_place(path: &Path, directory: &Path) -> Option<String> {
    let leads_nowhere = |path: &&Path| path.is_symlink() && !path.exists();
    if let Some(link) = directory.ancestors().find(leads_nowhere) {
        let link = link.display();
        return Some(format!(
            "{link} is a link that leads nowhere: make what it leads to, or choose another directory"
        ));
    }
    let (name, _) = nearest(path, directory).filter(|(_, found)| !found.is_dir())?;
    let name = name.display();
    Some(format!("{name} is a file and no directory: remove it, or choose another directory"))
}

/// The path that exists: the file itself, else the directory, else the nearest directory above it.
fn nearest<'a>(path: &'a Path, directory: &'a Path) -> Option<(&'a Path, Metadata)> {
    let there = |path: &'a Path| Some((path, fs::metadata(path).ok()?));
    there(path).or_else(|| directory.ancestors().find_map(there))
}

fn permission(us: (u32, u32), directory: &Path, owner: (u32, u32), mode: u32) -> String {
    format!(
        "this process is user {}, group {}, and {} belongs to user {}, group {} (mode {:o}): give it to \
         this user, or run as that one",
        us.0,
        us.1,
        directory.display(),
        owner.0,
        owner.1,
        mode & 0o7777
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_the_place_of_a_directory_is_named() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("logs");
        fs::write(&file, "").unwrap();
        for directory in [file.clone(), file.join("of/today")] {
            let cause = fs::create_dir_all(&directory).unwrap_err();
            let error = refused("create the directory", &directory, &directory)(cause).to_string();
            let start = format!("cannot create the directory {}: ", directory.display());
            let end = format!(
                "; {} is a file and no directory: remove it, or choose another directory",
                file.display()
            );
            assert!(error.starts_with(&start) && error.ends_with(&end), "{error}");
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        let root = tempfile::tempdir().unwrap();
        let link = root.path().join("logs");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        for directory in [link.clone(), link.join("today")] {
            let cause = fs::create_dir_all(&directory).unwrap_err();
            let error = refused("create the directory", &directory, &directory)(cause).to_string();
            let expected = format!("; {} is a link that leads nowhere: ", link.display());
            assert!(error.contains(&expected), "{error}");
        }
    }

    #[test]
    fn what_is_refused_is_told_with_who_we_are_and_whose_the_directory_is() {
        assert_eq!(
            permission((65532, 65532), Path::new("/var/log/app"), (0, 0), 0o40755),
            "this process is user 65532, group 65532, and /var/log/app belongs to user 0, group 0 \
             (mode 755): give it to this user, or run as that one"
        );
        let error = |kind: ErrorKind| {
            refused("create", Path::new("/a/b"), Path::new("/no/such/place"))(kind.into())
                .to_string()
        };
        assert!(error(ErrorKind::PermissionDenied).contains("and / belongs to user 0, group 0"));
        assert!(error(ErrorKind::ReadOnlyFilesystem).ends_with("choose another directory"));
        assert_eq!(error(ErrorKind::NotFound), "cannot create /a/b: entity not found");
    }
}
