//! The disk-watch thread, `disk-watch`, checks how much room is left. When there is too little, it
//! deletes the oldest rotated files. If that does not suffice and a floor is configured, it pauses
//! writing.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use log::{info, warn};

use crate::files::disk::Disk;
use crate::files::free_space::{FreeSpace, Look};
use crate::files::storage::Storage;
use crate::pause::Pause;
use crate::status::Status;

/// The time between two checks while there is too little room or files were just deleted.
const SOON: Duration = Duration::from_secs(1);

/// The state of the disk-watch thread.
pub struct DiskWatchThread<S = Disk> {
    /// Checks the free space and deletes rotated files.
    pub free_space: FreeSpace<S>,
    /// The time between two checks while there is enough room.
    pub check_interval: Duration,
    /// Receives a message when a write failed, which is a reason to check. When it closes, the thread ends.
    pub write_failed: Receiver<()>,
    /// The pause to switch on when there is too little room; `None` if writing must go on.
    pub pause: Option<Pause>,
    /// Shows what was found.
    pub status: Arc<Status>,
    /// Whether the last check failed, which has been logged.
    pub blind: bool,
    /// Whether there is too little room and writing goes on all the same, which has been logged.
    pub short: bool,
}

impl<S: Storage> DiskWatchThread<S> {
    /// Checks the free space until the writer has ended.
    pub fn run(mut self, mut next_look: Duration) {
        loop {
            match self.write_failed.recv_timeout(next_look) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => next_look = self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Checks once, and returns how long to wait until the next check.
    pub fn look(&mut self) -> Duration {
        let look = match self.free_space.look() {
            Ok(look) => look,
            Err(error) => {
                if !self.blind {
                    warn!("{error}; how much room there is stays unknown until that works");
                }
                self.blind = true;
                return self.check_interval.min(SOON);
            }
        };
        self.blind = false;
        self.status.disk_free(look.free.0);
        self.tell_deleted(&look);
        self.pause_or_go_on(&look);
        if look.enough && look.deleted.is_empty() {
            self.check_interval
        } else {
            self.check_interval.min(SOON)
        }
    }

    fn tell_deleted(&self, look: &Look) {
        self.status.deleted(look.deleted.len() as u64);
        if let [oldest, .., newest] | [oldest @ newest] = &*look.deleted {
            warn!(
                "Deleted the oldest rotated files, {} of them, {} in all, from {} to {}: less than {} \
                 were free",
                look.deleted.len(),
                look.freed,
                oldest.display(),
                newest.display(),
                look.floor,
            );
        }
        for error in &look.errors {
            warn!("{error}");
        }
    }

    fn pause_or_go_on(&mut self, look: &Look) {
        let directory = self.free_space.directory().display();
        let Some(pause) = &self.pause else {
            if !look.enough && !self.short {
                warn!(
                    "{} are free in {directory}, fewer than {}, and no rotated file is left to delete; \
                     writing goes on. To have it pause, set output.disk_monitor.min_free_gb",
                    look.free, look.floor
                );
            }
            self.short = !look.enough;
            return;
        };
        let reason = format!(
            "writing is paused: {} are free in {directory}, fewer than the {} of \
             output.disk_monitor.min_free_gb, and no rotated file is left to delete",
            look.free, look.floor,
        );
        // The reason must be set before the pause begins and until after it ends.
        if look.enough {
            if pause.set(false) {
                info!("Writing goes on: {} are free in {directory}", look.free);
                self.status.paused(None);
            }
        } else {
            self.status.paused(Some(reason.clone()));
            if pause.set(true) {
                warn!("{reason}; it goes on by itself once there is room");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::bounded;
    use jiff::Timestamp;

    use super::*;
    use crate::config::Config;
    use crate::files::faulty::Faulty;
    use crate::log_id::LogNames;
    use crate::shard::Shard;
    use crate::status::RunFacts;

    #[test]
    fn writing_pauses_below_a_floor_that_was_configured_and_never_below_one_that_was_not() {
        let storage = Faulty::default();
        storage.put("/logs/access.log", b"");
        storage.set_total_bytes(2_000);
        for (configured, pauses) in [(Some(1.0), true), (None, false)] {
            let run = RunFacts::new(&Config::default(), 1, Timestamp::UNIX_EPOCH, Shard::WHOLE);
            let pause = Pause::default();
            let mut watch = DiskWatchThread {
                free_space: FreeSpace::new(
                    storage.clone(),
                    "/logs".into(),
                    LogNames::default(),
                    configured,
                ),
                check_interval: Duration::from_secs(300),
                write_failed: bounded(1).1,
                pause: configured.map(|_| pause.clone()),
                status: Arc::new(Status::new(run)),
                blind: false,
                short: false,
            };
            storage.set_free_bytes(99);
            storage.put("/logs/access.log-20241010T120000", b"");
            assert_eq!(watch.look(), SOON);
            let rotated = "/logs/access.log-20241010T120000".into();
            assert!(!storage.paths().contains(&rotated), "the rotated file is deleted");
            watch.look();
            assert_eq!((pause.is_on(), watch.short), (pauses, !pauses));
        }
    }
}
