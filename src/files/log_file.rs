//! One log file: batches of whole lines, appended by write(2) with no buffer of our own, so that
//! what was appended is in the file when the call returns.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::recover::{self, Recovered};
use super::storage::{Storage, StoredFile};
use crate::error::{Error, Result};

/// A log file, open for appending.
#[derive(Debug)]
pub struct LogFile<S: Storage> {
    path: PathBuf,
    file: S::File,
    /// How many bytes of the batch in hand are in the file already.
    written: usize,
}

impl<S: Storage> LogFile<S> {
    /// Opens `path` for appending, creates it where missing, and cuts off a torn last line.
    ///
    /// # Errors
    /// The file cannot be opened, or its torn line cannot be cut.
    pub fn open(storage: &S, path: PathBuf) -> Result<(Self, Option<Recovered>)> {
        let mut file = storage.open(&path).map_err(Error::io("open", &path))?;
        let bytes = recover::cut_torn_line(&mut file)
            .map_err(Error::io("cut the torn last line of", &path))?;
        let recovered = (bytes > 0).then(|| Recovered { path: path.clone(), bytes });
        Ok((Self { path, file, written: 0 }, recovered))
    }

    /// Appends a batch of whole lines.
    ///
    /// After an error the same batch must be passed again: it continues at the byte where it
    /// stopped, so that no line is torn, doubled or lost.
    ///
    /// # Errors
    /// The system refuses a write. An interrupted one is repeated, a short one continued.
    pub fn append(&mut self, batch: &[u8]) -> Result<()> {
        while let Some(rest) = batch.get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.file.write(rest) {
                Ok(0) => return Err(self.error("write to", "no byte was accepted")),
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error("write to", error)),
            }
        }
        self.written = 0;
        Ok(())
    }

    /// Waits until what was appended is on the disk.
    pub fn sync(&mut self) -> Result<()> {
        self.file.sync().map_err(|error| self.error("sync", error))
    }

    /// The file's name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn error(&self, operation: &'static str, cause: impl std::fmt::Display) -> Error {
        Error::new(operation, self.path.display(), cause)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::faulty::{Call, Fault, Faulty};
    use super::*;

    const PATH: &str = "/logs/access.log";

    fn open(storage: &Faulty) -> LogFile<Faulty> {
        LogFile::open(storage, PATH.into()).unwrap().0
    }

    #[test]
    fn a_batch_that_failed_midway_continues_where_it_stopped() {
        let storage = Faulty::default();
        let mut file = open(&storage);
        storage.plan(Call::Write, [Fault::Short(3), Fault::Error(ErrorKind::StorageFull)]);
        let error = file.append(b"first\nsecond\n").unwrap_err();
        assert_eq!(error.to_string(), "cannot write to /logs/access.log: no storage space");
        assert_eq!(storage.content(PATH), b"fir");
        file.append(b"first\nsecond\n").unwrap();
        file.append(b"third\n").unwrap();
        assert_eq!(storage.content(PATH), b"first\nsecond\nthird\n");
    }

    #[test]
    fn an_interrupted_write_is_repeated_at_once() {
        let storage = Faulty::default();
        let mut file = open(&storage);
        storage.plan(Call::Write, [Fault::Error(ErrorKind::Interrupted)]);
        file.append(b"line\n").unwrap();
        assert_eq!(storage.content(PATH), b"line\n");
    }

    #[test]
    fn a_write_that_takes_no_byte_is_an_error_and_not_a_busy_loop() {
        let storage = Faulty::default();
        let mut file = open(&storage);
        storage.plan(Call::Write, [Fault::Short(0)]);
        let error = file.append(b"line\n").unwrap_err();
        assert_eq!(error.to_string(), "cannot write to /logs/access.log: no byte was accepted");
    }

    #[test]
    fn an_empty_batch_writes_nothing() {
        let storage = Faulty::default();
        open(&storage).append(b"").unwrap();
        assert_eq!(storage.calls(Call::Write), 0);
    }

    #[test]
    fn each_call_that_fails_at_start_is_named() {
        for (call, message) in [
            (Call::Open, "cannot open /logs/access.log: permission denied"),
            (Call::Size, "cannot cut the torn last line of /logs/access.log: permission denied"),
            (Call::Read, "cannot cut the torn last line of /logs/access.log: permission denied"),
            (
                Call::Truncate,
                "cannot cut the torn last line of /logs/access.log: permission denied",
            ),
        ] {
            let storage = Faulty::default();
            storage.put(PATH, b"whole\ntorn");
            storage.plan(call, [Fault::Error(ErrorKind::PermissionDenied)]);
            let error = LogFile::open(&storage, PATH.into()).unwrap_err();
            assert_eq!(error.to_string(), message, "{call:?}");
        }
    }

    fn fault() -> impl Strategy<Value = Fault> {
        prop_oneof![
            (0usize..20).prop_map(Fault::Short),
            Just(Fault::Error(ErrorKind::Interrupted)),
            Just(Fault::Error(ErrorKind::StorageFull)),
            Just(Fault::Error(ErrorKind::Other)),
        ]
    }

    proptest! {
        #[test]
        fn whatever_fails_the_file_holds_exactly_the_batches_in_order(
            batches in vec("([a-z]{0,12}\n){0,5}", 0..12),
            faults in vec(fault(), 0..60),
        ) {
            let storage = Faulty::default();
            let mut file = open(&storage);
            let attempts = faults.len() + 1;
            storage.plan(Call::Write, faults);
            for batch in &batches {
                let appended = (0..attempts).any(|_| file.append(batch.as_bytes()).is_ok());
                prop_assert!(appended, "more errors than were planned");
            }
            prop_assert_eq!(storage.content(PATH), batches.concat().into_bytes());
        }

        #[test]
        fn after_a_crash_at_any_byte_only_whole_lines_are_left(
            batches in vec("([a-z]{0,12}\n){1,5}", 1..12),
            at in any::<prop::sample::Index>(),
        ) {
            let storage = Faulty::default();
            let all = batches.concat().into_bytes();
            let written = &all[..at.index(all.len() + 1)];
            storage.put(PATH, written);
            let mut file = open(&storage);
            file.append(b"next\n").unwrap();
            let kept = written.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
            let mut expected = all[..kept].to_vec();
            expected.extend(b"next\n");
            prop_assert_eq!(storage.content(PATH), expected);
        }
    }
}
