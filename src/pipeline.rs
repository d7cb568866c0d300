//! The pipeline of a run: makes the channels, spawns the threads, joins them. The only place that
//! spawns.
//!
//! Senders drop and the end is natural: the scheduler returns at the end of the run or at the stop,
//! its channel closes, the formatters drain it and return, theirs closes, the writer drains it,
//! syncs and returns.

use std::path::Path;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};
use log::info;

use crate::clock::Clock;
use crate::config::{Config, DiskMonitor, LogRotation};
use crate::end::End;
use crate::error::{Error, Result};
use crate::files::disk::{Disk, DiskFile};
use crate::files::free_space::FreeSpace;
use crate::files::keeper::Keeper;
use crate::files::{Change, LogFiles};
use crate::format::{Formatter, Tables};
use crate::pace::Pace;
use crate::pause::Pause;
use crate::progress::Progress;
use crate::replay::Replay;
use crate::retry::Retry;
use crate::run_record::RunRecord;
use crate::run_record::file::RecordFile;
use crate::service_manager::ServiceManager;
use crate::status::rate_messages::RateMessages;
use crate::status::{Queue, Status};
use crate::stop::Stop;
use crate::stream::{Stream, time};
use crate::system_log::Message;
use crate::threads::compressor::{AFTER_THE_STOP, CompressorThread};
use crate::threads::disk_watch::DiskWatchThread;
use crate::threads::formatter::FormatterThread;
use crate::threads::http::{Http, HttpStop};
use crate::threads::notifier::NotifierThread;
use crate::threads::progress::{ProgressThread, Shown};
use crate::threads::recorder::RecorderThread;
use crate::threads::scheduler::SchedulerThread;
use crate::threads::signals::SignalsThread;
use crate::threads::writer::WriterThread;

/// Batches that may wait in a channel, for each formatter.
const WAITING: usize = 4;
/// Rotated files that may wait for the compressor, each of them open.
const FILES_WAITING: usize = 16;

/// What a run is put together from.
pub struct Parts {
    /// What it is a run of.
    pub config: Arc<Config>,
    /// What is written.
    pub stream: Stream,
    /// The run that is made again, if it is one.
    pub replay: Option<Replay>,
    /// How it looks.
    pub tables: Arc<Tables>,
    /// Where it goes.
    pub files: LogFiles,
    /// The HTTP endpoints, where there are any.
    pub http: Option<Http>,
    /// Who catches signals, if anybody is to.
    pub signals: Option<SignalsThread>,
    /// When.
    pub clock: Clock,
    /// How it keeps up with the clock.
    pub pace: Pace,
    /// Where it ends.
    pub end: End,
    /// What is to be known of the run afterwards.
    pub record: RunRecord,
    /// Whether it waits for the clock.
    pub waits: bool,
    /// How long it puts up with a disk that takes nothing.
    pub retry: Retry,
    /// How many formatters there are; at least 1.
    pub workers: usize,
    /// What is counted.
    pub status: Arc<Status>,
    /// The stop signal.
    pub stop: Stop,
    /// Messages for system.log.
    pub messages: Receiver<Message>,
    /// How far it has come and where that is shown, if it is to be.
    pub progress: Option<(Progress, Shown)>,
    /// The service manager that started the process and wants to know how it is doing, if there is one.
    pub service_manager: Option<ServiceManager>,
}

/// Runs to the end or to the stop.
///
/// # Errors
/// What the first thread that failed has to say. All others are stopped and joined.
pub fn run(parts: Parts) -> Result<()> {
    let Parts { stream, tables, files, http, signals, clock, pace, end, .. } = parts;
    let Parts {
        config,
        replay,
        record,
        waits,
        retry,
        workers,
        status,
        stop,
        messages,
        progress,
        service_manager,
        ..
    } = parts;
    let (hits_out, hits_in) = bounded(WAITING * workers);
    let (lines_out, lines_in) = bounded(WAITING * workers);
    for queue in Queue::ALL {
        status.engine().set_capacity(queue, WAITING * workers);
    }
    let (used_hits_out, used_hits_in) = bounded(2 * WAITING * workers);
    let (used_lines_out, used_lines_in) = bounded(2 * WAITING * workers);
    let (rest_out, rest_in) = bounded(1);

    let mut threads = Threads::new(&stop);
    let pause = Pause::default();
    let directory = status.run().output_directory.clone();
    let write_failed = match &config.output.disk_monitor {
        Some(monitor) => Some(threads.watch_disk(monitor, &directory, &pause, &status)?),
        None => None,
    };
    let (left_files, all_kept) = match &config.output.log_rotation {
        Some(rotation) => Some(threads.keep(rotation, &directory, &files, &status)?),
        None => None,
    }
    .unzip();
    let mut others = Threads::new(&stop);
    let signals_end = signals.as_ref().map(SignalsThread::handle);
    let (reopen, reopening) = bounded(1);
    if let Some(signals) = signals {
        let status = Arc::clone(&status);
        others.spawn("signals".to_owned(), move || {
            signals.run(&status, &reopen);
            Ok(())
        })?;
    }
    let span = (time(status.run().start), end.time());
    let rates = RateMessages::new(status.target().clone(), span, pace.is_live());
    let recorder = others.record(record, rates, &directory, &status)?;
    let progress_end = match progress {
        Some(progress) => {
            let clock = waits.then(|| clock.clone());
            Some(others.show(progress, clock, &status, &stop)?)
        }
        None => None,
    };
    let notifier_end = match service_manager {
        Some(manager) => Some(others.notify(manager, &status)?),
        None => None,
    };
    let http_stop = match http {
        Some(http) => Some(others.serve(http, &status)?),
        None => None,
    };
    let writer = WriterThread {
        files,
        lines: lines_in,
        used_lines: used_lines_out,
        messages,
        reopen: reopening,
        left_files,
        all_kept,
        write_failed,
        zone: tables.zone().clone(),
        status: Arc::clone(&status),
        stop: stop.clone(),
        retry,
        clock: clock.clone(),
        rest: rest_in,
        checked: Instant::now(),
        unwritten: stream.next_time(),
        gave_up: false,
    };
    threads.spawn("writer".to_owned(), move || writer.run())?;
    for number in 0..workers {
        let formatter = FormatterThread {
            formatter: Formatter::new(Arc::clone(&tables)),
            hits: hits_in.clone(),
            lines: lines_out.clone(),
            used_hits: used_hits_out.clone(),
            used_lines: used_lines_in.clone(),
            status: Arc::clone(&status),
        };
        threads.spawn(format!("format-{number}"), move || {
            formatter.run();
            Ok(())
        })?;
    }
    // The channels end when the threads that hold them do, and no one else does.
    drop((hits_in, lines_out, used_hits_out, used_lines_in));
    let scheduler = SchedulerThread {
        stream,
        config,
        clock,
        pace,
        end,
        replay,
        waits,
        retry,
        stop,
        pause,
        status: Arc::clone(&status),
        record_now: recorder.record_now,
        hits: hits_out,
        used_hits: used_hits_in,
        rest: rest_out,
        emitted: 0,
    };
    threads.spawn("scheduler".to_owned(), move || scheduler.run())?;
    let result = threads.join();
    drop((progress_end, notifier_end));
    // A recorder that is gone has a panic to report, which its join returns.
    let _ = recorder.end.send(result.as_ref().err().map(ToString::to_string));
    // Last, so that a client that polls /health sees the final count.
    drop(http_stop);
    if let Some(end) = signals_end {
        end.close();
    }
    result.and(others.join())
}

/// How the recorder is spoken to.
struct Recorder {
    /// Keeps it going, and tells it at the end what the run failed of, if it did.
    end: Sender<Option<String>>,
    /// Asks it to record at once.
    record_now: Sender<Sender<()>>,
}

/// The threads that are to be joined.
struct Threads {
    joins: Vec<JoinHandle<Result<()>>>,
    stop: Stop,
}

impl Threads {
    fn new(stop: &Stop) -> Self {
        Self { joins: Vec::new(), stop: stop.clone() }
    }

    fn serve(&mut self, http: Http, status: &Arc<Status>) -> Result<HttpStop> {
        let (thread, stop) = http.into_thread();
        let status = Arc::clone(status);
        self.spawn("http".to_owned(), move || {
            thread.run(&status);
            Ok(())
        })?;
        Ok(stop)
    }

    /// Looks at the disk once, before anything is written, and from then on in a thread, until
    /// what is returned is dropped.
    fn watch_disk(
        &mut self,
        monitor: &DiskMonitor,
        directory: &Path,
        pause: &Pause,
        status: &Arc<Status>,
    ) -> Result<Sender<()>> {
        let DiskMonitor { min_free_gb, check_interval } = *monitor;
        let (write_failed, failed) = bounded(1);
        let mut watch = DiskWatchThread {
            free_space: FreeSpace::new(Disk, directory.to_owned(), min_free_gb),
            check_interval,
            write_failed: failed,
            // A floor that the user did not choose is no reason to stop the log.
            pause: min_free_gb.map(|_| pause.clone()),
            status: Arc::clone(status),
            blind: false,
            short: false,
        };
        // Where the floor cannot be known, the first look says so.
        if let Some(floor) = min_free_gb.or_else(|| Some(watch.free_space.floor().ok()?.gib())) {
            let interval = check_interval.as_secs_f64();
            info!("Disk space monitor started (min: {floor:?}GB, interval: {interval}s)");
        }
        let next_look = watch.look();
        self.spawn("disk-watch".to_owned(), move || {
            watch.run(next_look);
            Ok(())
        })?;
        Ok(write_failed)
    }

    /// Looks after the files that the writer lets go of. The sender keeps it going, and the receiver closes
    /// once all that was sent is done.
    fn keep(
        &mut self,
        rotation: &LogRotation,
        directory: &Path,
        files: &LogFiles,
        status: &Arc<Status>,
    ) -> Result<(Sender<Change<DiskFile>>, Receiver<()>)> {
        let (left_files, left) = bounded(FILES_WAITING);
        let (ended, all_kept) = bounded(0);
        let compressor = CompressorThread {
            keeper: Keeper::new(Disk, directory.to_owned(), rotation),
            left_files: left,
            status: Arc::clone(status),
            stop: self.stop.clone(),
            after_the_stop: AFTER_THE_STOP,
            lock: files.share_lock()?,
            ended,
        };
        self.spawn("compressor".to_owned(), move || {
            compressor.run();
            Ok(())
        })?;
        Ok((left_files, all_kept))
    }

    /// Shows how far the run has come, until what is returned is dropped.
    fn show(
        &mut self,
        (progress, shown): (Progress, Shown),
        clock: Option<Clock>,
        status: &Arc<Status>,
        stop: &Stop,
    ) -> Result<Sender<()>> {
        let (end, ended) = bounded(0);
        let (status, stop) = (Arc::clone(status), stop.clone());
        let thread = ProgressThread { progress, shown, status, clock, stop, end: ended };
        self.spawn("progress".to_owned(), move || {
            thread.run();
            Ok(())
        })?;
        Ok(end)
    }

    /// Records the run once, before it begins, says its rate, and goes on with both in a thread.
    fn record(
        &mut self,
        record: RunRecord,
        (rate_messages, rate): (RateMessages, String),
        directory: &Path,
        status: &Arc<Status>,
    ) -> Result<Recorder> {
        let (end, ended) = bounded(1);
        let (record_now, at_once) = bounded(1);
        let file = RecordFile::of(directory);
        let status = Arc::clone(status);
        let mut recorder = RecorderThread {
            record,
            file,
            status,
            rate_messages,
            at_once,
            end: ended,
            failing: false,
            hung: false,
        };
        recorder.write(false, true);
        info!("{rate}");
        self.spawn("recorder".to_owned(), move || {
            recorder.run();
            Ok(())
        })?;
        Ok(Recorder { end, record_now })
    }

    /// Tells the service manager how the run is doing, until what is returned is dropped.
    fn notify(&mut self, manager: ServiceManager, status: &Arc<Status>) -> Result<Sender<()>> {
        let (end, ended) = bounded(0);
        let notifier = NotifierThread { manager, status: Arc::clone(status), end: ended };
        self.spawn("notifier".to_owned(), move || {
            notifier.run();
            Ok(())
        })?;
        Ok(end)
    }

    fn spawn(
        &mut self,
        name: String,
        body: impl FnOnce() -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let stop = self.stop.clone();
        let builder = Builder::new().name(name.clone());
        let join = builder.spawn(move || {
            // However the thread ends: if it did not end well, nor do the others go on.
            let mut guard = StopUnlessWell { stop, well: false };
            let result = body();
            guard.well = result.is_ok();
            result
        });
        let join = join.map_err(|cause| Error::new("start the thread", name, cause));
        if join.is_err() {
            self.stop.request();
        }
        self.joins.push(join?);
        Ok(())
    }

    /// Waits for all of them. The first error is returned, the others are logged.
    fn join(self) -> Result<()> {
        let mut first = Ok(());
        for join in self.joins {
            let name = join.thread().name().unwrap_or("a thread").to_owned();
            let result = join.join().unwrap_or_else(|panic| {
                Err(Error::new("go on with the thread", &name, panic_text(&*panic)))
            });
            match (&first, result) {
                (Ok(()), result) => first = result,
                (Err(_), Ok(())) => {}
                (Err(_), Err(error)) => log::error!("{name}: {error}"),
            }
        }
        first
    }
}

struct StopUnlessWell {
    stop: Stop,
    well: bool,
}

impl Drop for StopUnlessWell {
    fn drop(&mut self) {
        if !self.well {
            self.stop.request();
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("it panicked: {}", text.unwrap_or("without a message"))
}
