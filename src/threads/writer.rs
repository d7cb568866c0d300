//! The writer thread puts batches back in order and appends them to the files. No other thread touches
//! these files. It syncs everything and ends when no more lines come.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError, never, select};
use indicatif::HumanCount;
use jiff::tz::TimeZone;
use log::{debug, error, info, warn};

use super::{BatchLines, FileRequest, LineBatch};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::files::backoff;
use crate::files::disk::DiskFile;
use crate::files::{Change, Lines, LogFiles};
use crate::format::{Mark, Rendered, RenderedHits};
use crate::log_id::LogId;
use crate::pack::Packed;
use crate::rest::Rest;
use crate::retry::Retry;
use crate::sequence::Sequence;
use crate::status::{Queue, Status};
use crate::stop::Stop;
use crate::summary::Summary;
use crate::system_log::Message;
use crate::time::{Time, timestamp};

/// How long writing is retried after the stop was requested.
const LAST_TRIES: Duration = Duration::from_millis(500);
/// How often to check that the files are still in their places.
const CHECKED_EVERY: Duration = Duration::from_millis(500);
/// How many bytes of messages are kept while system.log cannot be written. Standard error has them all.
const MESSAGES_KEPT: usize = 64 * 1024;

/// The state of the writer thread.
pub struct WriterThread {
    /// The log files.
    pub files: LogFiles,
    /// Receives batches in any order. When it closes, the thread ends.
    pub lines: Receiver<LineBatch>,
    /// Takes the memory of lines that were written, for reuse.
    pub used_lines: Sender<BatchLines>,
    /// Messages for system.log.
    pub messages: Receiver<Message>,
    /// Receives requests about the files.
    pub asked: Receiver<FileRequest>,
    /// Takes files that are no longer written to; `None` without a compressor.
    pub left_files: Option<Sender<Change<DiskFile>>>,
    /// Closes when the compressor has finished; `None` without a compressor.
    pub all_kept: Option<Receiver<()>>,
    /// Tells the disk watch about a failed write, because room may have to be made; `None` without one.
    pub write_failed: Option<Sender<()>>,
    /// The time zone of the timestamps in system.log.
    pub zone: TimeZone,
    /// Counts the lines.
    pub status: Arc<Status>,
    /// The stop signal. It limits how long the writer waits for a broken disk.
    pub stop: Stop,
    /// How long the writer waits for a broken disk if there is no stop.
    pub retry: Retry,
    /// The clock against which `retry` compares the end of the run, if that limits retrying.
    pub clock: Clock,
    /// Receives from the scheduler, at the end, the hits that it has not sent.
    pub rest: Receiver<Rest>,
    /// When the files were last checked.
    pub checked: Instant,
    /// The time of the first line that will not be written.
    pub unwritten: Time,
    /// Whether the run gave up, after trying for long enough. It begins with false.
    pub gave_up: bool,
}

impl WriterThread {
    /// Writes until no more lines come.
    ///
    /// # Errors
    /// Lines could not be written before the end, or a batch never came because a formatter died.
    pub fn run(mut self) -> Result<()> {
        let mut messages = Messages::default();
        let result = self.write_all(&mut messages);
        let whole = if result.is_err() { self.files.give_up() } else { Ok(()) };
        if whole.is_ok() {
            self.status.set_counted();
        }
        if result.is_err() && self.files.is_over() {
            self.await_the_others();
            return whole.and(self.finish(messages));
        }
        self.count_the_rest(result.is_err());
        result.and(whole).and(self.finish(messages))
    }

    /// Ends the run because the reader of standard output has gone. What was due has nowhere to go, so it is
    /// not missing.
    fn await_the_others(&mut self) {
        info!("The reader of standard output has had enough, and so the run ends");
        self.end_the_others();
        // If the scheduler has died, it has logged why.
        let _ = self.rest.recv();
    }

    /// Ends the threads that make lines, and with them the scheduler.
    fn end_the_others(&mut self) {
        self.stop.request();
        self.lines = never();
    }

    /// Counts the lines that were due and will not be written.
    fn count_the_rest(&mut self, failed: bool) {
        if failed {
            self.end_the_others();
        }
        // If the scheduler has died, it has logged why.
        let Ok(rest) = self.rest.recv() else { return };
        if !failed && !rest.is_owed {
            if let Some(came_to) = rest.came_to {
                self.status.reached(timestamp(came_to));
            }
            return;
        }
        let gave_up = self.gave_up || rest.is_owed;
        let left_out = rest.left_out(self.status.lines(), self.unwritten, gave_up);
        if let Some(left_out) = left_out {
            warn!(
                "{} lines that were due, from {} to {}, are not written: they are left out",
                HumanCount(left_out.lines),
                timestamp(left_out.gap.from),
                timestamp(left_out.gap.until),
            );
            self.status.left_out(left_out);
            self.status.reached(timestamp(left_out.gap.until));
        }
    }

    fn write_all(&mut self, messages: &mut Messages) -> Result<()> {
        let mut order = Sequence::new();
        loop {
            select! {
                recv(self.lines) -> batch => match batch {
                    Ok(batch) => {
                        self.status.engine().waiting(Queue::Lines, self.lines.len());
                        order.put(batch.sequence, batch);
                        for batch in order.by_ref() {
                            self.write(&batch)?;
                            messages.write(&mut self.files, &self.status);
                            // If the pool is full, the memory is freed.
                            let _ = self.used_lines.try_send(batch.lines);
                        }
                    }
                    Err(_) => break,
                },
                recv(self.messages) -> message => match message {
                    Ok(message) => {
                        messages.add(&message, &self.zone);
                        messages.write(&mut self.files, &self.status);
                    }
                    Err(_) => self.messages = never(),
                },
                recv(self.asked) -> asked => match asked {
                    Ok(request) => self.deal_with(request)?,
                    Err(_) => self.asked = never(),
                },
                default(CHECKED_EVERY) => {}
            }
            self.check()?;
        }
        if order.waiting() > 0 {
            return Err(Error::new("write", "the last lines", "a batch before them never came"));
        }
        Ok(())
    }

    fn write(&mut self, batch: &LineBatch) -> Result<()> {
        let LineBatch { lines, reached, live, sent, .. } = batch;
        let BatchLines { rendered, packed } = lines;
        for (at, rendered) in rendered.logs.iter().enumerate() {
            let Rendered { log, bytes, marks, .. } = rendered;
            if bytes.is_empty() {
                continue;
            }
            let packed = packed.get(at);
            let of_log = packed.map_or(Lines::plain(bytes, marks), Lines::packed);
            if let Err(cause) = self.insist(|files| files.append(*log, of_log)) {
                self.count_written(&lines.rendered, at);
                self.count_whole_lines(rendered, packed)?;
                return Err(cause);
            }
        }
        self.count_written(&lines.rendered, lines.rendered.logs.len());
        self.status.engine().batch_latencies.record(sent.elapsed());
        self.hand_over();
        self.unwritten = reached.saturating_add(1);
        self.status.reached(timestamp(*reached));
        if *live {
            self.status.set_ready();
        }
        Ok(())
    }

    /// Counts the lines of the first logs of a batch. They are counted when all of them are in their files: what is counted
    /// may be relied on in each log, even if the run is killed now.
    fn count_written(&self, rendered: &RenderedHits, logs: usize) {
        for of_log in rendered.logs[..logs].iter().filter(|of_log| of_log.lines() > 0) {
            let bytes = of_log.bytes.len();
            if of_log.log == LogId::ACCESS {
                self.stamped(&of_log.marks, bytes);
                self.status.wrote_status_classes(&rendered.status_classes);
            }
            self.status.wrote(of_log.log, of_log.lines(), bytes as u64);
        }
    }

    /// Counts the hits of a batch whose lines are whole in access.log, when its rest will not be written.
    fn count_whole_lines(&mut self, rendered: &Rendered, packed: Option<&Packed>) -> Result<()> {
        let Rendered { log: LogId::ACCESS, bytes, marks, .. } = rendered else { return Ok(()) };
        let written = self.files.give_up_log(LogId::ACCESS)?;
        let written = packed.map_or(written, |packed| packed.plain_within(written));
        if written < bytes.len() {
            self.unwritten = Lines::plain(bytes, marks).time_at(written);
        }
        self.stamped(marks, written);
        self.status.count(LogId::ACCESS, rendered.hits_within(written), written as u64);
        Ok(())
    }

    /// Notes the timestamps of a batch of which the first `bytes` bytes are written.
    fn stamped(&self, marks: &[Mark], bytes: usize) {
        let written = &marks[..marks.partition_point(|mark| mark.offset < bytes)];
        if let [first, .., last] | [first @ last] = written {
            self.status.wrote_stamps(first.time, last.time);
        }
    }

    /// Checks the files if the last check was long ago.
    fn check(&mut self) -> Result<()> {
        if self.checked.elapsed() >= CHECKED_EVERY {
            self.insist(LogFiles::check)?;
            self.hand_over();
            self.checked = Instant::now();
        }
        Ok(())
    }

    /// Does what is asked about the files, between two batches, so that no line is split between two files.
    fn deal_with(&mut self, request: FileRequest) -> Result<()> {
        self.insist(match request {
            FileRequest::Reopen => LogFiles::reopen,
            FileRequest::Rotate(_) => LogFiles::rotate,
        })?;
        self.hand_over();
        self.checked = Instant::now();
        match request {
            FileRequest::Reopen => info!("SIGUSR1: the log files are reopened"),
            // The one who asked may have ended.
            FileRequest::Rotate(done) => drop(done.send(())),
        }
        Ok(())
    }

    /// Logs what happened to the files, and hands over those that are no longer written to.
    fn hand_over(&mut self) {
        for change in self.files.changes() {
            match &change {
                Change::Rotated { to, pause, .. } => {
                    self.status.rotated(*pause);
                    debug!("Rotated: {}", to.display());
                }
                Change::Replaced { path, asked: true, .. } => {
                    debug!("Reopened: {}", path.display());
                }
                Change::Replaced { path, .. } => {
                    warn!("{} was taken away or replaced; a new one is open there", path.display());
                }
                Change::Recovered(recovered) => warn!("{recovered}"),
                Change::Pinned(path) => warn!(
                    "{} cannot be renamed, because something is mounted on it: it is not rotated; \
                     mount its directory instead",
                    path.display()
                ),
            }
            // A compressor that is behind finds the file in the directory.
            if let Some(Err(TrySendError::Disconnected(_))) =
                self.left_files.as_ref().map(|files| files.try_send(change))
            {
                self.left_files = None;
            }
        }
    }

    /// Retries with growing pauses until `append` succeeds. It gives up shortly after a stop, or when
    /// the run's own limit is reached.
    fn insist(&mut self, mut append: impl FnMut(&mut LogFiles) -> Result<()>) -> Result<()> {
        let mut tries = 0;
        let mut give_up = None;
        let failing = Instant::now();
        while let Err(cause) = watched(&self.status, || append(&mut self.files)) {
            if self.files.is_over() {
                return Err(cause);
            }
            if self.files.is_final(&cause) {
                self.status.write_failed(&cause);
                error!("{cause}: the program that read the lines has ended, and so does the run");
                return Err(cause);
            }
            if tries == 0 {
                error!("{cause}; trying again {}", self.how_long());
            }
            self.status.write_failed(&cause);
            // A deleted file that is still open here may occupy the very room that is missing.
            self.hand_over();
            if let Some(write_failed) = &self.write_failed {
                // If a message is waiting already, another is not needed.
                let _ = write_failed.try_send(());
            }
            let now = Instant::now();
            if self.stop.requested() && now >= *give_up.get_or_insert(now + LAST_TRIES) {
                return Err(cause);
            }
            let failing = now - failing;
            if self.retry.is_over(failing, self.clock.now().0) {
                error!(
                    "Giving up: that has failed for {:.1} s; --retry says for how long it is tried",
                    failing.as_secs_f64()
                );
                self.gave_up = true;
                return Err(cause);
            }
            let left = self.retry.left(failing, self.clock.now().0).unwrap_or(Duration::MAX);
            let pause = now + backoff::pause(tries).min(left);
            if self.stop.wait_until(pause) {
                std::thread::sleep(backoff::pause(0));
            }
            tries += 1;
        }
        if tries > 0 {
            self.status.trouble_is_over();
            info!("Writing works again after {tries} failed tries");
        }
        Ok(())
    }

    /// How long a failed write is retried, in words.
    fn how_long(&mut self) -> String {
        match self.retry.left(Duration::ZERO, self.clock.now().0) {
            None => "until it works".to_owned(),
            Some(left) => format!("for {:.1} s", left.as_secs_f64()),
        }
    }

    /// Syncs everything to the disk, and writes the summary to system.log.
    fn finish(mut self, mut messages: Messages) -> Result<()> {
        let synced = self.files.sync();
        let now = Instant::now();
        self.status.set_ended(now);
        self.await_the_compressor(&mut messages);
        for message in Summary::new(&self.status, now).messages() {
            info!("{message}");
        }
        if self.status.run().is_start_up_test && synced.is_ok() {
            info!("The start-up test passed");
        }
        for message in self.messages.try_iter() {
            messages.add(&message, &self.zone);
        }
        messages.write(&mut self.files, &self.status);
        self.hand_over();
        synced.and(self.files.sync())
    }

    /// Lets the compressor finish, so that the summary counts its work. Soon after a stop it ends by
    /// itself. Its messages go to system.log meanwhile.
    fn await_the_compressor(&mut self, messages: &mut Messages) {
        self.hand_over();
        self.left_files = None;
        let Some(all_kept) = self.all_kept.take() else { return };
        loop {
            select! {
                recv(all_kept) -> _ => return,
                recv(self.messages) -> message => match message {
                    Ok(message) => {
                        messages.add(&message, &self.zone);
                        messages.write(&mut self.files, &self.status);
                    }
                    Err(_) => self.messages = never(),
                },
            }
        }
    }
}

/// Makes a system call that may take long, and lets /health know about it.
fn watched<T>(status: &Status, ask: impl FnOnce() -> T) -> T {
    status.write_begins();
    let answer = ask();
    status.write_ends();
    answer
}

fn count_lines(lines: &[u8]) -> u64 {
    lines.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Messages on their way to system.log. If it cannot be written, they wait without holding up anything else.
#[derive(Default)]
struct Messages {
    text: Vec<u8>,
    marks: Vec<Mark>,
    failing: bool,
}

impl Messages {
    fn add(&mut self, message: &Message, zone: &TimeZone) {
        let line = message.line(zone);
        if self.text.len() + line.len() <= MESSAGES_KEPT {
            self.marks.push(Mark { offset: self.text.len(), time: message.time() });
            self.text.extend_from_slice(line.as_bytes());
        }
    }

    /// Appends the messages, or keeps them for another try. Messages added later do not change the point
    /// at which the file goes on.
    fn write(&mut self, files: &mut LogFiles, status: &Status) {
        if self.text.is_empty() {
            return;
        }
        if !files.has(LogId::SYSTEM) {
            self.text.clear();
            self.marks.clear();
            return;
        }
        let lines = Lines::plain(&self.text, &self.marks);
        match watched(status, || files.append(LogId::SYSTEM, lines)) {
            Ok(()) => {
                status.wrote(LogId::SYSTEM, count_lines(&self.text), self.text.len() as u64);
                self.text.clear();
                self.marks.clear();
                self.failing = false;
            }
            Err(cause) => {
                status.message_failed(&cause);
                if !self.failing {
                    error!("{cause}; messages wait, lines do not");
                }
                self.failing = true;
            }
        }
    }
}
