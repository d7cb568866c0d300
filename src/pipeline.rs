//! The pipeline of a run creates the channels, and spawns and joins the threads. No other module of a
//! run spawns threads.
//!
//! Closed channels bring about the end. The scheduler returns at the end of the run or at the stop, and
//! its channel closes. The formatters drain it and return, and theirs closes. The writer drains it,
//! syncs and returns. The threads [around](Around) them end after that.

mod around;
mod disk_guards;
mod threads;

use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};

use self::around::Inlets;
pub use self::around::{Around, Steering};
use self::disk_guards::DiskGuards;
use self::threads::Threads;
use crate::clock::Clock;
use crate::codec::Codec;
use crate::end::End;
use crate::epoch::Epoch;
use crate::error::Result;
use crate::files::LogFiles;
use crate::files::rotation::Rotation;
use crate::format::Formatter;
use crate::orders::{GivenOrder, OrderBook};
use crate::pace::Pace;
use crate::replay::Replay;
use crate::retry::Retry;
use crate::status::rate_messages::RateMessages;
use crate::status::{Queue, Status};
use crate::stop::Stop;
use crate::stream::{Hit, Stream};
use crate::system_log::Message;
use crate::threads::formatter::{FormatterThread, Packing};
use crate::threads::scheduler::SchedulerThread;
use crate::threads::writer::WriterThread;
use crate::threads::{BatchLines, HitBatch, LineBatch};
use crate::time::time;

/// How many batches may wait in a channel, per formatter.
const WAITING: usize = 4;

/// Everything that a run is made of.
pub struct RunParts {
    /// The epoch that the run begins with.
    pub epoch: Arc<Epoch>,
    /// The stream of that epoch.
    pub stream: Stream,
    /// The recorded run that this run makes again; `None` for a new run.
    pub replay: Option<Replay>,
    /// The files that the lines go to.
    pub files: LogFiles,
    /// The clock that hits wait for.
    pub clock: Clock,
    /// Decides how the run keeps up with the clock.
    pub pace: Pace,
    /// The end of the run.
    pub end: End,
    /// Whether the run waits for the clock.
    pub waits: bool,
    /// How long the run tolerates a disk that accepts nothing.
    pub retry: Retry,
    /// The form in which the logs are packed; `None` if they are plain. The files must have the same.
    pub codec: Option<Codec>,
    /// The number of formatters, at least 1.
    pub workers: usize,
    /// The counters of the run.
    pub status: Arc<Status>,
    /// The stop signal.
    pub stop: Stop,
    /// Messages for system.log.
    pub messages: Receiver<Message>,
    /// What the run is asked to do.
    pub orders: Receiver<GivenOrder>,
}

/// Runs until the end or the stop.
///
/// # Errors
/// The error of the first thread that failed. All others are stopped and joined.
pub fn run(parts: RunParts, around: Around) -> Result<()> {
    let RunParts { epoch, files, status, stop, pace, end, .. } = &parts;
    let mut threads = Threads::new(stop);
    let guards = DiskGuards::spawn(&mut threads, &epoch.config.output, files, status, stop)?;
    let span = (time(status.run().start), end.time());
    let rates = RateMessages::new(status.target(), span, pace.is_live());
    let clock = parts.waits.then(|| parts.clock.clone());
    let (around, inlets) = around.spawn(rates, clock, status, stop)?;
    spawn(&mut threads, parts, guards, inlets)?;
    around.end(threads.join())
}

/// Spawns the threads that hits pass through. No other thread holds the channels between them, so the
/// channels close when these threads end.
fn spawn(threads: &mut Threads, parts: RunParts, guards: DiskGuards, inlets: Inlets) -> Result<()> {
    let queues = Channels::new(parts.workers, &parts.status);
    let (rest_out, rest) = bounded(1);
    let writer = WriterThread {
        files: parts.files,
        lines: queues.lines.1,
        used_lines: queues.used_lines.0,
        messages: parts.messages,
        asked: inlets.files,
        left_files: guards.left_files,
        all_kept: guards.all_kept,
        write_failed: guards.write_failed,
        zone: parts.epoch.config.output.timezone.clone(),
        status: Arc::clone(&parts.status),
        stop: parts.stop.clone(),
        retry: parts.retry,
        clock: parts.clock.clone(),
        rest,
        checked: Instant::now(),
        unwritten: parts.stream.next_time(),
        gave_up: false,
    };
    threads.spawn("writer".to_owned(), move || writer.run())?;
    let rotation = Rotation::new(&parts.epoch.config.output);
    let packing = parts.codec.map(|codec| Packing { codec, rotation });
    for number in 0..parts.workers {
        let formatter = FormatterThread {
            formatter: Formatter::new(Arc::clone(&parts.epoch.logs)),
            packing: packing.clone(),
            hits: queues.hits.1.clone(),
            lines: queues.lines.0.clone(),
            used_hits: queues.used_hits.0.clone(),
            used_lines: queues.used_lines.1.clone(),
            status: Arc::clone(&parts.status),
        };
        threads.spawn(format!("format-{number}"), move || {
            formatter.run();
            Ok(())
        })?;
    }
    let scheduler = SchedulerThread {
        stream: parts.stream,
        epoch: parts.epoch,
        clock: parts.clock,
        pace: parts.pace,
        end: parts.end,
        replay: parts.replay,
        waits: parts.waits,
        retry: parts.retry,
        stop: parts.stop,
        pause: guards.pause,
        status: parts.status,
        record_now: inlets.record_now,
        hits: queues.hits.0,
        used_hits: queues.used_hits.1,
        rest: rest_out,
        emitted: 0,
        orders: OrderBook::new(parts.orders),
    };
    threads.spawn("scheduler".to_owned(), move || scheduler.run())
}

/// The channels between these threads, and those that return memory for reuse.
struct Channels {
    hits: Channel<HitBatch>,
    lines: Channel<LineBatch>,
    used_hits: Channel<Vec<Hit>>,
    used_lines: Channel<BatchLines>,
}

type Channel<T> = (Sender<T>, Receiver<T>);

impl Channels {
    fn new(workers: usize, status: &Status) -> Self {
        let waiting = WAITING * workers;
        for queue in Queue::ALL {
            status.engine().set_capacity(queue, waiting);
        }
        Self {
            hits: bounded(waiting),
            lines: bounded(waiting),
            used_hits: bounded(2 * waiting),
            used_lines: bounded(2 * waiting),
        }
    }
}
