//! Holds what a pipe brings before its turn. Two pipes may be fed one after the other by the same
//! process, which must not wait for us while we wait for the second pipe. So all pipes are read at once.
//! What is not needed yet is kept: a little in memory, the rest in a file without a name.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

/// How many bytes are read at once.
const BLOCK: usize = 64 << 10;

/// The data of one pipe that is waiting for its turn.
pub struct Backlog {
    state: Mutex<BacklogState>,
    more: Condvar,
    /// How many blocks are kept in memory.
    in_memory: usize,
    /// Creates the file for the other blocks.
    spill: fn() -> io::Result<File>,
}

#[derive(Default)]
struct BacklogState {
    /// The oldest blocks.
    blocks: VecDeque<Vec<u8>>,
    /// The blocks after those in memory.
    spilled: Option<Spilled>,
    ended: Option<io::Result<()>>,
}

struct Spilled {
    file: File,
    read: u64,
    written: u64,
}

impl Backlog {
    /// An empty backlog that keeps up to `in_memory` blocks of 64 KiB in memory, and the others in the
    /// file that `spill` creates.
    pub fn new(in_memory: usize, spill: fn() -> io::Result<File>) -> Arc<Self> {
        let state = Mutex::new(BacklogState::default());
        Arc::new(Self { state, more: Condvar::new(), in_memory, spill })
    }

    /// Takes in all of `input`, however long that takes.
    pub fn fill(&self, input: io::Result<impl Read>) {
        let ended = input.and_then(|input| self.take_in(input));
        self.state.lock().ended = Some(ended);
        self.more.notify_all();
    }

    fn take_in(&self, mut input: impl Read) -> io::Result<()> {
        loop {
            let mut block = vec![0; BLOCK];
            let length = match input.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            block.truncate(length);
            self.put(block).map_err(|error| {
                let text =
                    format!("what came in before its turn cannot be kept in TMPDIR: {error}");
                io::Error::new(error.kind(), text)
            })?;
            self.more.notify_all();
        }
    }

    fn put(&self, block: Vec<u8>) -> io::Result<()> {
        let mut state = self.state.lock();
        if state.spilled.is_none() && state.blocks.len() < self.in_memory {
            state.blocks.push_back(block);
            return Ok(());
        }
        if state.spilled.is_none() {
            state.spilled = Some(Spilled { file: (self.spill)()?, read: 0, written: 0 });
        }
        let Some(Spilled { file, written, .. }) = &mut state.spilled else { return Ok(()) };
        file.write_all_at(&block, *written)?;
        *written += block.len() as u64;
        Ok(())
    }

    /// The next block; an empty one at the end.
    fn next(&self) -> io::Result<Vec<u8>> {
        let mut state = self.state.lock();
        loop {
            if let Some(block) = state.blocks.pop_front() {
                return Ok(block);
            }
            if let Some(Spilled { file, read, written }) = &mut state.spilled {
                let length = (*written - *read).min(BLOCK as u64);
                let mut block = vec![0; length as usize];
                file.read_exact_at(&mut block, *read)?;
                *read += length;
                if read == written {
                    // This frees the space on the disk.
                    state.spilled = None;
                }
                return Ok(block);
            }
            match &mut state.ended {
                Some(ended) => return std::mem::replace(ended, Ok(())).map(|()| Vec::new()),
                None => self.more.wait(&mut state),
            }
        }
    }
}

/// Reads the data of a backlog, and waits for what has not come yet.
pub struct Drained {
    backlog: Arc<Backlog>,
    block: Vec<u8>,
    read: usize,
}

impl Drained {
    /// A reader of all data of `backlog`. There may be only one.
    pub fn new(backlog: Arc<Backlog>) -> Self {
        Self { backlog, block: Vec::new(), read: 0 }
    }
}

impl Read for Drained {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.block.len() {
            self.block = self.backlog.next()?;
            self.read = 0;
        }
        let length = (&self.block[self.read..]).read(buffer)?;
        self.read += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * at / 7) as u8).collect()
    }

    fn all(backlog: &Arc<Backlog>) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        Drained::new(Arc::clone(backlog)).read_to_end(&mut all)?;
        Ok(all)
    }

    #[test]
    fn all_comes_out_as_it_came_in_however_much_of_it_waited() {
        for length in [0, 1, BLOCK, 3 * BLOCK, 9 * BLOCK + 5] {
            let backlog = Backlog::new(3, tempfile::tempfile);
            backlog.fill(Ok(&bytes(length)[..]));
            assert!(all(&backlog).unwrap() == bytes(length), "{length}");
            assert!(backlog.state.lock().spilled.is_none(), "the file is gone");
        }
    }

    #[test]
    fn what_comes_in_while_the_file_is_read_comes_out_behind_it() {
        let backlog = Backlog::new(1, tempfile::tempfile);
        let text = bytes(6 * BLOCK);
        let mut blocks = text.chunks(BLOCK);
        let mut put = |count: usize| {
            blocks.by_ref().take(count).for_each(|block| backlog.put(block.to_vec()).unwrap());
        };
        put(3);
        let mut out = backlog.next().unwrap();
        put(1);
        (0..3).for_each(|_| out.extend(backlog.next().unwrap()));
        put(2);
        backlog.fill(Ok(io::empty()));
        assert!([out, all(&backlog).unwrap()].concat() == text);
    }

    #[test]
    fn an_error_comes_behind_what_was_read_before_it() {
        let backlog = Backlog::new(1, || Err(io::ErrorKind::StorageFull.into()));
        backlog.fill(Ok(&bytes(3 * BLOCK)[..]));
        assert_eq!(backlog.next().unwrap().len(), BLOCK);
        let error = backlog.next().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(error.to_string().contains("TMPDIR"), "{error}");
    }
}
