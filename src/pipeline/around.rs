//! The threads around the way of the hits: they say how the run is doing, and hear what is asked of it. They
//! are spawned before it and end after it.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use log::info;

use super::threads::Threads;
use crate::clock::Clock;
use crate::error::Result;
use crate::progress::Progress;
use crate::run_record::RunRecord;
use crate::run_record::file::RecordFile;
use crate::service_manager::ServiceManager;
use crate::status::Status;
use crate::status::rate_messages::RateMessages;
use crate::stop::Stop;
use crate::threads::http::{Http, HttpStop};
use crate::threads::notifier::NotifierThread;
use crate::threads::progress::{ProgressThread, Shown};
use crate::threads::recorder::RecorderThread;
use crate::threads::signals::{Handle, SignalsThread};

/// What runs around the way of the hits.
pub struct Around {
    /// What is to be known of the run afterwards.
    pub record: RunRecord,
    /// The HTTP endpoints, where there are any.
    pub http: Option<Http>,
    /// What catches signals, where that is wanted.
    pub signals: Option<SignalsThread>,
    /// How far the run has come and where that is shown, if it is to be.
    pub progress: Option<(Progress, Shown)>,
    /// The service manager that started the process and wants to know how it is doing, if there is one.
    pub service_manager: Option<ServiceManager>,
}

/// The threads, once they run.
pub struct Running {
    threads: Threads,
    /// Ends the recorder, and tells it what the run failed of, if it did.
    recorder: Sender<Option<String>>,
    /// Dropped, they end the progress and the notifier.
    held: [Option<Sender<()>>; 2],
    http: Option<HttpStop>,
    signals: Option<Handle>,
}

/// How the way of the hits is reached, and reaches them.
pub struct Inlets {
    /// The files are to be opened anew.
    pub reopen: Receiver<()>,
    /// Has the record of the run written, and says when it is.
    pub record_now: Sender<Sender<()>>,
}

impl Around {
    /// Spawns the threads. The run is recorded, and its rate said, before anything else happens; `clock` is
    /// what progress is measured by, where the run waits for one.
    ///
    /// # Errors
    /// The system starts no more threads.
    pub fn spawn(
        self,
        rates: (RateMessages, String),
        clock: Option<Clock>,
        status: &Arc<Status>,
        stop: &Stop,
    ) -> Result<(Running, Inlets)> {
        let mut threads = Threads::new(stop);
        let (signals, reopen) = catch(&mut threads, self.signals, status)?;
        let (recorder, record_now) = record(&mut threads, self.record, rates, status)?;
        let progress =
            self.progress.map(|progress| show(&mut threads, progress, clock, status, stop));
        let notifier = self.service_manager.map(|manager| notify(&mut threads, manager, status));
        let held = [progress.transpose()?, notifier.transpose()?];
        let http = self.http.map(|http| serve(&mut threads, http, status)).transpose()?;
        Ok((Running { threads, recorder, held, http, signals }, Inlets { reopen, record_now }))
    }
}

impl Running {
    /// Ends the threads, behind a run that ended with `result`, and waits for them.
    ///
    /// # Errors
    /// What the run failed of, or else the first of these threads.
    pub fn end(self, result: Result<()>) -> Result<()> {
        let Self { threads, recorder, held, http, signals } = self;
        drop(held);
        // A recorder that is gone has a panic to report, which its join returns.
        let _ = recorder.send(result.as_ref().err().map(ToString::to_string));
        // Late, so that a client that polls /health sees the final count.
        drop(http);
        if let Some(signals) = signals {
            signals.close();
        }
        result.and(threads.join())
    }
}

/// Turns signals into the stop, or has the files opened anew.
fn catch(
    threads: &mut Threads,
    signals: Option<SignalsThread>,
    status: &Arc<Status>,
) -> Result<(Option<Handle>, Receiver<()>)> {
    let (reopen, reopening) = bounded(1);
    let Some(signals) = signals else { return Ok((None, reopening)) };
    let handle = signals.handle();
    let status = Arc::clone(status);
    threads.spawn("signals".to_owned(), move || {
        signals.run(&status, &reopen);
        Ok(())
    })?;
    Ok((Some(handle), reopening))
}

/// Records the run once, before it begins, says its rate, and goes on with both.
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
        file: RecordFile::of(&status.run().output_directory),
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

/// Shows how far the run has come, until what is returned is dropped.
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

/// Tells the service manager how the run is doing, until what is returned is dropped.
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

/// Answers HTTP requests, until what is returned is dropped.
fn serve(threads: &mut Threads, http: Http, status: &Arc<Status>) -> Result<HttpStop> {
    let (thread, stop) = http.into_thread();
    let status = Arc::clone(status);
    threads.spawn("http".to_owned(), move || {
        thread.run(&status);
        Ok(())
    })?;
    Ok(stop)
}
