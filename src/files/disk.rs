//! The host's file system as a [`Storage`].

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::UNIX_EPOCH;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl, statvfs};
use rustix::io::Errno;

use super::storage::{DirectoryEntry, Identity, Storage, StoredFile};
use crate::os;
use crate::time::Time;

/// The host's file system.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

/// A file on the host's file system.
#[derive(Debug)]
pub struct DiskFile {
    file: File,
    is_ours: bool,
    is_linked: bool,
    is_a_stream: bool,
}

impl DiskFile {
    /// Takes a file that was opened by a name of this program's own making.
    fn own(file: File) -> io::Result<Self> {
        let is_ours = file.metadata()?.is_file();
        Ok(Self { file, is_ours, is_linked: false, is_a_stream: false })
    }
}

/// Replaces the system's message for a named pipe without a reader, which does not say what is wrong.
fn explain(error: io::Error) -> io::Error {
    if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) {
        let cause = "it is a named pipe without a reader; start its reader first";
        return io::Error::new(error.kind(), cause);
    }
    error
}

impl Storage for Disk {
    type File = DiskFile;

    fn open(&self, path: &Path) -> io::Result<DiskFile> {
        // Pipes and terminals are opened for writing only: a pipe that its own writer could read from
        // would never report that its reader is gone.
        let regular = fs::metadata(path).map_or(true, |found| found.is_file());
        let mut options = OpenOptions::new();
        options.append(true).create(true).read(regular);
        if !regular {
            // Opening a named pipe without a reader would block until one comes, and the stop could not
            // interrupt it.
            options.custom_flags(OFlags::NONBLOCK.bits() as i32);
        }
        let file = options.open(path).map_err(explain)?;
        if !regular {
            fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
        }
        let link = fs::read_link(path).ok();
        let is_a_stream = link.as_deref().is_some_and(is_a_stream);
        let is_ours = file.metadata()?.is_file() && !is_a_stream;
        Ok(DiskFile { file, is_ours, is_linked: link.is_some(), is_a_stream })
    }

    fn open_for_reading(&self, path: &Path) -> io::Result<DiskFile> {
        DiskFile::own(OpenOptions::new().read(true).custom_flags(no_link()).open(path)?)
    }

    fn create(&self, path: &Path) -> io::Result<DiskFile> {
        let mut options = OpenOptions::new();
        let options = options.read(true).append(true).create(true).custom_flags(no_link());
        let file = options.open(path)?;
        file.set_len(0)?;
        DiskFile::own(file)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        os::rename_new(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<DirectoryEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            match entry.metadata() {
                Ok(found) => {
                    entries.push(DirectoryEntry {
                        name,
                        size: found.len(),
                        is_regular: found.is_file(),
                    });
                }
                // Other programs create and remove files here too.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(entries)
    }

    fn identity(&self, path: &Path) -> io::Result<Option<Identity>> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(identity(&found))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn create_dir_all(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)
    }

    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        File::open(directory)?.sync_all()
    }

    fn free_bytes(&self, directory: &Path) -> io::Result<u64> {
        let found = statvfs(directory)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }

    fn total_bytes(&self, directory: &Path) -> io::Result<u64> {
        let found = statvfs(directory)?;
        Ok(found.f_blocks.saturating_mul(found.f_frsize))
    }
}

/// Open flags: do not follow a link, and do not wait for the other end of a pipe.
fn no_link() -> i32 {
    (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32
}

/// Whether a link leads to a device or to an open file of a process, such as /dev/stdout. The file
/// behind it may be a regular one, but it belongs to the caller, not to us.
fn is_a_stream(link: &Path) -> bool {
    link.starts_with("/dev") || link.starts_with("/proc")
}

fn identity(found: &fs::Metadata) -> Identity {
    Identity { device: found.dev(), inode: found.ino() }
}

impl StoredFile for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        // A pipe or a terminal cannot be synced and returns EINVAL.
        if self.is_ours { self.file.sync_data() } else { Ok(()) }
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn modified(&self) -> io::Result<Time> {
        let since = self.file.metadata()?.modified()?.duration_since(UNIX_EPOCH);
        // A file from before 1970 was written by a clock that was never set; treat it as being as old as
        // possible.
        Ok(since.map_or(0, |since| Time::try_from(since.as_nanos()).unwrap_or(Time::MAX)))
    }

    fn identity(&self) -> io::Result<Identity> {
        Ok(identity(&self.file.metadata()?))
    }

    fn read_exact_at(&self, block: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(block, offset)
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn is_ours(&self) -> bool {
        self.is_ours
    }

    fn is_linked(&self) -> bool {
        self.is_linked
    }

    fn is_a_stream(&self) -> bool {
        self.is_a_stream
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_under_a_name_of_ours_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let outside = root.path().join("outside");
        fs::write(&outside, "theirs").unwrap();
        let link = root.path().join(".access-20241010T130000.unfinished");
        symlink(&outside, &link).unwrap();
        assert!(Disk.create(&link).is_err());
        assert!(Disk.open_for_reading(&link).is_err());
        assert_eq!(fs::read_to_string(&outside).unwrap(), "theirs");
    }

    #[test]
    fn a_file_that_is_created_again_begins_empty() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("archive");
        fs::write(&path, "left over").unwrap();
        Disk.create(&path).unwrap().write(b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn a_file_keeps_its_identity_under_another_name() {
        let root = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| root.path().join(name));
        let file = Disk.open(&from).unwrap();
        assert_eq!(Disk.identity(&from).unwrap(), Some(file.identity().unwrap()));
        Disk.rename_new(&from, &to).unwrap();
        assert_eq!(Disk.identity(&from).unwrap(), None);
        assert_eq!(Disk.identity(&to).unwrap(), Some(file.identity().unwrap()));
        Disk.open(&from).unwrap();
        assert_ne!(Disk.identity(&from).unwrap(), Some(file.identity().unwrap()));
    }

    #[test]
    fn only_files_are_listed_as_regular() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), "12345").unwrap();
        fs::create_dir(root.path().join("b")).unwrap();
        symlink(root.path().join("a"), root.path().join("c")).unwrap();
        let mut list = Disk.list(root.path()).unwrap();
        list.sort_by(|one, other| one.name.cmp(&other.name));
        let list: Vec<_> = list.iter().map(|entry| (&*entry.name, entry.is_regular)).collect();
        assert_eq!(list, [("a", true), ("b", false), ("c", false)]);
        assert_eq!(Disk.list(&root.path().join("b")).unwrap(), []);
    }

    #[test]
    fn free_space_is_what_is_left_for_anybody() {
        let root = tempfile::tempdir().unwrap();
        let blocks = statvfs(root.path()).unwrap();
        let free = Disk.free_bytes(root.path()).unwrap();
        assert!(free > 0 && free <= blocks.f_blocks * blocks.f_frsize, "{free}");
    }

    #[test]
    fn a_file_was_modified_when_it_was_written_to() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("old");
        fs::write(&path, "").unwrap();
        let then = UNIX_EPOCH + std::time::Duration::from_millis(1_728_568_536_250);
        File::options().append(true).open(&path).unwrap().set_modified(then).unwrap();
        assert_eq!(Disk.open(&path).unwrap().modified().unwrap(), 1_728_568_536_250_000_000);
    }
}
