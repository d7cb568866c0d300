//! The file system calls that the log files need, as a trait. [`Disk`](super::disk::Disk) is the real
//! file system; tests replace it by one that fails at any call. Each call does the work of one system
//! call and decides nothing: the decisions are the caller's.

use std::fmt::Debug;
use std::io;
use std::path::Path;

use crate::time::Time;

/// A place that holds files. Clones are handles to the same place.
pub trait Storage: Clone + Debug + Send + 'static {
    /// An open file of this storage.
    type File: StoredFile + Debug + Send;

    /// Opens `path` for appending and creates it if missing.
    fn open(&self, path: &Path) -> io::Result<Self::File>;
    /// Opens a regular file for reading. Links are refused.
    fn open_for_reading(&self, path: &Path) -> io::Result<Self::File>;
    /// Opens `path` for appending, created if missing and emptied. Links are refused.
    fn create(&self, path: &Path) -> io::Result<Self::File>;
    /// Renames a file within its directory. A name that is taken is never replaced: the error is
    /// [`io::ErrorKind::AlreadyExists`].
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// The entries of a directory, in no order. Names that are not UTF-8 are left out: none of them is ours.
    fn list(&self, directory: &Path) -> io::Result<Vec<DirectoryEntry>>;
    /// The identity of the file that `path` leads to, through links; `None` if there is none.
    fn identity(&self, path: &Path) -> io::Result<Option<Identity>>;
    /// Creates a directory and its parents, if missing.
    fn create_dir_all(&self, directory: &Path) -> io::Result<()>;
    /// Waits until the names in a directory are on the disk.
    fn sync_dir(&self, directory: &Path) -> io::Result<()>;
    /// How many bytes this process may still write to the file system of `directory`. Space reserved for
    /// root does not count.
    fn free_bytes(&self, directory: &Path) -> io::Result<u64>;

    /// The size of the file system that holds a directory, bytes.
    fn total_bytes(&self, directory: &Path) -> io::Result<u64>;
}

/// An open file of a [`Storage`].
pub trait StoredFile {
    /// Appends some of `bytes`, at least one, at the file's end. Returns how many.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until the file's content is on the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// The file's size in bytes.
    fn size(&self) -> io::Result<u64>;
    /// When the file was last written to, by the host's clock.
    fn modified(&self) -> io::Result<Time>;
    /// The identity of the file, whatever its name is by now.
    fn identity(&self) -> io::Result<Identity>;
    /// Fills `block` with the bytes from `offset` on.
    fn read_exact_at(&self, block: &mut [u8], offset: u64) -> io::Result<()>;
    /// Cuts the file to `len` bytes.
    fn truncate(&mut self, len: u64) -> io::Result<()>;
    /// Whether this is a log file that may be read back and cut: a regular file, and not one that the
    /// program's output is redirected to.
    fn is_ours(&self) -> bool;
    /// Whether it was opened through a link. If so, the file lies elsewhere, and its name is not ours to
    /// change.
    fn is_linked(&self) -> bool;
    /// Whether it is an open file of the program, such as standard output, or a device.
    fn is_a_stream(&self) -> bool;
}

/// Identifies a file. No two files that exist at the same time have the same identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The number of the file system.
    pub device: u64,
    /// The number of the file within its file system.
    pub inode: u64,
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// The name, without the directory.
    pub name: String,
    /// The size, bytes.
    pub size: u64,
    /// Whether it is a regular file, not a directory, link, pipe or device.
    pub is_regular: bool,
}
