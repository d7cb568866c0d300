//! What the log files need of the file system, as a seam: [`Disk`] is the real one, and tests put
//! one in its place that fails at any call. Each call is one system call's worth and decides
//! nothing; the caller decides, and asks for one call after the other.

use std::fmt::Debug;
use std::io;
use std::path::Path;

use crate::time::Time;

/// A place that holds files. Clones are handles of the same place.
pub trait Storage: Clone + Debug + Send + 'static {
    /// An open file of it.
    type File: StoredFile + Debug + Send;

    /// Opens `path` for appending and creates it where missing.
    fn open(&self, path: &Path) -> io::Result<Self::File>;
    /// Opens a regular file for reading; a link is refused.
    fn open_for_reading(&self, path: &Path) -> io::Result<Self::File>;
    /// Opens `path` for appending, created where missing and emptied; a link is refused.
    fn create(&self, path: &Path) -> io::Result<Self::File>;
    /// Gives a file another name in the same directory. A name that is taken is never replaced:
    /// [`io::ErrorKind::AlreadyExists`].
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// What is in a directory, in no order. Names that are not UTF-8 are left out: none is ours.
    fn list(&self, directory: &Path) -> io::Result<Vec<DirectoryEntry>>;
    /// Which file `path` leads to, through links; `None` where there is none.
    fn identity(&self, path: &Path) -> io::Result<Option<Identity>>;
    /// Makes a directory and its parents, where missing.
    fn create_dir_all(&self, directory: &Path) -> io::Result<()>;
    /// Waits until the names in a directory are on the disk.
    fn sync_dir(&self, directory: &Path) -> io::Result<()>;
    /// Bytes that this process may still fill in the file system of `directory`; what is reserved
    /// for root is not counted.
    fn free_bytes(&self, directory: &Path) -> io::Result<u64>;

    /// Bytes that the file system which a directory is in has in all.
    fn total_bytes(&self, directory: &Path) -> io::Result<u64>;
}

/// An open file.
pub trait StoredFile {
    /// Appends some of `bytes`, at least one, at the file's end; says how many.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until the file's content is on the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// The file's size in bytes.
    fn size(&self) -> io::Result<u64>;
    /// When the file was last written to, by the host's clock.
    fn modified(&self) -> io::Result<Time>;
    /// Which file it is, whatever its name is by now.
    fn identity(&self) -> io::Result<Identity>;
    /// Fills `block` from `offset`.
    fn read_exact_at(&self, block: &mut [u8], offset: u64) -> io::Result<()>;
    /// Cuts the file to `len` bytes.
    fn truncate(&mut self, len: u64) -> io::Result<()>;
    /// Whether this is a log file that may be read back and cut: a regular one, and not what
    /// somebody redirected the program's output to.
    fn is_ours(&self) -> bool;
    /// Whether it was opened through a link: it lies elsewhere, and its name is not ours to change.
    fn is_linked(&self) -> bool;
    /// Whether it is an open file of the program, such as standard output, or a device.
    fn is_a_stream(&self) -> bool;
}

/// Which file a file is: no two that exist at the same time have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The file system.
    pub device: u64,
    /// The file in it.
    pub inode: u64,
}

/// A name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Without the directory.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// A file, and no directory, link, pipe or device.
    pub is_regular: bool,
}
