//! The program's own messages. They go to standard error at once, and to system.log by way of the writer
//! thread, because only that thread touches files.
//!
//! Nothing here waits for a disk. If the channel is full, messages are dropped and counted, and the next
//! one that gets through is preceded by the number of missing ones.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use log::{Level, LevelFilter, Log, Metadata, Record};
use parking_lot::RwLock;

use crate::error::{Error, Result};
use crate::output::{Mention, journal};
use crate::time::{Time, time};

/// How many messages may wait for the writer: far more than a start or a bad minute brings.
const WAITING: usize = 1024;

/// The prefix of the target of our own records; all others come from dependencies.
const OURS: &str = env!("CARGO_CRATE_NAME");

/// A message on its way to system.log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    time: Timestamp,
    level: Level,
    text: String,
}

impl Message {
    /// When the message was made, by the host's clock.
    pub fn time(&self) -> Time {
        // A clock before 1970 was never set; treat the message as being as old as possible.
        time(self.time)
    }

    /// The message as a line of system.log, including the line feed. It is rendered this late because
    /// the first messages come before the configuration is read, which names the time zone.
    pub fn line(&self, zone: &TimeZone) -> String {
        let mut line = line(self.time, zone, self.level, &self.text);
        line.push('\n');
        line
    }
}

/// A line of the system log: `2024-10-10 13:55:36 - INFO - text`. Control characters in the text
/// are escaped (`\n`, `\u{1b}`), so that one message is one line whatever it quotes.
pub fn line(time: Timestamp, zone: &TimeZone, level: Level, text: &str) -> String {
    columns(time, zone, level, text).join(" - ")
}

/// The columns of a line: each with its name and what it says.
pub const COLUMNS: [(&str, &str); 3] = [
    ("time", "the time of the message, by the host's clock"),
    ("level", "how severe it is: `ERROR`, `WARNING`, `INFO` or `DEBUG`"),
    ("message", "what the program says"),
];

/// What stands in the [columns](COLUMNS) of a line.
pub fn columns(time: Timestamp, zone: &TimeZone, level: Level, text: &str) -> [String; 3] {
    let time = time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
    [time.to_string(), name(level).to_owned(), on_one_line(text)]
}

/// The text with its control characters escaped.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// The name of a level as readers of these files expect it.
fn name(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warn => "WARNING",
        Level::Info => "INFO",
        Level::Debug | Level::Trace => "DEBUG",
    }
}

/// The handle of the system log; clones share one log.
#[derive(Clone, Debug)]
pub struct SystemLog {
    shared: Arc<SystemLogShared>,
}

#[derive(Debug)]
struct SystemLogShared {
    quiet: bool,
    debug: bool,
    zone: Arc<RwLock<TimeZone>>,
    terminal: env_logger::Logger,
    /// Whether RUST_LOG decides what goes to standard error.
    filtered: bool,
    writer: Sender<Message>,
    missing: AtomicU64,
}

impl SystemLog {
    /// Installs the system log as the process's logger. `quiet` limits standard error to warnings and
    /// errors. `debug` adds DEBUG messages to standard error and to system.log. A filter in the
    /// environment's `RUST_LOG` takes their place for standard error.
    ///
    /// Messages wait in the channel until the writer takes them.
    ///
    /// # Errors
    /// The process already has a logger.
    pub fn install(quiet: bool, debug: bool) -> Result<(Self, Receiver<Message>)> {
        let filter = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
        let (system_log, messages) = Self::new(quiet, debug, filter.as_deref());
        let level = system_log.shared.terminal.filter().max(LevelFilter::Debug);
        log::set_boxed_logger(Box::new(system_log.clone()))
            .map_err(|cause| Error::new("set up", "the system log", cause))?;
        log::set_max_level(level);
        Ok((system_log, messages))
    }

    fn new(quiet: bool, debug: bool, filter: Option<&str>) -> (Self, Receiver<Message>) {
        let zone = Arc::new(RwLock::new(TimeZone::UTC));
        let (sender, receiver) = bounded(WAITING);
        let shared = SystemLogShared {
            quiet,
            debug,
            terminal: terminal(filter, Arc::clone(&zone)),
            zone,
            filtered: filter.is_some(),
            writer: sender,
            missing: AtomicU64::new(0),
        };
        (Self { shared: Arc::new(shared) }, receiver)
    }

    /// Uses `zone` for stamps on standard error from now on; before, they are in UTC.
    pub fn set_timezone(&self, zone: TimeZone) {
        *self.shared.zone.write() = zone;
    }

    /// The least urgent level at which messages from `target` are logged.
    fn level(&self, target: &str) -> LevelFilter {
        if !target.starts_with(OURS) {
            LevelFilter::Warn
        } else if self.shared.debug {
            LevelFilter::Debug
        } else {
            LevelFilter::Info
        }
    }

    fn goes_to_file(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.level(metadata.target())
    }

    fn goes_to_terminal(&self, metadata: &Metadata<'_>) -> bool {
        if self.shared.filtered {
            return self.shared.terminal.enabled(metadata);
        }
        let quiet = if self.shared.quiet { LevelFilter::Warn } else { LevelFilter::Trace };
        metadata.level() <= self.level(metadata.target()).min(quiet)
    }

    fn send(&self, message: Message) {
        let writer = &self.shared.writer;
        let missing = self.shared.missing.swap(0, Ordering::Relaxed);
        if missing > 0 {
            let note = Message {
                time: message.time,
                level: Level::Warn,
                text: format!("Messages that came too fast and are missing here: {missing}"),
            };
            if writer.try_send(note).is_err() {
                self.shared.missing.fetch_add(missing + 1, Ordering::Relaxed);
                return;
            }
        }
        if writer.try_send(message).is_err() {
            self.shared.missing.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The logger for standard error. Without a filter it lets everything through, and the levels of the run
/// decide.
fn terminal(filter: Option<&str>, zone: Arc<RwLock<TimeZone>>) -> env_logger::Logger {
    env_logger::Builder::new()
        .parse_filters(filter.unwrap_or("trace"))
        .target(env_logger::Target::Pipe(Box::new(Mention)))
        .format(move |out, record| {
            let (level, text) = (record.level(), record.args().to_string());
            let line = if journal::is_reading() {
                journal::with_priority(level, &on_one_line(&text))
            } else {
                line(Timestamp::now(), &zone.read(), level, &text)
            };
            writeln!(out, "{line}")
        })
        .build()
}

impl Log for SystemLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.goes_to_file(metadata) || self.goes_to_terminal(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.goes_to_terminal(record.metadata()) {
            self.shared.terminal.log(record);
        }
        if self.goes_to_file(record.metadata()) {
            let text = record.args().to_string();
            self.send(Message { time: Timestamp::now(), level: record.level(), text });
        }
    }

    fn flush(&self) {
        self.shared.terminal.flush();
    }
}

#[cfg(test)]
mod tests;
