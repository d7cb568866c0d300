//! What a log file needs of the file system, as a seam: [`Disk`] is the real one, and tests put
//! one in its place that fails at any call.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;

/// A place that holds files.
pub trait Storage {
    /// An open file of it.
    type File: StoredFile + Debug;

    /// Opens `path` for appending and creates it where missing.
    fn open(&self, path: &Path) -> io::Result<Self::File>;
}

/// An open file. Every call is one system call's worth and may fail as that call may.
pub trait StoredFile {
    /// Appends some of `bytes`, at least one, at the file's end; says how many.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until the file's content is on the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// The file's size in bytes.
    fn size(&self) -> io::Result<u64>;
    /// Fills `block` from `offset`.
    fn read_exact_at(&self, block: &mut [u8], offset: u64) -> io::Result<()>;
    /// Cuts the file to `len` bytes.
    fn truncate(&mut self, len: u64) -> io::Result<()>;
    /// Whether this is a log file that may be read back and cut: a regular one, and not what
    /// somebody redirected the program's output to.
    fn is_ours(&self) -> bool;
}

/// The host's file system.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

/// A file on the host's file system.
#[derive(Debug)]
pub struct DiskFile {
    file: File,
    is_ours: bool,
}

impl Storage for Disk {
    type File = DiskFile;

    fn open(&self, path: &Path) -> io::Result<DiskFile> {
        // Pipes and terminals are opened for writing alone: a pipe that its own writer could read
        // from would never tell that its reader is gone.
        let regular = fs::metadata(path).map_or(true, |found| found.is_file());
        let mut options = OpenOptions::new();
        options.append(true).create(true).read(regular);
        if !regular {
            // Opening a named pipe that nobody reads would wait for a reader, deaf to the stop.
            options.custom_flags(OFlags::NONBLOCK.bits() as i32);
        }
        let file = options.open(path).map_err(explain)?;
        if !regular {
            fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
        }
        let is_ours = file.metadata()?.is_file() && !leads_to_a_stream(path);
        Ok(DiskFile { file, is_ours })
    }
}

/// What the system says of a named pipe without a reader would not help anybody.
fn explain(error: io::Error) -> io::Error {
    if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) {
        return io::Error::new(
            error.kind(),
            "it is a named pipe that nobody reads; start its reader first",
        );
    }
    error
}

/// Whether `path` is a link to a device or to an open file of a process, such as /dev/stdout. The
/// file behind it may be a regular one, but it is the caller's, not ours.
fn leads_to_a_stream(path: &Path) -> bool {
    fs::read_link(path).is_ok_and(|to| to.starts_with("/dev") || to.starts_with("/proc"))
}

impl StoredFile for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        // A pipe or a terminal has nothing to sync and says EINVAL.
        if self.is_ours { self.file.sync_data() } else { Ok(()) }
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
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
}
