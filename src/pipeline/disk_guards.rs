//! The threads that look after the disk: one makes room on it, the other takes the files that the writer
//! lets go of.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};
use log::info;

use super::threads::Threads;
use crate::config::{DiskMonitor, Output};
use crate::error::Result;
use crate::files::disk::{Disk, DiskFile};
use crate::files::free_space::FreeSpace;
use crate::files::keeper::Keeper;
use crate::files::lock::Lock;
use crate::files::{Change, LogFiles};
use crate::pause::Pause;
use crate::status::Status;
use crate::stop::Stop;
use crate::threads::compressor::{AFTER_THE_STOP, CompressorThread};
use crate::threads::disk_watch::DiskWatchThread;

/// How many rotated files may wait for the compressor; each of them is open.
const FILES_WAITING: usize = 16;

/// How the writer and the scheduler reach these threads. A part is `None` if its thread is not configured.
#[derive(Default)]
pub struct DiskGuards {
    /// While this pause is on, no hit is sent.
    pub pause: Pause,
    /// Takes reports of failed writes, because room may have to be made.
    pub write_failed: Option<Sender<()>>,
    /// Takes files that are no longer written to.
    pub left_files: Option<Sender<Change<DiskFile>>>,
    /// Closes when all of these files are done.
    pub all_kept: Option<Receiver<()>>,
}

impl DiskGuards {
    /// Spawns the threads that the configuration asks for.
    ///
    /// # Errors
    /// The system does not start more threads.
    pub fn spawn(
        threads: &mut Threads,
        output: &Output,
        files: &LogFiles,
        status: &Arc<Status>,
        stop: &Stop,
    ) -> Result<Self> {
        let mut guards = Self::default();
        // Without a directory, there is no file to look after.
        let Some(directory) = &output.directory else { return Ok(guards) };
        if let Some(monitor) = &output.disk_monitor {
            guards.write_failed = {
                let free_space = FreeSpace::new(
                    Disk,
                    directory.clone(),
                    output.log_names(),
                    monitor.min_free_gb,
                );
                Some(watch(threads, monitor, free_space, &guards.pause, status)?)
            };
        }
        if let Some(rotation) = &output.log_rotation
            && let Some(lock) = files.share_lock()?
        {
            let keeper = Keeper::new(Disk, directory.clone(), output.log_names(), rotation);
            let (left_files, all_kept) = keep(threads, keeper, lock, status, stop)?;
            guards.left_files = Some(left_files);
            guards.all_kept = Some(all_kept);
        }
        Ok(guards)
    }
}

/// Checks the disk once before anything is written, and then keeps checking in a thread until the
/// returned sender is dropped.
fn watch(
    threads: &mut Threads,
    monitor: &DiskMonitor,
    free_space: FreeSpace<Disk>,
    pause: &Pause,
    status: &Arc<Status>,
) -> Result<Sender<()>> {
    let DiskMonitor { min_free_gb, check_interval } = *monitor;
    let (write_failed, failed) = bounded(1);
    let mut watch = DiskWatchThread {
        free_space,
        check_interval,
        write_failed: failed,
        // A floor that the user did not choose is no reason to stop the log.
        pause: min_free_gb.map(|_| pause.clone()),
        status: Arc::clone(status),
        blind: false,
        short: false,
    };
    // If the floor cannot be determined, the first check reports that.
    if let Some(floor) = min_free_gb.or_else(|| Some(watch.free_space.floor().ok()?.gib())) {
        let interval = check_interval.as_secs_f64();
        info!("Disk space monitor started (min: {floor:?}GB, interval: {interval}s)");
    }
    let next_look = watch.look();
    threads.spawn("disk-watch".to_owned(), move || {
        watch.run(next_look);
        Ok(())
    })?;
    Ok(write_failed)
}

/// Looks after the files that the writer lets go of. The thread lives as long as the sender. The
/// receiver closes once everything sent is done.
fn keep(
    threads: &mut Threads,
    keeper: Keeper<Disk>,
    lock: Lock,
    status: &Arc<Status>,
    stop: &Stop,
) -> Result<(Sender<Change<DiskFile>>, Receiver<()>)> {
    let (left_files, left) = bounded(FILES_WAITING);
    let (ended, all_kept) = bounded(0);
    let compressor = CompressorThread {
        keeper,
        left_files: left,
        status: Arc::clone(status),
        stop: stop.clone(),
        after_the_stop: AFTER_THE_STOP,
        lock,
        ended,
    };
    threads.spawn("compressor".to_owned(), move || {
        compressor.run();
        Ok(())
    })?;
    Ok((left_files, all_kept))
}
