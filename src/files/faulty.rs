//! For tests: a storage in memory that fails where it is told to.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::storage::{Storage, StoredFile};

/// A call that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    Open,
    Write,
    Sync,
    Size,
    Read,
    Truncate,
}

/// How a call fails.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// A write takes at most this many bytes. Other calls go through.
    Short(usize),
    /// An error of this kind.
    Error(io::ErrorKind),
}

/// A storage whose calls fail as planned, and work once the plan is done.
#[derive(Clone, Debug, Default)]
pub struct Faulty {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    files: HashMap<PathBuf, Vec<u8>>,
    plan: HashMap<Call, VecDeque<Fault>>,
    calls: HashMap<Call, usize>,
}

impl State {
    /// Counts a call and meets its fault: how many bytes it may move.
    fn enter(&mut self, call: Call) -> io::Result<usize> {
        *self.calls.entry(call).or_default() += 1;
        match self.plan.get_mut(&call).and_then(VecDeque::pop_front) {
            None => Ok(usize::MAX),
            Some(Fault::Short(bytes)) => Ok(bytes),
            Some(Fault::Error(kind)) => Err(kind.into()),
        }
    }
}

impl Faulty {
    /// The next calls of this kind, of any file, meet these faults.
    pub fn plan(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        self.state.lock().plan.entry(call).or_default().extend(faults);
    }

    /// How many calls of this kind there were.
    pub fn calls(&self, call: Call) -> usize {
        self.state.lock().calls.get(&call).copied().unwrap_or_default()
    }

    /// What is in a file.
    pub fn content(&self, path: impl AsRef<Path>) -> Vec<u8> {
        self.state.lock().files[path.as_ref()].clone()
    }

    /// Puts a file there.
    pub fn put(&self, path: impl AsRef<Path>, content: &[u8]) {
        self.state.lock().files.insert(path.as_ref().to_owned(), content.to_owned());
    }
}

impl Storage for Faulty {
    type File = FaultyFile;

    fn open(&self, path: &Path) -> io::Result<FaultyFile> {
        let mut state = self.state.lock();
        state.enter(Call::Open)?;
        state.files.entry(path.to_owned()).or_default();
        Ok(FaultyFile { path: path.to_owned(), state: Arc::clone(&self.state) })
    }
}

/// A file of a [`Faulty`] storage.
#[derive(Debug)]
pub struct FaultyFile {
    path: PathBuf,
    state: Arc<Mutex<State>>,
}

impl FaultyFile {
    fn call<R>(&self, call: Call, act: impl FnOnce(&mut Vec<u8>, usize) -> R) -> io::Result<R> {
        let mut state = self.state.lock();
        let limit = state.enter(call)?;
        let content = state.files.get_mut(&self.path).ok_or(io::ErrorKind::NotFound)?;
        Ok(act(content, limit))
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

    fn read_exact_at(&self, block: &mut [u8], offset: u64) -> io::Result<()> {
        let offset = offset as usize;
        self.call(Call::Read, |content, _| {
            block.copy_from_slice(&content[offset..offset + block.len()]);
        })
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.call(Call::Truncate, |content, _| content.truncate(len as usize))
    }

    fn is_ours(&self) -> bool {
        true
    }
}
