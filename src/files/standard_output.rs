//! Standard output as the destination of a log: each batch goes straight to write(2), without a buffer of
//! our own. Lines that a pipe has taken cannot be taken back, so the last line is torn if the reader goes
//! in the middle of it.

use std::fmt::Debug;
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
use rustix::io::{Errno, write};

use super::change::Change;
use super::content::FileContent;
use super::due_header::DueHeader;
use super::lines::Lines;
use super::sink::Sink;
use crate::error::{Error, Result};
use crate::os;

/// What messages call it.
const NAME: &str = "standard output";
/// How much a pipe shall hold: two batches at full speed, and as much as Linux allows every user. On a busy machine
/// of two cores, a run at full speed took an eighth longer with the usual 64 KiB.
const PIPE_WIDTH: usize = 1 << 20;

/// Standard output, or in tests another open file.
#[derive(Debug)]
pub struct StandardOutput<Fd = io::Stdout> {
    file: Fd,
    /// The header, until it is written.
    header: DueHeader,
    /// How many bytes of the current batch it has taken already.
    written: usize,
    /// How many of these bytes are the beginning of an unfinished line.
    torn: usize,
    /// The reader has gone.
    is_over: bool,
}

impl StandardOutput {
    /// The standard output of this process, for lines of this content.
    pub fn of_the_process(content: &FileContent) -> Self {
        let stdout = io::stdout();
        // What is no pipe has no width, and a narrow pipe is merely slower.
        let _ = os::widen_pipe(&stdout, PIPE_WIDTH);
        Self::of(stdout, content)
    }
}

impl<Fd: AsFd> StandardOutput<Fd> {
    fn of(file: Fd, content: &FileContent) -> Self {
        let mut header = DueHeader::of(content);
        header.require();
        Self { file, header, written: 0, torn: 0, is_over: false }
    }

    /// Writes some of the bytes, and waits until there is room for them.
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match write(&self.file, bytes) {
                Ok(0) => return Err(io::Error::new(ErrorKind::WriteZero, "no byte was accepted")),
                Err(Errno::INTR) => {}
                // Another program that has this pipe open has made it non-blocking.
                Err(Errno::AGAIN) => self.wait()?,
                written => return Ok(written?),
            }
        }
    }

    fn wait(&self) -> io::Result<()> {
        let mut ready = [PollFd::new(&self.file, PollFlags::OUT)];
        match poll(&mut ready, None) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl<F, Fd: AsFd + Debug + Send> Sink<F> for StandardOutput<Fd> {
    fn append(&mut self, lines: Lines<'_>) -> Result<()> {
        if let Some(first) = lines.marks.first() {
            self.header.make_for(first.time);
        }
        while let rest @ [_, ..] = &lines.bytes[self.written..] {
            let bytes = self.header.before(rest);
            let count = self.write_some(&bytes).map_err(|cause| {
                self.is_over = cause.kind() == ErrorKind::BrokenPipe;
                Error::io("write to", Path::new(NAME))(cause)
            })?;
            let count = self.header.took(count);
            let newline = memchr::memrchr(b'\n', &rest[..count]);
            if newline.is_some() {
                self.header.settle();
            }
            self.torn = newline.map_or(self.torn + count, |newline| count - newline - 1);
            self.written += count;
        }
        self.written = 0;
        Ok(())
    }

    fn is_taken(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn check(&mut self) -> Result<()> {
        Ok(())
    }

    fn reopen(&mut self) -> Result<()> {
        Ok(())
    }

    /// The beginning of a line stays, because it cannot be taken back. It does not count.
    fn give_up(&mut self) -> Result<usize> {
        Ok(self.written - self.torn)
    }

    fn sync(&mut self) -> Result<()> {
        Ok(())
    }

    fn changes(&mut self) -> Vec<Change<F>> {
        Vec::new()
    }

    fn never_rotated(&self) -> Option<&Path> {
        None
    }

    fn leads_to_a_stream(&self) -> bool {
        false
    }

    fn is_over(&self) -> bool {
        self.is_over
    }
}

/// Whether standard output was closed when the process started (`>&-`), as far as that can be known:
/// Rust's runtime opens /dev/null in its place, for reading too. A shell's `> /dev/null` is for writing alone.
pub fn seems_closed() -> bool {
    let of_null = || -> io::Result<bool> {
        let stdout = io::stdout();
        let is_null = fstat(&stdout)?.st_rdev == stat("/dev/null")?.st_rdev;
        Ok(is_null && fcntl_getfl(&stdout)? & OFlags::ACCMODE == OFlags::RDWR)
    };
    of_null().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::io::{PipeReader, PipeWriter, Read};

    use rustix::fs::fcntl_setfl;

    use super::*;
    use crate::files::lines::Unit;
    use crate::format::Mark;
    use crate::log_format::FileHeader;
    use crate::time::SECOND;

    type Output = StandardOutput<PipeWriter>;

    fn append(output: &mut Output, bytes: &[u8]) -> Result<()> {
        Sink::<()>::append(output, Lines { bytes, marks: &[], unit: Unit::Line })
    }

    fn give_up(output: &mut Output) -> usize {
        Sink::<()>::give_up(output).unwrap()
    }

    fn is_over(output: &Output) -> bool {
        Sink::<()>::is_over(output)
    }

    fn output() -> (Output, PipeReader) {
        let (reader, writer) = io::pipe().unwrap();
        (StandardOutput::of(writer, &FileContent::default()), reader)
    }

    fn read_all(mut reader: PipeReader) -> std::thread::JoinHandle<Vec<u8>> {
        std::thread::spawn(move || {
            let mut read = Vec::new();
            reader.read_to_end(&mut read).unwrap();
            read
        })
    }

    /// Lines that a pipe does not hold at once.
    fn many_lines() -> Vec<u8> {
        (0..100_000).flat_map(|number| format!("line {number}\n").into_bytes()).collect()
    }

    #[test]
    fn a_batch_is_in_the_pipe_when_the_call_returns() {
        let (mut output, mut reader) = output();
        for batch in [&b"one\ntwo\n"[..], b"three\n"] {
            append(&mut output, batch).unwrap();
            let mut read = vec![0; batch.len()];
            reader.read_exact(&mut read).unwrap();
            assert_eq!(read, batch);
        }
    }

    #[test]
    fn more_than_the_pipe_holds_arrives_whole_whether_the_pipe_blocks_or_not() {
        for flags in [OFlags::empty(), OFlags::NONBLOCK] {
            let (mut output, reader) = output();
            fcntl_setfl(&output.file, flags).unwrap();
            let reader = read_all(reader);
            let batch = many_lines();
            append(&mut output, &batch).unwrap();
            append(&mut output, b"last\n").unwrap();
            drop(output);
            assert!(reader.join().unwrap() == [&batch[..], b"last\n"].concat(), "{flags:?}");
        }
    }

    #[test]
    fn a_reader_that_goes_ends_the_run_and_only_whole_lines_that_were_taken_count() {
        let (mut output, mut reader) = output();
        let batch = many_lines();
        let reading = std::thread::spawn(move || {
            let mut read = vec![0; 100_000];
            reader.read_exact(&mut read).unwrap();
            read
        });
        let error = append(&mut output, &batch).unwrap_err();
        assert_eq!(error.to_string(), "cannot write to standard output: Broken pipe (os error 32)");
        assert!(is_over(&output));
        let counted = give_up(&mut output);
        assert!(counted >= 100_000 - "line 99999\n".len() && counted < batch.len(), "{counted}");
        assert_eq!(batch[counted - 1], b'\n');
        assert_eq!(reading.join().unwrap(), batch[..100_000]);
    }

    #[test]
    fn a_header_comes_once_before_the_first_line_and_is_none_of_the_lines() {
        let (reader, writer) = io::pipe().unwrap();
        let header = FileHeader::of("#Date: ${utc:%F %T}\n");
        let content = FileContent { header, ..FileContent::default() };
        let mut output = StandardOutput::of(writer, &content);
        let marks = [Mark { offset: 0, time: 1_794_121_509 * SECOND }];
        for bytes in [&b"one\n"[..], b"two\nthree\n"] {
            Sink::<()>::append(&mut output, Lines::plain(bytes, &marks)).unwrap();
            assert_eq!(give_up(&mut output), 0);
        }
        drop(output);
        let read = read_all(reader).join().unwrap();
        assert_eq!(read, b"#Date: 2026-11-08 07:05:09\none\ntwo\nthree\n");
    }

    #[test]
    fn a_full_disk_behind_it_is_no_end_and_the_batch_goes_on_where_it_stopped() {
        let (mut output, mut reader) = output();
        // As after an error in the middle of the second line.
        append(&mut output, b"one\n").unwrap();
        (output.written, output.torn) = (6, 2);
        assert_eq!((give_up(&mut output), is_over(&output)), (4, false));
        append(&mut output, b"two\nthree\n").unwrap();
        let mut read = [0; 8];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"one\nree\n");
    }
}
