//! The threads around those that the hits pass through. They report how the run is doing, and receive
//! requests. They are spawned before the others, and end after them.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use log::info;

use super::threads::Threads;
use crate::clock::Clock;
use crate::error::Result;
use crate::orders::Orders;
use crate::progress::Progress;
use crate::run_record::RunRecord;
use crate::run_record::file::RecordFile;
use crate::service_manager::ServiceManager;
use crate::status::Status;
use crate::status::rate_messages::RateMessages;
use crate::stop::Stop;
use crate::threads::FileRequest;
use crate::threads::control::{ControlSocket, ControlStop, ControlThread};
use crate::threads::http::{Http, HttpStop};
use crate::threads::notifier::NotifierThread;
use crate::threads::progress::{ProgressThread, Shown};
use crate::threads::recorder::RecorderThread;
use crate::threads::reload::{self, Reload};
use crate::threads::signals::{Handle, SignalsThread};

/// How many requests about the files may wait. A signal that finds as many waiting is lost.
const FILE_REQUESTS: usize = 16;

/// What the threads around the hits need.
pub struct Around {
    /// The record of the run, for later.
    pub record: RunRecord,
    /// The HTTP endpoints; `None` without them.
    pub http: Option<Http>,
    /// Catches signals; `None` if the run does not.
    pub signals: Option<SignalsThread>,
    /// Reads the configuration again at a SIGHUP; `None` if that stops the run.
    pub reload: Option<Reload>,
    /// How the run can be steered; `None` if it cannot.
    pub steering: Option<Steering>,
    /// How far the run has come, and how to show it; `None` if it is not shown.
    pub progress: Option<(Progress, Shown)>,
    /// The service manager to report to; `None` if there is none.
    pub service_manager: Option<ServiceManager>,
}

/// How a run can be steered.
pub struct Steering {
    /// Where requests come in, and what ends that.
    pub socket: (ControlSocket, ControlStop),
    /// Asks the scheduler.
    pub orders: Orders,
    /// Reads the configuration again.
    pub reload: Reload,
}

/// The threads once they run.
pub struct Running {
    threads: Threads,
    /// Ends the recorder, and tells it the error that ended the run, if there was one.
    recorder: Sender<Option<String>>,
    /// When dropped, these end the progress and the notifier.
    held: [Option<Sender<()>>; 2],
    http: Option<HttpStop>,
    control: Option<ControlStop>,
    signals: Option<Handle>,
}

/// How these threads and those of the hits reach each other.
pub struct Inlets {
    /// Receives requests about the files.
    pub files: Receiver<FileRequest>,
    /// Asks the recorder to write the record, and to reply when it is written.
    pub record_now: Sender<Sender<()>>,
}

impl Around {
    /// Spawns the threads. Before anything else happens, the run is recorded and its rate logged.
    /// Progress is measured by `clock` if the run waits for one.
    ///
    /// # Errors
    /// The system does not start more threads.
    pub fn spawn(
        self,
        rates: (RateMessages, String),
        clock: Option<Clock>,
        status: &Arc<Status>,
        stop: &Stop,
    ) -> Result<(Running, Inlets)> {
        let mut threads = Threads::new(stop);
        let reload = self.reload.map(|reload| reloads(&mut threads, reload)).transpose()?;
        let (ask, files) = bounded(FILE_REQUESTS);
        let signals = catch(&mut threads, self.signals, (ask.clone(), reload), status)?;
        let (recorder, record_now) = record(&mut threads, self.record, rates, status)?;
        let progress =
            self.progress.map(|progress| show(&mut threads, progress, clock, status, stop));
        let notifier = self.service_manager.map(|manager| notify(&mut threads, manager, status));
        let held = [progress.transpose()?, notifier.transpose()?];
        let http = self.http.map(|http| serve(&mut threads, http, status)).transpose()?;
        let control = self.steering.map(|by| steer(&mut threads, by, ask, status)).transpose()?;
        let running = Running { threads, recorder, held, http, control, signals };
        Ok((running, Inlets { files, record_now }))
    }
}

impl Running {
    /// Ends the threads after a run that ended with `result`, and waits for them.
    ///
    /// # Errors
    /// The error of the run, or else the first error of these threads.
    pub fn end(self, result: Result<()>) -> Result<()> {
        let Self { threads, recorder, held, http, control, signals } = self;
        drop((held, control));
        // A recorder that is gone has panicked; its join reports that.
        let _ = recorder.send(result.as_ref().err().map(ToString::to_string));
        // This comes late, so that a client that polls /health sees the final count.
        drop(http);
        if let Some(signals) = signals {
            signals.close();
        }
        result.and(threads.join())
    }
}

/// Reads the configuration again each time that the returned sender asks for it.
fn reloads(threads: &mut Threads, reload: Reload) -> Result<Sender<()>> {
    let (ask, asked) = bounded(1);
    threads.spawn("reload".to_owned(), move || {
        reload::run(&asked, &reload);
        Ok(())
    })?;
    Ok(ask)
}

/// Turns signals into the stop, or into requests to reopen the files or to read the configuration again.
fn catch(
    threads: &mut Threads,
    signals: Option<SignalsThread>,
    (files, reload): (Sender<FileRequest>, Option<Sender<()>>),
    status: &Arc<Status>,
) -> Result<Option<Handle>> {
    let Some(signals) = signals else { return Ok(None) };
    let handle = signals.handle();
    let status = Arc::clone(status);
    threads.spawn("signals".to_owned(), move || {
        signals.run(&status, &files, reload.as_ref());
        Ok(())
    })?;
    Ok(Some(handle))
}

/// Records the run and logs its rate once before it begins, and continues both in a thread.
#[expect(clippy::type_complexity, reason = "both ends are named where they are used")]
fn record(
    threads: &mut Threads,
    record: RunRecord,
    (rate_messages, rate): (RateMessages, String),
    status: &Arc<Status>,
) -> Result<(Sender<Option<String>>, Sender<Sender<()>>)> {
    let (end, ended) = bounded(1);
    let (record_now, at_once) = bounded(1);
    let mut recorder = RecorderThread {
        record,
        file: status.run().output_directory.as_deref().map(RecordFile::of),
        status: Arc::clone(status),
        rate_messages,
        at_once,
        end: ended,
        failing: false,
        hung: false,
    };
    recorder.write(false, true);
    info!("{rate}");
    threads.spawn("recorder".to_owned(), move || {
        recorder.run();
        Ok(())
    })?;
    Ok((end, record_now))
}

/// Shows how far the run has come until the returned sender is dropped.
fn show(
    threads: &mut Threads,
    (progress, shown): (Progress, Shown),
    clock: Option<Clock>,
    status: &Arc<Status>,
    stop: &Stop,
) -> Result<Sender<()>> {
    let (end, ended) = bounded(0);
    let (status, stop) = (Arc::clone(status), stop.clone());
    let thread = ProgressThread { progress, shown, status, clock, stop, end: ended };
    threads.spawn("progress".to_owned(), move || {
        thread.run();
        Ok(())
    })?;
    Ok(end)
}

/// Reports to the service manager until the returned sender is dropped.
fn notify(
    threads: &mut Threads,
    manager: ServiceManager,
    status: &Arc<Status>,
) -> Result<Sender<()>> {
    let (end, ended) = bounded(0);
    let notifier = NotifierThread { manager, status: Arc::clone(status), end: ended };
    threads.spawn("notifier".to_owned(), move || {
        notifier.run();
        Ok(())
    })?;
    Ok(end)
}

/// Answers requests on the control socket until the returned handle is dropped.
fn steer(
    threads: &mut Threads,
    steering: Steering,
    files: Sender<FileRequest>,
    status: &Arc<Status>,
) -> Result<ControlStop> {
    let Steering { socket: (socket, stop), orders, reload } = steering;
    let thread = ControlThread { socket, orders, reload, files, status: Arc::clone(status) };
    threads.spawn("control".to_owned(), move || {
        thread.run();
        Ok(())
    })?;
    Ok(stop)
}

/// Answers HTTP requests until the returned handle is dropped.
fn serve(threads: &mut Threads, http: Http, status: &Arc<Status>) -> Result<HttpStop> {
    let (thread, stop) = http.into_thread();
    let status = Arc::clone(status);
    threads.spawn("http".to_owned(), move || {
        thread.run(&status);
        Ok(())
    })?;
    Ok(stop)
}
