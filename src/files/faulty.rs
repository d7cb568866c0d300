//! For tests: a file system in memory that fails when told to, crashes at any call, and keeps its files
//! over a restart.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::storage::{DirectoryEntry, Identity, Storage, StoredFile};
use crate::time::Time;

/// A call that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    Open,
    OpenForReading,
    Create,
    Rename,
    Remove,
    List,
    PathIdentity,
    CreateDir,
    SyncDir,
    FreeBytes,
    Write,
    Sync,
    Size,
    Modified,
    FileIdentity,
    Read,
    Truncate,
}

/// What happens at a call.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// A write takes at most this many bytes. Other calls succeed.
    Short(usize),
    /// The call fails with an error of this kind and does nothing.
    Error(ErrorKind),
    /// The process dies. A write takes at most this many bytes, any other call does nothing, and every
    /// call from this one on fails until [`Faulty::restart`].
    Crash(usize),
}

/// A storage whose calls fail as planned, and succeed once the plan is used up.
///
/// Names are those of files and of directories. A directory exists once it was created or
/// [`Faulty::put`] put a file in it. A crash keeps everything written, synced or not, as the system does
/// for a process that was killed.
#[derive(Clone, Debug, Default)]
pub struct Faulty {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    names: BTreeMap<PathBuf, u64>,
    directories: BTreeSet<PathBuf>,
    links: BTreeSet<PathBuf>,
    /// The content of the files, by inode. A file without a name lives on for those who have it open.
    inodes: Vec<Vec<u8>>,
    free_bytes: u64,
    total_bytes: u64,
    modified: Time,
    plan: HashMap<Call, VecDeque<Fault>>,
    plan_at: BTreeMap<usize, Fault>,
    calls: HashMap<Call, usize>,
    all_calls: usize,
    crashed: bool,
}

impl State {
    /// Counts a call and applies its fault. Returns how many bytes the call may move.
    fn enter(&mut self, call: Call) -> io::Result<usize> {
        if self.crashed {
            return Err(io::Error::other("the process is dead"));
        }
        *self.calls.entry(call).or_default() += 1;
        let now = self.plan_at.remove(&self.all_calls);
        self.all_calls += 1;
        match now.or_else(|| self.plan.get_mut(&call).and_then(VecDeque::pop_front)) {
            None => Ok(usize::MAX),
            Some(Fault::Short(bytes)) => Ok(bytes),
            Some(Fault::Error(kind)) => Err(kind.into()),
            Some(Fault::Crash(bytes)) => {
                self.crashed = true;
                if call == Call::Write { Ok(bytes) } else { self.enter(call) }
            }
        }
    }

    fn has_directory(&self, directory: &Path) -> io::Result<()> {
        let found = directory == Path::new("/") || self.directories.contains(directory);
        if found { Ok(()) } else { Err(ErrorKind::NotFound.into()) }
    }

    fn inode(&self, path: &Path) -> io::Result<u64> {
        self.names.get(path).copied().ok_or(ErrorKind::NotFound.into())
    }

    fn make(&mut self, path: &Path) -> io::Result<u64> {
        self.has_directory(path.parent().expect("a file is in a directory"))?;
        if self.directories.contains(path) {
            return Err(ErrorKind::IsADirectory.into());
        }
        if let Ok(inode) = self.inode(path) {
            return Ok(inode);
        }
        let inode = self.inodes.len() as u64;
        self.inodes.push(Vec::new());
        self.names.insert(path.to_owned(), inode);
        Ok(inode)
    }
}

/// What other programs do to the files. These calls do not count and do not fail.
impl Faulty {
    /// Plans faults for the next calls of this kind, on any file.
    pub fn plan(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        self.state.lock().plan.entry(call).or_default().extend(faults);
    }

    /// Plans a fault for the call after the next `calls` calls of any kind.
    pub fn plan_after(&self, calls: usize, fault: Fault) {
        let mut state = self.state.lock();
        let at = state.all_calls + calls;
        state.plan_at.insert(at, fault);
    }

    /// Brings the process back to life with the files that were there. Faults that were planned and have
    /// not happened are still to come.
    pub fn restart(&self) {
        self.state.lock().crashed = false;
    }

    /// Whether a planned crash has happened.
    pub fn has_crashed(&self) -> bool {
        self.state.lock().crashed
    }

    /// How many calls of this kind there were.
    pub fn calls(&self, call: Call) -> usize {
        self.state.lock().calls.get(&call).copied().unwrap_or_default()
    }

    /// The content of a file.
    pub fn content(&self, path: impl AsRef<Path>) -> Vec<u8> {
        let state = self.state.lock();
        let inode = state.inode(path.as_ref()).expect("the test knows its files");
        state.inodes[inode as usize].clone()
    }

    /// The paths of all files, including links.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.state.lock().names.keys().cloned().collect()
    }

    /// Puts a new file at `path`, replaces what was there, and creates the directory.
    pub fn put(&self, path: impl AsRef<Path>, content: &[u8]) {
        let path = path.as_ref();
        let mut state = self.state.lock();
        let directory = path.parent().expect("a file is in a directory");
        state.directories.extend(directory.ancestors().map(Path::to_owned));
        state.names.remove(path);
        let inode = state.make(path).expect("its directory is there");
        state.inodes[inode as usize] = content.to_owned();
    }

    /// Puts a link at `path`. It counts as not a regular file and leads to a file that holds `content`.
    pub fn put_link(&self, path: impl AsRef<Path>, content: &[u8]) {
        self.put(&path, content);
        self.state.lock().links.insert(path.as_ref().to_owned());
    }

    /// Renames a file and replaces the file that has the new name.
    pub fn move_away(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) {
        let mut state = self.state.lock();
        let inode = state.names.remove(from.as_ref()).expect("the test knows its files");
        state.names.insert(to.as_ref().to_owned(), inode);
    }

    /// Removes a file, or a directory with everything in it.
    pub fn take_away(&self, path: impl AsRef<Path>) {
        let mut state = self.state.lock();
        state.names.retain(|name, _| !name.starts_with(&path));
        state.links.retain(|name| !name.starts_with(&path));
        state.directories.retain(|name| !name.starts_with(&path));
    }

    /// Empties a file.
    pub fn empty(&self, path: impl AsRef<Path>) {
        let mut state = self.state.lock();
        let inode = state.inode(path.as_ref()).expect("the test knows its files");
        state.inodes[inode as usize].clear();
    }

    /// Sets how much room is free. Writes do not use it up.
    pub fn set_free_bytes(&self, bytes: u64) {
        self.state.lock().free_bytes = bytes;
    }

    /// Sets the size of the file system.
    pub fn set_total_bytes(&self, bytes: u64) {
        self.state.lock().total_bytes = bytes;
    }

    /// Sets when each file was last written to.
    pub fn set_modified(&self, time: Time) {
        self.state.lock().modified = time;
    }

    fn opened(&self, path: &Path, inode: u64) -> FaultyFile {
        let is_linked = self.state.lock().links.contains(path);
        FaultyFile { inode, is_linked, state: Arc::clone(&self.state) }
    }
}

impl Storage for Faulty {
    type File = FaultyFile;

    fn open(&self, path: &Path) -> io::Result<FaultyFile> {
        let inode = {
            let mut state = self.state.lock();
            state.enter(Call::Open)?;
            state.make(path)?
        };
        Ok(self.opened(path, inode))
    }

    fn open_for_reading(&self, path: &Path) -> io::Result<FaultyFile> {
        let inode = {
            let mut state = self.state.lock();
            state.enter(Call::OpenForReading)?;
            if state.links.contains(path) {
                return Err(io::Error::other("a link"));
            }
            state.inode(path)?
        };
        Ok(self.opened(path, inode))
    }

    fn create(&self, path: &Path) -> io::Result<FaultyFile> {
        let inode = {
            let mut state = self.state.lock();
            state.enter(Call::Create)?;
            if state.links.contains(path) {
                return Err(io::Error::other("a link"));
            }
            let inode = state.make(path)?;
            state.inodes[inode as usize].clear();
            inode
        };
        Ok(self.opened(path, inode))
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.enter(Call::Rename)?;
        let inode = state.inode(from)?;
        if state.names.contains_key(to) || state.directories.contains(to) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        state.names.remove(from);
        state.names.insert(to.to_owned(), inode);
        if state.links.remove(from) {
            state.links.insert(to.to_owned());
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.enter(Call::Remove)?;
        state.links.remove(path);
        let inode = state.names.remove(path).ok_or(ErrorKind::NotFound)?;
        state.free_bytes += state.inodes[inode as usize].len() as u64;
        Ok(())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<DirectoryEntry>> {
        let mut state = self.state.lock();
        state.enter(Call::List)?;
        state.has_directory(directory)?;
        let here = |path: &&PathBuf| path.parent() == Some(directory);
        let name = |path: &PathBuf| {
            let name = path.file_name().expect("a listed path has a name");
            name.to_str().expect("test names are UTF-8").to_owned()
        };
        let files = state.names.keys().filter(here).map(|path| {
            let size = state.inodes[state.names[path] as usize].len() as u64;
            DirectoryEntry { name: name(path), size, is_regular: !state.links.contains(path) }
        });
        let directories = state.directories.iter().filter(here);
        let directories =
            directories.map(|path| DirectoryEntry { name: name(path), size: 0, is_regular: false });
        Ok(files.chain(directories).collect())
    }

    fn identity(&self, path: &Path) -> io::Result<Option<Identity>> {
        let mut state = self.state.lock();
        state.enter(Call::PathIdentity)?;
        Ok(state.names.get(path).map(|inode| Identity { device: 0, inode: *inode }))
    }

    fn create_dir_all(&self, directory: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.enter(Call::CreateDir)?;
        state.directories.extend(directory.ancestors().map(Path::to_owned));
        Ok(())
    }

    fn sync_dir(&self, directory: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.enter(Call::SyncDir)?;
        state.has_directory(directory)
    }

    fn free_bytes(&self, directory: &Path) -> io::Result<u64> {
        let mut state = self.state.lock();
        state.enter(Call::FreeBytes)?;
        state.has_directory(directory)?;
        Ok(state.free_bytes)
    }

    fn total_bytes(&self, directory: &Path) -> io::Result<u64> {
        let mut state = self.state.lock();
        state.enter(Call::FreeBytes)?;
        state.has_directory(directory)?;
        Ok(state.total_bytes)
    }
}

/// A file of a [`Faulty`] storage.
#[derive(Debug)]
pub struct FaultyFile {
    inode: u64,
    is_linked: bool,
    state: Arc<Mutex<State>>,
}

impl FaultyFile {
    fn call<R>(&self, call: Call, act: impl FnOnce(&mut Vec<u8>, usize) -> R) -> io::Result<R> {
        let mut state = self.state.lock();
        let limit = state.enter(call)?;
        Ok(act(&mut state.inodes[self.inode as usize], limit))
    }
}

impl StoredFile for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.call(Call::Write, |content, limit| {
            let count = bytes.len().min(limit);
            content.extend_from_slice(&bytes[..count]);
            count
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        self.call(Call::Sync, |_, _| ())
    }

    fn size(&self) -> io::Result<u64> {
        self.call(Call::Size, |content, _| content.len() as u64)
    }

    fn modified(&self) -> io::Result<Time> {
        let mut state = self.state.lock();
        state.enter(Call::Modified)?;
        Ok(state.modified)
    }

    fn identity(&self) -> io::Result<Identity> {
        self.call(Call::FileIdentity, |_, _| Identity { device: 0, inode: self.inode })
    }

    fn read_exact_at(&self, block: &mut [u8], offset: u64) -> io::Result<()> {
        self.call(Call::Read, |content, _| {
            let from = content.get(offset as usize..).unwrap_or_default();
            let from = from.get(..block.len()).ok_or(ErrorKind::UnexpectedEof)?;
            block.copy_from_slice(from);
            Ok(())
        })?
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.call(Call::Truncate, |content, _| content.truncate(len as usize))
    }

    fn is_ours(&self) -> bool {
        true
    }

    fn is_linked(&self) -> bool {
        self.is_linked
    }

    fn is_a_stream(&self) -> bool {
        false
    }
}

mod tests;
